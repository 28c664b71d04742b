import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openPrediction, type PrintedPrediction } from "../../server/src/cli/predicted-symbols.ts";

/** A kernel tree in miniature, whose headers hold what makes symbols. */
const KERNEL: Readonly<Record<string, string>> = {
  Kconfig: "",
  "scripts/Makefile.build": "",
  Makefile: `
ARCH ?= $(SUBARCH)
SRCARCH := $(ARCH)
LINUXINCLUDE := -I$(srctree)/arch/$(SRCARCH)/include -I$(srctree)/include -I$(objtree)/include \\
	-include $(srctree)/include/linux/kconfig.h
KBUILD_CPPFLAGS := -D__KERNEL__
KBUILD_CFLAGS := -std=gnu11
KBUILD_AFLAGS := -D__ASSEMBLY__
export ARCH SRCARCH LINUXINCLUDE KBUILD_CPPFLAGS KBUILD_CFLAGS KBUILD_AFLAGS
`,
  "include/linux/kconfig.h": "#include <generated/autoconf.h>\n",
  "include/linux/compiler_types.h": "#define __weak __attribute__((weak))\n",
  "include/linux/syscalls.h": `#define SYSCALL_DEFINE(name) \\
	static long __do_sys_##name(void); \\
	long __x64_sys_##name(void) { return __do_sys_##name(); } \\
	static inline long __do_sys_##name(void)
#define COND_SYSCALL(name) __weak long __x64_sys_##name(void) { return -38; }
extern char missing[] __weak;
extern char unused[] __weak;
`,
  "include/linux/linkage.h": `#define ENTRY(name) .globl name; name:
#define WEAK(name) .weak name; name:
.macro helper name
.globl \\name\\()_helper
\\name\\()_helper:
.endm
`,
  "kernel/Makefile": "obj-y += sys.o made.o\n",
  "kernel/sys.c": `#include <linux/syscalls.h>
SYSCALL_DEFINE(read)
{
	return missing[0];
}
#ifdef CONFIG_WRITE
  SYSCALL_DEFINE(write) { return 0; }
#else
COND_SYSCALL(write);
#endif
int own(void);
#include "part.c"
`,
  "kernel/part.c": "int \\\n  part;\n",
  "kernel/made.c": '#include "made.h"\nint made;\n',
  "arch/x86/lib/Makefile": "obj-y += copy.o\n",
  "arch/x86/lib/copy.S": `#include <linux/linkage.h>
# no directive
ENTRY(copy)
	ret
WEAK(__copy)
	helper one
local:
.weak other
`,
  "arch/x86/kernel/Makefile": "",
  "arch/x86/kernel/vmlinux.lds.S": `#define BOUNDS(name) __start_##name = .; KEEP(*(name)) __stop_##name = .;
SECTIONS { .notes : { BOUNDS(notes) }
#ifdef CONFIG_WRITE
  PROVIDE(writable = 1);
#endif
#ifdef CONFIG_READ
  readable = 1;
#endif
}
`,
  "some.config": "CONFIG_WRITE=y\n",
  "empty.config": "",
  "out/.config": "CONFIG_WRITE=y\n",
  "out/include/generated/autoconf.h": "",
  "out/kernel/whole.c": "#ifdef CONFIG_WRITE\nint whole;\n#endif\n",
  "out/kernel/made.h": "extern int made_there; int made_there = 1;\n",
};

describe("predicting an object's symbols", () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "weakspot-predict-"));
    for (const [path, text] of Object.entries(KERNEL)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const predict = (path: string, kconfig: string, build?: string) => {
    const options = {
      root,
      kconfig: join(root, kconfig),
      ...(build === undefined ? {} : { build: join(root, build) }),
    };
    return openPrediction(options)!(join(root, path));
  };
  const brief = ({ binding, role, name, file, line, column }: PrintedPrediction): string =>
    `${binding} ${role} ${name} ${file === undefined ? "" : `${file}:`}${line}:${column}`;

  it("expands macros of the tree, and says where a person wrote what they make", () => {
    assert.deepEqual(predict("kernel/sys.c", "some.config").symbols.map(brief), [
      "weak declaration missing include/linux/syscalls.h:6:13",
      "strong definition __x64_sys_read 2:1",
      "strong definition __x64_sys_write 7:3",
      "strong declaration own 11:5",
      "strong tentative part kernel/part.c:2:3",
    ]);
  });

  it("decides conditions by the configuration", () => {
    const { symbols } = predict("kernel/sys.c", "empty.config");
    assert.ok(symbols.map(brief).includes("weak definition __x64_sys_write 9:1"));
  });

  it("reads assembly as the assembler would", () => {
    assert.deepEqual(predict("arch/x86/lib/copy.S", "empty.config").symbols.map(brief), [
      "strong definition copy 3:7",
      "weak definition __copy 5:6",
      "strong definition one_helper 6:9",
      "weak declaration other 8:7",
    ]);
  });

  it("reads linker scripts as ld would", () => {
    assert.deepEqual(predict("arch/x86/kernel/vmlinux.lds.S", "some.config").symbols.map(brief), [
      "strong assignment __start_notes 2:23",
      "strong assignment __stop_notes 2:23",
      "strong provide writable 4:11",
    ]);
  });

  it("says what it misses of what a build makes, and takes it from there", () => {
    const without = predict("kernel/made.c", "empty.config");
    assert.deepEqual(without.symbols.map(brief), ["strong tentative made 2:5"]);
    assert.deepEqual(without.problems, ["kernel/made.c:1: made.h: No such file or directory"]);
    const { symbols, problems } = predict("kernel/made.c", "empty.config", "out");
    assert.deepEqual(problems, []);
    assert.deepEqual(symbols.map(brief), [
      "strong definition made_there kernel/made.h:1:28",
      "strong tentative made 2:5",
    ]);
  });

  it("looks for what was made beside the configuration that it was made of", () => {
    const { symbols, problems } = predict("kernel/made.c", "out/.config");
    assert.deepEqual(problems, []);
    assert.equal(symbols.length, 2);
    assert.deepEqual(predict("out/kernel/whole.c", "out/.config").symbols.map(brief), ["strong tentative whole 2:5"]);
  });

  it("is asked for by a configuration, an architecture or a build", () => {
    assert.equal(openPrediction({ root }), undefined);
    assert.ok(openPrediction({ root, arch: "x86" }));
    assert.throws(() => openPrediction({ root, arch: "x86" })!(join(root, "kernel/absent.c")), /no such text file/);
    assert.throws(() => openPrediction({ root, arch: "x86" })!(join(root, "../a.c")), /not below/);
  });
});
