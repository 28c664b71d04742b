import assert from "node:assert/strict";
import { readScript } from "../../../server/src/syntax/ld/read-script.ts";
import type { LdScript } from "../../../server/src/syntax/ld/tree.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

function read(text: string, path = "link.ld"): LdScript {
  return readScript(path, sourceOfText(text));
}

function regionsOf({ statements }: LdScript): string[] {
  return statements.flatMap((statement) =>
    statement.kind === "memory"
      ? statement.regions.map((region) => (region.kind === "region" ? region.name.text : region.kind))
      : [],
  );
}

describe("a script whose preprocessing shows in its text", () => {
  for (const [what, text] of [
    [
      "a continued line",
      "MEMORY { .sram : ORIGIN = BASE,\\\n LENGTH = SIZE }\nSECTIONS { .text : { *(.text) } > .sram }\n",
    ],
    ["a continued ASSERT", 'SECTIONS { .text : { *(.text) } }\nASSERT(x % 8 == 0, \\\n "odd");\n'],
    ["a comment to the line's end", "SECTIONS { // all the code\n  .text : { *(.text) } // (and more\n}\n"],
    ["a call of a macro for a section's head", "SECTION_PROLOGUE(.fw_metadata,,)\n{\n  KEEP (*(*.fw_metadata))\n}\n"],
    ["a call of a macro that makes a section", "ITERABLE_SECTION_ROM(uuid_entry, 4)\n"],
    ["a macro as a statement", "SECTIONS {\n  .text : { *(.text) }\n  DEBUG_SECTIONS\n  .data : { *(.data) }\n}\n"],
  ] as const) {
    it(`is read as one with ${what}`, () => {
      const script = read(text);
      assert.deepEqual(script.errors, []);
      assert.ok(script.preprocessed);
    });
  }

  for (const [what, text] of [
    ["a file below a folder", "SECTIONS { .text : { *lib//a.o(.text) } }"],
    ["a region with an underscore", "MEMORY {\n FLASH_A(rwx) : ORIGIN = 0, LENGTH = 1K\n}\n"],
    ["a file in capitals", "SECTIONS { .text : {\n START_UP(.text .text.*)\n BOOT_ROM(*)\n} }"],
    ["a command with a letter too many", "OUTPUT_FORMATT(elf64)\n"],
    ["names of a list", "EXTERN(\n  FOO\n  BAR\n)\n"],
    ["a region on its own line", "SECTIONS { .text : { *(.text) } >\n FLASH\n .data : { *(.data) } }"],
    ["a backslash in a string", 'ASSERT(1, "a\\\nb")'],
    ["a comment with //", "/* see http://example.org\n // x */\n"],
  ] as const) {
    it(`is not one with ${what}`, () => {
      assert.ok(!read(text).preprocessed);
    });
  }
});

describe("regions whose names are macros", () => {
  const block = "MEMORY { FLASH (rx) : ORIGIN = 0, LENGTH = 1K\n ram (rwx) : ORIGIN = 4K, LENGTH = 1K }\n";

  for (const [what, defines] of [
    ["that have no parameters", "#define FLASH rom\n"],
    ["of another branch", "#if A\nflash_size = 1;\n#else\n# define FLASH rom\n#endif\n"],
    ["of a header", "#include <board.h>\n"],
  ] as const) {
    it(`${what} are regions with attributes`, () => {
      const script = read(defines + block);
      assert.deepEqual(script.errors, []);
      assert.deepEqual(regionsOf(script), ["FLASH", "ram"]);
    });
  }

  it("are calls where a macro of the file stands for whole regions", () => {
    const script = read("#define BANK(n) bank##n : ORIGIN = n * 4K, LENGTH = 4K\nMEMORY { BANK(0) BANK(1) }\n");
    assert.deepEqual(script.errors, []);
    assert.deepEqual(regionsOf(script), ["macro-call", "macro-call"]);
  });
});

describe("recovery within MEMORY", () => {
  it("keeps the regions around a broken one", () => {
    const script = read(
      "MEMORY {\n  a : ORIGIN = 0, LENGTH = 1K\n  b (rx : ORIGIN\n  c : ORIGIN = 4K, LENGTH = 1K\n}\n",
    );
    assert.equal(script.errors.length, 1);
    assert.deepEqual(
      regionsOf(script).filter((name) => name !== "b"),
      ["a", "c"],
    );
  });
});

