/** A Kbuild in miniature that really builds: the parts that decide what is linked with what, as Linux has them. */

import type { TreeSpec } from "./layout.ts";
import type { Sources, Unit } from "./sources.ts";

const TOP = `srctree := .
objtree := .
export srctree objtree
SRCARCH := x86
export SRCARCH
build := -f $(srctree)/scripts/Makefile.build obj
export build
Q := @
export Q CC AR

-include include/config/auto.conf

KBUILD_CFLAGS := -Wall -Wextra -Wno-unused-parameter -ffreestanding -Iinclude -include include/generated/autoconf.h
CC_FLAGS_LTO := -flto
ifdef CONFIG_LTO
KBUILD_CFLAGS += $(CC_FLAGS_LTO)
KBUILD_LDFLAGS := $(CC_FLAGS_LTO)
endif
export KBUILD_CFLAGS CC_FLAGS_LTO

libs-y := lib/
include $(srctree)/arch/$(SRCARCH)/Makefile
export ARCH_LIB := $(filter %/, $(libs-y))
KBUILD_VMLINUX_OBJS := ./built-in.a
KBUILD_VMLINUX_LIBS := $(patsubst %/, %/lib.a, $(libs-y))

all: vmlinux modules
PHONY += all vmlinux_o modules

vmlinux: vmlinux.o
	$(Q)$(CC) -E -P -x c -Iinclude -include include/generated/autoconf.h arch/$(SRCARCH)/kernel/vmlinux.lds.S -o vmlinux.lds
	$(Q)$(CC) -nostdlib -static -Wl,-z,norelro $(KBUILD_LDFLAGS) -T vmlinux.lds -o $@ -Wl,--whole-archive vmlinux.a -Wl,--no-whole-archive $(KBUILD_VMLINUX_LIBS)

vmlinux.o: vmlinux_o
	$(Q)touch $@

vmlinux_o: vmlinux.a $(KBUILD_VMLINUX_LIBS)

vmlinux.a: $(KBUILD_VMLINUX_OBJS)
	$(Q)rm -f $@
	$(Q)$(AR) cDPrST $@ $(KBUILD_VMLINUX_OBJS)

$(KBUILD_VMLINUX_OBJS) $(KBUILD_VMLINUX_LIBS): . ;

modules: .

PHONY += .
.:
	$(Q)$(MAKE) --no-print-directory $(build)=$@ need-builtin=1 need-modorder=1

.PHONY: $(PHONY)
`;

const BUILD = `src := $(obj)
obj-y :=
obj-m :=
lib-y :=
lib-m :=

-include include/config/auto.conf

kbuild-file := $(if $(wildcard $(src)/Kbuild),$(src)/Kbuild,$(src)/Makefile)
include $(kbuild-file)

CONFIGURED := include/generated/autoconf.h
subdirs := $(patsubst %/,$(obj)/%,$(filter %/, $(obj-y) $(obj-m)))
multi-m := $(foreach m, $(filter %.o, $(obj-m)), $(if $($(m:.o=-y))$($(m:.o=-objs)), $(m)))
members = $(addprefix $(obj)/, $($(1:.o=-y)) $($(1:.o=-objs)))

objects-y := $(patsubst %/, $(obj)/%/built-in.a, $(filter %/, $(obj-y))) $(addprefix $(obj)/, $(filter-out %/, $(obj-y)))
objects-lib := $(addprefix $(obj)/, $(filter-out $(obj-y), $(lib-y)))
libs := $(if $(or $(objects-lib), $(filter ./lib, $(obj))), $(obj)/lib.a)
flags = $(filter-out $(CFLAGS_REMOVE_$(notdir $@)), $(KBUILD_CFLAGS) $(ccflags-y)) $(CFLAGS_$(notdir $@))

all: $(obj)/built-in.a $(libs) $(addprefix $(obj)/, $(filter %.o, $(obj-m)))

$(obj)/built-in.a: $(subdirs) $(objects-y)
	$(Q)rm -f $@
	$(Q)$(AR) cDPrST $@ $(objects-y)

$(obj)/lib.a: $(objects-lib)
	$(Q)rm -f $@
	$(Q)$(AR) cDPrsT $@ $(objects-lib)

# A module is a program here: what it does not define, nobody gives it.
$(addprefix $(obj)/, $(multi-m)): $(obj)/%.o: $(foreach m, $(multi-m), $(call members,$(m)))
	$(Q)$(CC) -nostdlib -static $(if $(CONFIG_LTO),$(CC_FLAGS_LTO)) -o $@ $(call members,$*.o)

$(subdirs):
	$(Q)$(MAKE) --no-print-directory -f scripts/Makefile.build obj=$@

$(filter %.a, $(objects-y)): $(subdirs) ;

$(obj)/%.o: $(src)/%.c $(CONFIGURED)
	$(Q)$(CC) $(flags) -c -o $@ $<

$(obj)/%.o: $(src)/%.S $(CONFIGURED)
	$(Q)$(CC) -c -o $@ $<

.PHONY: all $(subdirs)
`;

