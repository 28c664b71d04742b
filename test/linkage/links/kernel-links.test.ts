import assert from "node:assert/strict";
import { unitText } from "../../../server/src/linkage/kbuild/link-unit.ts";
import { type LinkUnits, membershipsFor, openLinkUnits } from "../../../server/src/linkage/links/kernel-links.ts";
import { type SmallTree, smallTree } from "../../support/small-tree.ts";

function open(tree: SmallTree = smallTree()): LinkUnits {
  const kconfigFiles = Object.keys(tree.files).filter((path) => path.endsWith("Kconfig"));
  const makefiles = Object.keys(tree.files).filter((path) => /(?:Makefile|Kbuild)$/.test(path));
  return openLinkUnits(tree, { architecture: "x86", kconfigFiles, makefiles });
}

function units(path: string, of: LinkUnits = open()): string[] {
  return of.unitsOf(path).map(unitText);
}

describe("link units", () => {
  it("leaves out modules that Kconfig makes impossible", () => {
    assert.deepEqual(units("kernel/a.c"), ["vmlinux"]);
    assert.deepEqual(units("kernel/t.c"), ["vmlinux", "module kernel/t"]);
  });

  it("looks at a file below arch/ as its own architecture builds it", () => {
    assert.deepEqual(units("arch/arm/kernel/setup.c"), ["vmlinux"]);
  });

  it("knows trees that Kbuild does not build", () => {
    assert.deepEqual(units("tools/thing/main.c"), ["tools tools/thing"]);
  });

  it("lets files meet that one link, or a kernel and its modules, can hold", () => {
    const { canLink } = open();
    assert.equal(canLink("kernel/fork.c", "lib/sort.c"), true);
    assert.equal(canLink("kernel/fork.c", "kernel/t.c"), true);
    assert.equal(canLink("kernel/fork.c", "net/only.c"), true);
    assert.equal(canLink("kernel/fork.c", "arch/x86/vdso/time.c"), false);
    assert.equal(canLink("arch/x86/vdso/note.S", "arch/x86/vdso/time.c"), true);
    assert.equal(canLink("arch/x86/boot/main.c", "arch/x86/vdso/time.c"), false);
    assert.equal(canLink("scripts/tool.c", "kernel/fork.c"), false);
    assert.equal(canLink("tools/thing/main.c", "kernel/fork.c"), false);
    assert.equal(canLink("arch/x86/kernel/head_64.S", "arch/arm/kernel/setup.c"), false);
    assert.equal(canLink("kernel/fork.c", "arch/arm/kernel/setup.c"), true);
  });

  it("does not part files of which it knows too little", () => {
    const { canLink } = open();
    assert.equal(canLink("kernel/a.h", "arch/x86/vdso/time.c"), true);
    assert.equal(canLink("kernel/unlisted.c", "kernel/fork.c"), true);
    assert.equal(canLink("kernel/a.h", "tools/thing/main.c"), false);
  });

  it("finds the links of a file that a Makefile of another folder lists", () => {
    assert.deepEqual(units("arch/x86/lib/memcpy.S"), ["boot arch/x86/boot/setup.elf"]);
    assert.deepEqual(units("net/far.c"), ["vmlinux"]);
  });

  it("answers the same, whatever was asked before", () => {
    const links = open();
    assert.deepEqual(units("kernel/sub/deep.c", links), ["vmlinux"]);
    assert.deepEqual(units("net/far.c", links), ["vmlinux"]);
    assert.deepEqual(units("lib/ctype.c", links), ["vmlinux"]);
  });

  it("gives memberships as rules ask for them", () => {
    const tree = smallTree();
    const text = tree.files["kernel/Makefile"]!;
    const insertAt = text.indexOf("obj-$(CONFIG_T)");
    assert.deepEqual(membershipsFor("kernel/a.c", open(tree)), [
      {
        unit: "vmlinux",
        reach: "object",
        guard: ["CONFIG_A"],
        listing: {
          path: "kernel/Makefile",
          insertAt,
          variable: "obj-$(CONFIG_A)",
          folderGuard: [],
          isConditional: false,
        },
      },
    ]);
    assert.equal(membershipsFor("kernel/a.h", open(tree)).length, 0);
  });

  it("takes a tree that is no kernel for one link", () => {
    const { kind, canLink, unitsOf } = openLinkUnits(
      { readText: () => undefined, hasFile: () => false },
      { architecture: "x86" },
    );
    assert.equal(kind, "workspace");
    assert.equal(canLink("a.c", "tools/b.c"), true);
    assert.deepEqual(unitsOf("a.c").map(unitText), ["workspace"]);
  });

  it("answers rightly once texts that were missing are there", () => {
    const tree = smallTree();
    const loaded = new Set<string>();
    const asked = new Set<string>();
    const links = openLinkUnits(
      {
        hasFile: tree.hasFile,
        readText(path) {
          if (loaded.has(path)) return tree.readText(path);
          asked.add(path);
          return undefined;
        },
      },
      { architecture: "x86", kconfigFiles: ["Kconfig", "arch/x86/Kconfig"] },
    );
    let rounds = 0;
    for (;;) {
      const answer = units("kernel/sub/deep.c", links);
      if (asked.size === 0) {
        assert.deepEqual(answer, ["vmlinux"]);
        break;
      }
      for (const path of asked) loaded.add(path);
      asked.clear();
      rounds++;
    }
    assert.ok(rounds <= 2, `${rounds} rounds`);
  });

  describe("problems of the model", () => {
    /** What is said of a tree with this top Makefile. */
    function problems(top: string): string[] {
      const tree = smallTree();
      const files: Record<string, string> = { ...tree.files, Makefile: top };
      return openLinkUnits(
        { hasFile: (path) => path in files, readText: (path) => files[path] },
        { architecture: "x86" },
      )
        .problems()
        .map(({ path, line, message }) => `${path}:${line}: ${message}`);
    }
    const top = `${smallTree().files["Makefile"]!}LINUXINCLUDE := -I$(srctree)/include\nexport LINUXINCLUDE\n`;

    it("are none where links and folders of headers are found", () => {
      assert.deepEqual(problems(top), []);
    });

    it("name the test that passed over most of the top Makefile", () => {
      const where = "Makefile:2: no %: what hangs on this test was passed over";
      assert.deepEqual(problems(`# top\nifdef nobody_sets_this\n${top}endif\n`), [
        where.replace("%", "link is found that combines what directories build in"),
        where.replace("%", "folders are found in which headers are looked for"),
      ]);
    });

    it("are none where a test can't be decided: both branches are possible", () => {
      assert.deepEqual(problems(`ifeq ($(shell pwd),/)\n${top}endif\n`), []);
    });

    it("are said too where the top's own list is read and leads to no directory", () => {
      const rules =
        "all: prepare\nprepare:\n\t$(Q)$(MAKE) $(build)=.\nLINUXINCLUDE := -Iinclude\nexport LINUXINCLUDE\n";
      const tree = { Makefile: rules, Kbuild: "always-y := a.h\n", Kconfig: "", "scripts/Makefile.build": "" };
      const files: Readonly<Record<string, string>> = tree;
      const host = { hasFile: (path: string) => path in files, readText: (path: string) => files[path] };
      assert.equal(openLinkUnits(host, { architecture: "x86" }).problems().length, 1);
    });

    it("name the rule that everything begins with where nothing was passed over", () => {
      assert.deepEqual(
        problems(
          "LINUXINCLUDE := -Iinclude\nexport LINUXINCLUDE\nall: image\n\t@echo done\nimage: main.o\n\tlink $@\n",
        ).map((one) => one.slice(0, 60)),
        ["Makefile:4: no link is found that combines what directories "],
      );
    });
  });
});