describe("strings over several lines", () => {
  const text = 'SECTIONS { .text : { *(.text) } }\nASSERT(1, "\nERROR: it\'s too small\n(try more)");\nend = .;\n';

  for (const path of ["link.ld", "link.x.in", "link.ld.S"]) {
    it(`are strings in ${path}`, () => {
      const script = read(text, path);
      assert.deepEqual(script.errors, []);
      assert.ok(script.uses.some((use) => use.text === "end"));
    });
  }

  it("do not begin at a quote that stands alone", () => {
    const script = read('#define INCH 3" disk\nSECTIONS { .text : { *(.text) } }\nENTRY("start")\n');
    assert.ok(script.statements.some(({ kind }) => kind === "sections"));
  });
});

describe("paths that look like the start of a comment", () => {
  it("are names in what cpp passes with its comments", () => {
    const script = read(
      "SECTIONS { .a : { *a/*/b.*(.rodata .rodata.*)\n *xtensa/*(.text) *(EXCLUDE_FILE(*bt/*) .data)\n *(EXCLUDE_FILE(*c/bt/* *d.a) .e EXCLUDE_FILE(*c/bt/*) .f)\n } /* c */ .b : { *(.b) } }\n",
      "s.ld.in",
    );
    assert.deepEqual(script.errors, []);
    assert.ok(script.uses.some((use) => use.role === "section" && use.text === ".b"));
  });

  it("are comments where one ends", () => {
    const script = read("SECTIONS { .a : { *(.a/*b*/) *(.c) } }\n", "s.lds.S");
    assert.deepEqual(script.errors, []);
  });
});

describe("fragments", () => {
  it("of MEMORY are regions", () => {
    const script = read("/* board */\nrom (rx) : ORIGIN = 0, LENGTH = 1M\nram : ORIGIN = 2M, LENGTH = 1M\n");
    assert.equal(script.context, "memory");
    assert.deepEqual(script.errors, []);
    assert.deepEqual(regionsOf(script), ["rom", "ram"]);
  });

  it("of SECTIONS are output sections", () => {
    const script = read(".text : { *(.text) } > rom\n.data : { *(.data) } > ram\n");
    assert.equal(script.context, "sections");
    assert.deepEqual(script.errors, []);
  });

  it("of an output section are patterns", () => {
    const script = read("KEEP(*(.init.*))\n. = ALIGN(8);\n*(.text .text.*)\n");
    assert.equal(script.context, "section");
    assert.deepEqual(script.errors, []);
  });

  it("are none that have a block and a mistake", () => {
    const script = read("SECTIONS { .text : { *(.text } }\n");
    assert.equal(script.context, "file");
    assert.equal(script.errors.length, 1);
  });
});

describe("templates", () => {
  for (const [mark, text] of [
    ["@RAM_SIZE@", "MEMORY { ram : ORIGIN = 0, LENGTH = @RAM_SIZE@ }"],
    ["$" + "{FLASH}", "MEMORY { FLASH(rx) : ORIGIN = 0, LENGTH = $" + "{FLASH} }"],
    ["%SIZE%", "MEMORY { ram : ORIGIN = 0, LENGTH = %SIZE% }"],
    ["{%", "SECTIONS { {% if kept %} .a : { *(.a) } {% endif %} }"],
    // Green Hills, CodeWarrior and IAR.
    ["OPTION", 'OPTION ("-e=_reset")\nSECTIONS { .a : { "*(.a.*)" } > flash }'],
    ["DEFAULTS", "DEFAULTS {\n  HEAP = 1K\n}\nSECTIONS { .heap align(8) pad(HEAP) : > ram }"],
    ["ENDADDR", "SECTIONS { .a : { *(.a) } end_of_ram = ENDADDR(ram); }"],
    ["FORCE_ACTIVE", "FORCE_ACTIVE { reset vectors }\nSECTIONS { .a : { *(.a) } >> rom }"],
    ["define", "define symbol ram_start = 0x20000000;\nplace in RAM { readwrite };"],
    ["#IF BOOT", "SECTIONS {\n#IF BOOT\n .a : { *(.a)\n#ELSE\n .b : {\n#ENDIF\n } }"],
  ] as const) {
    it(`with ${mark} are not judged`, () => {
      const script = read(text);
      assert.equal(script.template, mark);
      assert.deepEqual(script.errors, []);
    });
  }

  it("are none for a mark within a comment", () => {
    assert.equal(read("/* OPTION (x) */ define = 1; OPTION = 2; a = DEFAULTS;").template, undefined);
    assert.equal(read("/* mail a@b.c@d, {{ x }} */ x = 1 % SIZE;").template, undefined);
  });
});
