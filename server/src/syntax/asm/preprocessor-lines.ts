/**
 * Reads the C preprocessor's lines in an assembly file: conditions, includes and #defines. It expands nothing.
 */

import { ALWAYS, type Condition, definedCondition, NEVER, not, readCondition } from "../condition/condition.ts";
import { decide, type Knowledge } from "../condition/evaluate.ts";
import { ANY_VALUE } from "../kbuild/guard.ts";
import { type Reader, rememberName, skipAsmBlanks } from "./asm-reader.ts";
import { allConditions, closeCondition, NOTHING, nextAsmBranch, openCondition } from "./conditions.ts";
import { outlineOf } from "./interest.ts";
import { noteMacroBody } from "./interpret.ts";
import { continuationLength, endOfComment, endOfLine, endOfString, endOfWord, isWordCode, tokenize } from "./tokens.ts";
import type { AsmToken, BodyOutline, CppMacro } from "./tree.ts";

const LF = 10;
const QUOTE = 34;
const STAR = 42;
const SLASH = 47;
const COLON = 58;
const PAREN = 40;
const DOT = 46;

/** How many differing definitions of one macro are followed up. */
export const MOST_ALTERNATIVES = 8;

const DIRECTIVES = new Set([
  "if",
  "ifdef",
  "ifndef",
  "elif",
  "elifdef",
  "elifndef",
  "else",
  "endif",
  "define",
  "undef",
  "include",
  "include_next",
  "error",
  "warning",
  "pragma",
  "line",
  "ident",
]);

/** True for a line that begins with `#` and is no preprocessor directive: a comment of the assembler. */
export function isCommentLine(reader: Reader, hash: number): boolean {
  const { codes, length, source } = reader;
  const start = skipAsmBlanks(codes, hash + 1, length);
  return !DIRECTIVES.has(source.slice(start, endOfWord(codes, start, length)));
}

/** Where a preprocessor line ends: continued lines and comments that reach over lines belong to it. */
export function endOfDirective(reader: Reader, start: number): number {
  const { codes, length } = reader;
  let i = start;
  while (i < length) {
    const code = codes[i]!;
    if (code === LF) return i;
    if (code === SLASH && codes[i + 1] === STAR) i = endOfComment(codes, i, length);
    else if (code === QUOTE) i = endOfString(codes, i, length);
    else i += continuationLength(codes, i) || 1;
  }
  return length;
}

export function readDirectiveLine(reader: Reader, hash: number): number {
  const { codes, length, source, state } = reader;
  const nameStart = skipAsmBlanks(codes, hash + 1, length);
  const nameEnd = endOfWord(codes, nameStart, length);
  const name = source.slice(nameStart, nameEnd);
  if (!DIRECTIVES.has(name)) return endOfLine(codes, hash, length);
  const end = endOfDirective(reader, hash);
  const guard = reader.guard;
  reader.guard = undefined;
  const { cppConditions } = state;
  const text = () => source.slice(nameEnd, end);
  switch (name) {
    case "if":
      openCondition(cppConditions, () => inAssembly(readCondition(text())));
      break;
    case "ifdef":
      openCondition(cppConditions, () => inAssembly(definedCondition(text())));
      break;
    case "ifndef":
      reader.guard = nameIn(text());
      openCondition(cppConditions, () => inAssembly(not(definedCondition(text()))));
      break;
    case "elif":
      nextAsmBranch(cppConditions, () => inAssembly(readCondition(text())));
      break;
    case "elifdef":
      nextAsmBranch(cppConditions, () => definedCondition(text()));
      break;
    case "elifndef":
      nextAsmBranch(cppConditions, () => not(definedCondition(text())));
      break;
    case "else":
      nextAsmBranch(cppConditions, undefined);
      break;
    case "endif":
      closeCondition(cppConditions);
      break;
    case "define":
      readDefine(reader, nameEnd, end, guard);
      break;
    case "undef":
      reader.current.delete(nameIn(text()));
      break;
    case "include":
    case "include_next":
      readInclude(reader, nameEnd, end);
      break;
  }
  return end;
}

/** What every preprocessed assembly file knows: GCC defines the one, those who compile it the other. */
const IN_ASSEMBLY: Knowledge = {
  possible: () => ANY_VALUE,
  isDefined: (name) => (name === "__ASSEMBLER__" || name === "__ASSEMBLY__" ? true : undefined),
};

