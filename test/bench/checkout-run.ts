/**
 * A checkout that changes many files under a running index, in a process of its own, for the benchmark:
 *
 *     checkout-run ROOT COUNT
 *
 * Replaces COUNT sources of the tree, which must be a copy that nobody else needs, and prints how long it took until the
 * index had them, how long the event loop stood still at most meanwhile, and how long the slowest question took.
 */

import { spawn } from "node:child_process";
import { openWorkspace } from "../../server/src/host/workspace.ts";
import { prepareMade } from "../../server/src/linkage/macros/made-symbols.ts";

const QUESTION_MILLISECONDS = 5;

/** Gives each file of its arguments' list a new text. Run by another process, as a checkout is. */
const changeFiles = `
  const { readFileSync, rmSync, writeFileSync } = require("node:fs");
  for (const path of readFileSync(0, "utf8").split("\\n")) {
    const bytes = readFileSync(path);
    rmSync(path);
    writeFileSync(path, Buffer.concat([bytes, Buffer.from("\\nextern int checked_out;\\n")]));
  }`;

async function run(): Promise<void> {
  const [root = ".", count = "0"] = process.argv.slice(2);
  const workspace = openWorkspace(root);
  await workspace.current;
  // As a session does once the tree is indexed.
  while (prepareMade(workspace.index));
  const paths = [...workspace.index.paths()].filter((_, i, all) => i % Math.ceil(all.length / Number(count)) === 0);
  const child = spawn(process.execPath, ["-e", changeFiles], { cwd: root, stdio: ["pipe", "inherit", "inherit"] });
  child.stdin.end(paths.join("\n"));
  const status = await new Promise((resolve) => child.once("exit", resolve));
  if (status !== 0) throw new Error("the files could not be changed");

  const { index } = workspace;
  let longestStall = 0;
  let slowestQuestion = 0;
  let seen = performance.now();
  const timer = setInterval(() => {
    const start = performance.now();
    longestStall = Math.max(longestStall, start - seen - QUESTION_MILLISECONDS);
    index.mentions("printk");
    index.symbolNames("sched", 20);
    seen = performance.now();
    slowestQuestion = Math.max(slowestQuestion, seen - start);
  }, QUESTION_MILLISECONDS);
  const started = performance.now();
  await workspace.refresh(paths);
  const seconds = (performance.now() - started) / 1000;
  clearInterval(timer);
  const found = index.filesWithWord("checked_out").length;
  process.stdout.write(JSON.stringify({ changed: paths.length, found, seconds, longestStall, slowestQuestion }));
  await workspace.dispose();
}

void run();
