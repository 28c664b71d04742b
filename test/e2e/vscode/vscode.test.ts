/**
 * The extension's package in a real VS Code: on a small tree, asserted inside the extension host, and on the real kernel,
 * asserted through what a user sees.
 */
import assert from "node:assert/strict";
import Mocha from "mocha";
import { needTools, orSkip } from "../../support/needed-tools.ts";
import { createSampleTree } from "../../support/sample-tree.ts";
import { runHostTests } from "./host-tests.ts";
import type { HostResult } from "./in-host/context.ts";
import { installVSCode } from "./install.ts";
import { describeKernel } from "./kernel.ts";
import { packageExtension } from "./package.ts";
import { chromiumPath, startVSCode, type VSCode } from "./workbench.ts";

describe("VS Code", function () {
  this.timeout(15 * 60_000);
  let vscode: VSCode;

  before(async function () {
    await orSkip(this, () => needTools([{ command: chromiumPath, debianPackage: "chromium" }]));
    vscode = await startVSCode(await installVSCode(), await packageExtension(), {});
  });
  after(() => vscode?.stop());

  const inHost = describe("in the extension host", () => {
    before(async () => {
      using tree = createSampleTree();
      const results = await runHostTests(vscode, tree.path);
      assert.ok(results.length > 0);
      for (const result of results) inHost.addTest(testOf(result));
    });

    // Mocha enters a suite only if it holds a test when the run starts; the results join it as tests of their own.
    it("runs the tests", () => {});
  });

  describeKernel(() => vscode);
});

/** A test that has already run elsewhere, with that outcome. */
function testOf(result: HostResult): Mocha.Test {
  return new Mocha.Test(result.titles.join(": "), function (this: Mocha.Context) {
    if (result.state === "pending") this.skip();
    if (result.state !== "failed") return;
    const error = new Error(result.message);
    if (result.stack !== undefined) error.stack = result.stack;
    throw error;
  });
}
