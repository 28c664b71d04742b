/**
 * Statements of a script that the C preprocessor has yet to see, and of macros' bodies. What a macro call stands for is
 * not known, and neither is where an included file or a macro's body will stand; so every statement is allowed
 * everywhere, what it is shows in its first characters, and only what no expansion could mend is an error.
 */

import {
  CLASSES,
  endOfRunOrComment,
  endOfStringOverLines,
  isIdentifier,
  isPathWithStar,
  looksLikeMacro,
  WILD,
} from "./characters.ts";
import { atAssignment, parseAssignment } from "./commands.ts";
import {
  allowEnd,
  at,
  type Cursor,
  isKnownMacro,
  type Level,
  MAX_NESTING,
  nameOf,
  peek,
  popState,
  pushState,
  startStatement,
  take,
} from "./cursor.ts";
import { parseExpressionIn } from "./expressions.ts";
import { parseInputSection } from "./input-sections.ts";
import { INSIDE, KEYWORDS, SCRIPT } from "./keywords.ts";
import { skipTrivia } from "./lexer.ts";
import { closingParenthesis, finishMacroCall } from "./macro-calls.ts";
import { parseBody, parseMember, parseOutputSection, parseTrailer } from "./output-sections.ts";
import { recover } from "./recovery.ts";
import { parseKeywordStatement, parseStatement } from "./statements.ts";
import type { LdFragment, LdMacroCall, LdStatement } from "./tree.ts";

/** Reads statements to before the brace that closes the level, or to the end of the text. */
export function parseUnexpandedStatements(cursor: Cursor, level: Level): LdStatement[] {
  const statements: LdStatement[] = [];
  if (cursor.nesting >= MAX_NESTING) return statements;
  cursor.nesting++;
  for (;;) {
    allowEnd(cursor);
    const token = peek(cursor);
    if (token.type === "END" || (token.type === "}" && level !== "file")) break;
    startStatement(cursor);
    statements.push(parseUnexpandedStatement(cursor, level, token.start));
    if (cursor.inPanic) recover(cursor, token.start);
  }
  cursor.nesting--;
  return statements;
}

type Shape = "script" | "inside" | "trailer" | "assignment" | "section" | "member" | "macro" | "pattern" | "stray";

function parseUnexpandedStatement(cursor: Cursor, level: Level, start: number): LdStatement {
  // The token behind the statement before may have been read in a state that does not suit this one.
  cursor.token = undefined;
  cursor.offset = start;
  const shape = shapeOf(cursor, start, level);
  const isInside = shape === "inside" || shape === "pattern";
  pushState(cursor, isInside ? INSIDE : SCRIPT);
  const statement = parseShape(cursor, shape, level, start);
  popState(cursor);
  return statement;
}

function parseShape(cursor: Cursor, shape: Shape, level: Level, start: number): LdStatement {
  switch (shape) {
    case "script":
      return parseKeywordStatement(cursor, level);
    case "inside":
      return parseStatement(cursor, "section");
    case "trailer": {
      // `:init` behind a macro that ends in an output section; the macro itself stands before an #ifdef, or elsewhere.
      parseTrailer(cursor, true);
      return { kind: "invalid", start, end: Math.max(start, cursor.lastEnd) };
    }
    case "assignment":
      return parseAssignmentTo(cursor);
    case "section":
      return parseOutputSection(cursor, takeSectionName(cursor));
    case "member":
      return parseMember(cursor);
    case "macro":
      return parseMacroStatement(cursor);
    case "pattern":
      return parseInputSection(cursor, undefined);
    default: {
      const token = take(cursor);
      if (token.type === "{") recoverBlock(cursor, level);
      return { kind: "invalid", start, end: Math.max(start, cursor.lastEnd) };
    }
  }
}

/** A block behind something that was no header as far as this file shows: its statements count all the same. */
function recoverBlock(cursor: Cursor, level: Level): void {
  parseUnexpandedStatements(cursor, level === "file" ? "sections" : level);
  if (at(cursor, "}")) take(cursor);
}

function parseAssignmentTo(cursor: Cursor): LdStatement {
  const token = take(cursor);
  if (atAssignment(cursor)) return parseAssignment(cursor, nameOf(token));
  return { kind: "invalid", start: token.start, end: token.end };
}

