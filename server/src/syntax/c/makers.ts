/**
 * Reads the replacements of macros that make symbols where they are called at file scope: the declarations and the assembly in
 * them, and the calls of other macros that may make some, or a name. Nothing is expanded here; names that depend on parameters are
 * patterns.
 */

import type { Source } from "../../text/source.ts";
import { COMMA, EQUALS, HASH, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON } from "./codes.ts";
import { type DeclarationPlace, parseDeclaration } from "./declaration.ts";
import type { RawDefine } from "./defines.ts";
import { KEYWORD } from "./keywords.ts";
import { type Lexer, nextToken, openLexer, TOKEN, wordText } from "./lexer.ts";
import { decodeString } from "./literals.ts";
import { clearTokens, findToken, makeTokens, pushToken, skipNested, type Tokens } from "./tokens.ts";
import type { CDeclaration, CMadeAsm, CMaker, CMakerCall } from "./tree.ts";

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
  const names = new Set(parameters.map(plainParameter));
  const declarations: CDeclaration[] = [];
  const calls: CMakerCall[] = [];
  let unfinished: CDeclaration | undefined;
  const asms: CMadeAsm[] = [];
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
    if (kinds[0] === KEYWORD.asm) {
      const asm = readMadeAsm(source, itemTokens, names);
      if (asm !== undefined) asms.push(asm);
      continue;
    }
    let at = 0;
    // `MAKE_A(x) MAKE_B(x) int y;`: annotations are written alike, but no macro of their name makes symbols.
    while (kinds[at] === TOKEN.word && kinds[at + 1] === OPEN_PAREN && at + 1 < count) {
      addCall(source, itemTokens, at, names, calls);
      at += 2;
    }
    if (at === count - 1 && kinds[at] === OPEN_BRACE) continue;
    if (at >= count || (at === count - 1 && kinds[at] === SEMICOLON)) continue;
    if (items === 0 && isNameAlone(itemTokens) && nextToken(lexer) === TOKEN.end) {
      const name = wordText(source, itemTokens.starts[count - 1]!, itemTokens.stops[count - 1]!);
      const sign = count === 1 ? "" : "#";
      if (dependsOn(name, names)) calls.push({ name: NAMING, arguments: [sign + name], follows: undefined });
      break;
    }
    const isStatic = findToken(itemTokens, KEYWORD.static, 0, count) >= 0;
    if (isStatic && findToken(itemTokens, KEYWORD.attribute, 0, count) < 0) continue;
    let { declaration } = parseDeclaration(place, itemTokens, 0, count);
    if (declaration === undefined && at > 0) declaration = parseDeclaration(place, itemTokens, at, count).declaration;
    if (declaration?.storage === "typedef") continue;
    if (isStatic) {
      // A static may still be a local name for a weak reference (GCC, weakref).
      if (declaration !== undefined && isWeakref(declaration)) declarations.push(declaration);
      continue;
    }
    if (declaration?.declarators.some(({ name }) => dependsOn(name, names))) {
      declarations.push(declaration);
      if (kinds[count - 1] !== SEMICOLON) unfinished = declaration;
    } else {
      const call = annotatedCall(itemTokens, at);
      if (call >= 0) addCall(source, itemTokens, call, names, calls);
      const named = readNamedByCall(source, place, itemTokens, 0, names);
      if (named !== undefined) declarations.push(named);
    }
  }
  if (declarations.length === 0 && calls.length === 0 && asms.length === 0) return undefined;
  const { name, nameSpan, condition } = define;
  return { name, nameSpan, parameters, declarations, unfinished, asms, calls, condition };
}

/** The place of a call with words before it, which annotate what it makes: `__used MAKE(name) = …`; -1 where there is none. */
function annotatedCall({ kinds, count }: Tokens, from: number): number {
  let at = from;
  while (at < count && kinds[at] === TOKEN.word && kinds[at + 1] !== OPEN_PAREN) at++;
  return at > from && at + 1 < count && kinds[at] === TOKEN.word ? at : -1;
}

function isWeakref({ attributes, declarators }: CDeclaration): boolean {
  return [...attributes, ...declarators.flatMap((declarator) => declarator.attributes)].some(
    ({ name }) => name === "weakref",
  );
}

/** The name by which a replacement uses a parameter: "args" of "args...", which GNU C lets a variadic macro call its last. */
export function plainParameter(parameter: string): string {
  return parameter.length > 3 && parameter.endsWith("...") ? parameter.slice(0, -3) : parameter;
}

/** `name` or `#name`. */
function isNameAlone({ kinds, count }: Tokens): boolean {
  return count === 1 ? kinds[0] === TOKEN.word : count === 2 && kinds[0] === HASH && kinds[1] === TOKEN.word;
}

