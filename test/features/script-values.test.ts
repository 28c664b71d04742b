import assert from "node:assert/strict";
import { describeValue, shortValue, unitsOf, valuesOf } from "../../server/src/features/script-values.ts";
import { readScript } from "./script-fixture.ts";

function symbol(text: string, name: string, path?: string): bigint | undefined {
  return valuesOf(readScript(text, path).script).symbol(name);
}

describe("the values of a script's names", () => {
  it("computes a symbol from others and from regions, in whatever order", () => {
    const text =
      "end = start + LENGTH(ram) - 1;\nstart = ORIGIN(ram);\nMEMORY { ram : ORIGIN = 0x1000, LENGTH = SIZE }\n";
    assert.equal(symbol(`${text}SIZE = 2K;\n`, "end"), 0x17ffn);
  });

  it("follows an alias to its region", () => {
    const text = 'MEMORY { ram : ORIGIN = 16, LENGTH = 1K }\nREGION_ALIAS("data", ram)\nx = LENGTH(data);\n';
    assert.equal(symbol(text, "x"), 1024n);
  });

  it("takes the script's macros for what they stand for", () => {
    assert.equal(symbol("#define SIZE (4 * 1024)\nx = SIZE;\n", "x", "a.lds.S"), 4096n);
  });

  it("knows nothing of what is given two values, under a condition, or only where it is needed", () => {
    assert.equal(symbol("a = 1;\na = 2;\nx = a;\n", "x"), undefined);
    assert.equal(symbol("a = 1;\na += 2;\nx = a;\n", "x"), undefined);
    assert.equal(symbol("PROVIDE(a = 1);\nx = a;\n", "x"), undefined);
    assert.equal(symbol("#ifdef A\na = 1;\n#endif\nx = a;\n", "x", "a.lds.S"), undefined);
    assert.equal(symbol("#ifdef A\n#define S 1\n#else\n#define S 2\n#endif\nx = S;\n", "x", "a.lds.S"), undefined);
  });

  it("takes no number within an output section for an address", () => {
    assert.equal(symbol("SECTIONS { .a : { a = 4; } x = a; }\n", "x"), undefined);
  });

  it("knows nothing of what depends on itself", () => {
    assert.equal(symbol("a = b;\nb = a + 1;\nx = a;\n", "x"), undefined);
    assert.equal(symbol("MEMORY { r : ORIGIN = LENGTH(r), LENGTH = ORIGIN(r) }\nx = LENGTH(r);\n", "x"), undefined);
  });

  it("follows chains of any length", () => {
    let text = "a0 = 1;\n";
    for (let i = 1; i <= 5000; i++) text += `a${i} = a${i - 1} + 1;\n`;
    assert.equal(symbol(text, "a5000"), 5001n);
  });

  it("shows a value as people read it", () => {
    assert.equal(describeValue(65536n), "0x10000 = 65536 = 64K");
    assert.equal(describeValue(2n ** 64n - 1n), "0xffffffffffffffff = 18446744073709551615 = -1");
    assert.equal(shortValue(3n), "3");
    assert.equal(shortValue(1n << 20n), "0x100000 (1M)");
    assert.equal(shortValue(0x20020000n), "0x20020000");
    assert.equal(unitsOf(1536n), undefined);
    assert.equal(unitsOf(0n), undefined);
  });
});
