/**
 * All tokens of a text in typed arrays, each bracket knowing its partner: for looking around an expression in both
 * directions. It knows no grammar beyond brackets.
 */

import type { Source } from "../../text/source.ts";
import { CLOSE_BRACE, CLOSE_BRACKET, CLOSE_PAREN, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN } from "./codes.ts";
import { isWordAt } from "./keywords.ts";
import { TOKEN, wordText } from "./lexer.ts";

export interface TokenRun {
  readonly source: Source;
  kinds: Uint8Array;
  starts: Int32Array;
  stops: Int32Array;
  /** For a bracket the place of its partner, or -1 where it has none; for other tokens -1. */
  partners: Int32Array;
  count: number;
  /** Places of brackets that are still open. */
  readonly open: number[];
}

export function startRun(source: Source): TokenRun {
  const capacity = 1024;
  return {
    source,
    kinds: new Uint8Array(capacity),
    starts: new Int32Array(capacity),
    stops: new Int32Array(capacity),
    partners: new Int32Array(capacity),
    count: 0,
    open: [],
  };
}

/** Adds a token behind the others. A closing bracket without a partner of its kind is left alone. */
export function extendRun(run: TokenRun, kind: number, start: number, stop: number): void {
  if (run.count === run.kinds.length) grow(run);
  const at = run.count++;
  run.kinds[at] = kind;
  run.starts[at] = start;
  run.stops[at] = stop;
  run.partners[at] = -1;
  if (kind === OPEN_PAREN || kind === OPEN_BRACKET || kind === OPEN_BRACE) run.open.push(at);
  else if (kind === CLOSE_PAREN || kind === CLOSE_BRACKET) closeBracket(run, at, kind);
  else if (kind === CLOSE_BRACE) closeBrace(run, at);
}

function closeBracket(run: TokenRun, at: number, kind: number): void {
  const last = run.open.at(-1);
  if (last === undefined || run.kinds[last] !== (kind === CLOSE_PAREN ? OPEN_PAREN : OPEN_BRACKET)) return;
  run.open.pop();
  run.partners[at] = last;
  run.partners[last] = at;
}

/** A closing brace ends what was left open in its block. */
function closeBrace(run: TokenRun, at: number): void {
  while (run.open.length > 0) {
    const last = run.open.pop()!;
    if (run.kinds[last] !== OPEN_BRACE) continue;
    run.partners[at] = last;
    run.partners[last] = at;
    return;
  }
}

function grow(run: TokenRun): void {
  const capacity = run.kinds.length * 2;
  const kinds = new Uint8Array(capacity);
  kinds.set(run.kinds);
  run.kinds = kinds;
  run.starts = enlarge(run.starts, capacity);
  run.stops = enlarge(run.stops, capacity);
  run.partners = enlarge(run.partners, capacity);
}

function enlarge(array: Int32Array, capacity: number): Int32Array {
  const copy = new Int32Array(capacity);
  copy.set(array);
  return copy;
}

/** Gives back what the run has room for beyond its tokens: it is kept, and nothing is added any more. */
export function trimRun(run: TokenRun): void {
  run.kinds = run.kinds.slice(0, run.count);
  run.starts = run.starts.slice(0, run.count);
  run.stops = run.stops.slice(0, run.count);
  run.partners = run.partners.slice(0, run.count);
}

/** The kind of the token at the place; the end beyond both ends of the run. */
export function kindAt(run: TokenRun, at: number): number {
  return at >= 0 && at < run.count ? run.kinds[at]! : TOKEN.end;
}

/** The text of a word at the place; "" for any other token. */
export function tokenWord(run: TokenRun, at: number): string {
  const kind = kindAt(run, at);
  return kind === TOKEN.word || kind >= 128 ? wordText(run.source, run.starts[at]!, run.stops[at]!) : "";
}

/** Whether this word, which is no keyword of declarations, stands at the place. */
export function isNamed(run: TokenRun, at: number, name: string): boolean {
  return kindAt(run, at) === TOKEN.word && isWordAt(run.source.codes, run.starts[at]!, run.stops[at]!, name);
}

/** Whether this character stands at the place with its neighbour right behind it, as in `->` and `&&`. */
export function isPair(run: TokenRun, at: number, first: number, second: number): boolean {
  return kindAt(run, at) === first && kindAt(run, at + 1) === second && run.stops[at] === run.starts[at + 1];
}

/** The place behind the token, or behind the whole group where it opens one. */
export function behindGroup(run: TokenRun, at: number): number {
  const partner = at < run.count ? run.partners[at]! : -1;
  return partner > at ? partner + 1 : at + 1;
}

/** The place of the token before, or of the bracket that opens the group that ends there. */
export function beforeGroup(run: TokenRun, at: number): number {
  const partner = at > 0 ? run.partners[at - 1]! : -1;
  return partner >= 0 && partner < at - 1 ? partner : at - 1;
}

const STATEMENT_WORDS: readonly string[] = "return if else while for do switch case default break continue goto".split(
  " ",
);

/** True for a word that starts or structures a statement, which the lexer takes for an identifier. */
export function isStatementWordAt(run: TokenRun, at: number): boolean {
  return STATEMENT_WORDS.some((word) => isNamed(run, at, word));
}
