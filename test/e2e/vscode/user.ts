/** What a user does in VS Code's window and sees there: the only place that knows how the workbench is built. */
import type { Locator, Page } from "playwright-core";

/** Waits until the workbench takes keys. */
export async function waitForWorkbench(page: Page): Promise<void> {
  await page.locator(".monaco-workbench .explorer-folders-view").first().waitFor();
}

/** Opens a file by its path within the workspace. */
export async function openFile(page: Page, path: string): Promise<void> {
  await page.keyboard.press("Control+p");
  const input = page.locator(".quick-input-widget input[type=text]");
  await input.fill(path);
  const name = path.slice(path.lastIndexOf("/") + 1);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  await page.locator(".editor-instance .view-line").first().waitFor();
}

/** Runs a command by its full title. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  const input = page.locator(".quick-input-widget input[type=text]");
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
}

/** The underlines of warnings in the visible part of the active editor, one for each line of each finding. */
export function squiggles(page: Page): Locator {
  return page.locator(".editor-instance .squiggly-warning");
}

export async function openProblems(page: Page): Promise<void> {
  await runCommand(page, "Problems: Focus on Problems View");
  await page.locator(".markers-panel .monaco-list-row").first().waitFor();
}

/** The texts of the Problems view's rows, without those of files, once there are as many. */
export async function problemRows(page: Page, count: number): Promise<string[]> {
  const rows = page.locator(".markers-panel .monaco-list-row[aria-level='2']");
  await rows.nth(count - 1).waitFor();
  return await rows.allTextContents();
}

/** Puts the cursor of the active editor at a line and column, counted from 1. */
export async function placeCursor(page: Page, line: number, column: number): Promise<void> {
  await page.keyboard.press("Control+g");
  const input = page.locator(".quick-input-widget input[type=text]");
  await input.waitFor();
  await input.fill(`:${line}:${column}`);
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
}

/**
 * Rests the mouse on the character behind the cursor. Returns the text of what pops up, once it is as expected. Lines move while
 * code lenses come in, and the cursor shows only once the editor has the focus: so the mouse follows the cursor until it is there.
 */
export async function hoverAtCursor(page: Page, expected: RegExp): Promise<string> {
  const cursor = page.locator(".editor-instance .cursors-layer .cursor").first();
  const hover = page.locator(".monaco-hover:visible", { hasText: expected }).first();
  for (let attempt = 1; ; attempt++) {
    await cursor.waitFor();
    const box = await cursor.boundingBox();
    if (box !== null) {
      // A mouse that appears on the spot does not count as moving there.
      await page.mouse.move(box.x - 30, box.y + 60);
      await page.mouse.move(box.x + 3, box.y + box.height / 2, { steps: 5 });
    }
    try {
      // The findings at the place pop up first; what the server answers joins them.
      await hover.waitFor({ timeout: attempt < 5 ? 8_000 : 30_000 });
      return (await hover.textContent()) ?? "";
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

/** Opens the menu of quick fixes at the cursor, or leaves it open. Returns the titles in the order of the menu. */
export async function openQuickFixes(page: Page): Promise<string[]> {
  const rows = page.locator(".action-widget .monaco-list-row.action");
  if ((await rows.count()) === 0) {
    await page.keyboard.press("Control+.");
    await rows.first().waitFor();
  }
  return await rows.allTextContents();
}
