/**
 * Reads the specifiers of a declaration out of its list of tokens: storage class, qualifiers, type and annotations, and the
 * words among which one is the declared name. Which one is decided elsewhere (names.ts).
 */

import type { Source } from "../../text/source.ts";
import { isAttributeGroup } from "./attributes.ts";
import { COMMA, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, STAR } from "./codes.ts";
import { KEYWORD } from "./keywords.ts";
import { nextToken, openLexer, TOKEN, wordText } from "./lexer.ts";
import { type Candidate, isPointerGroup, PARAMETERS, parametersIn } from "./names.ts";
import type { Tokens } from "./tokens.ts";
import type { Storage } from "./tree.ts";

/** What the specifiers say. */
export interface Specifiers {
  storage: Storage;
  storageToken: number;
  isRegister: boolean;
  isInline: boolean;
  isConst: boolean;
  isVoid: boolean;
  /** A keyword, tag or typeof gives the type. */
  hasType: boolean;
  /** The last token of such a type, or -1. */
  typeToken: number;
  /** The type is a tag with a name and with its members. */
  definesTag: boolean;
  /** The token behind the members of such a type, or -1. */
  behindMembers: number;
  /** That type is one of objects for sure: no typeof, no typedef's name. */
  isObjectType: boolean;
  /** The parentheses behind `typeof`, or -1. */
  typeofGroup: number;
  /** First tokens of attribute lists. */
  readonly attributes: number[];
  readonly candidates: Candidate[];
  /** Tokens of the type, for its text. */
  readonly type: number[];
}

export function noSpecifiers(): Specifiers {
  return {
    storage: "none",
    storageToken: -1,
    isRegister: false,
    isInline: false,
    isConst: false,
    isVoid: false,
    hasType: false,
    typeToken: -1,
    definesTag: false,
    behindMembers: -1,
    isObjectType: false,
    typeofGroup: -1,
    attributes: [],
    candidates: [],
    type: [],
  };
}

/**
 * specifier: storage-class | qualifier | type | attribute-list | alignment | word | word `(` … `)`
 *
 * Reads them up to the first token that belongs to a declarator alone. The declared name is one of the words as a rule.
 */
export function readSpecifiers(source: Source, tokens: Tokens, from: number, to: number, into: Specifiers): number {
  const { kinds } = tokens;
  let at = from;
  /** A word with a list of types behind it was read: types that follow it are those of old-style parameters. */
  let hasParameters = false;
  while (at < to) {
    const kind = kinds[at]!;
    switch (kind) {
      case TOKEN.word: {
        const behind = behindAttributes(source, tokens, at + 1, to);
        if (behind > at + 1 && behind < to && kinds[behind] === OPEN_PAREN && into.hasType) {
          // `void f [[gnu::weak]] (void)`: the attribute belongs to f (C23 6.7.6).
          for (let i = at + 1; i < behind; i++) into.attributes.push(i);
          into.candidates.push({ token: at, group: behind });
          return behind + 1;
        }
        const hasGroup = kinds[at + 1] === OPEN_PAREN && at + 1 < to;
        if (hasGroup && isPointerGroup(source, tokens, at + 1)) {
          into.candidates.push({ token: at, group: -1 });
          return at + 1;
        }
        into.candidates.push({ token: at, group: hasGroup ? at + 1 : -1 });
        // Without a type yet, `__printf(1, 2) int f(…)` has its type behind the parentheses.
        if (hasGroup && into.hasType) hasParameters ||= mayBeParameters(source, tokens, at + 1);
        at += hasGroup ? 2 : 1;
        continue;
      }
      case KEYWORD.extern:
      case KEYWORD.static:
      case KEYWORD.typedef:
        if (hasParameters) return at;
        into.storage = kind === KEYWORD.extern ? "extern" : kind === KEYWORD.static ? "static" : "typedef";
        into.storageToken = at;
        at++;
        continue;
      case KEYWORD.register:
        if (hasParameters) return at;
        into.isRegister = true;
        at++;
        continue;
      case KEYWORD.inline:
        into.isInline = true;
        at++;
        continue;
      case KEYWORD.const:
        if (hasParameters) return at;
        into.isConst = true;
        into.type.push(at);
        at++;
        continue;
      case KEYWORD.qualifier:
        into.type.push(at);
        at++;
        // `_Atomic(int)` is a type.
        if (kinds[at] === OPEN_PAREN && at < to && !isPointerGroup(source, tokens, at)) {
          into.hasType = true;
          into.type.push(at);
          at++;
        }
        continue;
      case KEYWORD.void:
      case KEYWORD.type:
        if (hasParameters) return at;
        into.isVoid = kind === KEYWORD.void;
        into.isObjectType = kind === KEYWORD.type;
        into.hasType = true;
        into.typeToken = at;
        into.type.push(at);
        at++;
        continue;
      case KEYWORD.tag:
        if (hasParameters) return at;
        at = readTag(tokens, at, to, into);
        into.hasType = true;
        into.typeToken = at - 1;
        into.isObjectType = true;
        continue;
      case KEYWORD.typeof:
        if (hasParameters) return at;
        into.hasType = true;
        into.typeToken = at;
        into.type.push(at);
        at++;
        if (kinds[at] === OPEN_PAREN && at < to) {
          into.typeofGroup = at;
          into.type.push(at++);
        }
        continue;
      case KEYWORD.attribute:
        into.attributes.push(at);
        at += kinds[at + 1] === OPEN_PAREN && at + 1 < to ? 2 : 1;
        continue;
      case KEYWORD.alignas:
        at += kinds[at + 1] === OPEN_PAREN && at + 1 < to ? 2 : 1;
        continue;
      case KEYWORD.threadLocal:
      case KEYWORD.auto:
      case KEYWORD.extension:
        at++;
        continue;
      case TOKEN.string:
        // `extern "C" int f(void);`
        if (into.storage !== "extern") return at;
        at++;
        continue;
      case OPEN_BRACKET:
        if (!isAttributeGroup(source, tokens.starts[at]!, tokens.stops[at]!)) return at;
        into.attributes.push(at);
        at++;
        continue;
      default:
        return at;
    }
  }
  return at;
}

