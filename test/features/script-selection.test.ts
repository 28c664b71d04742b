import assert from "node:assert/strict";
import { selectionsAt } from "../../server/src/features/script-selection.ts";
import { readScript } from "./script-fixture.ts";

function selections(text: string, path?: string): string[] {
  const { script, offset } = readScript(text, path);
  return selectionsAt(script, offset).map(({ start, end }) => script.source.slice(start, end));
}

describe("widening a selection in a linker script", () => {
  it("goes from the name over the expression and statement to the block and the file", () => {
    assert.deepEqual(selections("SECTIONS { .a : { x = al<|>pha + 1; } }\n"), [
      "alpha",
      "alpha + 1",
      "x = alpha + 1;",
      "{ x = alpha + 1; }",
      ".a : { x = alpha + 1; }",
      "{ .a : { x = alpha + 1; } }",
      "SECTIONS { .a : { x = alpha + 1; } }",
      "SECTIONS { .a : { x = alpha + 1; } }\n",
    ]);
  });

  it("stops at what stands within braces when there is more than one statement", () => {
    assert.ok(selections("SECTIONS { a = 1; b<|> = 2; }\n").includes("a = 1; b = 2;"));
  });

  it("goes from a macro's body to its definition", () => {
    const found = selections("#define X(a) \\\n  y = a<|>;\nz = 1;\n", "a.lds.S");
    assert.deepEqual(found.slice(0, 2), ["a", "y = a;"]);
    assert.ok(found.includes("#define X(a) \\\n  y = a;"));
  });

  it("knows comments", () => {
    assert.deepEqual(selections("/* one <|>two */\nx = 1;\n").slice(0, 2), ["two", "/* one two */"]);
  });

  it("gives the whole text where there is nothing else", () => {
    assert.deepEqual(selections("x = 1;\n\n<|>\n\ny = 2;\n"), ["x = 1;\n\n\n\ny = 2;\n"]);
  });
});
