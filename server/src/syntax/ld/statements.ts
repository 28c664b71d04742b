/**
 * Which statements may stand where (ldgram.y: ifile_list, sec_or_group_p1, statement_list), and how the parser goes on
 * behind an error. A script that the C preprocessor has yet to see is left to unexpanded.ts.
 */

import {
  atAssignment,
  parseAssert,
  parseAssignment,
  parseData,
  parseExtern,
  parseFill,
  parseInclude,
  parseInput,
  parseInsert,
  parseLibraries,
  parseNameCommand,
  parseNoCrossReferences,
  parseOutputFormat,
  parseProvide,
  parseRegionAlias,
  parseText,
  parseWord,
} from "./commands.ts";
import {
  allowEnd,
  at,
  type Cursor,
  expect,
  type Level,
  MAX_NESTING,
  nameOf,
  peek,
  reportError,
  reportUnexpected,
  startStatement,
  take,
  wordOf,
} from "./cursor.ts";
import { parseInputSection, startsInputSection } from "./input-sections.ts";
import type { Token } from "./lexer.ts";
import { parseMemory, parseSegments } from "./memory.ts";
import { parseOutputSection, parseOverlay, parseSectionClass, parseSectionGroup } from "./output-sections.ts";
import { firstOnLine, isClosedByCommand, isClosedByMistake, recover, startsOutputSection } from "./recovery.ts";
import type { LdSections, LdStatement } from "./tree.ts";
import { parseVersion } from "./version-scripts.ts";

type Parse = (cursor: Cursor) => LdStatement;

/** Statements that are alike wherever they may stand. */
const ANYWHERE: readonly (readonly [string, Parse])[] = [
  ["HIDDEN", parseProvide],
  ["PROVIDE", parseProvide],
  ["PROVIDE_HIDDEN", parseProvide],
  ["ASSERT", parseAssert],
  ["INCLUDE", parseInclude],
];

/** statement_anywhere, section */
const IN_SECTIONS: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ...ANYWHERE,
  ["ENTRY", parseNameCommand],
  ["NAME", parseSectionOrAssignment],
  ["OVERLAY", parseOverlay],
  ["GROUP", parseSectionGroup],
]);

/** ifile_p1 */
const IN_FILE: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ...ANYWHERE,
  ["ENTRY", parseNameCommand],
  ["NAME", parseAtTop],
  ["MEMORY", parseMemory],
  ["SECTIONS", parseSections],
  ["OVERWRITE_SECTIONS", parseSections],
  ["PHDRS", parseSegments],
  ["VERSION", parseVersion],
  ["STARTUP", parseNameCommand],
  ["TARGET", parseNameCommand],
  ["SEARCH_DIR", parseNameCommand],
  ["OUTPUT", parseNameCommand],
  ["OUTPUT_ARCH", parseNameCommand],
  ["MAP", parseNameCommand],
  ["LD_FEATURE", parseNameCommand],
  ["OUTPUT_FORMAT", parseOutputFormat],
  ["REGION_ALIAS", parseRegionAlias],
  ["NOCROSSREFS", parseNoCrossReferences],
  ["NOCROSSREFS_TO", parseNoCrossReferences],
  ["HLL", parseLibraries],
  ["SYSLIB", parseLibraries],
  ["FLOAT", parseWord],
  ["NOFLOAT", parseWord],
  ["FORCE_COMMON_ALLOCATION", parseWord],
  ["FORCE_GROUP_ALLOCATION", parseWord],
  ["INHIBIT_COMMON_ALLOCATION", parseWord],
  ["INPUT", parseInput],
  ["GROUP", parseInput],
  ["EXTERN", parseExtern],
  ["INSERT", parseInsert],
  [";", parseEmpty],
]);

/** statement */
const IN_SECTION: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ...ANYWHERE,
  [";", parseEmpty],
  ["CREATE_OBJECT_SYMBOLS", parseWord],
  ["CONSTRUCTORS", parseWord],
  ["LINKER_VERSION", parseWord],
  ["BYTE", parseData],
  ["SHORT", parseData],
  ["LONG", parseData],
  ["QUAD", parseData],
  ["SQUAD", parseData],
  ["FILL", parseFill],
  ["ASCIZ", parseText],
  ["ASCII", parseText],
]);

/** Reads the statements of a level to before the brace that closes it, or to the end of the text. */
export function parseStatements(cursor: Cursor, level: Level): LdStatement[] {
  const statements: LdStatement[] = [];
  if (cursor.nesting >= MAX_NESTING) {
    reportError(cursor, peek(cursor), "syntax error: blocks nested too deeply");
    return statements;
  }
  cursor.nesting++;
  const { start } = peek(cursor);
  for (;;) {
    allowEnd(cursor);
    const token = peek(cursor);
    if (token.type === "END" || (token.type === "}" && level !== "file")) break;
    startStatement(cursor);
    if (level === "sections" && isClosedByCommand(cursor)) break;
    statements.push(parseStatement(cursor, level));
    if (!cursor.inPanic) continue;
    if (level === "section" && isBraceMissing(cursor, start, token, statements)) break;
    recover(cursor, token.start);
    if (level === "section" && isClosedByMistake(cursor)) {
      cursor.inPanic = true;
      break;
    }
  }
  cursor.nesting--;
  return statements;
}

/** One statement of a level. */
export function parseStatement(cursor: Cursor, level: Level): LdStatement {
  const token = peek(cursor);
  if (level === "section") return parseInside(cursor, token);
  const parse = (level === "file" ? IN_FILE : IN_SECTIONS).get(token.type);
  if (parse !== undefined) return parse(cursor);
  if (token.type === "}") return parseStrayBrace(cursor);
  reportUnexpected(cursor, level === "file" ? "a command" : "an output section or an assignment");
  return invalid(cursor, token);
}

