/**
 * Reads the commands of a CMake file with their arguments as written. It evaluates nothing (cmake-language(7): a file is a row of
 * command invocations, `name ( arguments )`; arguments are bracketed, quoted or plain).
 */

import type { Span } from "../../text/span.ts";

export interface CmakeArgument extends Span {
  /** Without its quotes, nothing replaced. */
  readonly text: string;
  readonly isQuoted: boolean;
}

export interface CmakeCommand {
  /** In lower case, as case says nothing. */
  readonly name: string;
  readonly arguments: readonly CmakeArgument[];
}

/** Total: what is not understood is skipped. */
export function readCommands(text: string): CmakeCommand[] {
  const commands: CmakeCommand[] = [];
  let at = 0;
  while (at < text.length) {
    const next = skipSpace(text, at);
    if (next > at) {
      at = next;
      continue;
    }
    let end = at;
    while (end < text.length && isNameCode(text.charCodeAt(end))) end++;
    const open = skipSpace(text, end);
    if (end === at || text[open] !== "(") {
      at = Math.max(end, at + 1);
      continue;
    }
    const read = readArguments(text, open + 1);
    commands.push({ name: text.slice(at, end).toLowerCase(), arguments: read.arguments });
    at = read.end;
  }
  return commands;
}

function readArguments(text: string, from: number): { readonly arguments: CmakeArgument[]; readonly end: number } {
  const found: CmakeArgument[] = [];
  let depth = 0;
  let at = from;
  for (;;) {
    at = skipSpace(text, at);
    const char = text[at];
    if (char === undefined) return { arguments: found, end: at };
    if (char === "(") depth++;
    if (char === ")" && depth-- === 0) return { arguments: found, end: at + 1 };
    if (char === "(" || char === ")") {
      at++;
      continue;
    }
    const end = endOfArgument(text, at);
    const isQuoted = char === '"';
    found.push({ start: at, end, isQuoted, text: isQuoted ? text.slice(at + 1, end - 1) : text.slice(at, end) });
    at = end;
  }
}

function endOfArgument(text: string, start: number): number {
  const bracket = bracketEnd(text, start);
  if (bracket > 0) return bracket;
  let at = start;
  if (text[at] === '"') {
    for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
    return Math.min(at + 1, text.length);
  }
  while (at < text.length && !isSpace(text.charCodeAt(at)) && !'()#"'.includes(text[at]!)) {
    at += text[at] === "\\" ? 2 : 1;
  }
  return Math.min(Math.max(at, start + 1), text.length);
}

/** Behind blanks and comments. */
function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    if (isSpace(text.charCodeAt(at))) at++;
    else if (text[at] === "#") {
      const bracket = bracketEnd(text, at + 1);
      const newline = text.indexOf("\n", at);
      at = bracket > 0 ? bracket : newline < 0 ? text.length : newline;
    } else break;
  }
  return at;
}

/** The end of `[[…]]`, `[=[…]=]`; 0 where none starts. */
function bracketEnd(text: string, start: number): number {
  if (text[start] !== "[") return 0;
  let at = start + 1;
  while (text[at] === "=") at++;
  if (text[at] !== "[") return 0;
  const close = `]${"=".repeat(at - start - 1)}]`;
  const end = text.indexOf(close, at + 1);
  return end < 0 ? text.length : end + close.length;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isNameCode(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}
