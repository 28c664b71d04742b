/**
 * The parser's view of the tokens: one token of lookahead, as ld's parser (bison) has it, the states of the lexer, and
 * what errors and names have been met. A token that was looked at keeps the meaning of the state it was read in, even
 * when the state changes before it is taken: so it is in ld, and scripts depend on it.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { CLASSES, FILE, looksLikeMacro } from "./characters.ts";
import type { Directives } from "./directives.ts";
import { type LexState, SCRIPT } from "./keywords.ts";
import { readToken, type ScriptLexer, type Token } from "./lexer.ts";
import type { LdArgumentRole, LdError, LdFragment, LdName, LdStatement, LdUse } from "./tree.ts";

/** How deep expressions, groups and macro calls may be nested; deeper ones are an error, and never a stack overflow. */
export const MAX_NESTING = 400;

/** A token as it was taken; the parentheses of a macro call with all between them count as one. */
export interface RecordedToken extends Span {
  readonly type: string;
}

/** What the parser saw, for those who care for the layout of the text. */
export interface Recorder {
  readonly tokens: RecordedToken[];
  /** Where statements begin. */
  readonly starts: Set<number>;
  /** Where operators between two operands stand, and assignments. */
  readonly infix: Set<number>;
  /** Branches that no script ever has. */
  readonly skipped: Span[];
}

export interface Cursor extends ScriptLexer {
  readonly recorder: Recorder | undefined;
  token: Token | undefined;
  readonly states: LexState[];
  /** The end of the last token taken. */
  lastEnd: number;
  /** An error was reported and the parser has not yet found back to a statement. */
  inPanic: boolean;
  /** A syntax error was reported, so that braces behind it may be out of order for no other reason. */
  isBroken: boolean;
  /** Where the parser went on behind the last error; what is wrong there, on the same line, is the same mistake. */
  resumedAt: number;
  /** How many tokens were taken since. */
  takenSince: number;
  /** The statement at hand has what may be a macro, so that only its expansion can tell whether it is well-formed. */
  sawMacro: boolean;
  /** The text is a macro's body or argument, or one of several branches: what is wrong in it is no error. */
  readonly isFragment: boolean;
  /** Macros that the file defines. */
  readonly macroNames: ReadonlySet<string>;
  /** The parameters of the macro whose body this is. */
  readonly parameters: readonly string[];
  readonly inMacro: string | undefined;
  readonly uses: LdUse[];
  nesting: number;
  /** An output section stood outside of SECTIONS, so that one more brace may follow. */
  closedEarly: boolean;
  /** No output section's brace is looked for before this offset: a search found none up to here. */
  noBodyBefore: number;
  /** Names that end before this offset begin no output section: a search for a header found something else there. */
  noHeaderBefore: number;
  /** For each `(` of a script with macros, where its `)` stands; 0 where it has none. */
  readonly matches: Int32Array | undefined;
  /** Reads a macro's argument. The parser of statements gives it, since that of expressions cannot know statements. */
  readonly readFragment: (cursor: Cursor, start: number, end: number) => LdFragment;
  /** Reads the statements of a block. How, depends on whether macros are to be expected. */
  readonly readStatements: (cursor: Cursor, level: Level) => LdStatement[];
}

/** Where a statement stands: at the file's top, within SECTIONS, within the braces of an output section. */
export type Level = "file" | "sections" | "section";

export interface CursorOptions {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  readonly preprocessed: boolean;
  readonly directives: Directives;
  readonly state: LexState;
  readonly isFragment: boolean;
  readonly macroNames: ReadonlySet<string>;
  readonly parameters: readonly string[];
  readonly inMacro: string | undefined;
  readonly errors: LdError[];
  readonly uses: LdUse[];
  readonly branches: Span[];
  readonly nesting: number;
  readonly matches: Int32Array | undefined;
  readonly readFragment: Cursor["readFragment"];
  readonly readStatements: Cursor["readStatements"];
  readonly recorder?: Recorder;
}

