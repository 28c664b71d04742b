/** Names of functions that are declared `static` without a body: what follows by the name has internal linkage, too (C11 6.2.2p4 and p5). */

import type { Source } from "../../text/source.ts";
import { conditionOf } from "../condition/condition.ts";
import { covers } from "../condition/relations.ts";
import { EQUALS, OPEN_PAREN, SEMICOLON } from "./codes.ts";
import { KEYWORD } from "./keywords.ts";
import { TOKEN } from "./lexer.ts";
import { findToken, type Tokens } from "./tokens.ts";
import type { CDeclaration, CDeclarator, CFile, CStaticPrototype } from "./tree.ts";

/**
 * Adds those of an item. Each word before a parenthesis is taken, as a macro with arguments may stand before the name; nothing is
 * declared by the macro's.
 */
export function addStaticPrototypes(
  into: Map<string, CStaticPrototype[]>,
  source: Source,
  tokens: Tokens,
  condition: string,
): void {
  const { kinds, starts, stops, count } = tokens;
  if (kinds[0] !== KEYWORD.static || kinds[count - 1] !== SEMICOLON || findToken(tokens, EQUALS, 0, count) >= 0) return;
  for (let at = 1; at + 1 < count; at++) {
    if (kinds[at] !== TOKEN.word || kinds[at + 1] !== OPEN_PAREN) continue;
    const start = starts[at]!;
    const name = source.slice(start, stops[at]!);
    const known = into.get(name);
    if (known === undefined) into.set(name, [{ start, condition }]);
    else known.push({ start, condition });
  }
}

/** Whether an earlier declaration gives a function internal linkage in all configurations that have this one (C11 6.2.2p4 and p5). */
export function isStaticBefore(
  { staticPrototypes }: CFile,
  declaration: CDeclaration,
  { name, shape }: CDeclarator,
): boolean {
  if (shape !== "function" || declaration.inMacro !== undefined) return false;
  const earlier = staticPrototypes.get(name)?.filter(({ start }) => start < declaration.start) ?? [];
  return earlier.some((one) => covers(conditionOf(one.condition), conditionOf(declaration.condition)));
}
