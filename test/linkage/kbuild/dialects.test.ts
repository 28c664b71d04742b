/** Trees that took Kbuild over and changed it: what their scripts say decides, not their names. */

import assert from "node:assert/strict";
import { openKbuild } from "../../../server/src/linkage/kbuild/build-graph.ts";
import { openWalk, walkTo } from "../../../server/src/linkage/kbuild/build-walk.ts";
import { kernelFlags } from "../../../server/src/linkage/kbuild/kernel-flags.ts";
import { unitText } from "../../../server/src/linkage/kbuild/link-unit.ts";

const FILES: Readonly<Record<string, string>> = {
  Makefile: [
    "all: boot.bin",
    "libs-y := common/ drivers/",
    "libs-$(CONFIG_NET) += net/",
    "boot-dirs := $(patsubst %/,%,$(libs-y)) tools",
    "libs-y := $(patsubst %/,%/built-in.o,$(libs-y))",
    "boot-main := $(libs-y)",
    "MYINCLUDE := -Iinclude",
    "export MYINCLUDE",
    "boot.bin: boot",
    "\t$(call cmd,objcopy)",
    "boot: $(boot-main)",
    "\t$(call if_changed,link)",
    "$(sort $(boot-main)): $(boot-dirs) ;",
    "$(boot-dirs): prepare",
    "\t$(Q)$(MAKE) $(build)=$@",
    "",
  ].join("\n"),
  Kconfig: "config NET\n\tbool\n",
  "scripts/Makefile.build": "__build: $(if $(KBUILD_BUILTIN),$(builtin-target) $(lib-target))\n",
  "scripts/Makefile.lib": "c_flags = -MD $(NOSTDINC_FLAGS) $(MYINCLUDE) $(ccflags-y)\n",
  "common/Makefile": "obj-y += main.o cli/\n",
  "common/main.c": "",
  "common/cli/Makefile": "obj-y += cli.o\n",
  "common/cli/cli.c": "",
  "drivers/Makefile": "obj-$(CONFIG_NET) += nic.o\n",
  "drivers/nic.c": "",
  "net/Makefile": "obj-y += net.o\n",
  "net/net.c": "",
  "tools/Makefile": "obj-y += tool.o\n",
  "tools/tool.c": "",
};

function kbuildOf(files: Readonly<Record<string, string>>) {
  return openKbuild(
    { hasFile: (path) => path in files, readText: (path) => files[path] },
    { architecture: "arm", readsFlags: true },
  );
}

describe("a dialect of Kbuild", () => {
  function linksOf(path: string, files = FILES): string[] {
    const walk = openWalk(kbuildOf(files));
    walkTo(walk, path);
    return (walk.memberships.get(path) ?? []).flatMap(({ unit, guard }) =>
      unit?.kind === "image" ? [`${unitText(unit)} ${guard.kind}`] : [],
    );
  }

  it("links what its image names by directory, and what those directories enter", () => {
    assert.deepEqual(linksOf("common/main.c"), ["image boot always"]);
    assert.deepEqual(linksOf("common/cli/cli.c"), ["image boot always"]);
    assert.deepEqual(linksOf("drivers/nic.c"), ["image boot symbol"]);
    assert.deepEqual(linksOf("net/net.c"), ["image boot symbol"]);
  });

  it("does not link what is descended into and not named", () => {
    assert.deepEqual(
      linksOf("tools/tool.c").filter((link) => !link.endsWith(" never")),
      [],
    );
  });

  it("has its own variable of folders of headers", () => {
    assert.ok(kernelFlags(kbuildOf(FILES), "common/main.c", false)?.words.includes("-Iinclude"));
  });

  it("may take a part of a path of a symbol's string", () => {
    const own = { ...FILES, Makefile: `${FILES.Makefile}CPU := $(CONFIG_CPU:"%"=%)\ninclude arch/$(CPU)/config.mk\n` };
    assert.deepEqual(linksOf("common/main.c", own), ["image boot always"]);
  });
});
