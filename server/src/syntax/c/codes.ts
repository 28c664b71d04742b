/** Character codes and classes for the C reader's byte loops. It knows no token and no grammar. */

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const EXCLAMATION = 33; // !
export const QUOTE = 34; // "
export const HASH = 35; // #
export const AMPERSAND = 38; // &
export const APOSTROPHE = 39; // '
export const OPEN_PAREN = 40; // (
export const CLOSE_PAREN = 41; // )
export const STAR = 42; // *
export const PLUS = 43; // +
export const COMMA = 44; // ,
export const MINUS = 45; // -
export const DOT = 46; // .
export const SLASH = 47; // /
export const COLON = 58; // :
export const SEMICOLON = 59; // ;
export const EQUALS = 61; // =
export const QUESTION = 63; // ?
export const OPEN_BRACKET = 91; // [
export const BACKSLASH = 92; // \
export const CLOSE_BRACKET = 93; // ]
export const UNDERSCORE = 95; // _
export const OPEN_BRACE = 123; // {
export const BAR = 124; // |
export const CLOSE_BRACE = 125; // }

/** 1 for the codes that an identifier may hold: letters, digits, `_`, `$` and everything beyond ASCII. */
export const IS_WORD: Uint8Array = wordTable();

/** 1 for blanks within a line: space, tab, form feed, vertical tab and the carriage return before a line feed. */
export const IS_BLANK: Uint8Array = tableOf(" \t\f\v\r", 1);

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** True for a code that may start an identifier. */
export function isWordStart(code: number): boolean {
  return IS_WORD[code] === 1 && !isDigit(code);
}

/** A table of 256 classes in which each of the characters has the class given and all others 0. */
export function tableOf(characters: string, value: number): Uint8Array {
  const table = new Uint8Array(256);
  for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)] = value;
  return table;
}

function wordTable(): Uint8Array {
  const table = tableOf("_$", 1);
  for (let code = 48; code <= 57; code++) table[code] = 1;
  for (let code = 65; code <= 90; code++) table[code] = table[code + 32] = 1;
  for (let code = 128; code <= 255; code++) table[code] = 1;
  return table;
}
