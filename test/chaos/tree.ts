/** The tree that chaos begins with: a kernel in miniature whose files refer to each other in every way that an edit can break. */

import { smallTree } from "../support/small-tree.ts";

export const files: Readonly<Record<string, string>> = smallTree({
  ".config": "CONFIG_X86=y\nCONFIG_A=y\n# CONFIG_NET is not set\n",
  "include/linkage.h":
    '#ifndef LINKAGE_H\n#define LINKAGE_H\n#define __weak __attribute__((weak))\n#define __init __attribute__((section(".init")))\n#define HOOK(name) void hook_##name(void) __weak\n#define DEFINE_TABLE(name) int name[4]\nextern int optional(void) __weak;\nextern char _start_notes[], _stop_notes[];\n#endif\n',
  "kernel/fork.c":
    '#include "linkage.h"\nHOOK(fork);\nint __weak arch_setup(void) { return 0; }\nint fork(void) { if (optional) return optional(); return arch_setup(); }\nstatic int local = 1;\nint *where = &local;\n',
  "kernel/exit.c":
    '#include "linkage.h"\nDEFINE_TABLE(exit_table);\nvoid hook_fork(void) { }\n#ifdef CONFIG_A\nint optional(void) { return exit_table[0]; }\n#endif\nlong size(void) { return _stop_notes - _start_notes; }\n',
  "kernel/a.c": '#include "a.h"\nint shared = 1;\nint a_only(void) { return a_value; }\n',
  "kernel/a.h": "extern int a_value __attribute__((weak));\nextern int shared;\n#define A_TWICE(x) ((x) + (x))\n",
  "kernel/inner.c": '#include "a.h"\nint a_value = 3;\nint inner(void) { return A_TWICE(shared); }\n',
  "arch/x86/kernel/head_64.S":
    ".globl startup\nstartup:\n\tcall fork\n\tret\n.weak early\n.macro MAKE name\n.globl \\name\n\\name:\n.endm\nMAKE made_here\n",
  "arch/x86/kernel/setup.c": "int arch_setup(void) { return 1; }\n",
  "arch/x86/kernel/Makefile": "obj-y += head_$(BITS).o setup.o\n",
  "arch/x86/kernel/vmlinux.lds.S":
    "#include <linkage.h>\nENTRY(startup)\nMEMORY { ram (rwx) : ORIGIN = 0x1000, LENGTH = 64K }\nSECTIONS {\n  .text : { *(.text) PROVIDE(end_of_text = .); } > ram\n  _start_notes = .;\n  .notes : { *(.notes) }\n  _stop_notes = .;\n  PROVIDE(optional = 0);\n}\n",
  "lib/sort.c": "int sort(void) { return 0; }\n",
  "net/far.c": "extern int shared;\nint far(void) { return shared; }\n",
}).files;

/** What is asked about after the edits. */
export const names = [
  "optional",
  "arch_setup",
  "hook_fork",
  "fork",
  "shared",
  "a_value",
  "inner",
  "startup",
  "made_here",
  "end_of_text",
  "_start_notes",
  "exit_table",
  "sort",
];

/** What is put into texts: pieces that change what the text around them means, and pieces of the tree's own. */
export const pieces = [
  ..."( ) { } [ ] ; , = \" ' /* */ // \\ # ## * é \0 \r \t : . $ @ % & | ! < >".split(" "),
  "\n",
  "\\\n",
  "#if CONFIG_A\n",
  "#ifdef CONFIG_NET\n",
  "#else\n",
  "#endif\n",
  "#define fork other\n",
  '#include "a.h"\n',
  "static ",
  "extern ",
  "__attribute__((weak)) ",
  "int optional(void) { return 2; }\n",
  "PROVIDE(shared = 1);\n",
  ".weak fork\n",
  ".globl sort\nsort:\n",
  "obj-y += inner.o\n",
  "obj-$(CONFIG_NET) += a.o\n",
  "CONFIG_NET=y\n",
  "CONFIG_A=n\n",
  "config NEW\n\tbool\n",
  "𝒳",
];
