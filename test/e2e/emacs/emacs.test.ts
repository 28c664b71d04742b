/** The language server in Emacs, through eglot: it starts, its findings reach flymake, and it answers a hover. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { needTools, orSkip } from "../../support/needed-tools.ts";
import { runOrThrow } from "../../support/run-program.ts";
import { createSampleTree } from "../../support/sample-tree.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { buildCommand } from "../support/command.ts";

describe("Emacs", function () {
  this.timeout(2 * 60_000);

  it("shows findings and hover through eglot", async function () {
    await orSkip(this, () =>
      needTools([
        { command: "emacs", debianPackage: "emacs-nox" },
        { command: "/usr/share/emacs/site-lisp/elpa/eglot-1.9", debianPackage: "elpa-eglot" },
      ]),
    );
    const command = await buildCommand();
    using tree = createSampleTree();
    using cache = createTemporaryFolder();
    const script = fileURLToPath(new URL("session.el", import.meta.url));
    const output = await runOrThrow("emacs", ["--batch", "--no-init-file", "--load", script], {
      environment: {
        WEAKSPOT_NODE: process.execPath,
        WEAKSPOT_CLI: command,
        WEAKSPOT_TREE: tree.path,
        XDG_CACHE_HOME: cache.path,
      },
      seconds: 90,
    });
    const seen = JSON.parse(output.slice(output.lastIndexOf("{"))) as { symbols: string[]; hover: string };
    assert.deepEqual(seen.symbols.sort(), ["table_count", "table_names"]);
    assert.match(seen.hover, /table_count/);
  });
});
