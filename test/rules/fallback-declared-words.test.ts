/** What attributes and macros say of a weak declaration besides: repeated by the fallback, or a reason for having none. */

import assert from "node:assert/strict";
import { files, fixSymbol, refusalOf } from "../support/apply-fix.ts";
import { KERNEL } from "../support/kernel-fixture.ts";

/** A kernel with one user of a hook or a table, which one C file declares. */
function tree(declaration: string, use: string, more = ""): string {
  return `${KERNEL}//- /kernel/Makefile
obj-y += user.o${more === "" ? "" : " strong.o"}
//- /drivers/Makefile
//- /kernel/user.c
${declaration}
${use}
${more === "" ? "" : `//- /kernel/strong.c\n${more}\n`}`;
}

const CALL = "int t(int n) { return hook ? hook(n) : 0; }";
const READ = "int t(void) { return value; }";

describe("what a weak declaration says besides", () => {
  const repeated: readonly (readonly [string, string, string])[] = [
    [
      "a calling convention",
      "int __attribute__((ms_abi, weak)) hook(int n);",
      "__attribute__((ms_abi)) int __attribute__((weak)) hook(int n)",
    ],
    [
      "one with a number, behind",
      "int hook(int n) __attribute__((weak, regparm(2)));",
      "__attribute__((regparm(2))) int __attribute__((weak)) hook(int n)",
    ],
    [
      "one by a macro",
      "#define EFI __attribute__((ms_abi))\nEFI int hook(int n) __attribute__((weak));",
      "EFI int __attribute__((weak)) hook(int n)",
    ],
    [
      "one by a macro of a macro",
      "#define CONVENTION __attribute__((ms_abi))\n#define EFI CONVENTION\nint EFI hook(int n) __attribute__((weak));",
      "EFI int __attribute__((weak)) hook(int n)",
    ],
  ];
  for (const [what, declaration, definition] of repeated) {
    it(`is repeated by the definition: ${what}`, () => {
      const fallback = fixSymbol(files(tree(declaration, CALL)), "hook").get("kernel/user_weak.c")!;
      assert.ok(fallback.includes(definition), fallback);
    });
  }

  it("stands before extern where it is an attribute of C23's", () => {
    const after = fixSymbol(files(tree("[[gnu::weak, gnu::cold]] int hook(int n);", CALL)), "hook");
    assert.ok(after.get("kernel/user_weak.c")!.includes("[[gnu::cold]] extern int hook(int n);\n"));
  });

  const harmless = [
    'int hook(int n) __attribute__((weak, cold, section(".init.text")));',
    '#define __init __attribute__((section(".init.text"))) __attribute__((cold))\nint __init hook(int n) __attribute__((weak));',
    "#define __must_check __attribute__((warn_unused_result))\nint __must_check hook(int n) __attribute__((weak));",
  ];
  for (const declaration of harmless) {
    it(`is kept by the declaration alone: ${declaration}`, () => {
      const fallback = fixSymbol(files(tree(declaration, CALL)), "hook").get("kernel/user_weak.c")!;
      assert.ok(fallback.includes("\nint __attribute__((weak)) hook(int n)"), fallback);
    });
  }

  it("is not known of a word with more definitions than are looked into, and refused", () => {
    const headers = Array.from(
      { length: 17 },
      (_, i) => `//- /include/linux/way${i}.h\n#define WAY __attribute__((aligned(${i + 1})))\n`,
    ).join("");
    const refusal = refusalOf(tree("int WAY hook(int n) __attribute__((weak));", CALL) + headers, "hook");
    assert.match(refusal, /'WAY' has too many definitions/);
  });

  const refused: readonly (readonly [string, string, string, RegExp])[] = [
    ["naked", "int hook(int n) __attribute__((weak, naked));", CALL, /'naked'/],
    ["constructor", "int hook(int n) __attribute__((weak, constructor));", CALL, /'constructor'/],
    ["overloadable", "int hook(int n) __attribute__((weak, overloadable));", CALL, /'overloadable'/],
    [
      "naked by a macro",
      "#define BARE __attribute__((naked))\nBARE int hook(int n) __attribute__((weak));",
      CALL,
      /'naked', of the macro 'BARE'/,
    ],
    [
      "thread-local by a macro",
      "#define PER_THREAD __thread\nextern PER_THREAD int value __attribute__((weak));",
      READ,
      /thread-local by the macro 'PER_THREAD'/,
    ],
    [
      "thread-local by a macro of a macro",
      "#define TLS _Thread_local\n#define PER_THREAD TLS\nextern PER_THREAD int value __attribute__((weak));",
      READ,
      /thread-local by the macro 'PER_THREAD'/,
    ],
  ];
  for (const [what, declaration, use, reason] of refused) {
    it(`ends the fix: ${what}`, () => {
      const refusal = refusalOf(tree(declaration, use), declaration.includes("value") ? "value" : "hook");
      assert.match(refusal, reason);
    });
  }

  const renamings = [
    "#define RENAMED(x) __asm__(#x)\nint hook(int n) RENAMED(real_hook) __attribute__((weak));",
    '#define LABEL __asm__("real_hook")\nint hook(int n) LABEL __attribute__((weak));',
    'int hook(int n) __attribute__((weak));\n#define LABEL __asm__("real_hook")\nint hook(int n) LABEL;',
  ];
  for (const declaration of renamings) {
    it(`ends the fix where it may be another name: ${declaration}`, () => {
      const refusal = refusalOf(tree(declaration, CALL, "int hook(int n) { return n; }"), "hook");
      assert.match(refusal, /may give 'hook' another name/);
    });
  }
});