/** The condition where a file is assembled; what asks for that alone is settled. */
function inAssembly(condition: Condition): Condition {
  if (!condition.text.includes("__ASSEMBL")) return condition;
  const answer = decide(condition, IN_ASSEMBLY);
  return answer === "yes" ? ALWAYS : answer === "no" ? NEVER : condition;
}

/** The first word of the rest of a directive's line. */
function nameIn(rest: string): string {
  return /\w+/.exec(rest.replaceAll(/\/\*.*?\*\//gs, " "))?.[0] ?? "";
}

function readInclude(reader: Reader, start: number, end: number): void {
  const match = /^\s*([<"])([^>"]*)[>"]/.exec(reader.source.slice(start, Math.min(end, start + 1000)));
  if (match === null) return;
  const from = start + match[0].length - match[2]!.length - 1;
  reader.state.includes.push({
    path: match[2]!,
    angled: match[1] === "<",
    start: from,
    end: from + match[2]!.length,
    condition: allConditions(reader.state.cppConditions).text,
  });
}

/** `#define NAME body`, `#define NAME(a, b...) body`. */
function readDefine(reader: Reader, start: number, end: number, guard: string | undefined): void {
  const { codes, source, state } = reader;
  const nameStart = skipAsmBlanks(codes, start, end);
  let nameEnd = nameStart;
  // A macro's name is C's: it ends before a dot or a dollar sign.
  while (nameEnd < end && isWordCode(codes[nameEnd]) && codes[nameEnd] !== DOT && codes[nameEnd] !== 0x3f) nameEnd++;
  if (nameEnd === nameStart) return;
  const name = source.slice(nameStart, nameEnd);
  if (name === guard) {
    // `#ifndef X` right before `#define X`: a default or an include guard, and no condition of what comes between.
    closeCondition(state.cppConditions);
    openCondition(state.cppConditions, NOTHING);
  }
  let bodyStart = nameEnd;
  let parameters: string[] | undefined;
  let isVariadic = false;
  if (codes[nameEnd] === PAREN) {
    const close = codes.indexOf(0x29, nameEnd);
    if (close < 0 || close >= end) return;
    const tokens = tokenize(source, nameEnd, close + 1, undefined);
    parameters = [];
    bodyStart = close + 1;
    for (const token of tokens.slice(1, -1)) {
      if (token.text === ",") continue;
      const variadic = /^(\w*)\.\.\.$/.exec(token.text);
      if (variadic !== null) isVariadic = true;
      if (variadic !== null && variadic[1] === "" && token.spaced && parameters.length > 0 && isArgsOf(tokens, token))
        continue;
      parameters.push(variadic === null ? token.text : variadic[1] || "__VA_ARGS__");
    }
  }
  let body: readonly AsmToken[] | undefined;
  let outline: BodyOutline | undefined;
  const macro: CppMacro = {
    name,
    parameters,
    isVariadic,
    isPlain: !mayNameSymbols(codes, bodyStart, end),
    get body() {
      body ??= tokenize(source, bodyStart, end, undefined);
      return body;
    },
    get outline() {
      outline ??= outlineOf(macro.body, parameters);
      return outline;
    },
    condition: allConditions(state.cppConditions).text,
    start: nameStart,
    end: nameEnd,
  };
  reader.defines.push(macro);
  rememberName(reader, name);
  const before = reader.current.get(name)?.filter((one) => one.condition !== macro.condition) ?? [];
  reader.current.set(name, macro.condition === "" ? [macro] : [...before.slice(1 - MOST_ALTERNATIVES), macro]);
  if (!macro.isPlain && macro.outline.isDirect) noteMacroBody(state, name, abstracted(macro));
}

/** False for most bodies at a glance: without a call, a directive or a label they name no symbol. */
function mayNameSymbols(codes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = codes[i];
    if (code === COLON || code === DOT || code === PAREN) return true;
  }
  return false;
}

/** True for `args ...`, with a blank between the name and the dots. */
function isArgsOf(tokens: readonly AsmToken[], dots: AsmToken): boolean {
  const before = tokens[tokens.indexOf(dots) - 1];
  return before !== undefined && before.text !== "," && before.text !== "(";
}

/** The body with its parameters, and what is pasted to something, marked so that no name is taken from them. */
function abstracted(macro: CppMacro): readonly AsmToken[] {
  const { body } = macro;
  return body.map((token, index) => {
    const isPasted = body[index + 1]?.text === "##" || body[index - 1]?.text === "##";
    return isPasted || macro.parameters?.includes(token.text) ? { ...token, text: `\\${token.text}` } : token;
  });
}
