import assert from "node:assert/strict";
import {
  commandFileOf,
  parseCommandFile,
  parseModuleObjects,
  targetOfCommandFile,
} from "../../../server/src/syntax/kbuild/command-file.ts";

const compiled = [
  "cmd_kernel/fork.o := gcc -DKBUILD='\"fork\"' -DA=$$b -c -o kernel/fork.o /src/kernel/fork.c ",
  "",
  "source_kernel/fork.o := /src/kernel/fork.c",
  "",
  "deps_kernel/fork.o := \\",
  "    $(wildcard include/config/SMP) \\",
  "  /src/include/linux/fork.h \\",
  "",
  "kernel/fork.o: $(deps_kernel/fork.o)",
  "",
].join("\n");

describe("command files of Kbuild", () => {
  it("name target, command, source and dependencies", () => {
    assert.deepEqual(parseCommandFile(compiled), {
      target: "kernel/fork.o",
      command: "gcc -DKBUILD='\"fork\"' -DA=$b -c -o kernel/fork.o /src/kernel/fork.c",
      source: "/src/kernel/fork.c",
      dependencies: ["include/config/SMP", "/src/include/linux/fork.h"],
    });
  });

  it("say savedcmd_ since Linux 6.4", () => {
    assert.equal(parseCommandFile("savedcmd_a.o := as a.s\n")?.target, "a.o");
  });

  it("leave out a dependency that is cut off", () => {
    const cut = compiled.slice(0, compiled.indexOf("fork.h"));
    assert.deepEqual(parseCommandFile(cut)?.dependencies, ["include/config/SMP"]);
  });

  it("are told from other text", () => {
    assert.equal(parseCommandFile("all:\n\techo cmd_a := b\n"), undefined);
    assert.equal(parseCommandFile(""), undefined);
  });

  it("stand beside what they tell of", () => {
    assert.equal(commandFileOf("kernel/fork.o"), "kernel/.fork.o.cmd");
    assert.equal(commandFileOf("vmlinux"), ".vmlinux.cmd");
    assert.equal(targetOfCommandFile("kernel/.fork.o.cmd"), "kernel/fork.o");
    assert.equal(targetOfCommandFile("kernel/fork.cmd"), undefined);
  });

  it("list a module's objects in one line, or one a line", () => {
    assert.deepEqual(parseModuleObjects("a.o b.o\n\n"), ["a.o", "b.o"]);
    assert.deepEqual(parseModuleObjects("fs/a.o\nfs/b.o\n"), ["fs/a.o", "fs/b.o"]);
  });
});
