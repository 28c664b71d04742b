import assert from "node:assert/strict";
import { type Narrowing, narrowProgram } from "../../../server/src/linkage/symbols/narrowed-program.ts";
import type { Program } from "../../../server/src/linkage/symbols/program.ts";
import { configurationValue, parseConfiguration } from "../../../server/src/syntax/kbuild/configuration.ts";
import { loadFixture } from "../../support/fixture-program.ts";
import { smallTree } from "../../support/small-tree.ts";

/** The program of the small kernel with these files more, and the same narrowed to a configuration of x86. */
function load(more: Readonly<Record<string, string>>, configuration?: string, architecture?: string): Program {
  const files = Object.entries(smallTree(more).files).map(([path, text]) => ({ path, text }));
  const { program } = loadFixture(files);
  const narrowing: Narrowing = {
    configuration: configuration === undefined ? undefined : configurationValue(parseConfiguration(configuration)),
    architecture,
    source: undefined,
  };
  return narrowProgram(program, narrowing);
}

function definedIn(program: Program, name: string): string[] {
  return program.definitionsOf(name).map(({ path }) => path);
}

describe("programs narrowed to a configuration", () => {
  it("leave out facts whose condition does not hold", () => {
    const files = { "kernel/fork.c": "#ifdef CONFIG_A\nint f(void) { return 0; }\n#else\nint g;\n#endif\n" };
    const on = load(files, "CONFIG_A=y\n", "x86");
    assert.deepEqual([definedIn(on, "f"), definedIn(on, "g")], [["kernel/fork.c"], []]);
    const off = load(files, "CONFIG_T=y\n", "x86");
    assert.deepEqual([definedIn(off, "f"), definedIn(off, "g")], [[], ["kernel/fork.c"]]);
  });

  it("leave out files that are not built", () => {
    const files = { "kernel/a.c": "int a;\n", "kernel/sub/deep.c": "int deep;\n" };
    assert.deepEqual(definedIn(load(files, "CONFIG_A=y\n", "x86"), "a"), ["kernel/a.c"]);
    const off = load(files, "CONFIG_T=y\n", "x86");
    assert.deepEqual([definedIn(off, "a"), definedIn(off, "deep")], [[], []]);
  });

  it("leave out other architectures, with a configuration and without one", () => {
    const files = { "arch/arm/kernel/setup.c": "int setup;\n", "arch/x86/vdso/vma.c": "int setup;\n" };
    assert.deepEqual(definedIn(load(files, "CONFIG_A=y\n", "x86"), "setup"), ["arch/x86/vdso/vma.c"]);
    assert.deepEqual(definedIn(load(files, undefined, "arm"), "setup"), ["arch/arm/kernel/setup.c"]);
    assert.equal(definedIn(load(files), "setup").length, 2);
  });

  it("know files of another architecture that are built all the same", () => {
    const files = {
      "arch/arm64/Makefile": "",
      "arch/arm64/Kbuild": "obj-y += xen/\n",
      "arch/arm64/xen/Makefile": "obj-y += ../../arm/xen/guest.o\n",
      "arch/arm/xen/guest.c": "int guest;\n",
      "arch/arm/xen/other.c": "int guest;\n",
    };
    assert.deepEqual(definedIn(load(files, undefined, "arm64"), "guest"), ["arch/arm/xen/guest.c"]);
    assert.deepEqual(definedIn(load(files, undefined, "x86"), "guest"), []);
  });

  it("keep what is not known to be left out", () => {
    const files = {
      "kernel/unlisted.c": "int f;\n",
      "kernel/a.h": "#ifdef CONFIG_T\nextern int f;\n#endif\n#if BITS == 64\nextern int g;\n#endif\n",
    };
    const program = load(files, "CONFIG_A=y\n", "x86");
    assert.deepEqual(definedIn(program, "f"), ["kernel/unlisted.c"]);
    assert.deepEqual(program.declarationsOf("f"), []);
    assert.equal(program.declarationsOf("g").length, 1);
  });

  it("know that MODULE is defined where the file is built as a module", () => {
    const files = { "kernel/t.c": "#ifdef MODULE\nint m;\n#else\nint y;\n#endif\n" };
    const asModule = load(files, "CONFIG_MODULES=y\nCONFIG_T=m\n", "x86");
    assert.deepEqual([definedIn(asModule, "m"), definedIn(asModule, "y")], [["kernel/t.c"], []]);
    assert.deepEqual(asModule.links.unitsOf("kernel/t.c"), ["module kernel/t"]);
    const builtIn = load(files, "CONFIG_T=y\n", "x86");
    assert.deepEqual([definedIn(builtIn, "m"), definedIn(builtIn, "y")], [[], ["kernel/t.c"]]);
    assert.deepEqual(builtIn.links.unitsOf("kernel/t.c"), ["vmlinux"]);
  });

  it("leave out the uses of files that are not built", () => {
    const files = {
      "kernel/a.c": "extern int x;\nint a(void) { return x; }\n",
      "kernel/fork.c": "extern int x;\nint b(void) { return x; }\n",
    };
    const usersOf = (program: Program) => program.usesOf("x").map(({ path }) => path);
    assert.deepEqual(usersOf(load(files, "CONFIG_T=y\n", "x86")), ["kernel/fork.c"]);
    assert.deepEqual(usersOf(load(files, "CONFIG_A=y\n", "x86")), ["kernel/a.c", "kernel/fork.c"]);
  });

  it("have the program of all configurations at hand, unchanged", () => {
    const program = load({ "kernel/a.c": "int a;\n" }, "CONFIG_T=y\n", "x86");
    assert.deepEqual([definedIn(program, "a"), definedIn(program.everywhere, "a")], [[], ["kernel/a.c"]]);
    assert.equal(program.everywhere.narrowing, undefined);
    assert.equal(program.everywhere.everywhere, program.everywhere);
  });
});

