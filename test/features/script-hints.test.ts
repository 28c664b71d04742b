import assert from "node:assert/strict";
import { hintScript } from "../../server/src/features/script-hints.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { readScript } from "./script-fixture.ts";

/** The text with each hint in brackets where it is shown. */
function hinted(text: string, path?: string): string | undefined {
  const { script } = readScript(text, path);
  const hints = hintScript(script, { start: 0, end: script.source.length });
  return applyEdits(
    script.source.slice(0, script.source.length),
    hints.map(({ offset, label }) => ({ start: offset, end: offset, text: ` [${label}]` })),
  );
}

describe("inlay hints of linker scripts", () => {
  it("shows values that are not written as numbers", () => {
    assert.equal(
      hinted("base = 1M + 64K;\nend = base * 2;\nplain = 0x1000;\nnegative = -(1);\n"),
      "base = 1M + 64K [= 0x110000 (1088K)];\nend = base * 2 [= 0x220000 (2176K)];\nplain = 0x1000;\nnegative = -(1);\n",
    );
  });

  it("shows the bounds of regions", () => {
    assert.equal(
      hinted("MEMORY {\n  a : ORIGIN = 0, LENGTH = 4K\n  b : ORIGIN = ORIGIN(a) + LENGTH(a), LENGTH = 4K\n}\n"),
      "MEMORY {\n  a : ORIGIN = 0, LENGTH = 4K\n  b : ORIGIN = ORIGIN(a) + LENGTH(a) [= 0x1000 (4K)], LENGTH = 4K\n}\n",
    );
  });

  it("shows nothing for addresses, in output sections, and of what other files say", () => {
    const text = "x = . + 4;\ny = other + 1;\nSECTIONS { .a : { z = 1 + 1; } }\nw += 1 + 1;\n";
    assert.equal(hinted(text), text);
  });

  it("shows the hints of a range alone", () => {
    const { script, span } = readScript("a = 1 + 1;\n<|b = 2 + 2;|>\nc = 3 + 3;\n");
    assert.deepEqual(
      hintScript(script, span).map((hint) => hint.label),
      ["= 4"],
    );
  });
});
