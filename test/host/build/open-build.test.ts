import assert from "node:assert/strict";
import { symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findBuild, namedBuild, sourceOfBuild } from "../../../server/src/host/build/find-build.ts";
import { openBuild } from "../../../server/src/host/build/open-build.ts";
import { unitText } from "../../../server/src/linkage/kbuild/link-unit.ts";
import { symbolsNamed } from "../../../server/src/linkage/objects/object-index.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { buildArchive, thinMagic } from "../elf/build-archive.ts";
import { buildElf } from "../elf/build-elf.ts";

const text = { name: ".text", type: 1, flags: 6, data: new Uint8Array(16) };
const weakly = buildElf({ sections: [text], symbols: [{ name: "f", binding: 2, type: 2, section: ".text" }] });
const strongly = buildElf({ sections: [text], symbols: [{ name: "f", binding: 1, type: 2, section: ".text" }] });
const referring = buildElf({
  sections: [text],
  symbols: [{ name: "f", binding: 2 }],
  relocations: {
    ".text": [
      { symbol: 1, type: 42 },
      { symbol: 1, type: 2 },
    ],
  },
});

/** A tree with a build folder in it, as `make O=build` leaves it. */
function createTree(): TemporaryFolder {
  const tree = createTemporaryFolder({
    Kbuild: "obj-y += a.o\n",
    "kernel/a.c": "int f(void);\n",
    "include/a.h": "",
    "elsewhere/Makefile": "all:\n",
    "build/.config": "CONFIG_A=y\n",
    "build/Makefile": "# Automatically generated\ninclude ../Makefile\n",
    "build/kernel/.a.o.cmd": [
      "cmd_kernel/a.o := gcc -c -o kernel/a.o ../kernel/a.c",
      "",
      "source_kernel/a.o := ../kernel/a.c",
      "",
      "deps_kernel/a.o := \\",
      "  ../include/a.h \\",
      "",
      "",
    ].join("\n"),
    "build/.vmlinux.cmd": "cmd_vmlinux := ../scripts/link-vmlinux.sh\n",
    "build/.vmlinux.o.cmd":
      "cmd_vmlinux.o := ld -r -o vmlinux.o --whole-archive vmlinux.a --no-whole-archive lib/lib.a\n",
    "build/arch/x86/boot/.setup.elf.cmd":
      "cmd_arch/x86/boot/setup.elf := ld -T x.lds kernel/c.o -o arch/x86/boot/setup.elf\n",
    "build/fs/m.mod": "kernel/c.o\n",
    "build/fs/m.ko": "",
    "build/vmlinux": "",
  });
  tree.write({
    "build/kernel/a.o": weakly,
    "build/kernel/b.o": strongly,
    "build/kernel/c.o": referring,
    "build/vmlinux.a": buildArchive(
      [
        { name: "//", data: "kernel/a.o/\nkernel/c.o/\n" },
        { name: "/0", size: 0 },
        { name: "/12", size: 0 },
      ],
      thinMagic,
    ),
    "build/lib/lib.a": buildArchive([{ name: "b.o/", data: strongly }]),
  });
  symlinkSync("..", join(tree.path, "build/source"));
  return tree;
}

