import assert from "node:assert/strict";
import {
  formatPreprocessed,
  originAt,
  originOfToken,
  tokenAtOffset,
  tokensOfPlace,
} from "../../../server/src/syntax/cpp/format.ts";
import { spellingText } from "../../../server/src/syntax/cpp/spellings.ts";
import { type Files, preprocessFiles } from "./run.ts";

const FILES: Files = {
  "main.lds.S": `#include "macros.h"
SECTIONS {
  NAMED(first)
  __end = .;
}
`,
  "macros.h": `#define NAMED(name) \\
	__start_##name = .; \\
	*(.text.name) size = LINE;
#define LINE __LINE__
`,
};

describe("the printed text and its source map", () => {
  const preprocessed = preprocessFiles(FILES, { mode: "assembler" });
  const formatted = formatPreprocessed(preprocessed);

  /** Where the text that stands at a place of the output was written, as "path: text", and the call that it came out of. */
  function written(word: string): { from: string; call: string | undefined } {
    const origin = originAt(formatted, formatted.text.indexOf(word))!;
    const file = preprocessed.files.get(origin.file)!;
    const caller = origin.call && preprocessed.files.get(origin.call.file)!;
    return {
      from: `${file.path}: ${file.source.slice(origin.start, origin.end)}`,
      call: origin.call && caller?.source.slice(origin.call.start, origin.call.end),
    };
  }

  it("prints a line for each line that held tokens, indented as it was", () => {
    assert.equal(formatted.text, "SECTIONS {\n  __start_first = .; *(.text.first) size = 3;\n  __end = .;\n}\n");
  });

  it("leads from plain text to itself", () => {
    assert.deepEqual(written("__end"), { from: "main.lds.S: __end", call: undefined });
    assert.deepEqual(written("}"), { from: "main.lds.S: }", call: undefined });
  });

  it("leads from a macro's body to the body, and names the call", () => {
    assert.deepEqual(written("size"), { from: "macros.h: size", call: "NAMED(first)" });
  });

  it("leads from an argument to the call", () => {
    assert.deepEqual(written("first) size"), { from: "main.lds.S: first", call: "NAMED(first)" });
  });

  it("leads from pasted tokens to the part that a call gave", () => {
    const origin = originAt(formatted, formatted.text.indexOf("__start_first"))!;
    assert.equal(origin.isSynthesized, true);
    assert.equal(preprocessed.files.get(origin.file)!.path, "main.lds.S");
    assert.equal(origin.start, FILES["main.lds.S"]!.indexOf("first"));
  });

  it("leads from a computed macro to its name", () => {
    const origin = originAt(formatted, formatted.text.indexOf("3;"))!;
    assert.equal(origin.isSynthesized, true);
    assert.equal(origin.start, FILES["macros.h"]!.indexOf("__LINE__"));
  });

  it("finds the tokens that a place became", () => {
    const main = preprocessed.mainFile;
    const spelled = (offset: number): string[] =>
      tokensOfPlace(preprocessed, main, offset).map((token) =>
        spellingText(preprocessed.spellings, preprocessed.tokens.spellings[token]!),
      );
    assert.deepEqual(spelled(FILES["main.lds.S"]!.indexOf("__end")), ["__end"]);
    assert.deepEqual(spelled(FILES["main.lds.S"]!.indexOf("first")), ["__start_first", "first"]);
    assert.equal(
      spelled(FILES["main.lds.S"]!.indexOf("NAMED")).join(" "),
      "__start_first = . ; * ( . text . first ) size = 3 ;",
    );
    assert.deepEqual(spelled(0), []);
  });

  it("maps every offset of the text to the token there", () => {
    assert.equal(tokenAtOffset(formatted, -1), -1);
    for (let token = 0; token < preprocessed.tokens.count; token++) {
      assert.equal(tokenAtOffset(formatted, formatted.starts[token]!), token);
      const spelling = spellingText(preprocessed.spellings, preprocessed.tokens.spellings[token]!);
      assert.ok(formatted.text.startsWith(spelling, formatted.starts[token]!));
    }
  });

  it("counts in UTF-16 units, also behind letters beyond ASCII", () => {
    const result = preprocessFiles({ "main.c": "#define ä b\n/* 😀 */ ä ö\n" });
    const { text } = formatPreprocessed(result);
    assert.equal(text.trim(), "b ö");
    assert.equal(originOfToken(result, 1).start, "#define ä b\n/* 😀 */ ä ö\n".indexOf("ö"));
  });
});
