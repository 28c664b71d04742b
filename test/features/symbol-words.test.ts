/** What is said of each kind of symbol: the words of hover and `weakspot symbol`. */

import assert from "node:assert/strict";
import { wordsAt, writeMarkdown, writePlain } from "../../server/src/features/hover.ts";
import { linkedNameAt } from "../../server/src/features/symbol-at.ts";
import { reportSymbol } from "../../server/src/features/symbol-report.ts";
import { wordSymbol } from "../../server/src/features/symbol-words.ts";
import type { BuildCommand, BuildCommands } from "../../server/src/linkage/links/build-commands.ts";
import type { Program } from "../../server/src/linkage/symbols/program.ts";
import { parseToolCommands } from "../../server/src/syntax/command/tool-command.ts";
import { parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { smallTree } from "../support/small-tree.ts";

/** What `weakspot symbol` says, line by line; columns left out. */
function said(name: string, program: Program): string[] {
  const words = wordSymbol(reportSymbol(name, program));
  return words === undefined
    ? []
    : writePlain(name, words)
        .replace(/(\w:\d+):\d+/g, "$1")
        .split("\n");
}

function one(files: string): Program {
  return loadFixture(parseFixture(files).files).program;
}

/** A small kernel, the build of which is followed. */
function kernel(files: Readonly<Record<string, string>>): Program {
  const tree = smallTree(files).files;
  return loadFixture(Object.entries(tree).map(([path, text]) => ({ path, text }))).program;
}

/** The program of files that a generator's commands build and link. */
function built(fixture: string, ...lines: string[]): Program {
  const place = { path: "build/build.ninja" };
  const commands = lines.flatMap((line) =>
    parseToolCommands(line).map(({ command }): BuildCommand => ({ command, folder: "build", place })),
  );
  const builds: BuildCommands[] = [{ folder: "build", commands, isConfigured: true, path: place.path }];
  return loadFixture(parseFixture(fixture).files, "c", { compiled: undefined, named: [], builds }).program;
}

/** Hover's Markdown at `<|>`. */
function hovered(files: string): string | undefined {
  const { files: parsed, cursor } = parseFixture(files);
  const { program } = loadFixture(parsed);
  const place = linkedNameAt(cursor!.path, program.texts.source(cursor!.path)!, cursor!.span.start);
  const words = place && wordsAt(place, cursor!.path, program);
  return words && writeMarkdown(place.text, words);
}

const WEAK = "__attribute__((weak))";

describe("the words of a symbol", () => {
  it("weak default, overridden: who wins and whom", () => {
    const program = one(`//- /a.c\nint ${WEAK} f(void) { return 0; }\n//- /b.c\nint f(void) { return 1; }\n`);
    assert.deepEqual(said("f", program), [
      "f: function, external linkage",
      "  b.c:1 wins: it is strong and overrides the weak one in a.c:1.",
    ]);
  });

  it("weak default, alone: that nothing overrides it", () => {
    const program = one(`//- /a.c\nint ${WEAK} f(void) { return 0; }\n`);
    assert.deepEqual(said("f", program), [
      "f: function, external linkage",
      "  Weak definition in a.c:1; nothing in the tree overrides it.",
    ]);
  });

  it("several weak ones: that the first wins", () => {
    const program = one(`//- /a.c\nint ${WEAK} f(void) { return 0; }\n//- /b.c\nint ${WEAK} f(void) { return 1; }\n`);
    assert.deepEqual(said("f", program).slice(1), [
      "  Weak definitions alone; the first that is linked wins:",
      "    a.c:1: weak definition",
      "    b.c:1: weak definition",
    ]);
  });

  it("weak default and several strong ones: that one of them overrides it", () => {
    const program = one(
      `//- /a.c\nint ${WEAK} f(void) { return 0; }\n//- /b.c\nint f(void) { return 1; }\n//- /c.c\nint f(void) { return 2; }\n`,
    );
    assert.deepEqual(said("f", program).slice(1), [
      "  The weak definition in a.c:1 is overridden by whichever of 2 strong ones is linked:",
      "    b.c:1: strong definition",
      "    c.c:1: strong definition",
    ]);
  });

  it("strong: where it is, and no contest", () => {
    const program = one("//- /a.c\nint f(void) { return 0; }\n//- /b.c\nint f(void);\n");
    assert.deepEqual(said("f", program), [
      "f: function, external linkage",
      "  Strong definition in a.c:1.",
      "  Declared in b.c:1.",
    ]);
  });

  it("tentative: that it is zero or common", () => {
    assert.deepEqual(said("x", one("//- /a.c\nint x;\n")).slice(1), [
      "  Tentative definition in a.c:1: zero, or a common symbol where -fcommon is given.",
    ]);
  });

  it("static: that no other file can refer to it", () => {
    assert.deepEqual(said("f", one("//- /a.c\nstatic int f(void) { return 0; }\n")), [
      "f: function, internal linkage",
      "  Static definition in a.c:1: no other file can refer to it.",
    ]);
  });

  it("weak reference that nothing defines: NULL, or made elsewhere", () => {
    assert.deepEqual(said("x", one(`//- /a.c\nextern int x ${WEAK};\n`)), [
      "x: object, external linkage",
      "  Nothing in the tree defines it: it is generated or comes from elsewhere, or else its address is NULL.",
      "  Declared weak in a.c:1.",
    ]);
  });

  it("weak object, with a C++ file that has the word: that it may be overridden", () => {
    const program = one(`//- /a.c\nint ${WEAK} rate = 1;\n//- /b.cpp\nint rate = 8;\n`);
    assert.deepEqual(said("rate", program).slice(1), [
      "  Weak definition in a.c:1; whether anything overrides it is not known: b.cpp, in a language that is not read, has the word and may define it.",
    ]);
  });

  it("defined for another link alone: that no file of this one does", () => {
    const tool = "//- /Makefile\ntool: tool.o\n\t$(CC) -o $@ tool.o\n";
    const sources =
      "//- /tool.c\nvoid copy(void);\nint main(void) { copy(); }\n//- /firmware/mem.c\nvoid copy(void) { }\n";
    const { program } = loadFixture(parseFixture(tool + sources).files, "c", { compiled: undefined, named: [] });
    assert.deepEqual(
      said("copy", program).filter((line) => line.startsWith("  target tool")),
      [
        "  target tool: No file of this link defines it: it may come from elsewhere, as tool is linked with the C library, or else the link fails where something refers to it.",
      ],
    );
  });

  it("weak reference that a configuration defines: under which", () => {
    const program = kernel({
      "kernel/a.c": "int extra = 1;\n",
      "kernel/fork.c": `extern int extra ${WEAK};\n`,
    });
    assert.equal(
      said("extra", program)[1],
      "  Strong definition in kernel/a.c:1, if CONFIG_A. Without that, its address is NULL where nothing else defines it.",
    );
  });

  it("PROVIDEd: when that takes effect", () => {
    const program = one("//- /a.lds\nPROVIDE(p = 0x10);\n//- /a.c\nextern char p[];\n");
    assert.deepEqual(said("p", program), [
      "p: object, external linkage",
      "  PROVIDEd in a.lds:1: it takes effect where something refers to it and nothing else defines it.",
      "  Declared in a.c:1.",
    ]);
  });

  it("assigned by a script: where, and what", () => {
    const program = one("//- /a.lds\nstack = 0x1000;\n//- /a.c\nextern char stack[];\n");
    assert.equal(said("stack", program)[1], "  Assigned in a.lds:1: 0x1000.");
  });

  it("alias: of what", () => {
    const program = one(`//- /a.c\nint f(void) { return 0; }\nextern int g(void) __attribute__((weak, alias("f")));\n`);
    assert.equal(said("g", program)[1], "  Weak alias of f, in a.c:2; nothing in the tree overrides it.");
  });

  it("made by the linker: of which sections", () => {
    const program = one("//- /a.c\nextern char __start_devices[];\n");
    assert.equal(
      said("__start_devices", program)[1],
      "  Nothing in the tree defines it: ld makes it from the sections named devices, where there are any, or else the link fails where something refers to it.",
    );
  });

  it("in an archive: that it is taken where something needs it", () => {
    const program = built(
      "//- /main.c\nint old(void);\nint main(void) { return old(); }\n//- /old.c\nint old(void) { return 1; }\n",
      "cc -c ../main.c -o main.o",
      "cc -c ../old.c -o old.o",
      "ar qc libold.a old.o",
      "cc -nostdlib -o fw main.o libold.a",
    );
    assert.match(
      said("old", program)[1]!,
      /^ {2}Strong definition in old\.c:1, which the link takes from its archive where something needs it\./,
    );
  });

  it("in an archive that nothing takes it from: that no definition is linked", () => {
    const lines = ["cc -c ../main.c -o main.o", "cc -c ../old.c -o old.o", "ar qc libold.a old.o"];
    const program = built(
      "//- /main.c\n__attribute__((weak)) int old(void);\nint main(void) { return old ? old() : 0; }\n//- /old.c\nint old(void) { return 1; }\n",
      ...lines,
      "cc -nostdlib -o fw main.o libold.a",
    );
    assert.deepEqual(said("old", program).slice(1, 3), [
      "  No definition of it is linked, and its address is NULL, as a weak reference takes nothing from an archive:",
      "    old.c:1: strong definition, in an archive, which nothing takes it from",
    ]);
    const unused = built(
      "//- /main.c\nint main(void) { return 0; }\n//- /old.c\nint old(void) { return 1; }\n",
      ...lines,
      "cc -nostdlib -o fw main.o libold.a",
    );
    assert.equal(said("old", unused)[1], "  No definition of it is linked:");
  });

  it("defined strongly twice in one known link: that linkers reject it, and what -fcommon would change", () => {
    const lines = ["cc -c ../a.c -o a.o", "cc -c ../b.c -o b.o", "cc -nostdlib -o fw a.o b.o"];
    const two = (text: string) => said("x", built(`//- /a.c\n${text}\n//- /b.c\n${text}\n`, ...lines))[1];
    assert.equal(two("int x = 1;"), "  Several strong definitions in one link, which linkers reject:");
    assert.equal(
      two("int x;"),
      "  Several strong definitions in one link, which linkers reject, unless -fcommon makes common symbols of them:",
    );
  });

  it("in two shared libraries: that the first one is used, weak or not", () => {
    const program = built(
      "//- /main.c\nint f(void);\nint main(void) { return f(); }\n//- /a.c\n__attribute__((weak)) int f(void) { return 1; }\n//- /b.c\nint f(void) { return 2; }\n",
      "cc -c ../main.c -o main.o",
      "cc -shared -nostdlib -o liba.so ../a.c",
      "cc -shared -nostdlib -o libb.so ../b.c",
      "cc -nostdlib -o fw main.o liba.so libb.so",
    );
    const line = said("f", program).find((one) => one.includes("target fw"));
    assert.match(line!, /a\.c:1 wins: the first that is found is used, weak or not\./);
  });

  it("by an option of the link alone: what the option does", () => {
    const program = built(
      "//- /main.c\nextern int id;\nint main(void) { return id; }\n",
      "cc -c ../main.c -o main.o",
      "cc -nostdlib -Wl,--defsym=id=7 -o fw main.o",
    );
    assert.equal(said("id", program)[1], "  No file of the tree defines it. --defsym defines id.");
  });

  it("wrapped: that GNU ld leaves the references of the defining file as they are", () => {
    const files =
      "//- /main.c\nint f(void);\nint main(void) { return f(); }\n//- /f.c\nint f(void) { return 1; }\nint g(void) { return f(); }\n//- /w.c\nint __wrap_f(void) { return 2; }\n";
    const lines = ["cc -c ../main.c -o main.o", "cc -c ../f.c -o f.o", "cc -c ../w.c -o w.o"];
    const wrapped = (options: string) =>
      said("f", built(files, ...lines, `cc ${options} -Wl,--wrap=f -o fw main.o f.o w.o`))[1];
    assert.match(wrapped("-nostdlib")!, /binds references to __wrap_f, save those in the file that defines f\./);
    assert.match(wrapped("-nostdlib -fuse-ld=lld")!, /binds references to __wrap_f\./);
  });

  it("assigned by a script and declared as a variable: that C gets at it by its address", () => {
    const script = "//- /fw.ld\nstack_size = 0x400;\n";
    assert.match(
      said("stack_size", one(`${script}//- /a.c\nextern unsigned int stack_size;\n`))[1]!,
      /0x400\. In C that is its address, &stack_size\./,
    );
    assert.doesNotMatch(said("stack_size", one(`${script}//- /a.c\nextern char stack_size[];\n`))[1]!, /In C/);
  });

  it("weak beside a C++ function of its name: that this is another symbol", () => {
    const program = one(
      "//- /a.c\nint n;\n__attribute__((weak)) void done(void) { n = 1; }\n//- /b.cpp\nvoid done(void) { }\n",
    );
    assert.ok(said("done", program).includes('  Without extern "C", and so another symbol, in b.cpp:1.'));
  });

  it("nowhere, with a C library: that it may come from there", () => {
    const program = built(
      "//- /main.c\nextern int f(void) __attribute__((weak));\nint main(void) { return f ? f() : 0; }\n",
      "cc -c ../main.c -o main.o",
      "cc -o fw main.o",
    );
    assert.equal(
      said("f", program)[1],
      "  Nothing in the tree defines it: it may come from elsewhere, as fw is linked with the C library, or else its address is NULL.",
    );
  });

  it("one thing under a condition and static without it", () => {
    const program = one(
      "//- /f.h\n#ifdef CONFIG_A\nint f(void);\n#else\nstatic inline int f(void) { return 0; }\n#endif\n//- /a.c\nint f(void) { return 1; }\n",
    );
    assert.deepEqual(said("f", program).slice(1, 4), [
      "  Strong definition in a.c:1.",
      "  Elsewhere it is static, and no symbol of the link:",
      "    f.h:4: static inline definition, if !defined(CONFIG_A)",
    ]);
  });

  it("says nothing of a name that is none", () => {
    assert.deepEqual(said("nobody", one("//- /a.c\nint x;\n")), []);
  });
});

describe("hover", () => {
  it("names what stands under the cursor, and puts the rest below a rule", () => {
    assert.equal(
      hovered(`//- /a.c\nextern int <|>x ${WEAK};\n//- /b.c\nint x = 1;\n`),
      [
        "**`x`** — weak reference to an object, external linkage",
        "Strong definition in `b.c:1`.",
        "---",
        "Declared weak in `a.c:1`.",
      ].join("\n\n"),
    );
  });

  it("answers on a static function and its calls, with its namesakes", () => {
    const files = (cursor: string) =>
      `//- /a.c\nstatic int f(void) { return 0; }\nint g(void) { return ${cursor}f(); }\n//- /b.c\nstatic int f(void) { return 1; }\n`;
    assert.equal(
      hovered(files("<|>")),
      [
        "**`f`** — function, internal linkage",
        "Static definition in `a.c:1`: no other file can refer to it.",
        "---",
        "Other files have one of that name: `b.c:1` (static).",
      ].join("\n\n"),
    );
  });

  it("answers on a call of a header's static inline function", () => {
    assert.equal(
      hovered(
        '//- /f.h\nstatic inline int f(void) { return 0; }\n//- /a.c\n#include "f.h"\nint g(void) { return <|>f(); }\n',
      ),
      [
        "**`f`** — inline function, internal linkage",
        "Static inline definition in `f.h:1`: every file that includes it has its own.",
      ].join("\n\n"),
    );
  });

  it("takes no static function of a header that the file does not see", () => {
    assert.equal(
      hovered("//- /f.h\nstatic inline int f(void) { return 0; }\n//- /a.c\nint g(void) { return <|>f(); }\n"),
      undefined,
    );
  });

  it("says nothing on a macro, a local and a member", () => {
    assert.equal(hovered("//- /a.c\n#define M(x) (x)\nint g(int n) { return <|>M(n); }\n"), undefined);
    assert.equal(hovered("//- /a.c\nint g(int n) { return <|>n; }\n"), undefined);
    assert.equal(hovered("//- /a.c\nint g(struct s *s) { return s-><|>n; }\n"), undefined);
  });

  it("makes links of places", () => {
    const { program } = loadFixture(parseFixture("//- /a.c\nint x = 1;\n").files);
    const words = wordSymbol(reportSymbol("x", program))!;
    const linkTo = ({ file, line, column }: { file: string; line: number; column: number }) =>
      `file:///tree/${file}#L${line},${column}`;
    assert.match(writeMarkdown("x", words, { linkTo }), /in \[a\.c:1\]\(<file:\/\/\/tree\/a\.c#L1,5>\)\./);
  });
});
