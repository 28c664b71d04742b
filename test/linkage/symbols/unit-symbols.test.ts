import assert from "node:assert/strict";
import { symbolsOfUnit } from "../../../server/src/linkage/symbols/unit-symbols.ts";
import { predefinedMacros } from "../../../server/src/syntax/cpp/predefined.ts";
import { preprocess } from "../../../server/src/syntax/cpp/preprocess.ts";
import { createPreprocessorCache } from "../../../server/src/syntax/cpp/state.ts";
import { parseUnit } from "../../../server/src/syntax/unit/parse-unit.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { UNIT_TEXTS } from "./unit-texts.ts";

const cache = createPreprocessorCache();
const predefined = predefinedMacros("x86_64", { mode: "c", flags: [] });

function symbolsOf(text: string, isGnuInline = false) {
  const read = { mode: "c", cache, predefined, readFile: () => undefined } as const;
  return symbolsOfUnit(parseUnit(preprocess("a.c", sourceOfText(text), read)), { isGnuInline });
}

describe("the symbols of a translation unit", () => {
  for (const { text, symbols, flags } of UNIT_TEXTS) {
    it(`${text}${flags === undefined ? "" : ` (${flags})`}`, () => {
      const found = symbolsOf(text, flags !== undefined).flatMap(({ name, role, binding, isReferenced }) => {
        const start = binding === "weak" ? "weak " : "";
        if (role !== "declaration") return [`${start}${name}`];
        return binding === "weak" && isReferenced ? [`weak ${name}?`] : [];
      });
      assert.deepEqual(found.sort(), [...symbols].sort());
    });
  }

  it("have the role that their definition gives them", () => {
    const text = 'int a; int b = 1; int c(void) {} extern int d; int e __attribute__((alias("b")));';
    assert.deepEqual(
      symbolsOf(text).map(({ name, role, target }) => [name, role, target]),
      [
        ["a", "tentative", undefined],
        ["b", "definition", undefined],
        ["c", "definition", undefined],
        ["d", "declaration", undefined],
        ["e", "alias", "b"],
      ],
    );
  });

  it("stand where they are defined, not where they are declared", () => {
    const [symbol] = symbolsOf("int f(void); int g; int f(void) { return 0; }").filter(({ name }) => name === "f");
    // int f ( void ) ; int g ; int f
    assert.equal(symbol?.token, 10);
  });
});
