/**
 * Parses one declaration of a preprocessed translation unit: specifiers, declarators, and where initializers and bodies are
 * (C11 6.7 and 6.9, with GNU C's additions). Typedefs that were seen are known, so nothing has to be guessed of names. It
 * knows nothing of linkage.
 */

import { punctuatorNumber } from "../cpp/spellings.ts";
import { isAttributeBracket, joinedStrings, readAttributeList } from "./attributes.ts";
import type { TokenRange, UnitAttribute, UnitDeclaration, UnitStorage } from "./tree.ts";
import { behind, CLASS, type UnitTokens } from "./unit-tokens.ts";

/** What the declarations of one unit share. */
export interface UnitScope {
  readonly tokens: UnitTokens;
  /** Typedefs by spelling: true for one of a function type. */
  readonly typedefs: Map<number, boolean>;
  /** Names that were declared as functions, for typeof. */
  readonly functions: Set<number>;
}

interface Specifiers {
  storage: UnitStorage;
  isInline: boolean;
  hasType: boolean;
  /** The type is that of a function, by typedef or typeof. */
  isFunctionType: boolean;
  readonly attributes: UnitAttribute[];
}

interface Declarator {
  /** The name's token, or -1. */
  token: number;
  hasPointer: boolean;
  isFunction: boolean;
  isArray: boolean;
  readonly attributes: UnitAttribute[];
  asmName: string | undefined;
}

/**
 * declaration: specifier… (declarator [`=` initializer] , …)? `;`
 * function-definition: specifier… declarator declaration… `{` … `}`
 *
 * @param to tokens from here on are not the declaration's
 * @returns the place behind it, which is beyond `from`
 */
export function readUnitDeclaration(
  unit: UnitScope,
  from: number,
  to: number,
  scope: "file" | "block",
  into: UnitDeclaration[],
): number {
  const { tokens } = unit;
  const { classes } = tokens;
  const specifiers: Specifiers = {
    storage: "none",
    isInline: false,
    hasType: false,
    isFunctionType: false,
    attributes: [],
  };
  let at = readSpecifiers(unit, from, to, specifiers);
  for (;;) {
    if (at >= to) return Math.max(from + 1, to);
    const declarator = startDeclarator();
    at = readDeclarator(unit, at, to, declarator);
    if (declarator.token < 0) return recover(tokens, at, to, from);
    at = readSuffixes(tokens, at, to, declarator);
    let initializer: TokenRange | undefined;
    let body: TokenRange | undefined;
    const isFunction =
      declarator.isFunction || (specifiers.isFunctionType && !declarator.hasPointer && !declarator.isArray);
    if (at < to && classes[at] === CLASS.equals) {
      const end = endOfInitializer(tokens, at + 1, to);
      initializer = { start: at + 1, end };
      at = end;
    } else if (isFunction && at < to && classes[at] !== CLASS.semicolon && classes[at] !== CLASS.comma) {
      at = skipOldStyle(tokens, at, to);
      if (at < to && classes[at] === CLASS.openBrace) body = { start: at + 1, end: Math.min(tokens.partners[at]!, to) };
    }
    if (specifiers.hasType || body !== undefined) {
      add(unit, specifiers, declarator, scope, isFunction, initializer, body, into);
    }
    if (body !== undefined) return Math.min(to, behind(tokens, at));
    if (at < to && classes[at] === CLASS.comma) at++;
    else return at < to && classes[at] === CLASS.semicolon ? at + 1 : recover(tokens, at, to, from);
  }
}

function add(
  unit: UnitScope,
  specifiers: Specifiers,
  declarator: Declarator,
  scope: "file" | "block",
  isFunction: boolean,
  initializer: TokenRange | undefined,
  body: TokenRange | undefined,
  into: UnitDeclaration[],
): void {
  const { token } = declarator;
  const name = unit.tokens.spellings[token]!;
  const { storage, isInline } = specifiers;
  if (scope === "file") {
    if (storage === "typedef") {
      unit.typedefs.set(name, isFunction);
      return;
    }
    if (isFunction) unit.functions.add(name);
  }
  const attributes =
    specifiers.attributes.length > 0 ? [...specifiers.attributes, ...declarator.attributes] : declarator.attributes;
  const { asmName } = declarator;
  into.push({ name, token, scope, storage, isInline, isFunction, attributes, asmName, initializer, body });
}