describe("a function that instrumented code calls", () => {
  const tree = (trace: string) => `//- /Makefile
CFLAGS = -finstrument-functions
LDFLAGS = -nostdlib -static
prog: main.o trace.o
\t$(CC) $(LDFLAGS) -o $@ $^
//- /main.c
int main(void) { return 0; }
//- /trace.c
int hook(int n) __attribute__((weak));
${trace}
`;

  it("gets no fallback that would be instrumented itself", () => {
    for (const trace of [
      "void __cyg_profile_func_enter(void *f, void *c) { (void)f; (void)c; if (hook) hook(1); }",
      "__attribute__((no_instrument_function)) int enter(void) { return hook ? hook(1) : 0; }",
    ]) {
      assert.match(refusalOf(tree(trace), "hook"), /may be called by every function/);
    }
    const after = fixSymbol(files(tree("int enter(void) { return hook ? hook(1) : 0; }")), "hook");
    assert.ok(after.has("trace_weak.c"));
  });
});

describe("a script that asserts that there is no data", () => {
  const tree = (assertion: string) => `//- /Makefile
LDFLAGS = -nostdlib -static -T board.ld
prog: main.o
\t$(CC) $(LDFLAGS) -o $@ $^
//- /board.ld
SECTIONS { .text : { *(.text) } .data : { *(.data .bss) } }
${assertion}
//- /main.c
extern int table[] __attribute__((weak));
int hook(int n) __attribute__((weak));
int main(void) { return table[1] + (hook ? hook(1) : 0); }
`;

  it("leaves no place for a fallback object, and one for a function", () => {
    for (const assertion of [
      'ASSERT(SIZEOF(.data) == 0, "no data")',
      'ASSERT((0 == SIZEOF(.bss) + SIZEOF(.data)) && 1, "no data")',
      'ASSERT(!SIZEOF(.data), "no data")',
    ]) {
      assert.match(refusalOf(tree(assertion), "table"), /board\.ld:2 asserts that \.\w+ is empty/);
      assert.ok(fixSymbol(files(tree(assertion)), "hook").has("main_weak.c"));
    }
  });

  it("is none where it is about its size, or about what is no data", () => {
    for (const assertion of [
      'ASSERT(SIZEOF(.data) < 4096, "large")',
      'ASSERT(SIZEOF(.got) == 0, "no GOT")',
      'ASSERT(SIZEOF(.data.rel.ro) == 0, "no relocations")',
    ])
      assert.ok(fixSymbol(files(tree(assertion)), "table").has("main_weak.c"));
  });
});
