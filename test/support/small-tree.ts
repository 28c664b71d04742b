/** A kernel tree in miniature, with the parts of Kbuild that decide what is linked with what. In memory. */

import type { MakeHost } from "../../server/src/syntax/kbuild/make.ts";

export interface SmallTree extends MakeHost {
  readonly files: Readonly<Record<string, string>>;
  /** Paths in the order in which they were read. */
  readonly read: string[];
}

const TOP: Readonly<Record<string, string>> = {
  Makefile: [
    "SRCARCH := $(ARCH)",
    "export SRCARCH",
    "libs-y := lib/",
    "include $(srctree)/arch/$(SRCARCH)/Makefile",
    "export ARCH_CORE := $(core-y)",
    "export ARCH_LIB := $(filter %/, $(libs-y))",
    "ifdef CONFIG_MODULES",
    "KBUILD_VMLINUX_OBJS := ./built-in.a $(patsubst %/, %/lib.a, $(libs-y))",
    "else",
    "KBUILD_VMLINUX_OBJS := ./built-in.a",
    "KBUILD_VMLINUX_LIBS := $(patsubst %/, %/lib.a, $(libs-y))",
    "endif",
    "all: vmlinux modules",
    "PHONY += all vmlinux modules prepare vmlinux_o",
    "vmlinux: vmlinux.o",
    "\t$(Q)link $@",
    "vmlinux.o: vmlinux_o",
    "vmlinux_o: vmlinux.a $(KBUILD_VMLINUX_LIBS)",
    "vmlinux.a: $(KBUILD_VMLINUX_OBJS)",
    "$(KBUILD_VMLINUX_OBJS) $(KBUILD_VMLINUX_LIBS): . ;",
    "modules: .",
    "prepare:",
    "\t$(Q)$(MAKE) $(build)=scripts",
    ".: prepare",
    "\t$(Q)$(MAKE) $(build)=$@ need-builtin=1 need-modorder=1",
    "",
  ].join("\n"),
  Kbuild:
    "obj-y += kernel/\nobj-y += arch/$(SRCARCH)/\nobj-y += $(ARCH_CORE)\nobj-y += $(ARCH_LIB)\nobj-$(CONFIG_NET) += net/\n",
  Kconfig:
    'source "arch/$(SRCARCH)/Kconfig"\nconfig MODULES\n\tbool\nconfig A\n\tbool\nconfig T\n\ttristate\nconfig NET\n\tbool\n',
  "scripts/Makefile.build": "",
  "scripts/Makefile": "hostprogs-always-y := tool\ntool-objs := tool.o helper.o\n",
  "scripts/tool.c": "",
  "scripts/helper.c": "",
  "arch/x86/Kconfig": "config X86_32\n\tbool\n",
  "arch/x86/Makefile":
    "ifdef CONFIG_X86_32\nBITS := 32\nelse\nBITS := 64\nendif\nexport BITS\nboot := arch/x86/boot\nall: image\nimage: vmlinux\n\t$(Q)$(MAKE) $(build)=$(boot) $(boot)/image\n",
  "arch/x86/Kbuild": "obj-y += kernel/ vdso/\n",
  "arch/x86/kernel/Makefile": "obj-y += head_$(BITS).o\n",
  "arch/x86/kernel/head_32.S": "",
  "arch/x86/kernel/head_64.S": "",
  "arch/x86/vdso/Makefile":
    "vobjs-y := note.o time.o\nobj-y += vma.o image.o\n$(obj)/vdso.so.dbg: $(addprefix $(obj)/,$(vobjs-y)) FORCE\n\t$(call if_changed,vdso)\n$(obj)/vdso.so: $(obj)/vdso.so.dbg\n\tobjcopy\n$(obj)/image.c: $(obj)/vdso.so\n\t$(call if_changed,image)\n",
  "arch/x86/vdso/note.S": "",
  "arch/x86/vdso/time.c": "",
  "arch/x86/vdso/vma.c": "",
  "arch/x86/boot/Makefile":
    "setup-y := main.o\n$(obj)/image: $(obj)/setup.elf\n\tcp\n$(obj)/setup.elf: $(addprefix $(obj)/,$(setup-y)) $(obj)/../lib/memcpy.o\n\t$(call if_changed,ld)\n",
  "arch/x86/boot/main.c": "",
  "arch/x86/lib/memcpy.S": "",
  "arch/arm/Makefile": "",
  "arch/arm/Kbuild": "obj-y += kernel/\n",
  "arch/arm/kernel/Makefile": "obj-y += setup.o\n",
  "arch/arm/kernel/setup.c": "",
  "kernel/Makefile":
    "obj-y = fork.o \\\n\texit.o\nobj-$(CONFIG_A) += a.o\nobj-$(CONFIG_T) += t.o mix.o\nmix-y := mix_core.o\nmix-$(CONFIG_A) += mix_a.o\nifdef CONFIG_A\nobj-y += inner.o\nendif\nobj-$(CONFIG_A) += sub/\n",
  "kernel/fork.c": "",
  "kernel/exit.c": "",
  "kernel/a.c": "",
  "kernel/a.h": "",
  "kernel/t.c": "",
  "kernel/mix_core.c": "",
  "kernel/mix_a.c": "",
  "kernel/inner.c": "",
  "kernel/unlisted.c": "",
  "kernel/sub/Makefile": "obj-y := deep.o ../../net/far.o\n",
  "kernel/sub/deep.c": "",
  "lib/Makefile": "lib-y := ctype.o\nobj-y := sort.o\n",
  "lib/ctype.c": "",
  "lib/sort.c": "",
  "net/Makefile": "obj-m := only.o\n",
  "net/only.c": "",
  "net/far.c": "",
  "tools/thing/main.c": "",
};

/** The tree, with more files or others instead. */
export function smallTree(more: Readonly<Record<string, string>> = {}): SmallTree {
  const files = { ...TOP, ...more };
  const read: string[] = [];
  return {
    files,
    read,
    hasFile: (path) => path in files,
    readText(path) {
      if (path in files) read.push(path);
      return files[path];
    },
  };
}
