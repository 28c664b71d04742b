/**
 * Firmware that grows out of its RAM, in a real VS Code with a real compiler and linker: the view Memory shows it, says why, and shows
 * that it was mended.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { needTools, orSkip } from "../../support/needed-tools.ts";
import { runProgram } from "../../support/run-program.ts";
import { installVSCode } from "./install.ts";
import { packageExtension } from "./package.ts";
import { takePicture } from "./picture.ts";
import { hoverAtCursor, openFile, placeCursor, runCommand, waitForWorkbench } from "./user.ts";
import { chromiumPath, startVSCode, type VSCode } from "./workbench.ts";

const SCRIPT = `ENTRY(start)

MEMORY
{
  FLASH (rx)  : ORIGIN = 0x08000000, LENGTH = 64K
  RAM   (rwx) : ORIGIN = 0x20000000, LENGTH = 16K
  CCM   (rw)  : ORIGIN = 0x10000000, LENGTH = 8K
}

SECTIONS
{
  .text : { *(.text .text.*) *(.rodata .rodata.*) } >FLASH
  .data : { *(.data .data.*) } >RAM AT> FLASH
  .bss (NOLOAD) : { *(.bss .bss.*) *(COMMON) } >RAM
  /DISCARD/ : { *(.note* .comment .eh_frame*) }
}
`;

const files = {
  "link.ld": SCRIPT,
  "main.c": `#include "log.h"

int mode = 3;
char frame[6000];

void start(void)
{
	for (int i = 0; i < 6000; i++)
		frame[i] = (char)mode;
	mode = log_write(frame[mode]);
}
`,
  "log.h": "int log_write(int value);\n",
  "log.c": `#include "log.h"

#define ENTRIES 800

static int history[ENTRIES];
static unsigned next;

int log_write(int value)
{
	int oldest = history[next % ENTRIES];

	history[next++ % ENTRIES] = value;
	return oldest;
}
`,
  Makefile: `CFLAGS = -O1 -ffreestanding -fno-pic -mcmodel=large -fdata-sections -ffunction-sections
LDFLAGS = -nostdlib -static -no-pie -Wl,--build-id=none

fw.elf: main.o log.o link.ld
	$(CC) $(LDFLAGS) -T link.ld -Wl,-Map=fw.map -o $@ main.o log.o

main.o: main.c log.h
log.o: log.c log.h
`,
};

describe("firmware that overflows its RAM in VS Code", function () {
  this.timeout(10 * 60_000);
  let folder: string;
  let vscode: VSCode;
  let page: Page;

  before(async function () {
    const tools = [
      { command: chromiumPath, debianPackage: "chromium" },
      { command: "gcc", debianPackage: "gcc" },
      { command: "make", debianPackage: "make" },
    ];
    await orSkip(this, () => needTools(tools));
    folder = mkdtempSync(join(tmpdir(), "weakspot-firmware-"));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    assert.equal((await build()).status, 0);
    vscode = await startVSCode(await installVSCode(), await packageExtension(), {});
    page = await vscode.open(folder);
    await waitForWorkbench(page);
    await openFile(page, "link.ld");
    // The list of files leaves its room to the view.
    await page.locator(".pane-header").first().click();
    await widenSideBar(page);
    await runCommand(page, "Explorer: Focus on Memory View");
  });
  after(async () => {
    await page?.close();
    await vscode?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    await page?.screenshot({ path: join(tmpdir(), "weakspot-memory-failure.png") });
  });

  const build = () => runProgram("make", ["CC=gcc"], { folder });

  /** Rows as screen readers say them. */
  const row = (spoken: RegExp): Locator =>
    page.locator(".pane", { hasText: "Memory" }).getByRole("treeitem", { name: spoken }).first();

  function change(path: string, from: string, to: string): void {
    const text = readFileSync(join(folder, path), "utf8");
    assert.ok(text.includes(from));
    writeFileSync(join(folder, path), text.replace(from, to));
  }

  it("shows how full its regions are, reached by keyboard", async () => {
    await row(/^RAM, region, 56 %, 9 KB of 16 KB, 7 KB free$/).waitFor();
    // What is empty takes no focus.
    await runCommand(page, "Explorer: Focus on Memory View");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await row(/^\.bss, section, 9 KB at 0x20000020$/).waitFor();
  });

  it("has a hint behind each region of the script", async () => {
    await page.locator(".editor-instance .view-line", { hasText: "56 % used" }).first().waitFor();
  });

  it("finds that it overflows once it was built so, and says why", async () => {
    change("log.c", "#define ENTRIES 800", "#define ENTRIES 4000");
    assert.match((await build()).stderr, /region `RAM' overflowed by \d+ bytes/);
    await row(/^RAM, region, .* too many, .* more than before$/).waitFor();
    await row(/^grew: \.bss of log\.o by 12800 bytes/).waitFor();
    await row(/^free elsewhere: CCM 8192 bytes$/).waitFor();
    await takePicture(page, "memory");
    await placeCursor(page, 6, 4);
    const told = await hoverAtCursor(page, /bytes too many/);
    assert.match(told, /grew: .*log\.o.* by 12800 bytes since the build before/);
    await page.keyboard.press("Escape");
  });

  it("shows that it was mended by moving a section", async () => {
    change("log.c", "#define ENTRIES 4000", "#define ENTRIES 2000");
    change("link.ld", "  .data :", "  .ccm (NOLOAD) : { *(.bss.history) } >CCM\n  .data :");
    assert.equal((await build()).status, 0);
    await row(/^CCM, region, 98 %, 7.8 KB of 8 KB/).waitFor();
    await row(/^RAM, region, 37 %, .* fewer than before$/).waitFor();
  });

  it("draws it as a picture, whose boxes lead to the sources", async () => {
    await runCommand(page, "Weakspot: Show Memory as a Picture");
    const map = page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
    await map.getByRole("link", { name: /^log\.o, file, 7\.8 KB/ }).waitFor();
    await takePicture(page, "memory-map");
    await map.getByRole("link", { name: /^main\.o, file, 5\.9 KB/ }).click();
    await page.locator('.tab.active[data-resource-name="main.c"]').waitFor();
  });

  it("goes from a symbol to its source", async () => {
    await runCommand(page, "Weakspot: Filter Memory…");
    await page.locator(".quick-input-widget input[type=text]").fill("history");
    await page.keyboard.press("Enter");
    await row(/^history, symbol, 7\.8 KB/).click();
    await page.locator('.tab.active[data-resource-name="log.c"]').waitFor();
  });
});

/** Drags the border of the side bar, so that rows are not cut short. */
async function widenSideBar(page: Page): Promise<void> {
  const box = await page.locator(".part.sidebar").boundingBox();
  assert.ok(box !== null);
  const edge = box.x + box.width;
  await page.mouse.move(edge, 400);
  await page.mouse.down();
  await page.mouse.move(edge + 240, 400, { steps: 8 });
  await page.mouse.up();
}
