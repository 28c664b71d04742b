/**
 * The tokens of a preprocessed translation unit as its parser sees them: each with a class (keyword, punctuator, name), each
 * bracket with its partner, pragmas taken out and kept beside. It knows no grammar.
 */

import { internText, type Punctuator, punctuatorNumber, type Spellings, spellingText } from "../cpp/spellings.ts";
import { CHARACTER, IDENTIFIER, NUMBER, type OutputTokens, PRAGMA, PRAGMA_END, STRING } from "../cpp/tokens.ts";

/** Classes of tokens. Those of punctuators that the grammar does not name are all `other`. */
export const CLASS = {
  end: 0,
  name: 1,
  number: 2,
  string: 3,
  character: 4,
  other: 5,
  openParen: 6,
  closeParen: 7,
  openBracket: 8,
  closeBracket: 9,
  openBrace: 10,
  closeBrace: 11,
  semicolon: 12,
  comma: 13,
  equals: 14,
  star: 15,
  colon: 16,
  dot: 17,
  arrow: 18,
  /** From here on keywords. */
  extern: 20,
  static: 21,
  typedef: 22,
  register: 23,
  inline: 24,
  /** A word of the specifiers that changes nothing of linkage: const, volatile, _Thread_local, _Noreturn, __extension__. */
  qualifier: 25,
  basicType: 26,
  /** struct, union, enum */
  tag: 27,
  /** typeof and __auto_type's kin: a type with an operand in parentheses. */
  typeof: 28,
  /** _Alignas, whose parentheses hold no more than an operand. */
  alignas: 29,
  attribute: 30,
  asm: 31,
  staticAssert: 32,
  /** sizeof, _Alignof: their operand is not evaluated (C11 6.5.3.4). */
  sizeof: 33,
  /** A qualifier, or with parentheses behind it a type. */
  atomic: 34,
  if: 35,
  else: 36,
} as const;

const PUNCTUATOR_CLASSES: readonly (readonly [Punctuator, number])[] = [
  ["(", CLASS.openParen],
  [")", CLASS.closeParen],
  ["[", CLASS.openBracket],
  ["<:", CLASS.openBracket],
  ["]", CLASS.closeBracket],
  [":>", CLASS.closeBracket],
  ["{", CLASS.openBrace],
  ["<%", CLASS.openBrace],
  ["}", CLASS.closeBrace],
  ["%>", CLASS.closeBrace],
  [";", CLASS.semicolon],
  [",", CLASS.comma],
  ["=", CLASS.equals],
  ["*", CLASS.star],
  [":", CLASS.colon],
  [".", CLASS.dot],
  ["->", CLASS.arrow],
];

/** Keywords of C11 6.4.1 and of GNU C that can stand in a declaration. */
const KEYWORDS: Readonly<Record<string, number>> = {
  extern: CLASS.extern,
  static: CLASS.static,
  typedef: CLASS.typedef,
  register: CLASS.register,
  ...all(CLASS.inline, "inline __inline __inline__"),
  ...all(
    CLASS.qualifier,
    `const __const __const__ volatile __volatile __volatile__ restrict __restrict __restrict__ auto __extension__
     _Noreturn __thread _Thread_local thread_local __seg_gs __seg_fs constexpr`,
  ),
  ...all(
    CLASS.basicType,
    `void char short int long float double signed __signed __signed__ unsigned _Bool _Complex __complex__ __complex
     _Imaginary __int128 __int128_t __uint128_t _Float16 _Float32 _Float64 _Float128 _Float32x _Float64x __float128
     _Decimal32 _Decimal64 _Decimal128 __builtin_va_list __auto_type`,
  ),
  ...all(CLASS.tag, "struct union enum"),
  ...all(CLASS.typeof, "typeof __typeof __typeof__ typeof_unqual"),
  ...all(CLASS.alignas, "_Alignas alignas"),
  _Atomic: CLASS.atomic,
  ...all(CLASS.attribute, "__attribute__ __attribute __declspec"),
  ...all(CLASS.asm, "asm __asm __asm__"),
  ...all(CLASS.staticAssert, "_Static_assert static_assert"),
  if: CLASS.if,
  else: CLASS.else,
  ...all(CLASS.sizeof, "sizeof _Alignof __alignof __alignof__ alignof"),
};

function all(kind: number, words: string): Record<string, number> {
  return Object.fromEntries(words.split(/\s+/).map((word) => [word, kind]));
}

/** The class of each punctuator, by its spelling's number, which is the same in every set of spellings. */
const PUNCTUATORS = tableOf(PUNCTUATOR_CLASSES.map(([text, kind]) => [punctuatorNumber(text), kind]));

