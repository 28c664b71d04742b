/**
 * The fix for a weak reference: a strong declaration, and a weak fallback definition where the strong one may be missing.
 *
 * It makes no edit unless the result is known to mean the same wherever a strong definition is linked, and to be no worse
 * where none is. Every reason not to edit is said. What it must hold to: docs/fallback-forms.md.
 */

import { definitionsMadeWeak } from "../../linkage/imposed-weakness.ts";
import type { Mention } from "../../linkage/link-index.ts";
import { architectureOf } from "../../linkage/link-unit.ts";
import { COMMON_WORD, type FileUse, isScriptRole, type Placement, type Program } from "../../linkage/program.ts";
import { describePlace } from "../../linkage/texts.ts";
import { applyEdits, type FileEdit, joinFileEdits, type TextEdit } from "../../text/edit.ts";
import type { Finding, Fix, RuleContext } from "../rule.ts";
import { findDeclared, type LocatedDeclaration, removeWeakness, sectionOf, weaknessOf } from "./declaration.ts";
import {
  defineFunction,
  defineObject,
  defineObjectInAssembly,
  repeatDeclaration,
  returnsNothing,
  returnsPointer,
  returnsScalar,
} from "./definition.ts";
import { findCondition, spellValue } from "./fallback-context.ts";
import { type FallbackHome, findHome, writeFallbacks } from "./home.ts";
import { type Assertion, judgeFunctionTests, judgeObjectUses } from "./null-tests.ts";
import { removeStatements } from "./remove-statements.ts";

/** What becomes of one symbol, or why nothing does. */
type Plan = { readonly refusal: string } | Planned;

interface Planned {
  readonly name: string;
  readonly declarations: readonly LocatedDeclaration[];
  /** Edits that take NULL tests away. */
  readonly testEdits: readonly FileEdit[];
  /** Calls that assert the symbol's presence, which go as statements. */
  readonly assertions: readonly Assertion[];
  /** undefined where the strong definition is always there. */
  readonly fallback: { readonly home: FallbackHome; readonly text: string } | undefined;
  /** What the program does otherwise than before where the strong definition is missing, for the fix's title. */
  readonly caution?: string | undefined;
}

/** The fix of one finding, or a fix without edits that says why there is none. */
export function strengthenOne(finding: Finding, context: RuleContext): readonly Fix[] {
  const plan = planSymbol(finding.symbol, context);
  if ("refusal" in plan) {
    return [{ title: `Make ${finding.symbol} strong`, isPreferred: false, edits: [], refusal: plan.refusal }];
  }
  const title =
    plan.fallback === undefined
      ? `Make ${finding.symbol} strong: it is always defined`
      : `Make ${finding.symbol} strong, with a weak fallback definition in ${plan.fallback.home.path}`;
  const edits = editsOf([plan], context);
  if ("refusal" in edits) return [{ title: `Make ${finding.symbol} strong`, isPreferred: false, edits: [], ...edits }];
  const advice = listingAdvice([plan]);
  const caution = plan.caution === undefined ? "" : `: ${plan.caution}`;
  return [
    { title: title + advice + caution, isPreferred: plan.caution === undefined, edits },
    ...withoutSections(title + advice, [plan], context),
  ];
}

/** The same fix with the declarations' sections gone too, where there are some. */
function withoutSections(title: string, plans: readonly Planned[], context: RuleContext): Fix[] {
  if (!plans.some(({ declarations }) => declarations.some((located) => sectionOf(located).length > 0))) return [];
  const edits = editsOf(plans, context, true);
  if ("refusal" in edits) return [];
  // The reason not to comes early: menus cut long titles off.
  const dropping = title.replace(" strong", " strong and drop its section (wrong where small data lies apart)");
  return [{ title: dropping, isPreferred: false, edits }];
}

