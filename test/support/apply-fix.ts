/** Applies a fix to the files of a fixture. */

import assert from "node:assert/strict";
import type { Fix } from "../../server/src/rules/rule.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { type FixtureFile, parseFixture } from "./fixture.ts";
import { type FixtureProgram, loadFixture } from "./fixture-program.ts";

/** The files of a fixture. */
export function files(fixture: string): readonly FixtureFile[] {
  return parseFixture(fixture).files;
}

/** Why the symbol gets no edit. */
export function refusalOf(fixture: string, symbol: string): string {
  const [fix] = fixesOf(loadFixture(files(fixture)), symbol);
  assert.ok(fix !== undefined);
  assert.deepEqual(fix.edits, []);
  return fix.refusal ?? "";
}

/** The files after the fix. Fails where an edit does not fit, or a file is to be created that is there. */
export function applyFix(files: readonly FixtureFile[], fix: Fix): FixtureFile[] {
  assert.equal(fix.refusal, undefined);
  const after = new Map(files.map((file) => [file.path, file.text]));
  for (const edit of fix.edits) {
    const before = after.get(edit.path);
    if ("create" in edit) {
      assert.equal(before, undefined, `${edit.path} is there already`);
      after.set(edit.path, edit.create);
      continue;
    }
    assert.ok(before !== undefined, `${edit.path} is not there`);
    const text = applyEdits(before, edit.edits);
    assert.ok(text !== undefined, `the edits of ${edit.path} overlap`);
    after.set(edit.path, text);
  }
  return [...after].map(([path, text]) => ({ path, text }));
}

/** The fixes of the first finding on the symbol, wherever it is. */
export function fixesOf(loaded: FixtureProgram, symbol: string): readonly Fix[] {
  for (const [path, findings] of loaded.findings()) {
    for (const finding of findings) {
      if (finding.symbol !== symbol) continue;
      return loaded.ruleOf(finding.rule).fixes?.(finding, loaded.context(path)) ?? [];
    }
  }
  assert.fail(`there is no finding on ${symbol}`);
}

/** The files after the symbol's only fix, which must leave no finding on the symbol and no finding that was not there. */
export function fixSymbol(
  files: readonly FixtureFile[],
  symbol: string,
  form: "c" | "asm" = "c",
): ReadonlyMap<string, string> {
  const loaded = loadFixture(files, form);
  const [fix] = fixesOf(loaded, symbol);
  assert.ok(fix !== undefined);
  return checkFixed(loaded, files, fix, (found) => found === symbol);
}

/** Applies a fix and holds it to what every fix promises. */
export function checkFixed(
  loaded: FixtureProgram,
  files: readonly FixtureFile[],
  fix: Fix,
  isFixed: (symbol: string) => boolean,
): ReadonlyMap<string, string> {
  const describe = (program: FixtureProgram) =>
    [...program.findings()].flatMap(([path, findings]) =>
      findings.map((finding) => `${path} ${finding.rule} ${finding.symbol}`),
    );
  const before = new Set(describe(loaded));
  const after = applyFix(files, fix);
  const left = describe(loadFixture(after));
  assert.deepEqual(
    left.filter((finding) => isFixed(finding.split(" ")[2] ?? "")),
    [],
  );
  assert.deepEqual(
    left.filter((finding) => !before.has(finding)),
    [],
  );
  return new Map(after.map((file) => [file.path, file.text]));
}
