/**
 * Whether a macro may define a symbol where no fact says so: facts name what files write out, and `DEFINE_TABLE(x)` writes out
 * nothing. It expands nothing and decides by where the symbol's name stands, so it errs towards "may". Names that a macro
 * pastes together are not seen.
 */

import type { CFile } from "../../syntax/c/tree.ts";
import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import { findLanguage } from "../facts/extract.ts";
import { treeOf } from "../facts/parsed.ts";
import { filesMentioning } from "../index/files-mentioning.ts";
import type { Program } from "./program.ts";

/** A word in more files than this is a word like any other: to look through all of them takes too long. */
const MOST_FILES = 200;

/**
 * True where a macro may define the symbol in another file than this one, and while that is not known. What the file itself
 * does with the name can't be another definition of it.
 */
export function mayBeMadeByMacro(name: string, path: string, { index, texts }: Program): boolean {
  const files = filesMentioning(name, index).filter((file) => file !== path);
  if (files.length > MOST_FILES) return true;
  // All are asked for before the first is looked at, so that they are read at once.
  const sources = files.map((file) => ({ file, source: texts.source(file) }));
  return sources.some(({ file, source }) =>
    source === undefined ? texts.isPending(file) : mayBeMadeIn(file, source, name),
  );
}

const answers = createAttached<Source, Map<string, boolean>>();

/** Whether a macro may define the symbol in a file; found once for each source. */
function mayBeMadeIn(path: string, source: Source, name: string): boolean {
  let known = answers.get(source);
  if (known === undefined) answers.set(source, (known = new Map()));
  let answer = known.get(name);
  if (answer === undefined) known.set(name, (answer = findMaking(path, source, name)));
  return answer;
}

function findMaking(path: string, source: Source, name: string): boolean {
  const language = findLanguage(path);
  if (language !== "c" && language !== "asm") return false;
  // The codes tell no letters beyond ASCII apart.
  if (/[^\x20-\x7e]/.test(name)) return true;
  const lines = linesWith(source, name);
  // A header of a chip has names in thousands of #defines: it is not parsed for that.
  const outside = lines.filter((line) => !DIRECTIVE.test(line));
  if (language === "asm" && outside.some((line) => isAssemblyArgument(line, name))) return true;
  if (language === "c" && outside.length > 0 && isArgument(treeOf(source), name)) return true;
  return lines.some((line) => isInReplacement(line, name));
}

const DIRECTIVE = /^[ \t]*#/;

/** The lines in which the name stands, each with those that continue it or that it continues. */
function linesWith(source: Source, name: string): string[] {
  const { codes, length } = source;
  const bytes = Buffer.from(codes.buffer, codes.byteOffset, length);
  const found: string[] = [];
  for (let at = bytes.indexOf(name, 0, "latin1"); at >= 0; ) {
    let start = at;
    while (start > 0 && !(codes[start - 1] === LF && !isContinued(codes, start - 1))) start--;
    let end = at;
    while (end < length && !(codes[end] === LF && !isContinued(codes, end))) end++;
    found.push(source.slice(start, end));
    at = bytes.indexOf(name, Math.max(end, at + 1), "latin1");
  }
  return found;
}

const LF = 10;
const CR = 13;
const BACKSLASH = 92;

/** Whether the end of a line is behind a backslash. */
function isContinued(codes: Uint8Array, at: number): boolean {
  return codes[at - 1] === BACKSLASH || (codes[at - 1] === CR && codes[at - 2] === BACKSLASH);
}

/** An argument of a macro called at file scope: `DEFINE_TABLE(x);`, `SYSTEM_CALL(x, int, a) { … }`. */
function isArgument({ calls, source }: CFile, name: string): boolean {
  return calls.some((call) => holdsWord(source.slice(call.arguments.start, call.arguments.end), name));
}

/** A statement of assembly that is a macro with parentheses: no instruction has them right behind its name. */
function isAssemblyArgument(line: string, name: string): boolean {
  return new RegExp(`^[ \\t]*[A-Za-z_]\\w*\\([^\\n)]*(?<![\\w$.])${escapeName(name)}(?![\\w$.])`, "m").test(line);
}

/**
 * A #define whose replacement may be part of the symbol's definition: one that is another name for it, pastes it, or has it
 * behind a type, as a declarator is. `return x()` and `(x)` are uses.
 */
function isInReplacement(line: string, name: string): boolean {
  const [, define] = /^[ \t]*#[ \t]*define[ \t]+([\s\S]*)$/.exec(line) ?? [];
  if (define === undefined) return false;
  const replacement = define.replace(/^[A-Za-z_$][\w$]*(?:\([^)]*\))?/, "").replace(/\\\r?\n/g, " ");
  if (replacement.trim() === name) return true;
  for (const [, before = "", after = ""] of replacement.matchAll(aroundWord(name))) {
    if (before === "##" || after === "##" || before === "*") return true;
    if (/^[\w$]+$/.test(before) && !/^\d|^(?:return|else|do|case|sizeof|goto|typeof)$/.test(before)) return true;
  }
  return false;
}

/** The name with the token before it, and "##" behind it. */
function aroundWord(name: string): RegExp {
  return new RegExp(`([\\w$]+|##|\\S|)\\s*(?<![\\w$])${escapeName(name)}(?![\\w$])\\s*(##|)`, "g");
}

function holdsWord(text: string, name: string): boolean {
  return text.includes(name) && new RegExp(`(?<![\\w$])${escapeName(name)}(?![\\w$])`).test(text);
}

function escapeName(name: string): string {
  return name.replace(/[.$]/g, "\\$&");
}