/** The Makefiles, Kconfig and Kbuild files of the kernel. */
export function kernelFiles(spec: TreeSpec, { programs }: Sources): Record<string, string> {
  const [kernel, tool] = programs;
  const files: Record<string, string> = {
    Makefile: TOP.replace("-ffreestanding", `-ffreestanding ${spec.flags.compile}`.trimEnd()).replace(
      "-z,norelro $(KBUILD_LDFLAGS)",
      `-z,norelro ${spec.flags.link} $(KBUILD_LDFLAGS)`.replace("  ", " "),
    ),
    "scripts/Makefile.build": BUILD,
    Kbuild: `obj-y += kernel/${tool === undefined ? "" : " drivers/"}\nobj-y += arch/$(SRCARCH)/\nobj-y += $(ARCH_LIB)\n`,
    Kconfig: `source "arch/$(SRCARCH)/Kconfig"\n${["STRONG", "OPTION", "NEVER", "LTO"].map((name) => `config ${name}\n\tbool "${name}"\n`).join("")}config TOOL\n\ttristate "tool"\n`,
    "arch/x86/Makefile": "BITS := 64\n",
    "arch/x86/Kbuild": "obj-y += kernel/\n",
    "arch/x86/Kconfig": "config X86\n\tdef_bool y\n",
    "arch/x86/kernel/Makefile": "obj-y += setup.o\n",
    "arch/x86/kernel/setup.c": "int setup_done;\n",
    "kernel/Makefile": writeList(kernel!.units, "obj", spec.listing, "kernel/"),
    "lib/Makefile": writeList(kernel!.members, "lib", spec.listing, "lib/"),
  };
  if (tool !== undefined) {
    const members = tool.units.map(({ path }) => (path.startsWith("drivers/") ? path.slice(8) : `../${path}`));
    files["drivers/Makefile"] =
      `obj-$(CONFIG_TOOL) += tool.o\ntool-y := ${members.map((path) => path.replace(/\.\w+$/, ".o")).join(" ")}\n`;
  }
  return files;
}

function writeList(units: readonly Unit[], list: "obj" | "lib", manner: number, folder: string): string {
  const nameOf = ({ path }: Unit) => path.slice(folder.length).replace(/\.\w+$/, ".o");
  const always = units.filter(({ when }) => when === undefined).map(nameOf);
  const lines: string[] = ["# SPDX-License-Identifier: GPL-2.0"];
  if (manner === 0) lines.push(`${list}-y := ${always.join(" ")}`);
  else if (manner === 1) lines.push(`${list}-y = ${always.join(" \\\n\t")}`);
  else lines.push(...always.map((object) => `${list}-y += ${object}`));
  for (const when of ["CONFIG_STRONG", "CONFIG_OPTION"]) {
    const some = units.filter((unit) => unit.when === when).map(nameOf);
    if (some.length === 0) continue;
    if (manner === 3) lines.push(`ifdef ${when}`, ...some.map((object) => `${list}-y += ${object}`), "endif");
    else lines.push(...some.map((object) => `${list}-$(${when}) += ${object}`));
  }
  for (const unit of units) {
    if (unit.includes === undefined) continue;
    lines.push(`CFLAGS_${nameOf(unit)} += -I$(src)/${unit.includes.slice(folder.length).replace(/\/$/, "")}`);
  }
  return `${lines.join("\n")}\n`;
}

/** What a configured kernel has besides: the configuration as make and as C read it. */
export function kernelConfiguration(spec: TreeSpec, isStrong: boolean): Record<string, string> {
  const set = [
    "X86",
    ...(isStrong ? ["STRONG"] : []),
    ...(isStrong || spec.hasOption ? ["OPTION"] : []),
    ...(spec.isOptimized ? ["LTO"] : []),
  ];
  return {
    "include/config/auto.conf": `${set.map((name) => `CONFIG_${name}=y\n`).join("")}CONFIG_TOOL=m\n`,
    "include/generated/autoconf.h": `${set.map((name) => `#define CONFIG_${name} 1\n`).join("")}#define CONFIG_TOOL_MODULE 1\n`,
  };
}
