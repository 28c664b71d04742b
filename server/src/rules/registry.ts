/** All rules, in the order in which their findings are shown. Adding a rule is adding it here. */

import { archivedOverride } from "./archived-override.ts";
import { assignedTwice } from "./assigned-twice.ts";
import { declaredTwice } from "./declared-twice.ts";
import { definedTwice } from "./defined-twice.ts";
import { falseAssertion } from "./false-assertion.ts";
import { foldableWeakDefinition } from "./foldable-weak-definition.ts";
import { ineffectiveProvide } from "./ineffective-provide.ts";
import { mismatchedOverride } from "./mismatched-override.ts";
import { missingInclude } from "./missing-include.ts";
import { overfullRegion } from "./overfull-region.ts";
import { overlappingRegions } from "./overlapping-regions.ts";
import { pointerToScriptSymbol } from "./pointer-to-script-symbol.ts";
import { provideSymbol } from "./provide-symbol.ts";
import { repeatedSection } from "./repeated-section.ts";
import type { Rule } from "./rule.ts";
import { scriptSyntax } from "./script-syntax.ts";
import { undeclaredRegion } from "./undeclared-region.ts";
import { undeclaredSegment } from "./undeclared-segment.ts";
import { undefinedEntry } from "./undefined-entry.ts";
import { unkeptSection } from "./unkept-section.ts";
import { unmatchedPattern } from "./unmatched-pattern.ts";
import { unoverriddenWeakDefinition } from "./unoverridden-weak-definition.ts";
import { unusedIgnore } from "./unused-ignore.ts";
import { unusedRegion } from "./unused-region.ts";
import { valueOfScriptSymbol } from "./value-of-script-symbol.ts";
import { versionConflict } from "./version-conflict.ts";
import { weakInHeader } from "./weak-in-header.ts";
import { weakReference } from "./weak-reference.ts";
import { weakTooLate } from "./weak-too-late.ts";

export const rules: readonly Rule[] = [
  weakReference,
  weakInHeader,
  foldableWeakDefinition,
  unoverriddenWeakDefinition,
  weakTooLate,
  definedTwice,
  archivedOverride,
  mismatchedOverride,
  provideSymbol,
  scriptSyntax,
  undeclaredRegion,
  undeclaredSegment,
  declaredTwice,
  repeatedSection,
  unusedRegion,
  undefinedEntry,
  assignedTwice,
  ineffectiveProvide,
  falseAssertion,
  overlappingRegions,
  overfullRegion,
  missingInclude,
  unmatchedPattern,
  unkeptSection,
  pointerToScriptSymbol,
  valueOfScriptSymbol,
  versionConflict,
  unusedIgnore,
];

/** The rule of this id. */
export function findRule(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
