/** Hover over trees whose files and conditions are called like Markdown. */

import assert from "node:assert/strict";
import { wordsAt, writeMarkdown } from "../../server/src/features/hover.ts";
import { hoverScript } from "../../server/src/features/script-hover.ts";
import { linkedNameAt } from "../../server/src/features/symbol-at.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { readScript } from "./script-fixture.ts";

const PICTURE = "![x](http://example.org/p.png)";

describe("hover", () => {
  it("keeps the names of files, sections and conditions in their code spans", () => {
    const text = `int hook(void);\n#if A == '\`${PICTURE}'\nint user(void) { return hook(); }\n#endif\n`;
    const definition = `int hook(void) __attribute__((section("\`${PICTURE}\`")));\nint hook(void) { return 1; }\n`;
    const path = `a\`${PICTURE}\`.c`;
    const { program, context } = loadFixture([
      { path: "user.c", text },
      { path, text: definition },
    ]);
    const place = linkedNameAt("user.c", context("user.c").source, text.indexOf("hook"));
    const hover = writeMarkdown("hook", wordsAt(place!, "user.c", program)!);
    assert.match(hover, /in ``a`!\[x\]\(http:\/\/example\.org\/p\.png\)`\.c:\d``/);
  });

  it("keeps the name of a section in its place", () => {
    const { script, offset } = readScript(
      `SECTIONS { "${PICTURE}" : { } x = SIZEOF("${PICTURE.slice(0, 4)}<|>${PICTURE.slice(4)}"); }\n`,
    );
    const hover = hoverScript(script, offset)?.text ?? "";
    assert.ok(!hover.replaceAll(/`[^`]*`/g, "").includes("!["), hover);
  });
});