describe("what Kconfig allows on an architecture", () => {
  const files = {
    "arch/arm/Kconfig": "config ARM\n\tdef_bool y\nconfig ARM_ONLY\n\tbool\n",
    "net/Kconfig": [
      "config BOTH\n\ttristate",
      "config NEEDS_ARM\n\tbool\n\tdepends on ARM && BOTH",
      "config NEEDS_NEEDS_ARM\n\tbool\n\tdepends on NEEDS_ARM",
      "config EITHER\n\tbool\n\tdepends on ARM || BOTH",
      "config NOT_ARM\n\tbool\n\tdepends on !ARM",
      "config SELECTED\n\tbool\n\tdepends on ARM",
      "config SELECTS\n\tbool\n\tselect SELECTED",
      "config ROUND\n\tbool\n\tdepends on ROUND_TOO\nconfig ROUND_TOO\n\tbool\n\tdepends on ROUND",
      "config VALUE\n\tbool\n\tdepends on BOTH=y",
      "",
    ].join("\n"),
    Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\nsource "net/Kconfig"\n',
  };
  const { links } = load(files).everywhere;
  const possible = (architecture: string, names: string) =>
    names.split(" ").map((name) => links.possibleOn(architecture)(`CONFIG_${name}`));

  it("leaves out what only another architecture has, and what depends on it", () => {
    assert.deepEqual(possible("x86", "ARM ARM_ONLY NEEDS_ARM NEEDS_NEEDS_ARM"), [1, 1, 1, 1]);
    assert.deepEqual(possible("arm", "ARM ARM_ONLY NEEDS_ARM NEEDS_NEEDS_ARM"), [3, 3, 3, 3]);
  });

  it("keeps what may be set all the same", () => {
    assert.deepEqual(possible("x86", "BOTH EITHER NOT_ARM SELECTED ROUND VALUE"), [7, 3, 3, 3, 3, 3]);
  });
});
