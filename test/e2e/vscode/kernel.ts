/**
 * The main job on the real kernel, done as a user does it: with keyboard and mouse, judged by what is on the screen and, in the
 * end, on disk. Takes the README's pictures on the way when WEAKSPOT_PICTURES=1.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { orSkip } from "../../support/needed-tools.ts";
import { changedFiles, editableKernel, rememberFiles } from "../support/editable-kernel.ts";
import { takePicture } from "./picture.ts";
import {
  hoverAtCursor,
  openFile,
  openProblems,
  openQuickFixes,
  placeCursor,
  problemRows,
  runCommand,
  squiggles,
  waitForWorkbench,
} from "./user.ts";
import type { VSCode } from "./workbench.ts";

const header = "kernel/kallsyms_internal.h";
const fallback = "kernel/kallsyms_weak.c";
const makefile = "kernel/Makefile";
/** Tests two of the symbols against NULL, which is never true any more. */
const source = "kernel/kallsyms.c";

const symbols = [
  "kallsyms_addresses",
  "kallsyms_offsets",
  "kallsyms_names",
  "kallsyms_num_syms",
  "kallsyms_relative_base",
  "kallsyms_token_table",
  "kallsyms_token_index",
  "kallsyms_markers",
  "kallsyms_seqs_of_names",
];

/** The suite. Its tests are one session: each goes on where the one before it stopped. */
export function describeKernel(vscode: () => VSCode): void {
  describe("on linux-source-6.1", () => {
    let tree: string;
    let page: Page;
    let restore: (() => void) | undefined;
    let broken = false;

    beforeEach(function () {
      if (broken) this.skip();
    });
    afterEach(async function () {
      if (this.currentTest?.state !== "failed") return;
      broken = true;
      const picture = join(tmpdir(), "weakspot-e2e-failure.png");
      await page.screenshot({ path: picture });
      console.error(`      The window as it was then: ${picture}`);
    });

    async function placeCursorOn(symbol: string): Promise<void> {
      const before = readFileSync(join(tree, header), "utf8").split(new RegExp(`\\b${symbol}\\b`), 1)[0]!;
      const lines = before.split("\n");
      await placeCursor(page, lines.length, lines.at(-1)!.length + 1);
    }

    before(async function () {
      tree = await orSkip(this, editableKernel);
      restore = rememberFiles(tree, [header, fallback, makefile, source]);
      page = await vscode().open(tree);
      await waitForWorkbench(page);
    });
    after(async () => {
      await page?.close();
      restore?.();
    });

    it("underlines the nine weak references of kallsyms_internal.h", async () => {
      await openFile(page, header);
      await squiggles(page).nth(8).waitFor();
      assert.equal(await squiggles(page).count(), 9);
    });

    it("lists them among the problems", async () => {
      await openProblems(page);
      const rows = await problemRows(page, 9);
      for (const symbol of symbols) {
        const naming = rows.filter((row) => row.includes(`'${symbol}'`));
        assert.equal(naming.length, 1, `${symbol} in ${rows.join("\n")}`);
        assert.match(naming[0]!, /weak reference/);
      }
    });

    it("knows, once the tree is indexed, that no source file defines them", async () => {
      const told = page.locator(".markers-panel .monaco-list-row", { hasText: "no source file defines it" });
      await told.nth(8).waitFor({ timeout: 5 * 60_000 });
    });

    it("explains kallsyms_num_syms when the mouse rests on it", async () => {
      await placeCursorOn("kallsyms_num_syms");
      const text = await hoverAtCursor(page, /[Dd]eclared (?:weak )?in kernel\/kallsyms_internal\.h.*Quick Fix/s);
      assert.match(text, /weak reference to an object, external linkage/);
      await takePicture(page, "kernel");
    });

    it("offers to make one or all of them strong", async () => {
      await placeCursorOn("kallsyms_num_syms");
      const titles = await openQuickFixes(page);
      assert.ok(
        titles.some((title) => title.includes("kallsyms_num_syms") && title.includes(fallback)),
        titles.join("\n"),
      );
      assert.ok(titles.some(isForAll), titles.join("\n"));
      await takePicture(page, "quick-fix");
    });

    it("changes the header, the fallback, the Makefile and the obsolete NULL tests on disk, and nothing else", async () => {
      const titles = await openQuickFixes(page);
      for (let row = titles.findIndex(isForAll); row > 0; row--) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await squiggles(page).first().waitFor({ state: "detached" });
      const unsaved = page.locator(".tab.dirty");
      await unsaved.nth(3).waitFor();
      await takePicture(page, "fixed");
      await runCommand(page, "File: Save All");
      await unsaved.first().waitFor({ state: "detached" });

      assert.deepEqual(await changedFiles(tree), [header, fallback, makefile, source].sort());
      const read = (path: string) => readFileSync(join(tree, path), "utf8");
      assert.doesNotMatch(read(header), /\bweak\b|__weak/);
      for (const symbol of symbols) {
        assert.match(read(header), new RegExp(`^extern const .*\\b${symbol}\\b`, "m"));
        assert.match(read(fallback), new RegExp(`\\b${symbol}\\b`));
      }
      assert.match(read(fallback), /#include "kallsyms_internal\.h"/);
      assert.match(read(makefile), /^obj-\$\(CONFIG_KALLSYMS\) \+=.*\bkallsyms_weak\.o\b/m);
      assert.doesNotMatch(read(source), /BUG_ON\(!kallsyms_/);
    });
  });
}

function isForAll(title: string): boolean {
  return /\ball\b/i.test(title);
}
