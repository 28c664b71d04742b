import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import picomatch from "picomatch";
import { documentSelector } from "../../client/src/document-selector.ts";
import { languageOf } from "../../server/src/linkage/facts/extract.ts";
import {
  activationEvents,
  editorNames,
  isBuildFile,
  isIncludableName,
  isPlainScriptName,
  isUnreadDescription,
  kindOfName,
  watchedGlobs,
} from "../../server/src/linkage/facts/file-kinds.ts";
import { sourceOfText } from "../../server/src/text/source.ts";

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as {
  activationEvents: string[];
  contributes: { languages: { extensions: string[]; filenames: string[] }[] };
};

const SCRIPTS = [
  "a.ld", "a.lds", "a.ldscript", "a.lds.S", "a.lds.h", "a.lds.in", "a.ld.in", "a.ldS", "a.ldsS", "b/Linker.LD", "a.ld.template",
  "a.template.ld", "a.x", "a.x.in", "elf_i386.xsc", "vmlinux.scr", "a.script", "ld.script", "b/linkcmds", "linkcmds.base",
  "ldscript.amd64", "a.t", "libx.map", "a.ver", "a.dyn",
]; // biome-ignore format: one list
const OTHERS = ["a.c", "a.h", "a.c_shipped", "a.S", "a.s", "a.asm"];
const ANY_ENDING = new Set(["elf_i386.xsc", "linkcmds.base", "ldscript.amd64"]);
const BUILD = ["Makefile", "b/Makefile.am", "GNUmakefile", "Kbuild", "Kconfig.debug", "rules.mk", "Platform"];

describe("the table of file kinds", () => {
  const isWatched = picomatch(watchedGlobs(), { dot: true });
  const isSelected = picomatch(
    documentSelector(["file"]).flatMap((filter) =>
      typeof filter !== "string" && "pattern" in filter ? [String(filter.pattern)] : [],
    ),
  );

  for (const path of [...SCRIPTS, ...OTHERS]) {
    it(`reads ${path}, has it watched and is asked about it`, () => {
      assert.ok(kindOfName(path) !== undefined);
      assert.ok(isWatched(path));
      // Names with any ending, and the stock scripts of ld, are the server's once their language is chosen.
      assert.ok(isSelected(path) || ANY_ENDING.has(path));
    });
  }

  for (const path of BUILD) {
    it(`takes ${path} for a build file, has it watched and is asked about it`, () => {
      assert.ok(isBuildFile(path));
      assert.ok(isSelected(path));
      assert.ok(isWatched(path));
    });
  }

  for (const path of ["SConstruct", "b/BUILD.bazel", "xmake.lua", "MDK-ARM/fw.uvprojx", "build.sh", "b/make-all.sh"]) {
    it(`watches ${path}, which tells another build of sources`, () => {
      assert.ok(isBuildFile(path));
      assert.ok(isUnreadDescription(path));
      assert.ok(isWatched(path));
    });
  }

  it("leaves other names alone", () => {
    for (const path of [
      "a.md",
      "a.xml",
      "a.ts",
      "app.js.map",
      "Makefilex",
      "a.slds",
      "BUILDING",
      "run.sh",
      "rebuild.sh",
    ]) {
      assert.equal(kindOfName(path), undefined, path);
    }
  });

  it("tells what INCLUDE and #include may name", () => {
    for (const path of ["a.ld", "a/b.lds", "c.x", "linkcmds", "d.ld.inc"]) assert.ok(isPlainScriptName(path), path);
    for (const path of ["fw.map", "a.ver", "a.lds.S", "a.ld.in", "a.c"]) assert.ok(!isPlainScriptName(path), path);
    for (const path of ["a.h", "a.lds.h", "a.inc", "a.lds.S", "a.ld"]) assert.ok(isIncludableName(path), path);
    for (const path of ["a.c", "fw.map", "a.md"]) assert.ok(!isIncludableName(path), path);
  });

  it("is what the manifest says", () => {
    const [language] = manifest.contributes.languages;
    assert.deepEqual(language!.extensions, editorNames().extensions);
    assert.deepEqual(language!.filenames, editorNames().filenames);
    assert.deepEqual(manifest.activationEvents, activationEvents());
  });
});

describe("names that other languages have, too", () => {
  for (const [path, text, language] of [
    ["a.x", "SECTIONS { .text : { *(.text) } }", "ld"],
    ["a.t", "/* flash */\nOUTPUT_ARCH(arm)\nSECTIONS\n{\n}\n", "ld"],
    ["ld.script", "ENTRY(start)\n", "ld"],
    [
      "rpc.x",
      "const MAX = 4;\nstruct r {\n int a;\n};\nprogram P { version V { int F(void) = 1; } = 1; } = 2;\n",
      undefined,
    ],
    ["rpc.x", "%#include <x.h>\ntypedef string s<>;\n", undefined],
    ["00-load.t", "#!/usr/bin/perl\nuse Test::More;\nmy $x = 1;\n", undefined],
    ["deploy.script", "echo start\n", undefined],
    [
      "ghs.ld",
      "MEMORY { flash : ORIGIN = 0, LENGTH = 1M }\nSECTIONS\n{\n .text : > flash\n .data : > .\n}\n",
      undefined,
    ],
    ["plain.ld", "x = 1;\n", "ld"],
  ] as const) {
    it(`takes ${path} with ${JSON.stringify(text.slice(0, 30))} for ${language ?? "none of ours"}`, () => {
      assert.equal(languageOf(path, sourceOfText(text)), language);
    });
  }
});
