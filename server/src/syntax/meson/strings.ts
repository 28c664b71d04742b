/**
 * Finds the string literals of a Meson file, and what stands around each. It evaluates nothing (Meson's reference manual, "Syntax":
 * strings are '…' with escapes or '''…''', comments go from # to the line's end).
 */

import type { Span } from "../../text/span.ts";

export interface MesonString extends Span {
  /** Between the quotes, escapes as they are. */
  readonly text: string;
  /** What it is an element of: a list in brackets, the arguments of a call, a dictionary, or nothing. */
  readonly within: "list" | "call" | "dictionary" | "nothing";
  /** The innermost call around it, lists between them left out: "executable", "files"; "" where there is none. */
  readonly call: string;
  /** The last sign before it: "," "(" "[" "=" ":" "==" and so on. */
  readonly before: string;
}

interface Open {
  readonly bracket: string;
  readonly call: string;
}

/** Total: a string that does not end is left out. */
export function findStrings(text: string): MesonString[] {
  const found: MesonString[] = [];
  const open: Open[] = [];
  let word = "";
  let before = "";
  for (let at = 0; at < text.length; ) {
    const char = text[at]!;
    if (char === "#") {
      const newline = text.indexOf("\n", at);
      at = newline < 0 ? text.length : newline;
    } else if (char === "'") {
      const string = readString(text, at);
      if (string === undefined) return found;
      found.push({ ...string, within: placeIn(open.at(-1)), call: callAround(open), before });
      at = string.end;
      [word, before] = ["", "'"];
    } else if (isWordCode(text.charCodeAt(at))) {
      let end = at + 1;
      while (end < text.length && isWordCode(text.charCodeAt(end))) end++;
      word = text.slice(at, end);
      before = word;
      at = end;
    } else if (char === " " || char === "\t" || char === "\r" || char === "\n") {
      at++;
    } else {
      if ("([{".includes(char)) open.push({ bracket: char, call: char === "(" ? word : "" });
      else if (")]}".includes(char)) open.pop();
      // Signs of two characters are one: ==, !=, +=.
      before = char === "=" && "=!<>+-*/".includes(text[at - 1] ?? " ") ? `${text[at - 1]}=` : char;
      word = "";
      at++;
    }
  }
  return found;
}

function placeIn(open: Open | undefined): MesonString["within"] {
  if (open === undefined) return "nothing";
  if (open.bracket === "[") return "list";
  return open.bracket === "{" ? "dictionary" : "call";
}

function callAround(open: readonly Open[]): string {
  return open.findLast(({ bracket }) => bracket === "(")?.call ?? "";
}

function readString(text: string, start: number): (Span & { readonly text: string }) | undefined {
  if (text.startsWith("'''", start)) {
    const end = text.indexOf("'''", start + 3);
    return end < 0 ? undefined : { start, end: end + 3, text: text.slice(start + 3, end) };
  }
  for (let at = start + 1; at < text.length && text[at] !== "\n"; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "'") return { start, end: at + 1, text: text.slice(start + 1, at) };
  }
  return undefined;
}

function isWordCode(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}