function takeSectionName(cursor: Cursor) {
  const token = take(cursor);
  return { ...token, text: token.text === "" ? cursor.source.slice(token.start, token.end) : token.text };
}

/** A macro as a statement, with what may follow it: a block, segments, or `= value;` where it stands for a symbol. */
function parseMacroStatement(cursor: Cursor): LdStatement {
  const token = take(cursor);
  allowEnd(cursor);
  const call = finishMacroCall(cursor, token);
  allowEnd(cursor);
  const name = { ...nameOf(token), text: cursor.source.slice(token.start, call.end), pasted: true, end: call.end };
  const follows = cursor.source.slice(peek(cursor).start, Math.min(peek(cursor).start + 3, cursor.end));
  if (call.arguments !== undefined && ASSIGNS.test(follows)) return parseAssignment(cursor, name);
  if (call.arguments !== undefined && at(cursor, "{")) return parseMacroBlock(cursor, call);
  if (startsTrailer(cursor)) {
    const trailer = parseTrailer(cursor, true);
    return { ...call, trailer, end: cursor.lastEnd };
  }
  return call;
}

/** `SECTION_PROLOGUE(name,,) { … }`: a macro that stands for the header of an output section. */
function parseMacroBlock(cursor: Cursor, call: LdMacroCall): LdStatement {
  const { body, inner } = parseBody(cursor);
  const trailer = body === undefined ? undefined : parseTrailer(cursor, true);
  return {
    kind: "output-section",
    name: {
      text: cursor.source.slice(call.start, call.end),
      quoted: false,
      pasted: true,
      start: call.start,
      end: call.end,
    },
    address: undefined,
    type: undefined,
    loadAddress: undefined,
    align: undefined,
    alignWithInput: undefined,
    subalign: undefined,
    constraint: undefined,
    header: { start: call.start, end: call.end },
    body,
    statements: inner,
    trailer,
    inOverlay: false,
    start: call.start,
    end: cursor.lastEnd,
  };
}

const TRAILER = /^(?::[ \t]*(?!AT\b|ALIGN\b|SUBALIGN\b|ONLY_IF_R[OW]\b|NOCROSSREFS\b)[A-Za-z_]\w*|>[ \t]*\w+)/;

/** True where segments or a region follow, as behind the brace of an output section. */
function startsTrailer(cursor: Cursor): boolean {
  const { start } = peek(cursor);
  return TRAILER.test(cursor.source.slice(start, Math.min(start + 100, cursor.end)));
}

// What a statement is

const NOT_A_STARTER = new Set(
  (
    "ORIGIN LENGTH BLOCK BIND ALIGN ADDR LOADADDR ALIGNOF ABSOLUTE MAX MIN LOG2CEIL NEXT SIZEOF_HEADERS SEGMENT_START " +
    "SIZEOF DEFINED ONLY_IF_RO ONLY_IF_RW SPECIAL ALIGN_WITH_INPUT SUBALIGN CONSTANT AT AFTER BEFORE DATA_SEGMENT_ALIGN " +
    "DATA_SEGMENT_END DATA_SEGMENT_RELRO_END"
  ).split(" "),
);

function shapeOf(cursor: Cursor, start: number, level: Level): Shape {
  const { codes } = cursor.source;
  const first = String.fromCharCode(codes[start]!);
  if (first === ";") return "inside";
  if (first === ":" || first === ">") return "trailer";
  if (first === '"') return shapeOfName(cursor, "", endOfQuoted(cursor, start), level);
  if (!(CLASSES[codes[start]!]! & WILD) || first === "," || first === "=") return "stray";
  if (first === "[" && /\s/.test(String.fromCharCode(codes[start + 1] ?? 32))) return "pattern";
  const end = endOfWord(cursor, start);
  const word = cursor.source.slice(start, end);
  const keyword = isKnownMacro(cursor, word) ? undefined : KEYWORDS.get(word);
  if (keyword !== undefined && !NOT_A_STARTER.has(keyword.type)) {
    if (keyword.states & SCRIPT) return "script";
    if (keyword.states & INSIDE) return "inside";
  }
  return shapeOfName(cursor, word, end, level);
}

function endOfQuoted(cursor: Cursor, start: number): number {
  const { codes } = cursor.source;
  let end = start + 1;
  while (end < cursor.end && codes[end] !== 34 && codes[end] !== 10) end++;
  if (codes[end] === 10) return endOfStringOverLines(codes, start, cursor.end) ?? Math.min(end + 1, cursor.end);
  return Math.min(end + 1, cursor.end);
}

