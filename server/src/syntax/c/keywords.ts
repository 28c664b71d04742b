/**
 * The keywords of C23 and of GNU C that matter to a declaration, and how to tell them from other words without making a
 * string. It knows no grammar.
 */

/** What a keyword is to a declaration. Kinds of tokens start beyond the ASCII codes, which stand for punctuation. */
export const KEYWORD = {
  extern: 130,
  static: 131,
  typedef: 132,
  /** auto, register, _Thread_local: a storage class that gives no linkage of its own. */
  register: 133,
  threadLocal: 134,
  auto: 135,
  inline: 136,
  const: 137,
  /** volatile, restrict, _Atomic, __extension__: says nothing of linkage, type or place. */
  qualifier: 138,
  void: 139,
  /** int, char, _Bool …: a type of an object by itself. */
  type: 140,
  /** struct, union, enum. */
  tag: 141,
  typeof: 142,
  attribute: 143,
  asm: 144,
  alignas: 145,
  staticAssert: 146,
  extension: 147,
} as const;

const WORDS: readonly (readonly [number, string])[] = [
  [KEYWORD.extern, "extern"],
  [KEYWORD.static, "static"],
  [KEYWORD.typedef, "typedef"],
  [KEYWORD.register, "register"],
  [KEYWORD.threadLocal, "_Thread_local thread_local __thread"],
  [KEYWORD.auto, "auto"],
  [KEYWORD.inline, "inline __inline __inline__"],
  [KEYWORD.const, "const __const __const__ constexpr"],
  [KEYWORD.qualifier, "volatile __volatile __volatile__ restrict __restrict __restrict__ _Atomic"],
  [KEYWORD.void, "void"],
  [
    KEYWORD.type,
    "char short int long float double signed __signed __signed__ unsigned _Bool _Complex __complex__ __int128 __int128_t __uint128_t __auto_type",
  ],
  [KEYWORD.tag, "struct union enum"],
  [KEYWORD.typeof, "typeof __typeof __typeof__ typeof_unqual"],
  [KEYWORD.attribute, "__attribute__ __attribute"],
  [KEYWORD.asm, "asm __asm __asm__"],
  [KEYWORD.alignas, "_Alignas alignas"],
  [KEYWORD.staticAssert, "_Static_assert static_assert"],
  [KEYWORD.extension, "__extension__ _Noreturn"],
];

/** Keywords of statements and expressions, which nothing can be called. */
const STATEMENT_WORDS: ReadonlySet<string> = new Set(
  "break case continue default do else for goto if return sizeof switch while".split(" "),
);

/** Whether the word is a keyword that no declaration has in it, so that what looks like one is prose or assembly. */
export function isStatementWord(word: string): boolean {
  return STATEMENT_WORDS.has(word);
}

const BUCKETS = 1024;

/** Hashes a word by its length and three of its codes; the keywords above fall into buckets of at most a few. */
function bucketOf(codes: ArrayLike<number>, start: number, end: number): number {
  const length = end - start;
  return (codes[start]! * 7 + codes[start + (length >> 1)]! * 31 + codes[end - 1]! * 3 + length * 61) & (BUCKETS - 1);
}

interface Entry {
  readonly kind: number;
  readonly codes: readonly number[];
}

const TABLE: readonly (readonly Entry[] | undefined)[] = fillTable();

function fillTable(): (Entry[] | undefined)[] {
  const table: (Entry[] | undefined)[] = new Array(BUCKETS).fill(undefined);
  for (const [kind, words] of WORDS) {
    for (const word of words.split(" ")) {
      const codes = Array.from(word, (letter) => letter.charCodeAt(0));
      const bucket = bucketOf(codes, 0, codes.length);
      const entries = table[bucket];
      if (entries === undefined) table[bucket] = [{ kind, codes }];
      else entries.push({ kind, codes });
    }
  }
  return table;
}

/** The kind of keyword that stands in [start, end), or 0 for any other word. */
export function keywordAt(codes: Uint8Array, start: number, end: number): number {
  const entries = TABLE[bucketOf(codes, start, end)];
  if (entries === undefined) return 0;
  for (const entry of entries) {
    if (entry.codes.length === end - start && matches(codes, start, entry.codes)) return entry.kind;
  }
  return 0;
}

function matches(codes: Uint8Array, start: number, wanted: readonly number[]): boolean {
  for (let i = 0; i < wanted.length; i++) if (codes[start + i] !== wanted[i]) return false;
  return true;
}

/** True when exactly this text stands at the offset and no identifier goes on behind it. ASCII only. */
export function isWordAt(codes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (codes[start + i] !== word.charCodeAt(i)) return false;
  return true;
}
