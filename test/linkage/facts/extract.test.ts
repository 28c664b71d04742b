import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { findLanguage, languageOf, readFacts } from "../../../server/src/linkage/facts/extract.ts";
import { tellLanguage } from "../../../server/src/linkage/facts/told-language.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

describe("extract", () => {
  for (const [path, language] of [
    ["kernel/fork.c", "c"],
    ["include/linux/types.h", "c"],
    ["drivers/tty/vt/defkeymap.c_shipped", "c"],
    ["arch/x86/entry/entry_64.S", "asm"],
    ["boot.s", "asm"],
    ["arch/x86/kernel/vmlinux.lds.S", "ld"],
    ["include/asm-generic/vmlinux.lds.h", "ld"],
    ["arch/x86/boot/setup.ld", "ld"],
    ["stm32.ld.in", "ld"],
    ["elf_x86_64.x", "ld"],
    ["ldscripts/elf32_x86_64.xsce", "ld"],
    ["ldscripts/aarch64elf.xbn", "ld"],
    ["ldscripts/i386pep.xa", "ld"],
    ["boot.ldscript", "ld"],
    ["arch/sh/boot/compressed/vmlinux.scr", "ld"],
    ["tools/lib/bpf/libbpf.map", "ld"],
    ["Storable.xs", undefined],
    ["main.rs", "other"],
    ["Makefile", undefined],
    ["ld", undefined],
    ["c.h/README", undefined],
  ] as const) {
    it(`takes ${path} for ${language ?? "no source"}`, () => assert.equal(findLanguage(path), language));
  }

  it("takes for scripts what the extension's manifest calls so", () => {
    const { contributes } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
    const [language] = contributes.languages;
    for (const extension of language.extensions) assert.equal(findLanguage(`a${extension}`), "ld", extension);
    for (const name of language.filenames) assert.equal(findLanguage(`boot/${name}`), "ld", name);
  });

  const names = (path: string, text: string, includeLocal = false) =>
    readFacts(path, sourceOfText(text), { includeLocal }).symbols.map((fact) => `${fact.name} ${fact.role}`);

  it("reads each language's facts", () => {
    assert.deepEqual(names("a.c", "extern int foo;\n"), ["foo declaration"]);
    assert.deepEqual(names("a.S", ".globl foo\nfoo:\n"), ["foo definition"]);
    assert.deepEqual(names("a.lds", "foo = 1; PROVIDE(bar = .);"), ["foo assignment", "bar provide"]);
  });

  it("gives symbols with internal linkage when asked to", () => {
    assert.deepEqual(names("a.c", "static int foo;\n"), []);
    assert.deepEqual(names("a.c", "static int foo;\n", true), ["foo tentative"]);
  });

  it("tells by the text what a name leaves open", () => {
    const language = (path: string, text: string) => languageOf(path, sourceOfText(text));
    assert.equal(language("a.map", "V { global: a; };\n"), "ld");
    assert.equal(language("a.map", "keycode 1 = Escape\n"), undefined);
    const map = "Archive member included to satisfy reference by file (symbol)\n\n.text 0x0 0x4\n *(.text)\n";
    assert.equal(language("a.map", map), undefined);
    assert.equal(language("a.map", `There are no discarded input sections\n\n.text 0x0 0x4\n *(.text)\n`), undefined);
    assert.equal(language("image-vars.h", "#ifndef X\nPROVIDE(a = b);\n"), "ld");
    const macro = "#define SECTION_bss \\\n\t.bss : {\t\\\n\t\tPROVIDE(end = .);\t\\\n\t}\n";
    assert.equal(language("ldscript.h", macro), "ld");
    assert.equal(language("module.h", "#define X \\\n\tPROVIDE(name, a == b)\n"), "c");
  });

  it("takes an editor's word for the language of a text, and of no other", () => {
    const source = sourceOfText("SECTIONS { }\n");
    tellLanguage(source, "ld");
    assert.equal(languageOf("link.txt", source), "ld");
    assert.equal(languageOf("link.txt", sourceOfText("SECTIONS { }\n")), undefined);
  });

  it("has no facts of anything else", () => {
    assert.deepEqual(names("README", "extern int foo;\n"), []);
  });
});
