import assert from "node:assert/strict";
import { formatScript } from "../../server/src/features/script-format.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { readScript } from "./script-fixture.ts";

const BLANKS = { insertSpaces: true, tabSize: 2 };

describe("formatting a linker script", () => {
  it("changes white space alone, and as little of it as it can", () => {
    const { script, text } = readScript("SECTIONS\n{\n   . = 1;\n\t.a : { *(.a) }\n}\n");
    const edits = formatScript(script, BLANKS);
    assert.deepEqual(
      edits.map((edit) => [text.slice(edit.start, edit.end), edit.text]),
      [
        [" ", ""],
        ["\t", "  "],
      ],
    );
  });

  it("formats the lines of a range and no others", () => {
    const { script, text, span } = readScript("SECTIONS\n{\n. = 1;\n. <|= 2; . =|> 3;\n. = 4;\n}\n");
    assert.equal(
      applyEdits(text, formatScript(script, BLANKS, span)),
      "SECTIONS\n{\n. = 1;\n  . = 2; . = 3;\n. = 4;\n}\n",
    );
  });

  it("leaves the line behind a range of whole lines alone", () => {
    const { script, text } = readScript("SECTIONS\n{\n. = 1;\n. = 2;\n}\n");
    const start = text.indexOf(". = 1");
    const edits = formatScript(script, BLANKS, { start, end: text.indexOf(". = 2") });
    assert.equal(applyEdits(text, edits), "SECTIONS\n{\n  . = 1;\n. = 2;\n}\n");
  });

  it("formats as a whole what it formats line by line", () => {
    const { script, text } = readScript("SECTIONS {\n.a : {\n*(.a)\nx=1 ;\n}\n\n\n\ny = (1+2);\n}\n");
    const whole = formatScript(script, BLANKS);
    const lines = text.split("\n");
    let at = 0;
    const byLine = lines.flatMap((line) => {
      const range = { start: at, end: at + line.length };
      at += line.length + 1;
      return formatScript(script, BLANKS, range);
    });
    assert.ok(byLine.length > 0);
    for (const edit of byLine) assert.ok(whole.some((one) => one.start === edit.start && one.text === edit.text));
  });

  it("indents by tabs where the editor says so", () => {
    const { script, text } = readScript("SECTIONS {\n. = 1;\n}\n");
    const edits = formatScript(script, { insertSpaces: false, tabSize: 4 });
    assert.equal(applyEdits(text, edits), "SECTIONS {\n\t. = 1;\n}\n");
  });

  for (const tabSize of [0, -3, Number.NaN, 1e9, 2.5]) {
    it(`stands a tab size of ${tabSize}`, () => {
      const { script, text } = readScript("SECTIONS {\n. = 1;\n}\n");
      const formatted = applyEdits(text, formatScript(script, { insertSpaces: true, tabSize }));
      assert.match(formatted ?? "", /^SECTIONS \{\n {1,32}\. = 1;\n\}\n$/);
    });
  }

  it("keeps macros and comments as they are", () => {
    const text = "#define A(x)   x;  \\\n     y = 1\nSECTIONS\n{\n  /* a   b */\n#ifdef B\n    A(1)\n#endif\n}\n";
    const { script } = readScript(text, "a.lds.S");
    const formatted = applyEdits(text, formatScript(script, { insertSpaces: false, tabSize: 8 }));
    assert.equal(
      formatted,
      "#define A(x)   x;  \\\n     y = 1\nSECTIONS\n{\n\t/* a   b */\n#ifdef B\n\tA(1)\n#endif\n}\n",
    );
  });

  it("does nothing to a script with a syntax error", () => {
    const { script } = readScript("SECTIONS {\n. = ;\n}\n");
    assert.deepEqual(formatScript(script, BLANKS), []);
  });
});
