import assert from "node:assert/strict";
import { outlineScript, type ScriptOutlineNode } from "../../server/src/features/script-outline.ts";
import { readScript } from "./script-fixture.ts";

function show(nodes: readonly ScriptOutlineNode[], depth = 0): string[] {
  return nodes.flatMap((node) => [
    `${"  ".repeat(depth)}${node.kind} ${node.name}${node.detail === "" ? "" : ` — ${node.detail}`}`,
    ...show(node.children, depth + 1),
  ]);
}

function outline(text: string, path?: string): string[] {
  return show(outlineScript(readScript(text, path).script));
}

describe("the outline of a linker script", () => {
  it("has regions, segments, sections and their symbols, each within its block", () => {
    assert.deepEqual(
      outline(
        "MEMORY { rom (rx) : ORIGIN = 0, LENGTH = 64K }\n" +
          "PHDRS { text PT_LOAD FLAGS(5); }\n" +
          "start = 1;\n" +
          "SECTIONS {\n  . = 4;\n  .text : { _text = .; *(.text) PROVIDE(etext = .); } >rom AT>rom :text\n  end = .;\n}\n",
      ),
      [
        "memory MEMORY",
        "  region rom — 0, 64K",
        "segments PHDRS",
        "  segment text — PT_LOAD",
        "symbol start — 1",
        "sections SECTIONS",
        "  section .text — >rom AT>rom :text",
        "    symbol _text — .",
        "    symbol etext — PROVIDE .",
        "  symbol end — .",
      ],
    );
  });

  it("has the macros of a header with what their bodies hold", () => {
    assert.deepEqual(
      outline(
        "#define NOTES(x)\t\t\\\n\t.notes : {\t\\\n\t\t__start_notes = .; \\\n\t}\n#define SIZE 64K\n",
        "a.lds.h",
      ),
      ["macro NOTES(x)", "  section .notes", "    symbol __start_notes — .", "macro SIZE — 64K"],
    );
  });

  it("has the macro calls that stand among sections, and not those within them", () => {
    assert.deepEqual(
      outline("SECTIONS {\n  RO_DATA(4096)\n  .text : { TEXT_TEXT }\n  NOTES :text :note\n}\n", "a.lds.S"),
      ["sections SECTIONS", "  macro-call RO_DATA(4096) — macro", "  section .text", "  macro-call NOTES — macro"],
    );
  });

  it("has both branches of an #if", () => {
    assert.deepEqual(outline("SECTIONS {\n#ifdef A\n  x = 1;\n#else\n  y = 2;\n#endif\n}\n", "a.lds.S"), [
      "sections SECTIONS",
      "  symbol x — 1",
      "  symbol y — 2",
    ]);
  });

  it("has the members of an overlay", () => {
    assert.deepEqual(outline("SECTIONS { OVERLAY 0x1000 : { .a { *(.a) } .b { *(.b) } } }\n"), [
      "sections SECTIONS",
      "  overlay OVERLAY — 0x1000",
      "    section .a",
      "    section .b",
    ]);
  });

  it("has what is whole of a script that is being typed", () => {
    assert.deepEqual(outline("SECTIONS {\n  .text : { a = 1; b = }\n  .data : {\n"), [
      "sections SECTIONS",
      "  section .text",
      "    symbol a — 1",
      "    symbol b",
      "  section .data",
    ]);
  });

  it("gives each name a place within its node, and each node one within its parent", () => {
    const { script } = readScript("SECTIONS {\n  .text : { a = 1; b = }\n  .data : { M(c = 2;)\n", "a.lds.S");
    const check = (nodes: readonly ScriptOutlineNode[], start: number, end: number): void => {
      for (const { span, selection, children } of nodes) {
        assert.ok(start <= span.start && span.end <= end);
        assert.ok(span.start <= selection.start && selection.end <= span.end);
        check(children, span.start, span.end);
      }
    };
    const nodes = outlineScript(script);
    assert.ok(nodes.length > 0);
    check(nodes, 0, script.source.length);
  });
});
