/** Which weak definitions are told to be overridden by nothing, in a small kernel: each fact by itself. */

import assert from "node:assert/strict";
import { findMissingOverride } from "../../../server/src/linkage/symbols/missing-overrides.ts";
import type { Program } from "../../../server/src/linkage/symbols/program.ts";
import { kernelProgram } from "../../support/kernel-program.ts";
import { unlike } from "../../support/unlike.ts";

const WEAK = { "kernel/fork.c": "int __attribute__((weak)) f(void) { return 0; }\n" };

/** "tree" or "links" where nothing overrides f as the file defines it; undefined where nothing is said. */
function missing(files: Readonly<Record<string, string>>, path = "kernel/fork.c", configuration?: string) {
  return missingIn(kernelProgram({ ...WEAK, ...files }, configuration), path)?.within;
}

function missingIn(program: Program, path: string) {
  const [fact] = program.mentionsOf("f").filter((mention) => mention.path === path && program.isWeak(mention.fact));
  return findMissingOverride(fact!.fact, path, program);
}

describe("a weak definition that nothing overrides", () => {
  it("is one without a strong definition in the tree", () => {
    assert.equal(missing({}), "tree");
    assert.equal(
      missing({ "kernel/f.h": "int f(void);\n", "kernel/exit.c": "static int f(void) { return 1; }\n" }),
      "tree",
    );
  });

  it("is one whose strong definitions are in other links", () => {
    assert.equal(missing({ "arch/x86/boot/main.c": "int f(void) { return 1; }\n" }), "links");
  });

  it("has other weak definitions beside it", () => {
    const exit = { "kernel/exit.c": "int __attribute__((weak)) f(void) { return 1; }\n" };
    const boot = { "arch/x86/boot/main.c": "int __attribute__((weak)) f(void) { return 1; }\n" };
    const found = missingIn(kernelProgram({ ...WEAK, ...exit, ...boot }), "kernel/fork.c");
    assert.deepEqual(
      found?.rivals.map(({ path }) => path),
      ["kernel/exit.c"],
    );
  });

  it("is told apart in every configuration, whichever one reports are narrowed to", () => {
    assert.equal(
      missing({ "kernel/exit.c": "#ifdef CONFIG_F\nint f(void) { return 1; }\n#endif\n" }, undefined, ""),
      undefined,
    );
    assert.equal(
      missing({ "arch/arm/kernel/setup.c": "int f(void) { return 1; }\n" }, undefined, "CONFIG_SMP=y\n"),
      undefined,
    );
  });
});

describe("nothing is said of a weak definition", () => {
  const strong: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "that C overrides": { "kernel/exit.c": "int f(void) { return 1; }\n" },
    "that one architecture overrides": { "arch/sh/kernel/setup.c": "int f(void) { return 1; }\n" },
    "that a module overrides": { "kernel/a.c": "int f(void) { return 1; }\n" },
    "that assembly overrides": { "arch/x86/kernel/head_64.S": ".globl f\nf:\n" },
    "that a script overrides": { "arch/x86/kernel/vmlinux.lds.S": "SECTIONS { f = .; }\n" },
    "that an alias overrides": {
      "kernel/exit.c": 'int g(void) { return 1; }\nint f(void) __attribute__((alias("g")));\n',
    },
    "that file-scope assembly overrides": { "kernel/exit.c": 'asm(".globl f\\nf:\\n");\n' },
    "that a header makes weak, where another is strong by itself": {
      "kernel/f.h": "int f(void) __attribute__((weak));\n",
      "kernel/exit.c": '#include "f.h"\nint f(void) { return 1; }\n',
    },
    "that a macro called in another file may make": { "kernel/exit.c": "DEFINE_F(f, 1)\n" },
    "that a macro with a body may make": {
      "kernel/exit.c": "CALL_DEFINE2(f, int, a, int, b)\n{\n\treturn a + b;\n}\n",
    },
    "that a macro's replacement defines": {
      "kernel/exit.c": "#define MAKE_F int f(void) \\\n { return 1; }\nMAKE_F\n",
    },
    "that a macro gives another name to": { "kernel/exit.c": "#define g f\nint g(void) { return 1; }\n" },
    "that a macro of assembly may make": { "arch/x86/vdso/note.S": "FUNCTION(f)\n\tret\n" },
    "that a tree of its own below tools/ may override": { "tools/nvdimm/f.c": "int f(void) { return 1; }\n" },
    "that another link has, when another file includes this one": {
      "arch/x86/boot/main.c": "int f(void) { return 1; }\n",
      "arch/x86/boot/copy.c": '#include "../../../kernel/fork.c"\n',
    },
  };
  for (const [name, files] of Object.entries(strong)) {
    it(name, () => assert.equal(missing(files), undefined));
  }

  it("that is one of a header", () => {
    assert.equal(
      missing({ "kernel/f.h": "int __attribute__((weak)) f(void) { return 0; }\n" }, "kernel/f.h"),
      undefined,
    );
  });

  it("while the tree is being read", () => {
    const program = kernelProgram(WEAK);
    const index = unlike(program.index, { isComplete: false });
    const young: Program = { ...program, index, everywhere: { ...program, index } as Program };
    assert.equal(missingIn(young, "kernel/fork.c"), undefined);
  });
});

describe("uses of a symbol", () => {
  it("in macros do not make one", () => {
    const uses = "#define call_f() do { f(); } while (0)\n#define tested (f() == 1)\n#define g(x) return f(x)\n";
    assert.equal(missing({ "kernel/exit.c": uses }), "tree");
  });
});
