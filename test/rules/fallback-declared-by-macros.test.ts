/** Weak declarations that macros of the tree make: each call is made strong by itself, and what a macro says of one symbol in its body. */

import assert from "node:assert/strict";
import { files, fixSymbol, refusalOf } from "../support/apply-fix.ts";
import { KERNEL } from "../support/kernel-fixture.ts";

/** A kernel with a header and one user of a hook. */
function tree(header: string, user: string): string {
  return `${KERNEL}//- /kernel/Makefile
obj-y += user.o
//- /drivers/Makefile
//- /include/hook.h
${header}
//- /kernel/user.c
#include <hook.h>
${user}
`;
}

const USER = "int t(int n) { return probe ? probe(n) : 0; }";

describe("a weak declaration that a macro's call makes", () => {
  const made: readonly (readonly [string, string, string])[] = [
    [
      "of its name",
      "#define DECLARE_HOOK(name) extern int name(int n) __attribute__((weak))\nDECLARE_HOOK(probe);\nDECLARE_HOOK(other);",
      "extern int probe(int n);\nDECLARE_HOOK(other);",
    ],
    [
      "of a name that it pastes",
      "#define DECLARE_HOOK(name) int __attribute__((weak)) pr##name(int n);\nDECLARE_HOOK(obe)",
      "int probe(int n);",
    ],
    [
      "of its type and parameters",
      "#define DECLARE_HOOK(type, name, ...) extern type name(__VA_ARGS__) __weak\n#define __weak __attribute__((weak))\nDECLARE_HOOK(int, probe, int n);",
      "extern int probe(int n);",
    ],
    [
      "in two steps",
      "#define DECLARE(name) extern int name(int n) __attribute__((weak))\n#define DECLARE_HOOK(name) DECLARE(pr##name)\nDECLARE_HOOK(obe);",
      "extern int probe(int n);",
    ],
  ];
  for (const [what, header, after] of made) {
    it(`stands there without the macro and strong: ${what}`, () => {
      const fixed = fixSymbol(files(tree(header, USER)), "probe");
      const text = fixed.get("include/hook.h")!;
      assert.ok(text.includes(after), text);
      assert.ok(text.includes("#define DECLARE_HOOK"), text);
      assert.ok(fixed.get("kernel/user_weak.c")!.includes("probe(int n)\n{\n\treturn 0;"));
    });
  }

  it("is made strong for an object", () => {
    const header = "#define DECLARE_TABLE(name) extern const int name[] __attribute__((weak))\nDECLARE_TABLE(table);";
    const fixed = fixSymbol(files(tree(header, "int t(int n) { return table[n]; }")), "table");
    assert.ok(fixed.get("include/hook.h")!.includes("extern const int table[];"));
  });

  const kept: readonly (readonly [string, string])[] = [
    [
      "makes more",
      "#define DECLARE_HOOK(name) extern int name(int n) __attribute__((weak)); extern int name##_count\nDECLARE_HOOK(probe);",
    ],
    [
      "has several definitions",
      "#ifdef CONFIG_EFI\n#define DECLARE_HOOK(name) extern int name(int n) __attribute__((weak))\n#else\n#define DECLARE_HOOK(name) extern int name(int n)\n#endif\nDECLARE_HOOK(probe);",
    ],
  ];
  for (const [what, header] of kept) {
    it(`is left where the macro ${what}`, () => {
      assert.match(refusalOf(tree(header, USER), "probe"), /by the macro 'DECLARE_HOOK'/);
    });
  }
});

describe("a weak declaration in a macro's replacement", () => {
  it("is made strong there, where the macro has no parameters", () => {
    const header = "#define DECLARE_PROBE extern int probe(int n) __attribute__((weak))\nDECLARE_PROBE;";
    const fixed = fixSymbol(files(tree(header, USER)), "probe");
    assert.ok(fixed.get("include/hook.h")!.includes("#define DECLARE_PROBE extern int probe(int n)\nDECLARE_PROBE;"));
  });

  it("is left where the macro has parameters", () => {
    const header = "#define DECLARE_PROBE(type) extern type probe(int n) __attribute__((weak))\nDECLARE_PROBE(int);";
    assert.match(refusalOf(tree(header, USER), "probe"), /in the macro 'DECLARE_PROBE'|by the macro 'DECLARE_PROBE'/);
  });
});