/** One fix for all weak references of the file that can be fixed safely. */
export function strengthenAll(findings: readonly Finding[], context: RuleContext): readonly Fix[] {
  const names = [...new Set(findings.map((finding) => finding.symbol))];
  if (names.length < 2) return [];
  const plans = names
    .map((name) => planSymbol(name, context))
    .filter((plan): plan is Planned => !("refusal" in plan) && plan.caution === undefined);
  if (plans.length === 0) return [];
  const homes = new Set(plans.flatMap((plan) => plan.fallback?.home.path ?? []));
  const left = names.length - plans.length;
  const count =
    left === 0
      ? `all ${plans.length} weak references of this file`
      : `${plans.length} of ${names.length} weak references of this file`;
  const where = homes.size === 0 ? "" : `, with weak fallback definitions in ${[...homes].join(" and ")}`;
  const edits = editsOf(plans, context);
  if ("refusal" in edits) return [];
  const title = `Make ${count} strong${where}${listingAdvice(plans)}`;
  return [{ title, isPreferred: false, edits }, ...withoutSections(title, plans, context)];
}

/**
 * A fallback for a symbol that a PROVIDE fills in today: the edits that write it, together with those that take the PROVIDE
 * away.
 */
export function planReplacement(
  name: string,
  context: RuleContext,
  removal: readonly FileEdit[],
): { readonly home: string; readonly edits: FileEdit[] } | { readonly refusal: string } {
  const { program, path } = context;
  const declared: LocatedDeclaration[] = [];
  for (const mention of program.declarationsOf(name).filter((one) => mayMeet(path, one.path, program))) {
    const located = findDeclared(mention, context);
    if ("refusal" in located) return located;
    declared.push(located);
  }
  const [first] = declared;
  if (first === undefined) return { refusal: `no C file declares '${name}', so its type is not known` };
  const uses = program.usesOf(name).filter((use) => mayMeet(path, use.path, program));
  const users = findUsers(name, uses, declared, program);
  if ("refusal" in users) return users;
  const plan = planFallback(name, declared, uses, users.files, first.declarator.shape === "function", context);
  if ("refusal" in plan) return plan;
  const edits = editsOf([plan], context);
  if ("refusal" in edits) return edits;
  return { home: plan.fallback!.home.path, edits: joinFileEdits([...removal, ...edits]).filter(hasEdits) };
}

function hasEdits(change: FileEdit): boolean {
  return "create" in change || change.edits.length > 0;
}

function listingAdvice(plans: readonly Planned[]): string {
  const unlisted = plans.find((plan) => plan.fallback !== undefined && plan.fallback.home.advice !== undefined);
  return unlisted?.fallback?.home.advice === undefined ? "" : ` (${unlisted.fallback.home.advice})`;
}

function planSymbol(name: string, context: RuleContext): Plan {
  const { program, path } = context;
  if (!program.index.isComplete) return { refusal: "the tree is still being indexed" };

  if (name.includes("##")) return { refusal: "a macro makes the declaration, wherever that is used" };
  if (program.index.filesWithWord(name).length > COMMON_WORD) {
    return { refusal: `'${name}' is too common a word to find all its uses for sure` };
  }
  const mentions = program.mentionsOf(name).filter((mention) => mayMeet(path, mention.path, program));
  const weak = mentions.filter(({ fact }) => fact.role === "declaration" && program.isWeak(fact));
  const declarations: LocatedDeclaration[] = [];
  for (const mention of weak) {
    const declared = findDeclared(mention, context);
    if ("refusal" in declared) return declared;
    declarations.push(declared);
  }
  const first = declarations[0];
  if (first === undefined) return { refusal: `no weak declaration of '${name}' is left` };

  const uses = program.usesOf(name).filter((use) => mayMeet(path, use.path, program));
  const users = findUsers(name, uses, declarations, program);
  if ("refusal" in users) return users;

  const definitions = program.definitionsOf(name).filter((mention) => mayMeet(path, mention.path, program));
  const always = isAlwaysDefined(definitions, users.files, program);
  if ("refusal" in always) return always;
  const twice = findSecondStrong(name, declarations, definitions, program);
  if (twice !== undefined) return { refusal: twice };
  const isFunction = first.declarator.shape === "function";
  if (always.value) {
    const judged = isFunction
      ? judgeFunctionTests(uses, first, program, "always")
      : judgeObjectUses(uses, first, program, "always");
    if ("refusal" in judged) return judged;
    return { name, declarations, testEdits: judged.edits, assertions: judged.assertions, fallback: undefined };
  }
  return planFallback(name, declarations, uses, users.files, isFunction, context);
}

