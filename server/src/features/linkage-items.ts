/**
 * What a tree has to be gone through for, as a list: weak references, weak definitions with what overrides them, and PROVIDE.
 * Each is one mention in one file, with its state as the whole tree's definitions have it. Plain data.
 */

import type { FileFacts, SymbolFact } from "../linkage/facts/facts.ts";
import type { Mention } from "../linkage/facts/link-index.ts";
import { outcomeOf } from "../linkage/symbols/outcome.ts";
import { overridesOf } from "../linkage/symbols/overrides.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { Span } from "../text/span.ts";

export type LinkageKind = "weak reference" | "weak definition" | "PROVIDE";

/**
 * How things stand with a symbol.
 * - undefined: no source defines what is referred to; it is made at link time, or its address is NULL
 * - weak: weak definitions alone
 * - provided: a script's PROVIDE alone
 * - strong: something defines it strongly: the reference need not be weak, the weak definition is overridden, the PROVIDE is idle,
 *   at least in some configuration
 */
export type LinkageState = "undefined" | "weak" | "provided" | "strong";

export interface LinkageItem {
  readonly kind: LinkageKind;
  readonly symbol: string;
  readonly path: string;
  readonly span: Span;
  readonly state: LinkageState;
  /** Of a weak definition or a PROVIDE, the definitions that go before it. */
  readonly overriders: readonly { readonly path: string; readonly span: Span }[];
}

/** More overriders than these, one for each architecture, nobody reads. */
const MAX_OVERRIDERS = 32;

/** The items of one file. */
export function linkageItemsOf(path: string, facts: FileFacts, program: Program): LinkageItem[] {
  const items: LinkageItem[] = [];
  for (const fact of facts.symbols) {
    const kind = kindOf(fact, program);
    if (kind === undefined || !program.isActive(path, fact)) continue;
    const definitions = definitionsFor(fact, kind, path, program);
    const overriders = kind === "weak reference" ? [] : definitions.filter((mention) => isStrong(mention, program));
    items.push({
      kind,
      symbol: fact.name,
      path,
      span: { start: fact.start, end: fact.end },
      state: stateOf(definitions, program),
      overriders: overriders
        .slice(0, MAX_OVERRIDERS)
        .map((mention) => ({ path: mention.path, span: { start: mention.fact.start, end: mention.fact.end } })),
    });
  }
  return items;
}

/**
 * The definitions that count for the mention: all of the tree's, and for a weak definition in links whose inputs are listed those
 * alone that may take its place there. What stands in an archive that nothing takes it from does not.
 */
function definitionsFor(fact: SymbolFact, kind: LinkageKind, path: string, program: Program): readonly Mention[] {
  const definitions = program.definitionsOf(fact.name);
  const { links } = program;
  const isListed = links.unitsOf(path).some((unit) => links.linkOf(unit)?.inputs !== undefined);
  if (kind !== "weak definition" || !isListed || !definitions.some((mention) => isStrong(mention, program)))
    return definitions;
  const { strong, possible } = overridesOf(fact.name, path, program);
  const weak = definitions.filter((mention) => !isStrong(mention, program));
  return [...weak, ...(strong.length > 0 ? strong : possible)];
}

function kindOf(fact: SymbolFact, program: Program): LinkageKind | undefined {
  if (fact.inMacro !== undefined || fact.binding === "local" || fact.name.includes("##")) return undefined;
  if (fact.role === "provide") return "PROVIDE";
  if (!program.isWeak(fact)) return undefined;
  return program.resolve(fact).role === "declaration" ? "weak reference" : "weak definition";
}

function isStrong({ fact }: Mention, program: Program): boolean {
  return fact.role !== "provide" && !program.isWeak(fact);
}

function stateOf(definitions: readonly Mention[], program: Program): LinkageState {
  const outcome = outcomeOf(program, definitions);
  return outcome === "nowhere" ? "undefined" : outcome;
}
