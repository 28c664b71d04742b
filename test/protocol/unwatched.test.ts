/** A client that watches no files: what changes on disk is found all the same, and unsaved build files count. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { type LanguageClient, startClient } from "../support/language-client.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const USER = "extern int hook(void) __attribute__((weak));\nint f(void) { return hook ? hook() : 0; }\n";

describe("a client that watches no files", function () {
  this.timeout(60_000);
  let tree: TemporaryFolder;
  let client: LanguageClient;

  before(async () => {
    tree = createTemporaryFolder({ "user.c": USER, Makefile: "prog: user.o\n\tgcc -nostdlib -o $@ $^\n" });
    client = await startClient(tree.path, { capabilities: { textDocument: { publishDiagnostics: {} } } });
    client.open("user.c", USER);
    await client.indexed;
  });

  after(async () => {
    await client.stop();
    tree[Symbol.dispose]();
  });

  const hasMessage = (wanted: RegExp) =>
    client.waitForDiagnostics("user.c", (found) =>
      found.some(({ message }) => typeof message === "string" && wanted.test(message)),
    );

  it("hears of a file that comes with its folder, of its change and of its end", async () => {
    tree.write({ "lib/deep/hook.c": "int hook(void) { return 1; }\n" });
    await hasMessage(/defined strongly at lib\/deep\/hook\.c:1/);
    tree.write({ "lib/deep/hook.c": "\nint hook(void) { return 1; }\n" });
    await hasMessage(/defined strongly at lib\/deep\/hook\.c:2/);
    rmSync(join(tree.path, "lib"), { recursive: true });
    await hasMessage(/no source file defines it/);
  });

  it("hears of a Makefile that is typed and not saved", async () => {
    await hasMessage(/it is generated at link time, or always NULL/);
    client.open("Makefile", "prog: user.o\n\tgcc -nostdlib -o $@ $^ -lother\n", "makefile");
    await hasMessage(/prog is linked with -lother/);
    client.change("Makefile", "prog: user.o\n\tgcc -nostdlib -o $@ $^\n");
    await hasMessage(/it is generated at link time, or always NULL/);
  });
});
