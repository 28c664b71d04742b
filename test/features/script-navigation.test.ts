import assert from "node:assert/strict";
import {
  findOwnDefinitions,
  findOwnReferences,
  highlightName,
  ownNameAt,
  planOwnRename,
} from "../../server/src/features/script-navigation.ts";
import { scriptOf } from "../../server/src/linkage/facts/parsed.ts";
import type { Program } from "../../server/src/linkage/symbols/program.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { type FixtureFile, parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";

interface Opened {
  readonly files: readonly FixtureFile[];
  readonly program: Program;
  readonly path: string;
  readonly name: NonNullable<ReturnType<typeof ownNameAt>>;
}

function open(fixture: string): Opened {
  const { files, cursor } = parseFixture(fixture);
  assert.ok(cursor !== undefined);
  const { program } = loadFixture(files);
  const source = program.texts.source(cursor.path)!;
  const name = ownNameAt(scriptOf(cursor.path, source), cursor.span.start);
  assert.ok(name !== undefined, "no name at the cursor");
  return { files, program, path: cursor.path, name };
}

function rename(fixture: string, newName: string): string {
  const { files, program, path, name } = open(fixture);
  const plan = planOwnRename(name, path, newName, program);
  if (plan.kind === "refusal") return plan.reason;
  const [edit] = plan.edits;
  assert.ok(plan.edits.length === 1 && edit !== undefined && "edits" in edit);
  return applyEdits(files.find((file) => file.path === edit.path)!.text, edit.edits) ?? "overlapping edits";
}

const SCRIPT =
  "//- /a.lds\nMEMORY { ram : ORIGIN = 0, LENGTH = 1K }\nPHDRS { text PT_LOAD; }\n" +
  "SECTIONS { .text : { *(.text) } >ra<|>m AT>ram :text x = SIZEOF(.text) + LENGTH(ram); }\n";

describe("the names that scripts alone know", () => {
  it("are found where they are declared", () => {
    const { program, path, name } = open(SCRIPT);
    assert.deepEqual(findOwnDefinitions(name, path, program), [{ path: "a.lds", span: { start: 9, end: 12 } }]);
  });

  it("are found where they are used", () => {
    const { program, path, name } = open(SCRIPT);
    assert.equal(findOwnReferences(name, path, program, false).length, 3);
    assert.equal(findOwnReferences(name, path, program, true).length, 4);
  });

  it("are followed into the headers of scripts", () => {
    const { program, path, name } = open(
      "//- /a.lds.S\n#include <b.lds.h>\nSECTIONS { HEAD x = ADDR(.he<|>ad); }\n" +
        "//- /include/b.lds.h\n#define HEAD .head : { *(.head) }\n",
    );
    const [definition] = findOwnDefinitions(name, path, program);
    assert.equal(definition?.path, "include/b.lds.h");
  });

  it("are highlighted by what they name", () => {
    const { files, cursor } = parseFixture(
      "//- /a.lds\nPHDRS { text PT_LOAD; }\nSECTIONS { .a : { } :te<|>xt text = 1; }\n",
    );
    const { program } = loadFixture(files);
    const script = scriptOf("a.lds", program.texts.source("a.lds")!);
    const found = highlightName(script, cursor!.span.start);
    assert.deepEqual(
      found.map(({ kind, isDefinition }) => [kind, isDefinition]),
      [
        ["segment", true],
        ["segment", false],
      ],
    );
  });

  it("are renamed by what they name: a region", () => {
    assert.equal(
      rename(SCRIPT, "sram"),
      "MEMORY { sram : ORIGIN = 0, LENGTH = 1K }\nPHDRS { text PT_LOAD; }\n" +
        "SECTIONS { .text : { *(.text) } >sram AT>sram :text x = SIZEOF(.text) + LENGTH(sram); }\n",
    );
  });

  it("are renamed by what they name: an output section, and not the input sections of that name", () => {
    assert.equal(
      rename("//- /a.lds\nSECTIONS { .te<|>xt : { *(.text .text.*) } x = SIZEOF(.text); }\n", ".code"),
      "SECTIONS { .code : { *(.text .text.*) } x = SIZEOF(.code); }\n",
    );
  });

  it("are renamed by what they name: a segment, and not the symbol of that name", () => {
    assert.equal(
      rename("//- /a.lds\nPHDRS { te<|>xt PT_LOAD; }\nSECTIONS { .a : { } :text text = 1; }\n", "code"),
      "PHDRS { code PT_LOAD; }\nSECTIONS { .a : { } :code text = 1; }\n",
    );
  });

  it("are not renamed to what is no name, or is taken", () => {
    assert.match(rename(SCRIPT, "a b"), /no name/);
    assert.match(rename(SCRIPT, ""), /no name/);
    assert.match(rename(SCRIPT.replace("}\nPHDRS", " rom : ORIGIN = 1K, LENGTH = 1 }\nPHDRS"), "rom"), /taken/);
  });

  it("are not renamed where another file has them too", () => {
    const header = "//- /include/b.lds.h\n#define TEXT .text : { } :code\n";
    const script = "//- /a.lds.S\n#include <b.lds.h>\nPHDRS { co<|>de PT_LOAD; }\nSECTIONS { TEXT }\n";
    assert.match(rename(script + header, "c"), /include\/b\.lds\.h:1 has the segment 'code' too/);
  });

  it("are not renamed where a macro may make something else of them", () => {
    const script = "//- /a.lds.S\nPHDRS { co<|>de PT_LOAD; }\nSECTIONS { PUT(.a, code) }\n";
    assert.match(rename(script, "c"), /a\.lds\.S:2: it can't be told/);
  });
});
