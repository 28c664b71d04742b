/**
 * Reads the replacements of macros that make symbols where they are called at file scope: the declarations in them, and the
 * calls of other macros that may make some, or a name. Nothing is expanded here; names that depend on parameters are patterns.
 */

import type { Source } from "../../text/source.ts";
import { COMMA, EQUALS, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON } from "./codes.ts";
import { type DeclarationPlace, parseDeclaration } from "./declaration.ts";
import type { RawDefine } from "./defines.ts";
import { KEYWORD } from "./keywords.ts";
import { type Lexer, nextToken, openLexer, TOKEN, wordText } from "./lexer.ts";
import { addToken, clearTokens, findToken, makeTokens, skipNested, type Tokens } from "./tokens.ts";
import type { CDeclaration, CMaker } from "./tree.ts";

const itemTokens: Tokens = makeTokens(256);

/** An item without the parentheses behind its name. */
const uncalledTokens: Tokens = makeTokens(256);

/** More than any replacement has that makes symbols. */
const MOST_ITEMS = 64;

/** More arguments than a macro that makes symbols takes; those behind are not looked at. */
const MOST_ARGUMENTS = 24;

/** The macro that a replacement which is a name alone hands that name to: `#define KEY(name) key_##name`. */
export const NAMING = "##";

/** What the macro makes, or undefined where its replacement makes nothing that depends on a parameter. */
export function readMaker(source: Source, define: RawDefine, own: ReadonlySet<string>): CMaker | undefined {
  const parameters = define.parameters ?? [];
  if (parameters.length === 0) return undefined;
  const names = new Set(parameters);
  const declarations: CDeclaration[] = [];
  const calls: { name: string; arguments: readonly string[] }[] = [];
  const lexer = openLexer(source, define.body.start, define.body.end, "macro");
  const place = {
    source,
    own,
    scope: "file" as const,
    condition: define.condition,
    inMacro: define.name,
    wantsType: false,
  };
  for (let items = 0; items < MOST_ITEMS && lexer.offset < lexer.end; items++) {
    collectItem(lexer, itemTokens);
    const { count, kinds } = itemTokens;
    if (itemTokens.isOverfull) return undefined;
    let at = 0;
    // `MAKE_A(x) MAKE_B(x) int y;`: annotations are written alike, but no macro of their name makes symbols.
    while (kinds[at] === TOKEN.word && kinds[at + 1] === OPEN_PAREN && at + 1 < count) {
      addCall(source, itemTokens, at, names, calls);
      at += 2;
    }
    if (at >= count || (at === count - 1 && kinds[at] === SEMICOLON)) continue;
    if (items === 0 && count === 1 && kinds[0] === TOKEN.word && lexer.offset >= lexer.end) {
      const name = wordText(source, itemTokens.starts[0]!, itemTokens.stops[0]!);
      if (dependsOn(name, names)) calls.push({ name: NAMING, arguments: [name] });
      break;
    }
    if (findToken(itemTokens, KEYWORD.static, 0, count) >= 0) continue;
    let { declaration } = parseDeclaration(place, itemTokens, 0, count);
    if (declaration === undefined && at > 0) declaration = parseDeclaration(place, itemTokens, at, count).declaration;
    if (declaration?.storage === "typedef") continue;
    if (declaration?.declarators.some(({ name }) => dependsOn(name, names))) declarations.push(declaration);
    else {
      const named = readNamedByCall(source, place, itemTokens, 0, names);
      if (named !== undefined) declarations.push(named);
    }
  }
  if (declarations.length === 0 && calls.length === 0) return undefined;
  const { name, nameSpan, condition } = define;
  return { name, nameSpan, parameters, declarations, calls, condition };
}

/** item: tokens up to a `;`, or to the body of a function; groups are one token each. */
function collectItem(lexer: Lexer, tokens: Tokens): void {
  clearTokens(tokens);
  for (;;) {
    const kind = nextToken(lexer);
    if (kind === TOKEN.end) return;
    if (kind === OPEN_PAREN || kind === OPEN_BRACKET || kind === OPEN_BRACE) {
      const { start, startsLine } = lexer;
      skipNested(lexer);
      addToken(tokens, kind, start, lexer.offset, startsLine);
      const isMembers = kind === OPEN_BRACE && findToken(tokens, KEYWORD.tag, 0, tokens.count) === tokens.count - 2;
      if (kind === OPEN_BRACE && !isMembers && !isTagged(tokens)) return;
    } else if (kind === EQUALS) readInitializer(lexer, tokens);
    else addToken(tokens, kind, lexer.start, lexer.stop, lexer.startsLine);
    if (kind === SEMICOLON || tokens.isOverfull) return;
  }
}

