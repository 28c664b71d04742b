/**
 * The tokens of a stretch of C as a plain list, with their texts, and texts made of them again: for what is short and written anew. It
 * knows no grammar.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { skipBlanks, skipToLineEnd, skipWord } from "./bytes.ts";
import { CLOSE_BRACE, CLOSE_BRACKET, CLOSE_PAREN, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, STAR } from "./codes.ts";
import { nextToken, openLexer, TOKEN, wordText } from "./lexer.ts";

export interface CToken extends Span {
  /** As the lexer has it: a code, a kind of word, or one of TOKEN. */
  readonly kind: number;
  readonly text: string;
  /** Blanks, a comment or a line's end stand before it. */
  readonly isSpaced: boolean;
}

/** The tokens, comments and directives left out. */
export function listTokens(source: Source, start: number, end: number): CToken[] {
  const lexer = openLexer(source, start, end, "part");
  const tokens: CToken[] = [];
  let last = start;
  while (nextToken(lexer) !== TOKEN.end) {
    const { kind, start: from, stop } = lexer;
    tokens.push({ kind, start: from, end: stop, text: source.slice(from, stop), isSpaced: from > last });
    last = stop;
  }
  return tokens;
}

/** True for an identifier or a keyword. */
export function isWord({ kind }: CToken): boolean {
  return kind === TOKEN.word || kind >= FIRST_KEYWORD;
}

const FIRST_KEYWORD = 128;

/** The words of a stretch, keywords included. */
export function listWords(source: Source, start: number, end: number): string[] {
  return listTokens(source, start, end).flatMap((token) => (isWord(token) ? [token.text] : []));
}

/** The tokens as one line, with a blank where something stood between two of them, and none behind a star. */
export function joinTokens(tokens: readonly CToken[]): string {
  let text = "";
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const isApart = token.isSpaced && before?.kind !== STAR;
    if (before !== undefined && (isApart || (isWord(before) && isWord(token)))) text += " ";
    text += token.text;
  }
  return text;
}

/** The tokens that stand in none of the spans. What follows on one stands where that did. */
export function tokensOutside(tokens: readonly CToken[], spans: readonly Span[]): CToken[] {
  const left: CToken[] = [];
  let removed: CToken | undefined;
  for (const token of tokens) {
    if (spans.some(({ start, end }) => start <= token.start && token.end <= end)) {
      removed ??= token;
      continue;
    }
    left.push(removed === undefined ? token : { ...token, isSpaced: removed.isSpaced });
    removed = undefined;
  }
  return left;
}

/** The tokens between commas that stand in no brackets; none for no tokens. */
export function splitAtCommas(tokens: readonly CToken[]): CToken[][] {
  if (tokens.length === 0) return [];
  const parts: CToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += depthStep(token);
    if (depth === 0 && token.text === ",") parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}

/** 1 for a bracket that opens, -1 for one that closes. */
export function depthStep({ kind }: CToken): number {
  if (kind === OPEN_PAREN || kind === OPEN_BRACKET || kind === OPEN_BRACE) return 1;
  return kind === CLOSE_PAREN || kind === CLOSE_BRACKET || kind === CLOSE_BRACE ? -1 : 0;
}

/** A #define or #undef line with the lines that continue it, without the last line's end. */
export interface CDefineLine extends Span {
  readonly name: string;
  readonly isUndef: boolean;
  /** It stands between an #if and its #endif. */
  readonly isConditional: boolean;
  readonly isFunctionLike: boolean;
  /** The words behind the name: parameters and replacement. */
  readonly words: readonly string[];
}

/** The #define and #undef lines of a stretch, in order, whatever they say. */
export function listDefineLines(source: Source, start: number, end: number): CDefineLine[] {
  const { codes } = source;
  const lexer = openLexer(source, start, end, "file");
  const found: CDefineLine[] = [];
  let depth = 0;
  while (nextToken(lexer) !== TOKEN.end) {
    if (lexer.kind !== TOKEN.directive) continue;
    const hash = lexer.start;
    const word = skipBlanks(codes, hash + 1, lexer.end);
    const stop = skipWord(codes, word, lexer.end);
    const lineEnd = skipToLineEnd(codes, hash, lexer.end);
    lexer.offset = lineEnd;
    const directive = wordText(source, word, stop);
    if (directive === "if" || directive === "ifdef" || directive === "ifndef") depth++;
    else if (directive === "endif") depth--;
    if (directive !== "define" && directive !== "undef") continue;
    const from = skipBlanks(codes, stop, lexer.end);
    const to = skipWord(codes, from, lexer.end);
    found.push({
      start: hash,
      end: lineEnd,
      name: wordText(source, from, to),
      isUndef: directive === "undef",
      isConditional: depth > 0,
      isFunctionLike: codes[to] === OPEN_PAREN,
      words: listWords(source, to, lineEnd),
    });
  }
  return found;
}