/** Behind something that is no declaration: its `;`, or the brackets of a body. */
function recover(tokens: UnitTokens, at: number, to: number, from: number): number {
  let i = Math.max(at, from);
  while (i < to) {
    const kind = tokens.classes[i];
    if (kind === CLASS.semicolon) return i + 1;
    const next = behind(tokens, i);
    if (kind === CLASS.openBrace) return Math.max(from + 1, Math.min(next, to));
    i = next;
  }
  return Math.max(from + 1, to);
}

/**
 * specifier: storage-class | `inline` | qualifier | type-specifier | attribute-list | `_Alignas` `(` … `)`
 *
 * A name is a type-specifier where no other one came before it and it is a typedef's, or where what follows it can only be a
 * declarator.
 */
function readSpecifiers(unit: UnitScope, from: number, to: number, into: Specifiers): number {
  const { tokens } = unit;
  const { classes } = tokens;
  let at = from;
  while (at < to) {
    switch (classes[at]) {
      case CLASS.extern:
        into.storage = "extern";
        break;
      case CLASS.static:
        into.storage = "static";
        break;
      case CLASS.typedef:
        into.storage = "typedef";
        break;
      case CLASS.register:
        into.storage = "register";
        break;
      case CLASS.inline:
        into.isInline = true;
        break;
      case CLASS.qualifier:
        break;
      case CLASS.basicType:
        into.hasType = true;
        break;
      case CLASS.tag:
        into.hasType = true;
        at = behindTag(tokens, at + 1, to, into.attributes);
        continue;
      case CLASS.typeof:
        into.hasType = true;
        into.isFunctionType = isTypeOfFunction(unit, at + 1);
        if (classes[at + 1] === CLASS.openParen) at++;
        at = behind(tokens, at);
        continue;
      case CLASS.atomic:
      case CLASS.alignas:
        if (classes[at + 1] === CLASS.openParen) {
          into.hasType ||= classes[at] === CLASS.atomic;
          at++;
        }
        at = behind(tokens, at);
        continue;
      case CLASS.attribute:
        at = readAttributeList(tokens, at, into.attributes);
        continue;
      case CLASS.openBracket:
        if (!isAttributeBracket(tokens, at)) return at;
        at = readAttributeList(tokens, at, into.attributes);
        continue;
      case CLASS.name: {
        if (into.hasType || !isTypeName(unit, at)) return at;
        into.hasType = true;
        into.isFunctionType = unit.typedefs.get(tokens.spellings[at]!) === true;
        break;
      }
      default:
        return at;
    }
    at++;
  }
  return at;
}

function isTypeName(unit: UnitScope, at: number): boolean {
  if (unit.typedefs.has(unit.tokens.spellings[at]!)) return true;
  const next = unit.tokens.classes[at + 1]!;
  // An old-style definition without a type is `name(…)`, so a name in front of another name or a star is a type unknown here.
  return next === CLASS.name || next === CLASS.star || next === CLASS.qualifier;
}

/** `typeof(name)` and `typeof(*name)`, `typeof(&name)`: only the first is of a function where the name is one. */
function isTypeOfFunction(unit: UnitScope, open: number): boolean {
  const { tokens } = unit;
  if (tokens.classes[open] !== CLASS.openParen || tokens.partners[open] !== open + 2) return false;
  const name = tokens.spellings[open + 1]!;
  return unit.functions.has(name) || unit.typedefs.get(name) === true;
}

/** struct-or-union-or-enum: keyword attribute-list… name? (`{` … `}`)? */
function behindTag(tokens: UnitTokens, from: number, to: number, attributes: UnitAttribute[]): number {
  const { classes } = tokens;
  const ofType: UnitAttribute[] = [];
  let at = from;
  for (;;) {
    if (at < to && (classes[at] === CLASS.attribute || isAttributeBracket(tokens, at))) {
      at = readAttributeList(tokens, at, ofType);
    } else break;
  }
  if (at < to && classes[at] === CLASS.name) at++;
  // C2x: the type below an enum.
  if (at < to && classes[at] === CLASS.colon) {
    while (at < to && classes[at] !== CLASS.openBrace && classes[at] !== CLASS.semicolon) at++;
  }
  if (at < to && classes[at] === CLASS.openBrace) {
    at = behind(tokens, at);
    // Attributes behind the braces belong to the type.
    while (at < to && classes[at] === CLASS.attribute) at = readAttributeList(tokens, at, attributes);
  }
  return Math.min(at, to);
}

function startDeclarator(): Declarator {
  return {
    token: -1,
    hasPointer: false,
    isFunction: false,
    isArray: false,
    attributes: [],
    asmName: undefined,
  };
}

