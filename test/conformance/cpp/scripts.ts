/** Compares the expansion of a kernel's linker scripts with what gcc makes of them within Kbuild. */

import { join } from "node:path";
import { createExpander, type ExpandedFile } from "../../../server/src/host/expand-file.ts";
import { kernelTree } from "../../support/kernel-tree.ts";
import { differenceOf, type Outcome, withoutComments, wrongOrigins } from "./compare.ts";
import { ARCHITECTURES, type Architecture, preparedBuild, referenceScripts } from "./kernel-scripts.ts";

/** Compares every script of the architectures, in a prepared tree and in one that was never built. */
export async function compareScripts(names: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { compared: 0, same: 0, named: 0, failures: [] };
  for (const architecture of ARCHITECTURES) {
    if (names.length > 0 && !names.includes(architecture.name)) continue;
    await compareArchitecture(architecture, outcome);
  }
  return outcome;
}

async function compareArchitecture(architecture: Architecture, outcome: Outcome): Promise<void> {
  const tree = await kernelTree();
  const build = await preparedBuild(architecture);
  const { name } = architecture;
  const built = createExpander({ root: tree, architecture: name, build });
  const unbuilt = createExpander({ root: tree, architecture: name, configuration: join(build, ".config") });
  for (const reference of await referenceScripts(architecture, build)) {
    const expected = withoutComments(reference.text);
    for (const [expander, where] of [
      [built, "prepared tree"],
      [unbuilt, "source alone"],
    ] as const) {
      outcome.compared++;
      const title = `${name} ${reference.path} (${where})`;
      const expanded = expander.expand(reference.path);
      if (expanded === undefined) {
        outcome.failures.push(`${title}: not read`);
        continue;
      }
      const wrong = wrongOrigins(expanded.preprocessed);
      if (wrong !== undefined) outcome.failures.push(`${title}: ${wrong}`);
      const difference = differenceOf(expected, expanded.text);
      if (difference === undefined) {
        outcome.same++;
        continue;
      }
      const cause = expander === unbuilt ? missingHeaders(expanded) : [];
      if (cause.length > 0) {
        outcome.named++;
        console.log(`  ${title} differs, since only a build can make ${cause.join(", ")}`);
      } else outcome.failures.push(`${title}:\n${difference}`);
    }
  }
}

/** Headers that the expansion had to do without. */
function missingHeaders(expanded: ExpandedFile): string[] {
  const empty = expanded.standIns.filter((standIn) => !standIn.isWhole).map((standIn) => standIn.path);
  const missing = expanded.preprocessed.includes.filter((include) => include.path === undefined);
  return [...empty, ...missing.map((include) => include.name)];
}
