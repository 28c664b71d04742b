import assert from "node:assert/strict";
import { parseLinkCommand } from "../../../server/src/syntax/kbuild/link-command.ts";

describe("link commands", () => {
  it("tell whole archives from those that are searched", () => {
    const link = parseLinkCommand(
      "ld -m elf_x86_64 -z noexecstack -r -o vmlinux.o --whole-archive vmlinux.a --no-whole-archive --start-group lib/lib.a --end-group; objtool vmlinux.o",
    );
    assert.deepEqual(link?.inputs, [
      { path: "vmlinux.a", kind: "whole archive" },
      { path: "lib/lib.a", kind: "archive" },
    ]);
    assert.equal(link?.output, "vmlinux.o");
    assert.equal(link?.isPartial, true);
  });

  it("name scripts, maps and lists of words, and pass over the arguments of options", () => {
    const link = parseLinkCommand("aarch64-linux-gnu-ld.bfd -T a.lds -Map=a.map -e start.o -o a.elf b.o @c.list");
    assert.deepEqual(link?.scripts, ["a.lds"]);
    assert.equal(link?.map, "a.map");
    assert.deepEqual(
      link?.inputs.map(({ path, kind }) => `${path} ${kind}`),
      ["b.o object", "c.list list"],
    );
  });

  it("may be a compiler's, behind other commands", () => {
    const link = parseLinkCommand("mkdir -p x && gcc-12 -nostdlib -Wl,-T,v.lds,-Map,v.map -o v.so v.o");
    assert.deepEqual(
      [link?.output, link?.scripts, link?.map, link?.isFreestanding],
      ["v.so", ["v.lds"], "v.map", true],
    );
  });

  it("are no compilations, and nothing without objects", () => {
    assert.equal(parseLinkCommand("gcc -c -o a.o a.c"), undefined);
    assert.equal(parseLinkCommand("ld --version"), undefined);
    assert.equal(parseLinkCommand("echo 'ld -o a b.o; ld -o c d.o'"), undefined);
    assert.equal(parseLinkCommand("'\"\\"), undefined);
  });
});
