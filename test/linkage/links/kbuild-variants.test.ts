/** What a dialect of Kbuild builds in other configurations, or another time for a link of its own. */

import assert from "node:assert/strict";
import { unitText } from "../../../server/src/linkage/kbuild/link-unit.ts";
import { kernelFileLinks } from "../../../server/src/linkage/links/kernel-file-links.ts";
import { openLinkUnits } from "../../../server/src/linkage/links/kernel-links.ts";
import { pathsMatching } from "../../../server/src/linkage/links/makefile-glob.ts";
import { possibleIn } from "../../../server/src/syntax/kbuild/guard.ts";

const FILES: Readonly<Record<string, string>> = {
  Makefile: [
    "all: boot spl/boot-spl",
    'BOARD := $(CONFIG_BOARD:"%"=%)',
    "libs-y := common/ board/$(BOARD)/",
    "boot-dirs := $(patsubst %/,%,$(libs-y))",
    "boot: $(patsubst %/,%/built-in.o,$(libs-y))",
    "\t$(call if_changed,link)",
    "spl/boot-spl: prepare",
    "\t$(Q)$(MAKE) obj=spl -f $(srctree)/scripts/Makefile.spl all",
    "",
  ].join("\n"),
  Kconfig: "config BOARD\n\tstring\n",
  "scripts/Makefile.build": "__build: $(if $(KBUILD_BUILTIN),$(builtin-target))\n",
  "scripts/Makefile.spl": [
    "KBUILD_CPPFLAGS += -DCONFIG_SPL_BUILD",
    "all: boot-spl",
    "boot-spl: common/built-in.o board/one/built-in.o",
    "\t$(call if_changed,link)",
    "",
  ].join("\n"),
  "arch/arm/Makefile": "",
  "common/Makefile": "obj-y += main.o\n",
  "common/main.c": "",
  "board/one/Makefile": "obj-y += one.o\n",
  "board/one/one.c": "",
  "board/two/Makefile":
    "obj-y += two.o\nifdef CONFIG_SPL_BUILD\nobj-y += spl.o\nobj-$(CONFIG_NOWHERE) += sub/\nendif\n",
  "board/two/two.c": "",
  "board/two/spl.c": "",
  "board/two/sub/Makefile": "obj-y += deep.o\n",
  "board/two/sub/deep.c": "",
  "other/loose.c": "",
};

describe("a dialect of Kbuild's other builds", () => {
  const paths = Object.keys(FILES).sort();
  const host = {
    hasFile: (path: string) => path in FILES,
    readText: (path: string) => FILES[path],
    treeFiles: (pattern: string) => pathsMatching(paths, pattern),
  };
  const links = openLinkUnits(host, {
    architecture: "arm",
    kconfigFiles: ["Kconfig"],
    makefiles: paths.filter((path) => path.endsWith("Makefile")),
  });
  const unitsOn = (board: string, path: string) =>
    links
      .unitsIn(
        path,
        "arm",
        possibleIn((symbol) => (symbol === "CONFIG_BOARD" ? board : undefined)),
      )
      ?.map(unitText)
      .filter((unit) => unit === "image boot");

  it("link the folders of the board that is configured", () => {
    assert.deepEqual(unitsOn("one", "board/one/one.c"), ["image boot"]);
    assert.deepEqual(unitsOn("two", "board/two/two.c"), ["image boot"]);
    assert.deepEqual(unitsOn("one", "board/two/two.c"), []);
  });

  it("link nothing of a board that is not configured, whatever its Makefiles make of a file that no list has", () => {
    assert.deepEqual(unitsOn("one", "board/two/spl.c"), []);
    assert.deepEqual(unitsOn("one", "board/two/sub/deep.c"), []);
    assert.equal(unitsOn("two", "board/two/spl.c"), undefined);
    assert.equal(unitsOn("one", "other/loose.c"), undefined);
  });

  it("are open where they compile what is linked with symbols of their own", () => {
    const { whyOpen } = kernelFileLinks(links, undefined as never);
    links.unitsOf("common/main.c");
    assert.deepEqual(
      whyOpen("image boot-spl").map(({ kind, text }) => `${kind}: ${text}`),
      ["variant: scripts/Makefile.spl compiles what is linked into image boot-spl another time"],
    );
    assert.equal(whyOpen("image boot")[0]?.kind, "choice");
  });
});