/** `asm("…" #name "…" STRING(name) "…")` without operands; undefined where no parameter is part of it. */
function readMadeAsm(source: Source, tokens: Tokens, parameters: ReadonlySet<string>): CMadeAsm | undefined {
  const group = findToken(tokens, OPEN_PAREN, 0, tokens.count);
  if (group < 0) return undefined;
  const lexer = openLexer(source, tokens.starts[group]! + 1, tokens.stops[group]! - 1, "macro");
  let text = "";
  const holes: string[] = [];
  let kind = nextToken(lexer);
  while (kind !== TOKEN.end) {
    if (kind === TOKEN.string) {
      text += decodeString(source.slice(lexer.start, lexer.stop));
      kind = nextToken(lexer);
      continue;
    }
    const isString = kind === HASH;
    if (isString) kind = nextToken(lexer);
    // Operands stand in the code of functions.
    if (kind !== TOKEN.word) return undefined;
    const word = wordText(source, lexer.start, lexer.stop);
    let hole = isString && parameters.has(word) ? word : "";
    kind = nextToken(lexer);
    if (kind === OPEN_PAREN && !isString) {
      const start = lexer.stop;
      skipNested(lexer);
      hole = `${word}(${splitArguments(source, start, lexer.offset - 1, "macro").map((given) => given.text)})`;
      kind = nextToken(lexer);
    }
    // What is written alike is the same name.
    let number = hole === "" ? -1 : holes.indexOf(hole);
    if (number < 0) number = holes.push(hole) - 1;
    text += `__hole_${number}__`;
  }
  return holes.some((hole) => dependsOn(hole, parameters)) ? { text, holes } : undefined;
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
      pushToken(tokens, kind, start, lexer.offset, startsLine);
      const isMembers = kind === OPEN_BRACE && findToken(tokens, KEYWORD.tag, 0, tokens.count) === tokens.count - 2;
      if (kind === OPEN_BRACE && !isMembers && !isTagged(tokens)) return;
    } else if (kind === EQUALS) readInitializer(lexer, tokens);
    else pushToken(tokens, kind, lexer.start, lexer.stop, lexer.startsLine);
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
  pushToken(tokens, TOKEN.initializer, start, stop, false);
  lexer.offset = lexer.start;
}

/** Keeps a call that a parameter is handed to. */
function addCall(
  source: Source,
  tokens: Tokens,
  at: number,
  parameters: ReadonlySet<string>,
  calls: CMakerCall[],
): void {
  const inside = { start: tokens.starts[at + 1]! + 1, end: tokens.stops[at + 1]! - 1 };
  const given = splitArguments(source, inside.start, inside.end, "macro").map(({ text }) => text);
  if (!given.some((text) => text === "__VA_ARGS__" || dependsOn(text, parameters))) return;
  const next = at + 2 < tokens.count ? tokens.kinds[at + 2] : undefined;
  const follows = next === undefined ? "end" : next === OPEN_BRACE ? "body" : undefined;
  calls.push({ name: wordText(source, tokens.starts[at]!, tokens.stops[at]!), arguments: given, follows });
}

/** Whether a pattern has a parameter among the words that it pastes. */
function dependsOn(pattern: string, parameters: ReadonlySet<string>): boolean {
  return pattern.split(/##|[(),]/).some((word) => parameters.has(word));
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
      if (i !== at + 1) pushToken(uncalledTokens, kinds[i]!, starts[i]!, stops[i]!, tokens.lines[i] === 1);
    }
    const { declaration } = parseDeclaration(place, uncalledTokens, 0, uncalledTokens.count);
    const [first] = declaration?.declarators ?? [];
    if (declaration === undefined || first?.nameSpan.start !== starts[at] || declaration.storage === "typedef")
      continue;
    return { ...declaration, declarators: [{ ...first!, name: `${first!.name}(${given.join(",")})` }] };
  }
  return undefined;
}

/**
 * One argument of a macro call: its text where it is one word or number, pasted ones included; in a macro's replacement also
 * where it is a call with such arguments, "KEY(name)"; else "".
 */
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
  /** The end of a word that an argument begins with, and what its parentheses hold. */
  let name = start;
  let inside = start;
  let isPlain = true;
  for (;;) {
    const kind = nextToken(lexer);
    if (kind === TOKEN.end || kind === COMMA) {
      let text = tokens === 1 && isPlain ? wordText(source, from, to) : "";
      if (mode === "macro" && tokens === 2 && isPlain && inside > from) {
        text = `${wordText(source, from, name)}(${splitArguments(source, inside, to - 1, mode).map((one) => one.text)})`;
      }
      found.push({ text, start: from, end: to });
      if (kind === TOKEN.end || found.length >= MOST_ARGUMENTS) return found;
      tokens = 0;
      isPlain = true;
      continue;
    }
    if (kind === OPEN_BRACKET && tokens === 1 && isPlain && name > from) {
      // `DEFINE_LOCK(locks[COUNT])`: the array's name.
      skipNested(lexer);
      continue;
    }
    if (tokens === 0) from = lexer.start;
    tokens++;
    if (tokens === 1 && kind === TOKEN.word) name = lexer.stop;
    if (tokens === 2 && kind === OPEN_PAREN && name > from) inside = lexer.stop;
    else isPlain &&= kind === TOKEN.word || kind === TOKEN.number || kind === KEYWORD.static;
    if (kind === OPEN_PAREN || kind === OPEN_BRACKET || kind === OPEN_BRACE) skipNested(lexer);
    to = lexer.offset;
  }
}
