/**
 * Indexes a tree in a process of its own, for tests that kill it.
 *
 *     index-process answer ROOT [CACHE]   saves the index, and prints a hash of all it says and whether it was in the cache
 *     index-process churn ROOT CACHE      saves the index and changes a file, again and again, until it is killed
 */

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openWorkspace, type Workspace } from "../../server/src/host/workspace.ts";

const [mode, root = "", cacheFolder] = process.argv.slice(2);

async function run(): Promise<void> {
  const workspace = openWorkspace(root, { threads: 2, ...(cacheFolder === undefined ? {} : { cacheFolder }) });
  await workspace.current;
  if (mode === "churn") await churn(workspace);
  await workspace.save();
  const { fromCache, files } = workspace.statistics();
  process.stdout.write(JSON.stringify({ hash: hashAnswers(workspace), fromCache, files }));
  await workspace.dispose();
}

/** Never ends by itself. */
async function churn(workspace: Workspace): Promise<never> {
  for (let round = 0; ; round++) {
    await workspace.save();
    if (round === 0) process.stdout.write("saved");
    const name = `churn${round % 5}.c`;
    writeFileSync(join(workspace.root, name), `int churned_${process.pid}_${round};\n`);
    await workspace.refresh([name]);
  }
}

function hashAnswers({ index, buildFiles }: Workspace): string {
  const hash = createHash("sha256");
  const say = (value: unknown): void => {
    hash.update(JSON.stringify(value) ?? "undefined");
  };
  say(buildFiles);
  const names = new Set<string>();
  for (const path of index.paths()) {
    const facts = index.factsOf(path);
    say([path, facts]);
    for (const { name } of facts?.symbols ?? []) names.add(name);
    for (const include of facts?.includes ?? [])
      say(index.filesIncluding(include.path.slice(include.path.lastIndexOf("/") + 1)));
  }
  for (const name of [...names].sort()) say([index.mentions(name), index.filesWithWord(name)]);
  return hash.digest("hex");
}

void run();
