/** Every rule's own fixtures: each bad one makes that rule fire where it says and no other rule, each good one none. */

import assert from "node:assert/strict";
import { rules } from "../../server/src/rules/registry.ts";
import { type FixtureFile, parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";

/** The fixture's Makefile says what is linked, where it has one. */
function load(files: readonly FixtureFile[]) {
  const hasMakefile = files.some(({ path }) => path === "Makefile");
  return hasMakefile ? loadFixture(files, "c", { compiled: undefined, named: [] }) : loadFixture(files);
}

for (const rule of rules) {
  describe(rule.id, () => {
    it("has fixtures and documentation", () => {
      assert.ok(rule.docs.bad.length > 0 && rule.docs.good.length > 0);
      assert.ok(rule.docs.summary.endsWith(".") && rule.docs.why.length > 100);
    });
    for (const [i, fixture] of rule.docs.bad.entries()) {
      it(`fires on bad fixture ${i + 1}, exactly where it says`, () => {
        const { files, expected } = parseFixture(fixture);
        assert.ok(expected.length > 0, "the fixture expects nothing");
        const found = [...load(files).findings()].flatMap(([path, findings]) =>
          findings.map((finding) => ({ path, ...finding })),
        );
        assert.deepEqual(
          found.map(({ path, span, rule: id, severity }) => ({ path, span, rule: id, severity })),
          expected.map(({ path, span, rule: id, severity }) => ({ path, span, rule: id, severity })),
        );
        for (const [at, { message }] of expected.entries()) {
          assert.ok(found[at]?.message.includes(message), `${found[at]?.message} does not say: ${message}`);
        }
        // What other rules say of it must be marked, too.
        assert.ok(expected.some((one) => one.rule === rule.id));
      });
    }
    for (const [i, fixture] of rule.docs.good.entries()) {
      it(`says nothing on good fixture ${i + 1}`, () => {
        const found = [...load(parseFixture(fixture).files).findings()].flatMap(([, findings]) => findings);
        assert.deepEqual(found, []);
      });
    }
  });
}