/** `struct name {…}`: the braces hold members. */
function isTagged(tokens: Tokens): boolean {
  const { kinds, count } = tokens;
  return count >= 3 && kinds[count - 2] === TOKEN.word && kinds[count - 3] === KEYWORD.tag;
}

/** From behind a `=` to the `;` or comma that ends the initializer. */
function readInitializer(lexer: Lexer, tokens: Tokens): void {
  const start = lexer.stop;
  let stop = lexer.stop;
  for (;;) {
    const kind = nextToken(lexer);
    if (kind === TOKEN.end || kind === SEMICOLON) break;
    if (kind === OPEN_PAREN || kind === OPEN_BRACKET || kind === OPEN_BRACE) skipNested(lexer);
    stop = lexer.offset;
  }
  addToken(tokens, TOKEN.initializer, start, stop, false);
  lexer.offset = lexer.start;
}

/** Keeps a call that a parameter is handed to. */
function addCall(
  source: Source,
  tokens: Tokens,
  at: number,
  parameters: ReadonlySet<string>,
  calls: { name: string; arguments: readonly string[] }[],
): void {
  const inside = { start: tokens.starts[at + 1]! + 1, end: tokens.stops[at + 1]! - 1 };
  const given = splitArguments(source, inside.start, inside.end, "macro").map(({ text }) => text);
  if (!given.some((text) => text === "__VA_ARGS__" || dependsOn(text, parameters))) return;
  calls.push({ name: wordText(source, tokens.starts[at]!, tokens.stops[at]!), arguments: given });
}

/** Whether a pattern has a parameter among the words that it pastes. */
function dependsOn(pattern: string, parameters: ReadonlySet<string>): boolean {
  return pattern.split("##").some((word) => parameters.has(word));
}

/**
 * The item as a declaration whose name a macro call makes, `struct key KEY(name) = {…}`: it is read without the call's
 * parentheses, and the declarator then has the call for its name, "KEY(name)". undefined where no parameter is handed to it.
 */
function readNamedByCall(
  source: Source,
  place: DeclarationPlace,
  tokens: Tokens,
  from: number,
  parameters: ReadonlySet<string>,
): CDeclaration | undefined {
  const { kinds, starts, stops, count } = tokens;
  for (let at = from; at + 1 < count; at++) {
    if (kinds[at] !== TOKEN.word || kinds[at + 1] !== OPEN_PAREN) continue;
    const given = splitArguments(source, starts[at + 1]! + 1, stops[at + 1]! - 1, "macro").map(({ text }) => text);
    if (!given.some((text) => dependsOn(text, parameters))) continue;
    clearTokens(uncalledTokens);
    for (let i = from; i < count; i++) {
      if (i !== at + 1) addToken(uncalledTokens, kinds[i]!, starts[i]!, stops[i]!, tokens.lines[i] === 1);
    }
    const { declaration } = parseDeclaration(place, uncalledTokens, 0, uncalledTokens.count);
    const [first] = declaration?.declarators ?? [];
    if (declaration === undefined || first?.nameSpan.start !== starts[at] || declaration.storage === "typedef")
      continue;
    return { ...declaration, declarators: [{ ...first!, name: `${first!.name}(${given.join(",")})` }] };
  }
  return undefined;
}

/** Whether the name of a declarator in a macro's replacement is the call of another macro. */
export function isNameCall(name: string): boolean {
  return name.endsWith(")");
}

/** One argument of a macro call: its text where it is one word or number, pasted ones included, else "". */
export interface PlainArgument {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The arguments between a call's parentheses. */
export function splitArguments(source: Source, start: number, end: number, mode: "part" | "macro"): PlainArgument[] {
  const found: PlainArgument[] = [];
  const lexer = openLexer(source, start, end, mode);
  let tokens = 0;
  let from = start;
  let to = start;
  let isPlain = true;
  for (;;) {
    const kind = nextToken(lexer);
    if (kind === TOKEN.end || kind === COMMA) {
      const text = tokens === 1 && isPlain ? wordText(source, from, to) : "";
      found.push({ text, start: from, end: to });
      if (kind === TOKEN.end || found.length >= MOST_ARGUMENTS) return found;
      tokens = 0;
      isPlain = true;
      continue;
    }
    if (tokens === 0) from = lexer.start;
    tokens++;
    isPlain &&= kind === TOKEN.word || kind === TOKEN.number || kind === KEYWORD.static;
    if (kind === OPEN_PAREN || kind === OPEN_BRACKET || kind === OPEN_BRACE) skipNested(lexer);
    to = lexer.offset;
  }
}
