/**
 * Compares the symbols that a kernel's script assigns, as we read it, with those that its vmlinux has from the script: the
 * ones that nm finds there and in none of the objects that were linked. Both ways.
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createExpander } from "../../../server/src/host/expand-file.ts";
import { statementsOf } from "../../../server/src/linkage/scripts/script-walk.ts";
import { parseLinkerScript } from "../../../server/src/syntax/ld/parser.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { smallKernel } from "../../support/kernel-build.ts";
import { runOrThrow } from "../../support/run-program.ts";
import type { Outcome } from "./compare.ts";

const SCRIPT = "arch/x86/kernel/vmlinux.lds.S";

/** Compares every symbol that either side knows. */
export async function compareAssignedSymbols(): Promise<Outcome> {
  const { tree, build } = await smallKernel();
  const expanded = createExpander({ root: tree, build, architecture: "x86" }).expand(SCRIPT);
  if (expanded === undefined) throw new Error(`${SCRIPT} can't be read`);
  const assigned = new Set<string>();
  const provided = new Set<string>();
  const script = parseLinkerScript(sourceOfText(expanded.text));
  for (const { statement } of statementsOf(script)) {
    if (statement.kind !== "assignment" || statement.target.text === ".") continue;
    (statement.provide ? provided : assigned).add(statement.target.text);
  }

  const linked = await namesIn([join(build, "vmlinux")]);
  // The tables of symbols are made in two steps, of which the last one is linked.
  const tables = readdirSync(build).filter((name) => /^\.tmp_vmlinux\.kallsyms\d+\.o$/.test(name));
  const objects = await namesIn(["vmlinux.o", ...tables].map((name) => join(build, name)));
  const outcome: Outcome = { compared: 0, same: 0, named: 0, failures: [] };
  for (const name of new Set([...linked.defined, ...assigned, ...provided])) {
    const isInLink = linked.defined.has(name);
    const isFromScript = isInLink && !objects.defined.has(name);
    const isExpected = assigned.has(name) || (provided.has(name) && objects.undefined.has(name));
    if (!isFromScript && !isExpected) continue;
    outcome.compared++;
    // A symbol that the script assigns and an object defines, too, is the script's; nm can't tell.
    if (isFromScript === isExpected || (isExpected && isInLink)) outcome.same++;
    else
      outcome.failures.push(`${name}: ${isExpected ? "assigned, and not in vmlinux" : "not assigned by the script"}`);
  }
  return outcome;
}

async function namesIn(files: readonly string[]): Promise<{ defined: Set<string>; undefined: Set<string> }> {
  const names = { defined: new Set<string>(), undefined: new Set<string>() };
  for (const line of (await runOrThrow("nm", files)).split("\n")) {
    const [, kind, name] = /^\S*\s+(\S) (\S+)$/.exec(line) ?? [];
    if (kind !== undefined && name !== undefined) names[/[Uvw]/.test(kind) ? "undefined" : "defined"].add(name);
  }
  return names;
}
