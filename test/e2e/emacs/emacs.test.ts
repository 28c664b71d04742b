/** The language server in Emacs, through eglot: it starts, its findings reach flymake, and it answers a hover. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildCommand } from "../support/command.ts";
import { needFile, needProgram } from "../support/need.ts";
import { run } from "../support/run.ts";
import { writeSampleTree } from "../support/sample-tree.ts";

describe("Emacs", function () {
  this.timeout(2 * 60_000);

  it("shows findings and hover through eglot", async function () {
    needProgram(this, "emacs", "emacs-nox");
    needFile(this, "/usr/share/emacs/site-lisp/elpa/eglot-1.9", "elpa-eglot");
    const command = await buildCommand();
    const tree = writeSampleTree();
    try {
      const output = await run(
        "emacs",
        ["--batch", "--no-init-file", "--load", fileURLToPath(new URL("session.el", import.meta.url))],
        {
          env: { ...process.env, WEAKSPOT_NODE: process.execPath, WEAKSPOT_CLI: command, WEAKSPOT_TREE: tree },
          timeout: 90_000,
        },
      );
      const seen = JSON.parse(output.slice(output.lastIndexOf("{"))) as { symbols: string[]; hover: string };
      assert.deepEqual(seen.symbols.sort(), ["table_count", "table_names"]);
      assert.match(seen.hover, /table_count/);
    } finally {
      rmSync(tree, { recursive: true });
    }
  });
});
