/**
 * Whether linker scripts assign a symbol in every configuration, through the macros they use. It reads scripts that the C
 * preprocessor has yet to see: a symbol that NOTES assigns is assigned by every script that says NOTES.
 */

import type { LdAssignment, LdMacro, LdMacroCall, LdScript } from "../../syntax/ld/tree.ts";
import { baseName, folderOf } from "../../text/path.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import { scriptOf } from "../facts/parsed.ts";
import type { Texts } from "../facts/texts.ts";
import { canMean, pathsNamed } from "../index/includers.ts";

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

/** A file that is included under more conditions than these counts for the first of them. */
const MOST_CONDITIONS = 8;

/** A script that another one includes, or that one itself. */
export interface ReadScript {
  readonly path: string;
  readonly script: LdScript;
  /** Under which conditions the first script includes it. */
  readonly condition: Conjunction;
}

/**
 * The script and the headers of linker scripts that it includes, directly or through one another; it comes first. A header
 * that is included under several conditions is there once for each.
 */
export function readWithIncludes(path: string, index: LinkIndex, texts: Texts): ReadScript[] {
  const read: ReadScript[] = [];
  /** The conditions under which each file was reached: a header that two branches include is there in both. */
  const seen = new Map<string, Set<string>>();
  const queue: { path: string; condition: Conjunction }[] = [{ path, condition: [] }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const reached = seen.get(next.path) ?? new Set();
    const key = next.condition.join(" && ");
    if (reached.has("") || reached.has(key) || reached.size >= MOST_CONDITIONS) continue;
    seen.set(next.path, reached.add(key));
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

/** The file that an #include line of a script names, as Kbuild's search path would find it. */
export function findHeader(
  header: { readonly path: string; readonly angled: boolean },
  includer: string,
  index: LinkIndex,
): string | undefined {
  const candidates = pathsNamed(index, baseName(header.path));
  const meant = candidates.filter((candidate) => canMean(index, header, includer, candidate));
  const architecture = /^arch\/[^/]+\//.exec(includer)?.[0];
  const own = meant.filter((candidate) => architecture !== undefined && candidate.startsWith(architecture));
  const shared = meant.filter((candidate) => !candidate.startsWith("arch/") && !candidate.startsWith("tools/"));
  const beside = meant.find((candidate) => folderOf(candidate) === folderOf(includer));
  const found = header.angled ? (own[0] ?? shared[0]) : (beside ?? own[0] ?? shared[0]);
  if (found !== undefined || !header.path.startsWith("asm/")) return found;
  // Kbuild wraps the generic header where the architecture has none (scripts/Makefile.asm-generic).
  const generic = `include/asm-generic/${header.path.slice("asm/".length)}`;
  return index.hasFile(generic) ? generic : undefined;
}

function conditionAt(script: LdScript, offset: number): Conjunction {
  let condition = "";
  for (const one of script.conditions) {
    if (one.start > offset) break;
    condition = one.condition;
  }
  return condition === "" ? [] : splitOutside(condition, " && ");
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

/** Splits at an operator that stands in no parentheses. */
function splitOutside(text: string, operator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (depth === 0 && text.startsWith(operator, at)) {
      parts.push(text.slice(start, at));
      start = at + operator.length;
      at = start - 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/**
 * The conjunction with `!(A && B)` taken apart into `!A` or `!B`, so that it meets a branch of `A && B`. Without a literal and
 * its opposite in one: nothing is left of such a one.
 */
function withoutNegatedSums(conjunction: Conjunction): Conjunction[] {
  let all: string[][] = [[]];
  for (const literal of new Set(conjunction)) {
    const inner = /^!\((.*)\)$/s.exec(literal)?.[1];
    const parts = inner === undefined || !isBalanced(inner) ? [] : splitOutside(inner, "&&").map((part) => part.trim());
    const choices = parts.length > 1 ? parts.map(negated) : [literal];
    all = all.flatMap((one) => choices.map((choice) => [...one, choice])).slice(0, MOST_CHOICES);
  }
  return all.filter((one) => !one.some((literal) => one.includes(negated(literal))));
}

/** A conjunction of more choices than these is cut, so that less is taken to be covered. */
const MOST_CHOICES = 64;

/** True where no parenthesis closes before it opens, so that the text is one operand. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    else if (character === ")" && --depth < 0) return false;
  }
  return depth === 0;
}

/** `!X` for a name or a call of defined, `!(…)` for the rest; of a negation what is negated. */
function negated(literal: string): string {
  if (isNegation(literal)) return positive(literal);
  return /^(?:\w+|defined\(\w+\))$/.test(literal) ? `!${literal}` : `!(${literal})`;
}

/** Conditions beyond this many are taken not to cover everything: the check doubles with each. */
const MAX_LITERALS = 12;

/** True when one of the conjunctions holds whatever the single conditions are. */
export function coversAll(conjunctions: readonly Conjunction[]): boolean {
  return coversEvery(conjunctions.flatMap(withoutNegatedSums));
}

function coversEvery(conjunctions: readonly Conjunction[]): boolean {
  if (conjunctions.some((conjunction) => conjunction.length === 0)) return true;
  const literals = new Set(conjunctions.flatMap((conjunction) => conjunction.map((literal) => positive(literal))));
  if (literals.size > MAX_LITERALS || conjunctions.length === 0) return false;
  const [literal] = literals;
  return [true, false].every((value) =>
    coversEvery(
      conjunctions.flatMap((conjunction) => {
        const rest: string[] = [];
        for (const one of conjunction) {
          if (positive(one) !== literal) rest.push(one);
          else if (isNegation(one) === value) return [];
        }
        return [rest];
      }),
    ),
  );
}

/** The condition that a literal speaks of: `X` of `X`, of `!(X)` and of `!X`, where `X` is one operand. */
function positive(literal: string): string {
  const inner = /^!\((.*)\)$/s.exec(literal)?.[1];
  if (inner !== undefined && isBalanced(inner)) return inner;
  return /^!(\w+|defined\(\w+\))$/.exec(literal)?.[1] ?? literal;
}

function isNegation(literal: string): boolean {
  return positive(literal) !== literal;
}
