/**
 * What the rules on linker scripts claim of ld, tried on ld itself: for each rule a small script that has the defect, what ld
 * says of it, what it makes of it, and that the rule finds it.
 */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadFixture } from "../support/fixture-program.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { type ProgramResult, runOrThrow, runProgram } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const OBJECT = `
.globl _start
.section .text,"ax"
_start: .quad wanted
.section .text.hot,"ax"
nop
.section .data,"aw"
.long 1
.section .data.late,"aw"
.long 2
.weak wanted
`;

/** The rest of the sections, so that none is placed by ld itself. */
const REST = "/DISCARD/ : { *(*) }";

interface Claim {
  readonly rule: string;
  readonly what: string;
  readonly script: string;
  /** What ld prints; undefined where it prints nothing at all. */
  readonly says: RegExp | undefined;
  /** ld rejects the link. */
  readonly fails?: boolean;
  readonly options?: readonly string[];
  /** Lines that `nm` or `objdump -h` print of the output, as `name value` and `section size address`. */
  readonly symbols?: readonly string[];
  readonly sections?: readonly string[];
}

const claims: readonly Claim[] = [
  {
    rule: "undeclared-region",
    what: "makes a region at address 0 and goes on",
    script: `MEMORY { ram : ORIGIN = 0x1000, LENGTH = 64K } SECTIONS { .text : { *(.text) } >rom ${REST} }`,
    says: /warning: memory region `rom' not declared/,
    sections: [".text 8 0"],
  },
  {
    rule: "undeclared-region",
    what: "looks a region up when it reads the section",
    script: `SECTIONS { .text : { *(.text) } >ram ${REST} } MEMORY { ram : ORIGIN = 0x1000, LENGTH = 64K }`,
    says: /warning: memory region `ram' not declared/,
  },
  {
    rule: "undeclared-segment",
    what: "rejects a section in a program header that is not there",
    script: `PHDRS { text PT_LOAD; } SECTIONS { .text : { *(.text) } :data ${REST} }`,
    says: /section `\.text' assigned to non-existent phdr `data'/,
    fails: true,
  },
  {
    rule: "undeclared-segment",
    what: "says nothing of it while the section is empty",
    script: `PHDRS { text PT_LOAD FLAGS(5); } SECTIONS { .text : { *(.text) } :text .none : { *(.none) } :data ${REST} }`,
    says: undefined,
  },
  {
    rule: "declared-twice",
    what: "takes the second declaration of a region",
    script: `MEMORY { ram : ORIGIN = 0x1000, LENGTH = 64K ram : ORIGIN = 0x8000, LENGTH = 4K }
      SECTIONS { .text : { *(.text) } >ram ${REST} }`,
    says: /warning: redeclaration of memory region `ram'/,
    sections: [".text 8 8000"],
  },
  {
    rule: "declared-twice",
    what: "keeps both of two program headers",
    script: `PHDRS { text PT_LOAD FLAGS(5); text PT_LOAD FLAGS(5); } SECTIONS { .text : { *(.text) } :text ${REST} }`,
    says: undefined,
  },
  {
    rule: "repeated-section",
    what: "makes two sections, and SIZEOF speaks of the first",
    script: `SECTIONS { .data : { *(.data) } .text : { *(.text) } .data : { *(.data.late) *(.text.hot) } size = SIZEOF(.data); ${REST} }`,
    says: undefined,
    sections: [".data 4 0", ".text 8 4", ".data 5 c"],
    symbols: ["size 4"],
  },
  {
    rule: "undefined-entry",
    what: "starts elsewhere without the symbol of ENTRY",
    script: `ENTRY(reset) SECTIONS { .text : { *(.text) } ${REST} }`,
    says: /warning: cannot find entry symbol reset; defaulting to/,
  },
  {
    rule: "undefined-entry",
    what: "says nothing where a shared object's ENTRY is not there",
    script: `ENTRY(reset) SECTIONS { .text : { *(.data) } .dynamic : { *(.dynamic) } .hash : { *(.hash) *(.gnu.hash) }
      .dynstr : { *(.dynstr) } .dynsym : { *(.dynsym) } ${REST} }`,
    options: ["-shared"],
    says: undefined,
  },
  {
    rule: "undefined-entry",
    what: "leaves the symbol of EXTERN undefined",
    script: `EXTERN(board_table) SECTIONS { .text : { *(.text) } ${REST} }`,
    says: undefined,
    symbols: ["board_table U"],
  },
  {
    rule: "assigned-twice",
    what: "keeps the last value",
    script: `SECTIONS { .text : { *(.text) } mark = 1; mark = 2; ${REST} }`,
    says: undefined,
    symbols: ["mark 2"],
  },
  {
    rule: "ineffective-provide",
    what: "prefers an assignment before PROVIDE",
    script: `SECTIONS { .text : { *(.text) } wanted = 1; PROVIDE(wanted = 2); ${REST} }`,
    says: undefined,
    symbols: ["wanted 1"],
  },
  {
    rule: "ineffective-provide",
    what: "prefers an assignment behind PROVIDE",
    script: `SECTIONS { .text : { *(.text) } PROVIDE(wanted = 2); wanted = 1; copy = wanted; ${REST} }`,
    says: undefined,
    symbols: ["wanted 1", "copy 1"],
  },
  {
    rule: "false-assertion",
    what: "rejects the link",
    script: `MEMORY { ram : ORIGIN = 0, LENGTH = 16K } need = 0x8000;
      SECTIONS { .text : { *(.text) } >ram ${REST} } ASSERT(need <= LENGTH(ram), "no room")`,
    says: /no room/,
    fails: true,
  },
  {
    rule: "overlapping-regions",
    what: "says nothing of regions that overlap",
    script: `MEMORY { a : ORIGIN = 0x1000, LENGTH = 64K b : ORIGIN = 0x2000, LENGTH = 4K }
      SECTIONS { .text : { *(.text) } >a .data : { *(.data) } >b ${REST} }`,
    says: undefined,
  },
  {
    rule: "overlapping-regions",
    what: "rejects sections that overlap in them",
    script: `MEMORY { a : ORIGIN = 0x1000, LENGTH = 64K b : ORIGIN = 0x2000, LENGTH = 4K }
      SECTIONS { .text : { *(.text) . = 0x1001; } >a .data : { *(.data) } >b ${REST} }`,
    says: /section \.data [LV]MA \[.*overlaps section \.text/,
    fails: true,
  },
  {
    rule: "overfull-region",
    what: "rejects the link",
    script: `MEMORY { ram : ORIGIN = 0, LENGTH = 16 } SECTIONS { .text : { *(.text) . += 16; QUAD(1) } >ram ${REST} }`,
    says: /section `\.text' will not fit in region `ram'/,
    fails: true,
  },
  {
    rule: "missing-include",
    what: "stops",
    script: "INCLUDE no/such/file.ld",
    says: /cannot open linker script file no\/such\/file\.ld/,
    fails: true,
  },
  {
    rule: "missing-include",
    what: "stops at a script that includes itself",
    script: `SECTIONS { .text : { *(.text) } ${REST} } INCLUDE link.ld`,
    says: /appears multiple times|nested too deeply/,
    fails: true,
  },
  ...patternClaim("takes a comma for a part of the name", "*(.text.hot, .data)", ["out 4"]),
  ...patternClaim("takes two names in quotes for one", '*(".text.hot .data") *(.data)', ["out 4"]),
  ...patternClaim("takes a bracket that is not closed as it stands", "*(.text.[hx*) *(.data)", ["out 4"]),
  ...patternClaim("finds nothing in a range that runs backwards", "*(.text.[z-a]*) *(.data)", ["out 4"]),
  ...patternClaim("finds no file behind EXCLUDE_FILE(*)", "*(EXCLUDE_FILE(*) .text.hot) *(.data)", ["out 4"]),
  {
    rule: "unmatched-pattern",
    what: "gives sections to the first pattern that matches",
    script: `SECTIONS { out : { *(.text.*) } late : { *(.text.hot) *(.data) } ${REST} }`,
    says: undefined,
    sections: ["out 1", "late 4"],
  },
  {
    rule: "unmatched-pattern",
    what: "does so where the first pattern discards them",
    script: `SECTIONS { /DISCARD/ : { *(.text.*) } out : { *(.text.hot) *(.data) } ${REST} }`,
    says: undefined,
    sections: ["out 4"],
  },
];

