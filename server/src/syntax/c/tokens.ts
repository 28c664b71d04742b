/**
 * A list of tokens in typed arrays, used again for one declaration after another. Bracketed groups are one token each. It
 * knows no grammar.
 */

import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COMMA,
  EQUALS,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
} from "./codes.ts";
import { KEYWORD } from "./keywords.ts";
import { type Lexer, nextToken, TOKEN } from "./lexer.ts";

/** A declaration of more tokens than this is not one that a person wrote; what is beyond is forgotten. */
export const MOST_TOKENS = 4096;

export interface Tokens {
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly stops: Int32Array;
  /** 1 where a line feed stands before the token. */
  readonly lines: Uint8Array;
  count: number;
  /** There were more tokens than fit. */
  isOverfull: boolean;
  /** A directive stands in it, or a group of it is not whole. */
  isSplit: boolean;
}

export function makeTokens(capacity: number = MOST_TOKENS): Tokens {
  return {
    kinds: new Uint8Array(capacity),
    starts: new Int32Array(capacity),
    stops: new Int32Array(capacity),
    lines: new Uint8Array(capacity),
    count: 0,
    isOverfull: false,
    isSplit: false,
  };
}

export function clearTokens(tokens: Tokens): void {
  tokens.count = 0;
  tokens.isOverfull = false;
  tokens.isSplit = false;
}

export function pushToken(tokens: Tokens, kind: number, start: number, stop: number, startsLine: boolean): void {
  const at = tokens.count;
  // One place is kept free, so that the kind behind the last token can be set to the end of all.
  if (at >= tokens.kinds.length - 1) {
    tokens.isOverfull = true;
    return;
  }
  tokens.kinds[at] = kind;
  tokens.starts[at] = start;
  tokens.stops[at] = stop;
  tokens.lines[at] = startsLine ? 1 : 0;
  tokens.count = at + 1;
  tokens.kinds[at + 1] = TOKEN.end;
  tokens.starts[at + 1] = stop;
  tokens.stops[at + 1] = stop;
}

/** Copies the tokens at the places given into another list. */
export function copyTokens(from: Tokens, places: readonly number[], to: Tokens): void {
  clearTokens(to);
  for (const at of places) pushToken(to, from.kinds[at]!, from.starts[at]!, from.stops[at]!, from.lines[at] === 1);
  to.isSplit = from.isSplit;
}

/**
 * Reads one declaration's tokens: up to a `;` outside of brackets, or to a bracket that closes something around it. For
 * text within a group, a body or a macro; file scope is read by items.ts.
 */
export function collectTokens(lexer: Lexer, tokens: Tokens): void {
  clearTokens(tokens);
  for (;;) {
    const kind = nextToken(lexer);
    switch (kind) {
      case TOKEN.end:
      case TOKEN.directive:
      case CLOSE_PAREN:
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        tokens.isSplit ||= lexer.sawDirective;
        return;
      case SEMICOLON:
        pushToken(tokens, kind, lexer.start, lexer.stop, lexer.startsLine);
        tokens.isSplit ||= lexer.sawDirective;
        return;
      case OPEN_PAREN:
      case OPEN_BRACKET:
      case OPEN_BRACE: {
        const { start, startsLine } = lexer;
        // Only the members of a struct, union or enum stand in braces here.
        if (kind === OPEN_BRACE && findToken(tokens, KEYWORD.tag, 0, tokens.count) < 0) {
          tokens.isSplit = true;
          return;
        }
        skipNested(lexer);
        pushToken(tokens, kind, start, lexer.offset, startsLine);
        break;
      }
      case KEYWORD.extern:
        if (tokens.count > 0) {
          // The next declaration: this one lacks its semicolon.
          lexer.offset = lexer.start;
          tokens.isSplit = true;
          return;
        }
        pushToken(tokens, kind, lexer.start, lexer.stop, lexer.startsLine);
        break;
      case EQUALS:
        collectInitializer(lexer, tokens);
        break;
      default:
        pushToken(tokens, kind, lexer.start, lexer.stop, lexer.startsLine);
        if (tokens.isOverfull) return;
    }
  }
}

/** From behind a `=` to the comma, semicolon or closing bracket that ends the initializer, which is left to be read. */
function collectInitializer(lexer: Lexer, tokens: Tokens): void {
  let start = -1;
  let stop = lexer.stop;
  for (;;) {
    const kind = nextToken(lexer);
    const isEnd = kind === TOKEN.end || kind === TOKEN.directive || kind === SEMICOLON || kind === COMMA;
    if (isEnd || kind === CLOSE_PAREN || kind === CLOSE_BRACE || kind === CLOSE_BRACKET) break;
    if (start < 0) start = lexer.start;
    if (kind === OPEN_PAREN || kind === OPEN_BRACKET || kind === OPEN_BRACE) skipNested(lexer);
    stop = lexer.offset;
  }
  pushToken(tokens, TOKEN.initializer, start < 0 ? stop : start, stop, false);
  lexer.offset = lexer.start;
}

/** From behind an opening bracket to behind its match, all kinds of brackets counted alike, or to the lexer's end. */
export function skipNested(lexer: Lexer): void {
  let depth = 1;
  while (depth > 0) {
    switch (nextToken(lexer)) {
      case TOKEN.end:
      case TOKEN.directive:
        return;
      case OPEN_PAREN:
      case OPEN_BRACKET:
      case OPEN_BRACE:
        depth++;
        break;
      case CLOSE_PAREN:
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth--;
        break;
    }
  }
}

/** The place of the first token of that kind from `from` on, before `to`; -1 where there is none. */
export function findToken(tokens: Tokens, kind: number, from: number, to: number): number {
  for (let i = from; i < to; i++) if (tokens.kinds[i] === kind) return i;
  return -1;
}