/** Parentheses around one name; C11 5.2.4.1 asks for 63. */
const DEEPEST = 64;

/**
 * declarator: pointer? direct
 * direct: name | `(` attribute-list? declarator `)` | direct `[` … `]` | direct `(` … `)`
 *
 * The suffix that follows the name first, at its own depth, says what the name is; a star at that depth, which binds less
 * than a suffix, does where no suffix follows there.
 */
function readDeclarator(unit: UnitScope, from: number, to: number, into: Declarator): number {
  const { tokens } = unit;
  const { classes } = tokens;
  /** Where each parenthesis around the name closes, outermost first, and whether a star stands before it. */
  const closing: number[] = [];
  const stars: boolean[] = [];
  let hasStar = false;
  let at = from;
  while (at < to) {
    const kind = classes[at]!;
    if (kind === CLASS.star || (kind === CLASS.other && tokens.spellings[at] === CARET)) {
      hasStar = true;
      at++;
    } else if (kind === CLASS.qualifier) at++;
    else if (kind === CLASS.attribute || isAttributeBracket(tokens, at)) {
      at = readAttributeList(tokens, at, into.attributes);
    } else if (kind === CLASS.openParen && closing.length < DEEPEST) {
      closing.push(Math.min(to, tokens.partners[at]!));
      stars.push(hasStar);
      hasStar = false;
      at++;
    } else break;
  }
  if (at >= to || classes[at] !== CLASS.name) return at;
  into.token = at;
  at++;
  let isShaped = false;
  for (;;) {
    at = readShape(tokens, at, to, into, isShaped);
    isShaped ||= into.isFunction || into.isArray;
    if (!isShaped && hasStar) {
      into.hasPointer = true;
      isShaped = true;
    }
    const close = closing.pop();
    if (close === undefined) break;
    hasStar = stars.pop()!;
    at = Math.min(to, close + 1);
  }
  return at;
}

const CARET = punctuatorNumber("^");

/** Bounds and parameters behind a name or behind its parentheses; only the first of all makes its shape. */
function readShape(tokens: UnitTokens, from: number, to: number, into: Declarator, isShaped: boolean): number {
  const { classes } = tokens;
  let at = from;
  while (at < to) {
    const kind = classes[at];
    if (kind === CLASS.openBracket) {
      if (isAttributeBracket(tokens, at)) {
        at = readAttributeList(tokens, at, into.attributes);
        continue;
      }
      if (!isShaped && !into.isFunction) into.isArray = true;
    } else if (kind === CLASS.openParen) {
      if (!isShaped && !into.isArray) into.isFunction = true;
    } else break;
    at = Math.min(to, behind(tokens, at));
  }
  return at;
}

/** suffix: asm-label | attribute-list; GNU C, also `__extension__` and qualifiers that macros leave behind. */
function readSuffixes(tokens: UnitTokens, from: number, to: number, into: Declarator): number {
  const { classes } = tokens;
  let at = from;
  while (at < to) {
    const kind = classes[at];
    if (kind === CLASS.attribute || isAttributeBracket(tokens, at)) {
      at = readAttributeList(tokens, at, into.attributes);
    } else if (kind === CLASS.asm) {
      at++;
      while (at < to && classes[at] === CLASS.qualifier) at++;
      if (at >= to || classes[at] !== CLASS.openParen) break;
      into.asmName = joinedStrings(tokens, at + 1, Math.min(to, tokens.partners[at]!));
      at = Math.min(to, behind(tokens, at));
    } else break;
  }
  return at;
}

/** The `,` or `;` behind an initializer. */
function endOfInitializer(tokens: UnitTokens, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const kind = tokens.classes[at];
    if (kind === CLASS.comma || kind === CLASS.semicolon) return at;
    at = behind(tokens, at);
  }
  return to;
}

/** Declarations of an old-style definition's parameters, which stand before the body (C11 6.9.1p6). */
function skipOldStyle(tokens: UnitTokens, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const kind = tokens.classes[at]!;
    if (kind === CLASS.openBrace) return at;
    const isPart =
      kind === CLASS.name ||
      kind === CLASS.star ||
      kind === CLASS.comma ||
      kind === CLASS.semicolon ||
      kind === CLASS.openBracket ||
      kind === CLASS.openParen ||
      kind >= CLASS.register;
    if (!isPart) return from;
    at = behind(tokens, at);
  }
  return from;
}
