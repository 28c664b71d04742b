/**
 * Parses declarators: pointers, the name, bounds and parameters, and what follows them up to the next comma. Specifiers are
 * the business of declaration.ts.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { isAttributeGroup, readAttributes, readWord } from "./attributes.ts";
import { COLON, OPEN_BRACKET, OPEN_PAREN, STAR } from "./codes.ts";
import { KEYWORD } from "./keywords.ts";
import { openLexer, TOKEN } from "./lexer.ts";
import { decodeStrings } from "./literals.ts";
import { type Candidate, chooseName, holdsParameters, isPointerGroup } from "./names.ts";
import { collectTokens, makeTokens, type Tokens } from "./tokens.ts";
import type { CAttribute, CWord, Shape } from "./tree.ts";

/** A declarator in the making. */
export interface PartialDeclarator {
  start: number;
  end: number;
  /** Where the name starts, or -1 before it was found. */
  nameToken: number;
  nameStop: number;
  shape: Shape;
  /** A star stands before the name, or around it in parentheses. */
  hasPointer: boolean;
  /** const behind the star that is nearest to the name. */
  isPointerConst: boolean;
  /** Its parentheses are closed and hold a star or a suffix: what follows them no longer shapes the name itself. */
  isSealed: boolean;
  readonly bounds: Span[];
  parameters: Span | undefined;
  readonly attributes: CAttribute[];
  readonly words: CWord[];
  asmName: string | undefined;
  initializer: Span | undefined;
}

export interface DeclaratorContext {
  readonly source: Source;
  readonly own: ReadonlySet<string>;
  readonly isMacroBody: boolean;
}

export function startDeclarator(at: number): PartialDeclarator {
  return {
    start: at,
    end: at,
    nameToken: -1,
    nameStop: -1,
    shape: "plain",
    hasPointer: false,
    isPointerConst: false,
    isSealed: false,
    bounds: [],
    parameters: undefined,
    attributes: [],
    words: [],
    asmName: undefined,
    initializer: undefined,
  };
}

/** Parentheses around declarators may nest so deep; C11 5.2.4.1 asks for 12 declarators around one name. */
const DEEPEST = 12;

/** Lists of tokens for what stands in parentheses, one for each depth. */
const nestedTokens: Tokens[] = [];

/** More tokens than any declarator in parentheses has. */
const MOST_NESTED = 256;

/**
 * declarator: pointer… (name | `(` declarator `)`), words and attributes in between
 *
 * Leaves `nameToken` at -1 where there is no name. Suffixes behind it are read by {@link readSuffixes}.
 */
export function readDeclarator(
  context: DeclaratorContext,
  tokens: Tokens,
  from: number,
  to: number,
  into: PartialDeclarator,
  depth: number,
): number {
  const { source } = context;
  const { kinds } = tokens;
  const candidates: Candidate[] = [];
  const attributes: number[] = [];
  let at = from;
  scan: while (at < to) {
    const kind = kinds[at]!;
    switch (kind) {
      case STAR:
      case 94: // the block pointer of Clang
        into.hasPointer = true;
        into.isPointerConst = false;
        at++;
        continue;
      case KEYWORD.const:
        into.isPointerConst = true;
        at++;
        continue;
      case KEYWORD.qualifier:
      case KEYWORD.extension:
        at++;
        continue;
      case KEYWORD.attribute:
        attributes.push(at);
        at += kinds[at + 1] === OPEN_PAREN && at + 1 < to ? 2 : 1;
        continue;
      case OPEN_BRACKET:
        if (!isAttributeGroup(source, tokens.starts[at]!, tokens.stops[at]!)) break scan;
        attributes.push(at);
        at++;
        continue;
      case TOKEN.word: {
        const hasGroup = kinds[at + 1] === OPEN_PAREN && at + 1 < to;
        const isPointer = hasGroup && isPointerGroup(source, tokens, at + 1);
        candidates.push({ token: at, group: hasGroup && !isPointer ? at + 1 : -1 });
        at += hasGroup && !isPointer ? 2 : 1;
        continue;
      }
      default:
        break scan;
    }
  }
  let name = -1;
  if (at < to && kinds[at] === OPEN_PAREN && depth < DEEPEST) {
    readParenthesised(context, tokens, at, into, depth);
    into.end = tokens.stops[at]!;
    at++;
  } else {
    const behind = at < to ? kinds[at]! : TOKEN.end;
    const question = {
      source,
      tokens,
      candidates,
      hasType: true,
      typeToken: -1,
      definesTag: false,
      hasStorage: true,
      behind,
      own: context.own,
    };
    name = chooseName(question);
  }
  if (name >= 0) {
    const { token, group } = candidates[name]!;
    into.nameToken = tokens.starts[token]!;
    into.nameStop = tokens.stops[token]!;
    into.end = into.nameStop;
    const behind = candidates[name + 1];
    if (behind !== undefined && holdsParameters(context, tokens, behind)) into.shape = "function";
    if (group >= 0) {
      into.shape = "function";
      into.parameters = { start: tokens.starts[group]!, end: tokens.stops[group]! };
      into.end = into.parameters.end;
    }
  }
  for (let i = 0; i < candidates.length; i++) {
    if (i === name) continue;
    const { token, group } = candidates[i]!;
    const word = readWord(source, tokens, token, group >= 0 ? group : token);
    into.words.push(word);
    if (word.start > into.nameToken) into.end = Math.max(into.end, word.end);
  }
  for (const attribute of attributes) addAttributes(context, tokens, attribute, into);
  return at;
}

