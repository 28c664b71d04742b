import assert from "node:assert/strict";
import { join } from "node:path";
import { configurationPaths, readConfiguration } from "../../server/src/host/configuration-file.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

describe("a tree's configuration file", () => {
  it("is .config, else include/config/auto.conf, or what is named instead", async () => {
    using folder = createTemporaryFolder({ "include/config/auto.conf": "auto", other: "named" });
    const read = async (named?: string) =>
      (await readConfiguration(configurationPaths(folder.path, named), undefined))?.text;
    assert.equal(await read(), "auto");
    folder.write({ ".config": "own" });
    assert.equal(await read(), "own");
    assert.equal(await read("other"), "named");
    assert.equal(await read(join(folder.path, "other")), "named");
    assert.equal(await read("missing"), undefined);
  });
});
