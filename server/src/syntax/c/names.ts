/**
 * Finds the declared name among words that only the preprocessor could explain. In `int __weak foo(void)`,
 * `foo_t bar __aligned(4)` and `__printf(1, 2) void baz(const char *, ...)` it is a question of likelihood: of what the words
 * look like, of what stands in their parentheses, and of what a declaration cannot do without.
 */

import type { Source } from "../../text/source.ts";
import { CLOSE_PAREN, COMMA, DOT, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, STAR } from "./codes.ts";
import { KEYWORD } from "./keywords.ts";
import { nextToken, openLexer, TOKEN, wordText } from "./lexer.ts";
import type { Tokens } from "./tokens.ts";
import { isObjectType, LIKENESS, likenessOf, looksLikeType } from "./words.ts";

/** How much a parenthesised group looks like a list of parameters. */
export const PARAMETERS = {
  /** There is no group. */
  none: -1,
  /** Numbers, strings, operators: arguments. */
  not: 0,
  /** Names alone: `(x)`, `(a, b)`. */
  perhaps: 1,
  /** Types: `(void)`, `(int x)`, `(struct foo *)`, `()`. */
  sure: 2,
} as const;

/** Judges the group [start, stop), parentheses included. */
export function parametersIn(source: Source, start: number, stop: number): number {
  const lexer = openLexer(source, start + 1, stop - 1, "part");
  const kind = nextToken(lexer);
  if (kind === TOKEN.end) return PARAMETERS.sure;
  if (kind === TOKEN.word) {
    const next = nextToken(lexer);
    if (next === TOKEN.end || next === COMMA) return PARAMETERS.perhaps;
    if (next === STAR || next === TOKEN.word || next >= 128 || next === OPEN_BRACKET) return PARAMETERS.sure;
    if (next === OPEN_PAREN) return nextToken(lexer) === STAR ? PARAMETERS.sure : PARAMETERS.perhaps;
    return PARAMETERS.not;
  }
  if (kind === DOT) return PARAMETERS.sure;
  return kind >= 128 && kind !== KEYWORD.extern && kind !== KEYWORD.static && kind !== KEYWORD.asm
    ? PARAMETERS.sure
    : PARAMETERS.not;
}

/** How many tokens to look at for the `*` of a parenthesised declarator: `(__stdcall __attribute__((x)) *name)`. */
const FURTHEST_STAR = 8;

/**
 * Whether the group is a parenthesised pointer declarator, `(*name)`; where words stand before the star, as in
 * `(__rcu *name)`, only if parameters or bounds follow, for `BITS(a * b)` is none.
 */
export function isPointerGroup(source: Source, tokens: Tokens, at: number): boolean {
  const lexer = openLexer(source, tokens.starts[at]! + 1, tokens.stops[at]! - 1, "part");
  const next = tokens.kinds[at + 1];
  const isFollowed = next === OPEN_PAREN || next === OPEN_BRACKET;
  for (let i = 0; i < FURTHEST_STAR; i++) {
    const kind = nextToken(lexer);
    // `^` is the block pointer of Clang.
    if (kind === STAR || kind === 94) return isFollowed || i === 0;
    const mayPrecede =
      kind === TOKEN.word ||
      kind === KEYWORD.attribute ||
      kind === KEYWORD.const ||
      kind === KEYWORD.qualifier ||
      kind === OPEN_PAREN ||
      kind === CLOSE_PAREN;
    if (!mayPrecede) return false;
  }
  return false;
}

/** A word that may be the declared name: its token, and that of its parenthesised group, or -1. */
export interface Candidate {
  readonly token: number;
  readonly group: number;
}

/** What the choice is made by. */
export interface NameQuestion {
  readonly source: Source;
  readonly tokens: Tokens;
  readonly candidates: readonly Candidate[];
  /** A keyword, a tag or typeof already gives the type, so that no word is needed for it. */
  readonly hasType: boolean;
  /** The last token that gives the type, or -1: a declared name stands behind it (C11 6.7p1). */
  readonly typeToken: number;
  /** The type is a named struct, union or enum with its members, which needs no declarator: `struct x {…} __packed;`. */
  readonly definesTag: boolean;
  /** A storage class stands there, so that a type may be left out as in old C: `extern foo;`. */
  readonly hasStorage: boolean;
  /** The kind of the token behind the last candidate. */
  readonly behind: number;
  /** Words that the file's own #defines make attributes. */
  readonly own: ReadonlySet<string>;
}

