/**
 * The remedy for a header that makes definitions weak: the declaration becomes strong, and the default alone is weak, by itself. The
 * default is what is weak already, else what the header makes weak beside strong definitions that never see it.
 */

import type { Mention } from "../../linkage/facts/link-index.ts";
import { describePlace } from "../../linkage/facts/texts.ts";
import { definitionsMadeWeak } from "../../linkage/symbols/imposed-weakness.ts";
import { COMMON_WORD, isScriptRole } from "../../linkage/symbols/program.ts";
import { describeOthers, nameDefiners, unreadDefiners } from "../../linkage/symbols/who-may-define.ts";
import type { FileEdit } from "../../text/edit.ts";
import type { Finding, Fix, RuleContext } from "../rule.ts";
import { findDeclared, type LocatedDeclaration } from "./declaration.ts";
import { weakWord } from "./home.ts";
import { type Judgement, judgeFunctionTests, judgeObjectUses } from "./null-tests.ts";
import { editsOf } from "./plan-edits.ts";
import { isWithAll, mayBeTogether } from "./presence.ts";
import { strengthenOne } from "./strengthen.ts";
import { findUsers, type User } from "./users.ts";

type Refusal = { readonly refusal: string };

/** The definitions of a symbol that can be in a link with the header, by how weak they are. */
interface Sorted {
  /** By themselves. */
  readonly weak: readonly Mention[];
  /** Because of a header. */
  readonly made: readonly Mention[];
  readonly strong: readonly Mention[];
}

/** The fix of one finding. Where there is nothing to choose from, the symbol is made strong as any other weak reference. */
export function keepDefaultWeak(finding: Finding, context: RuleContext): readonly Fix[] {
  if (!context.program.index.isComplete) return strengthenOne(finding, context);
  const sorted = sortDefinitions(finding.symbol, context);
  if (sorted.weak.length + sorted.strong.length === 0 && !hasRivals(sorted.made, context)) {
    return strengthenOne(finding, context);
  }
  const fix = planRemedy(finding.symbol, sorted, context);
  if (!("refusal" in fix)) return [fix];
  return [{ title: `Make ${finding.symbol} strong`, isPreferred: false, edits: [], refusal: fix.refusal }];
}

function sortDefinitions(name: string, { program, path }: RuleContext): Sorted {
  const definitions = program.definitionsOf(name).filter((one) => program.links.mayMeet(path, one.path));
  const headers = program
    .declarationsOf(name)
    .filter(({ path: header, fact }) => header.endsWith(".h") && program.isWeak(fact));
  const made = new Set(
    headers
      .flatMap((header) => definitionsMadeWeak(program, header.path, name))
      .map((one) => `${one.path}:${one.fact.start}`),
  );
  const isMade = ({ path: at, fact }: Mention) => made.has(`${at}:${fact.start}`);
  return {
    weak: definitions.filter(({ fact }) => program.isWeak(fact)),
    made: definitions.filter(isMade),
    strong: definitions.filter((one) => !program.isWeak(one.fact) && !isMade(one)),
  };
}

function hasRivals(made: readonly Mention[], { program }: RuleContext): boolean {
  return made.some((one, at) => made.slice(at + 1).some((other) => mayBeTogether(one, other, program)));
}

function planRemedy(name: string, sorted: Sorted, context: RuleContext): Fix | Refusal {
  const { program, path } = context;
  const conflict = whyOdd(name, sorted, context) ?? whyUndecided(sorted, context);
  if (conflict !== undefined) return { refusal: conflict };
  const located = locate(name, sorted, context);
  if ("refusal" in located) return located;
  const { declarations, defaults } = located;
  const uses = program.usesOf(name).filter((use) => program.links.mayMeet(path, use.path));
  const users = findUsers(name, uses, declarations, program);
  if ("refusal" in users) return users;
  const missing = whyMissing(sorted, users.files, context);
  if (missing !== undefined) return { refusal: missing };
  const [first] = declarations;
  const judge = first!.declarator.shape === "function" ? judgeFunctionTests : judgeObjectUses;
  const judged: Judgement = judge(uses, first!, program, "always");
  if ("refusal" in judged) return judged;
  const besides = defaults.map(({ path: at, declaration }): FileEdit => {
    const text = `${weakWord(program)} `;
    return { path: at, edits: [{ start: declaration.start, end: declaration.start, text }] };
  });
  const plan = { name, declarations, testEdits: judged.edits, assertions: judged.assertions, fallback: undefined };
  const edits = editsOf([plan], context, { besides });
  if ("refusal" in edits) return edits;
  const isChosenNow = sorted.weak.length > 0;
  const [chosen] = isChosenNow ? sorted.weak : sorted.made;
  const place = placeOf(chosen!, context);
  // Today the order of objects chooses between two weak definitions.
  const title = isChosenNow
    ? `Make ${name} strong but for its default in ${place}: the others win from then on, in any order`
    : `Make ${name} strong but for its default in ${place}`;
  return { title, isPreferred: !isChosenNow, edits };
}

