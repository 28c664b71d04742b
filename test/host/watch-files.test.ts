import assert from "node:assert/strict";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { watchFiles } from "../../server/src/host/watch-files.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

describe("watching files", () => {
  it("tells of one that comes with its folder, changes, is replaced and goes", async () => {
    using folder = createTemporaryFolder({ "other.txt": "" });
    const path = join(folder.path, "include/config/auto.conf");
    let tell = (): void => {};
    const changed = () => new Promise<void>((resolve) => (tell = resolve));
    const stop = watchFiles([path, join(folder.path, ".config")], () => tell());
    try {
      for (const change of [
        () => folder.write({ "include/config/auto.conf": "CONFIG_A=y\n" }),
        () => folder.write({ "include/config/auto.conf": "CONFIG_A=y\nCONFIG_B=y\n" }),
        () => {
          folder.write({ "include/config/new": "# other\n" });
          renameSync(join(folder.path, "include/config/new"), path);
        },
        () => rmSync(join(folder.path, "include"), { recursive: true }),
        () => folder.write({ ".config": "" }),
      ]) {
        const told = changed();
        change();
        await told;
      }
    } finally {
      stop();
    }
  });

  it("says nothing of other files, and nothing once it was stopped", async () => {
    using folder = createTemporaryFolder({ ".config": "" });
    const told: string[] = [];
    const stop = watchFiles([join(folder.path, ".config")], () => told.push("first"));
    folder.write({ "a.c": "", "b.c": "" });
    const other = new Promise<void>((resolve) => {
      const end = watchFiles([join(folder.path, "b.c")], () => {
        end();
        resolve();
      });
    });
    folder.write({ "b.c": "int b;\n" });
    await other;
    stop();
    folder.write({ ".config": "A=y\n" });
    assert.deepEqual(told, []);
  });
});
