import assert from "node:assert/strict";
import {
  describeMacro,
  findMacroDefinitions,
  findMacroReferences,
  highlightWord,
  macroWordAt,
} from "../../server/src/features/script-macros.ts";
import { scriptOf } from "../../server/src/linkage/facts/parsed.ts";
import { describePlace } from "../../server/src/linkage/facts/texts.ts";
import { parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { readScript } from "./script-fixture.ts";

interface Answers {
  readonly definitions: readonly string[];
  readonly references: readonly string[];
  readonly hover: string | undefined;
}

/** What is known of the word under the cursor, with places as `file:line`; undefined where it is none of the preprocessor's. */
function ask(fixture: string): Answers | undefined {
  const { files, cursor } = parseFixture(fixture);
  assert.ok(cursor !== undefined);
  const { program } = loadFixture(files);
  const script = scriptOf(cursor.path, program.texts.source(cursor.path)!);
  const word = macroWordAt(script, cursor.span.start);
  if (word === undefined) return undefined;
  const places = (found: readonly { path: string; span: { start: number } }[]): string[] =>
    found.map(({ path, span }) => describePlace(program.texts, path, span.start));
  return {
    definitions: places(findMacroDefinitions(word.text, cursor.path, program)),
    references: places(findMacroReferences(word.text, cursor.path, program, false)),
    hover: describeMacro(word.text, cursor.path, program),
  };
}

const HEADER =
  "//- /include/asm-generic/vmlinux.lds.h\n#ifdef CONFIG_A\n#define NOTES .notes : { \\\n\t*(.note.*) \\\n}\n#else\n#define NOTES\n" +
  "#endif\n#define ALL NOTES\n";

describe("the macros of linker scripts", () => {
  it("are found where a header defines them, in each configuration", () => {
    const found = ask(`//- /a.lds.S\n#include <asm-generic/vmlinux.lds.h>\nSECTIONS { NO<|>TES }\n${HEADER}`);
    assert.deepEqual(found?.definitions, [
      "include/asm-generic/vmlinux.lds.h:2",
      "include/asm-generic/vmlinux.lds.h:6",
    ]);
  });

  it("are found where they are used, other macros' bodies and other scripts included", () => {
    const found = ask(
      `//- /a.lds.S\n#include <asm-generic/vmlinux.lds.h>\nSECTIONS { NOTES }\n` +
        `//- /b.lds.S\n#include <asm-generic/vmlinux.lds.h>\n#ifdef NOTES /* NOTES */\nSECTIONS { NOTES }\n#endif\n` +
        HEADER.replace("ALL NOTES", "ALL NO<|>TES"),
    );
    assert.deepEqual([...(found?.references ?? [])].sort(), [
      "a.lds.S:2",
      "b.lds.S:2",
      "b.lds.S:3",
      "include/asm-generic/vmlinux.lds.h:8",
    ]);
  });

  it("are found in headers of C that the script includes", () => {
    const found = ask(
      "//- /a.lds.S\n#include <asm/page.h>\n. = ALIGN(PAGE_<|>SIZE);\n" +
        "//- /include/asm/page.h\n#include <asm/page_types.h>\n" +
        "//- /include/asm/page_types.h\n#define PAGE_SIZE 4096\n",
    );
    assert.deepEqual(found?.definitions, ["include/asm/page_types.h:1"]);
  });

  it("are none in comments, strings and the names of headers", () => {
    assert.equal(ask("//- /a.lds.S\n#define A 1\n/* A<|> */\n"), undefined);
    assert.equal(ask("//- /a.lds.S\n#define A 1\n#include <A<|>.h>\n"), undefined);
    assert.equal(ask('//- /a.lds.S\n#define A 1\nASSERT(1, "A<|>")\n'), undefined);
  });

  it("are none in a script that no preprocessor sees", () => {
    assert.equal(ask("//- /a.lds\nx = AB<|>C;\n"), undefined);
  });

  it("are highlighted, and so are the names that are none", () => {
    const marks = (text: string): string[] => {
      const { script, offset } = readScript(text, "a.lds.S");
      return highlightWord(script, offset).map(({ start, isDefinition }) => `${start}${isDefinition ? "!" : ""}`);
    };
    assert.deepEqual(marks("#define A 1\n/* A */\nx = A<|> + A;\n"), ["8!", "24", "28"]);
    assert.deepEqual(marks("x = 1;\ny = x<|>;\n"), ["0!", "11"]);
  });

  it("show the whole of one definition", () => {
    const found = ask("//- /a.lds.S\n#define TABLE(x) \\\n\t*(x) \\\n\t*(x.*)\nSECTIONS { .a : { TAB<|>LE(.a) } }\n");
    assert.equal(found?.hover, "**TABLE** — macro, `a.lds.S:1`\n```c\n#define TABLE(x) \\\n\t*(x) \\\n\t*(x.*)\n```");
  });

  it("show each of several definitions on a line, with its condition", () => {
    const found = ask(`//- /a.lds.S\n#include <asm-generic/vmlinux.lds.h>\nSECTIONS { NO<|>TES }\n${HEADER}`);
    assert.equal(
      found?.hover,
      "**NOTES** — macro\n" +
        "- `#define NOTES .notes : { *(.note.*) }`, `include/asm-generic/vmlinux.lds.h:2`, if `defined(CONFIG_A)`\n" +
        "- `#define NOTES`, `include/asm-generic/vmlinux.lds.h:6`, if `!defined(CONFIG_A)`",
    );
  });

  it("show nothing of what nobody defines", () => {
    assert.equal(ask("//- /a.lds.S\nSECTIONS { NO<|>TES }\n")?.hover, undefined);
  });
});