/** The place of the declared name among the candidates, or -1 where none of them can be it. */
export function chooseName(question: NameQuestion): number {
  const { candidates, hasType, hasStorage, behind } = question;
  const last = candidates.length - 1;
  if (last < 0) return -1;
  if (candidates[0]!.token < question.typeToken) {
    // `hidden void f(a_t, b_t)`: what stands before the type is a macro's name.
    const first = candidates.findIndex(({ token }) => token > question.typeToken);
    const name = first < 0 ? -1 : chooseName({ ...question, candidates: candidates.slice(first) });
    return name < 0 ? -1 : first + name;
  }
  // `int deflate OF((z_streamp strm));`: a macro holds the parameters, with their parentheses, behind the name.
  const held = candidates.findIndex(
    (candidate, i) => i > 0 && candidates[i - 1]!.group < 0 && holdsParameters(question, question.tokens, candidate),
  );
  if (held > 0 && (held > 1 || hasType)) return held - 1;
  // A bracket follows nothing but the name.
  if (behind === OPEN_BRACKET) return candidates[last]!.group < 0 && (last > 0 || hasType || hasStorage) ? last : -1;
  if (last === 0) return chooseOnly(question);
  if (isTagAnnotated(question)) return -1;
  const likeness = candidates.map((candidate) => likenessOfCandidate(question, candidate));
  // What has an initializer is no function, so that no parentheses before it hold parameters.
  const isObject = behind === TOKEN.initializer;
  const parameters = candidates.map((candidate) =>
    isObject && candidate.group >= 0 ? PARAMETERS.not : parametersOf(question, candidate),
  );
  const find = (from: number, like: number, wanted: number): number => {
    for (let i = from; i <= last; i++) if (likeness[i] === like && parameters[i] === wanted) return i;
    return -1;
  };

  // Whatever has parameters with types is a function, but for an annotation: `noinline(int x)` is not to be seen.
  const sure = find(0, LIKENESS.none, PARAMETERS.sure);
  if (sure >= 0) return sure;
  const perhaps = find(0, LIKENESS.none, PARAMETERS.perhaps);
  const sureReserved = find(0, LIKENESS.some, PARAMETERS.sure);
  if (perhaps >= 0) {
    const isMacro = isCapital(question, candidates[perhaps]!);
    // `int __f(int) ALIAS(g);`
    if (isMacro && sureReserved >= 0 && sureReserved < perhaps) return sureReserved;
    // `MACRO(x) name;`: a plain word behind it is the better name, but for `int f(x_t) WEAK;`.
    const plain = lastOf(likeness, parameters, LIKENESS.none, PARAMETERS.none);
    if (plain < 0 || !hasType) return Math.max(plain, perhaps);
    const isPlainMacro = isCapital(question, candidates[plain]!);
    if (plain > perhaps) return isPlainMacro && !isMacro ? perhaps : plain;
    // `int name ATTRIBUTE(x);` against `int noinline name(x_t);`.
    return isMacro && !isPlainMacro ? plain : perhaps;
  }
  if (sureReserved >= 0) return sureReserved;

  const plain = lastPlain(question, likeness, parameters);
  if (plain >= 0) return choosePlain(question, plain, likeness, parameters);
  const reserved = question.definesTag ? -1 : chooseReserved(hasType, likeness, parameters);
  if (reserved >= 0) return reserved;
  // All are annotations by their look; then one of them is declared here: `int __error(void);`.
  for (let i = 0; i <= last; i++) if (parameters[i] === PARAMETERS.sure) return i;
  return -1;
}

/** One word alone needs a type or storage class before it, or it is a macro: `FOO;`, `MODULE_LICENSE("GPL");`. */
function chooseOnly(question: NameQuestion): number {
  const { candidates, hasType, hasStorage, behind } = question;
  const parameters = parametersOf(question, candidates[0]!);
  // `main(void) {…}` leaves its type out; isMacroCall in declaration.ts tells it from a macro with a body.
  if (!hasType && !hasStorage && !(parameters === PARAMETERS.sure && behind === OPEN_BRACE)) return -1;
  if (parameters === PARAMETERS.not || (parameters >= 0 && behind === TOKEN.initializer)) return -1;
  if (parameters === PARAMETERS.none && isTagAnnotation(question, candidates[0]!)) return -1;
  // `static DEFINE_MUTEX(lock);` against `static main(void)`.
  if (parameters === PARAMETERS.perhaps && !hasType) return -1;
  return 0;
}

/** `struct x {…} __packed;` declares no object. */
function isTagAnnotation(question: NameQuestion, candidate: Candidate): boolean {
  // A comma stands behind a declarator alone.
  if (question.behind === COMMA) return false;
  const likeness = likenessOfCandidate(question, candidate);
  if (question.definesTag && isCapital(question, candidate)) return true;
  return likeness === LIKENESS.sure || (question.definesTag && likeness === LIKENESS.some);
}

/** `struct x {…} PACKED __aligned(4);` declares no object either: of the words, all annotations by their look, one alone is no call or reserved. */
function isTagAnnotated(question: NameQuestion): boolean {
  const { candidates, definesTag, behind } = question;
  // A body or an initializer stands behind a declarator alone, as a comma does.
  const isOver = behind !== COMMA && behind !== OPEN_BRACE && behind !== TOKEN.initializer;
  if (!definesTag || !isOver || !candidates.every((one) => isTagAnnotation(question, one))) return false;
  const isPlain = (one: Candidate) => one.group < 0 && likenessOfCandidate(question, one) === LIKENESS.none;
  return candidates.filter(isPlain).length < 2;
}

