import assert from "node:assert/strict";
import { openKbuild } from "../../../server/src/linkage/kbuild/build-graph.ts";
import { kernelFlags } from "../../../server/src/linkage/kbuild/kernel-flags.ts";
import { kernelTarget } from "../../../server/src/linkage/kbuild/kernel-target.ts";

/** A kernel tree in miniature: what of its Makefiles decides flags. */
const FILES: Readonly<Record<string, string>> = {
  Makefile: `
ARCH ?= $(SUBARCH)
SRCARCH := $(ARCH)
CC = $(CROSS_COMPILE)gcc
CPP = $(CC) -E
NOSTDINC_FLAGS :=
LINUXINCLUDE := -I$(srctree)/arch/$(SRCARCH)/include -I$(srctree)/include -include $(srctree)/include/linux/kconfig.h
KBUILD_CPPFLAGS := -D__KERNEL__
KBUILD_CFLAGS := -Wall -std=gnu11
KBUILD_AFLAGS := -D__ASSEMBLY__
KBUILD_CFLAGS_MODULE := -DMODULE
NOSTDINC_FLAGS += -nostdinc
include arch/$(SRCARCH)/Makefile
KBUILD_CPPFLAGS += $(call cc-option,-fmacro-prefix-map=$(srctree)/=)
KBUILD_CFLAGS += $(shell echo -DUNKNOWN)
export ARCH SRCARCH CC CPP NOSTDINC_FLAGS LINUXINCLUDE KBUILD_CPPFLAGS KBUILD_CFLAGS KBUILD_AFLAGS KBUILD_CFLAGS_MODULE TEXT_OFFSET
`,
  "arch/toy/Makefile": `
textofs-y := 0x00008000
textofs-$(CONFIG_FAR) := 0x00208000
TEXT_OFFSET := $(textofs-y)
KBUILD_CPPFLAGS += $(call as-instr,foo,-DHAVE_FOO=1)
ifdef CONFIG_BIG
KBUILD_CPPFLAGS += -mbig-endian
endif
`,
  "arch/toy/kernel/Makefile": `
CPPFLAGS_vmlinux.lds := -DTEXT_OFFSET="$(TEXT_OFFSET)"
CPPFLAGS_vdso/vdso.lds = -P -C
subdir-ccflags-y := -DBELOW
ccflags-$(CONFIG_DEBUG) += -DDEBUG
CFLAGS_init-task.o := -DOWN -Wno-x
CFLAGS_REMOVE_init-task.o := -Wall
asflags-y := -DASM
obj-y := init-task.o core.o
obj-$(CONFIG_DRIVER) += driver.o
core-y := part.o
driver-objs := half.o
`,
  "arch/toy/kernel/vmlinux.lds.S": '#ifdef CONFIG_XIP_KERNEL\n#include "vmlinux-xip.lds.S"\n#endif\n',
  "arch/toy/vdso/Makefile": `
ccflags-vdso := $(filter -std=%,$(KBUILD_CFLAGS)) -D__VDSO__
$(obj)/vdso.lds: KBUILD_CPPFLAGS := $(ccflags-vdso) \\
	-mabi=32
`,
};

function wordsFor(path: string, configuration: Readonly<Record<string, string>> = {}): readonly string[] {
  const host = { readText: (name: string) => FILES[name], hasFile: (name: string) => FILES[name] !== undefined };
  const kbuild = openKbuild(host, {
    architecture: "toy",
    configuration: (name) => configuration[name],
    readsFlags: true,
  });
  const flags = kernelFlags(kbuild, path);
  assert.ok(flags !== undefined);
  return flags.words;
}

