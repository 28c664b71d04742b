/** The language server in Neovim, over standard input and output: findings, hover, and the fix for a file, saved to disk. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildCommand } from "../support/command.ts";
import { needProgram } from "../support/need.ts";
import { run } from "../support/run.ts";
import { sampleFiles, writeSampleTree } from "../support/sample-tree.ts";

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
  let tree: string;
  let seen: Seen;

  before(async function () {
    needProgram(this, "nvim", "neovim");
    const command = await buildCommand();
    tree = writeSampleTree();
    const work = mkdtempSync(join(tmpdir(), "weakspot-neovim-"));
    const script = fileURLToPath(new URL("session.lua", import.meta.url));
    await run("nvim", ["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", `luafile ${script}`], {
      env: {
        ...process.env,
        WEAKSPOT_NODE: process.execPath,
        WEAKSPOT_CLI: command,
        WEAKSPOT_TREE: tree,
        WEAKSPOT_RESULT: join(work, "seen.json"),
        XDG_CACHE_HOME: work,
        XDG_STATE_HOME: work,
      },
      timeout: 100_000,
    });
    seen = JSON.parse(readFileSync(join(work, "seen.json"), "utf8")) as Seen;
    rmSync(work, { recursive: true });
    assert.equal(seen.error, undefined);
  });
  after(() => {
    if (tree !== undefined) rmSync(tree, { recursive: true });
  });

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
    const read = (path: string) => readFileSync(join(tree, path), "utf8");
    assert.ok(seen.cleared, seen.titles.join("\n"));
    assert.doesNotMatch(read("kernel/table_internal.h"), /weak/);
    assert.match(read("kernel/table_weak.c"), /table_names\[[\s\S]*table_count/);
    assert.match(read("kernel/Makefile"), /\btable_weak\.o\b/);
  });

  it("ends the server cleanly", () => {
    assert.equal(seen.exit, 0);
  });
});
