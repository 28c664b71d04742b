/**
 * The operators `#` and `##` (C11 6.10.3.2 and 6.10.3.3), and when two tokens beside each other would read as one. It
 * moves no tokens.
 */

import { NON_ASCII, type Source } from "../../text/source.ts";
import { createScanner, scanToken } from "./scan.ts";
import {
  internText,
  LAST_PUNCTUATOR,
  type Punctuator,
  punctuatorNumber,
  spellingLength,
  spellingText,
} from "./spellings.ts";
import { growTables, type Run, report, spend, stop } from "./state.ts";
import {
  CHARACTER,
  type CppToken,
  FROM_ARGUMENT,
  IDENTIFIER,
  NUMBER,
  OTHER,
  PADDING,
  PADDING_NONE,
  PUNCTUATOR,
  SPACE_BEFORE,
  STRING,
  SYNTHESIZED,
} from "./tokens.ts";

/** Room for a kind beside a spelling's number in one number. */
const KINDS = 16;
/** Room for a spelling's number; together with a second one it stays an exact integer. */
const SPELLINGS = 2 ** 26;

/**
 * Pastes two tokens. Undefined where the result is no token, which is an error except in assembly; the tokens then stay
 * beside each other. The result stands where its first part that came from an argument stands, since that is what a
 * person wrote and may want to find, else where its left part stands.
 */
export function pasteTokens(run: Run, left: CppToken, right: CppToken): CppToken | undefined {
  const { spellings } = run;
  const pastes = run.cache.pastes[run.mode];
  const key = left.spelling * SPELLINGS + right.spelling;
  let packed = pastes.get(key);
  if (packed === undefined) {
    const length = spellingLength(spellings, left.spelling) + spellingLength(spellings, right.spelling);
    if (length > run.limits.spelling) {
      stop(run, "preprocessing was given up: ## makes spellings without end");
      return undefined;
    }
    // Each of a long row of ## reads again what the ones before it made.
    spend(run, length >> 2);
    if (run.isStopped) return undefined;
    packed = scanPasted(run, spellingText(spellings, left.spelling), spellingText(spellings, right.spelling));
    pastes.set(key, packed);
  }
  if (packed < 0) {
    if (run.mode === "c") {
      const message = `pasting "${spellingText(spellings, left.spelling)}" and "${spellingText(spellings, right.spelling)}" does not give a valid preprocessing token`;
      report(run, "error", message, left.file, left.offset);
    }
    return undefined;
  }
  growTables(run);
  const place = (left.flags & FROM_ARGUMENT) === 0 && (right.flags & FROM_ARGUMENT) !== 0 ? right : left;
  return {
    kind: packed % KINDS,
    spelling: Math.floor(packed / KINDS),
    flags: (left.flags & (SPACE_BEFORE | FROM_ARGUMENT)) | (right.flags & FROM_ARGUMENT) | SYNTHESIZED,
    file: place.file,
    offset: place.offset,
  };
}

function scanPasted(run: Run, left: string, right: string): number {
  // Two slashes do not make a comment out of thin air.
  if (left === "/" && right !== "=") return -1;
  const text = left + right;
  const source = sourceOf(text);
  const scanner = createScanner(source, run.mode, run.spellings);
  const kind = scanToken(scanner, 0);
  return scanner.end === text.length ? scanner.spelling * KINDS + kind : -1;
}

function sourceOf(text: string): Source {
  const codes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    codes[i] = unit < 0x80 ? unit : NON_ASCII;
  }
  return { codes, length: text.length, slice: (start, end) => text.slice(start, end) };
}

