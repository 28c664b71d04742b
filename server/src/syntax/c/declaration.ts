/**
 * Parses one declaration out of its list of tokens: specifiers, annotations, declarators. It reads no further text and
 * keeps nothing between calls. What it cannot understand it steps over, and marks the declaration as not to be edited.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { readAttributes, readWord } from "./attributes.ts";
import { COMMA, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, STAR } from "./codes.ts";
import { type PartialDeclarator, readDeclarator, readSuffixes, startDeclarator } from "./declarator.ts";
import { KEYWORD } from "./keywords.ts";
import { TOKEN, wordText } from "./lexer.ts";
import {
  type Candidate,
  chooseName,
  chooseType,
  holdsParameters,
  type NameQuestion,
  PARAMETERS,
  parametersIn,
} from "./names.ts";
import { noSpecifiers, readSpecifiers, type Specifiers, typeofOperand, typeText } from "./specifiers.ts";
import { findToken, type Tokens } from "./tokens.ts";
import type { CAttribute, CDeclaration, CDeclarator, CWord } from "./tree.ts";
import { hasSmallLetter, isObjectType } from "./words.ts";

/** What a declaration's parser must know of the place. */
export interface DeclarationPlace {
  readonly source: Source;
  /** Words that the file's own #defines make attributes. */
  readonly own: ReadonlySet<string>;
  readonly scope: "file" | "block";
  readonly condition: string;
  readonly inMacro: string | undefined;
  /** Whether the text of the type is wanted; the index does without. */
  readonly wantsType: boolean;
}

/** What came of some tokens: a declaration, a call of a macro in its stead, or nothing of interest. */
export interface ParsedDeclaration {
  readonly declaration: CDeclaration | undefined;
  /** The token of a macro's name that stands where a declaration would, its arguments behind it; or -1. */
  readonly call: number;
  /** The token to go on with; the end of the list as a rule. */
  readonly next: number;
}

/**
 * declaration: specifier… declarator-list? `;`  |  specifier… declarator parameter-declaration… body
 *
 * `from` is the first token of the declaration, `to` the place behind the last.
 */
export function parseDeclaration(place: DeclarationPlace, tokens: Tokens, from: number, to: number): ParsedDeclaration {
  const { source } = place;
  const specifiers = noSpecifiers();
  let at = readSpecifiers(source, tokens, from, to, specifiers);
  const kind = tokens.kinds[at]!;
  if (kind === KEYWORD.asm && at === from) return nothing(to);

  const { candidates } = specifiers;
  const question: NameQuestion = {
    source,
    tokens,
    candidates,
    hasType: specifiers.hasType,
    typeToken: specifiers.typeToken,
    definesTag: specifiers.definesTag && kind !== TOKEN.initializer,
    hasStorage: specifiers.storage !== "none" || specifiers.isConst,
    behind: kind,
    own: place.own,
  };
  const declarators: CDeclarator[] = [];
  const builder: Builder = { place, tokens, to, specifiers, declarators, isSplit: tokens.isSplit };
  let first: PartialDeclarator;
  let typeAt: number;
  let nameAt = candidates.length;
  if (kind === STAR || kind === OPEN_PAREN) {
    const last = candidates.at(-1);
    if (kind === OPEN_PAREN && last !== undefined && last.group === at - 1) {
      // `MACRO(name)(parameters)`: only the preprocessor knows what is declared; `type_t (name)(parameters)` is plain C.
      const isCallOfMacro = specifiers.hasType || candidates.length > 1 || !isTypeLike(source, tokens, last.token);
      if (isCallOfMacro) return { declaration: undefined, call: last.token, next: to };
      candidates[candidates.length - 1] = { token: last.token, group: -1 };
      at = last.group;
    }
    typeAt = specifiers.hasType ? -1 : chooseType(question, candidates.length);
    first = startDeclarator(tokens.starts[at]!);
    at = readDeclarator({ source, own: place.own, isMacroBody: place.inMacro !== undefined }, tokens, at, to, first, 0);
  } else {
    nameAt = chooseName(question);
    if (nameAt < 0) return { declaration: undefined, call: callAmong(candidates), next: nextBehind(tokens, at, to) };
    const name = candidates[nameAt]!;
    if (isMacroCall(place, question, nameAt, kind)) {
      return { declaration: undefined, call: name.token, next: nextBehind(tokens, at, to) };
    }
    typeAt = specifiers.hasType ? -1 : chooseType(question, nameAt);
    first = startDeclarator(tokens.starts[name.token]!);
    first.nameToken = tokens.starts[name.token]!;
    first.nameStop = tokens.stops[name.token]!;
    first.end = first.nameStop;
    const behind = candidates[nameAt + 1];
    if (behind !== undefined && holdsParameters(question, tokens, behind)) first.shape = "function";
    if (name.group >= 0) {
      first.shape = "function";
      first.parameters = { start: tokens.starts[name.group]!, end: tokens.stops[name.group]! };
      first.end = first.parameters.end;
    }
  }
  if (specifiers.isRegister || first.nameToken < 0) return nothing(nextBehind(tokens, at, to));

  const { attributes, words } = shareOut(builder, first, nameAt, typeAt);
  const isKnown = specifiers.isObjectType || isObjectTypeWord(source, tokens, candidates[typeAt]);
  at = readRest(builder, first, at);

  const body = tokens.kinds[at] === OPEN_BRACE && at < to ? spanOf(tokens, at) : undefined;
  const end = at < to ? tokens.stops[at]! : tokens.stops[to - 1]!;
  const declarator = declarators[0]!;
  const declaration: CDeclaration = {
    start: tokens.starts[from]!,
    end,
    scope: place.scope,
    storage: specifiers.storage,
    isInline: specifiers.isInline,
    isConst: declarator.isConst ?? false,
    isVoid: specifiers.isVoid,
    isObjectType: isKnown,
    specifiers: {
      start: tokens.starts[from]!,
      end: Math.max(tokens.starts[from]!, specifiersEnd(tokens, declarator.start)),
    },
    storageSpan: specifiers.storageToken < 0 ? undefined : spanOf(tokens, specifiers.storageToken),
    typeOf: typeofOperand(source, tokens, specifiers),
    type: place.wantsType ? typeText(source, tokens, specifiers, candidates[typeAt]) : "",
    attributes,
    words,
    declarators,
    body,
    condition: place.condition,
    inMacro: place.inMacro,
    isSplit: builder.isSplit,
  };
  return { declaration, call: -1, next: at < to ? at + 1 : to };
}

