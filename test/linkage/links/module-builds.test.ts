/** The modules that Makefiles outside of a kernel's tree list: what is linked into each. */

import assert from "node:assert/strict";
import { describeReasons, objectsOf } from "../../../server/src/linkage/links/link.ts";
import type { Links } from "../../../server/src/linkage/links/links.ts";
import { loadFixture } from "../../support/fixture-program.ts";

const C = ["main.c", "port.c", "extra.c", "src/x.c", "src/y.c", "sub/z.c"];

const CALL = "all:\n\t$(MAKE) -C /lib/modules/$(shell uname -r)/build M=$(PWD) modules\n";

function linksOf(makefiles: Readonly<Record<string, string>>): Links {
  const files = [
    ...Object.entries(makefiles).map(([path, text]) => ({ path, text })),
    ...C.map((path) => ({ path, text: "int unused;\n" })),
  ];
  return loadFixture(files, "c", { compiled: undefined, named: [] }).program.links;
}

/** The sources of a module, in order. */
function sourcesOf(links: Links, module: string): (string | undefined)[] {
  return [...objectsOf(links.linkOf(`target ${module}`)?.inputs ?? [])].map(({ object }) => object.source);
}

function whyOpen(links: Links, module: string): string {
  return describeReasons(links.whyOpen(`target ${module}`));
}

describe("the modules of Makefiles outside of a kernel", () => {
  it("are of one source, or of what their lists name", () => {
    const links = linksOf({ Makefile: `obj-m := main.o fw.o\nfw-objs := port.o src/x.o\nfw-y += src/y.o\n${CALL}` });
    assert.deepEqual(sourcesOf(links, "main.ko"), ["main.c"]);
    assert.deepEqual(sourcesOf(links, "fw.ko"), ["port.c", "src/x.c", "src/y.c"]);
    assert.equal(whyOpen(links, "fw.ko"), "fw.ko is bound to the kernel's symbols when it is loaded");
  });

  it("are read as the kernel's Kbuild reads the Makefile", () => {
    const own = `ifneq ($(KERNELRELEASE),)\nobj-m := fw.o\nfw-y := main.o\nelse\n${CALL}endif\n`;
    assert.deepEqual(sourcesOf(linksOf({ Makefile: own }), "fw.ko"), ["main.c"]);
  });

  it("are listed by Kbuild files, and by Makefiles of other folders", () => {
    const links = linksOf({ Makefile: CALL, Kbuild: "obj-m := main.o sub/\n", "sub/Makefile": "obj-m += z.o\n" });
    assert.deepEqual(sourcesOf(links, "main.ko"), ["main.c"]);
    assert.deepEqual(sourcesOf(links, "sub/z.ko"), ["sub/z.c"]);
  });

  it("have parts that a configuration chooses", () => {
    const links = linksOf({ Makefile: `obj-m := fw.o\nfw-y := main.o\nfw-$(CONFIG_EXTRA) += extra.o\n${CALL}` });
    const guards = (path: string) => links.membershipsOf(path).map(({ guard }) => guard);
    assert.deepEqual([guards("main.c"), guards("extra.c")], [[[]], [undefined]]);
  });

  it("are open where a list names what is not known", () => {
    const links = linksOf({ Makefile: `obj-m := fw.o\nfw-y := main.o $(PORTS)\n${CALL}` });
    assert.match(whyOpen(links, "fw.ko"), /Makefile lists what is not known for fw\.ko/);
  });

  it("are bound to what an object that is not made here may define", () => {
    const links = linksOf({ Makefile: `obj-m := fw.o\nfw-y := main.o blob.o\n${CALL}` });
    assert.match(whyOpen(links, "fw.ko"), /blob\.o, which is linked into fw\.ko, is made of no file that is read/);
  });

  it("are not looked for where nothing calls Kbuild, as in a folder of a kernel", () => {
    assert.deepEqual(linksOf({ Makefile: "obj-m := main.o\nobj-$(CONFIG_X) += port.o\n" }).all(), []);
  });
});