/** A claim about a pattern of which ld says nothing. */
function patternClaim(what: string, pattern: string, sections: readonly string[]): Claim[] {
  const script = `SECTIONS { out : { ${pattern} } ${REST} }`;
  return [{ rule: "unmatched-pattern", what, script, says: undefined, sections }];
}

describe("what ld makes of the defects that rules report", function () {
  this.timeout(60_000);
  let folder: TemporaryFolder | undefined;

  before(async function () {
    await orSkip(this, () =>
      needTools(["as", "ld", "nm", "objdump"].map((command) => ({ command, debianPackage: "binutils" }))),
    );
    folder = createTemporaryFolder({ "a.s": OBJECT });
    await runOrThrow("as", ["a.s", "-o", "a.o"], { folder: folder.path });
  });
  after(() => folder?.[Symbol.dispose]());

  async function link(claim: Claim): Promise<{ result: ProgramResult; path: string }> {
    const { path } = folder!;
    writeFileSync(join(path, "link.ld"), `${claim.script}\n`);
    const words = ["--no-warn-rwx-segments", ...(claim.options ?? []), "-T", "link.ld", "a.o", "-o", "out"];
    return { result: await runProgram("ld", words, { folder: path }), path };
  }

  for (const claim of claims) {
    it(`${claim.rule}: ld ${claim.what}`, async () => {
      const { result, path } = await link(claim);
      // ld warns of an ENTRY that no claim but its own is about.
      const said = `${result.stdout}${result.stderr}`.replace(/^.*cannot find entry symbol _start.*\n/gm, "");
      if (claim.says === undefined) assert.equal(said, "");
      else assert.match(said, claim.says);
      assert.equal(result.status !== 0, claim.fails === true, said);
      if (claim.symbols !== undefined) {
        const printed = (await runOrThrow("nm", ["out"], { folder: path })).split("\n").map((line) => {
          const [, value, kind, name] = /^(\S*)\s+(\S) (.*)$/.exec(line) ?? [];
          return kind === "U" ? `${name} U` : `${name} ${Number.parseInt(value ?? "", 16).toString(16)}`;
        });
        for (const symbol of claim.symbols) assert.ok(printed.includes(symbol), `${symbol} in ${printed.join(", ")}`);
      }
      if (claim.sections !== undefined) {
        const printed = (await runOrThrow("objdump", ["-h", "out"], { folder: path })).split("\n").flatMap((line) => {
          const [, name, size, address] = /^\s*\d+ (\S+)\s+(\S+)\s+(\S+)/.exec(line) ?? [];
          if (name === undefined) return [];
          return [`${name} ${Number.parseInt(size!, 16).toString(16)} ${Number.parseInt(address!, 16).toString(16)}`];
        });
        assert.equal(printed.length, claim.sections.length, printed.join(", "));
        for (const [i, section] of claim.sections.entries()) assert.ok(printed[i]?.startsWith(section), printed[i]);
      }
    });

    it(`${claim.rule}: reports that ld ${claim.what}`, () => {
      const files = [
        { path: "link.ld", text: `${claim.script}\n` },
        { path: "start.c", text: "void first(void) {}\n" },
      ];
      const found = [...loadFixture(files).findings()].flatMap(([, findings]) => findings.map(({ rule }) => rule));
      assert.ok(found.includes(claim.rule), found.join(", "));
    });
  }
});
