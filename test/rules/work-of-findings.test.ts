/** The work of a file's findings grows as the file does: no text is searched again from its start for each of them. */

import assert from "node:assert/strict";
import type { KnownTexts } from "../../server/src/linkage/facts/texts.ts";
import { checkFile } from "../../server/src/rules/check.ts";
import { files } from "../support/apply-fix.ts";
import { countedSource } from "../support/counted-source.ts";
import { loadFixture } from "../support/fixture-program.ts";

/** Lines of text, one for each number below the count. */
function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => `${line(i)}\n`).join("");
}

/** How often texts are looked at to check a file of so many weak references, beside a header whose macros name them all. */
function looksFor(count: number): number {
  const references = lines(count, (i) => `extern int part_${i}(void) __attribute__((weak));`);
  const tests = lines(count, (i) => `int try_${i}(void) { return part_${i} ? part_${i}() : 0; }`);
  const header = lines(count, (i) => `#define REGISTER_${i} (BASE + ${i} * part_${i}())`);
  const texts = { "parts.c": references + tests, "vendor.h": header };
  const loaded = loadFixture(
    files(
      Object.entries(texts)
        .map(([path, text]) => `//- /${path}\n${text}`)
        .join(""),
    ),
  );
  const known = loaded.program.texts as KnownTexts;
  const counted = Object.entries(texts).map(([path, text]) => {
    const one = countedSource(text);
    known.supply(path, one.source);
    return one;
  });
  const found = checkFile(loaded.context("parts.c"));
  assert.equal(found.filter(({ rule }) => rule === "weak-reference").length, count);
  assert.match(found[0]!.message, /tested against NULL at parts.c:/);
  return counted.reduce((sum, { looks }) => sum + looks(), 0);
}

describe("the work of findings", () => {
  it("doubles with the weak references of a file and the macros that name them", () => {
    const [small, large] = [looksFor(64), looksFor(128)];
    assert.ok(large < 2.5 * small, `${small} looks at the text for 64 references, ${large} for 128`);
  });
});