function planFallback(
  name: string,
  declarations: readonly LocatedDeclaration[],
  uses: readonly FileUse[],
  users: readonly User[],
  isFunction: boolean,
  context: RuleContext,
): Plan {
  const { program } = context;
  // What all architectures see comes before what one does.
  const ofAll = declarations.filter(({ path }) => architectureOf(path) === undefined);
  const first = ofAll[0] ?? declarations[0]!;
  const judged = isFunction
    ? judgeFunctionTests(uses, first, program, "maybe")
    : judgeObjectUses(uses, first, program, "maybe");
  if ("refusal" in judged) return judged;
  const home = findHome(name, first, users, isFunction, program);
  if ("refusal" in home) return home;
  const condition = findCondition(first, declarations, home, program);
  if ("refusal" in condition) return condition;
  const missing = isFunction && returnsPointer(first) ? "NULL" : undefined;
  const value = spellValue({ ...judged, value: judged.value ?? missing }, home, program);
  if ("refusal" in value) return value;
  const definition = writeDefinition(first, isFunction, value.text, home, program);
  if ("refusal" in definition) return definition;
  const isRepeated = home.header === undefined && (isFunction || program.fallbackForm === "c");
  const declaration = isRepeated ? repeatDeclaration(first, weaknessOf(first, program)) : "";
  const text = underCondition(`${declaration}${definition.text}`, condition.text);
  const fallback = { home: { ...home, includes: [...value.includes, ...home.includes] }, text };
  // Where no caller asks whether the function is there, it is called in any case, and jumps to address 0 where it is not.
  const isTested = uses.some(({ use }) => use.kind === "null-test");
  const caution = isFunction && !isTested ? "calls that nothing guards do nothing where it is missing" : undefined;
  return { name, declarations, testEdits: judged.edits, assertions: judged.assertions, fallback, caution };
}

function writeDefinition(
  declared: LocatedDeclaration,
  isFunction: boolean,
  value: string | undefined,
  home: FallbackHome,
  program: Program,
) {
  if (!isFunction) {
    return program.fallbackForm === "asm" ? defineObjectInAssembly(declared) : defineObject(declared, home.weak);
  }
  if (returnsNothing(declared)) return defineFunction(declared, "", home.weak);
  if (!returnsScalar(declared)) {
    return { refusal: `what a fallback of '${declared.declarator.name}' could return is not known` };
  }
  return defineFunction(declared, value ?? "0", home.weak);
}

function underCondition(text: string, condition: string): string {
  return condition === "" ? text : `#if ${condition}\n${text}#endif\n`;
}

/** A file that refers to the symbol, with the way in which its object is linked. */
export interface User {
  readonly path: string;
  readonly placement: Placement;
  /** Configuration symbols that hold wherever this file's uses are compiled. */
  readonly guard: readonly string[];
  readonly useCount: number;
}

/**
 * Whether two files may be in one link, for a fix to be safe. That two targets are programs is concluded from their sources, and
 * what is concluded of targets is not enough; what the user says of links is.
 */
function mayMeet(path: string, other: string, { build }: Program): boolean {
  if (build.canLink(path, other)) return true;
  const isNamed = (file: string) => build.unitsOf(file).every((unit) => unit.startsWith("link "));
  return build.kind === "targets" && !(isNamed(path) && isNamed(other));
}

