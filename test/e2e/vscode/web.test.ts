/** VS Code for the Web: a workspace that is on no disk, and the server in the browser's worker. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { needTools, orSkip } from "../../support/needed-tools.ts";
import { installVSCode } from "./install.ts";
import { packageExtension } from "./package.ts";
import { hoverAtCursor, openProblems, placeCursor, waitForWorkbench } from "./user.ts";
import { packageVirtualTree, VIRTUAL_FOLDER } from "./virtual-tree.ts";
import { chromiumPath, startVSCode, type VSCode } from "./workbench.ts";

const files = {
  "main.c": "extern void hook(void) __attribute__((weak));\n\nvoid start(void)\n{\n\tif (hook)\n\t\thook();\n}\n",
  "board/hook.c": "void hook(void)\n{\n}\n",
};

/** By the Explorer: searching for files by name needs a search service, which this tree has none of. */
async function openInExplorer(page: Page, name: string): Promise<void> {
  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).first().dblclick();
  await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  await page.locator(".editor-instance .view-line").first().waitFor();
}

describe("VS Code for the Web", function () {
  this.timeout(10 * 60_000);
  let folder: string;
  let vscode: VSCode;
  let page: Page;

  before(async function () {
    await orSkip(this, () => needTools([{ command: chromiumPath, debianPackage: "chromium" }]));
    folder = mkdtempSync(join(tmpdir(), "weakspot-web-"));
    const tree = await packageVirtualTree(folder, files);
    // In a window without a server there would be no other choice; here the setting makes it.
    const settings = { "remote.extensionKind": { "weakspot.weakspot": ["web"] } };
    vscode = await startVSCode(await installVSCode(), [await packageExtension(), tree], settings);
    page = await vscode.open(VIRTUAL_FOLDER);
    await waitForWorkbench(page);
    await openInExplorer(page, "main.c");
  });
  after(async () => {
    await page?.close();
    await vscode?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    const picture = join(tmpdir(), "weakspot-web-failure.png");
    await page.screenshot({ path: picture });
    console.error(`      The window as it was then: ${picture}`);
  });

  it("finds a weak reference, and its definition in another file", async () => {
    await openProblems(page);
    const finding = "weak reference to 'hook'; defined strongly at board/hook.c:1";
    await page.locator(".markers-panel .monaco-list-row", { hasText: finding }).first().waitFor();
  });

  it("tells in a hover where the symbol is defined", async () => {
    await openInExplorer(page, "main.c");
    await placeCursor(page, 1, 14);
    await hoverAtCursor(page, /Strong definition in board\/hook\.c:1/);
  });

  it("goes to the definition", async () => {
    await openInExplorer(page, "main.c");
    await placeCursor(page, 1, 14);
    await page.keyboard.press("F12");
    await page.locator('.tab.active[data-resource-name="hook.c"]').waitFor();
  });
});
