/** Every reader of texts, each with a text that it knows all of, and pieces of which a long text is made. */

import { readBaseline } from "../../server/src/cli/baseline.ts";
import { readChangedLines } from "../../server/src/cli/changed-lines.ts";
import { parseCompileCommands } from "../../server/src/host/build/compile-commands.ts";
import { readFacts } from "../../server/src/linkage/facts/extract.ts";
import { findIgnoreComments } from "../../server/src/rules/ignore-comments.ts";
import { parseAsm } from "../../server/src/syntax/asm/parse-asm.ts";
import { findUses } from "../../server/src/syntax/c/uses.ts";
import { readCommands } from "../../server/src/syntax/cmake/commands.ts";
import { parseToolCommands } from "../../server/src/syntax/command/tool-command.ts";
import { readCondition } from "../../server/src/syntax/condition/condition.ts";
import { preprocess } from "../../server/src/syntax/cpp/preprocess.ts";
import { createPreprocessorCache } from "../../server/src/syntax/cpp/state.ts";
import { languageLinkageOf } from "../../server/src/syntax/cxx/language-linkage.ts";
import { parseCommandFile } from "../../server/src/syntax/kbuild/command-file.ts";
import { parseConfiguration } from "../../server/src/syntax/kbuild/configuration.ts";
import { parseDependencyFile } from "../../server/src/syntax/kbuild/dependency-file.ts";
import { runMakefile } from "../../server/src/syntax/kbuild/evaluate.ts";
import { kconfigSymbols } from "../../server/src/syntax/kbuild/kconfig.ts";
import { newMake } from "../../server/src/syntax/kbuild/make.ts";
import { parseMakefile } from "../../server/src/syntax/kbuild/makefile.ts";
import { readScript } from "../../server/src/syntax/ld/read-script.ts";
import { linkedFiles } from "../../server/src/syntax/map/map-inputs.ts";
import { parseMapLayout } from "../../server/src/syntax/map/map-layout.ts";
import { parseLinkMap } from "../../server/src/syntax/map/parse-map.ts";
import { findStrings } from "../../server/src/syntax/meson/strings.ts";
import { readNinja } from "../../server/src/syntax/ninja/parse-ninja.ts";
import { parseUnit } from "../../server/src/syntax/unit/parse-unit.ts";
import { readGlob } from "../../server/src/text/glob.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import { files } from "./tree.ts";

export interface Reader {
  readonly name: string;
  /** A text to spoil. */
  readonly seed: string;
  /** Pieces of which long texts are made; each alone, again and again, too. */
  readonly pieces: readonly string[];
  /** Throws only what it is allowed to, as a sentence for people. */
  read(text: string): unknown;
}

const C = `${files["include/linkage.h"]}${files["kernel/fork.c"]}
int f(a, b) int a; char *b; { extern int inner __weak; for (int i = 0; i < 3; i++) x[i] = 'c'; }
struct s { int m; } v = { .m = x, m: 1 }; SYSCALL_DEFINE3(read, unsigned int, fd) { return x == NULL; }
asm(".weak y\\n" "y:\\n"); [[gnu::weak]] int attr; _Pragma("weak z") /* weakspot-ignore weak-reference -- why */
`;

const MAP = `Archive member included to satisfy reference by file (symbol)

lib.a(b.o)                    main.o (b)

Memory Configuration

Name             Origin             Length             Attributes
ram              0x0000000000001000 0x0000000000010000 xrw
*default*        0x0000000000000000 0xffffffffffffffff

Linker script and memory map

LOAD main.o
.text           0x0000000000001000       0x20
 *(.text)
 .text          0x0000000000001000       0x10 main.o
                0x0000000000001000                start
 *fill*         0x0000000000001010        0x4
                0x0000000000001020                PROVIDE (end = .)
`;

const run = (path: string, text: string) => {
  const make = newMake({
    host: { readText: (name) => (name === path ? text : undefined), hasFile: (name) => name === path },
    configuration: undefined,
    possible: undefined,
    inherited: new Map(),
    undefinedIsEmpty: true,
    parsed: new Map(),
    fixed: new Set(),
  });
  return runMakefile(make, path);
};

const expand = (text: string) =>
  preprocess("a.c", sourceOfText(text), { mode: "c", cache: createPreprocessorCache(), readFile: () => undefined });

