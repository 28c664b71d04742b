/**
 * The parser of linker scripts: a text in, its tree and its errors out. It reads the language of GNU ld 2.40, with what
 * later releases and lld have added, as ld's own parser does, token for token; and the kind of script that the C
 * preprocessor has yet to see, such as the kernel's vmlinux.lds.S, as far as one can without expanding it.
 *
 * It reads no files: what INCLUDE and #include name, others find. It never throws.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { type Cursor, createCursor, MAX_NESTING, peek, type Recorder, reportUnexpected } from "./cursor.ts";
import { type Directives, findDirectives, NO_DIRECTIVES } from "./directives.ts";
import { INSIDE, SCRIPT, VERSION_SCRIPT } from "./keywords.ts";
import { matchParentheses } from "./macro-calls.ts";
import { parseRegions } from "./memory.ts";
import { parseStatements } from "./statements.ts";
import type { LdError, LdFragment, LdMacro, LdScript, LdStatement, LdUse, ScriptContext } from "./tree.ts";
import { parseFragment, parseUnexpandedStatements } from "./unexpanded.ts";
import { parseDynamicList, parseVersionNodes } from "./version-scripts.ts";

export interface ScriptParseOptions {
  /** The C preprocessor has yet to see the text: `*.lds.S`, `*.lds.h`. */
  readonly preprocessed?: boolean;
  readonly context?: ScriptContext;
  /** The first place of the text that a generator has yet to fill in: anything may be there, so that nothing is an error. */
  readonly template?: string | undefined;
  /** Is told of every token that the parser takes, macros' bodies and arguments apart. */
  readonly recorder?: Recorder;
}

/** Larger texts are no scripts that anybody wrote; they are not read. */
const MAX_LENGTH = 4 * 1024 * 1024;

/**
 * Parses a linker script. The errors are in the order of the text; the first one of kind "syntax" or "comment" is the
 * one that ld stops at, and stands on the line that ld names.
 */
export function parseLinkerScript(source: Source, options: ScriptParseOptions = {}): LdScript {
  const preprocessed = options.preprocessed ?? false;
  const context = options.context ?? "file";
  const errors: LdError[] = [];
  const uses: LdUse[] = [];
  const kind = context === "version" || context === "dynamic-list" ? context : "script";
  const about = { source, kind, context, preprocessed, template: options.template } as const;
  if (source.length > MAX_LENGTH) return emptyScript(about);
  const directives = preprocessed ? findDirectives(source) : NO_DIRECTIVES;
  const matches = preprocessed ? matchParentheses(source, directives) : undefined;
  const macroNames = new Set(directives.definitions.map((definition) => definition.name));
  const queue: Span[] = [];
  const readStatements = preprocessed ? parseUnexpandedStatements : parseStatements;
  const shared = {
    source,
    preprocessed,
    directives,
    macroNames,
    matches,
    uses,
    branches: queue,
    readFragment,
    readStatements,
  };
  const cursor = createCursor({
    ...shared,
    start: 0,
    end: source.length,
    state: initialState(context),
    isFragment: false,
    parameters: [],
    inMacro: undefined,
    errors,
    nesting: 0,
    ...(options.recorder === undefined ? {} : { recorder: options.recorder }),
  });
  const statements = parseContext(cursor, context);
  const branches: LdFragment[] = [];
  const readPart = (span: Span, parameters: readonly string[], inMacro: string | undefined): LdFragment =>
    parseFragment(
      createCursor({
        ...shared,
        ...span,
        parameters,
        state: SCRIPT,
        isFragment: true,
        inMacro,
        errors: [],
        nesting: 0,
      }),
    );
  // Reading a branch may find branches within it, which join the queue.
  for (let i = 0; i < queue.length; i++) branches.push(readPart(queue[i]!, [], undefined));
  const macros = readMacros(directives, readPart);
  uses.sort((a, b) => a.start - b.start);
  const { headers, conditions } = directives;
  if (options.template !== undefined) errors.length = 0;
  return { ...about, statements, branches, macros, headers, conditions, uses, errors };
}

function emptyScript(about: Pick<LdScript, "source" | "kind" | "context" | "preprocessed" | "template">): LdScript {
  return {
    ...about,
    statements: [],
    branches: [],
    macros: [],
    headers: [],
    conditions: [{ start: 0, condition: "" }],
    uses: [],
    errors: [],
  };
}

function initialState(context: ScriptContext): number {
  if (context === "section") return INSIDE;
  return context === "version" || context === "dynamic-list" ? VERSION_SCRIPT : SCRIPT;
}

function parseContext(cursor: Cursor, context: ScriptContext): LdStatement[] {
  if (context === "version" || context === "dynamic-list") {
    const nodes = context === "version" ? parseVersionNodes(cursor) : parseDynamicList(cursor);
    expectEnd(cursor);
    return [{ kind: "version", nodes, start: 0, end: cursor.lastEnd }];
  }
  if (context === "memory") {
    const regions = parseRegions(cursor);
    expectEnd(cursor);
    return [{ kind: "memory", body: undefined, regions, start: 0, end: cursor.lastEnd }];
  }
  const statements = cursor.readStatements(cursor, context);
  expectEnd(cursor);
  return statements;
}

function expectEnd(cursor: Cursor): void {
  if (peek(cursor).type !== "END") reportUnexpected(cursor, "the end of the file");
}

/** Reads a macro's argument, in the midst of reading the text around it. */
function readFragment(cursor: Cursor, start: number, end: number): LdFragment {
  if (start >= end || cursor.nesting >= MAX_NESTING) return { start, end, statements: [], expression: undefined };
  return parseFragment(
    createCursor({
      source: cursor.source,
      start,
      end,
      preprocessed: true,
      directives: cursor.directives,
      state: SCRIPT,
      isFragment: true,
      macroNames: cursor.macroNames,
      parameters: cursor.parameters,
      inMacro: cursor.inMacro,
      errors: [],
      uses: cursor.uses,
      branches: cursor.branches,
      // Each level of arguments reads its text once more, so that only few levels are read.
      nesting: cursor.nesting + NESTING_OF_ARGUMENTS,
      matches: cursor.matches,
      readFragment,
      readStatements: cursor.readStatements,
    }),
  );
}

const NESTING_OF_ARGUMENTS = 20;

function readMacros(
  directives: Directives,
  readPart: (span: Span, parameters: readonly string[], inMacro: string | undefined) => LdFragment,
): LdMacro[] {
  return directives.definitions.map(({ name, nameSpan, parameters, body, directive }) => {
    const fragment = readPart(body, parameters ?? [], name);
    return { name, nameSpan, parameters, body: fragment, start: directive.start, end: directive.end };
  });
}