/** The end of the name that begins here, its pasted parts included. */
function endOfWord(cursor: Cursor, start: number): number {
  const { codes } = cursor.source;
  let end = endOfRunOrComment(codes, start, cursor.end, WILD);
  for (;;) {
    let next = end;
    while (next < cursor.end && (codes[next] === 32 || codes[next] === 9)) next++;
    if (codes[next] !== 35 || codes[next + 1] !== 35) return end;
    next += 2;
    while (next < cursor.end && (codes[next] === 32 || codes[next] === 9)) next++;
    const after = endOfRunOrComment(codes, next, cursor.end, WILD);
    if (after === next) return end;
    end = after;
  }
}

const ASSIGNS = /^(?:[-+*/&|^]|<<|>>)?=(?!=)/;

function shapeOfName(cursor: Cursor, word: string, end: number, level: Level): Shape {
  const rest = skipBlanks(cursor, end);
  const follows = cursor.source.slice(rest.at, Math.min(rest.at + 3, cursor.end));
  if (ASSIGNS.test(follows)) return "assignment";
  const isMacro = isIdentifier(word) && (looksLikeMacro(word) || isKnownMacro(cursor, word));
  const isAlone = rest.newLine && (isMacro || (isIdentifier(word) && !goesOnAsHeader(cursor, rest.at)));
  const header = isAlone ? undefined : headerShape(cursor, end, isMacro);
  if (header !== undefined) return header;
  if (/[*?[^]/.test(word)) return "pattern";
  if (follows.startsWith("(")) {
    return isMacro || (isIdentifier(word) && (level !== "section" || !hasPatterns(cursor, rest.at)))
      ? "macro"
      : "pattern";
  }
  return isIdentifier(word) ? "macro" : "pattern";
}

/** True where the line behind a name at the end of its own goes on with the header of an output section. */
function goesOnAsHeader(cursor: Cursor, at: number): boolean {
  return /^(?:[:({]|(?:ALIGN|BLOCK|AT|ADDR|ONLY_IF_R[OW])\b|0[xX]|[0-9.])/.test(
    cursor.source.slice(at, Math.min(at + 12, cursor.end)),
  );
}

/** True where the parentheses hold what looks like sections: `crt0(.text)`. */
function hasPatterns(cursor: Cursor, open: number): boolean {
  return /^\(\s*(?:[.*]|SORT|EXCLUDE_FILE)/.test(cursor.source.slice(open, Math.min(open + 60, cursor.end)));
}

function skipBlanks(cursor: Cursor, start: number): { at: number; newLine: boolean } {
  const { codes } = cursor.source;
  let i = start;
  let newLine = false;
  while (i < cursor.end) {
    const code = codes[i]!;
    if (code === 10 || code === 13) newLine = true;
    else if (code === 47 && codes[i + 1] === 42) i = endOfComment(cursor, i) - 1;
    else if (!(code === 32 || code === 9 || (code === 92 && (codes[i + 1] === 10 || codes[i + 1] === 13)))) break;
    i++;
  }
  return { at: i, newLine };
}

function endOfComment(cursor: Cursor, start: number): number {
  const { codes } = cursor.source;
  let i = start + 2;
  while (i < cursor.end && !(codes[i] === 42 && codes[i + 1] === 47)) i++;
  return Math.min(i + 2, cursor.end);
}

/** How far the header of an output section may reach. */
const LONGEST_HEADER = 1000;

/**
 * Looks for what makes a name the header of an output section: a colon, then a brace, before anything that ends a
 * statement. A name with a brace right behind it is a member of an overlay.
 */
function headerShape(cursor: Cursor, nameEnd: number, isMacro: boolean): Shape | undefined {
  // What ended an earlier search in vain would end this one as well.
  if (nameEnd < cursor.noHeaderBefore) return undefined;
  const found = findHeader(cursor, nameEnd, isMacro);
  if (typeof found !== "number") return found;
  cursor.noHeaderBefore = found;
  return undefined;
}

/** The shape, undefined where this name begins no header though a later one may, or the offset that ended the search. */
function findHeader(cursor: Cursor, nameEnd: number, isMacro: boolean): Shape | number | undefined {
  const { codes } = cursor.source;
  const limit = Math.min(nameEnd + LONGEST_HEADER, cursor.end);
  let hasColon = false;
  let isBare = true;
  let i = nameEnd;
  while (i < limit) {
    const code = codes[i]!;
    if (code === 123) return hasColon ? "section" : isBare && !isMacro ? "member" : undefined;
    if (code === 59 || code === 125) return i;
    if (code === 61 && codes[i + 1] !== 61 && !isComparison(codes[i - 1]!)) return i;
    if (code === 40) {
      const close = closingParenthesis(cursor, i);
      if (close === undefined) return undefined;
      // A macro's call that ends its line is a statement, unless it is the line that the colon belongs to.
      if (isMacro && isBare && endsLine(cursor, close + 1)) return undefined;
      isBare = false;
      i = close;
    } else if (code === 47 && codes[i + 1] === 42 && !isPathWithStar(codes, i, cursor.end)) {
      i = endOfComment(cursor, i) - 1;
    } else if (code === 35 && cursor.directives.byStart.has(i)) {
      const directive = cursor.directives.list[cursor.directives.byStart.get(i)!]!;
      if (hasColon || !isMacro) i = directive.end - 1;
      else return undefined;
    } else if (code === 58 && !hasColon) {
      if (isMacro && TRAILER.test(cursor.source.slice(i, Math.min(i + 100, cursor.end)))) return undefined;
      hasColon = true;
    } else if (code > 32 && code !== 92) {
      isBare = false;
    }
    i++;
  }
  return limit;
}

/** True where a new line follows that does not go on with a header. */
function endsLine(cursor: Cursor, start: number): boolean {
  const { at, newLine } = skipBlanks(cursor, start);
  const code = cursor.source.codes[at];
  return newLine && code !== 58 && code !== 123;
}

/** True for a character that makes the `=` behind it a comparison. */
function isComparison(code: number): boolean {
  return code === 33 || (code >= 60 && code <= 62);
}

// Fragments

const NOTHING: readonly LdStatement[] = [];

/**
 * Reads text that may be statements, an expression, or neither: a macro's body or argument. The cursor given is one that
 * was made for this text alone.
 */
export function parseFragment(cursor: Cursor): LdFragment {
  const span = { start: cursor.offset, end: cursor.end };
  skipTrivia(cursor);
  if (cursor.offset >= cursor.end || cursor.nesting >= MAX_NESTING) {
    return { ...span, statements: NOTHING, expression: undefined };
  }
  const before = { offset: cursor.offset, uses: cursor.uses.length, branches: cursor.branches.length };
  if (!looksLikeStatements(cursor)) {
    const expression = parseExpressionIn(cursor);
    if (!cursor.inPanic && at(cursor, "END")) {
      const isMacro = expression.kind === "symbol" && isMacroName(cursor, expression.name.text);
      if (!isMacro) return { ...span, statements: NOTHING, expression };
    }
    cursor.uses.length = before.uses;
    cursor.branches.length = before.branches;
    cursor.token = undefined;
    cursor.offset = before.offset;
    cursor.conditionals.length = 0;
    cursor.depth = 0;
  }
  const statements = parseUnexpandedStatements(cursor, "file");
  return { ...span, statements, expression: undefined };
}

function isMacroName(cursor: Cursor, name: string): boolean {
  return isKnownMacro(cursor, name) || looksLikeMacro(name);
}

/** True where the text has what only statements have: an assignment, a `;`, a brace, outside of parentheses. */
function looksLikeStatements(cursor: Cursor): boolean {
  const { codes } = cursor.source;
  let depth = 0;
  for (let i = cursor.offset; i < cursor.end; i++) {
    const code = codes[i]!;
    if (code === 40) depth++;
    else if (code === 41) depth--;
    else if (code === 47 && codes[i + 1] === 42 && !isPathWithStar(codes, i, cursor.end)) {
      i = endOfComment(cursor, i) - 1;
    } else if (code === 34) i = endOfQuoted(cursor, i) - 1;
    else if (depth === 0 && (code === 59 || code === 123)) return true;
    else if (depth === 0 && code === 61) {
      if (codes[i + 1] === 61) i++;
      else if (!/[<>!]/.test(String.fromCharCode(codes[i - 1]!)) || /<<|>>/.test(cursor.source.slice(i - 2, i)))
        return true;
    }
  }
  return false;
}
