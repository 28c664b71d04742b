import assert from "node:assert/strict";
import { symbolsOfSource } from "../../conformance/symbols/source-symbols.ts";
import { loadFixture } from "../../support/fixture-program.ts";
import { SOURCE_TEXTS } from "./source-texts.ts";

describe("the symbols of a source by the facts alone", () => {
  for (const { title, unit, files, symbols } of SOURCE_TEXTS) {
    it(`${title}: ${unit}`, () => {
      const { program, findings } = loadFixture(Object.entries(files).map(([path, text]) => ({ path, text })));
      const wanted = new Set(symbols.map((text) => text.replace(/^weak |\?$/g, "")));
      // What another condition decides may be there or not.
      const found = symbolsOfSource(program, unit).filter(
        ({ fact, name }) => fact.condition === "" || wanted.has(name),
      );
      const told = found.map(({ name, role, isWeak }) =>
        role === "weak reference" ? `weak ${name}?` : isWeak ? `weak ${name}` : name,
      );
      assert.deepEqual(told.sort(), [...symbols].sort());
      const references = (findings().get(unit) ?? []).filter(({ rule }) => rule === "weak-reference");
      for (const { symbol } of references)
        assert.ok(symbols.includes(`weak ${symbol}?`), `'${symbol}' is no weak reference`);
    });
  }
});
