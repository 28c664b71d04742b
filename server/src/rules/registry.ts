/** All rules, in the order in which their findings are shown. Adding a rule is adding it here. */

import { foldableWeakDefinition } from "./foldable-weak-definition.ts";
import { provideSymbol } from "./provide-symbol.ts";
import type { Rule } from "./rule.ts";
import { weakInHeader } from "./weak-in-header.ts";
import { weakReference } from "./weak-reference.ts";

export const rules: readonly Rule[] = [weakReference, weakInHeader, foldableWeakDefinition, provideSymbol];

/** The rule of this id. */
export function findRule(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
