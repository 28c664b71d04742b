/** Holds that conditions are made, joined and turned around in one module, and nowhere by their texts. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const source = resolve("server/src");

/** Where such text is of another kind: guards of Makefiles in words, attributes of memory regions. */
const OTHERS: ReadonlySet<string> = new Set(["syntax/kbuild/describe-guard.ts", "syntax/ld/memory.ts"]);

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

/** The lines that match, comments left out, of files that are not the conditions' own. */
function linesLike(pattern: RegExp): string[] {
  return sourceFiles(source).flatMap((file) => {
    const path = relative(source, file);
    if (path.startsWith("syntax/condition/") || OTHERS.has(path)) return [];
    const lines = readFileSync(file, "utf8").split("\n");
    return lines
      .filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line) && pattern.test(line))
      .map((line) => `${path}: ${line}`);
  });
}

describe("conditions", () => {
  it("are taken apart and joined in one module", () => {
    assert.deepEqual(linesLike(/(?:split|join|startsWith|indexOf|includes)\w*\(["'`] ?(?:&&|\|\|) ?["'`]/), []);
  });

  it("are turned around in one module", () => {
    assert.deepEqual(linesLike(/["'`]!(?:\(?\$\{|defined|\(["'`])/), []);
  });
});