/** Every file whose object refers to the symbol; a refusal where one of them is linked elsewhere or unknown. */
function findUsers(
  name: string,
  uses: readonly FileUse[],
  declarations: readonly LocatedDeclaration[],
  program: Program,
): { readonly files: readonly User[] } | { readonly refusal: string } {
  const files: User[] = [];
  const throughMacros = followMacros(uses, program);
  if ("refusal" in throughMacros) return throughMacros;
  const all = [...uses, ...throughMacros.uses];
  for (const path of new Set(all.map((use) => use.path))) {
    const inFile = all.filter((use) => use.path === path);
    if (path.endsWith(".h")) {
      if (inFile.every(({ use }) => use.inMacro !== undefined)) continue;
      return { refusal: `'${name}' is used in the header ${path}, which files of other links may include` };
    }
    const placement = soleLink(program.build.placementsOf(path));
    if (placement === undefined) {
      return { refusal: `${path} uses '${name}', and it is not known which link it belongs to` };
    }
    if (program.build.kind === "kernel" && placement.unit !== "vmlinux") {
      return {
        refusal: `${path} uses '${name}' and is linked into ${placement.unit}, where the fallback would be missing`,
      };
    }
    const foreign = otherArchitecture(path, program);
    if (foreign !== undefined) {
      return {
        refusal: `${path} uses '${name}' and may be built for ${foreign} as well, where the fallback would be missing`,
      };
    }
    const [other] = files;
    if (program.build.kind === "targets" && other !== undefined && other.placement.unit !== placement.unit) {
      return {
        refusal: `it is used in ${other.path} of ${other.placement.unit} and in ${path} of ${placement.unit}: in one of them the fallback would be missing`,
      };
    }
    const conditions = commonConditions(inFile.map(({ use }) => use.condition));
    files.push({ path, placement, guard: [...(placement.guard ?? []), ...conditions], useCount: inFile.length });
  }
  for (const { path } of declarations) {
    const placements = path.endsWith(".h") ? [] : program.build.placementsOf(path);
    const elsewhere = placements.find(({ unit }) => program.build.kind === "kernel" && unit !== "vmlinux");
    if (elsewhere !== undefined)
      return { refusal: `${path} is linked into ${elsewhere.unit}, of which too little is known` };
  }
  if (files.length === 0)
    return { refusal: `no use of '${name}' is found by that name, so what a fallback would change is not known` };
  return { files };
}

/** Another architecture whose Makefiles may build a file of one: arm64 takes some of arm's. */
function otherArchitecture(path: string, { build }: Program): string | undefined {
  const own = architectureOf(path);
  if (own === undefined) return undefined;
  return build.architectures.find((other) => {
    return other !== own && build.unitsIn(path, other, build.possibleOn(other))?.length !== 0;
  });
}

/** The one link that all placements are in, with the guard that they share; undefined where there are several or none. */
function soleLink(placements: readonly Placement[]): Placement | undefined {
  const [first, ...others] = placements;
  if (first === undefined || others.some((other) => other.unit !== first.unit)) return undefined;
  if (others.length === 0) return first;
  const guards = placements.map((placement) => placement.guard);
  const shared = guards.some((guard) => guard === undefined)
    ? undefined
    : guards[0]?.filter((symbol) => guards.every((guard) => guard?.includes(symbol)));
  return { ...first, guard: shared };
}

/** Macros that use macros are followed this far. */
const MACRO_STEPS = 5;

/** A use in a macro's body happens wherever the macro is used: all uses of the macros around these uses, and so on. */
function followMacros(
  uses: readonly FileUse[],
  program: Program,
): { readonly uses: readonly FileUse[] } | { readonly refusal: string } {
  const found: FileUse[] = [];
  const seen = new Set<string>();
  let macros = macrosOf(uses);
  for (let step = 0; macros.length > 0; step++) {
    const next: FileUse[] = [];
    for (const macro of macros) {
      if (seen.has(macro)) continue;
      seen.add(macro);
      if (step >= MACRO_STEPS || program.index.filesWithWord(macro).length > COMMON_WORD) {
        return { refusal: `it is used in the macro '${macro}', whose uses are too many to follow` };
      }
      next.push(...program.usesOf(macro));
    }
    found.push(...next);
    macros = macrosOf(next);
  }
  return { uses: found };
}

function macrosOf(uses: readonly FileUse[]): string[] {
  return [...new Set(uses.flatMap(({ use }) => use.inMacro ?? []))];
}