export function createCursor(options: CursorOptions): Cursor {
  return {
    source: options.source,
    end: options.end,
    preprocessed: options.preprocessed,
    directives: options.directives,
    errors: options.errors,
    offset: options.start,
    state: options.state,
    versionNesting: 0,
    depth: 0,
    atBoundary: true,
    passedDirective: false,
    conditionals: [],
    branches: options.branches,
    skipped: options.recorder?.skipped ?? [],
    recorder: options.recorder,
    token: undefined,
    states: [],
    lastEnd: options.start,
    inPanic: false,
    isBroken: false,
    resumedAt: -1,
    takenSince: 0,
    sawMacro: false,
    isFragment: options.isFragment,
    macroNames: options.macroNames,
    parameters: options.parameters,
    inMacro: options.inMacro,
    uses: options.uses,
    nesting: options.nesting,
    closedEarly: false,
    noBodyBefore: 0,
    noHeaderBefore: 0,
    matches: options.matches,
    readFragment: options.readFragment,
    readStatements: options.readStatements,
  };
}

/** The next token, read in the present state unless it was read before. */
export function peek(cursor: Cursor): Token {
  cursor.token ??= readToken(cursor);
  return cursor.token;
}

/** Takes the next token. */
export function take(cursor: Cursor): Token {
  const token = peek(cursor);
  if (token.type === "END") return token;
  cursor.token = undefined;
  cursor.lastEnd = token.end;
  cursor.atBoundary = false;
  cursor.takenSince++;
  cursor.recorder?.tokens.push(token);
  if (token.type === "(" || token.type === "{") cursor.depth++;
  else if ((token.type === ")" || token.type === "}") && cursor.depth > 0) cursor.depth--;
  if (mayBeMacro(cursor, token)) cursor.sawMacro = true;
  return token;
}

/** True where the next token, once read, is of this type. */
export function at(cursor: Cursor, type: string): boolean {
  return peek(cursor).type === type;
}

/** Takes the next token if it is of this type. */
export function accept(cursor: Cursor, type: string): Token | undefined {
  return at(cursor, type) ? take(cursor) : undefined;
}

/** Takes a token of this type, or reports what stands in its place. */
export function expect(cursor: Cursor, type: string, what = `'${type}'`): Token | undefined {
  if (cursor.inPanic) return undefined;
  const token = accept(cursor, type);
  if (token === undefined) reportUnexpected(cursor, what);
  return token;
}

/** The end of a node that began at `start`, of which nothing may have been taken. */
export function endFrom(cursor: Cursor, start: number): number {
  return Math.max(start, cursor.lastEnd);
}

/** Between two statements: nothing is open, and a directive here splits nothing. */
export function startStatement(cursor: Cursor): void {
  cursor.recorder?.starts.add(peek(cursor).start);
  cursor.atBoundary = true;
  cursor.inPanic = false;
  cursor.sawMacro = false;
  cursor.passedDirective = false;
}

/** In a place where a statement may end, though more of it may follow. */
export function allowEnd(cursor: Cursor): void {
  cursor.atBoundary = true;
}

/** True where the block at hand has another statement, which is then the next to be read. */
export function hasMore(cursor: Cursor): boolean {
  allowEnd(cursor);
  return !at(cursor, "}") && !at(cursor, "END");
}

// The lexer's states

export function pushState(cursor: Cursor, state: LexState): void {
  cursor.states.push(cursor.state);
  cursor.state = state;
}

export function popState(cursor: Cursor): void {
  cursor.state = cursor.states.pop() ?? cursor.state;
}

/** Reads a name that was looked at in another state anew, as ld does behind a fill and a region's length. */
export function rereadName(cursor: Cursor): void {
  if (cursor.token?.type !== "NAME") return;
  cursor.offset = cursor.token.start;
  cursor.token = undefined;
}

// Errors

/** Reports that something else was expected than the next token; the first report of a statement counts. */
export function reportUnexpected(cursor: Cursor, what: string): void {
  if (cursor.inPanic) return;
  const token = peek(cursor);
  const found = token.type === "END" ? "the end of the file" : `'${tokenText(cursor, token)}'`;
  reportError(cursor, token, `syntax error: expected ${what}, found ${found}${hint(cursor, token)}`);
}

/** Reports an error unless only the preprocessor could tell whether it is one. */
export function reportError(cursor: Cursor, span: Span, message: string): void {
  if (cursor.inPanic) return;
  cursor.inPanic = true;
  if (cursor.isFragment || isSameMistake(cursor, span)) return;
  if (cursor.preprocessed && (cursor.sawMacro || cursor.passedDirective || mayBeMacro(cursor, peek(cursor)))) return;
  // What is missing at the end of a broken script is most likely what the mistake has taken for something else.
  if (cursor.isBroken && peek(cursor).type === "END") return;
  cursor.isBroken = true;
  cursor.errors.push({ kind: "syntax", message, start: span.start, end: Math.max(span.end, span.start) });
}