describe("flags that Kbuild gives the preprocessor", () => {
  it("are those of scripts for a script", () => {
    assert.deepEqual(wordsFor("arch/toy/kernel/vmlinux.lds.S"), [
      "-nostdinc",
      "-I./arch/toy/include",
      "-I./include",
      "-include",
      "./include/linux/kconfig.h",
      "-D__KERNEL__",
      "-DHAVE_FOO=1",
      "-fmacro-prefix-map=./=",
      "-DTEXT_OFFSET=0x00008000",
      "-P",
      "-Utoy",
      "-D__ASSEMBLY__",
      "-DLINKER_SCRIPT",
      "-Iarch/toy/kernel",
    ]);
  });

  it("follow the configuration", () => {
    const words = wordsFor("arch/toy/kernel/vmlinux.lds.S", { CONFIG_FAR: "y", CONFIG_BIG: "y" });
    assert.ok(words.includes("-DTEXT_OFFSET=0x00208000"));
    assert.ok(words.includes("-mbig-endian"));
  });

  it("take a script below a Makefile's folder by its path from there", () => {
    const words = wordsFor("arch/toy/kernel/vdso/vdso.lds.S");
    assert.ok(words.includes("-C"));
    assert.ok(words.includes("-Iarch/toy/kernel/vdso"));
  });

  it("take a script that only another one includes with that one's flags", () => {
    assert.ok(wordsFor("arch/toy/kernel/vmlinux-xip.lds.S").includes("-DTEXT_OFFSET=0x00008000"));
    assert.ok(!wordsFor("arch/toy/kernel/other.lds.S").includes("-DTEXT_OFFSET=0x00008000"));
  });

  it("know variables that a Makefile sets for one target", () => {
    const words = wordsFor("arch/toy/vdso/vdso.lds.S");
    assert.ok(!words.includes("-D__KERNEL__"));
    assert.ok(words.join(" ").includes("-std=gnu11 -D__VDSO__ -mabi=32"));
  });

  it("are those of C for C, with the object's own, and without what a command would tell", () => {
    const words = wordsFor("arch/toy/kernel/init-task.c", { CONFIG_DEBUG: "y" });
    assert.ok(words.join(" ").includes("-include include/linux/compiler_types.h -D__KERNEL__"));
    for (const word of [
      "-DBELOW",
      "-DDEBUG",
      "-DOWN",
      '-DKBUILD_BASENAME="init_task"',
      "-D__KBUILD_MODNAME=kmod_init_task",
    ]) {
      assert.ok(words.includes(word), word);
    }
    assert.ok(words.includes('-DKBUILD_MODFILE="arch/toy/kernel/init-task"'));
    assert.ok(!words.includes("-Wall"));
    assert.ok(!words.some((word) => word.includes("UNKNOWN")));
    assert.ok(!wordsFor("arch/toy/kernel/other.c").includes("-DDEBUG"));
  });

  it("name the composite object or module that an object is a part of", () => {
    const part = wordsFor("arch/toy/kernel/part.c").join(" ");
    assert.match(part, /-DKBUILD_MODFILE="arch\/toy\/kernel\/core" -DKBUILD_BASENAME="part" -DKBUILD_MODNAME="core"/);
    const half = wordsFor("arch/toy/kernel/half.c", { CONFIG_DRIVER: "m" });
    assert.ok(half.includes("-DMODULE"));
    assert.ok(half.includes("-D__KBUILD_MODNAME=kmod_driver"));
    assert.ok(!wordsFor("arch/toy/kernel/half.c", { CONFIG_DRIVER: "y" }).includes("-DMODULE"));
  });

  it("take a header for a script where the caller says so", () => {
    const host = { readText: (name: string) => FILES[name], hasFile: (name: string) => FILES[name] !== undefined };
    const kbuild = openKbuild(host, { architecture: "toy", readsFlags: true });
    const flags = kernelFlags(kbuild, "arch/toy/kernel/image-vars.h", true);
    assert.equal(flags?.mode, "assembler");
    assert.ok(flags.words.includes("-DLINKER_SCRIPT"));
    assert.equal(kernelFlags(kbuild, "arch/toy/kernel/image-vars.h")?.mode, "c");
  });

  it("are those of assembly for *.S", () => {
    const words = wordsFor("arch/toy/kernel/head.S");
    assert.ok(words.includes("-D__ASSEMBLY__") && words.includes("-DASM"));
    assert.ok(!words.includes("include/linux/compiler_types.h"));
  });
});

describe("a kernel's compiler target", () => {
  const set =
    (...names: string[]) =>
    (name: string) =>
      names.includes(name) ? "y" : undefined;
  const cases: readonly [architecture: string, names: string[], target: string][] = [
    ["x86", [], "x86_64"],
    ["x86", ["CONFIG_X86_32"], "i386"],
    ["arm64", ["CONFIG_CPU_BIG_ENDIAN"], "aarch64_be"],
    ["arm", [], "arm"],
    ["powerpc", ["CONFIG_CPU_LITTLE_ENDIAN"], "powerpc64le"],
    ["powerpc", ["CONFIG_PPC32"], "powerpc"],
    ["riscv", ["CONFIG_32BIT"], "riscv32"],
    ["s390", [], "s390x"],
    ["mips", ["CONFIG_64BIT", "CONFIG_CPU_LITTLE_ENDIAN"], "mips64el"],
    ["parisc", [], "parisc"],
  ];
  for (const [architecture, names, target] of cases) {
    it(`is ${target} for ${[architecture, ...names].join(" ")}`, () => {
      assert.equal(kernelTarget(architecture, set(...names)), target);
    });
  }
});