/** A statement that begins with a keyword, in a script with macros, which may stand anywhere. */
export function parseKeywordStatement(cursor: Cursor, level: Level): LdStatement {
  const token = peek(cursor);
  const tables = level === "sections" ? [IN_SECTIONS, IN_FILE] : [IN_FILE, IN_SECTIONS];
  const parse = tables[0]!.get(token.type) ?? tables[1]!.get(token.type);
  if (parse !== undefined) return parse(cursor);
  return token.type === "}" ? parseStrayBrace(cursor) : parseInside(cursor, token);
}

function invalid(cursor: Cursor, token: Token): LdStatement {
  return { kind: "invalid", start: token.start, end: Math.max(cursor.lastEnd, token.start) };
}

function parseEmpty(cursor: Cursor): LdStatement {
  const { start, end } = take(cursor);
  return { kind: "empty", start, end };
}

/** A brace that closes nothing, at the top of the file. */
function parseStrayBrace(cursor: Cursor): LdStatement {
  const token = peek(cursor);
  if (cursor.closedEarly || cursor.isBroken) cursor.closedEarly = false;
  else reportUnexpected(cursor, "a command");
  take(cursor);
  cursor.inPanic = false;
  return { kind: "invalid", start: token.start, end: token.end };
}

/** sections: SECTIONS '{' sec_or_group_p1 '}' */
function parseSections(cursor: Cursor): LdSections {
  const keyword = take(cursor);
  const open = expect(cursor, "{");
  const statements = open === undefined ? [] : cursor.readStatements(cursor, "sections");
  expect(cursor, "}");
  return {
    kind: "sections",
    keyword: wordOf(cursor, keyword),
    body: open && { start: open.start, end: cursor.lastEnd },
    statements,
    start: keyword.start,
    end: cursor.lastEnd,
  };
}

const CLASS = /^CLASS\s*\([^(){}]*\)\s*\{/;

/** assignment separator | section, both of which begin with a name */
function parseSectionOrAssignment(cursor: Cursor): LdStatement {
  const token = take(cursor);
  if (atAssignment(cursor)) return parseAssignment(cursor, nameOf(token));
  if (token.text === "CLASS" && CLASS.test(cursor.source.slice(token.start, Math.min(token.start + 200, cursor.end)))) {
    return parseSectionClass(cursor, token);
  }
  return parseOutputSection(cursor, token);
}

/**
 * assignment separator. An output section here most likely belongs to a SECTIONS that a brace too many has closed: that
 * is one mistake, however many sections follow.
 */
function parseAtTop(cursor: Cursor): LdStatement {
  const token = take(cursor);
  if (atAssignment(cursor)) return parseAssignment(cursor, nameOf(token));
  const isSection = startsOutputSection(cursor, token.start);
  if (!isSection || !(cursor.closedEarly || cursor.isBroken)) reportUnexpected(cursor, "'='");
  if (!isSection) return invalid(cursor, token);
  cursor.closedEarly = true;
  cursor.inPanic = false;
  return parseOutputSection(cursor, token);
}

/** statement, within the braces of an output section */
function parseInside(cursor: Cursor, token: Token): LdStatement {
  const parse = IN_SECTION.get(token.type);
  if (parse !== undefined) return parse(cursor);
  if (token.type === "NAME") {
    take(cursor);
    if (atAssignment(cursor)) return parseAssignment(cursor, nameOf(token));
    return parseInputSection(cursor, token);
  }
  if (token.type === "SORT_BY_NAME") return parseSorted(cursor);
  if (startsInputSection(token)) return parseInputSection(cursor, undefined);
  reportUnexpected(cursor, "a statement of an output section");
  return invalid(cursor, token);
}

/** statement: SORT_BY_NAME '(' CONSTRUCTORS ')' | a pattern of files that begins with the same two tokens */
function parseSorted(cursor: Cursor): LdStatement {
  const keyword = take(cursor);
  expect(cursor, "(");
  if (cursor.inPanic || !at(cursor, "CONSTRUCTORS")) return parseInputSection(cursor, undefined, keyword);
  const constructors = wordOf(cursor, take(cursor));
  expect(cursor, ")");
  const start = keyword.start;
  return { kind: "command", keyword: wordOf(cursor, keyword), arguments: [constructors], start, end: cursor.lastEnd };
}

/** Where the line of an unexpected token begins; the line before it, where a brace stands alone as in the GNU style. */
function headerBefore(cursor: Cursor, found: Token): number {
  const line = firstOnLine(cursor, found.start);
  if (found.type !== "{" || line !== found.start) return line;
  const { codes } = cursor.source;
  let at = found.start;
  while (at > 0 && codes[at - 1]! <= 32) at--;
  return firstOnLine(cursor, at);
}

/**
 * True where the error shows that the brace of the block that began at `blockStart` is missing: its line is the header of
 * another output section. Then that line is read anew, by the level outside, and the statements made of it are dropped.
 */
function isBraceMissing(cursor: Cursor, blockStart: number, token: Token, statements: LdStatement[]): boolean {
  const found = peek(cursor);
  const header = headerBefore(cursor, found);
  if (cursor.isFragment || found.type === "END" || header < blockStart || header > token.start) return false;
  if (header === found.start) return false;
  if (!startsOutputSection(cursor, header)) return false;
  while (statements.length > 0 && statements.at(-1)!.start >= header) statements.pop();
  const last = cursor.errors.at(-1);
  if (last?.start === found.start) {
    cursor.errors[cursor.errors.length - 1] = {
      ...last,
      message: "syntax error: output section within another, whose '}' is missing",
    };
  }
  cursor.token = undefined;
  cursor.offset = header;
  return true;
}
