import assert from "node:assert/strict";
import { findImplementations } from "../../server/src/features/implementation.ts";
import type { LensKind } from "../../server/src/features/lens.ts";
import { answersFor, type NavigationScope } from "../../server/src/features/navigation-scope.ts";
import { overrideLenses } from "../../server/src/features/override-lenses.ts";
import { provideLenses } from "../../server/src/features/provide-lenses.ts";
import { symbolAt } from "../../server/src/features/symbol-at.ts";
import type { Program } from "../../server/src/linkage/symbols/program.ts";
import { kernelProgram } from "../support/kernel-program.ts";

const weak = { "kernel/fork.c": "int __attribute__((weak)) f(void) { return 0; }\n" };
const strong = { "arch/x86/vdso/vma.c": "int f(void) { return 1; }\n" };

/** The files that the request leads to from the name in a file. */
function implementations(program: Program, path: string, name = "f"): string[] {
  const source = program.texts.source(path)!;
  const place = symbolAt(path, source, source.slice(0, source.length).indexOf(name))!;
  return findImplementations(place, path, program).map((found) => found.path);
}

/** The lenses of a file: the symbols with their texts. */
function lenses(kind: LensKind, program: Program, path: string): (string | undefined)[][] {
  const places = kind.find(path, program.texts.source(path)!, program);
  return places.map((place) => [place.symbol, kind.describe(place, path, program)?.title]);
}

describe("implementations", () => {
  it("lead from a weak definition to the strong ones, and back", () => {
    const program = kernelProgram({ ...weak, ...strong, "arch/arm/kernel/setup.c": "int f(void) { return 2; }\n" });
    assert.deepEqual(implementations(program, "kernel/fork.c"), ["arch/arm/kernel/setup.c", "arch/x86/vdso/vma.c"]);
    assert.deepEqual(implementations(program, "arch/x86/vdso/vma.c"), ["kernel/fork.c"]);
  });

  it("lead from a declaration to the strong ones, or else to the weak one", () => {
    const declaration = { "kernel/a.h": "int f(void);\n" };
    assert.deepEqual(implementations(kernelProgram({ ...weak, ...strong, ...declaration }), "kernel/a.h"), [
      "arch/x86/vdso/vma.c",
    ]);
    assert.deepEqual(implementations(kernelProgram({ ...weak, ...declaration }), "kernel/a.h"), ["kernel/fork.c"]);
  });

  it("leave out what can't be in the same link, and inline functions", () => {
    const others = {
      "arch/x86/boot/main.c": "int f(void) { return 1; }\n",
      "include/f.h": "inline int f(void) { return 1; }\n",
    };
    assert.deepEqual(implementations(kernelProgram({ ...weak, ...others }), "kernel/fork.c"), []);
  });
});

describe("lenses on weak definitions", () => {
  it("name the architectures that override", () => {
    assert.deepEqual(lenses(overrideLenses, kernelProgram({ ...weak, ...strong }), "kernel/fork.c"), [
      ["f", "overridden on x86"],
    ]);
  });

  it("say nothing where nothing overrides: a finding does", () => {
    const boot = { "arch/x86/boot/main.c": "int f(void) { return 1; }\n" };
    assert.deepEqual(lenses(overrideLenses, kernelProgram({ ...weak, ...boot }), "kernel/fork.c"), [["f", undefined]]);
  });

  it("name the file where every architecture has the same, or say so where each has its own", () => {
    const common = { "kernel/exit.c": "int f(void) { return 1; }\n" };
    assert.deepEqual(lenses(overrideLenses, kernelProgram({ ...weak, ...common }), "kernel/fork.c"), [
      ["f", "overridden by kernel/exit.c"],
    ]);
    const all = { ...strong, "arch/arm/kernel/setup.c": "int f;\n", "arch/sh/kernel/setup.c": "int f;\n" };
    assert.deepEqual(lenses(overrideLenses, kernelProgram({ ...weak, ...all }), "kernel/fork.c"), [
      ["f", "overridden on every architecture"],
    ]);
  });

  it("stand above definitions alone, aliases among them", () => {
    const text =
      'int g(void);\nint a(void) __attribute__((weak, alias("g")));\nextern int r __attribute__((weak));\nstatic int s;\nint g(void) { return s; }\n';
    const program = kernelProgram({ "kernel/fork.c": text });
    assert.deepEqual(lenses(overrideLenses, program, "kernel/fork.c"), [["a", undefined]]);
  });
});

describe("lenses on PROVIDE", () => {
  const SCRIPT = "arch/x86/kernel/vmlinux.lds.S";
  const script = { [SCRIPT]: "SECTIONS { .text : { *(.text) PROVIDE(p = .); } }\n" };
  const text = (more: Readonly<Record<string, string>>) =>
    lenses(provideLenses, kernelProgram({ ...script, ...more }), SCRIPT)[0]?.[1];

  it("count the references", () => {
    assert.equal(text({}), "no reference in C");
    const user = "extern char p[];\nchar *a(void) { return p; }\n";
    assert.equal(text({ "kernel/fork.c": user }), "takes effect: 1 reference in C");
    assert.equal(text({ "kernel/fork.c": user, "kernel/exit.c": user.repeat(2) }), "takes effect: 3 references in C");
  });

  it("say that a definition that is always there keeps it from taking effect, a weak one too", () => {
    assert.equal(text({ "kernel/fork.c": "char p[1];\n" }), "defined by kernel/fork.c, never takes effect");
    const weakOne = "char p[1] __attribute__((weak));\n";
    assert.equal(text({ "kernel/fork.c": weakOne }), "defined by kernel/fork.c, never takes effect");
  });

  it("say where a definition is not always there", () => {
    assert.equal(
      text({ "kernel/a.c": "char p[1];\n" }),
      "takes effect where kernel/a.c does not define it: no reference in C",
    );
    assert.equal(text({ "arch/arm/kernel/setup.c": "char p[1];\n" }), "no reference in C");
  });
});

describe("the scope of navigation", () => {
  const program = kernelProgram({
    ...weak,
    "kernel/exit.c": "int plain(void) { return 1; }\n",
    "arch/x86/kernel/vmlinux.lds.S": "_end = .;\n",
    "kernel/a.c": "extern char _end[];\nextern int entry(void);\n",
    "arch/x86/vdso/note.S": ".globl entry\nentry:\n",
    "arch/arm64/kernel/image-vars.h": "#ifdef A\nPROVIDE(a = plain);\n#endif\n",
  });
  const answers = (scope: NavigationScope, path: string) =>
    ["f", "plain", "_end", "entry"].filter((name) => answersFor(scope, name, path, program));

  it("is every symbol, those of linkage, or none, in C", () => {
    assert.deepEqual(answers("all", "kernel/a.c"), ["f", "plain", "_end", "entry"]);
    assert.deepEqual(answers("linkage", "kernel/a.c"), ["f", "_end", "entry"]);
    assert.deepEqual(answers("off", "kernel/a.c"), []);
  });

  it("is every symbol in scripts and assembly", () => {
    assert.equal(answers("off", "arch/x86/kernel/vmlinux.lds.S").length, 4);
    assert.equal(answers("off", "arch/x86/vdso/note.S").length, 4);
    assert.equal(answers("off", "arch/arm64/kernel/image-vars.h").length, 4);
  });
});
