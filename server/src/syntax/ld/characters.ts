/**
 * The characters that each state of ld's lexer allows in names (ldlex.l of binutils 2.40). It knows nothing else of the
 * language. ld reads bytes; any byte beyond ASCII is an invalid character outside of quotes and comments.
 */

/** Within the braces of an output section: patterns. */
export const WILD = 1;
/** Names of files, sections and symbols in the script at large, first and further characters. */
export const FILE_START = 2;
export const FILE = 4;
/** Symbols in expressions, first and further characters. */
export const SYMBOL_START = 8;
export const SYMBOL = 16;
export const DIGIT = 32;
export const HEX = 64;
/** Tags and patterns of version scripts, first and further characters. */
export const TAG_START = 128;
export const TAG = 256;
export const VERSION_START = 512;
export const VERSION_WORD = 1024;
/** Characters of identifiers as the C preprocessor knows them, first and further. */
export const WORD_START = 2048;
export const WORD = 4096;
export const BLANK = 8192;

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
const DIGITS = "0123456789";

/** For each code, the classes it belongs to. */
export const CLASSES: Uint16Array = makeClasses();

function makeClasses(): Uint16Array {
  const classes = new Uint16Array(256);
  const add = (characters: string, bits: number): void => {
    for (let i = 0; i < characters.length; i++) {
      const code = characters.charCodeAt(i);
      classes[code] = classes[code]! | bits;
    }
  };
  const everyName = WILD | FILE | SYMBOL | VERSION_WORD | TAG | WORD;
  add(LETTERS, everyName | FILE_START | SYMBOL_START | TAG_START | VERSION_START | WORD_START);
  add(DIGITS, everyName | DIGIT | HEX);
  add("abcdefABCDEF", HEX);
  add("/.\\$~-+:[],=?*^!", WILD);
  add("/.\\$~-+:[],=", FILE);
  add("/.\\$~", FILE_START | SYMBOL);
  add(".\\$", SYMBOL_START);
  add(".$", TAG_START);
  add(".", TAG);
  add("*?.$[]-!^\\", VERSION_START | VERSION_WORD);
  add(" \t\r", BLANK);
  return classes;
}

/** Where the run of characters of this class that begins at `offset` ends, at most `end`. */
export function endOfRun(codes: Uint8Array, offset: number, end: number, bits: number): number {
  let at = offset;
  while (at < end && CLASSES[codes[at]!]! & bits) at++;
  return at;
}

/**
 * The same, but to before a comment at most: cpp takes comments out before ld sees the text, so that in `a/* b *\/` the
 * name is not `a/`. The pattern `lib/*.o` is none, and neither is what goes on as a path (see {@link isPathWithStar}).
 */
export function endOfRunOrComment(codes: Uint8Array, offset: number, end: number, bits: number): number {
  let at = offset;
  while (at < end && CLASSES[codes[at]!]! & bits) {
    if (codes[at] === 47 && codes[at + 1] === 42 && at > offset && !isPathWithStar(codes, at, end)) return at;
    at++;
  }
  return at;
}

/**
 * True where the `/*` at `at` is a part of a path, as in `lib/*\/b.*(.text)`: a name stands right before it and right behind, and
 * no comment ends on its line that begins here. `gcc -E -C` passes such a text as it is, and ld reads the longest name.
 */
export function isPathWithStar(codes: Uint8Array, at: number, end: number): boolean {
  const after = codes[at + 2] ?? 0;
  if (at === 0 || !(CLASSES[codes[at - 1]!]! & WORD || codes[at - 1] === 42 || codes[at - 1] === 46)) return false;
  const goesOn = CLASSES[after]! & WORD || after === 47 || after === 46 || after === 40 || after === 41;
  if (!goesOn && !(after === 32 && isPathBefore(codes, at))) return false;
  const limit = Math.min(end, at + LONGEST_LINE);
  for (let i = at + 3; i < limit && codes[i] !== 10; i++) {
    // A comment that begins further on is what ends there.
    if (codes[i] === 47 && codes[i + 1] === 42) return true;
    if (codes[i] === 42 && codes[i + 1] === 47) return false;
  }
  return true;
}

/** True where the name before `at` is plainly a path or a pattern: `*lib/sub` of `*lib/sub/*`. */
function isPathBefore(codes: Uint8Array, at: number): boolean {
  for (let i = at - 1; i >= 0 && i > at - LONGEST_LINE && CLASSES[codes[i]!]! & WILD; i--) {
    if (codes[i] === 42 || codes[i] === 47) return true;
  }
  return false;
}

/** Strings over lines are messages; none has more units than this. */
const LONGEST_STRING = 4000;

/**
 * Where a string ends whose own line does not end it, in a script that the preprocessor has yet to see: `gcc -E` passes it, with
 * a warning, and ld reads on to the next quote. undefined for a quote that stands alone: one that ends a string has behind it
 * what may follow one, `)`, `,`, `;` or the line's end.
 */
export function endOfStringOverLines(codes: Uint8Array, start: number, end: number): number | undefined {
  const limit = Math.min(end, start + LONGEST_STRING);
  let at = start + 1;
  while (at < limit && codes[at] !== 34) at++;
  if (at >= limit) return undefined;
  const behind = at + 1;
  at = behind;
  while (at < end && CLASSES[codes[at]!]! & BLANK) at++;
  const code = codes[at];
  return at >= end || code === 10 || code === 41 || code === 44 || code === 59 ? behind : undefined;
}

/** How far the end of a comment is looked for on its line. */
const LONGEST_LINE = 400;

const UPPER_WORD = /^[A-Z_][A-Z0-9_]*$/;
const LETTER = /[A-Z]/;

/** True for a name as macros have it, all capitals. */
export function looksLikeMacro(name: string): boolean {
  return name.length > 1 && UPPER_WORD.test(name) && LETTER.test(name);
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** True for an identifier of C, which alone can be a macro's name. */
export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name);
}
