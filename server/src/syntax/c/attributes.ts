/**
 * Attributes and annotation words, with what to delete so that one of them is gone. Reads `__attribute__((…))` and `[[…]]`
 * lists; what an attribute means is not decided here.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { skipBlanks } from "./bytes.ts";
import {
  BACKSLASH,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  COMMA,
  IS_BLANK,
  LF,
  OPEN_BRACKET,
  OPEN_PAREN,
} from "./codes.ts";
import { nextToken, openLexer, TOKEN, wordText } from "./lexer.ts";
import { skipNested, type Tokens } from "./tokens.ts";
import type { CAttribute, CWord } from "./tree.ts";

/** True for a `[…]` group that is an attribute list: `[[gnu::weak]]`. */
export function isAttributeGroup(source: Source, start: number, stop: number): boolean {
  return stop - start >= 4 && source.codes[skipBlanks(source.codes, start + 1, stop)] === OPEN_BRACKET;
}

interface ListItem {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly argument: string | undefined;
}

/**
 * attribute-list: `__attribute__ (( attribute , … ))` or `[[ attribute , … ]]`
 * attribute: empty, word, word `(` anything `)`, prefix `::` attribute
 *
 * `at` is the token of the keyword, or of the `[` group; `last` the last token of the list.
 */
export function readAttributes(
  source: Source,
  tokens: Tokens,
  at: number,
  last: number,
  isMacroBody: boolean,
  into: CAttribute[],
): void {
  const group = at === last && tokens.kinds[at] !== OPEN_BRACKET ? -1 : last;
  if (group < 0) return;
  const items = readList(source, tokens.starts[group]! + 1, tokens.stops[group]! - 1, isMacroBody);
  const whole = removalOf(source, tokens, at, last);
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    const removal = items.length === 1 ? whole : removalInList(items, i);
    into.push({ start: item.start, end: item.end, name: item.name, argument: item.argument, removal });
  }
}

function removalInList(items: readonly ListItem[], i: number): Span {
  const item = items[i]!;
  const next = items[i + 1];
  if (i === 0 && next !== undefined) return { start: item.start, end: next.start };
  return { start: items[i - 1]!.end, end: item.end };
}

/** More attributes in one list than any compiler knows. */
const MOST_ATTRIBUTES = 64;

function readList(source: Source, start: number, end: number, isMacroBody: boolean): ListItem[] {
  const items: ListItem[] = [];
  const { codes } = source;
  let from = skipBlanks(codes, start, end);
  let to = end;
  // The inner pair of brackets; a macro may stand for the whole inside: `__attribute__(X)`.
  if (codes[from] === OPEN_PAREN || codes[from] === OPEN_BRACKET) {
    from++;
    while (to > from && codes[to - 1] !== CLOSE_PAREN && codes[to - 1] !== CLOSE_BRACKET) to--;
    if (to > from) to--;
  }
  const lexer = openLexer(source, from, to, isMacroBody ? "macro" : "part");
  let name: string | undefined;
  let nameStart = 0;
  let nameEnd = 0;
  let argument: string | undefined;
  const finish = (): void => {
    if (name !== undefined) items.push({ name: plainName(name), start: nameStart, end: nameEnd, argument });
    name = undefined;
    argument = undefined;
  };
  while (items.length < MOST_ATTRIBUTES) {
    const kind = nextToken(lexer);
    if (kind === TOKEN.end || kind === TOKEN.directive) break;
    if (kind === COMMA) finish();
    else if (kind === OPEN_PAREN) {
      const inside = lexer.offset;
      skipNested(lexer);
      if (name !== undefined) {
        argument = source.slice(inside, Math.max(inside, lexer.offset - 1)).trim();
        nameEnd = lexer.offset;
      }
    } else if (kind === TOKEN.word || kind >= 128) {
      // `gnu :: weak`: the last word is the name, and the attribute starts at the first.
      if (name === undefined) nameStart = lexer.start;
      name = wordText(source, lexer.start, lexer.stop);
      nameEnd = lexer.stop;
    } else if (kind !== COLON) name = undefined;
  }
  finish();
  return items;
}

/** An attribute's name without the underscores that keep it apart from macros (GCC, Attribute Syntax). */
export function plainName(name: string): string {
  return name.length > 4 && name.startsWith("__") && name.endsWith("__") ? name.slice(2, -2) : name;
}

/** An annotation: the word at the token, with its arguments where `last` is their group. */
export function readWord(source: Source, tokens: Tokens, at: number, last: number): CWord {
  const start = tokens.starts[at]!;
  const argument =
    last > at
      ? source.slice(tokens.starts[last]! + 1, Math.max(tokens.starts[last]! + 1, tokens.stops[last]! - 1)).trim()
      : undefined;
  return {
    start,
    end: tokens.stops[last]!,
    name: wordText(source, start, tokens.stops[at]!),
    argument,
    removal: removalOf(source, tokens, at, last),
  };
}

/**
 * What to delete so that the tokens are gone: with the blanks before them, over a line end too where nothing but blanks
 * stands between; with the blanks behind them where they come first.
 */
function removalOf(source: Source, tokens: Tokens, at: number, last: number): Span {
  const { codes } = source;
  const end = tokens.stops[last]!;
  let start = tokens.starts[at]!;
  if (at === 0) {
    let behind = end;
    while (behind < codes.length && (IS_BLANK[codes[behind]!] === 1 || codes[behind] === LF)) behind++;
    return { start, end: behind };
  }
  const before = tokens.stops[at - 1]!;
  let i = start;
  while (i > before && (IS_BLANK[codes[i - 1]!] === 1 || codes[i - 1] === LF || codes[i - 1] === BACKSLASH)) i--;
  if (i === before) return { start: before, end };
  while (start > before && IS_BLANK[codes[start - 1]!] === 1) start--;
  return { start, end };
}
