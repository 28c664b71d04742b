/** Compares the preprocessing of a built kernel's translation units with gcc's, with the flags that our reading of Kbuild gives. */

import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { createExpander } from "../../../server/src/host/expand-file.ts";
import { splitShellWords } from "../../../server/src/syntax/cpp/flags.ts";
import { smallKernel } from "../../support/kernel-build.ts";
import { runOrThrow } from "../../support/run-program.ts";
import { differenceOf, type Outcome, wrongOrigins } from "./compare.ts";

export interface UnitsOutcome extends Outcome {
  tokens: number;
  /** Milliseconds for preprocessing and printing all units, and those that gcc took. */
  ours: number;
  theirs: number;
}

/** Compares every C file of the folders that the small kernel was built of, at most `limit` of each. */
export async function compareUnits(folders: readonly string[], limit: number): Promise<UnitsOutcome> {
  const { tree, build } = await smallKernel();
  const outcome: UnitsOutcome = { compared: 0, same: 0, named: 0, failures: [], tokens: 0, ours: 0, theirs: 0 };
  const expander = createExpander({ root: tree, build });
  for (const folder of folders) {
    const names = readdirSync(join(tree, folder)).filter((name) => name.endsWith(".c"));
    const built = names.filter((name) => existsSync(commandFile(build, folder, name)));
    for (const name of built.slice(0, limit)) {
      const path = `${folder}/${name}`;
      const command = await preprocessorCommand(commandFile(build, folder, name));
      if (relative(tree, join(build, command[command.length - 1]!)) !== path) continue;
      outcome.compared++;
      const before = performance.now();
      const expected = await runOrThrow(command[0]!, command.slice(1), { folder: build });
      const between = performance.now();
      const expanded = expander.expand(path);
      outcome.ours += performance.now() - between;
      outcome.theirs += between - before;
      if (expanded === undefined) {
        outcome.failures.push(`${path}: not read`);
        continue;
      }
      outcome.tokens += expanded.preprocessed.tokens.count;
      const difference = differenceOf(expected, expanded.text);
      const wrong = wrongOrigins(expanded.preprocessed);
      if (difference !== undefined) outcome.failures.push(`${path}:\n${difference}`);
      else outcome.same++;
      if (wrong !== undefined) outcome.failures.push(`${path}: ${wrong}`);
    }
  }
  return outcome;
}

function commandFile(build: string, folder: string, name: string): string {
  return join(build, folder, `.${name.slice(0, -2)}.o.cmd`);
}

/** The compiler's command that Kbuild wrote down, made to preprocess alone. */
async function preprocessorCommand(file: string): Promise<string[]> {
  const text = /^(?:saved)?cmd_\S+ := (.*)$/m.exec(await readFile(file, "utf8"))?.[1];
  if (text === undefined) throw new Error(`${file}: Kbuild left no command`);
  const words = splitShellWords(text.split(" ; ")[0]!);
  const output = words.indexOf("-o");
  const flags = words.slice(0, output).filter((word) => word !== "-c" && !word.startsWith("-Wp,"));
  return [...flags, "-E", "-P", words[words.length - 1]!];
}
