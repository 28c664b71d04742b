/**
 * What calls of the tree's own macros become, as code, by each definition that the file may see. One macro at a time: calls within
 * the result are left as they are.
 */

import { expandText } from "../../linkage/symbols/macro-definitions.ts";
import type { Code, Expression } from "../../syntax/c/code-tree.ts";
import { readReplacementCode } from "../../syntax/c/read-statement.ts";
import { sourceOfText } from "../../text/source.ts";

/** What a call, or a word alone, becomes: the code of each definition; undefined where one of them gives none that is understood. */
export function expandBy(definitions: readonly string[], text: string): readonly Code[] | undefined {
  const codes: Code[] = [];
  for (const definition of definitions) {
    const source = sourceOfText(expandText(definition, text));
    const code = readReplacementCode(source, { start: 0, end: source.length });
    if (code === undefined) return undefined;
    codes.push(code);
  }
  return codes;
}

/** The name that a call calls, where it is called by its name alone. */
export function calleeOf(node: Expression): string | undefined {
  return node.kind === "call" && node.callee.kind === "name" ? node.callee.name : undefined;
}
