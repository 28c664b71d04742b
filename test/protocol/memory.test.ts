import assert from "node:assert/strict";
import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CodeAction } from "vscode-languageserver-protocol";
import {
  type LinkagePlace,
  type MemoryResult,
  memoryChangedMethod,
  memoryMethod,
  memorySourceMethod,
} from "../../server/src/protocol/messages.ts";
import { type LanguageClient, startClient } from "../support/language-client.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const mapWith = (bytes: string) => `Memory Configuration

Name             Origin             Length             Attributes
RAM              0x00001000         0x00000100

Linker script and memory map

.text           0x00001000       ${bytes}
 *(.text)
 .text          0x00001000       ${bytes} main.o

.orphan         0x000010f0        0x8
 .orphan        0x000010f0        0x8 main.o
`;

const files = {
  Makefile: "fw/fw.elf: fw/main.o\n\t$(CC) -nostdlib -T fw/fw.ld -Wl,-Map=fw/fw.map -o $@ fw/main.o\n",
  "fw/main.c": "static int helper(void) { return 0; }\nint main(void) { return helper(); }\n",
  "fw/fw.ld": "MEMORY { RAM : ORIGIN = 0x1000, LENGTH = 256 }\nSECTIONS { .text : { *(.text) } > RAM }\n",
};

describe("the server's view of images", function () {
  this.timeout(120_000);
  let folder: TemporaryFolder;
  let client: LanguageClient;

  before(async () => {
    folder = createTemporaryFolder(files);
    client = await startClient(folder.path);
    await client.indexed;
  });
  after(async () => {
    await client?.stop();
    folder?.[Symbol.dispose]();
  });

  const ask = (params: object = {}) => client.connection.sendRequest<MemoryResult>(memoryMethod, params);

  /** Writes the map as a linker would, and waits until the server tells that it is there. */
  async function link(bytes: string): Promise<void> {
    const told = new Promise<void>((resolve) => {
      client.connection.onNotification(memoryChangedMethod, () => resolve());
    });
    writeFileSync(join(folder.path, "fw/fw.map"), mapWith(bytes));
    await told;
  }

  it("has none where nothing is linked, and tells when an image comes", async () => {
    assert.deepEqual(await ask(), { images: [], isComplete: true });
    await link("0x40");
    const [image] = (await ask()).images;
    assert.deepEqual([image?.path, image?.hasMap, image?.comparedWith], ["fw/fw.map", true, undefined]);
    assert.deepEqual(
      image?.regions.map(({ name, used, free }) => [name, used, free]),
      [["RAM", 248, 8]],
    );
    assert.deepEqual(
      image?.sections.map(({ name, files }) => [name, files.map(({ file }) => file)]),
      [
        [".text", ["main.o"]],
        [".orphan", ["main.o"]],
      ],
    );
  });

  it("knows where the script has regions and sections, and where the source of a file is", async () => {
    const [image] = (await ask()).images;
    const { regions, sections } = image!.places;
    assert.deepEqual([regions["RAM"]?.path, regions["RAM"]?.start, sections[".text"]?.start], ["fw/fw.ld", 9, 58]);
    const source = (symbol?: string) =>
      client.connection.sendRequest<LinkagePlace | null>(memorySourceMethod, {
        uri: image!.uri,
        file: "main.o",
        ...(symbol && { symbol }),
      });
    assert.equal((await source())?.path, "fw/main.c");
    assert.deepEqual((await source("main"))?.start, files["fw/main.c"].indexOf("main"));
    assert.deepEqual((await source("helper.constprop.0"))?.start, files["fw/main.c"].indexOf("helper"));
  });

  it("offers to place an orphan section where the linker put it", async () => {
    client.open("fw/fw.ld", files["fw/fw.ld"], "linkerscript");
    const position = { line: 1, character: 14 };
    const actions = await client.connection.sendRequest<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri: client.uriOf("fw/fw.ld") },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    const action = actions.find(({ title }) => title.includes(".orphan"));
    assert.equal(action?.title, "Place the orphan section .orphan here, where the linker put it");
    const [edit] = action?.edit?.changes?.[client.uriOf("fw/fw.ld")] ?? [];
    assert.deepEqual([edit?.newText, edit?.range.start], ["\n.orphan : { *(.orphan) }", { line: 1, character: 37 }]);
  });

  it("compares with the build before, or with another image", async () => {
    await link("0x80");
    const [image] = (await ask()).images;
    assert.deepEqual([image?.sections[0]?.size, image?.sections[0]?.before], [128, 64]);
    assert.equal(image?.comparedWith?.kind, "build before");
    assert.deepEqual(image?.changes?.files, [{ name: "main.o", before: 72, after: 136 }]);
    writeFileSync(join(folder.path, "other.txt"), mapWith("0x90"));
    const [compared] = (await ask({ compare: { uri: image!.uri, with: "other.txt" } })).images;
    assert.deepEqual([compared?.comparedWith?.kind, compared?.sections[0]?.before], ["image", 144]);
    rmSync(join(folder.path, "other.txt"));
  });

  it("says that an image is older than a source of it", async () => {
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(folder.path, "fw/main.c"), later, later);
    assert.equal((await ask()).images[0]?.olderThan, "fw/main.c");
  });
});
