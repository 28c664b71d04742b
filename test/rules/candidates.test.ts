/** Which files a tree's check reads: none that a rule could speak of is left out. */

import assert from "node:assert/strict";
import { mayHaveFindings } from "../../server/src/rules/candidates.ts";
import { rules } from "../../server/src/rules/registry.ts";
import { parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";

describe("the files that are checked", () => {
  // Comments are no facts: unused ones are found in files that are checked for something else.
  for (const rule of rules.filter(({ id }) => id !== "unused-ignore")) {
    it(`are all that ${rule.id} finds something in`, () => {
      for (const fixture of rule.docs.bad) {
        const { files, expected } = parseFixture(fixture);
        const hasMakefile = files.some(({ path }) => path === "Makefile");
        const { program } = hasMakefile
          ? loadFixture(files, "c", { compiled: undefined, named: [] })
          : loadFixture(files);
        for (const { path } of expected.filter((one) => one.rule === rule.id)) {
          assert.ok(mayHaveFindings(program.index.factsOf(path)!, program), path);
        }
      }
    });
  }
});
