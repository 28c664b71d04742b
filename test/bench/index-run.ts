/**
 * One start of the index in a process of its own, for the benchmark:
 *
 *     index-run ROOT CACHE|- [EXCLUDED GLOB…]
 *
 * Prints how long after the process began the index answered and was current, how long single questions took, and how long
 * the event loop stood still at most.
 */

import { openWorkspace } from "../../server/src/host/workspace.ts";

/** Milliseconds since the process began, the start of Node included. */
function now(): number {
  return performance.now();
}

function timed(work: () => unknown): number {
  const start = now();
  work();
  return now() - start;
}

async function run(): Promise<void> {
  const [root = ".", cache = "-", ...exclude] = process.argv.slice(2);
  const workspace = openWorkspace(root, { exclude, ...(cache === "-" ? {} : { cacheFolder: cache }) });
  let longestStall = 0;
  let seen = now();
  const timer = setInterval(() => {
    longestStall = Math.max(longestStall, now() - seen);
    seen = now();
  }, 1);
  await workspace.ready;
  const { index } = workspace;
  const name = [...index.symbolNames("kallsyms_num_syms", 1), ...index.symbolNames("main", 1)][0] ?? "";
  index.mentions(name);
  const answered = now();
  await workspace.current;
  clearInterval(timer);
  const current = now();
  const questions = {
    mentions: timed(() => index.mentions(name)),
    filesWithWord: timed(() => index.filesWithWord(name)),
    symbolNames: timed(() => index.symbolNames("kallsyms", 100)),
  };
  await workspace.save();
  process.stdout.write(
    JSON.stringify({ ...workspace.statistics(), answered, current, saved: now(), longestStall, questions }),
  );
  await workspace.dispose();
}

void run();
