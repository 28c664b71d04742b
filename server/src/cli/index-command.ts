/** `weakspot index`: reads a whole tree into the index, and says what that took. */

import { findRoot } from "../host/find-root.ts";
import { openWorkspace } from "../host/workspace.ts";
import { readProject } from "../session/project-settings.ts";
import { jsonText } from "../text/printable.ts";
import { cacheOf } from "./cache-option.ts";
import type { ExitCode } from "./exit-code.ts";
import { mustExist } from "./must-exist.ts";
import { printLines, printReady, tell } from "./output.ts";
import { showProgress } from "./progress.ts";
import { tellProjectProblems } from "./project-problems.ts";

export interface IndexArguments {
  readonly root?: string;
  readonly stats?: boolean;
  readonly exclude: readonly string[];
  /** Whether the index may be read from the cache and saved there. */
  readonly cache: boolean;
}

export async function runIndex(options: IndexArguments): Promise<ExitCode> {
  if (options.root !== undefined) mustExist(options.root, "directory", "--root");
  const started = performance.now();
  const progress = showProgress("indexing");
  const root = options.root ?? findRoot(".", ".");
  const project = readProject(root);
  tellProjectProblems(project);
  const workspace = openWorkspace(root, {
    exclude: [...project.settings.exclude, ...options.exclude],
    ...cacheOf(options),
    onProgress: ({ done, total }) => progress.update(done, total),
  });
  try {
    await workspace.current;
    await workspace.save();
    progress.end();
    const statistics = {
      ...workspace.statistics(),
      seconds: Math.round(performance.now() - started) / 1000,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
    };
    if (options.stats) printReady(`${jsonText(statistics)}\n`);
    else {
      const { files, symbols, facts, seconds } = statistics;
      const count = (n: number) => n.toLocaleString("en");
      printLines([`${count(files)} files, ${count(symbols)} symbols, ${count(facts)} facts in ${seconds} s`]);
    }
    for (const { path, reason } of workspace.problems) tell(`${path}: ${reason}`);
    return 0;
  } finally {
    progress.end();
    await workspace.dispose();
  }
}
