/** The client's words: each that people see can be translated, and the lists that translators get are whole. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { l10n, translateBy } from "../../client/src/l10n.ts";
import { describeState } from "../../client/src/server-state.ts";
import { readClientWords } from "../../scripts/client-words.ts";

const top = join(import.meta.dirname, "../..");

function json(path: string): unknown {
  return JSON.parse(readFileSync(join(top, path), "utf8"));
}

/** Keys of the manifest whose values people read. */
const READ = new Set([
  "title",
  "description",
  "markdownDescription",
  "enumDescriptions",
  "markdownEnumDescriptions",
  "contents",
  "contextualTitle",
  "deprecationMessage",
]);

/** The texts of the manifest that people read, save the extension's own name and what npm shows too. */
function manifestTexts(value: unknown, key = ""): string[] {
  if (typeof value === "string") return READ.has(key) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((one) => manifestTexts(one, key));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => manifestTexts(child, name));
}

describe("localization", () => {
  const words = readClientWords(join(top, "client/src"));

  it("misses no words of the client", () => {
    assert.deepEqual(words.untranslated, []);
  });

  it("lists the client's messages for translators (npm run docs)", () => {
    assert.deepEqual(Object.keys(json("l10n/bundle.l10n.json") as object).sort(), words.messages);
  });

  it("has a text for each key of the manifest, and a key for each text", () => {
    const { contributes, capabilities } = json("package.json") as { contributes: unknown; capabilities: unknown };
    const texts = manifestTexts({ contributes, capabilities }).filter((text) => text !== "Weakspot");
    const keys = new Set(texts.flatMap((text) => /^%(.+)%$/.exec(text)?.[1] ?? []));
    assert.equal(texts.filter((text) => !/^%.+%$/.test(text)).length, 0);
    const views = (contributes as { views: Record<string, { name: string }[]> }).views;
    for (const { name } of Object.values(views).flat()) keys.add(name.slice(1, -1));
    assert.deepEqual(Object.keys(json("package.nls.json") as object).sort(), [...keys].sort());
  });

  it("puts values in the places of messages, in any language", () => {
    assert.equal(l10n.t("{0} of {1}", 1, 2), "1 of 2");
    translateBy((message, ...values) => `[${message}|${values.join()}]`);
    try {
      assert.equal(describeState({ kind: "indexing", percentage: 40, detail: "" }).text, "[Indexing {0} %|40]");
    } finally {
      translateBy((message, ...values) => message.replace(/\{(\d+)\}/g, (_, at: string) => String(values[Number(at)])));
    }
  });
});
