/**
 * The words of a Makefile's text before anything is expanded: where each stands, and within the calls of which functions. It
 * knows no variables.
 */

import { continuationAt, type RawText } from "./makefile.ts";

/** A word as written: "main.o", "$(O)/main.o". */
export interface MakeWord extends RawText {
  readonly text: string;
  /**
   * The functions around it, outermost first: "addprefix" of `$(addprefix src/, main.o)`, "filter-out,1" of
   * `$(filter-out main.o, $(ALL))`, as most functions work on the words of their last argument.
   */
  readonly functions: readonly string[];
}

/** Deeper calls are left out. */
const DEEPEST = 20;

/** The words of a stretch, those within calls of functions included. */
export function wordsWithin(text: string, { start, end }: RawText, functions: readonly string[] = []): MakeWord[] {
  const words: MakeWord[] = [];
  let from = -1;
  const close = (at: number): void => {
    if (from >= 0) words.push({ start: from, end: at, text: text.slice(from, at), functions });
    from = -1;
  };
  for (let at = start; at < end; ) {
    const skipped = continuationAt(text, at);
    if (skipped > 0 || isBlank(text.charCodeAt(at))) {
      close(at);
      at += Math.max(skipped, 1);
      continue;
    }
    if (from < 0) from = at;
    if (text[at] === "$" && (text[at + 1] === "(" || text[at + 1] === "{")) {
      const stop = endOfCall(text, at + 1, end);
      const call = callAt(text, at + 2, stop - 1);
      for (const [index, argument] of functions.length < DEEPEST ? call.entries() : []) {
        const name = index === call.length - 1 ? argument.name : `${argument.name},${index + 1}`;
        words.push(...wordsWithin(text, argument, [...functions, name]));
      }
      at = stop;
      continue;
    }
    at += 1;
  }
  close(end);
  return words;
}

/** The arguments of a call of a function, which has a blank behind its name as no variable's name has; else none. */
function callAt(text: string, start: number, end: number): (RawText & { readonly name: string })[] {
  let at = start;
  while (at < end && !isBlank(text.charCodeAt(at)) && text[at] !== "$") at++;
  if (at >= end || text[at] === "$") return [];
  const name = text.slice(start, at);
  const found: (RawText & { readonly name: string })[] = [];
  let from = at;
  for (let i = at; i < end; i++) {
    if (text[i] === "$" && (text[i + 1] === "(" || text[i + 1] === "{")) i = endOfCall(text, i + 1, end) - 1;
    else if (text[i] === ",") {
      found.push({ name, start: from, end: i });
      from = i + 1;
    }
  }
  return [...found, { name, start: from, end }];
}

/** The offset behind the bracket that closes the one at the offset. */
function endOfCall(text: string, open: number, end: number): number {
  const [opening, closing] = text[open] === "(" ? ["(", ")"] : ["{", "}"];
  let depth = 0;
  for (let at = open; at < end; at++) {
    if (text[at] === opening) depth++;
    else if (text[at] === closing && --depth === 0) return at + 1;
  }
  return end;
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
