/** When a strong definition is taken to be there wherever a symbol is used, by the conditions of both. */

import assert from "node:assert/strict";
import { files, fixesOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { KERNEL } from "../support/kernel-fixture.ts";

/** The title of the fix, for a definition and a use under these #if lines, in files that are always built. */
function titleFor(definition: string, use: string, makefile = "obj-y += def.o user.o\n"): string {
  const fixture = `${KERNEL}//- /drivers/Makefile
//- /kernel/Makefile
${makefile}//- /kernel/f.h
extern int f(void) __attribute__((weak));
//- /kernel/def.c
${definition}
int f(void) { return 1; }
#endif
//- /kernel/user.c
#include "f.h"
${use}
int t(void) { return f ? f() : 0; }
#endif
`;
  const [fix] = fixesOf(loadFixture(files(fixture)), "f");
  return fix?.refusal ?? fix?.title ?? "";
}

/** The same where nothing stands around the definition but what is given. */
function titleOfPlain(definition: string, makefile = "obj-y += def.o user.o\n"): string {
  const fixture = `${KERNEL}//- /drivers/Makefile
//- /kernel/Makefile
${makefile}//- /kernel/def.c
${definition}
//- /kernel/user.c
extern int f(void) __attribute__((weak));
int t(void) { return f ? f() : 0; }
`;
  const [fix] = fixesOf(loadFixture(files(fixture)), "f");
  return fix?.refusal ?? fix?.title ?? "";
}

const ALWAYS_THERE = /^Make f strong: it is always defined/;

describe("a strong definition", () => {
  for (const [definition, use] of [
    ["#if 1", "#if 1"],
    ["#ifdef CONFIG_B", "#ifdef CONFIG_B"],
    ["#if IS_ENABLED(CONFIG_B)", "#ifdef CONFIG_B"],
    ["#if CONFIG_B", "#if defined(CONFIG_A) && defined(CONFIG_B)"],
    ["#ifdef CONFIG_B", "#if !(CONFIG_A || !IS_BUILTIN(CONFIG_B))"],
    ["#if defined(CONFIG_A) || defined(CONFIG_B)", "#if defined(CONFIG_B)"],
    ["#ifndef CONFIG_B", "#if !IS_ENABLED(CONFIG_B) && !defined(CONFIG_B)"],
  ] as const) {
    it(`under ${definition} is always there under ${use}`, () => {
      assert.match(titleFor(definition, use), ALWAYS_THERE);
    });
  }

  for (const [definition, use] of [
    ["#ifdef CONFIG_B", "#if 1"],
    ["#ifdef CONFIG_B", "#if defined(CONFIG_A) && CONFIG_B\n#else"],
    ["#ifdef CONFIG_B", "#if FOO || CONFIG_A && CONFIG_B"],
    ["#ifdef CONFIG_B", "#if FOO ? CONFIG_B : CONFIG_A"],
    ["#ifdef CONFIG_B", "#if IS_ENABLED(CONFIG_B)"],
    ["#ifdef CONFIG_B", "#if CONFIG_C\n#elif CONFIG_B\n#else"],
    ["#if defined(CONFIG_B) && FOO", "#if defined(CONFIG_B) && FOO"],
    ["#if CONFIG_B == 2", "#ifdef CONFIG_B"],
  ] as const) {
    it(`under ${definition} may be missing under ${use.replaceAll("\n", " ")}`, () => {
      assert.doesNotMatch(titleFor(definition, use), ALWAYS_THERE);
    });
  }

  for (const [definition, refusal] of [
    ["inline int f(void) { return 1; }", /'f' is inline at kernel\/def\.c:1/],
    ["extern inline int f(void) { return 1; }", /is inline/],
    ["#define WRAPPED inline\nWRAPPED int f(void) { return 1; }", /is inline/],
    [
      "#ifdef CONFIG_A\nstatic int f(void);\n#endif\nint f(void) { return 1; }",
      /def\.c:2 declares 'f' static, and so may be kernel\/def\.c:4/,
    ],
    [
      "#ifdef CONFIG_DEBUG\n#define LOCAL\n#else\n#define LOCAL static\n#endif\nLOCAL int f(void) { return 1; }",
      /may be static at kernel\/def\.c:6: the macro 'LOCAL' is static at kernel\/def\.c:4/,
    ],
    ["#ifdef A\n#define LOCAL_INT static int\n#endif\nLOCAL_INT f(void) { return 1; }", /'LOCAL_INT' is static/],
    ["PRIVATE int f(void) { return 1; }", /what 'PRIVATE' means is not known/],
  ] as const) {
    it(`may be no symbol at all: ${definition.replaceAll("\n", " ")}`, () => {
      assert.match(titleOfPlain(definition), refusal);
    });
  }

  for (const storage of ["", "extern "]) {
    it(`is none after a static declaration: ${storage}int f(void)`, () => {
      const title = titleOfPlain(`static int f(void);\n${storage}int f(void) { return 1; }`);
      assert.match(title, /^Make f strong, with a weak fallback definition/);
    });
  }

  it("may be no symbol by what the compiler is told", () => {
    assert.match(
      titleOfPlain("SCOPE int f(void) { return 1; }", "ccflags-y += -DSCOPE=static\nobj-y += def.o user.o\n"),
      /kernel\/Makefile:1 gives 'SCOPE' another meaning by -DSCOPE/,
    );
  });

  it("is one where a macro of the compiler's command line stands for a word of it", () => {
    const makefile = "ccflags-y += -Dnothing=void -D'other=LOCAL'\nobj-y += def.o user.o\n";
    const definition = "#define LOCAL __attribute__((noinline))\nLOCAL int f(void) { return 1; }\nvoid g(void) {}";
    assert.match(titleOfPlain(definition, makefile), ALWAYS_THERE);
  });

  it("is one with annotations that say nothing of linkage", () => {
    for (const definition of [
      "#define NOISY __attribute__((noinline))\nNOISY int f(void) { return 1; }",
      "#define EMPTY\nEMPTY int f(void) { return 1; }",
      "asmlinkage int __used f(void) { return 1; }",
      "typedef int number;\nnumber f(void) { return 1; }",
      "static int g(void);\nint f(void) { return g(); }\nstatic int g(void) { return 1; }",
    ]) {
      assert.match(titleOfPlain(definition), ALWAYS_THERE, definition);
    }
  });

  it("that the build leaves out with its user is there wherever the user is", () => {
    const makefile = "obj-$(CONFIG_EFI) += user.o\nobj-$(CONFIG_EFI) += def.o\n";
    assert.match(titleFor("#if 1", "#if 1", makefile), ALWAYS_THERE);
    assert.match(titleFor("#ifdef CONFIG_EFI", "#if 1", makefile), ALWAYS_THERE);
    assert.doesNotMatch(titleFor("#ifdef CONFIG_B", "#if 1", makefile), ALWAYS_THERE);
  });
});

/** A kernel whose user of f is linked into vmlinux and, by another folder's Makefile, into something else as well. */
function linkedTwice(drivers: string, more = ""): string {
  return `${KERNEL}//- /drivers/Makefile
${drivers}
//- /kernel/Makefile
obj-y += def.o user.o
//- /kernel/f.h
extern int f(void) __attribute__((weak));
//- /kernel/def.c
int f(void) { return 1; }
//- /kernel/user.c
#include "f.h"
int t(void) { return f ? f() : 0; }
${more}`;
}

describe("a user that a Makefile elsewhere links a second time", () => {
  const titleOf = (fixture: string): string => {
    const [fix] = fixesOf(loadFixture(files(fixture)), "f");
    return fix?.refusal ?? fix?.title ?? "";
  };

  it("is found by nothing else than its own Makefile where none names it", () => {
    assert.match(titleOf(linkedTwice("obj-y += other.o")), ALWAYS_THERE);
    assert.match(titleOf(linkedTwice("obj-y += user.o", "//- /drivers/user.c\nint u;\n")), ALWAYS_THERE);
  });

  for (const makefile of [
    "obj-m += mod.o\nmod-y := m.o ../kernel/user.o",
    "obj-$(CONFIG_DRIVER) += mod.o\nmod-objs := m.o $(addprefix ../kernel/, user.o)",
    "obj-m += mod.o\nmod-objs := m.o $(patsubst %,../kernel/%.o,user)",
    "always-y := boot.elf\n$(obj)/boot.elf: $(obj)/m.o $(obj)/../kernel/user.o\n\tld",
    "obj-m += mod.o\nmod-y := m.o user.o\n$(obj)/user.o: $(srctree)/kernel/user.c FORCE\n\tcc",
    "obj-m += mod.o\nmod-y := m.o user.o\n$(obj)/%.o: $(srctree)/kernel/%.c FORCE\n\tcc",
  ]) {
    it(`does not see the kernel's definition there: ${makefile.replaceAll("\n", " / ")}`, () => {
      assert.match(titleOf(linkedTwice(makefile)), /user\.c .*(module drivers\/mod|boot\.elf)/);
    });
  }

  it("of another architecture alone", () => {
    const arm = `//- /arch/arm/Makefile
boot := arch/arm/boot
all: image
image: vmlinux
\t$(Q)$(MAKE) $(build)=$(boot) $(boot)/image
//- /arch/arm/Kconfig
config ARM
\tdef_bool y
//- /arch/arm/boot/Makefile
$(obj)/image: $(obj)/m.o $(obj)/../../../kernel/user.o
\tld
//- /arch/arm/boot/m.c
int m;
`;
    assert.match(titleOf(linkedTwice("obj-y += other.o", arm)), /user\.c .*arch\/arm\/boot\/image/);
  });
});