export const readers: readonly Reader[] = [
  {
    name: "c",
    seed: C,
    pieces: [
      "int a;\n",
      "{",
      "(",
      "#if A\n",
      "#define F(x) x\n",
      "asm(",
      "x = sizeof(",
      "a##",
      "/*",
      '"',
      "\\\n",
      "__attribute__((",
    ],
    read: (text) => [
      readFacts("a.c", sourceOfText(text), { includeLocal: true }),
      readFacts("a.c", sourceOfText(text)),
    ],
  },
  {
    name: "uses",
    seed: C,
    pieces: ["x;\n", "{ x;", "(x", "#define F x\n", "x = &x ? x : ", "if (x) {", "for (int x; ", "typeof(x) "],
    read: (text) => findUses(sourceOfText(text), new Set(["x", "optional"])),
  },
  {
    name: "comments",
    seed: C,
    pieces: ["/* weakspot-ignore */", "// weakspot-ignore a, b\n", "/*", "weakspot-ignore ", "*"],
    read: (text) => findIgnoreComments(sourceOfText(text)),
  },
  {
    name: "asm",
    seed: files["arch/x86/kernel/head_64.S"]!,
    pieces: [
      "a: nop\n",
      ".macro M\n",
      ".rept 9\n",
      ".if 1\n",
      "M M\n",
      ".irp x,1,2\n",
      ".set a, a+1\n",
      "\\",
      '"',
      "/*",
      "; ",
    ],
    read: (text) => [parseAsm(sourceOfText(text)), readFacts("a.S", sourceOfText(text))],
  },
  {
    name: "script",
    seed: files["arch/x86/kernel/vmlinux.lds.S"]!,
    pieces: [
      "SECTIONS {",
      ".a : {",
      "*(.a)",
      "x = 1;\n",
      "(",
      "INCLUDE a\n",
      "#if A\n",
      "PROVIDE(a = ",
      "1 ? 1 : ",
      "/*",
      '"',
      "!",
    ],
    read: (text) => [
      readScript("a.lds", sourceOfText(text)),
      readScript("a.lds.S", sourceOfText(text)),
      readFacts("a.lds", sourceOfText(text)),
    ],
  },
  {
    name: "version script",
    seed: 'V1 { global: a; b*; local: *; };\nV2 { extern "C++" { "f(int)"; }; } V1;\n',
    pieces: ["V { global: a; };\n", "a;", "{", 'extern "C" {', "/*"],
    read: (text) => readFacts("a.map", sourceOfText(text)),
  },
  {
    name: "preprocessor",
    seed: C,
    pieces: [
      "#define A B\n",
      "#define F(x) F(x) F(x)\n",
      "F(",
      "#if 1\n",
      '#include "a.h"\n',
      "a ## b ",
      "A ",
      "#undef A\n",
      "\\\n",
    ],
    read: expand,
  },
  {
    name: "c++",
    seed: `extern "C" { int a; void f(void) { if (a) f(); } }\nnamespace n { template<class T> struct s { T t; }; }\nextern "C" int weak __attribute__((weak));\nconst char *r = R"x(raw)x"; int g() { return 1'000; }\n`,
    pieces: [
      'extern "C" {',
      "{",
      "(",
      "namespace n {",
      'R"(',
      "/*",
      '"',
      "#define A \\\n",
      "template<",
      "int f() {}\n",
    ],
    read: (text) => [languageLinkageOf(sourceOfText(text)), readFacts("a.cc", sourceOfText(text))],
  },
  {
    name: "unit",
    seed: C,
    pieces: ["int a;\n", "int f(void) {", "(", "struct s {", "__attribute__((weak)) ", "typeof(", "asm(", "[", "= {"],
    read: (text) => parseUnit(expand(text)),
  },
  {
    name: "condition",
    seed: "defined(A) && (B > 1 || !defined C) && D == 0x10UL ? E : F",
    pieces: ["A && ", "A || ", "!", "(", "A ? B : ", "defined ", "A == 1 && ", "~", "- "],
    read: readCondition,
  },
  {
    name: "makefile",
    seed: `${files["kernel/Makefile"]}ifeq ($(A),y)\nx := $(call f,$(wildcard *.c))\nelse ifdef B\nendif\ndefine D\nobj-y += $(1)\nendef\n$(eval $(call D,a.o))\na.o: b.c\n\t$(CC) -c $<\n`,
    pieces: [
      "a := b\n",
      "$(",
      "$(call a,",
      "ifdef A\n",
      "a += $(a)\n",
      "define A\n",
      "a: b\n",
      "\\\n",
      "$(eval ",
      "$(foreach i,a b,",
      "include a\n",
    ],
    read: (text) => [parseMakefile(text), run("Makefile", text)],
  },
  {
    name: "kconfig",
    seed: 'config A\n\tbool "a"\n\tdepends on B && !C\n\tselect D if E\nchoice\n\tprompt "x"\nconfig B\n\tdef_bool y\nendchoice\nif A\nsource "x"\nendif\nmenu "m"\nendmenu\n',
    pieces: [
      "config A\n\tbool\n",
      "if A\n",
      'menu "a"\n',
      "choice\n",
      "\tdepends on A &&\n",
      "(",
      "\thelp\n\t  a\n",
      'source "Kconfig"\n',
    ],
    read: (text) =>
      kconfigSymbols({ readText: (path) => (path === "Kconfig" ? text : undefined), architectures: ["x86"] }),
  },
  {
    name: "configuration",
    seed: files[".config"]!,
    pieces: ["CONFIG_A=y\n", "# CONFIG_B is not set\n", "CONFIG_", "="],
    read: parseConfiguration,
  },
  {
    name: "command file",
    seed: "cmd_a.o := gcc -c -o a.o a.c\n\nsource_a.o := a.c\n\ndeps_a.o := \\\n  b.h \\\n  $(wildcard include/config/A) \\\n\na.o: $(deps_a.o)\n",
    pieces: ["cmd_a := b\n", "  b.h \\\n", "$(wildcard ", "deps_a := \\\n"],
    read: parseCommandFile,
  },
  {
    name: "dependency file",
    seed: "a.o: b.h \\\n c.h\\ d\n",
    pieces: ["a.h ", "\\\n", "\\ ", "a: b\n"],
    read: parseDependencyFile,
  },
  {
    name: "commands",
    seed: "cd a && gcc -Wl,--start-group a.o -lc -Wl,--end-group -T a.ld @list -o prog; ar rcs lib.a b.o && (ld -r -o c.o 'd e'.o)",
    pieces: ["gcc -c a.c; ", "( ", "'", '"', "\\", "-Wl,a,", "a.o ", "&& ", "-l", "@a "],
    read: (text) => parseToolCommands(text),
  },
  {
    name: "ninja",
    seed: "rule cc\n  command = gcc -c $in -o $out\nbuild a.o: cc a.c | b.h || c\n  flags = $x\nx = ${y}\ninclude a.ninja\nsubninja b.ninja\ndefault a.o\n",
    pieces: [
      "build a: cc b\n",
      "x = $x\n",
      "$",
      "$\n",
      "rule a\n  command = b\n",
      "include build.ninja\n",
      "  a = b\n",
    ],
    read: (text) => readNinja("build.ninja", (path) => (path === "build.ninja" ? text : undefined)),
  },
  {
    name: "cmake",
    seed: 'add_executable(a a.c "b c.c" [[d]] ${E})\n# x\nif(A AND (B))\nendif()\n',
    pieces: ["a(b)\n", "(", '"', "[[", "${", "#[[", "\\"],
    read: readCommands,
  },
  {
    name: "meson",
    seed: "executable('a', ['b.c', '''c'''], f'd@e@')\n# x\n",
    pieces: ["'a', ", "'", "'''", "\\", "f'"],
    read: findStrings,
  },
  {
    name: "map",
    seed: MAP,
    pieces: [" .text 0x1 0x1 a.o\n", "LOAD a.o\n", ".text\n", "lib.a(b.o)\n", " *fill* 0x1 0x1\n", "(", "0x1 "],
    read: (text) => [
      parseLinkMap(text),
      parseMapLayout(text),
      linkedFiles(parseMapLayout(text) ?? { regions: [], sections: [], discarded: [], loaded: [] }),
    ],
  },
  {
    name: "database",
    seed: '[{"directory":"/a","file":"b.c","command":"gcc -c b.c -o b.o","output":"b.o"},{"directory":"/a","file":"c.c","arguments":["gcc","c.c"]}]',
    pieces: ["[", '{"a":', '"', "\\", ","],
    read: rejecting(parseCompileCommands),
  },
  {
    name: "baseline",
    seed: '{"version":1,"findings":[{"rule":"weak-reference","file":"a.c","symbol":"b"}]}',
    pieces: ["[", '{"a":', '"', ","],
    read: rejecting((text) => readBaseline(text, "baseline")),
  },
  {
    name: "diff",
    seed: "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,3 @@\n a\n+b\n c\n",
    pieces: ["@@ -1 +1 @@\n", "+a\n", " a\n", "+++ b/a.c\n", "-"],
    // What is no diff at all is refused at once.
    read: (text) => readChangedLines(`diff --git a/a.c b/a.c\n${text}`),
  },
  {
    name: "glob",
    seed: "**/{a,b/*}[!c]?@(d|e).c",
    pieces: ["*", "**/", "{a,", "@(a|", "[", "?", "!", "\\"],
    read: (text) => readGlob(text),
  },
];

/** A reader of what people name: it says with an error that a text is none. */
function rejecting(read: (text: string) => unknown): (text: string) => unknown {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError) throw error;
      return undefined;
    }
  };
}