/** Makes the string literal that `#` makes of an argument's tokens. */
export function stringify(
  run: Run,
  tokens: readonly CppToken[],
  from: number,
  end: number,
  operator: CppToken,
): CppToken {
  const { spellings } = run;
  let text = '"';
  let source = 0;
  let backslashes = 0;
  let first: CppToken | undefined;
  for (let i = from; i < end; i++) {
    const token = tokens[i]!;
    if (token.kind === PADDING) {
      if (source === 0 || (source === 1 && token.spelling === PADDING_NONE)) source = paddingSource(token);
      continue;
    }
    const space = source === 0 ? (token.flags & SPACE_BEFORE) !== 0 : source === 2;
    if (space && text.length > 1) text += " ";
    source = 0;
    first ??= token;
    const spelling = spellingText(spellings, token.spelling);
    const isLiteral = token.kind === STRING || token.kind === CHARACTER;
    text += isLiteral ? quote(spelling) : spelling;
    backslashes = token.kind === OTHER && spelling === "\\" ? backslashes + 1 : 0;
    if (text.length > run.limits.spelling) {
      stop(run, "preprocessing was given up: # makes strings without end");
      break;
    }
  }
  if (backslashes % 2 === 1) {
    report(run, "warning", "invalid string literal, ignoring final '\\'", operator.file, operator.offset);
    text = text.slice(0, -1);
  }
  const place = first ?? operator;
  const spelling = internText(spellings, `${text}"`);
  growTables(run);
  return {
    kind: STRING,
    spelling,
    flags: SYNTHESIZED | FROM_ARGUMENT,
    file: place.file,
    offset: place.offset,
  };
}

/** How a literal is spelled within a string: quotes and backslashes escaped, newlines of raw strings as `\n`. */
export function quote(spelling: string): string {
  return spelling.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n");
}

/** What padding says of white space: 0 nothing, 1 that a token had none before it, 2 that it had. */
export function paddingSource(padding: CppToken): number {
  if (padding.spelling === PADDING_NONE) return 0;
  return (padding.flags & SPACE_BEFORE) !== 0 ? 2 : 1;
}

/** For each punctuator, the first units that a next token must not have: together they would be read as something else. */
const FOLLOWERS: string[] = [];
for (const text of ["=", "!", ">", "<", "+", "-", "*", "/", "%", "&", "|", "^", ">>", "<<"] satisfies Punctuator[]) {
  FOLLOWERS[punctuatorNumber(text)] = "=";
}
for (const [text, more] of [
  [">", ">"],
  ["<", "<%:"],
  ["+", "+"],
  ["-", "->"],
  ["/", "/*"],
  ["%", ":>"],
  ["&", "&"],
  ["|", "|"],
  [":", ":>"],
  ["->", "*"],
  [".", ".%"],
  ["#", "#%"],
  ["%:", "#%"],
  ["<=", ">"],
] satisfies [Punctuator, string][]) {
  FOLLOWERS[punctuatorNumber(text)] = (FOLLOWERS[punctuatorNumber(text)] ?? "") + more;
}
const DOT = punctuatorNumber(".");

/** A literal that a name before it would become the prefix of. */
function isUnprefixedLiteral(run: Run, kind: number, spelling: number): boolean {
  if (kind !== CHARACTER && kind !== STRING) return false;
  return /^R?["']/.test(spellingText(run.spellings, spelling));
}

/** Whether a space must part two tokens of the output that none parted in the source. */
export function wouldPaste(
  run: Run,
  leftKind: number,
  leftSpelling: number,
  rightKind: number,
  rightSpelling: number,
): boolean {
  switch (leftKind) {
    case PUNCTUATOR:
      if (leftSpelling === DOT && rightKind === NUMBER) return true;
      break;
    case IDENTIFIER:
      return (
        rightKind === IDENTIFIER ||
        isUnprefixedLiteral(run, rightKind, rightSpelling) ||
        (rightKind === NUMBER && /^[\w$]*$/.test(spellingText(run.spellings, rightSpelling)))
      );
    case NUMBER:
      if (rightKind === NUMBER || rightKind === IDENTIFIER) return true;
      if (rightKind === CHARACTER) return isUnprefixedLiteral(run, rightKind, rightSpelling);
      return rightKind === PUNCTUATOR && ".+-".includes(spellingText(run.spellings, rightSpelling)[0]!);
    case OTHER:
      return rightKind === IDENTIFIER && spellingText(run.spellings, leftSpelling) === "\\";
    default:
      return false;
  }
  if (rightKind !== PUNCTUATOR || rightSpelling > LAST_PUNCTUATOR) return false;
  const followers = FOLLOWERS[leftSpelling];
  return followers?.includes(spellingText(run.spellings, rightSpelling)[0]!) === true;
}
