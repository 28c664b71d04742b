/** Hostile trees: what is no plain file of theirs is not read, whoever names it. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { readDatabase } from "../../server/src/host/build/compile-database.ts";
import { readBuildCommands } from "../../server/src/host/build/read-commands.ts";
import { readLayout } from "../../server/src/host/build/read-layout.ts";
import { configurationPaths, readConfiguration } from "../../server/src/host/configuration-file.ts";
import { isReallyBelow, readRegular, readRegularStart } from "../../server/src/host/open-regular.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const MOST = 100;

describe("opening a file that a tree names", () => {
  it("reads plain files, and links that stay below", () => {
    using folder = createTemporaryFolder({ "a/file": "text" });
    symlinkSync("a/file", join(folder.path, "link"));
    const bounds = { most: MOST, below: [folder.path] };
    assert.equal(readRegular(join(folder.path, "a/file"), bounds).toString(), "text");
    assert.equal(readRegular(join(folder.path, "link"), bounds).toString(), "text");
  });

  it("reads no more than was asked for", () => {
    using folder = createTemporaryFolder({ file: "x".repeat(MOST + 1) });
    const path = join(folder.path, "file");
    assert.throws(() => readRegular(path, { most: MOST }), /too large/);
    assert.equal(readRegularStart(path, { most: MOST }).length, MOST);
  });

  it("follows no link to outside, of a file or of a folder", () => {
    using outside = createTemporaryFolder({ secret: "secret" });
    using folder = createTemporaryFolder({ own: "" });
    symlinkSync(join(outside.path, "secret"), join(folder.path, "file"));
    symlinkSync(outside.path, join(folder.path, "folder"));
    for (const name of ["file", "folder/secret"]) {
      const path = join(folder.path, name);
      assert.throws(() => readRegular(path, { most: MOST, below: [folder.path] }), /out of the tree/);
      assert.equal(isReallyBelow(path, [folder.path]), false);
      assert.equal(readRegular(path, { most: MOST }).toString(), "secret", "a trusted setting may name it");
    }
  });

  it("takes a folder whose name begins with that of the tree for another, and ..foo for one below", () => {
    using folder = createTemporaryFolder({ "tree/own": "", "tree2/file": "", "tree/..foo/file": "" });
    assert.equal(isReallyBelow(join(folder.path, "tree2/file"), [join(folder.path, "tree")]), false);
    assert.equal(isReallyBelow(join(folder.path, "tree/..foo/file"), [join(folder.path, "tree")]), true);
  });

  it("neither waits for a FIFO nor reads a device or a folder, even where a setting names them", () => {
    using folder = createTemporaryFolder({ "a/file": "" });
    execFileSync("mkfifo", [join(folder.path, "fifo")]);
    symlinkSync("/dev/zero", join(folder.path, "zero"));
    for (const name of ["fifo", "zero", "a"]) {
      assert.throws(() => readRegular(join(folder.path, name), { most: MOST }), /no regular file/, name);
    }
  });
});

describe("a tree that names what is not its own", () => {
  it("gives no configuration from a device, a FIFO or a file outside", async () => {
    for (const target of ["/dev/zero", "/etc/passwd"]) {
      for (const name of [".config", "auto.conf"]) {
        using folder = createTemporaryFolder({ "include/config/other": "" });
        symlinkSync(target, join(folder.path, name === ".config" ? name : `include/config/${name}`));
        await assert.rejects(
          readConfiguration(configurationPaths(folder.path, undefined), folder.path),
          /out of the tree/,
        );
      }
    }
    using folder = createTemporaryFolder({ own: "" });
    execFileSync("mkfifo", [join(folder.path, ".config")]);
    await assert.rejects(readConfiguration(configurationPaths(folder.path, undefined), folder.path), /no regular file/);
  });

  it("gives no compile database, no ninja file and no commands through links", async () => {
    using outside = createTemporaryFolder({
      "compile_commands.json": `[{"directory":"/","file":"/a.c","output":"a.o"}]`,
      "build.ninja": "rule cc\n  command = gcc -c a.c -o a.o\nbuild a.o: cc a.c\n",
    });
    using folder = createTemporaryFolder({ "a.c": "" });
    for (const name of ["compile_commands.json", "build.ninja"]) {
      symlinkSync(join(outside.path, name), join(folder.path, name));
    }
    await assert.rejects(readDatabase(folder.path), /out of the tree/);
    assert.deepEqual(readBuildCommands(folder.path, folder.path).commands, []);
  });

  it("lists no members of an archive that lies outside", () => {
    using outside = createTemporaryFolder({ "lib.a": "!<arch>\n" });
    using folder = createTemporaryFolder({
      ".vmlinux.o.cmd": "savedcmd_vmlinux.o := ld -r -o vmlinux.o --whole-archive lib.a --no-whole-archive\n",
      ".vmlinux.cmd": "",
    });
    symlinkSync(join(outside.path, "lib.a"), join(folder.path, "lib.a"));
    const { layout } = readLayout(folder.path, folder.path);
    assert.match(layout.problems.join("\n"), /lib\.a: a link leads out of the tree/);
  });
});
