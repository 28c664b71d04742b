/**
 * Words for people, before it is known whether they are read as Markdown or in a terminal: text with code and places of files in
 * it. It knows no symbols.
 */

import { codeSpan, plainText } from "../text/markdown.ts";
import { printable } from "../text/printable.ts";

/** A place of a file, relative to the root; lines and columns count from 1, 0 is for a place that was not looked up. */
export interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Phrase = readonly (string | { readonly code: string } | Spot)[];

/** The phrases with something between them; without any, an empty one. */
export function joinPhrases(phrases: readonly Phrase[], separator: string): Phrase {
  return phrases.flatMap((phrase, i) => (i === 0 ? phrase : [separator, ...phrase]));
}

/** "kernel/fork.c:12:5", which terminals and editors make a link of. */
export function plainPhrase(phrase: Phrase): string {
  const parts = phrase.map((part) => (typeof part === "string" ? part : "code" in part ? part.code : plainSpot(part)));
  return printable(parts.join(""));
}

/**
 * Markdown in which places are links.
 * @param linkTo the address of a place; without it places are code, as in a client that opens no links
 */
export function markdownPhrase(phrase: Phrase, linkTo?: (spot: Spot) => string): string {
  return phrase
    .map((part) => {
      if (typeof part === "string") return plainText(part);
      if ("code" in part) return codeSpan(part.code);
      return linkTo === undefined ? codeSpan(nameSpot(part)) : `[${plainText(nameSpot(part))}](<${linkTo(part)}>)`;
    })
    .join("");
}

function plainSpot(spot: Spot): string {
  return spot.line === 0 || spot.column === 0 ? nameSpot(spot) : `${nameSpot(spot)}:${spot.column}`;
}

function nameSpot({ file, line }: Spot): string {
  return line === 0 ? file : `${file}:${line}`;
}
