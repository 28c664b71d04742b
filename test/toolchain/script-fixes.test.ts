/** Quick fixes of linker scripts, judged by ld: what it says before, and that it takes the script without a word afterwards. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fix } from "../../server/src/rules/rule.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { needTools, orSkip } from "../support/needed-tools.ts";
import { runOrThrow, runProgram } from "../support/run-program.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const OBJECT = `
.globl reset_handler
.section .text,"ax"
reset_handler: .quad 0
.section .text.hot,"ax"
.quad 1
.section .data,"aw"
.quad 2
`;

const REST = "/DISCARD/ : { *(*) }";

interface Case {
  readonly rule: string;
  readonly title: string;
  readonly before: string;
  /** The part of the script that the fix changes, as it is afterwards. */
  readonly after: string;
  /** ld says nothing of the defect, so that its silence afterwards proves nothing by itself. */
  readonly isSilent?: boolean;
}

const text = (body: string) => `SECTIONS { .text : { ${body} } ${REST} }`;
const inRegion = (memory: string, section: string) => `MEMORY { ${memory} } SECTIONS { ${section} ${REST} }`;

const cases: readonly Case[] = [
  { rule: "script-syntax", title: "Insert ';'", before: `a = 1\nb = 2; ${text("*(.text)")}`, after: "a = 1;\nb = 2;" },
  { rule: "script-syntax", title: "Insert ';'", before: text("a = 1 *(.text)"), after: "a = 1; *(.text)" },
  {
    rule: "script-syntax",
    title: "Insert ';'",
    before: text("*(.text) /* the end */ a = . /* here */"),
    after: "a = .; /* here */",
  },
  { rule: "script-syntax", title: "Insert ')'", before: text("*(.text"), after: "{ *(.text) }" },
  { rule: "script-syntax", title: "Insert ':'", before: `SECTIONS { .text { *(.text) } ${REST} }`, after: ".text : {" },
  { rule: "script-syntax", title: "Insert '}'", before: `SECTIONS { .text : { *(.text) } ${REST}\n`, after: "\n}" },
  {
    rule: "script-syntax",
    title: "Remove ';'",
    before: `SECTIONS { .text : { *(.text) }; ${REST} }`,
    after: "{ *(.text) } /DISCARD/",
  },
  {
    rule: "script-syntax",
    title: "Write '2048M'",
    before: inRegion("r : ORIGIN = 0, LENGTH = 2G", ".text : { *(.text) } >r"),
    after: "LENGTH = 2048M",
  },
  {
    rule: "script-syntax",
    title: "Write '64K'",
    before: inRegion("r : ORIGIN = 0, LENGTH = 64KB", ".text : { *(.text) } >r"),
    after: "LENGTH = 64K",
  },
  {
    rule: "script-syntax",
    title: "Write '0x10000000'",
    before: `a = 0x1000_0000; ${text("*(.text)")}`,
    after: "a = 0x10000000;",
  },
  {
    rule: "script-syntax",
    title: "Change to 'SECTIONS'",
    before: `SECTON { .text : { *(.text) } ${REST} }`,
    after: "SECTIONS {",
  },
  { rule: "script-syntax", title: "Change to 'KEEP'", before: text("KEP(*(.text))"), after: "KEEP(*(.text))" },
  {
    rule: "script-syntax",
    title: "Change to 'SIZEOF'",
    before: `${text("*(.text)")} a = SIZOF(.text);`,
    after: "SIZEOF(.text)",
  },
  {
    rule: "script-syntax",
    title: "Change to 'ORIGIN'",
    before: inRegion("r : ORGIN = 0, LENGTH = 4K", ".text : { *(.text) } >r"),
    after: "r : ORIGIN = 0",
  },
  {
    rule: "undeclared-region",
    title: "Change to 'FLASH'",
    before: inRegion("FLASH : ORIGIN = 0, LENGTH = 4K RAM : ORIGIN = 8K, LENGTH = 4K", ".text : { *(.text) } >FLSH"),
    after: ">FLASH",
  },
  {
    rule: "undeclared-segment",
    title: "Change to 'text'",
    before: `PHDRS { text PT_LOAD FLAGS(5); } SECTIONS { .text : { *(.text) } :txet ${REST} }`,
    after: ":text",
  },
  {
    rule: "undefined-entry",
    title: "Change to 'reset_handler'",
    before: `ENTRY(reset_handlr) ${text("*(.text)")}`,
    after: "ENTRY(reset_handler)",
  },
  {
    rule: "ineffective-provide",
    title: "Remove the PROVIDE of 'a'",
    before: `a = 1;\nPROVIDE(a = 2);\n${text("*(.text)")}`,
    after: "a = 1;\nSECTIONS",
    isSilent: true,
  },
  {
    rule: "assigned-twice",
    title: "Remove the assignment to 'a' that is lost",
    before: `a = 1;\na = 2;\n${text("*(.text)")}`,
    after: "a = 2;\nSECTIONS",
    isSilent: true,
  },
  {
    rule: "unmatched-pattern",
    title: "Put a blank in the comma's place",
    before: text("*(.text, .text.hot)"),
    after: "*(.text .text.hot)",
    isSilent: true,
  },
  {
    rule: "unmatched-pattern",
    title: "Put quotes around each name",
    before: text('*(".text .text.hot")'),
    after: '*(".text" ".text.hot")',
    isSilent: true,
  },
  {
    rule: "unmatched-pattern",
    title: "Remove the pattern that takes nothing",
    before: text("*(.text .text.*) *(.text.hot)"),
    after: "*(.text .text.*) }",
    isSilent: true,
  },
  {
    rule: "unmatched-pattern",
    title: "Write the range as 0-9",
    before: text("*(.text) *(.data.[9-0])"),
    after: "*(.data.[0-9])",
    isSilent: true,
  },
];

