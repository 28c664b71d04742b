/**
 * What stands within the braces of an output section and names input: patterns of files and sections, KEEP, flags, sorts
 * (ldgram.y: input_section_spec). Here the lexer reads patterns as names, so that `*`, `?`, `[a-z]` and commas are parts
 * of them.
 */

import {
  accept,
  allowEnd,
  at,
  type Cursor,
  endFrom,
  expect,
  isKnownMacro,
  missingName,
  nameOf,
  peek,
  reportUnexpected,
  take,
  wordOf,
} from "./cursor.ts";
import type { Token } from "./lexer.ts";
import { takeArguments } from "./macro-calls.ts";
import type { LdInputSection, LdName, LdPattern } from "./tree.ts";

const FILE_SORTS = new Set(["SORT_BY_NAME", "SORT_NONE", "REVERSE"]);
const SECTION_SORTS = new Set(["SORT_BY_NAME", "SORT_BY_ALIGNMENT", "SORT_NONE", "SORT_BY_INIT_PRIORITY", "REVERSE"]);

/** The sorts of sections that may stand within another (ldgram.y: section_name_spec; REVERSE since GNU ld 2.42). */
const INNER_SECTION_SORTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["SORT_BY_NAME", new Set(["SORT_BY_NAME", "SORT_BY_ALIGNMENT", "REVERSE"])],
  ["SORT_BY_ALIGNMENT", new Set(["SORT_BY_NAME", "SORT_BY_ALIGNMENT"])],
  ["SORT_BY_INIT_PRIORITY", new Set(["REVERSE"])],
  ["REVERSE", new Set(["SORT_BY_NAME", "SORT_BY_INIT_PRIORITY"])],
]);
/** Those of files (ldgram.y: filename_spec). */
const INNER_FILE_SORTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["SORT_BY_NAME", new Set(["REVERSE"])],
  ["SORT_NONE", new Set(["REVERSE"])],
  ["REVERSE", new Set(["SORT_BY_NAME"])],
]);
const NONE: ReadonlySet<string> = new Set();

/** True where an input section statement begins. */
export function startsInputSection(token: Token): boolean {
  return (
    token.type === "NAME" ||
    token.type === "KEEP" ||
    token.type === "[" ||
    token.type === "EXCLUDE_FILE" ||
    token.type === "INPUT_SECTION_FLAGS" ||
    FILE_SORTS.has(token.type)
  );
}

/**
 * input_section_spec: input_section_spec_no_keep | KEEP '(' input_section_spec_no_keep ')'
 *
 * The first name may have been taken before, to see whether it is assigned to; or a sort and its parenthesis, to see
 * whether they are of CONSTRUCTORS.
 */
export function parseInputSection(cursor: Cursor, first: Token | undefined, sort?: Token): LdInputSection {
  const start = (first ?? sort ?? peek(cursor)).start;
  if (sort !== undefined) return parseUnkept(cursor, undefined, undefined, start, sort);
  const keep = first === undefined ? accept(cursor, "KEEP") : undefined;
  if (keep === undefined) return parseUnkept(cursor, first, undefined, start);
  expect(cursor, "(");
  const inner = parseUnkept(cursor, undefined, wordOf(cursor, keep), start);
  expect(cursor, ")");
  return { ...inner, end: endFrom(cursor, start) };
}

/** input_section_spec_no_keep: sect_flags? (NAME | '[' section_name_list ']' | filename_spec '(' section_name_list ')') */
function parseUnkept(
  cursor: Cursor,
  first: Token | undefined,
  keep: LdName | undefined,
  start: number,
  sort?: Token,
): LdInputSection {
  const flags = first === undefined && sort === undefined ? parseFlags(cursor) : [];
  let file: LdPattern | undefined;
  let sections: LdPattern[] | undefined;
  if (first === undefined && sort === undefined && !cursor.inPanic && accept(cursor, "[")) {
    sections = parseSectionNames(cursor, "]");
    expect(cursor, "]");
  } else if (!cursor.inPanic) {
    const isName = first !== undefined || (sort === undefined && at(cursor, "NAME"));
    file = first === undefined ? parsePattern(cursor, FILE_SORTS, sort) : patternOf(cursor, first);
    // A file's name alone is a statement too.
    if (isName) allowEnd(cursor);
    if (!cursor.inPanic && (!isName || at(cursor, "("))) {
      expect(cursor, "(");
      sections = parseSectionNames(cursor, ")");
      expect(cursor, ")");
    }
  }
  return { kind: "input-section", keep, flags, file, sections, start, end: endFrom(cursor, start) };
}

