/** What is generated from the rules is up to date. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { renderCommandPage } from "../../scripts/command-doc.ts";
import { renderProjectSchema } from "../../scripts/project-schema.ts";
import { renderRuleIndex, renderRulePage, renderSetting } from "../../scripts/rule-docs.ts";
import { rules } from "../../server/src/rules/registry.ts";

describe("generated documentation (npm run docs)", () => {
  for (const rule of rules) {
    it(`docs/rules/${rule.id}.md is current`, () => {
      assert.equal(readFileSync(`docs/rules/${rule.id}.md`, "utf8"), renderRulePage(rule));
    });
  }
  it("docs/rules holds a page for each rule and no other", () => {
    assert.deepEqual(readdirSync("docs/rules").sort(), [...rules.map((rule) => `${rule.id}.md`), "README.md"].sort());
    assert.equal(readFileSync("docs/rules/README.md", "utf8"), renderRuleIndex());
  });
  it("each rule has a file of its own name", () => {
    const files = new Set(readdirSync("server/src/rules"));
    for (const rule of rules) assert.ok(files.has(`${rule.id}.ts`), rule.id);
  });
  it("docs/command.md is current", () => {
    assert.equal(readFileSync("docs/command.md", "utf8"), renderCommandPage());
  });
  it("schemas/weakspot.schema.json is current, and the manifest contributes it", () => {
    const path = "schemas/weakspot.schema.json";
    assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), renderProjectSchema());
    const { jsonValidation } = JSON.parse(readFileSync("package.json", "utf8")).contributes;
    assert.deepEqual(jsonValidation, [{ fileMatch: "/weakspot.json", url: `./${path}` }]);
  });
  it("the manifest offers the rules' severities", () => {
    const manifest = JSON.parse(readFileSync("package.json", "utf8"));
    assert.deepEqual(manifest.contributes.configuration[0].properties["weakspot.rules"], renderSetting());
  });
});