/** bison's rule: behind an error a parser has to find three tokens in their places before it reports another one. */
const TOKENS_OF_TRUST = 3;

/** True where an error follows another one so closely, on one line, that it says nothing new. */
function isSameMistake(cursor: Cursor, { start }: Span): boolean {
  if (cursor.resumedAt < 0 || cursor.takenSince >= TOKENS_OF_TRUST) return false;
  const { codes } = cursor.source;
  // To the start of the line: what stands first on one is looked at afresh.
  let at = start - 1;
  while (at >= 0 && (codes[at] === 32 || codes[at] === 9)) at--;
  return at >= 0 && codes[at] !== 10 && codes[at] !== 13;
}

const LONGEST_QUOTE = 40;

function tokenText(cursor: Cursor, token: Token): string {
  const text = cursor.source.slice(token.start, Math.min(token.end, token.start + LONGEST_QUOTE));
  return token.end - token.start > LONGEST_QUOTE ? `${text}…` : text;
}

/** The things about ld's names that everybody stumbles over. */
function hint(cursor: Cursor, token: Token): string {
  if (/^(?:o|org|l|len)$/.test(token.text) && token.type !== "NAME") {
    return ` (a keyword to ld, short for ${token.type})`;
  }
  if (token.type === "INT" && /^[A-Za-z]/.test(token.text)) {
    return " (a number to GNU ld, of hexadecimal digits with the base behind; lld takes it for a name)";
  }
  // Names of files hold commas; one by itself has a blank before it.
  const [before, last] = [cursor.source.codes[cursor.lastEnd - 2] ?? 32, cursor.source.codes[cursor.lastEnd - 1]];
  if (cursor.state === SCRIPT && last === 44 && CLASSES[before]! & FILE && token.start > cursor.lastEnd) {
    return " (to GNU ld the comma is part of the name before it: put a blank before it)";
  }
  if (token.type === "{" && last === 58 && CLASSES[before]! & FILE) {
    return " (to GNU ld the colon is part of the name before it: put a blank before it)";
  }
  if (token.type !== "NAME" || token.quoted) return "";
  const operator = /[-+*/]?=/.exec(cursor.source.slice(token.start, Math.min(token.end, token.start + 200)));
  if (operator === null || operator.index === 0) return "";
  return ` (one name to ld, which allows '=' in names: put blanks around it)`;
}

function mayBeMacro(cursor: Cursor, token: Token): boolean {
  if (!cursor.preprocessed || token.quoted || token.type === "INT") return false;
  return token.pasted || isKnownMacro(cursor, token.text) || (token.type === "NAME" && looksLikeMacro(token.text));
}

/** True for a macro that the file defines, and for a parameter of the macro whose body is read. */
export function isKnownMacro(cursor: Cursor, name: string): boolean {
  return cursor.macroNames.has(name) || cursor.parameters.includes(name);
}

// Names

export function nameOf(token: Token): LdName {
  return { text: token.text, quoted: token.quoted, pasted: token.pasted, start: token.start, end: token.end };
}

/** The name of a keyword or operator, as written. */
export function wordOf(cursor: Cursor, token: Token): LdName {
  const text = token.text === "" ? cursor.source.slice(token.start, token.end) : token.text;
  return { text, quoted: false, pasted: false, start: token.start, end: token.end };
}

/** Notes a use of a name, for the features that follow names. */
export function noteUse(cursor: Cursor, name: LdName | undefined, role: LdArgumentRole, isDefinition: boolean): void {
  if (name === undefined) return;
  const inner = name.quoted ? 1 : 0;
  cursor.uses.push({
    text: name.text,
    role,
    isDefinition,
    inMacro: cursor.inMacro,
    start: name.start + inner,
    end: name.end - inner,
  });
}

/** Notes that the next token is an operator between two operands. */
export function noteInfix(cursor: Cursor): void {
  cursor.recorder?.infix.add(peek(cursor).start);
}

/** An empty name where one is missing. */
export function missingName(cursor: Cursor): LdName {
  return { text: "", quoted: false, pasted: false, start: cursor.lastEnd, end: cursor.lastEnd };
}