describe("builds", () => {
  let tree: TemporaryFolder;
  before(() => {
    tree = createTree();
  });
  after(() => tree[Symbol.dispose]());

  it("are found below the tree by the source that they name", () => {
    assert.equal(findBuild(tree.path), join(tree.path, "build"));
    assert.equal(sourceOfBuild(join(tree.path, "build")), tree.path);
    assert.equal(sourceOfBuild(join(tree.path, "elsewhere")), undefined);
    assert.equal(namedBuild(tree.path, "build"), join(tree.path, "build"));
    assert.equal(namedBuild(tree.path, "nowhere"), undefined);
  });

  it("have the links that their commands and modules tell", async () => {
    const build = openBuild(join(tree.path, "build"), tree.path);
    await build.load();
    const links = build.layout!.links.map(({ unit, objects }) => [
      unitText(unit),
      objects.map(({ object, archive }) => `${object}${archive === undefined ? "" : ` of ${archive}`}`).join(", "),
    ]);
    assert.deepEqual(links, [
      ["vmlinux", "kernel/a.o, kernel/c.o, lib/lib.a(b.o) of lib/lib.a"],
      ["boot arch/x86/boot/setup.elf", "kernel/c.o"],
      ["module fs/m", "kernel/c.o"],
    ]);
    await build.close();
  });

  it("have the symbols of their objects, with relocations", async () => {
    const build = openBuild(join(tree.path, "build"), tree.path);
    await build.load();
    const found = symbolsNamed(build.index, "f");
    assert.deepEqual(found.map(({ object }) => object).sort(), ["kernel/a.o", "kernel/c.o", "lib/lib.a(b.o)"]);
    assert.deepEqual(found.find(({ object }) => object === "kernel/c.o")?.relocations, { total: 2, got: 1 });
    await build.close();
  });

  it("have the map that the linker wrote beside vmlinux, or one that is named", async () => {
    const mapOf = (symbol: string) =>
      `Linker script and memory map\n\n                0x0000000000001057                PROVIDE (${symbol} = .)\n`;
    tree.write({ "build/vmlinux.map": mapOf("etext"), "other.map": mapOf("end") });
    for (const [map, symbol] of [
      [undefined, "etext"],
      [join(tree.path, "other.map"), "end"],
    ]) {
      const build = openBuild(join(tree.path, "build"), tree.path, { map });
      await build.load();
      assert.deepEqual(
        build.maps.get("vmlinux")?.assignments.map((one) => one.symbol),
        [symbol],
      );
      await build.close();
    }
  });

  it("are read again where they have changed, and only there", async () => {
    const build = openBuild(join(tree.path, "build"), tree.path);
    await build.load();
    const before = build.index.objects.get("kernel/c.o");
    writeFileSync(join(tree.path, "build/kernel/a.o"), Buffer.concat([strongly, Buffer.from("\0")]));
    await build.refresh();
    assert.equal(symbolsNamed(build.index, "f").find(({ object }) => object === "kernel/a.o")?.binding, "global");
    assert.equal(build.index.objects.get("kernel/c.o"), before);
    await build.close();
  });

  it("know the source of an object, and whether that or a header is newer", async () => {
    const build = openBuild(join(tree.path, "build"), tree.path);
    const old = new Date(Date.now() - 60_000);
    for (const path of ["kernel/a.c", "include/a.h"]) utimesSync(join(tree.path, path), old, old);
    await build.load();
    assert.equal(await build.sourceOf("kernel/a.o"), "kernel/a.c");
    assert.equal(await build.newerThan("kernel/a.o"), undefined);
    await build.close();
    const next = openBuild(join(tree.path, "build"), tree.path);
    await next.load();
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(tree.path, "include/a.h"), later, later);
    assert.equal(await next.newerThan("kernel/a.o"), "include/a.h");
    await next.close();
  });

  it("of trees without Kbuild have the links that maps tell of, and objects know their sources by what compilers left", async () => {
    using plain = createTemporaryFolder({
      "src/main.c": "int main(void) { return 0; }\n",
      "include/a.h": "",
      "out/boot/boot.map":
        "Memory Configuration\n\nLinker script and memory map\n\n.text 0x0 0x4\n .text 0x0 0x4 boot/main.o\n .text 0x0 0x0 libx.a(x.o)\n",
      "out/app.map":
        "Memory Configuration\n\nLinker script and memory map\n\n.text 0x0 0x4\n .text 0x0 0x4 out/boot/weak.o\n",
      "out/boot/main.d": "out/boot/main.o: src/main.c \\\n include/a.h\n",
    });
    plain.write({
      "out/boot/main.o": referring,
      "out/boot/weak.o": weakly,
      "out/boot/boot.elf": strongly,
      "out/unlinked.o": strongly,
      "out/libx.a": buildArchive([{ name: "x.o/", data: strongly }]),
    });
    const build = openBuild(join(plain.path, "out"), plain.path);
    await build.load();
    assert.deepEqual(
      build.layout!.links.map(({ unit, image, objects }) => [unitText(unit), image, objects]),
      [
        ["image app", undefined, [{ object: "boot/weak.o", archive: undefined }]],
        [
          "image boot/boot",
          "boot/boot.elf",
          [
            { object: "boot/main.o", archive: undefined },
            { object: "libx.a(x.o)", archive: undefined },
          ],
        ],
      ],
    );
    assert.equal(await build.sourceOf("boot/main.o"), "src/main.c");
    await build.close();
  });
});
