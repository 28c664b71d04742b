/** Writes what is generated from the rules and from the client's words: `npm run docs`. */

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { rules } from "../server/src/rules/registry.ts";
import { readClientWords } from "./client-words.ts";
import { renderCommandPage } from "./command-doc.ts";
import { renderProjectSchema } from "./project-schema.ts";
import { renderRuleIndex, renderRulePage, renderRuleWords, renderSetting } from "./rule-docs.ts";

for (const rule of rules) writeFileSync(`docs/rules/${rule.id}.md`, renderRulePage(rule));
writeFileSync("docs/rules/README.md", renderRuleIndex());
writeFileSync("docs/command.md", renderCommandPage());
mkdirSync("schemas", { recursive: true });
writeFileSync("schemas/weakspot.schema.json", `${JSON.stringify(renderProjectSchema(), null, 2)}\n`);
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
manifest.contributes.configuration[0].properties["weakspot.rules"] = renderSetting();
writeFileSync("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
const words = JSON.parse(readFileSync("package.nls.json", "utf8"));
writeFileSync("package.nls.json", `${JSON.stringify({ ...words, ...renderRuleWords() }, null, 2)}\n`);
const bundle = Object.fromEntries(readClientWords("client/src").messages.map((message) => [message, message]));
writeFileSync("l10n/bundle.l10n.json", `${JSON.stringify(bundle, null, 2)}\n`);
execFileSync("npx", ["biome", "format", "--write", "package.json", "schemas/weakspot.schema.json"], {
  stdio: "ignore",
});
