/** Writes a function's parameter list with a name for every parameter, as a definition before C23 needs. It knows no symbol. */

import { OPEN_BRACKET, OPEN_PAREN, STAR } from "../../syntax/c/codes.ts";
import { KEYWORD } from "../../syntax/c/keywords.ts";
import { TOKEN } from "../../syntax/c/lexer.ts";
import { type CToken, isWord, joinTokens, splitAtCommas } from "../../syntax/c/token-list.ts";
import { SCALAR_WORDS } from "./type-words.ts";

export interface NamedParameters {
  readonly text: string;
  /** Of the parameters, in order. */
  readonly names: readonly string[];
}

/** undefined where a parameter is not understood. */
export function nameParameters(list: readonly CToken[]): NamedParameters | undefined {
  if (list.length === 0 || (list.length === 1 && list[0]!.text === "void")) return { text: "void", names: [] };
  if (list.some(({ text }) => text === "{" || text === "#" || text.startsWith('"'))) return undefined;
  const texts: string[] = [];
  const names: string[] = [];
  for (const [index, tokens] of splitAtCommas(list).entries()) {
    if (tokens.length > 0 && tokens.every(({ text }) => text === ".")) {
      texts.push("...");
      continue;
    }
    const named = nameOne(tokens, `unused${index + 1}`);
    if (named === undefined) return undefined;
    texts.push(named.text);
    names.push(named.name);
  }
  return { text: texts.join(", "), names };
}

function nameOne(
  tokens: readonly CToken[],
  fallbackName: string,
): { readonly text: string; readonly name: string } | undefined {
  const paren = tokens.findIndex(({ kind }) => kind === OPEN_PAREN);
  if (paren >= 0) return nameFunctionPointer(tokens, paren, fallbackName);
  const bracket = tokens.findIndex(({ kind }) => kind === OPEN_BRACKET);
  const bare = bracket < 0 ? tokens : tokens.slice(0, bracket);
  const last = bare.at(-1);
  if (last === undefined || !bare.every((token) => isWord(token) || token.kind === STAR)) return undefined;
  if (isName(bare)) return { text: joinTokens(tokens), name: last.text };
  const space = last.kind === STAR ? "" : " ";
  return {
    text: `${joinTokens(bare)}${space}${fallbackName}${joinTokens(tokens.slice(bare.length))}`,
    name: fallbackName,
  };
}

/** `int (*done)(int)`, named or not. */
function nameFunctionPointer(
  tokens: readonly CToken[],
  paren: number,
  fallbackName: string,
): { readonly text: string; readonly name: string } | undefined {
  const [star, name, close] = tokens.slice(paren + 1);
  if (star?.kind !== STAR || paren === 0) return undefined;
  if (name !== undefined && isWord(name) && close?.text === ")") return { text: joinTokens(tokens), name: name.text };
  if (name?.text !== ")") return undefined;
  const text = `${joinTokens(tokens.slice(0, paren + 2))}${fallbackName}${joinTokens(tokens.slice(paren + 2))}`;
  return { text: tokens[paren]!.isSpaced ? text : text.replace("(", " ("), name: fallbackName };
}

/** Whether the last word is the parameter's name, and not a part of its type. */
function isName(bare: readonly CToken[]): boolean {
  const last = bare.at(-1)!;
  if (last.kind === STAR || isTypeWord(last) || isKeyword(last)) return false;
  if (bare.at(-2)?.kind === STAR) return true;
  const before = bare.slice(0, -1).filter((token) => !isQualifier(token));
  // `struct page` has no name, `struct page page` has one.
  return before[0]?.kind === KEYWORD.tag ? before.length > 1 : before.length > 0;
}

function isTypeWord({ kind, text }: CToken): boolean {
  return kind === KEYWORD.type || kind === KEYWORD.void || SCALAR_WORDS.has(text);
}

/** What says nothing of the type: a qualifier, or a word of the tree's such as `__user`. */
function isQualifier(token: CToken): boolean {
  return (
    isKeyword(token) || (token.kind === TOKEN.word && token.text.startsWith("__") && !SCALAR_WORDS.has(token.text))
  );
}

function isKeyword({ kind }: CToken): boolean {
  return kind === KEYWORD.const || kind === KEYWORD.qualifier || kind === KEYWORD.register;
}
