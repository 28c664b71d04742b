/** Folders, objects and Makefiles whose names hold the value of a configuration symbol: $(CONFIG_CPU), with its quotes or without. */

import assert from "node:assert/strict";
import { openKbuild } from "../../../server/src/linkage/kbuild/build-graph.ts";
import { openWalk, walkTo } from "../../../server/src/linkage/kbuild/build-walk.ts";
import { unitText } from "../../../server/src/linkage/kbuild/link-unit.ts";
import { pathsMatching } from "../../../server/src/linkage/links/makefile-glob.ts";
import { describeGuard } from "../../../server/src/syntax/kbuild/describe-guard.ts";
import { possibleIn } from "../../../server/src/syntax/kbuild/guard.ts";
import { refineGuard } from "../../../server/src/syntax/kbuild/kconfig.ts";

const FILES: Readonly<Record<string, string>> = {
  Makefile: [
    "all: boot",
    "ifneq ($(wildcard include/config/auto.conf),)",
    "include config.mk",
    "include arch/$(ARCH)/Makefile",
    "endif",
    "libs-y += common/",
    "libs-y += $(if $(BOARDDIR),board/$(BOARDDIR)/)",
    "boot-dirs := $(patsubst %/,%,$(filter %/,$(libs-y)))",
    "libs-y := $(patsubst %/,%/built-in.o,$(sort $(libs-y)))",
    "boot: $(head-y) $(libs-y)",
    "\t$(call if_changed,link)",
    "$(sort $(head-y) $(libs-y)): $(boot-dirs) ;",
    "$(boot-dirs): prepare",
    "\t$(Q)$(MAKE) $(build)=$@",
    "%/: prepare",
    "\t$(Q)$(MAKE) $(build)=$(build-dir)",
    "",
  ].join("\n"),
  "config.mk": [
    'ARCH := $(CONFIG_ARCH:"%"=%)',
    'CPU := $(CONFIG_CPU:"%"=%)',
    'VENDOR := $(CONFIG_VENDOR:"%"=%)',
    'BOARD := $(patsubst "%",%,$(CONFIG_BOARD))',
    "ifneq ($(BOARD),)",
    "BOARDDIR = $(VENDOR)/$(BOARD)",
    "endif",
    "sinclude board/$(BOARDDIR)/config.mk",
    "",
  ].join("\n"),
  Kconfig: "config CPU\n\tstring\n",
  "scripts/Makefile.build": "__build: $(if $(KBUILD_BUILTIN),$(builtin-target))\n",
  "arch/arm/Makefile": [
    "head-y := arch/arm/cpu/$(CPU)/start.o",
    "libs-y += arch/arm/cpu/$(CPU)/",
    "ifeq ($(CPU),v8)",
    "libs-y += arch/arm/eight/",
    "endif",
    "",
  ].join("\n"),
  "arch/arm/cpu/v7/Makefile": "obj-y += cpu.o\n",
  "arch/arm/cpu/v7/start.S": "",
  "arch/arm/cpu/v7/cpu.c": "",
  "arch/arm/cpu/v8/Makefile": "obj-y += cpu.o\n",
  "arch/arm/cpu/v8/start.S": "",
  "arch/arm/cpu/v8/cpu.c": "",
  "arch/arm/eight/Makefile": "obj-y += eight.o\n",
  "arch/arm/eight/eight.c": "",
  "board/acme/one/Makefile": "obj-y += one.o $(MORE)\n",
  "board/acme/one/config.mk": "export MORE := more.o\n",
  "board/acme/one/one.c": "",
  "board/acme/one/more.c": "",
  "board/other/two/Makefile": "obj-y += two.o\n",
  "board/other/two/two.c": "",
  "common/Makefile": "obj-y += main.o\n",
  "common/main.c": "",
};

describe("a folder that a symbol's value chooses", () => {
  const paths = Object.keys(FILES).sort();
  const host = {
    hasFile: (path: string) => path in FILES,
    readText: (path: string) => FILES[path],
    treeFiles: (pattern: string) => pathsMatching(paths, pattern),
  };

  function guardsOf(path: string) {
    const walk = openWalk(openKbuild(host, { architecture: "arm" }));
    walkTo(walk, path);
    const found = walk.memberships.get(path) ?? [];
    return found.flatMap(({ unit, guard }) => (unit !== undefined && unitText(unit) === "image boot" ? [guard] : []));
  }

  const linksOf = (path: string) => guardsOf(path).map(describeGuard);

  it("is entered, once for each value that the tree has a folder for", () => {
    assert.deepEqual(linksOf("arch/arm/cpu/v8/cpu.c"), ['CONFIG_CPU="v8"']);
    assert.deepEqual(linksOf("arch/arm/cpu/v7/cpu.c"), ['CONFIG_CPU="v7"']);
    assert.deepEqual(linksOf("common/main.c"), [""]);
  });

  it("has objects that are linked by themselves", () => {
    assert.deepEqual(linksOf("arch/arm/cpu/v7/start.S"), ['CONFIG_CPU="v7"']);
  });

  it("may be chosen by two symbols", () => {
    assert.deepEqual(linksOf("board/acme/one/one.c"), ['CONFIG_VENDOR="acme" && CONFIG_BOARD="one"']);
  });

  it("may be chosen by a test", () => {
    assert.deepEqual(linksOf("arch/arm/eight/eight.c"), ['CONFIG_CPU="v8"']);
  });

  it("may have a Makefile that the top includes", () => {
    assert.deepEqual(linksOf("board/acme/one/more.c"), ['CONFIG_VENDOR="acme" && CONFIG_BOARD="one"']);
  });

  it("is entered in the configurations alone that have the value", () => {
    const values: Readonly<Record<string, string>> = { CONFIG_VENDOR: "acme", CONFIG_BOARD: "one", CONFIG_CPU: "v8" };
    const possible = possibleIn((symbol) => values[symbol]);
    const isBuilt = (path: string) => guardsOf(path).map((guard) => refineGuard(guard, possible).kind);
    assert.deepEqual(isBuilt("board/acme/one/one.c"), ["always"]);
    assert.deepEqual(isBuilt("board/other/two/two.c"), ["never"]);
    assert.deepEqual(isBuilt("arch/arm/cpu/v7/cpu.c"), ["never"]);
    assert.deepEqual(isBuilt("arch/arm/cpu/v8/cpu.c"), ["always"]);
  });
});