/** What the parts of one declaration's parser share. */
interface Builder {
  readonly place: DeclarationPlace;
  readonly tokens: Tokens;
  readonly to: number;
  readonly specifiers: Specifiers;
  readonly declarators: CDeclarator[];
  isSplit: boolean;
}

function nothing(next: number): ParsedDeclaration {
  return { declaration: undefined, call: -1, next };
}

function spanOf(tokens: Tokens, at: number): Span {
  return { start: tokens.starts[at]!, end: tokens.stops[at]! };
}

/** The end of the last token before the offset. */
function specifiersEnd(tokens: Tokens, before: number): number {
  let end = 0;
  for (let i = 0; i < tokens.count && tokens.stops[i]! <= before; i++) end = tokens.stops[i]!;
  return end;
}

/** `type_t (name)(…)`: a small letter tells a type from a macro that makes a name. */
function isTypeLike(source: Source, tokens: Tokens, at: number): boolean {
  return hasSmallLetter(source.codes, tokens.starts[at]!, tokens.stops[at]!);
}

/** The last word with parentheses: a macro that stands where the name would. */
function callAmong(candidates: readonly Candidate[]): number {
  return candidates.findLast((candidate) => candidate.group >= 0)?.token ?? -1;
}

/**
 * Whether the chosen "function" is a macro's call: no type stands before it, and either nothing is behind it that a
 * definition has, or its arguments are no parameters, or it is all capitals, as in `notrace BPF_CALL_1(name, …) {…}`.
 */
function isMacroCall(place: DeclarationPlace, question: NameQuestion, nameAt: number, behind: number): boolean {
  const { tokens, source, candidates } = question;
  const name = candidates[nameAt]!;
  if (name.group < 0 || question.hasType) return false;
  const start = tokens.starts[name.token]!;
  const stop = tokens.stops[name.token]!;
  const parameters = parametersIn(source, tokens.starts[name.group]!, tokens.stops[name.group]!);
  const isCapital = !hasSmallLetter(source.codes, start, stop);
  if (chooseType(question, nameAt) >= 0) return isCapital && parameters < PARAMETERS.sure;
  if (isCapital || parameters < PARAMETERS.sure) return true;
  // `main(void) {…}`, with the type left out, has a body; at block scope there is none to tell by.
  return behind !== OPEN_BRACE && place.scope === "file" && !question.hasStorage;
}

/** Behind the `;` or body at or after the token. */
function nextBehind(tokens: Tokens, at: number, to: number): number {
  for (let i = at; i < to; i++) {
    const kind = tokens.kinds[i];
    if (kind === SEMICOLON || kind === OPEN_BRACE) return i + 1;
  }
  return to;
}

