/**
 * Whether linker scripts assign a symbol in every configuration, through the macros they use. It reads scripts that the C
 * preprocessor has yet to see: a symbol that NOTES assigns is assigned by every script that says NOTES.
 */

import type { LdAssignment, LdMacro, LdMacroCall, LdScript } from "../syntax/ld/tree.ts";
import { canMean, pathsNamed } from "./includers.ts";
import type { LinkIndex } from "./link-index.ts";
import { scriptOf } from "./parsed.ts";
import type { Texts } from "./texts.ts";

/** Macros that call macros are followed this far; the kernel's go four deep. */
const DEPTH = 16;

/** One conjunction of #if conditions, without the empty one. */
type Conjunction = readonly string[];

/** True when the script, with what it includes, assigns the symbol whatever the configuration is; PROVIDE does not count. */
export function assignsAlways(path: string, name: string, index: LinkIndex, texts: Texts): boolean {
  const files = readWithIncludes(path, index, texts);
  const macros = new Map<string, { macro: LdMacro; condition: Conjunction }[]>();
  for (const { script, condition } of files) {
    for (const macro of script.macros) {
      const known = macros.get(macro.name) ?? [];
      known.push({ macro, condition: [...condition, ...conditionAt(script, macro.start)] });
      macros.set(macro.name, known);
    }
  }
  const remembered = new Map<string, Conjunction[]>();

  /** Under which conditions a use of the macro assigns the symbol. */
  function whereMacroAssigns(macroName: string, depth: number): Conjunction[] {
    const known = remembered.get(macroName);
    if (known !== undefined) return known;
    remembered.set(macroName, []);
    const found: Conjunction[] = [];
    if (depth < DEPTH) {
      for (const { macro, condition } of macros.get(macroName) ?? []) {
        for (const inner of whereAssigned(macro.body, () => [], depth + 1)) found.push([...condition, ...inner]);
      }
    }
    remembered.set(macroName, found);
    return found;
  }

  function whereAssigned(tree: unknown, conditionOf: (offset: number) => Conjunction, depth: number): Conjunction[] {
    const found: Conjunction[] = [];
    for (const node of statementsIn(tree)) {
      if (node.kind === "assignment") {
        if (node.target.text === name && !node.provide && node.operator === "=") found.push(conditionOf(node.start));
      } else {
        const outer = conditionOf(node.start);
        for (const inner of whereMacroAssigns(node.name.text, depth)) found.push([...outer, ...inner]);
      }
    }
    return found;
  }

  const where = files
    // A header of macros assigns nothing by being included; what it assigns outside of macros, it does.
    .flatMap(({ script, condition }) =>
      whereAssigned(
        [script.statements, script.branches],
        (offset) => [...condition, ...conditionAt(script, offset)],
        0,
      ),
    );
  return coversAll(where);
}

/** A script that another one includes, or that one itself. */
export interface ReadScript {
  readonly path: string;
  readonly script: LdScript;
  /** Under which conditions the first script includes it. */
  readonly condition: Conjunction;
}

/** The script and the headers of linker scripts that it includes, directly or through one another; it comes first. */
export function readWithIncludes(path: string, index: LinkIndex, texts: Texts): ReadScript[] {
  const read: ReadScript[] = [];
  const seen = new Set<string>();
  const queue: { path: string; condition: Conjunction }[] = [{ path, condition: [] }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next.path)) continue;
    seen.add(next.path);
    const source = texts.source(next.path);
    if (source === undefined) continue;
    const script = scriptOf(next.path, source);
    read.push({ path: next.path, script, condition: next.condition });
    for (const header of script.headers) {
      if (!/\.lds(?:\.[hS])?$/.test(header.path)) continue;
      const found = findHeader(header, next.path, index);
      const condition = [...next.condition, ...conditionAt(script, header.start)];
      if (found !== undefined) queue.push({ path: found, condition });
    }
  }
  return read;
}

function findHeader(header: { path: string; angled: boolean }, includer: string, index: LinkIndex): string | undefined {
  const candidates = pathsNamed(index, header.path.slice(header.path.lastIndexOf("/") + 1));
  const meant = candidates.filter((candidate) => canMean(index, header, includer, candidate));
  const architecture = /^arch\/[^/]+\//.exec(includer)?.[0];
  const own = meant.filter((candidate) => architecture !== undefined && candidate.startsWith(architecture));
  const shared = meant.filter((candidate) => !candidate.startsWith("arch/") && !candidate.startsWith("tools/"));
  const beside = meant.find((candidate) => parentOf(candidate) === parentOf(includer));
  return header.angled ? (own[0] ?? shared[0]) : (beside ?? own[0] ?? shared[0]);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function conditionAt(script: LdScript, offset: number): Conjunction {
  let condition = "";
  for (const one of script.conditions) {
    if (one.start > offset) break;
    condition = one.condition;
  }
  return condition === "" ? [] : condition.split(" && ");
}

/** Assignments and macro calls among the statements of a tree, however deep; what macros define is left out. */
function* statementsIn(tree: unknown): Generator<LdAssignment | LdMacroCall> {
  const queue: unknown[] = [tree];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (Array.isArray(node)) {
      queue.push(...node.filter((one) => typeof one === "object" && one !== null));
      continue;
    }
    const { kind } = node as { kind?: string };
    if (kind === "assignment") yield node as LdAssignment;
    else if (kind === "macro-call") yield node as LdMacroCall;
    for (const one of Object.values(node as object)) if (typeof one === "object" && one !== null) queue.push(one);
  }
}

/** Conditions beyond this many are taken not to cover everything: the check doubles with each. */
const MAX_LITERALS = 12;

/** True when one of the conjunctions holds whatever the single conditions are. */
export function coversAll(conjunctions: readonly Conjunction[]): boolean {
  if (conjunctions.some((conjunction) => conjunction.length === 0)) return true;
  const literals = new Set(conjunctions.flatMap((conjunction) => conjunction.map((literal) => positive(literal))));
  if (literals.size > MAX_LITERALS || conjunctions.length === 0) return false;
  const [literal] = literals;
  return [true, false].every((value) =>
    coversAll(
      conjunctions.flatMap((conjunction) => {
        const rest: string[] = [];
        for (const one of conjunction) {
          if (positive(one) !== literal) rest.push(one);
          else if ((one === literal) !== value) return [];
        }
        return [rest];
      }),
    ),
  );
}

/** The condition that a literal speaks of: `X` of `X` and of `!(X)`. */
function positive(literal: string): string {
  return /^!\((.*)\)$/.exec(literal)?.[1] ?? literal;
}
