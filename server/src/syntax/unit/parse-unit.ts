/**
 * Parses a preprocessed translation unit: every declaration at file scope, asm and pragmas; and, when asked, what a function's
 * body declares. It never throws; what is no declaration is passed over.
 */

import type { Preprocessed } from "../cpp/preprocess.ts";
import { spellingText } from "../cpp/spellings.ts";
import { IDENTIFIER } from "../cpp/tokens.ts";
import { joinedStrings } from "./attributes.ts";
import { readUnitDeclaration, type UnitScope } from "./declaration.ts";
import type { TokenRange, TranslationUnit, UnitAsm, UnitDeclaration, UnitPragma } from "./tree.ts";
import { behind, CLASS, type UnitTokens, unitTokens } from "./unit-tokens.ts";

/**
 * translation-unit: (declaration | function-definition | asm-definition | static-assertion | `;`)…
 *
 * asm-definition: `asm` qualifier… `(` string… `)` `;`
 */
export function parseUnit(preprocessed: Preprocessed): TranslationUnit {
  const tokens = unitTokens(preprocessed.tokens, preprocessed.spellings);
  const unit: UnitScope = { tokens, typedefs: new Map(), functions: new Set() };
  const declarations: UnitDeclaration[] = [];
  const asms: UnitAsm[] = [];
  const { classes, count } = tokens;
  let at = 0;
  while (at < count) {
    switch (classes[at]) {
      case CLASS.asm:
        at = readAsm(tokens, at, count, asms);
        break;
      case CLASS.staticAssert:
        at = behindSemicolon(tokens, at, count);
        break;
      case CLASS.semicolon:
      case CLASS.closeBrace:
      case CLASS.other:
        at++;
        break;
      default:
        at = readUnitDeclaration(unit, at, count, "file", declarations);
    }
  }
  return { tokens, declarations, asms, pragmas: readPragmas(preprocessed, tokens) };
}

/** What a function's body declares with linkage, and its asm statements. */
export interface BodyContents {
  readonly declarations: readonly UnitDeclaration[];
  readonly asms: readonly UnitAsm[];
}

/**
 * Reads a function's body, or a part of it, for `extern` declarations and asm statements. Other declarations in it that have linkage, of
 * functions without a storage class, can't add to what the file scope says but for an attribute, which nobody writes there.
 */
export function readUnitBody({ tokens }: TranslationUnit, body: TokenRange): BodyContents {
  const unit: UnitScope = { tokens, typedefs: new Map(), functions: new Set() };
  const declarations: UnitDeclaration[] = [];
  const asms: UnitAsm[] = [];
  const { classes } = tokens;
  for (let at = body.start; at < body.end; at++) {
    if (classes[at] === CLASS.extern) at = readUnitDeclaration(unit, at, body.end, "block", declarations) - 1;
    else if (classes[at] === CLASS.asm) at = Math.max(at + 1, readAsm(tokens, at, body.end, asms)) - 1;
  }
  return { declarations, asms };
}

/** Reads an asm; gives the place behind its parentheses. */
function readAsm(tokens: UnitTokens, from: number, to: number, into: UnitAsm[]): number {
  const { classes } = tokens;
  let at = from + 1;
  // `asm volatile`, `asm goto`, `asm inline`: goto is no word of declarations and so a name here.
  while (at < to && classes[at] !== CLASS.openParen && classes[at] !== CLASS.semicolon) {
    const kind = classes[at];
    if (kind !== CLASS.qualifier && kind !== CLASS.inline && kind !== CLASS.name) return at;
    at++;
  }
  if (at >= to || classes[at] !== CLASS.openParen) return at;
  const text = joinedStrings(tokens, at + 1, Math.min(to, tokens.partners[at]!));
  if (text !== undefined) into.push({ text, token: from });
  return Math.min(to, behind(tokens, at));
}

function behindSemicolon(tokens: UnitTokens, from: number, to: number): number {
  let at = from;
  while (at < to && tokens.classes[at] !== CLASS.semicolon) at = behind(tokens, at);
  return Math.min(to, at + 1);
}

/** `#pragma weak a`, `#pragma weak a = b` (GCC, "Weak Pragmas"), `#pragma redefine_extname a b`. */
function readPragmas(preprocessed: Preprocessed, tokens: UnitTokens): UnitPragma[] {
  const { kinds, spellings } = preprocessed.tokens;
  const pragmas: UnitPragma[] = [];
  for (const { start, end } of tokens.pragmas) {
    if (end - start < 2 || kinds[start] !== IDENTIFIER || kinds[start + 1] !== IDENTIFIER) continue;
    const text = (at: number): string => spellingText(preprocessed.spellings, spellings[at]!);
    const word = text(start);
    if (word !== "weak" && word !== "redefine_extname") continue;
    const place = word === "weak" ? start + 3 : start + 2;
    const isAssigned = word !== "weak" || text(start + 2) === "=";
    const target = isAssigned && place < end && kinds[place] === IDENTIFIER ? text(place) : undefined;
    pragmas.push({ kind: word === "weak" ? "weak" : "rename", name: text(start + 1), target, origin: start + 1 });
  }
  return pragmas;
}
