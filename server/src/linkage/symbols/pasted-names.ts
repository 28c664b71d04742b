/**
 * Whether a name may be put together by a macro, so that it is used where no text has it: `__##part##_start` of the C preprocessor,
 * `__\part\()_start` of the assembler. It errs towards yes: what stands for a parameter may be any word of the tree.
 */

import { isName, tokenize } from "../../syntax/asm/tokens.ts";
import type { AsmToken } from "../../syntax/asm/tree.ts";
import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import type { Program } from "./program.ts";

/** A name's parts in order: what is written, and undefined for what a parameter brings. */
type Pattern = readonly (string | undefined)[];

/** Trees of more files are not looked through. */
const MOST_FILES = 2000;

/** Whether a macro may make the name; "unknown" where the tree is too large to be looked through. */
export function mayBePasted(name: string, program: Program): "yes" | "no" | "unknown" {
  const { index, texts } = program;
  if (index.fileCount > MOST_FILES) return "unknown";
  // The whole name as an argument stands in some text, where it is found.
  const isWord = (text: string) => text !== name && (isNumber(text) || index.filesWithWord(text).length > 0);
  for (const path of index.paths()) {
    if (index.languageOf(path) === undefined) continue;
    const source = texts.source(path);
    if (source === undefined) {
      if (texts.isPending(path)) continue;
      return "unknown";
    }
    if (patternsOf(source).some((pattern) => makes(pattern, name, isWord))) return "yes";
  }
  return "no";
}

function isNumber(text: string): boolean {
  return [...text].every((char) => char >= "0" && char <= "9");
}

/** Whether the parts, in order, can be the name. */
function makes(pattern: Pattern, name: string, isWord: (text: string) => boolean): boolean {
  const [first, ...rest] = pattern;
  if (pattern.length === 0) return name === "";
  if (first !== undefined) return name.startsWith(first) && makes(rest, name.slice(first.length), isWord);
  for (let length = 0; length <= name.length; length++) {
    if (makes(rest, name.slice(length), isWord) && (length === 0 || isWord(name.slice(0, length)))) return true;
  }
  return false;
}

const patternsBySource = createAttached<Source, readonly Pattern[]>();

/** What the macros of a file paste. */
function patternsOf(source: Source): readonly Pattern[] {
  let patterns = patternsBySource.get(source);
  if (patterns === undefined) {
    const text = source.slice(0, source.length);
    patterns = text.includes("##") || text.includes("\\") ? findPatterns(source) : [];
    patternsBySource.set(source, patterns);
  }
  return patterns;
}

function findPatterns(source: Source): Pattern[] {
  // As the body of a #define: then no line is taken for a comment that may be none.
  const tokens = tokenize(source, 0, source.length, undefined);
  const found: Pattern[] = [];
  let parameters: ReadonlySet<string> = new Set();
  for (let at = 0; at < tokens.length; at++) {
    if (isDefine(tokens, at)) parameters = parametersOf(tokens, at + 2);
    const chain = chainAt(tokens, at, parameters);
    if (chain === undefined) continue;
    found.push(chain.pattern);
    at = chain.last;
  }
  return found;
}

function isDefine(tokens: readonly AsmToken[], at: number): boolean {
  return tokens[at]?.text === "#" && tokens[at + 1]?.text === "define";
}

/** The words between the parentheses right behind a macro's name. */
function parametersOf(tokens: readonly AsmToken[], name: number): ReadonlySet<string> {
  const parameters = new Set(["__VA_ARGS__"]);
  const open = tokens[name + 1];
  if (open?.text !== "(" || open.spaced) return parameters;
  for (let at = name + 2; at < tokens.length; at++) {
    const { text } = tokens[at]!;
    if (text === ")" || text === "\n") break;
    parameters.add(text);
  }
  return parameters;
}

/** The pasted name that begins at a token, if one does. */
function chainAt(
  tokens: readonly AsmToken[],
  first: number,
  parameters: ReadonlySet<string>,
): { readonly pattern: Pattern; readonly last: number } | undefined {
  const pattern: (string | undefined)[] = [];
  let isPasted = false;
  let at = first;
  for (; at < tokens.length; at++) {
    const token = tokens[at]!;
    const isOperator = token.text === "##";
    const follows = at > first && (tokens[at - 1]!.text === "##" || isOperator);
    if (at > first && token.spaced && !follows) break;
    if (isOperator) isPasted ||= at > first;
    else if (token.text === "\\()") isPasted = true;
    else if (token.text.startsWith("\\") && token.text.length > 1) {
      pattern.push(undefined);
      isPasted = true;
    } else if (isName(token) || isNumberBehind(token, pattern)) {
      pattern.push(parameters.has(token.text) ? undefined : token.text);
    } else break;
  }
  return isPasted && at > first + 1 ? { pattern, last: at - 1 } : undefined;
}

/** Digits behind a pasted part: `name##1`. */
function isNumberBehind({ text }: AsmToken, pattern: Pattern): boolean {
  return pattern.length > 0 && isNumber(text);
}