function placeOf({ path, fact }: Mention, { program }: RuleContext): string {
  return describePlace(program.texts, path, fact.start);
}

/** Why it is not known which definition is to be weak. */
function whyUndecided({ weak, made, strong }: Sorted, context: RuleContext): string | undefined {
  const { program } = context;
  const [first, second] = made;
  if (weak.length === 0 && strong.length === 0) {
    return `where both are linked, link order chooses between ${placeOf(first!, context)} and ${placeOf(second!, context)}, and neither says that it is the default`;
  }
  if (weak.length === 0) return undefined;
  for (const one of made) {
    const other = [...made, ...strong].find((rival) => mayBeTogether(one, rival, program));
    if (other !== undefined)
      return `where both are linked, ${placeOf(one, context)} must stay weak beside ${placeOf(other, context)}`;
  }
  return undefined;
}

/** Definitions that the remedy knows too little of. */
function whyOdd(name: string, { weak, made, strong }: Sorted, context: RuleContext): string | undefined {
  const { program, path } = context;
  for (const mention of [...weak, ...made, ...strong]) {
    const where = placeOf(mention, context);
    if (isScriptRole(mention.fact)) return `${where} gives it a value in a linker script`;
    const macro = mention.macro ?? mention.fact.inMacro;
    if (macro !== undefined) return `the macro '${macro}' defines it in ${where}`;
    const memberships = program.links.membershipsOf(mention.path);
    if (memberships.length === 0) return `it is not known whether ${where}, which defines it, is linked in`;
    const odd = memberships.find(({ reach }) => reach !== "object");
    if (odd?.reach === "archive")
      return `${where} is in an archive, which a strong reference takes it from and a weak one does not`;
    if (odd !== undefined) return `it is not known how ${where}, which defines it, is linked in`;
  }
  const others = [...nameDefiners(name, path, program), ...unreadDefiners(name, path, program)];
  return others.length === 0 ? undefined : describeOthers(others);
}

/** The weak declarations, and the definitions that become weak by themselves. */
function locate(
  name: string,
  { weak, made }: Sorted,
  context: RuleContext,
):
  | { readonly declarations: readonly LocatedDeclaration[]; readonly defaults: readonly LocatedDeclaration[] }
  | Refusal {
  const { program, path } = context;
  if (program.index.filesWithWord(name).length > COMMON_WORD) {
    return { refusal: `'${name}' is too common a word to find all its uses for sure` };
  }
  const declarations: LocatedDeclaration[] = [];
  const defaults: LocatedDeclaration[] = [];
  for (const mention of program.declarationsOf(name)) {
    if (!program.isWeak(mention.fact) || !program.links.mayMeet(path, mention.path)) continue;
    const declared = findDeclared(mention, context);
    if ("refusal" in declared) return declared;
    declarations.push(declared);
  }
  for (const mention of weak.length > 0 ? [] : made) {
    const defined = findDeclared(mention, context);
    if ("refusal" in defined) return defined;
    if (defined.declaration.declarators.length > 1)
      return { refusal: `one declaration in ${defined.path} defines several symbols` };
    defaults.push(defined);
  }
  return declarations.length === 0
    ? { refusal: `no weak declaration of '${name}' is left` }
    : { declarations, defaults };
}

/** Why a use may be without a definition, which a strong reference would not allow. */
function whyMissing({ weak, made, strong }: Sorted, users: readonly User[], context: RuleContext): string | undefined {
  const { program } = context;
  const [first] = weak.length > 0 ? weak : made;
  const isThere = [...weak, ...made, ...strong].some((one) =>
    program.links
      .membershipsOf(one.path)
      .some(
        (way) => users.every(({ membership }) => membership.unit === way.unit) && isWithAll(one, way, users, program),
      ),
  );
  return isThere ? undefined : `a build that has a use of it may be without ${placeOf(first!, context)}`;
}
