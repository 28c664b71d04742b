/** What `check --format sarif` prints is SARIF 2.1.0: it holds to its schema (rtm.5), as a package has it. */

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import draft4 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { bundledCommand } from "../support/bundled-command.ts";
import { runProgram } from "../support/run-program.ts";
import { createSampleTree } from "../support/sample-tree.ts";

const schema = createRequire(import.meta.url)("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json") as object;

describe("SARIF", function () {
  this.timeout(60_000);

  it("of a tree with findings and fixes holds to the schema", async () => {
    using tree = createSampleTree();
    const { stdout } = await runProgram(process.execPath, [
      await bundledCommand(),
      "check",
      "--no-cache",
      "--format",
      "sarif",
      "--root",
      tree.path,
    ]);
    const log = JSON.parse(stdout) as { runs: { results: unknown[] }[] };
    assert.ok(log.runs[0]!.results.length > 0);
    const ajv = new draft4.default({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats.default(ajv);
    const isValid = ajv.compile(schema);
    isValid(log);
    assert.deepEqual(isValid.errors ?? [], []);
  });
});
