/** Reads type names (C11 6.7.7) as far as expressions have them. Whether a word is a type it knows of a few words alone. */

import { type CodeReader, closeOf } from "./code-reader.ts";
import type { Expression, TypeExpression } from "./code-tree.ts";
import { OPEN_BRACKET, OPEN_PAREN, STAR } from "./codes.ts";
import { KEYWORD } from "./keywords.ts";
import { TOKEN } from "./lexer.ts";
import { readExpression } from "./read-expression.ts";
import { kindAt, tokenWord } from "./token-run.ts";

/** Types that are keywords to nobody and that kernels and the C library call so. */
const KNOWN: ReadonlySet<string> = new Set(
  "bool u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s8 __s16 __s32 __s64 uint ulong ushort uchar FILE va_list".split(
    " ",
  ),
);

/** Whether a word is known to name a type. */
export function isTypeWord(word: string, types: ReadonlySet<string>): boolean {
  return KNOWN.has(word) || types.has(word) || (word.length > 2 && word.endsWith("_t"));
}

/** True for a keyword that only a type has: `const`, `int`, `struct`, `typeof`. */
export function isTypeKeyword(kind: number): boolean {
  return kind >= KEYWORD.const && kind <= KEYWORD.typeof;
}

/** Whether a type's name starts at the place. */
export function startsType(reader: CodeReader, at: number): boolean {
  if (at >= reader.end) return false;
  const kind = kindAt(reader.run, at);
  if (isTypeKeyword(kind)) return true;
  return kind === TOKEN.word && isTypeWord(tokenWord(reader.run, at), reader.types) && !isCalled(reader, at);
}

function isCalled(reader: CodeReader, at: number): boolean {
  return kindAt(reader.run, at + 1) === OPEN_PAREN && kindAt(reader.run, at + 2) !== STAR;
}

/** The type's name that is all of the stretch. */
export function readTypeName(reader: CodeReader, from: number, to: number): TypeExpression | undefined {
  const { run } = reader;
  if (to <= from) return undefined;
  const words: string[] = [];
  const operands: Expression[] = [];
  let isPointer = false;
  for (let at = from; at < to; at++) {
    const kind = kindAt(run, at);
    if (kind === KEYWORD.typeof || kind === KEYWORD.attribute || kind === KEYWORD.alignas) {
      const operand = readOperand(reader, at + 1);
      if (kind === KEYWORD.typeof) {
        if (operand === undefined) return undefined;
        operands.push(operand);
        words.push("typeof");
      }
      const close = kindAt(run, at + 1) === OPEN_PAREN ? closeOf(reader, at + 1) : -1;
      if (close < 0) return undefined;
      at = close;
    } else if (kind === STAR) {
      isPointer = true;
      words.push("*");
    } else if (kind === TOKEN.word || kind >= 128) words.push(tokenWord(run, at));
    else if (kind === OPEN_PAREN || kind === OPEN_BRACKET) {
      // `(*)(int)`, `[3]`: what is in there says nothing of what the type's kind is, but for a star.
      const close = closeOf(reader, at);
      if (close < 0 || close >= to) return undefined;
      if (kindAt(run, at + 1) === STAR) isPointer = true;
      if (kind === OPEN_BRACKET && close > at + 1) {
        const bound = readWithin(reader, at + 1, close);
        if (bound === undefined) return undefined;
        operands.push(bound);
      }
      words.push(kind === OPEN_BRACKET ? "[]" : "()");
      at = close;
    } else return undefined;
  }
  return {
    kind: "type",
    text: words.join(" "),
    isPointer,
    operands,
    start: run.starts[from]!,
    end: run.stops[to - 1]!,
  };
}

/** What stands in the parentheses of `typeof (…)`: an expression or a type. */
export function readOperand(reader: CodeReader, open: number): Expression | undefined {
  if (kindAt(reader.run, open) !== OPEN_PAREN) return undefined;
  const close = closeOf(reader, open);
  if (close < 0) return undefined;
  return startsType(reader, open + 1) ? readTypeName(reader, open + 1, close) : readWithin(reader, open + 1, close);
}

/** The expression that is all of the stretch. */
function readWithin(reader: CodeReader, from: number, close: number): Expression | undefined {
  const { at, end } = reader;
  reader.at = from;
  reader.end = close;
  const found = readExpression(reader);
  const isWhole = reader.at === close;
  reader.at = at;
  reader.end = end;
  return isWhole ? found : undefined;
}
