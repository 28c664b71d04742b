/** C is read by syntax/c: where fixes are made, no regular expression looks at its text. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

const folder = "server/src/rules/fallback";

/** Files that still have some, each with how many at most. The list only gets shorter. */
const allowed: Readonly<Record<string, number>> = {};

/** A literal stands where an operand does; comments of whole lines are no code. */
const LITERAL = /(?:[=(,:[!&|?;]|\breturn|=>)\s*\/(?![/*])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;
const COMMENT = /^\s*(?:\/\/|\/?\*).*$/gm;

function patternsIn(path: string): string[] {
  const text = readFileSync(path, "utf8").replace(COMMENT, "");
  return [...text.matchAll(LITERAL), ...text.matchAll(/\bnew RegExp\(/g)].map(([found]) => found);
}

describe("rules/fallback", () => {
  for (const name of readdirSync(folder)) {
    it(`reads no C by patterns: ${name}`, () => {
      const found = patternsIn(`${folder}/${name}`);
      assert.ok(found.length <= (allowed[name] ?? 0), found.join("\n"));
    });
  }
});
