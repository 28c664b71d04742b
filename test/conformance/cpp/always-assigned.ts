/**
 * Holds what we say is assigned in every configuration to the configurations at hand: a symbol that a kernel's script assigns
 * always, as far as its unexpanded text tells, must be assigned in the script as it is expanded, with the architecture's
 * defconfig and with nothing set.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createExpander, type ExpandedFile } from "../../../server/src/host/expand-file.ts";
import { findLanguage, readFacts } from "../../../server/src/linkage/facts/extract.ts";
import { createTexts } from "../../../server/src/linkage/facts/texts.ts";
import { createIndex } from "../../../server/src/linkage/index/stored-index.ts";
import { wordSignature } from "../../../server/src/linkage/index/word-signature.ts";
import { assignsAlways } from "../../../server/src/linkage/scripts/script-assignments.ts";
import { statementsOf } from "../../../server/src/linkage/scripts/script-walk.ts";
import { parseLinkerScript } from "../../../server/src/syntax/ld/parser.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { kernelTree } from "../../support/kernel-tree.ts";
import type { Outcome } from "./compare.ts";
import { ARCHITECTURES, preparedBuild } from "./kernel-scripts.ts";

/** Compares every symbol of the script of every architecture that has a folder; `named` counts what is not claimed. */
export async function compareAlwaysAssigned(names: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { compared: 0, same: 0, named: 0, failures: [] };
  const tree = await kernelTree();
  const { index, texts } = readScripts(tree);
  for (const architecture of readdirSync(join(tree, "arch"))) {
    const path = `arch/${architecture}/kernel/vmlinux.lds.S`;
    if (!index.hasFile(path)) continue;
    const known = ARCHITECTURES.find((one) => one.folders.some((folder) => path.startsWith(`${folder}/`)));
    if (names.length > 0 && (known === undefined || !names.includes(known.name))) continue;
    const expanded = [createExpander({ root: tree, architecture }).expand(path)];
    if (known !== undefined) {
      const build = await preparedBuild(known);
      expanded.push(createExpander({ root: tree, architecture, build }).expand(path));
    }
    const assigned = expanded.filter((one) => one !== undefined).map(assignedIn);
    for (const name of new Set(assigned.flatMap((one) => [...one]))) {
      outcome.compared++;
      if (!assignsAlways(path, name, index, texts)) outcome.named++;
      else if (assigned.every((one) => one.has(name))) outcome.same++;
      else outcome.failures.push(`${path}: ${name} is not assigned in every configuration`);
    }
  }
  return outcome;
}

function assignedIn(expanded: ExpandedFile): Set<string> {
  const assigned = new Set<string>();
  for (const { statement } of statementsOf(parseLinkerScript(sourceOfText(expanded.text)))) {
    if (statement.kind === "assignment" && !statement.provide) assigned.add(statement.target.text);
  }
  assigned.delete(".");
  return assigned;
}

/** The tree's scripts alone, as that is all that the question needs. */
function readScripts(tree: string) {
  const index = createIndex();
  const texts = createTexts();
  for (const folder of ["arch", "include"]) {
    for (const entry of readdirSync(join(tree, folder), { recursive: true, encoding: "utf8" })) {
      const path = join(folder, entry);
      if (!/\.lds(?:\.[hS])?$/.test(path) || findLanguage(path) !== "ld") continue;
      const source = sourceOfText(readFileSync(join(tree, path), "utf8"));
      texts.supply(path, source);
      index.replaceFile(path, readFacts(path, source), wordSignature(source.codes, source.length));
    }
  }
  index.setComplete(true);
  return { index, texts };
}
