/**
 * Whether linker scripts assign a symbol in every configuration, through the macros they use. It reads scripts that the C
 * preprocessor has yet to see: a symbol that NOTES assigns is assigned by every script that says NOTES.
 */

import { ALWAYS, anyOf, type Condition, conditionOf, joinAll } from "../../syntax/condition/condition.ts";
import { isAlways } from "../../syntax/condition/relations.ts";
import type { LdAssignment, LdMacro, LdMacroCall, LdScript } from "../../syntax/ld/tree.ts";
import { baseName, folderOf } from "../../text/path.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import { scriptOf } from "../facts/parsed.ts";
import type { Texts } from "../facts/texts.ts";
import { canMean, pathsNamed } from "../index/includers.ts";

/** Macros that call macros are followed this far; the kernel's go four deep. */
const DEPTH = 16;

/** True when the script, with what it includes, assigns the symbol whatever the configuration is; PROVIDE does not count. */
export function assignsAlways(path: string, name: string, index: LinkIndex, texts: Texts): boolean {
  const files = readWithIncludes(path, index, texts);
  const macros = new Map<string, { macro: LdMacro; condition: Condition }[]>();
  for (const { script, condition } of files) {
    for (const macro of script.macros) {
      const known = macros.get(macro.name) ?? [];
      known.push({ macro, condition: joinAll([condition, conditionAt(script, macro.start)]) });
      macros.set(macro.name, known);
    }
  }
  const remembered = new Map<string, Condition[]>();

  /** Under which conditions a use of the macro assigns the symbol. */
  function whereMacroAssigns(macroName: string, depth: number): Condition[] {
    const known = remembered.get(macroName);
    if (known !== undefined) return known;
    remembered.set(macroName, []);
    const found: Condition[] = [];
    if (depth < DEPTH) {
      for (const { macro, condition } of macros.get(macroName) ?? []) {
        for (const inner of whereAssigned(macro.body, () => ALWAYS, depth + 1)) {
          found.push(joinAll([condition, inner]));
        }
      }
    }
    remembered.set(macroName, found);
    return found;
  }

  function whereAssigned(tree: unknown, conditionAround: (offset: number) => Condition, depth: number): Condition[] {
    const found: Condition[] = [];
    for (const node of statementsIn(tree)) {
      if (node.kind === "assignment") {
        if (node.target.text === name && !node.provide && node.operator === "=")
          found.push(conditionAround(node.start));
      } else {
        const outer = conditionAround(node.start);
        for (const inner of whereMacroAssigns(node.name.text, depth)) found.push(joinAll([outer, inner]));
      }
    }
    return found;
  }

  const where = files
    // A header of macros assigns nothing by being included; what it assigns outside of macros, it does.
    .flatMap(({ script, condition }) =>
      whereAssigned(
        [script.statements, script.branches],
        (offset) => joinAll([condition, conditionAt(script, offset)]),
        0,
      ),
    );
  return isAlways(anyOf(where));
}

/** A file that is included under more conditions than these counts for the first of them. */
const MOST_CONDITIONS = 8;

/** A script that another one includes, or that one itself. */
export interface ReadScript {
  readonly path: string;
  readonly script: LdScript;
  /** Under which conditions the first script includes it. */
  readonly condition: Condition;
}

/**
 * The script and the headers of linker scripts that it includes, directly or through one another; it comes first. A header
 * that is included under several conditions is there once for each.
 */
export function readWithIncludes(path: string, index: LinkIndex, texts: Texts): ReadScript[] {
  const read: ReadScript[] = [];
  /** The conditions under which each file was reached: a header that two branches include is there in both. */
  const seen = new Map<string, Set<string>>();
  const queue: { path: string; condition: Condition }[] = [{ path, condition: ALWAYS }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const reached = seen.get(next.path) ?? new Set();
    const key = next.condition.text;
    if (reached.has("") || reached.has(key) || reached.size >= MOST_CONDITIONS) continue;
    seen.set(next.path, reached.add(key));
    const source = texts.source(next.path);
    if (source === undefined) continue;
    const script = scriptOf(next.path, source);
    read.push({ path: next.path, script, condition: next.condition });
    for (const header of script.headers) {
      if (!/\.lds(?:\.[hS])?$/.test(header.path)) continue;
      const found = findHeader(header, next.path, index);
      const condition = joinAll([next.condition, conditionAt(script, header.start)]);
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

function conditionAt(script: LdScript, offset: number): Condition {
  let condition = "";
  for (const one of script.conditions) {
    if (one.start > offset) break;
    condition = one.condition;
  }
  return conditionOf(condition);
}

/**
 * Assignments and macro calls among the statements of a tree, however deep; what macros define is left out, and so are sections with
 * ONLY_IF_RO or ONLY_IF_RW, whose input decides whether they are there.
 */
function* statementsIn(tree: unknown): Generator<LdAssignment | LdMacroCall> {
  const queue: unknown[] = [tree];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (Array.isArray(node)) {
      queue.push(...node.filter((one) => typeof one === "object" && one !== null));
      continue;
    }
    const { kind, constraint } = node as { kind?: string; constraint?: unknown };
    if (kind === "output-section" && constraint !== undefined) continue;
    if (kind === "assignment") yield node as LdAssignment;
    else if (kind === "macro-call") yield node as LdMacroCall;
    for (const one of Object.values(node as object)) if (typeof one === "object" && one !== null) queue.push(one);
  }
}
