// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are places of the cursor, as snippets have them.
import assert from "node:assert/strict";
import { completeScript, type ScriptCompletions } from "../../server/src/features/script-completion.ts";
import { scriptOf } from "../../server/src/linkage/facts/parsed.ts";
import { parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";

function complete(fixture: string, path = "a.lds"): ScriptCompletions {
  const { files, cursor } = parseFixture(fixture.startsWith("//-") ? fixture : `//- /${path}\n${fixture}\n`);
  assert.ok(cursor !== undefined);
  const { program } = loadFixture(files);
  const source = program.texts.source(cursor.path)!;
  return completeScript(cursor.path, scriptOf(cursor.path, source), cursor.span.start, program);
}

function labels(fixture: string, path?: string): string[] {
  return complete(fixture, path).items.map((item) => item.label);
}

function offers(fixture: string, wanted: readonly string[], unwanted: readonly string[], path?: string): void {
  const found = labels(fixture, path);
  for (const label of wanted) assert.ok(found.includes(label), `${label} among ${found.join(" ")}`);
  for (const label of unwanted) assert.ok(!found.includes(label), `no ${label} among ${found.join(" ")}`);
}

describe("completion in linker scripts", () => {
  it("offers at the top what may stand there", () => {
    offers("<|>", ["SECTIONS", "MEMORY", "PHDRS", "ENTRY", "PROVIDE"], ["KEEP", "ALIGN", "BYTE"]);
  });

  it("offers in SECTIONS what may stand there", () => {
    offers("SECTIONS { <|>", ["PROVIDE", "OVERLAY", "/DISCARD/", "ASSERT"], ["MEMORY", "KEEP", "AT>"]);
  });

  it("offers in an output section what may stand there", () => {
    offers("SECTIONS { .a : { <|>", ["KEEP", "BYTE", "FILL", "COMMON", "PROVIDE"], ["MEMORY", "OVERLAY"]);
  });

  it("offers in a macro's body what may stand among sections and within one", () => {
    offers("#define X <|>", ["KEEP", "OVERLAY"], ["MEMORY"], "a.lds.h");
  });

  it("filters by what was typed, both cases alike", () => {
    assert.deepEqual(labels("out<|>"), ["OUTPUT", "OUTPUT_FORMAT", "OUTPUT_ARCH"]);
  });

  it("replaces what was typed before the cursor", () => {
    const { replaced } = complete("x = ali<|>gn");
    assert.deepEqual(replaced, { start: 4, end: 7 });
  });

  it("offers functions, macros and symbols in expressions", () => {
    const fixture = "#define SIZE 4\nstart = 1;\nend = <|>";
    offers(fixture, ["ALIGN", "SIZEOF_HEADERS", "SIZE", "start"], ["SECTIONS"], "a.lds.S");
  });

  it("offers the symbols of the tree that begin as what was typed", () => {
    const fixture = "//- /a.lds\nx = tab<|>\n//- /a.c\nint table; int table_size; int stable; int Table;\n";
    assert.deepEqual(labels(fixture), ["table", "table_size"]);
  });

  it("says that there may be more where one letter was typed", () => {
    const fixture = "//- /a.lds\nx = t<|>\n//- /a.c\nint table;\n";
    const { items, isIncomplete } = complete(fixture);
    assert.equal(isIncomplete, true);
    assert.deepEqual(items, []);
  });

  it("offers what names a section, region or segment where one is wanted", () => {
    const script =
      "MEMORY { ram : ORIGIN = 0, LENGTH = 1K }\nPHDRS { text PT_LOAD; }\nSECTIONS { .a : { } .b : { *(.b) } ";
    assert.deepEqual(labels(`${script}><|>`), ["ram"]);
    assert.deepEqual(labels(`${script}>ram AT><|>`), ["ram"]);
    assert.deepEqual(labels(`${script}:<|>`), ["text", "NONE"]);
    assert.deepEqual(labels(`${script}x = SIZEOF(<|>`), [".a", ".b"]);
    assert.deepEqual(labels(`${script}x = LENGTH(<|>`), ["ram"]);
    offers(`${script}<|>`, ["AT>", "PROVIDE"], []);
  });

  it("does not offer the very word that is being typed as a name", () => {
    assert.deepEqual(labels("SECTIONS { .abc : { } x = ADDR(.ab<|>) }"), [".abc"]);
    assert.ok(!labels("SECTIONS { foo<|> = 1; }").includes("foo"));
  });

  it("offers the names and macros of scripts' headers that are included", () => {
    const header = "//- /include/asm-generic/vmlinux.lds.h\n#define RO_DATA(align) .rodata : { }\n";
    const fixture = `//- /a.lds.S\n#include <asm-generic/vmlinux.lds.h>\nSECTIONS {\n  <|>\n}\n${header}`;
    const item = complete(fixture).items.find((one) => one.label === "RO_DATA");
    assert.equal(item?.detail, "#define RO_DATA(align)");
    assert.equal(item?.snippet, "RO_DATA(${1:align})$0");
  });

  it("offers what a header of an output section, its type and a region take", () => {
    offers("SECTIONS { .a : <|>", ["AT", "SUBALIGN", "ONLY_IF_RO"], ["KEEP"]);
    offers("SECTIONS { .a (<|>", ["NOLOAD", "READONLY", "TYPE"], ["KEEP"]);
    assert.deepEqual(labels("MEMORY { a : <|>"), ["ORIGIN", "LENGTH"]);
    assert.deepEqual(labels("MEMORY { a (rw<|>"), ["rw", "rwx"]);
    offers("PHDRS { a PT_L<|>", ["PT_LOAD"], ["PT_NOTE"]);
    assert.deepEqual(labels("PHDRS { a PT_LOAD F<|>"), ["FILEHDR", "FLAGS"]);
    offers("SECTIONS { .a : { KEEP(<|>", ["SORT_BY_NAME", "EXCLUDE_FILE", "INPUT_SECTION_FLAGS"], ["BYTE"]);
    offers("SECTIONS { .a : { *(<|>", ["SORT", ".text.*", "COMMON"], ["BYTE"]);
    assert.deepEqual(labels("x = CONSTANT(M<|>"), ["MAXPAGESIZE"]);
    assert.deepEqual(labels("INSERT <|>"), ["AFTER", "BEFORE"]);
    assert.deepEqual(labels("INPUT(<|>"), ["AS_NEEDED"]);
  });

  it("offers the preprocessor's directives", () => {
    assert.deepEqual(labels("#if<|>", "a.lds.S"), ["if", "ifdef", "ifndef"]);
    assert.deepEqual(labels("#if<|>", "a.lds"), []);
  });

  it("offers macros and the options that the script asks for in conditions", () => {
    const text = "#define SIZE(x) x\n#ifdef CONFIG_SMP\n#endif\n";
    offers(`${text}#ifdef <|>`, ["SIZE", "CONFIG_SMP"], ["defined", "ALIGN"], "a.lds.S");
    assert.equal(complete(`${text}#ifdef SI<|>`, "a.lds.S").items[0]?.snippet, undefined);
    offers(`${text}#if <|>`, ["SIZE", "CONFIG_SMP", "defined"], ["ALIGN"], "a.lds.S");
  });

  it("offers the headers that #include may name, part by part of their paths", () => {
    const tree =
      "//- /arch/x86/include/asm/page.h\n\n//- /arch/arm/include/asm/memory.h\n\n//- /include/linux/const.h\n\n" +
      "//- /arch/x86/kernel/own.h\n\n//- /arch/x86/kernel/a.lds.S\n";
    assert.deepEqual(labels(`${tree}#include <<|>\n`), ["asm/", "linux/"]);
    const found = complete(`${tree}#include <asm/<|>\n`);
    assert.deepEqual(
      found.items.map((item) => item.label),
      ["page.h"],
    );
    assert.deepEqual([found.replaced, found.isIncomplete], [{ start: 14, end: 14 }, true]);
    assert.deepEqual(labels(`${tree}#include "<|>\n`), ["own.h"]);
  });

  it("offers the scripts that INCLUDE may name", () => {
    const tree = "//- /b/mem.ld\n\n//- /b/sub/c.lds\n\n//- /other.ld\n\n//- /b/a.ld\n";
    assert.deepEqual(labels(`${tree}INCLUDE <|>\n`), ["mem.ld", "sub/"]);
    assert.deepEqual(labels(`${tree}INCLUDE sub/<|>\n`), ["c.lds"]);
  });

  it("offers formats, machines and types of sections", () => {
    offers("OUTPUT_FORMAT(elf64-<|>", ["elf64-x86-64", "elf64-littleaarch64"], ["elf32-i386"]);
    assert.deepEqual(labels("OUTPUT_ARCH(i386:<|>"), ["i386:x86-64", "i386:x64-32"]);
    offers("SECTIONS { .a (TYPE = <|>", ["SHT_NOBITS"], ["ALIGN", "NOLOAD"]);
  });

  it("offers nothing in comments, strings and numbers, and no commands behind `#`", () => {
    for (const text of ["/* SEC<|>", 'ASSERT(1, "SEC<|>', "x = 0<|>", "# SEC<|>", "/*\n# inc<|>"]) {
      assert.deepEqual(labels(text, "a.lds.S"), [], text);
    }
  });

  it("documents what it offers", () => {
    const bare = complete("SECTIONS { .a : { <|>").items.filter(
      (item) => item.kind === "command" && !item.documentation,
    );
    assert.deepEqual(bare, []);
    const functions = complete("x = <|>").items.filter((item) => item.kind === "function" && !item.documentation);
    assert.deepEqual(functions, []);
  });
});
