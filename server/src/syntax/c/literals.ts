/** String literals: joined and decoded (C11 6.4.4.4, 6.4.5). It knows nothing of what they are for. */

import type { Source } from "../../text/source.ts";
import { COLON } from "./codes.ts";
import { nextToken, openLexer, TOKEN } from "./lexer.ts";

/** The text of the adjacent string literals in [start, end), or undefined where anything else stands among them. */
export function decodeStrings(source: Source, start: number, end: number): string | undefined {
  const lexer = openLexer(source, start, end, "part");
  let text: string | undefined;
  for (;;) {
    const kind = nextToken(lexer);
    if (kind === TOKEN.end) return text;
    if (kind !== TOKEN.string) return undefined;
    text = (text ?? "") + decodeString(source.slice(lexer.start, lexer.stop));
  }
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  e: "\x1b",
};

/** The text of one literal as written, its quotes and prefix included. */
export function decodeString(written: string): string {
  const open = written.search(/["']/);
  const quote = written[open];
  const isClosed = written.length > open + 1 && written.endsWith(quote ?? "");
  const inside = written.slice(open + 1, isClosed ? -1 : undefined);
  if (!inside.includes("\\")) return inside;
  return inside.replace(
    /\\(?:[ \t\r]*\n|x([0-9a-fA-F]+)|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g,
    (whole, hex?: string, octal?: string, short?: string, long?: string, letter?: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex.slice(-4), 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (short !== undefined) return String.fromCharCode(Number.parseInt(short, 16));
      if (long !== undefined) return codePoint(Number.parseInt(long, 16));
      if (letter !== undefined) return SIMPLE[letter] ?? letter;
      return whole.endsWith("\n") ? "" : whole;
    },
  );
}

function codePoint(value: number): string {
  return value <= 0x10ffff ? String.fromCodePoint(value) : "\ufffd";
}

/** The text of all string literals in [start, end) up to a colon, whatever else stands among them: the code of an asm. */
export function joinStrings(source: Source, start: number, end: number): string {
  const lexer = openLexer(source, start, end, "part");
  let text = "";
  for (;;) {
    const kind = nextToken(lexer);
    if (kind === TOKEN.end || kind === COLON) return text;
    if (kind === TOKEN.string) text += decodeString(source.slice(lexer.start, lexer.stop));
  }
}
