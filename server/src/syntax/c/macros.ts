/**
 * What a macro's replacement says of linkage: the attributes it stands for, and the extern declarations in it. Nothing is
 * expanded here; a name that depends on the macro's parameters is a pattern.
 */

import type { Source } from "../../text/source.ts";
import { readAttributes, readWord } from "./attributes.ts";
import { OPEN_BRACKET, OPEN_PAREN } from "./codes.ts";
import { parseDeclaration } from "./declaration.ts";
import { KEYWORD } from "./keywords.ts";
import { nextToken, openLexer, TOKEN } from "./lexer.ts";
import { clearTokens, collectTokens, makeTokens, pushToken, skipNested, type Tokens } from "./tokens.ts";
import type { CAttribute, CDeclaration, CDefine, CReplacement, CWord } from "./tree.ts";
import { isAnnotation } from "./words.ts";

/** Replacements of more tokens than this are no attributes, and long ones are read for their declarations only. */
const MOST_TOKENS = 256;

const replacement: Tokens = makeTokens(MOST_TOKENS);

const NOTHING: CReplacement = { attributes: [], words: [], isAnnotation: false, isStatic: false, isInline: false };

/** replacement: (attribute-list | word | word `(` … `)` | storage-class | qualifier | type)…, or anything else */
export function readReplacement(source: Source, start: number, end: number, own: ReadonlySet<string>): CReplacement {
  const tokens = replacement;
  collectReplacement(source, start, end, tokens);
  if (tokens.isOverfull || tokens.count === 0) return NOTHING;
  const attributes: CAttribute[] = [];
  const words: CWord[] = [];
  const { kinds } = tokens;
  let isStatic = false;
  let isInline = false;
  let at = 0;
  while (at < tokens.count) {
    const kind = kinds[at]!;
    const hasGroup = kinds[at + 1] === OPEN_PAREN;
    const last = hasGroup ? at + 1 : at;
    if (kind === KEYWORD.attribute) {
      readAttributes(source, tokens, at, last, true, attributes);
      at = last + 1;
    } else if (kind === OPEN_BRACKET) {
      readAttributes(source, tokens, at, at, true, attributes);
      at++;
    } else if (kind === TOKEN.word) {
      words.push(readWord(source, tokens, at, last));
      at = last + 1;
    } else if (kind >= 128 && kind !== KEYWORD.asm && kind !== KEYWORD.typeof && kind !== KEYWORD.tag) {
      isStatic ||= kind === KEYWORD.static;
      isInline ||= kind === KEYWORD.inline;
      at++;
    } else return attributes.length > 0 ? { ...NOTHING, attributes } : NOTHING;
  }
  const isKnown = attributes.length > 0 || words.some((word) => isAnnotation(word.name, own));
  return { attributes, words, isAnnotation: isKnown, isStatic, isInline };
}

function collectReplacement(source: Source, start: number, end: number, tokens: Tokens): void {
  clearTokens(tokens);
  const lexer = openLexer(source, start, end, "macro");
  for (;;) {
    const kind = nextToken(lexer);
    if (kind === TOKEN.end || tokens.isOverfull) return;
    if (kind === OPEN_PAREN || kind === OPEN_BRACKET) {
      const from = lexer.start;
      skipNested(lexer);
      pushToken(tokens, kind, from, lexer.offset, false);
    } else pushToken(tokens, kind, lexer.start, lexer.stop, false);
  }
}

const declared: Tokens = makeTokens(MOST_TOKENS);

/** The extern declarations in a macro's replacement. */
export function declarationsInMacro(
  source: Source,
  define: CDefine,
  own: ReadonlySet<string>,
  wantsType: boolean,
): CDeclaration[] {
  const found: CDeclaration[] = [];
  const lexer = openLexer(source, define.body.start, define.body.end, "macro");
  const { condition, name } = define;
  const place = { source, own, scope: "block" as const, condition, inMacro: name, wantsType };
  for (let kind = nextToken(lexer); kind !== TOKEN.end; kind = nextToken(lexer)) {
    if (kind !== KEYWORD.extern) continue;
    const from = lexer.start;
    lexer.offset = from;
    collectTokens(lexer, declared);
    const { declaration } = parseDeclaration(place, declared, 0, declared.count);
    if (declaration !== undefined) found.push(declaration);
    if (lexer.offset <= from) return found;
  }
  return found;
}