/** The class of each keyword, by its spelling's number in this set of spellings. */
const keywordTables = new WeakMap<Spellings, Uint8Array>();

function tableOf(pairs: readonly (readonly [number, number])[]): Uint8Array {
  const table = new Uint8Array(Math.max(0, ...pairs.map(([number]) => number)) + 1);
  for (const [number, kind] of pairs) table[number] = kind;
  return table;
}

function keywordsOf(spellings: Spellings): Uint8Array {
  let table = keywordTables.get(spellings);
  if (table === undefined) {
    table = tableOf(Object.entries(KEYWORDS).map(([word, kind]) => [internText(spellings, word), kind]));
    keywordTables.set(spellings, table);
  }
  return table;
}

/** A translation unit's tokens. The i-th of each array belongs to the i-th token; one of class `end` stands behind the last. */
export interface UnitTokens {
  readonly count: number;
  readonly classes: Uint8Array;
  readonly spellings: Int32Array;
  /** The token's index in the preprocessor's output. */
  readonly origins: Int32Array;
  /**
   * For an opening bracket, its closing one, or the count where there is none; for every other token the token itself. A
   * closing bracket without an opening one is of class `other`.
   */
  readonly partners: Int32Array;
  readonly names: Spellings;
  /** Pragmas that were taken out: [start, end) of their operands in the preprocessor's output. */
  readonly pragmas: readonly { readonly start: number; readonly end: number }[];
}

/** The text of a token. */
export function textAt(tokens: UnitTokens, at: number): string {
  return spellingText(tokens.names, tokens.spellings[at]!);
}

/** Behind the token, or behind the bracket that closes it where it opens one. Never beyond the count. */
export function behind(tokens: UnitTokens, at: number): number {
  return Math.min(tokens.count, tokens.partners[at]! + 1);
}

/** Brackets that may stand open at once; deeper ones are taken as ordinary tokens. */
const DEEPEST = 10_000;

/** Sorts the preprocessor's tokens into classes and pairs brackets, in time linear in their number. */
export function unitTokens(output: OutputTokens, names: Spellings): UnitTokens {
  const classes = new Uint8Array(output.count + 1);
  const spellings = new Int32Array(output.count + 1);
  const origins = new Int32Array(output.count + 1);
  const partners = new Int32Array(output.count + 1);
  const pragmas: { start: number; end: number }[] = [];
  const keywords = keywordsOf(names);
  const open: number[] = [];
  let count = 0;
  for (let i = 0; i < output.count; i++) {
    const kind = output.kinds[i]!;
    if (kind === PRAGMA) {
      const start = i + 1;
      while (i < output.count && output.kinds[i] !== PRAGMA_END) i++;
      pragmas.push({ start, end: i });
      continue;
    }
    const spelling = output.spellings[i]!;
    spellings[count] = spelling;
    origins[count] = i;
    partners[count] = count;
    classes[count] = classOf(kind, spelling, keywords);
    pair(classes, partners, open, count);
    count++;
  }
  for (const at of open) partners[at] = count;
  origins[count] = output.count;
  partners[count] = count;
  return { count, classes, spellings, origins, partners, names, pragmas };
}

function classOf(kind: number, spelling: number, keywords: Uint8Array): number {
  switch (kind) {
    case IDENTIFIER:
      return (spelling < keywords.length && keywords[spelling]) || CLASS.name;
    case NUMBER:
      return CLASS.number;
    case STRING:
      return CLASS.string;
    case CHARACTER:
      return CLASS.character;
    default:
      return (spelling < PUNCTUATORS.length && PUNCTUATORS[spelling]) || CLASS.other;
  }
}

/** Notes an opening bracket, or finds the partner of a closing one; those left open in between end there too. */
function pair(classes: Uint8Array, partners: Int32Array, open: number[], at: number): void {
  const kind = classes[at]!;
  if (kind < CLASS.openParen || kind > CLASS.closeBrace) return;
  if ((kind & 1) === 0) {
    if (open.length < DEEPEST) open.push(at);
    else classes[at] = CLASS.other;
    return;
  }
  let depth = open.length - 1;
  // A brace ends what stands open within it; parentheses and square brackets end nothing beyond a brace.
  while (depth >= 0 && classes[open[depth]!] !== kind - 1) {
    if (kind !== CLASS.closeBrace && classes[open[depth]!] === CLASS.openBrace) depth = 0;
    depth--;
  }
  if (depth < 0) {
    classes[at] = CLASS.other;
    return;
  }
  while (open.length > depth) partners[open.pop()!] = at;
}
