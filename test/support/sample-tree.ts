/**
 * A tree in the kernel's manner, small enough to be read whole: what the editors' tests open.
 * `table_names` and `table_count` are weak references that nothing in the source defines, as kallsyms' tables are.
 */
import { createTemporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

export const sampleFiles = {
  Makefile: `SRCARCH := $(ARCH)
export LINUXINCLUDE := -I$(srctree)/include
export SRCARCH
include $(srctree)/arch/$(SRCARCH)/Makefile
KBUILD_VMLINUX_OBJS := ./built-in.a
all: vmlinux
PHONY += all vmlinux vmlinux_o
vmlinux: vmlinux.o
	$(Q)link $@
vmlinux.o: vmlinux_o
vmlinux_o: vmlinux.a
vmlinux.a: $(KBUILD_VMLINUX_OBJS)
$(KBUILD_VMLINUX_OBJS): . ;
.:
	$(Q)$(MAKE) $(build)=$@ need-builtin=1
`,
  "scripts/Makefile.build": `# builds
`,
  "arch/x86/Makefile": `BITS := 64
`,
  "arch/x86/Kconfig": `config X86
	def_bool y
`,
  Kconfig: `source "arch/$(SRCARCH)/Kconfig"
config TABLES
	bool "Tables that a later link step fills in"
`,
  Kbuild: `obj-y += kernel/
obj-y += lib/
`,
  "kernel/Makefile": `# SPDX-License-Identifier: MIT
obj-y = main.o
obj-y += table.o
`,
  "include/linux/compiler_attributes.h": `#define __weak __attribute__((__weak__))
`,
  "kernel/table_internal.h": `#ifndef TABLE_INTERNAL_H
#define TABLE_INTERNAL_H

#include <linux/compiler_attributes.h>

extern const char table_names[] __weak;
extern const unsigned int table_count __attribute__((weak));

#endif
`,
  "kernel/table.c": `#include "table_internal.h"

char find_name(unsigned int index)
{
	return index < table_count ? table_names[index] : 0;
}
`,
  "kernel/main.c": `extern const char __start_notes[];

int notes_are_empty(void)
{
	return __start_notes[0] == 0;
}
`,
  "lib/Makefile": `obj-y += optional.o
`,
  "lib/optional.c": `extern int optional_hook(void) __attribute__((weak));

int call_hook(void)
{
	return optional_hook ? optional_hook() : 0;
}
`,
  "kernel/entry.S": `	.globl	entry
entry:
	ret
`,
  "arch/x86/kernel/vmlinux.lds.S": `#include <asm-generic/vmlinux.lds.h>

SECTIONS
{
	. = 0x100000;
	.text : { *(.text) }
	.notes : {
		__start_notes = .;
		*(.note.*)
	}
	PROVIDE(unused_mark = .);
}
`,
  "include/asm-generic/vmlinux.lds.h": `#define NOTES *(.note.*)
`,
} as const;

/** Writes the tree into a temporary folder, which the caller disposes of. */
export function createSampleTree(): TemporaryFolder {
  return createTemporaryFolder(sampleFiles);
}
