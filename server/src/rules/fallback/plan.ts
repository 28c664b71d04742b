/**
 * Plans what becomes of one weakly referenced symbol: which declarations are edited, what is written besides, and where. It
 * makes no edits of its own and refuses at the first question that it can't answer.
 */

import { architectureOf } from "../../linkage/facts/architecture.ts";
import { findInInlineAssembly } from "../../linkage/symbols/inline-assembly.ts";
import { findPasted } from "../../linkage/symbols/pasted-names.ts";
import { COMMON_WORD, type FileUse, isScriptRole, type Program } from "../../linkage/symbols/program.ts";
import { describeOthers, nameDefiners, unreadDefiners } from "../../linkage/symbols/who-may-define.ts";
import type { FileEdit } from "../../text/edit.ts";
import type { RuleContext } from "../rule.ts";
import { findEmptyAsserted } from "./asserted-sections.ts";
import { findDeclared, type LocatedDeclaration, weaknessOf } from "./declaration.ts";
import { shapeOfDeclared } from "./declared-shape.ts";
import { conventionsOf, findRenaming, findUnkept } from "./declared-words.ts";
import {
  defineFunction,
  defineObject,
  defineObjectInAssembly,
  repeatDeclaration,
  returnsNothing,
  returnsPointer,
  returnsScalar,
} from "./definition.ts";
import { findCondition, findMacroOfName, spellValue } from "./fallback-context.ts";
import { isSafe } from "./forms.ts";
import { type FallbackHome, findHome } from "./home.ts";
import { findInstrumentation } from "./instrumented-users.ts";
import { findLinkOptimization } from "./link-optimization.ts";
import { type Assertion, judgeFunctionTests, judgeObjectUses } from "./null-tests.ts";
import { findSecondStrong, isAlwaysDefined } from "./presence.ts";
import { isUnboundArray } from "./types-in-sight.ts";
import { findUsers, type User, type Users } from "./users.ts";

/** What becomes of one symbol, or why nothing does. */
type Plan = { readonly refusal: string } | Planned;

