/**
 * Preprocessing tokens (C11 6.4): their kinds and flags, one token as macro expansion moves it, and the arrays that a
 * whole translation unit is kept in. It knows no rules of lexing or expansion.
 */

/** No token: the end of a file, of a directive or of a macro argument. */
export const END = 0;
export const IDENTIFIER = 1;
/** A preprocessing number, which need not be a valid constant. */
export const NUMBER = 2;
/** A string literal with its prefix, raw ones included. */
export const STRING = 3;
export const CHARACTER = 4;
/** An operator or punctuator; its spelling's number says which. */
export const PUNCTUATOR = 5;
/** Any other unit, alone (`@`, `` ` ``, `\`), or an unterminated literal up to its line's end. */
export const OTHER = 6;
/** `<…>` behind #include; the spelling holds the brackets. */
export const HEADER_NAME = 7;
/** The `#pragma` of a pragma that is passed on; the pragma's own tokens follow, up to {@link PRAGMA_END}. */
export const PRAGMA = 8;
/** Where a pragma's line ends; the spelling is empty. */
export const PRAGMA_END = 9;
/** Not a token: where an expansion or an argument began or ended, so that spaces come out as the person wrote them. */
export const PADDING = 10;
/** A parameter in a macro's replacement list; the "spelling" is the parameter's index. */
export const PARAMETER = 11;

/** White space stands before the token. */
export const SPACE_BEFORE = 1;
/** The token is the first of its line. */
export const LINE_START = 2;
/** Nobody wrote this spelling there: `##`, `#` or a built-in macro made it. */
export const SYNTHESIZED = 4;
/** A name that was met inside its own expansion, and is never expanded again (C11 6.10.3.4p2). */
export const NO_EXPAND = 8;
/** `##` follows in the replacement list. */
export const PASTE_LEFT = 16;
/** `#` preceded this parameter in the replacement list. */
export const STRINGIFY = 32;
/** The token came out of an argument and stands beside a `##`. */
export const FROM_ARGUMENT = 64;

/** One token on its way through expansion. Tokens of files and macros are shared: nobody changes one. */
export interface CppToken {
  readonly kind: number;
  /** The number of the spelling, see spellings.ts. For a parameter its index; for padding see {@link PADDING_NONE}. */
  readonly spelling: number;
  readonly flags: number;
  /** The file whose text holds the spelling, by number. */
  readonly file: number;
  /** Where it starts there, in UTF-16 units. */
  readonly offset: number;
}

/** Padding that tells nothing of spaces: only that the neighbours must not run together. */
export const PADDING_NONE = 0;
/** Padding that stands for a token, whose {@link SPACE_BEFORE} it carries. */
export const PADDING_OF_TOKEN = 1;

/** The tokens of a text, as arrays; the i-th of each belongs to the i-th token. */
export interface TokenArrays {
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly flags: Uint8Array;
  readonly spellings: Int32Array;
  /** Where each starts in its file, in UTF-16 units. */
  readonly offsets: Int32Array;
}

/** The tokens that preprocessing yields. */
export interface OutputTokens extends TokenArrays {
  /** The number of the file that holds the token's spelling. */
  readonly files: Int32Array;
  /** The expansion that the token came out of, or -1 where a file holds it in its plain text. */
  readonly expansions: Int32Array;
}

/** Output tokens while they are being added. */
export interface GrowingTokens {
  count: number;
  kinds: Uint8Array;
  flags: Uint8Array;
  spellings: Int32Array;
  offsets: Int32Array;
  files: Int32Array;
  expansions: Int32Array;
}

export function createTokens(capacity: number): GrowingTokens {
  return {
    count: 0,
    kinds: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
    spellings: new Int32Array(capacity),
    offsets: new Int32Array(capacity),
    files: new Int32Array(capacity),
    expansions: new Int32Array(capacity),
  };
}

/** Makes room for at least one more token. */
export function growTokens(tokens: GrowingTokens): void {
  const capacity = tokens.kinds.length * 2;
  tokens.kinds = copyInto(new Uint8Array(capacity), tokens.kinds);
  tokens.flags = copyInto(new Uint8Array(capacity), tokens.flags);
  tokens.spellings = copyInto(new Int32Array(capacity), tokens.spellings);
  tokens.offsets = copyInto(new Int32Array(capacity), tokens.offsets);
  tokens.files = copyInto(new Int32Array(capacity), tokens.files);
  tokens.expansions = copyInto(new Int32Array(capacity), tokens.expansions);
}

function copyInto<A extends Uint8Array | Int32Array>(larger: A, old: A): A {
  larger.set(old);
  return larger;
}
