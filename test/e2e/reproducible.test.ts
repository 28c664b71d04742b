/** Two builds of the same sources, at other times and places, in other languages and time zones: the same bytes. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runOrThrow } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";
import { copyCheckout } from "./support/checkout.ts";

describe("the packages, made twice", function () {
  this.timeout(240_000);
  let folder: TemporaryFolder;
  before(() => {
    folder = createTemporaryFolder();
  });
  after(() => folder[Symbol.dispose]());

  function hashOf(directory: string, end: string): string {
    const [name] = readdirSync(directory).filter((one) => one.endsWith(end));
    return createHash("sha256")
      .update(readFileSync(join(directory, name!)))
      .digest("hex");
  }

  it("are the same bytes: the .vsix and the npm package", async () => {
    const hashes: string[] = [];
    for (const [name, environment] of [
      ["one", { TZ: "Pacific/Auckland", LC_ALL: "C" }],
      ["another", { TZ: "America/New_York", LC_ALL: "C.UTF-8" }],
    ] as const) {
      const checkout = join(folder.path, name, "checkout");
      await copyCheckout(checkout);
      const options = { folder: checkout, environment };
      await runOrThrow("npm", ["run", "package", "--", "--out", join(folder.path, name, "weakspot.vsix")], options);
      await runOrThrow("npm", ["pack", "--pack-destination", join(folder.path, name)], options);
      hashes.push(`${hashOf(join(folder.path, name), ".vsix")} ${hashOf(join(folder.path, name), ".tgz")}`);
    }
    assert.equal(hashes[0], hashes[1]);
  });
});
