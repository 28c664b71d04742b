/**
 * Names of constants that a file sees: enumerators with the values that their enumeration gives them (C11 6.7.2.2), and what words mean
 * by macros. A name that more than one place defines is none, nor one of an enumeration that preprocessor lines part.
 */

import { definitionsOf } from "../../linkage/symbols/macro-definitions.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import { IS_WORD, isDigit, OPEN_BRACE } from "../../syntax/c/codes.ts";
import { TOKEN } from "../../syntax/c/lexer.ts";
import { type CToken, depthStep, listTokens } from "../../syntax/c/token-list.ts";
import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import { headersWith } from "./types-in-sight.ts";
import { plainNumber } from "./world-expression.ts";

export interface Enumerator {
  readonly name: string;
  readonly value: number;
  /** How the type is named: "enum color", and the name that a typedef around it gives. */
  readonly types: readonly string[];
}

/** Whether a name has the look of a constant's: others are not looked up. */
export function isConstantName(name: string): boolean {
  return (
    name.length > 1 &&
    name === name.toUpperCase() &&
    name !== name.toLowerCase() &&
    IS_WORD[name.charCodeAt(0)] === 1 &&
    !isDigit(name.charCodeAt(0)) &&
    !name.startsWith("CONFIG_")
  );
}

/** The enumerator of that name that a file sees. */
export function enumeratorOf(name: string, path: string, program: Program): Enumerator | undefined {
  if (!isConstantName(name)) return undefined;
  const headers = headersWith(name, path, program);
  if (headers === undefined || definitionsOf(name, path, program).length > 0) return undefined;
  const found = [...new Set([path, ...headers])].flatMap((file) => {
    const source = program.texts.source(file);
    return source === undefined ? [] : enumeratorsIn(source).filter((one) => one.name === name);
  });
  return found.length === 1 ? found[0] : undefined;
}

/** The one definition of a macro of that name; undefined where there are several, or a build says what it is. */
export function soleDefinition(name: string, path: string, program: Program): string | undefined {
  if (!isConstantName(name) || program.links.meaningOf(name) !== undefined) return undefined;
  const definitions = definitionsOf(name, path, program);
  return definitions !== "unknown" && definitions.length === 1 ? definitions[0] : undefined;
}

const enumeratorsBySource = createAttached<Source, readonly Enumerator[]>();

/** Those of a file, as far as their values are known. */
export function enumeratorsIn(source: Source): readonly Enumerator[] {
  let found = enumeratorsBySource.get(source);
  if (found === undefined) enumeratorsBySource.set(source, (found = readEnumerators(source)));
  return found;
}

function readEnumerators(source: Source): Enumerator[] {
  const tokens = listTokens(source, 0, source.length);
  const found: Enumerator[] = [];
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]!.text !== "enum") continue;
    const isNamed = tokens[at + 1]?.kind === TOKEN.word;
    const open = isNamed ? at + 2 : at + 1;
    if (tokens[open]?.kind !== OPEN_BRACE) continue;
    let depth = 0;
    let close = open;
    while (close < tokens.length && (depth += depthStep(tokens[close]!)) > 0) close++;
    const text = source.slice(tokens[open]!.start, tokens[close]?.end ?? source.length);
    const isParted = text.split("\n").some((line) => line.trimStart().startsWith("#"));
    const behind = tokens[close + 1];
    const types = [
      ...(isNamed ? [`enum ${tokens[at + 1]!.text}`] : []),
      ...(tokens[at - 1]?.text === "typedef" && behind?.kind === TOKEN.word ? [behind.text] : []),
    ];
    if (!isParted) found.push(...readList(tokens.slice(open + 1, close), types));
    at = close;
  }
  return found;
}

/** enumerator-list: each is one more than the one before, or what a plain number says. */
function readList(tokens: readonly CToken[], types: readonly string[]): Enumerator[] {
  const found: Enumerator[] = [];
  let next: number | undefined = 0;
  for (let at = 0; at < tokens.length; ) {
    let end = at;
    for (let depth = 0; end < tokens.length && (depth > 0 || tokens[end]!.text !== ","); end++)
      depth += depthStep(tokens[end]!);
    const [name, equals, ...value] = tokens.slice(at, end);
    at = end + 1;
    if (name?.kind !== TOKEN.word) break;
    const given: number | undefined = equals === undefined ? next : equals.text === "=" ? numberIn(value) : undefined;
    if (given !== undefined) found.push({ name: name.text, value: given, types });
    next = given === undefined ? undefined : given + 1;
  }
  return found;
}

/** A plain number that is an int, perhaps negated. */
function numberIn(tokens: readonly CToken[]): number | undefined {
  const isNegated = tokens[0]?.text === "-";
  const [number, ...more] = isNegated ? tokens.slice(1) : tokens;
  if (number?.kind !== TOKEN.number || more.length > 0) return undefined;
  const value = plainNumber(number.text);
  return value === undefined ? undefined : isNegated ? 0 - value : value;
}