/** sect_flags: INPUT_SECTION_FLAGS '(' NAME { '&' NAME } ')' */
function parseFlags(cursor: Cursor): LdName[] {
  const flags: LdName[] = [];
  if (cursor.inPanic || accept(cursor, "INPUT_SECTION_FLAGS") === undefined) return flags;
  expect(cursor, "(");
  do {
    const name = expect(cursor, "NAME", "the name of a section flag");
    if (name === undefined) break;
    flags.push(nameOf(name));
  } while (accept(cursor, "&") !== undefined);
  expect(cursor, ")");
  return flags;
}

/** section_name_list: section_name_spec { opt_comma section_name_spec } */
function parseSectionNames(cursor: Cursor, close: string): LdPattern[] {
  const patterns: LdPattern[] = [];
  for (;;) {
    allowEnd(cursor);
    if (cursor.inPanic || (patterns.length > 0 && at(cursor, close))) break;
    // A macro may stand for no pattern at all.
    if (cursor.preprocessed && at(cursor, close)) break;
    if (patterns.length > 0) accept(cursor, ",");
    patterns.push(parsePattern(cursor, SECTION_SORTS));
  }
  return patterns;
}

/** filename_spec, section_name_spec: wildcard_maybe_exclude within the sorts that may stand there */
function parsePattern(cursor: Cursor, sorts: ReadonlySet<string>, opened?: Token): LdPattern {
  const { start } = opened ?? peek(cursor);
  const inner = sorts === FILE_SORTS ? INNER_FILE_SORTS : INNER_SECTION_SORTS;
  const taken: LdName[] = opened === undefined ? [] : [wordOf(cursor, opened)];
  let allowed = opened === undefined ? sorts : (inner.get(opened.type) ?? NONE);
  while (!cursor.inPanic && allowed.has(peek(cursor).type)) {
    const sort = take(cursor);
    taken.push(wordOf(cursor, sort));
    expect(cursor, "(");
    allowed = (taken.length > 1 ? undefined : inner.get(sort.type)) ?? NONE;
  }
  const pattern = parseExcluded(cursor, start, taken);
  for (let i = 0; i < taken.length; i++) expect(cursor, ")");
  return { ...pattern, end: endFrom(cursor, start) };
}

/** wildcard_maybe_exclude: NAME | EXCLUDE_FILE '(' exclude_name_list ')' NAME */
function parseExcluded(cursor: Cursor, start: number, sorts: LdName[]): LdPattern {
  const excluded: LdName[] = [];
  if (!cursor.inPanic && accept(cursor, "EXCLUDE_FILE") !== undefined) {
    expect(cursor, "(");
    do {
      const file = expect(cursor, "NAME", "a file's name or pattern");
      if (file !== undefined) excluded.push(nameOf(file));
    } while (!cursor.inPanic && at(cursor, "NAME"));
    expect(cursor, ")");
  }
  let name = missingName(cursor);
  if (!cursor.inPanic && at(cursor, "NAME")) name = patternName(cursor, take(cursor));
  else reportUnexpected(cursor, "a name or pattern");
  return { sorts, excluded, name, start, end: endFrom(cursor, start) };
}

function patternOf(cursor: Cursor, token: Token): LdPattern {
  return { sorts: [], excluded: [], name: nameOf(token), start: token.start, end: cursor.lastEnd };
}

/** The name of a pattern; among the sections of an unpreprocessed script it may be a macro call. */
function patternName(cursor: Cursor, token: Token): LdName {
  const name = nameOf(token);
  if (!cursor.preprocessed || !isKnownMacro(cursor, token.text) || !at(cursor, "(")) return name;
  if (takeArguments(cursor) === undefined) return name;
  return { ...name, text: cursor.source.slice(token.start, cursor.lastEnd), pasted: true, end: cursor.lastEnd };
}
