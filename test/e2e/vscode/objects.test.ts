/**
 * What a kernel's build adds to the editor, in a real VS Code: hover's lines on the objects, the code lens, and the view Linkage;
 * and what hover says once the fix is applied and the kernel built again. It works on a copy of the small kernel with its build.
 * Takes the README's picture on the way when WEAKSPOT_PICTURES=1.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { cacheRoot } from "../../support/cached-folder.ts";
import { type BuiltKernel, copyBuiltKernel, rebuildKernel, smallKernel } from "../../support/kernel-build.ts";
import { replaceFile } from "../../support/kernel-tree.ts";
import { needTools, orSkip } from "../../support/needed-tools.ts";
import { installVSCode } from "./install.ts";
import { packageExtension } from "./package.ts";
import { takePicture } from "./picture.ts";
import {
  hoverAtCursor,
  openFile,
  openQuickFixes,
  placeCursor,
  runCommand,
  squiggles,
  waitForWorkbench,
} from "./user.ts";
import { chromiumPath, startVSCode, type VSCode } from "./workbench.ts";

const header = "kernel/kallsyms_internal.h";
const symbol = "kallsyms_num_syms";
/** What the fix changes, beside the file that it creates. */
const edited = [header, "kernel/kallsyms.c", "kernel/Makefile"];
const folder = join(cacheRoot(), `kernel-edited-${process.pid}`);

describe("VS Code, with a kernel's build", function () {
  this.timeout(15 * 60_000);
  let vscode: VSCode | undefined;
  let page: Page;
  let kernel: BuiltKernel;

  before(async function () {
    await orSkip(this, () => needTools([{ command: chromiumPath, debianPackage: "chromium" }]));
    const original = await orSkip(this, smallKernel);
    kernel = await copyBuiltKernel(original, folder, async (tree) => {
      // An editor writes into the file that is there, whose bytes are the original tree's too.
      for (const path of edited) await replaceFile(join(tree, path), readFileSync(join(tree, path), "utf8"));
    });
    // So that what comes next is built from the fix alone.
    await rebuildKernel(kernel);
    vscode = await startVSCode(await installVSCode(), await packageExtension(), {
      "weakspot.kernel.build": kernel.build,
    });
    page = await vscode.open(kernel.tree);
    await waitForWorkbench(page);
    await openFile(page, header);
  });
  after(async () => {
    await page?.close();
    await vscode?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    const picture = join(tmpdir(), "weakspot-e2e-failure.png");
    await page.screenshot({ path: picture });
    console.error(`      The window as it was then: ${picture}`);
  });

  it("puts above weak references what the objects pay for them", async () => {
    const lens = page.locator(".editor-instance .codelens-decoration", {
      hasText: /references? in 1 object|GOT loads? in/,
    });
    await lens.first().waitFor({ timeout: 5 * 60_000 });
  });

  it(`shows what the objects say when the mouse rests on ${symbol}`, async () => {
    const indexing = page.locator(".statusbar-item", { hasText: /Weakspot: indexing/ });
    await indexing.first().waitFor({ state: "detached", timeout: 10 * 60_000 });
    await placeCursorOnSymbol();
    const text = await hoverAtCursor(page, /as it was built/);
    assert.match(text, /vmlinux: [DR] 0xffffffff[0-9a-f]+, /);
    assert.match(text, /kernel\/kallsyms\.o: weak undefined, \d+ relocations?/);
    await takePicture(page, "hover-with-build");
  });

  async function placeCursorOnSymbol(): Promise<void> {
    const lines = readFileSync(join(kernel.tree, header), "utf8")
      .split(new RegExp(`\\b${symbol}\\b`), 1)[0]!
      .split("\n");
    await placeCursor(page, lines.length, lines.at(-1)!.length + 1);
  }

  it("lists weak references, weak definitions and PROVIDE in the view Linkage, reached by keyboard", async () => {
    await page.keyboard.press("Escape");
    await runCommand(page, "Explorer: Focus on Linkage View");
    const rows = page.locator(".pane", { hasText: "Linkage" }).locator(".monaco-list-row");
    await rows
      .filter({ hasText: "Weak references, undefined" })
      .first()
      .waitFor({ timeout: 5 * 60_000 });
    await filterLinkage(page, "kallsyms_internal");
    await rows.filter({ hasText: "kallsyms_addresses" }).first().waitFor();
    await runCommand(page, "Explorer: Focus on Linkage View");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(".editor-instance .selected-text").first().waitFor();
  });

  it("shows, once the file is fixed and the kernel built again, strong references and a fallback that lost", async () => {
    await openFile(page, header);
    await placeCursorOnSymbol();
    const titles = await openQuickFixes(page);
    for (let row = titles.findIndex((title) => /^Make all/.test(title)); row > 0; row--) {
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await squiggles(page).first().waitFor({ state: "detached" });
    const unsaved = page.locator(".tab.dirty");
    await unsaved.nth(edited.length).waitFor();
    await runCommand(page, "File: Save All");
    await unsaved.first().waitFor({ state: "detached" });
    await rebuildKernel(kernel);
    await openFile(page, header);
    await placeCursorOnSymbol();
    const text = await hoverAtCursor(page, /kallsyms_weak\.o: .*weak definition/);
    assert.match(text, /kernel\/kallsyms\.o: undefined, \d+ relocations?, none through the GOT/);
  });
});

/** Runs the command, whose box for the words takes the place of the one that it was chosen in. */
async function filterLinkage(page: Page, words: string): Promise<void> {
  const title = "Weakspot: Filter Linkage";
  const widget = page.locator(".quick-input-widget");
  const input = widget.locator("input[type=text]");
  await page.keyboard.press("F1");
  await input.fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
  await page.keyboard.press("Enter");
  await widget.filter({ hasText: "Words that the symbol" }).waitFor();
  await input.fill(words);
  await page.keyboard.press("Enter");
}
