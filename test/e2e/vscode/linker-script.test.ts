/** Editing the kernel's own linker script in a real VS Code: outline, hover, completion, and a formatting that loses nothing. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { copyKernelTree, kernelTree, replaceFile } from "../../support/kernel-tree.ts";
import { needTools, orSkip } from "../../support/needed-tools.ts";
import { installVSCode } from "./install.ts";
import { packageExtension } from "./package.ts";
import { takePicture } from "./picture.ts";
import { hoverAtCursor, openFile, placeCursor, runCommand, waitForWorkbench } from "./user.ts";
import { chromiumPath, startVSCode, type VSCode } from "./workbench.ts";

const script = "arch/x86/kernel/vmlinux.lds.S";

describe("a linker script of the kernel in VS Code", function () {
  this.timeout(15 * 60_000);
  let folder: string;
  let original: string;
  let vscode: VSCode;
  let page: Page;

  const file = (): string => join(folder, "linux", script);

  before(async function () {
    await orSkip(this, () => needTools([{ command: chromiumPath, debianPackage: "chromium" }]));
    const tree = await orSkip(this, kernelTree);
    folder = mkdtempSync(join(tmpdir(), "weakspot-script-"));
    await copyKernelTree(tree, join(folder, "linux"));
    original = readFileSync(file(), "utf8");
    // VS Code writes into a file as it is; this one must not be the tree's.
    await replaceFile(file(), original);
    vscode = await startVSCode(await installVSCode(), await packageExtension(), {});
    page = await vscode.open(join(folder, "linux"));
    await waitForWorkbench(page);
    await openFile(page, script);
  });
  after(async () => {
    await page?.close();
    await vscode?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    const picture = join(tmpdir(), "weakspot-script-failure.png");
    await page.screenshot({ path: picture });
    console.error(`      The window as it was then: ${picture}`);
  });

  async function placeCursorOn(text: string): Promise<void> {
    const lines = original.slice(0, original.indexOf(text)).split("\n");
    await placeCursor(page, lines.length, lines.at(-1)!.length + 1);
  }

  it("shows the outline", async () => {
    await runCommand(page, "Explorer: Focus on Outline View");
    // The view has rows for what is in sight alone.
    const outline = page.locator(".outline-tree .monaco-list-row");
    await outline.filter({ hasText: "LOAD_OFFSET" }).first().waitFor();
    await page.keyboard.press("Control+Shift+o");
    await page.locator(".quick-input-widget input[type=text]").fill("@.altinstructions");
    const symbols = page.locator(".quick-input-list .monaco-list-row", { hasText: ".altinstructions" });
    await symbols.first().waitFor();
    await page.keyboard.press("Escape");
  });

  it("explains a command", async () => {
    await placeCursorOn("SECTIONS\n");
    assert.match(await hoverAtCursor(page, /input sections are mapped/), /output sections/);
    await page.keyboard.press("Escape");
  });

  it("completes what the grammar allows", async () => {
    await placeCursorOn("SECTIONS\n");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.keyboard.type("PROV", { delay: 50 });
    const rows = page.locator(".suggest-widget.visible .monaco-list-row");
    await rows.filter({ hasText: "PROVIDE_HIDDEN" }).first().waitFor();
    assert.equal(await rows.filter({ hasText: "MEMORY" }).count(), 0);
    await takePicture(page, "linker-script");
    await page.keyboard.press("Escape");
    await runCommand(page, "File: Revert File");
  });

  it("formats without losing anything", async () => {
    await runCommand(page, "Format Document");
    const unsaved = page.locator(".tab.active.dirty");
    await unsaved.waitFor();
    await page.keyboard.press("Control+s");
    await unsaved.waitFor({ state: "detached" });
    const formatted = readFileSync(file(), "utf8");
    assert.notEqual(formatted, original);
    assert.equal(formatted.replace(/\s+/g, ""), original.replace(/\s+/g, ""));
  });
});
