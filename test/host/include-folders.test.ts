import assert from "node:assert/strict";
import { createIncludeFolderFinder } from "../../server/src/host/include-folders.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const kernel = {
  Makefile:
    "SRCARCH := $(ARCH)\n" +
    "USERINCLUDE := -I$(srctree)/arch/$(SRCARCH)/include/uapi -I$(srctree)/include/uapi\n" +
    "LINUXINCLUDE := -I$(srctree)/arch/$(SRCARCH)/include -I$(srctree)/include $(USERINCLUDE)\n" +
    "export LINUXINCLUDE USERINCLUDE\n" +
    "include $(srctree)/arch/$(SRCARCH)/Makefile\n",
  Kconfig: "",
  "scripts/Makefile.build": "",
  "arch/x86/Makefile": "",
  "arch/arm/Makefile": "",
  "arch/x86/kernel/Makefile": "",
  "arch/arm/kernel/Makefile": "",
};

describe("where headers are looked for", () => {
  it("is what the kernel's Makefiles say for the file's architecture", () => {
    using folder = createTemporaryFolder(kernel);
    const finder = createIncludeFolderFinder(folder.path);
    const { angled } = finder.foldersOf("arch/arm/kernel/vmlinux.lds.S");
    assert.ok(angled.includes("arch/arm/include"), angled.join(" "));
    assert.ok(angled.indexOf("arch/arm/include") < angled.indexOf("include"));
    assert.ok(!angled.some((one) => one.includes("x86")));
  });

  it("is the usual folder elsewhere", () => {
    using folder = createTemporaryFolder({ "a.lds": "" });
    assert.ok(createIncludeFolderFinder(folder.path).foldersOf("a.lds").angled.includes("include"));
  });

  it("sees files that came after it was made", () => {
    using folder = createTemporaryFolder({ "a.lds": "" });
    const finder = createIncludeFolderFinder(folder.path);
    assert.equal(finder.hasFile("b.h"), false);
    folder.write({ "b.h": "" });
    assert.equal(finder.hasFile("b.h"), true);
    assert.equal(finder.hasFile("nowhere/b.h"), false);
  });
});
