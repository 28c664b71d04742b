/** Where fallbacks go: into no file that reads them, listed so that they are built whenever they are needed. */

import assert from "node:assert/strict";
import { checkFixed, files, fixSymbol, refusalOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { KERNEL } from "../support/kernel-fixture.ts";

const USER = "extern int f(void) __attribute__((weak));\nint t(void) { return f(); }\n";

describe("the file for a fallback", () => {
  it("is no file that uses the symbol", () => {
    const tree = `//- /a.c\n${USER}//- /a_weak.c\nextern int f(void);\nint user(void) { return f(); }\n`;
    assert.match(refusalOf(tree, "f"), /a_weak\.c, where the fallback would go, uses 'f' itself/);
  });

  it("gets an include that it has only under a condition", () => {
    const after = fixSymbol(
      files(`//- /a.h
extern int f(void) __attribute__((weak));
//- /a.c
#include "a.h"
int t(void) { return f(); }
//- /a_weak.c
#ifdef X
#include "a.h"
#endif
`),
      "f",
    );
    assert.match(after.get("a_weak.c")!, /^#include "a\.h"\n#ifdef X\n/);
  });

  it("has lines that end as its neighbour's", () => {
    const tree = files(`//- /a.c\n${USER}//- /Makefile\nobj-y += a.o\nobj-y += b.o\n`).map((file) => ({
      ...file,
      text: file.text.replaceAll("\n", "\r\n"),
    }));
    for (const [path, text] of fixSymbol(tree, "f")) assert.doesNotMatch(text, /[^\r]\n/, path);
  });
});

describe("the line for a fallback in the build file", () => {
  it("is a line of its own where the last line has no end", () => {
    const tree = files(`//- /a.c\n${USER}//- /Makefile\nobj-y += a.o\n`).map((file) =>
      file.path === "Makefile" ? { ...file, text: "obj-y += a.o" } : file,
    );
    assert.equal(fixSymbol(tree, "f").get("Makefile"), "obj-y += a.o\nobj-y += a_weak.o\n");
  });

  it("comes behind a line that goes on", () => {
    const after = fixSymbol(files(`//- /a.c\n${USER}//- /Makefile\nobj-y := a.o \\\n\tb.o\nobj-y += c.o\n`), "f");
    assert.equal(after.get("Makefile"), "obj-y := a.o \\\n\tb.o\nobj-y += a_weak.o\nobj-y += c.o\n");
  });

  it("names the folder where the build file is above", () => {
    const after = fixSymbol(
      files(`${KERNEL}//- /kernel/Makefile\nobj-y += sub/a.o\n//- /drivers/Makefile\n//- /kernel/sub/a.c\n${USER}`),
      "f",
    );
    assert.match(after.get("kernel/Makefile")!, /^obj-y \+= sub\/a_weak\.o$/m);
  });

  it("extends the parts of an object that is made of several", () => {
    const after = fixSymbol(
      files(`${KERNEL}//- /kernel/Makefile
obj-$(CONFIG_EFI) += whole.o
whole-y += b.o
whole-$(CONFIG_TABLES) += a.o
//- /drivers/Makefile
//- /kernel/b.c
//- /kernel/a.c
${USER}`),
      "f",
    );
    assert.match(after.get("kernel/Makefile")!, /a\.o\nwhole-\$\(CONFIG_TABLES\) \+= a_weak\.o\n$/);
  });

  it("is refused where the build file puts the object's name together", () => {
    const tree = `${KERNEL}//- /kernel/Makefile
obj-y += $(addprefix sub/, a.o)
//- /drivers/Makefile
//- /kernel/sub/a.c
${USER}`;
    assert.match(refusalOf(tree, "f"), /does not list kernel\/sub\/a\.c by its name|no build file/);
  });

  it("builds the file in every build as soon as one of its symbols needs that", () => {
    const tree = files(`${KERNEL}//- /kernel/Makefile
obj-$(CONFIG_TABLES) += a.o
obj-y += b.o
//- /drivers/Makefile
//- /kernel/a.h
extern int f(void) __attribute__((weak));
extern int g(void) __attribute__((weak));
//- /kernel/a.c
#include "a.h"
int t(void) { return f ? f() : 0; }
int t2(void) { return g ? g() : 0; }
int t3(void) { return g ? g() : 0; }
//- /kernel/b.c
#include "a.h"
int u(void) { return g ? g() : 0; }
`);
    const loaded = loadFixture(tree);
    const [fix] = loaded.ruleOf("weak-reference").fixAll!(
      loaded.findings().get("kernel/a.h")!,
      loaded.context("kernel/a.h"),
    );
    const after = checkFixed(loaded, tree, fix!, () => true);
    assert.match(after.get("kernel/Makefile")!, /obj-y \+= a_weak\.o/);
    assert.doesNotMatch(after.get("kernel/Makefile")!, /TABLES\) \+= a_weak/);
  });

  it("does not take one branch of an alternative for a demand", () => {
    const after = fixSymbol(
      files(`${KERNEL}//- /kernel/Makefile
obj-$(CONFIG_TABLES) += a.o
obj-y += b.o
//- /drivers/Makefile
//- /kernel/a.h
extern int f(void) __attribute__((weak));
//- /kernel/a.c
#include "a.h"
int t(void) { return f() + f(); }
//- /kernel/b.c
#include "a.h"
#if defined(CONFIG_EFI) || defined(FOO) && defined(CONFIG_TABLES)
int u(void) { return f(); }
#endif
`),
      "f",
    );
    assert.match(after.get("kernel/Makefile")!, /obj-y \+= a_weak\.o/);
  });

  it("is no architecture's where the symbol is used on all", () => {
    const after = fixSymbol(
      files(`${KERNEL}//- /kernel/Makefile
obj-y += a.o
//- /drivers/Makefile
//- /kernel/a.c
${USER}//- /arch/x86/kernel/efi.c
extern int f(void) __attribute__((weak));
int v(void) { return f(); }
`),
      "f",
    );
    assert.match(after.get("kernel/Makefile")!, /obj-y \+= a_weak\.o/);
    assert.equal(after.get("arch/x86/kernel/Makefile"), "obj-$(CONFIG_EFI) += efi.o\n");
  });

  it("is refused where only an architecture's header declares what is used on all", () => {
    const tree = `${KERNEL}//- /kernel/Makefile
obj-y += a.o
//- /drivers/Makefile
//- /arch/x86/include/asm/f.h
extern int f(void) __attribute__((weak));
//- /kernel/a.c
#include <asm/f.h>
int t(void) { return f(); }
`;
    assert.match(refusalOf(tree, "f"), /kernel\/a\.c uses 'f' on other architectures than x86/);
  });

  it("is refused where another architecture builds a user as well", () => {
    const tree = `${KERNEL}//- /kernel/Makefile
//- /drivers/Makefile
//- /arch/arm/Makefile
core-y += arch/arm/xen/
//- /arch/arm/Kbuild
obj-y += xen/
//- /arch/arm/Kconfig
config ARM
	def_bool y
//- /arch/arm/xen/Makefile
obj-y += a.o
//- /arch/arm64/Makefile
core-y += arch/arm64/xen/
//- /arch/arm64/Kbuild
obj-y += xen/
//- /arch/arm64/Kconfig
config ARM64
	def_bool y
//- /arch/arm64/xen/Makefile
xen-arm-y += $(addprefix ../../arm/xen/, a.o)
obj-y := $(xen-arm-y)
//- /arch/arm/xen/a.c
${USER}`;
    assert.match(refusalOf(tree, "f"), /may be built for arm64 as well/);
  });

  it("does not count on IS_ENABLED for a file that a module may need alone", () => {
    const tree = `${KERNEL}//- /kernel/Makefile
obj-$(CONFIG_DRIVER) += a.o
obj-y += b.o
//- /drivers/Makefile
//- /kernel/a_weak.c
//- /kernel/b.c
extern int f(void) __attribute__((weak));
#if IS_ENABLED(CONFIG_TABLES)
int t(void) { return f(); }
#endif
//- /kernel/b_weak.c
`;
    const listed = tree.replace("obj-y += b.o\n", "obj-y += b.o\nobj-$(CONFIG_TABLES) += b_weak.o\n");
    assert.match(refusalOf(listed, "f"), /kernel\/b\.c uses the symbol where kernel\/b_weak\.c is not built/);
  });

  it("is refused where a fallback file that is there may be looked into by link-time optimization", () => {
    const tree = `${KERNEL}CC_FLAGS_LTO := -flto
//- /kernel/Makefile
obj-y += a.o a_weak.o
//- /drivers/Makefile
//- /kernel/a_weak.c
//- /kernel/a.c
${USER}`.replace("//- /Makefile\n", "//- /Makefile\nCC_FLAGS_LTO := -flto\n");
    assert.match(refusalOf(tree, "f"), /link-time optimization may look into kernel\/a_weak\.c/);
  });
});
