/** Renders what is generated from the rules: their pages in docs/rules, and their setting in the manifest. */

import { rules } from "../server/src/rules/registry.ts";
import type { Fixture, Rule } from "../server/src/rules/rule.ts";

/** The page of one rule. */
export function renderRulePage(rule: Rule): string {
  const parts = [
    `# ${rule.id}`,
    rule.docs.summary,
    `Default severity: ${rule.severity}. Change it with the setting \`weakspot.rules\`: \`{ "${rule.id}": "off" }\`.`,
    "## Why",
    rule.docs.why,
    "## When to ignore it",
    `${rule.docs.whenToIgnore} Silence one finding with \`/* weakspot-ignore ${rule.id} -- the reason */\`, a folder's in [weakspot.json](../settings.md).`,
    "## What it reports",
    ...rule.docs.bad.map(renderFixture),
    "## What it leaves alone",
    ...rule.docs.good.map(renderFixture),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The table of all rules, as docs/rules/README.md. */
export function renderRuleIndex(): string {
  const rows = rules.map((rule) => `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${rule.docs.summary} |`);
  return `# Rules\n\n| rule | severity | what it reports |\n|---|---|---|\n${rows.join("\n")}\n`;
}

/** The setting by which users choose severities. */
export function renderSetting(): object {
  const severities = ["error", "warning", "information", "hint", "off"];
  return {
    order: 0,
    scope: "resource",
    type: "object",
    additionalProperties: false,
    default: {},
    markdownDescription: "%setting.rules%",
    properties: Object.fromEntries(
      rules.map((rule) => [
        rule.id,
        { type: "string", enum: severities, default: rule.severity, description: `%${keyOf(rule)}%` },
      ]),
    ),
  };
}

/** What the setting says of each rule, for package.nls.json. */
export function renderRuleWords(): Readonly<Record<string, string>> {
  return Object.fromEntries(rules.map((rule) => [keyOf(rule), rule.docs.summary]));
}

function keyOf({ id }: Rule): string {
  return `setting.rules.${id}`;
}

/** A fixture as one code block for each file, without the marks that only tests need. */
function renderFixture(fixture: Fixture): string {
  return fixture
    .split(/^\/\/- \//m)
    .slice(1)
    .map((part) => {
      const newline = part.indexOf("\n");
      const path = part.slice(0, newline);
      const code = part.slice(newline + 1).trimEnd();
      const language = /\.(?:lds?|x)(?:\.S)?$/.test(path) ? "ld" : "c";
      return `\`${path}\`:\n\n\`\`\`${language}\n${code}\n\`\`\``;
    })
    .join("\n\n");
}
