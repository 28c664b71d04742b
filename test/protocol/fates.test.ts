/** What hover says of a program that is really linked with garbage collection, a map beside it. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Hover, MarkupContent } from "vscode-languageserver-protocol";
import { type LanguageClient, startClient } from "../support/language-client.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { runOrThrow } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const LINK = ["-T", "fw.ld", "--gc-sections", "-Map=fw.map", "-o", "fw.elf", "start.o", "work.o"];

const files = {
  Makefile: `fw.elf: start.o work.o fw.ld\n\t$(LD) ${LINK.join(" ")}\n`,
  "start.c": "int work(int);\nvoid begin(void);\nvoid _start(void) { begin(); }\nvoid begin(void) { work(1); }\n",
  "work.c": "int work(int x) { return x + 1; }\nint idle(void) { return 4; }\nint busy(void) { return idle(); }\n",
  "fw.ld": "ENTRY(_start)\nSECTIONS { .text : { *(.text*) } /DISCARD/ : { *(.comment) *(.eh_frame*) *(.note*) } }\n",
};

describe("what hover says of linked images", function () {
  this.timeout(120_000);
  let folder: TemporaryFolder;
  let client: LanguageClient;

  before(async function () {
    await orSkip(this, () => needTools([{ command: "gcc", debianPackage: "gcc" }]));
    folder = createTemporaryFolder(files);
    const options = { folder: folder.path };
    const compile = ["-O0", "-ffunction-sections", "-fno-pic", "-c", "start.c", "work.c"];
    await runOrThrow("gcc", compile, options);
    await runOrThrow("ld.bfd", LINK, options);
    client = await startClient(folder.path);
    await client.indexed;
    for (const path of ["start.c", "work.c"] as const) client.open(path, files[path], "c");
  });
  after(async () => {
    await client?.stop();
    folder?.[Symbol.dispose]();
  });

  async function hover(path: "start.c" | "work.c", name: string): Promise<string> {
    const lines = files[path].split("\n");
    const line = lines.findIndex((one) => one.includes(` ${name}(`));
    const character = lines[line]!.indexOf(`${name}(`);
    const params = { textDocument: { uri: client.uriOf(path) }, position: { line, character } };
    const found = await client.connection.sendRequest<Hover | null>("textDocument/hover", params);
    return (found?.contents as MarkupContent | undefined)?.value ?? "";
  }

  /** Images are read while nobody waits: asked until the answer speaks of one. */
  async function hoverWithImage(path: "start.c" | "work.c", name: string): Promise<string> {
    for (;;) {
      const text = await hover(path, name);
      const at = text.indexOf("In `fw.elf`:");
      if (at >= 0) return text.slice(at).split("\n\n")[0]!;
    }
  }

  it("names who keeps a function, and where that begins", async () => {
    assert.match(
      await hoverWithImage("work.c", "work"),
      /^In `fw\.elf`:\n- `\.text\.work` of `work\.o` at `0x[0-9a-f]+`, kept by `\.text\.begin` of `start\.o` and so on, from `\.text\._start` of `start\.o`: the image starts there$/,
    );
    assert.match(await hoverWithImage("start.c", "begin"), /kept by `\.text\._start` of `start\.o`: the image starts/);
    assert.match(await hoverWithImage("start.c", "_start"), /`start\.o` at `0x[0-9a-f]+`: the image starts there$/);
  });

  it("says what was dropped, and who referred to it", async () => {
    assert.match(
      await hoverWithImage("work.c", "idle"),
      /- \*\*dropped\*\*: `\.text\.idle` of `work\.o`, \d+ bytes; `\.text\.busy` of `work\.o` refers to it, and was dropped too$/,
    );
    assert.match(await hoverWithImage("work.c", "busy"), /bytes; nothing refers to it, or the script has it in/);
  });

  it("speaks of the new image when it was linked again", async () => {
    writeFileSync(join(folder.path, "more.c"), "int busy(void);\nint more(void) { return busy(); }\n");
    const options = { folder: folder.path };
    await runOrThrow("gcc", ["-O0", "-ffunction-sections", "-fno-pic", "-c", "more.c"], options);
    await runOrThrow("ld.bfd", [...LINK, "more.o", "-u", "more"], options);
    for (;;) if (/kept by/.test(await hoverWithImage("work.c", "idle"))) break;
  });
});
