/** Where a reader of code stands in a run of tokens, and the small questions it asks there. It knows no grammar. */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { skipToLineEnd } from "./bytes.ts";
import { type Lexer, nextToken, openLexer, TOKEN } from "./lexer.ts";
import { extendRun, kindAt, startRun, type TokenRun, tokenWord } from "./token-run.ts";

export interface CodeReader {
  readonly run: TokenRun;
  /** The place of the next token. */
  at: number;
  /** Where to stop. */
  end: number;
  depth: number;
  /** Names that are known to be types, besides those that every reader knows. */
  readonly types: ReadonlySet<string>;
}

/** How deep expressions and statements may nest. */
export const DEEPEST = 150;

/** Reads the tokens of a stretch; a line of the preprocessor's is one token. */
export function openCode(
  source: Source,
  { start, end }: Span,
  mode: "file" | "macro",
  types: ReadonlySet<string>,
): CodeReader {
  const lexer: Lexer = openLexer(source, start, end, mode);
  const run = startRun(source);
  for (let kind = nextToken(lexer); kind !== TOKEN.end; kind = nextToken(lexer)) {
    if (kind === TOKEN.directive) {
      const from = lexer.start;
      lexer.offset = Math.min(end, skipToLineEnd(lexer.codes, from, end));
      extendRun(run, kind, from, lexer.offset);
    } else extendRun(run, kind, lexer.start, lexer.stop);
  }
  return { run, at: 0, end: run.count, depth: 0, types };
}

/** The kind of the next token, or of one further on; the end where there is none. */
export function peekKind(reader: CodeReader, ahead = 0): number {
  const at = reader.at + ahead;
  return at < reader.end ? kindAt(reader.run, at) : TOKEN.end;
}

/** The next token's text where it is a word or a keyword. */
export function peekWord(reader: CodeReader, ahead = 0): string {
  return reader.at + ahead < reader.end ? tokenWord(reader.run, reader.at + ahead) : "";
}

const OPERATORS: ReadonlySet<string> = new Set(
  "<<= >>= ... -> ++ -- << >> <= >= == != && || *= /= %= += -= &= ^= |= ##".split(" "),
);

/** The longest operator that starts at the next token, and how many tokens it is; "" for what is no punctuation. */
export function peekOperator(reader: CodeReader): { readonly text: string; readonly count: number } {
  const { run, at, end } = reader;
  const first = peekKind(reader);
  if (first < 33 || first > 126) return { text: "", count: 0 };
  let text = String.fromCharCode(first);
  let best = { text, count: 1 };
  for (let count = 2; count <= 3 && at + count <= end; count++) {
    if (run.stops[at + count - 2] !== run.starts[at + count - 1]) break;
    const next = kindAt(run, at + count - 1);
    if (next < 33 || next > 126) break;
    text += String.fromCharCode(next);
    if (OPERATORS.has(text)) best = { text, count };
  }
  return best;
}

/** Steps over the next token where it is of that kind. */
export function acceptKind(reader: CodeReader, kind: number): boolean {
  if (peekKind(reader) !== kind) return false;
  reader.at++;
  return true;
}

/** Where the next token starts; the end of the last one where there is none. */
export function startAt(reader: CodeReader): number {
  const { run, at } = reader;
  return at < run.count ? run.starts[at]! : endBefore(reader);
}

/** Where the token before the next one ends. */
export function endBefore({ run, at }: CodeReader): number {
  return at > 0 ? run.stops[at - 1]! : 0;
}

/** The place of the bracket that closes the one at the place; -1 where none does within reach. */
export function closeOf({ run, end }: CodeReader, at: number): number {
  const close = run.partners[at]!;
  return close > at && close < end ? close : -1;
}

/** The texts of the tokens of a macro's replacement or of a directive's line; comments are none. */
export function tokenTexts(source: Source, span: Span): string[] {
  const { run } = openCode(source, span, "macro", new Set());
  return Array.from({ length: run.count }, (_, at) => source.slice(run.starts[at]!, run.stops[at]!));
}
