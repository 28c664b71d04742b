/** Writes what is generated from the rules: `npm run docs`. */

import { readFileSync, writeFileSync } from "node:fs";
import { rules } from "../server/src/rules/registry.ts";
import { renderRuleIndex, renderRulePage, renderSetting } from "./rule-docs.ts";

for (const rule of rules) writeFileSync(`docs/rules/${rule.id}.md`, renderRulePage(rule));
writeFileSync("docs/rules/README.md", renderRuleIndex());
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
manifest.contributes.configuration[0].properties["weakspot.rules"] = renderSetting();
writeFileSync("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