/** Gives each attribute and word to the declaration, where it stands before the first name, or to the first declarator. */
function shareOut(
  builder: Builder,
  first: PartialDeclarator,
  nameAt: number,
  typeAt: number,
): { attributes: CAttribute[]; words: CWord[] } {
  const { place, tokens, specifiers } = builder;
  const { source } = place;
  const isMacroBody = place.inMacro !== undefined;
  const attributes: CAttribute[] = [];
  const words: CWord[] = [];
  const { nameToken } = first;
  for (const at of specifiers.attributes) {
    const last = tokens.kinds[at] === OPEN_BRACKET || tokens.kinds[at + 1] !== OPEN_PAREN ? at : at + 1;
    const into = tokens.starts[at]! < nameToken ? attributes : first.attributes;
    readAttributes(source, tokens, at, last, isMacroBody, into);
  }
  const trailing: CWord[] = [];
  for (let i = 0; i < specifiers.candidates.length; i++) {
    if (i === nameAt || i === typeAt) continue;
    const candidate = specifiers.candidates[i]!;
    // As attributes do, a word between the members and the name belongs to the type.
    const isOfType = specifiers.behindMembers >= 0 && candidate.token >= specifiers.behindMembers;
    if (isOfType && tokens.starts[candidate.token]! < nameToken) continue;
    const word = readWord(source, tokens, candidate.token, candidate.group >= 0 ? candidate.group : candidate.token);
    if (word.start < nameToken) words.push(word);
    else {
      trailing.push(word);
      first.end = Math.max(first.end, word.end);
    }
  }
  if (trailing.length > 0) first.words.unshift(...trailing);
  for (const attribute of first.attributes) first.end = Math.max(first.end, attribute.removal.end);
  return { attributes, words };
}

function isObjectTypeWord(source: Source, tokens: Tokens, type: Candidate | undefined): boolean {
  return (
    type !== undefined &&
    type.group < 0 &&
    isObjectType(wordText(source, tokens.starts[type.token]!, tokens.stops[type.token]!))
  );
}

/** How many declarators one declaration may have. */
const MOST_DECLARATORS = 1024;

/** declarator-list: declarator suffix… (`,` declarator suffix…)… up to `;`, a body or the end; gives that token's place. */
function readRest(builder: Builder, first: PartialDeclarator, from: number): number {
  const { place, tokens, to, declarators, specifiers } = builder;
  const { kinds } = tokens;
  const context = { source: place.source, own: place.own, isMacroBody: place.inMacro !== undefined };
  let current = first;
  let at = from;
  for (;;) {
    at = readSuffixes(context, tokens, at, to, current);
    declarators.push(finish(place.source, current, specifiers));
    const kind = at < to ? kinds[at]! : TOKEN.end;
    if (kind === SEMICOLON || kind === OPEN_BRACE || kind === TOKEN.end) break;
    if (kind !== COMMA || declarators.length >= MOST_DECLARATORS) {
      at = recover(builder, at);
      break;
    }
    at++;
    current = startDeclarator(tokens.starts[Math.min(at, to - 1)]!);
    at = readDeclarator(context, tokens, at, to, current, 0);
    if (current.nameToken < 0) {
      at = recover(builder, at);
      break;
    }
  }
  return at;
}

/**
 * Something stands where a declarator should end. Old-style parameters lead to a body; a declaration whose `;` is missing
 * ends before the next one's storage class or type.
 */
function recover(builder: Builder, at: number): number {
  const { tokens, to } = builder;
  const isNext = tokens.kinds[at]! >= 128 && tokens.lines[at] === 1 && at > 0;
  const semicolon = findToken(tokens, SEMICOLON, at, to);
  const body = findToken(tokens, OPEN_BRACE, at, to);
  // Parameters of the old style end in `;` each, with the body behind.
  if (body >= 0 && semicolon >= 0 && semicolon < body) return body;
  builder.isSplit = true;
  if (isNext && at < to) return at - 1;
  if (body >= 0) return body;
  return semicolon >= 0 ? semicolon : to;
}

function finish(source: Source, made: PartialDeclarator, specifiers: Specifiers): CDeclarator {
  // Through a pointer, the object is what stands behind the last star; an array is as its elements are.
  const isConst = made.hasPointer ? made.isPointerConst : specifiers.isConst;
  return {
    start: made.start,
    end: made.end,
    name: wordText(source, made.nameToken, made.nameStop),
    nameSpan: { start: made.nameToken, end: made.nameStop },
    shape: made.shape === "plain" && made.hasPointer ? "pointer" : made.shape,
    isConst: isConst && made.shape !== "function",
    hasPointer: made.hasPointer,
    bounds: made.bounds,
    parameters: made.parameters,
    attributes: made.attributes,
    words: made.words,
    asmName: made.asmName,
    renamedTo: undefined,
    initializer: made.initializer,
  };
}