/** What configurationOf does not take for a demand: `IS_ENABLED(CONFIG_A)` holds where A is m, and the kernel has it not. */
const MAY_BE_M = "IS_ENABLED_AS_Y_OR_M(";

/** The CONFIG_ symbols that every one of these #if conditions demands to be set. */
function commonConditions(conditions: readonly string[]): string[] {
  const sets = conditions.map((condition) => new Set(configurationOf(condition.replaceAll("IS_ENABLED(", MAY_BE_M))));
  return [...(sets[0] ?? [])].filter((symbol) => sets.every((set) => set.has(symbol)));
}

/** The CONFIG_ symbols that a condition demands: of "defined(CONFIG_A) && !(CONFIG_B)" the first. */
export function configurationOf(condition: string): string[] {
  // What stands within parentheses may be anything; outside of them, `||` and `?` leave nothing that is demanded.
  let outside = condition;
  for (let inner = ""; inner !== outside; ) {
    inner = outside;
    outside = outside.replaceAll(/\([^()]*\)/g, "");
  }
  if (/\|\||\?/.test(outside)) return [];
  return condition
    .split(" && ")
    .map((term) => /^(?:defined\s*\(?\s*|IS_ENABLED\(|IS_BUILTIN\(|)(CONFIG_\w+)\s*\)?$/.exec(term.trim())?.[1])
    .filter((symbol) => symbol !== undefined);
}

/** Whether every build that compiles a user also links a strong definition. */
function isAlwaysDefined(
  definitions: readonly Mention[],
  users: readonly User[],
  program: Program,
): { readonly value: boolean } | { readonly refusal: string } {
  let always = false;
  for (const { path, fact, macro } of definitions) {
    const where = describePlace(program.texts, path, fact.start);
    if (macro !== undefined) return { refusal: `the macro '${macro}' defines it in ${where}` };
    if (fact.inMacro !== undefined && !isScriptRole(fact)) {
      return { refusal: `'${fact.name}' may be defined by the macro '${fact.inMacro}' (${where})` };
    }
    if (isScriptRole(fact)) {
      const everywhere = program.build.isAssignedEverywhere(fact.name);
      if (everywhere === "yes") always = true;
      else if (fact.role === "provide") {
        return { refusal: `PROVIDE at ${where} would not take effect beside a fallback` };
      } else
        return {
          refusal: `${where} assigns it in a linker script, ${everywhere === "no" ? "but not in every build" : "and it is not known whether in every build"}`,
        };
      continue;
    }
    const placements = program.build.placementsOf(path);
    if (placements.length === 0 && program.build.kind !== "workspace") {
      return { refusal: `it is not known whether ${where}, which defines it, is linked in` };
    }
    for (const placement of placements) {
      if (program.build.kind === "kernel" && placement.unit !== "vmlinux") continue;
      // A target's objects may be linked without those of another; within one they are linked alike.
      if (program.build.kind === "targets" && users.some((user) => user.placement.unit !== placement.unit)) {
        return { refusal: `it is not known whether ${where}, which defines it, is linked with every use` };
      }
      if (placement.reach === "archive") {
        return { refusal: `${where} defines it in an archive, which a fallback would keep out of the link` };
      }
      if (placement.reach === "unknown" && program.build.kind === "kernel") {
        return { refusal: `it is not known how ${where}, which defines it, is linked in` };
      }
      const needs =
        placement.guard === undefined ? undefined : [...placement.guard, ...configurationOf(fact.condition)];
      const isPlain =
        fact.condition === "" || configurationOf(fact.condition).length === fact.condition.split(" && ").length;
      if (
        needs !== undefined &&
        isPlain &&
        users.every(
          (user) => isBuiltFor(architectureOf(path), user) && needs.every((symbol) => user.guard.includes(symbol)),
        )
      ) {
        always = true;
      } else if (
        (program.build.kind === "workspace" && placement.listing === undefined) ||
        (program.build.kind === "targets" && placement.reach === "unknown")
      ) {
        return { refusal: `${where} may define it in an archive, which a fallback would keep out of the link` };
      } else if (program.isWeak(fact)) {
        return { refusal: `${where} holds another weak definition, and link order would choose between the two` };
      }
    }
  }
  return { value: always };
}

/**
 * Two definitions that a weak declaration makes weak today, or one of them and a strong one, would be defined twice once the
 * declaration is strong; said as a refusal. Whether a configuration has both is not looked into.
 */
function findSecondStrong(
  name: string,
  declarations: readonly LocatedDeclaration[],
  definitions: readonly Mention[],
  program: Program,
): string | undefined {
  const plain = definitions.filter(({ fact }) => !isScriptRole(fact) && !program.isWeak(fact));
  for (const header of new Set(declarations.map(({ path }) => path))) {
    for (const made of definitionsMadeWeak(program, header, name)) {
      const other = plain.find(
        ({ path }) =>
          path !== made.path && isSameArchitecture(path, made.path) && program.build.canLink(made.path, path),
      );
      if (other === undefined) continue;
      const [one, two] = [made, other].map(({ path, fact }) => describePlace(program.texts, path, fact.start));
      return `${one} and ${two} would both define it strongly`;
    }
  }
  return undefined;
}

function isSameArchitecture(path: string, other: string): boolean {
  const [left, right] = [architectureOf(path), architectureOf(other)];
  return left === undefined || right === undefined || left === right;
}

/** Whether the user is built for no other architecture than this; undefined is what every architecture builds. */
function isBuiltFor(architecture: string | undefined, user: User): boolean {
  return (
    user.placement.guard !== undefined && (architecture === undefined || architectureOf(user.path) === architecture)
  );
}

/** All edits of the plans as one change, or why they can't be made. */
function editsOf(
  plans: readonly Planned[],
  context: RuleContext,
  dropsSections = false,
): FileEdit[] | { readonly refusal: string } {
  const { program } = context;
  const changes: FileEdit[] = [];
  for (const plan of plans) {
    for (const located of plan.declarations)
      changes.push({
        path: located.path,
        edits: [
          ...removeWeakness(located, program),
          ...(dropsSections ? sectionOf(located) : []).map((span) => ({ ...span, text: "" })),
        ],
      });
    changes.push(...plan.testEdits);
  }
  const assertions = plans.flatMap((plan) => plan.assertions);
  for (const path of new Set(assertions.map((assertion) => assertion.path))) {
    const source = program.texts.source(path);
    const calls = assertions.filter((assertion) => assertion.path === path).map(({ call }) => call);
    const edits = source === undefined ? undefined : removeStatements(source, calls);
    if (edits === undefined) return { refusal: `an assertion in ${path} is not a statement of its own` };
    changes.push({ path, edits });
  }
  changes.push(
    ...writeFallbacks(
      plans.flatMap((plan) => plan.fallback ?? []),
      program,
    ),
  );
  const joined = joinFileEdits(changes).filter(hasEdits).map(orderEdits);
  for (const change of joined) {
    const source = program.texts.source(change.path);
    if ("create" in change || source === undefined) continue;
    // An editor is given all of them at once and would make something of its own of edits that overlap.
    if (applyEdits(source.slice(0, source.length), change.edits) === undefined) {
      return { refusal: `what is to be edited in ${change.path} stands within one another` };
    }
  }
  return joined.map((change) => keepLineEnds(change, context));
}

/** Writes new lines as those around them end; a new file's as those of the file under check. */
function keepLineEnds(change: FileEdit, { program, source }: RuleContext): FileEdit {
  const isNew = "create" in change;
  const model = isNew ? source : program.texts.source(change.path);
  if (model === undefined || !/^[^\n]*\r\n/.test(model.slice(0, model.length))) return change;
  const convert = (text: string) => text.replace(/\r?\n/g, "\r\n");
  return isNew
    ? { path: change.path, create: convert(change.create) }
    : { path: change.path, edits: change.edits.map((edit) => ({ ...edit, text: convert(edit.text) })) };
}

function orderEdits(change: FileEdit): FileEdit {
  if ("create" in change) return change;
  const edits: TextEdit[] = [...change.edits].sort((a, b) => a.start - b.start || a.end - b.end);
  return { path: change.path, edits };
}