function addAttributes(context: DeclaratorContext, tokens: Tokens, at: number, into: PartialDeclarator): number {
  const hasGroup = tokens.kinds[at] !== OPEN_BRACKET && tokens.kinds[at + 1] === OPEN_PAREN;
  const last = hasGroup ? at + 1 : at;
  readAttributes(context.source, tokens, at, last, context.isMacroBody, into.attributes);
  if (into.nameToken >= 0 && tokens.starts[at]! > into.nameToken) into.end = Math.max(into.end, tokens.stops[last]!);
  return last + 1;
}

/** `(*name)`, `(*name[3])`, `(name)`, `(*name(int))`: the declarator within, with its own suffixes. */
function readParenthesised(
  context: DeclaratorContext,
  tokens: Tokens,
  at: number,
  into: PartialDeclarator,
  depth: number,
): void {
  const mode = context.isMacroBody ? "macro" : "part";
  const lexer = openLexer(context.source, tokens.starts[at]! + 1, tokens.stops[at]! - 1, mode);
  const inner = (nestedTokens[depth] ??= makeTokens(MOST_NESTED));
  collectTokens(lexer, inner);
  const hadPointer = into.hasPointer;
  const wasConst = into.isPointerConst;
  into.hasPointer = false;
  const next = readDeclarator(context, inner, 0, inner.count, into, depth + 1);
  readSuffixes(context, inner, next, inner.count, into);
  into.isSealed = into.hasPointer || into.shape !== "plain";
  if (!into.hasPointer) into.isPointerConst = wasConst;
  into.hasPointer ||= hadPointer;
}

/**
 * suffix: bounds | parameters | asm-label | attribute-list | word | initializer | bit-field
 *
 * Only the first bounds or parameters behind the name make its shape: `(*name)(void)` is a pointer.
 */
export function readSuffixes(
  context: DeclaratorContext,
  tokens: Tokens,
  from: number,
  to: number,
  into: PartialDeclarator,
): number {
  const { source } = context;
  const { kinds } = tokens;
  let at = from;
  while (at < to) {
    switch (kinds[at]) {
      case OPEN_BRACKET: {
        const start = tokens.starts[at]!;
        const end = tokens.stops[at]!;
        if (isAttributeGroup(source, start, end)) {
          at = addAttributes(context, tokens, at, into);
          continue;
        }
        if (mayShape(into)) into.shape = "array";
        if (into.shape === "array") into.bounds.push({ start: start + 1, end: Math.max(start + 1, end - 1) });
        into.end = end;
        at++;
        continue;
      }
      case OPEN_PAREN: {
        const span = { start: tokens.starts[at]!, end: tokens.stops[at]! };
        if (mayShape(into)) {
          into.shape = "function";
          into.parameters = span;
        }
        into.end = span.end;
        at++;
        continue;
      }
      case KEYWORD.asm: {
        at++;
        while (kinds[at] === KEYWORD.qualifier && at < to) at++;
        if (kinds[at] === OPEN_PAREN && at < to) {
          into.asmName = decodeStrings(source, tokens.starts[at]! + 1, tokens.stops[at]! - 1);
          into.end = tokens.stops[at]!;
          at++;
        }
        continue;
      }
      case KEYWORD.attribute:
        at = addAttributes(context, tokens, at, into);
        continue;
      case TOKEN.word: {
        const last = kinds[at + 1] === OPEN_PAREN && at + 1 < to ? at + 1 : at;
        const word = readWord(source, tokens, at, last);
        if (mayShape(into) && holdsParameters(context, tokens, { token: at, group: last > at ? last : -1 }))
          into.shape = "function";
        into.words.push(word);
        into.end = word.end;
        at = last + 1;
        continue;
      }
      case TOKEN.initializer:
        into.initializer = { start: tokens.starts[at]!, end: tokens.stops[at]! };
        into.end = into.initializer.end;
        at = skipInitializerRest(tokens, at + 1, to, into);
        continue;
      case COLON:
        // A bit-field's width.
        at++;
        if (kinds[at] === TOKEN.number && at < to) at++;
        continue;
      default:
        return at;
    }
  }
  return at;
}

/** Nothing between the name and here has said yet what the name is. */
function mayShape(made: PartialDeclarator): boolean {
  return made.shape === "plain" && made.nameToken >= 0 && !made.isSealed;
}

/** An initializer that directives cut up goes on with tokens of its own, up to the comma or semicolon. */
function skipInitializerRest(tokens: Tokens, from: number, to: number, into: PartialDeclarator): number {
  let at = from;
  while (at < to && tokens.kinds[at] !== 44 && tokens.kinds[at] !== 59) {
    into.initializer = { start: into.initializer?.start ?? tokens.starts[at]!, end: tokens.stops[at]! };
    into.end = tokens.stops[at]!;
    at++;
  }
  return at;
}
