/** What surrounds an expression: the call it is an argument of, and what a macro makes of that argument. */

import { treeOf } from "../../linkage/facts/parsed.ts";
import { linesOf } from "../../linkage/facts/texts.ts";
import { COMMON_WORD, type Program } from "../../linkage/symbols/program.ts";
import type { Source } from "../../text/source.ts";
import { withoutComments } from "./definition.ts";
import { textOf } from "./file-text.ts";

/** How far back a call's name is looked for, in UTF-16 units. */
const REACH = 2000;

/** The innermost call around the offset: its name, and which argument from 0 the offset is in. */
export function enclosingCall(
  source: Source,
  offset: number,
): { readonly callee: string; readonly argument: number } | undefined {
  const from = Math.max(0, offset - REACH);
  const text = source.slice(from, offset);
  let depth = 0;
  let argument = 0;
  for (let i = text.length - 1; i >= 0; i--) {
    const char = text[i];
    if (char === ")" || char === "]") depth++;
    else if (char === "[" && depth > 0) depth--;
    else if (char === ";" || char === "{" || char === "}" || char === "[") return undefined;
    else if (char === "," && depth === 0) argument++;
    else if (char === "(") {
      if (depth > 0) depth--;
      else {
        const callee = /([A-Za-z_]\w*)\s*$/.exec(text.slice(0, i))?.[1];
        return callee === undefined ? undefined : { callee, argument };
      }
    }
  }
  return undefined;
}

/** Ways of using a parameter that never look at the address as a pointer: as a string, as a number, its size or type. */
const HARMLESS =
  /#\s*PARAM\b|\(\s*(?:unsigned\s+long(?:\s+long)?|uintptr_t|u64|u32|long|phys_addr_t|size_t)\s*\)\s*\(?\s*&?\s*\(?\s*PARAM\b\s*\)?\s*\)?|\b(?:sizeof|typeof|__typeof__|ARRAY_SIZE)\s*\(\s*PARAM\s*\)/g;

/**
 * True when the callee is a macro whose definitions in the tree all use the argument harmlessly: as text or as a number, so
 * that no NULL test can be hidden in it. False where it is a function or where that is not known.
 */
export function isHarmlessArgument(callee: string, argument: number, program: Program): boolean {
  if (program.index.mentions(callee).some((mention) => mention.fact.kind === "function")) return false;
  const files = program.index.filesWithWord(callee);
  if (files.length > COMMON_WORD) return false;
  let isFound = false;
  for (const path of files) {
    if (!path.endsWith(".h") && !path.endsWith(".c")) continue;
    const source = program.texts.source(path);
    if (source === undefined) continue;
    for (const body of findMacroBodies(source, callee)) {
      const parameter = body.parameters[argument];
      if (parameter === undefined || parameter === "...") return false;
      const rest = body.text.replace(new RegExp(HARMLESS.source.replaceAll("PARAM", parameter), "g"), " ");
      if (new RegExp(`\\b${parameter}\\b`).test(rest)) return false;
      isFound = true;
    }
  }
  return isFound;
}

/** Macros that hand their arguments on are followed this far. */
const MACRO_STEPS = 3;

/** A word in more headers than this is not looked up to find out whether it is such a macro. */
const MOST_HEADERS = 200;

/**
 * Whether a macro that the file may see takes the address of the argument and compares it, or takes it for a truth value:
 * `#define HAVE(x) (&(x) != 0)`.
 */
export function testsAddress(
  callee: string,
  argument: number,
  user: string,
  program: Program,
  steps = MACRO_STEPS,
): boolean {
  if (steps === 0 || program.index.mentions(callee).some((mention) => mention.fact.kind === "function")) return false;
  const files = program.index.filesWithWord(callee).filter((path) => path === user || path.endsWith(".h"));
  if (files.length > MOST_HEADERS) return false;
  return files.some((path) => {
    const source = program.texts.source(path);
    const bodies = source === undefined ? [] : findMacroBodies(source, callee);
    return bodies.some(({ parameters, text }) => {
      const parameter = parameters[argument];
      if (parameter === undefined || !/^\w+$/.test(parameter)) return false;
      if (addressTest(parameter).test(text)) return true;
      return [...text.matchAll(/([A-Za-z_]\w*)\s*\(([^()]*)\)/g)].some(([, inner, list]) => {
        const place = list!.split(",").findIndex((one) => one.trim() === parameter);
        return place >= 0 && inner !== callee && testsAddress(inner!, place, user, program, steps - 1);
      });
    });
  });
}

/** What the replacement of a macro has that may do more than look at a value: a change, a call, a pointer followed, a division. */
const BUSY = /\+\+|--|->|(?<![<>=!])=(?!=)|\w\s*\(|[*/%?[{;]/;

/** Whether the word is a macro without parameters, in a file that the user may see, whose replacement may do more than look. */
export function isBusyMacro(word: string, user: string, program: Program): boolean {
  const files = program.index.filesWithWord(word).filter((path) => path === user || path.endsWith(".h"));
  if (files.length > MOST_HEADERS) return false;
  const define = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${word}[ \\t]+((?:\\\\\\r?\\n|.)*)`, "gm");
  return files.some((path) => {
    const source = program.texts.source(path);
    if (source === undefined) return false;
    return [...textOf(source).matchAll(define)].some(([, body]) => BUSY.test(withoutComments(body!)));
  });
}

/** `&x` beside an operator that compares it or asks for its truth; not `*(type *)&x == y`, which looks at what is there. */
function addressTest(parameter: string): RegExp {
  const address = `(?<!&)&\\s*\\(*\\s*${parameter}\\b[\\s)]*`;
  const before = `(?:!|&&|\\|\\||[!=]=|\\b(?:if|while)\\s*\\()[\\s(]*${address}`;
  const behind = `(?<!\\*\\s*(?:\\([^()]*\\)\\s*)?\\(*)${address}(?:\\?|&&|\\|\\||[!=]=)`;
  return new RegExp(`${before}|${behind}`);
}

/** The definitions of a function-like macro in a file; spliced lines are joined. */
function findMacroBodies(
  source: Source,
  name: string,
): { readonly parameters: readonly string[]; readonly text: string }[] {
  const bodies: { parameters: string[]; text: string }[] = [];
  for (const define of treeOf(source).defines) {
    if (define.name !== name || define.parameters === undefined) continue;
    bodies.push({ parameters: [...define.parameters], text: source.slice(define.body.start, define.body.end) });
  }
  if (bodies.length > 0) return bodies;
  // The tree keeps only macros that speak of linkage; others are found by their line.
  const { starts } = linesOf(source);
  const pattern = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}\\(([^)]*)\\)`);
  for (const [line, start] of starts.entries()) {
    if (source.codes[start] !== 0x23 && source.codes[start] !== 0x20 && source.codes[start] !== 0x09) continue;
    const found = pattern.exec(source.slice(start, start + 200));
    if (found === null) continue;
    let last = line;
    while (last + 1 < starts.length && source.codes[starts[last + 1]! - 2] === 0x5c) last++;
    const end = starts[last + 1] ?? source.length;
    const text = source.slice(start + found[0].length, end).replace(/\\\n/g, " ");
    bodies.push({ parameters: (found[1] ?? "").split(",").map((parameter) => parameter.trim()), text });
  }
  return bodies;
}
