/** The language server in Neovim, over standard input and output: findings, hover, and the fix for a file, saved to disk. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { needTools, orSkip } from "../../support/needed-tools.ts";
import { runOrThrow } from "../../support/run-program.ts";
import { createSampleTree, sampleFiles } from "../../support/sample-tree.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { buildCommand } from "../support/command.ts";

interface Seen {
  readonly error?: string;
  readonly diagnostics: readonly {
    readonly line: number;
    readonly from: number;
    readonly to: number;
    readonly message: string;
    readonly source: string;
    readonly code: string;
  }[];
  readonly hover: { readonly value: string };
  readonly titles: readonly string[];
  readonly cleared: boolean;
  readonly exit: number;
}

describe("Neovim", function () {
  this.timeout(2 * 60_000);
  let tree: TemporaryFolder;
  let seen: Seen;

  before(async function () {
    await orSkip(this, () => needTools([{ command: "nvim", debianPackage: "neovim" }]));
    const command = await buildCommand();
    tree = createSampleTree();
    using work = createTemporaryFolder();
    const script = fileURLToPath(new URL("session.lua", import.meta.url));
    await runOrThrow("nvim", ["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", `luafile ${script}`], {
      environment: {
        WEAKSPOT_NODE: process.execPath,
        WEAKSPOT_CLI: command,
        WEAKSPOT_TREE: tree.path,
        WEAKSPOT_RESULT: join(work.path, "seen.json"),
        XDG_CACHE_HOME: work.path,
        XDG_STATE_HOME: work.path,
      },
      seconds: 100,
    });
    seen = JSON.parse(readFileSync(join(work.path, "seen.json"), "utf8")) as Seen;
    assert.equal(seen.error, undefined);
  });
  after(() => tree?.[Symbol.dispose]());

  it("underlines each weak reference", () => {
    const lines = sampleFiles["kernel/table_internal.h"].split("\n");
    const underlined = seen.diagnostics.map(({ line, from, to }) => lines[line]!.slice(from, to));
    assert.deepEqual(underlined.sort(), ["table_count", "table_names"]);
    for (const { message, source, code } of seen.diagnostics) {
      assert.match(message, /weak reference to '/);
      assert.equal(source, "weakspot");
      assert.equal(code, "weak-reference");
    }
  });

  it("explains a symbol", () => {
    assert.match(seen.hover.value, /table_count/);
    assert.match(seen.hover.value, /weak/);
  });

  it("writes strong declarations, fallbacks and the Kbuild line to disk", () => {
    const read = (path: string) => readFileSync(join(tree.path, path), "utf8");
    assert.ok(seen.cleared, seen.titles.join("\n"));
    assert.doesNotMatch(read("kernel/table_internal.h"), /weak/);
    assert.match(read("kernel/table_weak.c"), /table_names\[[\s\S]*table_count/);
    assert.match(read("kernel/Makefile"), /\btable_weak\.o\b/);
  });

  it("ends the server cleanly", () => {
    assert.equal(seen.exit, 0);
  });
});
