import assert from "node:assert/strict";
import { hoverScript } from "../../server/src/features/script-hover.ts";
import { readScript } from "./script-fixture.ts";

function hover(text: string, path?: string): string | undefined {
  const { script, offset } = readScript(text, path);
  return hoverScript(script, offset)?.text;
}

describe("hover in linker scripts", () => {
  it("tells the value of a symbol that is constant", () => {
    assert.equal(hover("size = 4 * 16K;\nx = si<|>ze;\n"), "Value: `0x10000 = 65536 = 64K`");
    assert.equal(hover("SECTIONS { e<|>nd = .; }\n"), undefined);
  });

  it("tells where a region lies, from its declaration and its uses", () => {
    const region = "**ram** — memory region `(rwx)`\n- origin `0x1000 = 4096 = 4K`\n- length `0x400 = 1024 = 1K`\n";
    const wanted = `${region}- from \`0x1000\` to \`0x13ff\`, 1K`;
    assert.equal(hover("MEMORY { r<|>am (rwx) : ORIGIN = 4K, LENGTH = 1K }\n"), wanted);
    assert.equal(hover("MEMORY { ram (rwx) : ORIGIN = 4K, LENGTH = 1K }\nSECTIONS { .a : { } >r<|>am }\n"), wanted);
    assert.equal(hover("SECTIONS { .a : { } >r<|>am }\n"), "**ram** — memory region\nNot declared in this file.");
  });

  it("tells the value of a function's call and of a number", () => {
    assert.equal(
      hover("MEMORY { r : ORIGIN = 1M, LENGTH = 1 }\nx = ORI<|>GIN(r);\n"),
      "Value: `0x100000 = 1048576 = 1M`",
    );
    assert.equal(hover("x = 0x10<|>000;\n"), "Value: `0x10000 = 65536 = 64K`");
    assert.equal(hover("x = ALI<|>GN(8);\n"), undefined);
  });

  it("tells how a segment is declared and where a section goes", () => {
    const text = "PHDRS { text PT_LOAD FLAGS(5); }\nSECTIONS { .a : AT(1) { } :te<|>xt }\n";
    assert.equal(hover(text), "**text** — segment: `text PT_LOAD FLAGS(5);`");
    const section = "SECTIONS { .a : AT(1) { } >rom :text x = SIZEOF(.<|>a); }\n";
    assert.equal(hover(section), "**.a** — output section\n- `.a : AT(1)`, in region `rom`, in segment `text`");
  });

  it("tells the value of a macro", () => {
    const text = "#define SIZE 64K\nx = SI<|>ZE;\n";
    assert.equal(hover(text, "a.lds.S"), "Value: `0x10000 = 65536 = 64K`");
  });

  it("says nothing of blanks, comments and commands", () => {
    assert.equal(hover("x = 1;\n\n<|>\n"), undefined);
    assert.equal(hover("/* si<|>ze */ size = 1;\n"), undefined);
    assert.equal(hover("SEC<|>TIONS { }\n"), undefined);
  });
});