/** A symbol that can be made strong. */
export interface Planned {
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

/** What becomes of a weakly referenced symbol, as the file under check sees it. */
export function planSymbol(name: string, context: RuleContext): Plan {
  const { program, path } = context;
  if (!program.index.isComplete) return { refusal: "the tree is still being indexed" };
  if (name.includes("##")) return { refusal: "a macro makes the declaration, wherever that is used" };
  if (program.index.filesWithWord(name).length > COMMON_WORD) {
    return { refusal: `'${name}' is too common a word to find all its uses for sure` };
  }
  const mentions = program.mentionsOf(name).filter((mention) => program.links.mayMeet(path, mention.path));
  const weak = mentions.filter(({ fact }) => fact.role === "declaration" && program.isWeak(fact));
  const declarations: LocatedDeclaration[] = [];
  for (const mention of weak) {
    const declared = findDeclared(mention, context);
    if ("refusal" in declared) return declared;
    declarations.push(declared);
  }
  for (const { path: at, fact } of mentions) {
    const renaming = findRenaming(fact.words, name, at, program);
    if (renaming !== undefined) return { refusal: renaming };
  }
  const first = declarations[0];
  if (first === undefined) return { refusal: `no weak declaration of '${name}' is left` };

  // A macro's argument that names what the call declares is no use.
  const made = mentions.filter(({ macro }) => macro !== undefined);
  const uses = program
    .usesOf(name)
    .filter((use) => program.links.mayMeet(path, use.path))
    .filter((use) => !made.some((one) => one.path === use.path && one.fact.start === use.use.start));
  const odd = findOddType(declarations, uses, program);
  if (odd !== undefined) return { refusal: odd };
  const pasted = findPasted(name, path, program);
  if (pasted !== undefined) return { refusal: `a macro puts the name '${name}' together at ${pasted}` };
  const assembled = findInInlineAssembly(name, path, program);
  if (assembled !== undefined) return { refusal: `inline assembly names '${name}' at ${assembled}` };
  const meaning = program.links.meaningOf(name);
  if (meaning !== undefined) return { refusal: meaning };
  const users = findUsers(name, uses, declarations, program, { inSeveralLinks: true });
  if ("refusal" in users) return users;

  const definitions = program.definitionsOf(name).filter((mention) => program.links.mayMeet(path, mention.path));
  const linked = [...users.files, ...users.further.flat(), ...definitions];
  const change = linked.map((one) => program.links.changeOfSymbolsAt(one.path)).find((clause) => clause !== undefined);
  if (change !== undefined) return { refusal: change };
  const assigned = definitions.find(({ fact }) => isScriptRole(fact));
  if (assigned !== undefined && users.further.length > 0) {
    return { refusal: `${assigned.path} assigns '${name}' in a linker script, and its users are in several links` };
  }
  let isAlways = true;
  for (const files of [users.files, ...users.further]) {
    const always = isAlwaysDefined(definitions, files, program);
    if ("refusal" in always) return always;
    isAlways &&= always.value;
  }
  const twice = findSecondStrong(name, declarations, definitions, program);
  if (twice !== undefined) return { refusal: twice };
  const isFunction = first.declarator.shape === "function";
  if (isAlways) {
    const judged = isFunction
      ? judgeFunctionTests(uses, first, program, "always")
      : judgeObjectUses(uses, first, program, "always");
    if ("refusal" in judged) return judged;
    return { name, declarations, testEdits: judged.edits, assertions: judged.assertions, fallback: undefined };
  }
  return planFallback(name, declarations, uses, users, isFunction, context);
}

/** A type's name that makes the symbol a function, or may, said as a refusal: its parameters are nowhere to be seen. */
function findOddType(
  declarations: readonly LocatedDeclaration[],
  uses: readonly FileUse[],
  program: Program,
): string | undefined {
  for (const declared of declarations) {
    const { declarator, declaration, path } = declared;
    if (declarator.shape === "function") continue;
    const { shape } = shapeOfDeclared(declared, program);
    const isCalled = uses.some(({ use }) => use.kind === "call");
    const isOdd = shape === "function" || (shape === undefined && isCalled);
    if (isOdd)
      return `${path} declares '${declarator.name}' by a type's name, ${declaration.type}, and not as a function`;
  }
  return undefined;
}

/** A fallback for a symbol whose uses are all known. */
export function planFallback(
  name: string,
  declarations: readonly LocatedDeclaration[],
  uses: readonly FileUse[],
  users: Users,
  isFunction: boolean,
  context: RuleContext,
): Plan {
  const { program } = context;
  const unwanted = isFunction ? findInstrumentation(name, users, program) : findEmptyAsserted(name, users, program);
  if (unwanted !== undefined) return { refusal: unwanted };
  for (const files of [users.files, ...users.further]) {
    const unsafe = whyNoFallback(name, files, context);
    if (unsafe !== undefined) return { refusal: unsafe };
  }
  // What all architectures see comes before what one does.
  const ofAll = declarations.filter(({ path }) => architectureOf(path) === undefined);
  const first = ofAll[0] ?? declarations[0]!;
  const unkept = declarations.map((one) => findUnkept(one, program)).find((why) => why !== undefined);
  if (unkept !== undefined) return { refusal: unkept };
  const judged = isFunction
    ? judgeFunctionTests(uses, first, program, "maybe")
    : judgeObjectUses(uses, first, program, "maybe");
  if ("refusal" in judged) return judged;
  const renaming = findMacroOfName(name, first.path, ".c", program);
  if (renaming !== undefined)
    return { refusal: `${renaming} makes '${name}' a macro, which means another symbol there` };
  const optimized = findLinkOptimization(program);
  const form = isFunction
    ? "other-file function"
    : program.fallbackForm === "asm"
      ? "other-file assembly"
      : "other-file const object";
  if (optimized !== undefined && !isSafe(form, true)) {
    const remedy = isFunction ? "" : "; a fallback in assembly would be safe from it";
    return { refusal: `${optimized} asks for link-time optimization, which would look into the fallback${remedy}` };
  }
  const home = findHome(name, first, users, isFunction, program);
  if ("refusal" in home) return home;
  const condition = findCondition(first, declarations, home, program);
  if ("refusal" in condition) return condition;
  const missing = isFunction && returnsPointer(first) ? "NULL" : undefined;
  const value = spellValue({ ...judged, value: judged.value ?? missing }, first, home, program);
  if ("refusal" in value) return value;
  const definition = writeDefinition(first, isFunction, value.text, home, program);
  if ("refusal" in definition) return definition;
  const isRepeated = home.header === undefined && (isFunction || program.fallbackForm === "c");
  const declaration = isRepeated ? repeatDeclaration(first, weaknessOf(first, program)) : "";
  const text = underCondition(`${declaration}${definition.text}`, condition.text);
  const fallback = { home: { ...home, includes: [...value.includes, ...home.includes] }, text };
  // A call that no test guards is made in any case, and jumps to address 0 where the function is missing.
  const isTested = uses.some(({ use }) => use.kind === "null-test");
  const isUnguarded = isFunction && (!isTested || judged.isCalledUnguarded);
  const caution = isUnguarded ? "calls that nothing guards do nothing where it is missing" : undefined;
  return { name, declarations, testEdits: judged.edits, assertions: judged.assertions, fallback, caution };
}

/** What a fallback would stand in the way of, or could not do: who else may define the symbol in the link of its users. */
function whyNoFallback(name: string, users: readonly User[], { program, path }: RuleContext): string | undefined {
  const [user] = users;
  const at = user?.path ?? path;
  const others = [...nameDefiners(name, at, program), ...unreadDefiners(name, at, program)];
  if (others.length > 0) return `${describeOthers(others)}; a fallback would stand in its way`;
  const link = user === undefined ? undefined : program.links.linkOf(user.membership.unit);
  if (link?.options.isLto && program.links.ltoFlags() === undefined) {
    return `${link.unit} is optimized when it is linked, and a compiler may then look into the fallback`;
  }
  return undefined;
}

function writeDefinition(
  declared: LocatedDeclaration,
  isFunction: boolean,
  value: string | undefined,
  home: FallbackHome,
  program: Program,
) {
  const style = {
    weak: home.weak,
    // A kernel is compiled without that warning; of other trees it is not known.
    usesParameters: program.links.architectures.length === 0,
    isUnboundArray: isUnboundArray(declared, program),
    removals: weaknessOf(declared, program),
    conventions: conventionsOf(declared, program),
  };
  if (!isFunction) {
    return program.fallbackForm === "asm" ? defineObjectInAssembly(declared) : defineObject(declared, style);
  }
  if (returnsNothing(declared)) return defineFunction(declared, "", style);
  if (!returnsScalar(declared)) {
    return { refusal: `what a fallback of '${declared.declarator.name}' could return is not known` };
  }
  return defineFunction(declared, value ?? "0", style);
}

function underCondition(text: string, condition: string): string {
  return condition === "" ? text : `#if ${condition}\n${text}#endif\n`;
}