/** There is a plain word without parentheses; where no keyword gives the type, one of the words must. */
function choosePlain(question: NameQuestion, plain: number, likeness: number[], parameters: number[]): number {
  if (question.hasType) return plain;
  const after = likeness.findIndex(
    (like, i) => i > plain && like === LIKENESS.some && (parameters[i] ?? 0) !== PARAMETERS.not,
  );
  if (after < 0) return plain;
  const { token } = question.candidates[plain]!;
  const [start, stop] = [question.tokens.starts[token]!, question.tokens.stops[token]!];
  // A macro before a type that everybody knows: `hidden FILE __stdin_file = …`.
  if (isObjectType(wordText(question.source, start, stop))) return after;
  const isOnly = likeness.findIndex((like, i) => like === LIKENESS.none && parameters[i] === PARAMETERS.none) === plain;
  if (!isOnly) return plain;
  // The one plain word is the type where a reserved one follows: `foo_t __bar;`. Between two reserved ones its look decides.
  const hasBefore = likeness.some((like, i) => i < plain && like === LIKENESS.some);
  if (!hasBefore) return after;
  return looksLikeType(question.source.codes, start, stop) ? after : plain;
}

/** All plain words are out; among reserved ones annotations follow the name by habit, and a type must come before it. */
function chooseReserved(hasType: boolean, likeness: number[], parameters: number[]): number {
  const places: number[] = [];
  for (let i = 0; i < likeness.length; i++) {
    if (likeness[i] === LIKENESS.some && parameters[i] !== PARAMETERS.not) places.push(i);
  }
  if (hasType) return places[0] ?? -1;
  return places.length >= 2 ? places.at(-1)! : (places[0] ?? -1);
}

/**
 * The last plain word without parentheses; one before it that has small letters, where the last is all capitals and another word, or
 * a keyword, is there to be the type: `u8 stack VARLOW;`, `int vector WEAK;` against `STATIC lock_t LOCK;`.
 */
function lastPlain(question: NameQuestion, likeness: number[], parameters: number[]): number {
  const { candidates, source, tokens, hasType } = question;
  const last = lastOf(likeness, parameters, LIKENESS.none, PARAMETERS.none);
  if (last < 0 || !isCapital(question, candidates[last]!)) return last;
  const plain: number[] = [];
  for (let i = 0; i < last; i++) if (likeness[i] === LIKENESS.none && parameters[i] === PARAMETERS.none) plain.push(i);
  const small = plain.filter((i) => !isCapital(question, candidates[i]!));
  const name = small.at(-1);
  if (name === undefined) {
    // `struct header HEADER __aligned(16) IN_ROM = {`: annotations stand together, behind the name.
    const first = plain[0];
    const isAnnotated =
      first !== undefined && hasType && (parameters[first + 1] ?? PARAMETERS.none) !== PARAMETERS.none;
    return isAnnotated && likeness[first + 1] !== LIKENESS.none ? first : last;
  }
  if (hasType || small.length > 1) return name;
  const { token } = candidates[name]!;
  const isType = looksLikeType(source.codes, tokens.starts[token]!, tokens.stops[token]!);
  return name !== plain[0] && !isType ? name : last;
}

function lastOf(likeness: number[], parameters: number[], like: number, wanted: number): number {
  for (let i = likeness.length - 1; i >= 0; i--) if (likeness[i] === like && parameters[i] === wanted) return i;
  return -1;
}

function likenessOfCandidate(question: NameQuestion, candidate: Candidate): number {
  const { source, tokens, own } = question;
  const start = tokens.starts[candidate.token]!;
  const stop = tokens.stops[candidate.token]!;
  return likenessOf(source.codes, start, stop, wordText(source, start, stop), own);
}

/** `WORD((…))` with a list of types within: what old headers write around parameters. */
export function holdsParameters(
  { source }: { readonly source: Source },
  tokens: Tokens,
  { group }: Candidate,
): boolean {
  if (group < 0) return false;
  const [start, stop] = [tokens.starts[group]!, tokens.stops[group]!];
  if (source.codes[start + 1] !== OPEN_PAREN || source.codes[stop - 2] !== CLOSE_PAREN) return false;
  return parametersIn(source, start + 1, stop - 1) > PARAMETERS.not;
}

/** All capitals, as macros are by habit. */
function isCapital({ source, tokens }: NameQuestion, { token }: Candidate): boolean {
  return /^[A-Z_\d]*[A-Z][A-Z_\d]*$/.test(source.slice(tokens.starts[token]!, tokens.stops[token]!));
}

function parametersOf(question: NameQuestion, candidate: Candidate): number {
  if (candidate.group < 0) return PARAMETERS.none;
  const { tokens } = question;
  return parametersIn(question.source, tokens.starts[candidate.group]!, tokens.stops[candidate.group]!);
}

/** The place of the word that names the type, among the candidates before `name`, or -1: the last that is no annotation. */
export function chooseType(question: NameQuestion, name: number): number {
  let reserved = -1;
  for (let i = name - 1; i >= 0; i--) {
    const likeness = likenessOfCandidate(question, question.candidates[i]!);
    if (likeness === LIKENESS.none) return i;
    if (likeness === LIKENESS.some && reserved < 0) reserved = i;
  }
  return reserved;
}