/** The token behind the `[[…]]` groups that stand at the token. */
function behindAttributes(source: Source, tokens: Tokens, from: number, to: number): number {
  let at = from;
  while (at < to && tokens.kinds[at] === OPEN_BRACKET) {
    if (!isAttributeGroup(source, tokens.starts[at]!, tokens.stops[at]!)) return at;
    at++;
  }
  return at;
}

function mayBeParameters(source: Source, tokens: Tokens, group: number): boolean {
  return parametersIn(source, tokens.starts[group]!, tokens.stops[group]!) > PARAMETERS.not;
}

/**
 * tag-specifier: (`struct` | `union` | `enum`) annotation… word? (`:` type)? `{…}`?
 *
 * With braces, the word before them is the tag; without, the first word that has another word or a declarator behind it.
 */
function readTag(tokens: Tokens, from: number, to: number, into: Specifiers): number {
  const { kinds } = tokens;
  let at = from + 1;
  into.type.push(from);
  const brace = tagBody(tokens, from, to);
  while (at < to) {
    const kind = kinds[at]!;
    if (kind === KEYWORD.attribute) {
      into.attributes.push(at);
      at += kinds[at + 1] === OPEN_PAREN && at + 1 < to ? 2 : 1;
    } else if (kind === TOKEN.word && brace > at) {
      if (kinds[at + 1] === OPEN_PAREN) {
        into.candidates.push({ token: at, group: at + 1 });
        at += 2;
      } else {
        into.type.push(at);
        into.definesTag = true;
        at++;
      }
    } else if (kind === TOKEN.word) {
      into.type.push(at);
      return at + 1;
    } else break;
  }
  if (brace < 0) return at;
  // Attributes right behind the members are the type's, which is none of the linker's business (GCC, "Attribute Syntax").
  at = brace + 1;
  into.behindMembers = at;
  while (at < to && kinds[at] === KEYWORD.attribute) at += kinds[at + 1] === OPEN_PAREN && at + 1 < to ? 2 : 1;
  return at;
}

/** The braces that belong to the tag at the token, or -1. Only annotations, the tag and an enum's type may stand between. */
export function tagBody(tokens: Tokens, tag: number, to: number): number {
  const { kinds } = tokens;
  for (let at = tag + 1; at < to; at++) {
    const kind = kinds[at]!;
    if (kind === OPEN_BRACE) return at;
    // Parentheses belong to an annotation only right behind the keyword: `struct foo bar(void) {` is a function.
    if (kind === OPEN_PAREN && kinds[at - 1] !== KEYWORD.attribute && at !== tag + 2) return -1;
    if (kind === STAR || kind === COMMA || kind === SEMICOLON || kind === TOKEN.initializer) return -1;
    if (kind === OPEN_BRACKET) return -1;
  }
  return -1;
}

/** What stands in the parentheses behind `typeof`, where it is one word. */
export function typeofOperand(source: Source, tokens: Tokens, { typeofGroup }: Specifiers): string | undefined {
  if (typeofGroup < 0) return undefined;
  const lexer = openLexer(source, tokens.starts[typeofGroup]! + 1, tokens.stops[typeofGroup]! - 1, "macro");
  if (nextToken(lexer) !== TOKEN.word) return undefined;
  const name = wordText(source, lexer.start, lexer.stop);
  return nextToken(lexer) === TOKEN.end ? name : undefined;
}

export function typeText(source: Source, tokens: Tokens, specifiers: Specifiers, type: Candidate | undefined): string {
  const places = [...specifiers.type];
  if (type !== undefined) {
    places.push(type.token);
    if (type.group >= 0) places.push(type.group);
  }
  places.sort((a, b) => a - b);
  let text = "";
  for (const at of places) {
    const start = tokens.starts[at]!;
    const isGroup = tokens.kinds[at] === OPEN_PAREN;
    const part = isGroup
      ? source.slice(start, tokens.stops[at]!).replace(/\s+/g, " ")
      : wordText(source, start, tokens.stops[at]!);
    text += text === "" || isGroup ? part : ` ${part}`;
  }
  return text;
}