describe("quick fixes of linker scripts", function () {
  this.timeout(60_000);
  let folder: TemporaryFolder | undefined;

  before(async function () {
    await orSkip(this, () => needTools(["as", "ld"].map((command) => ({ command, debianPackage: "binutils" }))));
    folder = createTemporaryFolder({ "a.s": OBJECT });
    await runOrThrow("as", ["a.s", "-o", "a.o"], { folder: folder.path });
  });
  after(() => folder?.[Symbol.dispose]());

  /** What ld says of the script, "" where it takes it without a word. */
  async function ask(script: string): Promise<string> {
    const { path } = folder!;
    writeFileSync(join(path, "link.ld"), script);
    const words = ["--no-warn-rwx-segments", "-e", "0", "-T", "link.ld", "a.o", "-o", "out"];
    // An ENTRY of the script is what counts where it has one.
    if (script.includes("ENTRY(")) words.splice(1, 2);
    const { stdout, stderr } = await runProgram("ld", words, { folder: path });
    return `${stdout}${stderr}`;
  }

  function fixesOf(rule: string, script: string): readonly Fix[] {
    const fixture = loadFixture([
      { path: "link.ld", text: script },
      { path: "a.s", text: OBJECT },
    ]);
    const findings = fixture.findings().get("link.ld") ?? [];
    const finding = findings.find((one) => one.rule === rule);
    assert.ok(finding !== undefined, `found: ${findings.map((one) => one.rule).join(", ")}`);
    return fixture.ruleOf(rule).fixes!(finding, fixture.context("link.ld"));
  }

  for (const { rule, title, before, after, isSilent } of cases) {
    it(`${rule}: ${title}: …${after.trim()}…`, async () => {
      const [fix, ...others] = fixesOf(rule, before);
      assert.equal(fix?.title, title, others.map((one) => one.title).join(", "));
      const [edit] = fix.edits;
      assert.ok(edit !== undefined && "edits" in edit);
      const fixed = applyEdits(before, edit.edits)!;
      assert.ok(fixed.includes(after), fixed);
      assert.equal((await ask(before)) === "", isSilent === true);
      assert.equal(await ask(fixed), "");
      const left = loadFixture([
        { path: "link.ld", text: fixed },
        { path: "a.s", text: OBJECT },
      ]).findings();
      assert.deepEqual(
        (left.get("link.ld") ?? []).filter((one) => one.rule === rule),
        [],
      );
    });
  }
});
