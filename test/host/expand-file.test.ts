import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createExpander, expandFile } from "../../server/src/host/expand-file.ts";
import { createTreeReader } from "../../server/src/host/tree-reader.ts";
import { sourceOfText } from "../../server/src/text/source.ts";

/** A kernel tree in miniature. */
const KERNEL: Readonly<Record<string, string>> = {
  Kconfig: "",
  "scripts/Makefile.build": "",
  Makefile: `
ARCH ?= $(SUBARCH)
SRCARCH := $(ARCH)
LINUXINCLUDE := -I$(srctree)/arch/$(SRCARCH)/include -I$(objtree)/arch/$(SRCARCH)/include/generated -I$(objtree)/include \\
	-include $(srctree)/include/linux/kconfig.h
KBUILD_CPPFLAGS := -D__KERNEL__
export ARCH SRCARCH LINUXINCLUDE KBUILD_CPPFLAGS
`,
  "include/linux/kconfig.h": "#include <generated/autoconf.h>\n",
  "include/asm-generic/page.h": "#define PAGE_SIZE 4096\n",
  "arch/s390/include/asm/Kbuild": "generic-y += page.h\n",
  "arch/s390/kernel/Makefile": "CPPFLAGS_vmlinux.lds += -DBASE=0x100000\n",
  "arch/s390/kernel/vmlinux.lds.S": `#include <asm/page.h>
#include <generated/asm-offsets.h>
. = BASE + PAGE_SIZE;
#ifdef CONFIG_SMP
. = ALIGN(CONFIG_LINE);
#endif
#ifdef __s390x__
s390x
#endif
LINKER_SCRIPT
`,
};

describe("expanding a file of a tree", () => {
  let root: string;
  const put = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "weakspot-expand-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("uses the flags, headers and configuration of a kernel that was never built", () => {
    put({ ...KERNEL, "some.config": "CONFIG_SMP=y\nCONFIG_LINE=256\n" });
    const expanded = expandFile({
      root,
      file: join(root, "arch/s390/kernel/vmlinux.lds.S"),
      configuration: join(root, "some.config"),
    });
    assert.equal(expanded.text, ". = 0x100000 + 4096;\n. = ALIGN(256);\ns390x\n1\n");
    assert.equal(expanded.architecture, "s390");
    assert.deepEqual(expanded.standIns, [
      { path: "include/generated/autoconf.h", isWhole: true },
      { path: "arch/s390/include/generated/asm/page.h", isWhole: true },
      { path: "include/generated/asm-offsets.h", isWhole: false },
    ]);
    assert.deepEqual(expanded.preprocessed.messages, []);
  });

  it("takes .config at the tree's top, else nothing is set", () => {
    put(KERNEL);
    const file = join(root, "arch/s390/kernel/vmlinux.lds.S");
    assert.doesNotMatch(expandFile({ root, file }).text, /ALIGN/);
    put({ ".config": "CONFIG_SMP=y\nCONFIG_LINE=128\n" });
    assert.match(expandFile({ root, file }).text, /ALIGN\(128\)/);
  });

  it("prefers what a build has made", () => {
    put({
      ...KERNEL,
      "out/.config": "CONFIG_SMP=y\n",
      "out/include/generated/autoconf.h": "#define CONFIG_SMP 1\n#define CONFIG_LINE 64\n",
      "out/include/generated/asm-offsets.h": "#undef BASE\n#define BASE 7\n",
    });
    const expanded = expandFile({ root, file: join(root, "arch/s390/kernel/vmlinux.lds.S"), build: join(root, "out") });
    assert.match(expanded.text, /^\. = 7 \+ 4096;\n\. = ALIGN\(64\);/);
    assert.deepEqual(
      expanded.standIns.map((standIn) => standIn.path),
      ["arch/s390/include/generated/asm/page.h"],
    );
  });

  it("adds folders and definitions that the caller names", () => {
    put({
      "script.ld.S": '#include "mem.h"\nMEMORY { ram : ORIGIN = START, LENGTH = SIZE }\n',
      "inc/mem.h": "#define SIZE 4K\n",
    });
    const expanded = expandFile({
      root,
      file: join(root, "script.ld.S"),
      includePaths: [join(root, "inc")],
      definitions: ["START=0x20000000"],
    });
    assert.equal(expanded.text, "MEMORY { ram : ORIGIN = 0x20000000, LENGTH = 4K }\n");
    assert.equal(expanded.architecture, undefined);
  });

  it("reads texts that are open in an editor before the files", () => {
    put({ "a.lds.S": '#include "b.h"\nX\n', "b.h": "#define X file\n" });
    const open = new Map([["b.h", sourceOfText("#define X buffer\n")]]);
    const expander = createExpander({ root, openText: (path) => open.get(path) });
    assert.equal(expander.expand("a.lds.S")?.text, "buffer\n");
    open.clear();
    assert.equal(expander.expand("a.lds.S")?.text, "file\n");
  });

  it("reads a file anew once it is forgotten", () => {
    put({ "a.lds.S": '#include "b.h"\n', "b.h": "one\n" });
    const expander = createExpander({ root });
    assert.equal(expander.expand("a.lds.S")?.text, "one\n");
    put({ "b.h": "two\n" });
    assert.equal(expander.expand("a.lds.S")?.text, "one\n");
    expander.forget("b.h");
    assert.equal(expander.expand("a.lds.S")?.text, "two\n");
  });

  it("reads nothing outside of the tree", () => {
    const outside = mkdtempSync(join(tmpdir(), "weakspot-outside-"));
    try {
      writeFileSync(join(outside, "secret.h"), "secret\n");
      put({ "a.lds.S": `#include "link.h"\n#include "${outside}/secret.h"\n#include "../x.h"\n` });
      symlinkSync(join(outside, "secret.h"), join(root, "link.h"));
      const expanded = expandFile({ root, file: join(root, "a.lds.S") });
      assert.equal(expanded.text, "");
      assert.equal(expanded.preprocessed.messages.length, 3);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it("says which file it cannot read", () => {
    assert.throws(() => expandFile({ root, file: join(root, "none.lds.S") }), /there is no such text file/);
    assert.throws(() => expandFile({ root, file: "/elsewhere.lds.S" }), /is not below/);
  });

  it("gives the same text object for the same file", () => {
    put({ "a.h": "a\n" });
    const reader = createTreeReader(root);
    assert.equal(reader.source("a.h"), reader.source("a.h"));
    assert.equal(reader.source("none.h"), undefined);
    assert.equal(reader.hasFile("a.h"), true);
    assert.equal(reader.hasFile("none.h"), false);
  });
});
