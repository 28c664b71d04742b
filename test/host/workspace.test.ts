import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync } from "node:fs";
import { join, relative } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { FileProblem } from "../../server/src/host/problems.ts";
import { openWorkspace, type Workspace, type WorkspaceOptions } from "../../server/src/host/workspace.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const sources = {
  "kernel/a.c": "#include <linux/foo.h>\nint foo = 1;\n",
  "include/linux/foo.h": "extern int foo;\nextern int bar __weak;\n",
  "arch/entry.S": ".globl bar\nbar:\n",
  "arch/vmlinux.lds.S": "SECTIONS { PROVIDE(baz = .); }\n",
  Makefile: "obj-y += kernel/\n",
  "kernel/Kconfig": "config A\n",
};

/** Opens a workspace with one worker, lets the test have it, and closes it. */
async function withWorkspace(
  folder: TemporaryFolder,
  test: (workspace: Workspace) => void | Promise<void>,
  options: WorkspaceOptions = {},
): Promise<void> {
  const workspace = openWorkspace(folder.path, { threads: 1, ...options });
  try {
    await workspace.current;
    await test(workspace);
  } finally {
    await workspace.dispose();
  }
}

/** "path role" for each mention of a symbol. */
function mentions(workspace: Workspace, name: string): string[] {
  return workspace.index.mentions(name).map(({ path, fact }) => `${path} ${fact.role}`);
}

/** Makes a file look as if it had not been changed for long, so that its stamp can be relied on. */
function age(folder: TemporaryFolder, ...names: string[]): void {
  const old = new Date("2024-01-01");
  for (const name of names) utimesSync(join(folder.path, name), old, old);
}

describe("workspace", () => {
  it("indexes all languages of a tree", async () => {
    using folder = createTemporaryFolder(sources);
    const progress: string[] = [];
    await withWorkspace(
      folder,
      (workspace) => {
        assert.ok(workspace.index.isComplete);
        assert.equal(workspace.index.fileCount, 4);
        assert.deepEqual(mentions(workspace, "foo"), ["include/linux/foo.h declaration", "kernel/a.c definition"]);
        assert.deepEqual(mentions(workspace, "bar"), ["arch/entry.S definition", "include/linux/foo.h declaration"]);
        assert.deepEqual(mentions(workspace, "baz"), ["arch/vmlinux.lds.S provide"]);
        assert.deepEqual(workspace.index.filesIncluding("foo.h"), ["kernel/a.c"]);
        assert.deepEqual(workspace.index.filesWithWord("foo"), ["include/linux/foo.h", "kernel/a.c"]);
        assert.deepEqual(workspace.buildFiles, ["Makefile", "kernel/Kconfig"]);
        assert.deepEqual(workspace.problems, []);
        const { files, bytes, symbols, problems, fromCache } = workspace.statistics();
        const size = ["kernel/a.c", "include/linux/foo.h", "arch/entry.S", "arch/vmlinux.lds.S"] as const;
        assert.equal(
          bytes,
          size.reduce((sum, path) => sum + sources[path].length, 0),
        );
        assert.deepEqual([files, symbols, problems, fromCache], [4, 3, 0, false]);
      },
      { onProgress: ({ done, total }) => progress.push(`${done}/${total}`) },
    );
    assert.equal(progress.at(-1), "4/4");
  });

  it("says that it is not complete before it is", async () => {
    using folder = createTemporaryFolder(sources);
    const workspace = openWorkspace(folder.path, { threads: 1 });
    assert.ok(!workspace.index.isComplete);
    await workspace.ready;
    assert.ok(workspace.index.isComplete);
    await workspace.dispose();
  });

  it("leaves out what the settings say", async () => {
    using folder = createTemporaryFolder(sources);
    const options = { exclude: ["arch/**"] };
    await withWorkspace(
      folder,
      async (workspace) => {
        assert.deepEqual([...workspace.index.paths()], ["include/linux/foo.h", "kernel/a.c"]);
        await workspace.refresh(["arch/entry.S"]);
        assert.ok(!workspace.index.hasFile("arch/entry.S"));
      },
      options,
    );
  });

  it("works with as many threads as there may be", async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`d${i % 9}/f${i}.c`, `int v${i};\n`]));
    using folder = createTemporaryFolder(many);
    await withWorkspace(
      folder,
      (workspace) => {
        assert.equal(workspace.index.fileCount, 300);
        for (let i = 0; i < 300; i++) assert.deepEqual(mentions(workspace, `v${i}`), [`d${i % 9}/f${i}.c tentative`]);
      },
      { threads: 3 },
    );
  });

  it("has no root that is not there", () => {
    assert.throws(() => openWorkspace("/no/such/folder"), { code: "ENOENT" });
  });

  it("stops when it is disposed of or aborted", async () => {
    using folder = createTemporaryFolder(sources);
    const workspace = openWorkspace(folder.path, { threads: 1 });
    await workspace.dispose();
    await assert.rejects(workspace.ready, /closed/);
    await assert.rejects(workspace.current, /closed/);
    const stopping = new AbortController();
    const aborted = openWorkspace(folder.path, { threads: 1, signal: stopping.signal });
    stopping.abort();
    await assert.rejects(aborted.ready, /closed/);
    await assert.rejects(openWorkspace(folder.path, { signal: AbortSignal.abort() }).ready, /closed/);
  });

  describe("with files that are no good", () => {
    it("reads text that is not UTF-8", async () => {
      using folder = createTemporaryFolder({ "a.c": Buffer.from("/* gr\xfc\xdfe */ int foo;\n", "latin1") });
      await withWorkspace(folder, (workspace) => assert.deepEqual(mentions(workspace, "foo"), ["a.c tentative"]));
    });

    it("reports a binary file, and one that is too large", async () => {
      using folder = createTemporaryFolder({ ...sources, "binary.c": new Uint8Array(100), "large.c": "" });
      truncateSync(join(folder.path, "large.c"), 101 * 1024 * 1024);
      const reported: FileProblem[] = [];
      await withWorkspace(
        folder,
        (workspace) => {
          assert.deepEqual(workspace.problems.map(({ path, reason }) => `${path}: ${reason}`).sort(), [
            "binary.c: a binary file",
            "large.c: too large (101 MB)",
          ]);
          assert.equal(workspace.statistics().problems, 2);
          assert.deepEqual(mentions(workspace, "foo").length, 2);
        },
        { onProblem: (problem) => reported.push(problem) },
      );
      assert.equal(reported.length, 2);
    });

    it("reads a file just below the limit", async function () {
      this.timeout(60_000);
      using folder = createTemporaryFolder({ ...sources });
      const line = "static int f(void) { return 1; } /* some words */\n";
      folder.write({ "large.c": `${line.repeat(Math.floor((100 * 1024 * 1024) / line.length) - 1)}int last;\n` });
      await withWorkspace(folder, (workspace) => assert.deepEqual(mentions(workspace, "last"), ["large.c tentative"]));
    });

    it("reads garbage and half-typed code without an end", async () => {
      using folder = createTemporaryFolder({
        "a.c": "int foo(".repeat(1000),
        "b.c": "{".repeat(100_000),
        "c.S": '.ascii "'.repeat(1000),
        "d.lds": "SECTIONS { ".repeat(10_000),
        "e.h": "#if\n".repeat(10_000),
        "f.c": "int good;\n",
      });
      await withWorkspace(folder, (workspace) => {
        assert.equal(workspace.index.fileCount, 6);
        assert.deepEqual(workspace.problems, []);
        assert.deepEqual(mentions(workspace, "good"), ["f.c tentative"]);
      });
    });
  });

  describe("told of changes", () => {
    it("reads files that changed or came, and forgets those that went", async () => {
      using folder = createTemporaryFolder(sources);
      await withWorkspace(folder, async (workspace) => {
        folder.write({ "kernel/a.c": "int changed;\n", "new/b.c": "int added;\n" });
        rmSync(join(folder.path, "arch/entry.S"));
        await workspace.refresh(["kernel/a.c", join(folder.path, "new/b.c"), "arch/entry.S"]);
        assert.deepEqual(mentions(workspace, "foo"), ["include/linux/foo.h declaration"]);
        assert.deepEqual(mentions(workspace, "changed"), ["kernel/a.c tentative"]);
        assert.deepEqual(mentions(workspace, "added"), ["new/b.c tentative"]);
        assert.deepEqual(mentions(workspace, "bar"), ["include/linux/foo.h declaration"]);
      });
    });

    it("looks below directories that came, went or were renamed", async () => {
      using folder = createTemporaryFolder(sources);
      await withWorkspace(folder, async (workspace) => {
        renameSync(join(folder.path, "kernel"), join(folder.path, "core"));
        rmSync(join(folder.path, "arch"), { recursive: true });
        await workspace.refresh(["kernel", "core", "arch"]);
        assert.deepEqual([...workspace.index.paths()], ["core/a.c", "include/linux/foo.h"]);
        assert.deepEqual(workspace.buildFiles, ["Makefile", "core/Kconfig"]);
      });
    });

    it("takes a file in the place of a directory, and a directory in the place of a file", async () => {
      using folder = createTemporaryFolder({ "x.c/y.c": "int inner;\n", "z.c": "int outer;\n" });
      await withWorkspace(folder, async (workspace) => {
        assert.deepEqual([...workspace.index.paths()], ["x.c/y.c", "z.c"]);
        rmSync(join(folder.path, "x.c"), { recursive: true });
        rmSync(join(folder.path, "z.c"));
        folder.write({ "x.c": "int inner;\n", "z.c/w.c": "int outer;\n" });
        await workspace.refresh(["x.c", "z.c"]);
        assert.deepEqual([...workspace.index.paths()], ["x.c", "z.c/w.c"]);
        assert.deepEqual(mentions(workspace, "inner"), ["x.c tentative"]);
      });
    });

    it("takes nothing from outside the root", async () => {
      using outside = createTemporaryFolder({ "secret.c": "int secret;\n" });
      using folder = createTemporaryFolder(sources);
      symlinkSync(outside.path, join(folder.path, "link"));
      symlinkSync(join(outside.path, "secret.c"), join(folder.path, "secret.c"));
      await withWorkspace(folder, async (workspace) => {
        const around = relative(folder.path, join(outside.path, "secret.c"));
        const paths = [
          "link/secret.c",
          "secret.c",
          "link",
          join(outside.path, "secret.c"),
          around,
          `kernel/../${around}`,
        ];
        await workspace.refresh(paths);
        workspace.prioritize(paths);
        await workspace.refreshAll();
        assert.deepEqual(mentions(workspace, "secret"), []);
        for (const path of paths) assert.equal(await workspace.readSource(path), undefined, path);
      });
    });

    it("finds out by itself what changed, when asked to look at everything", async () => {
      using folder = createTemporaryFolder(sources);
      age(folder, "arch/entry.S");
      await withWorkspace(folder, async (workspace) => {
        folder.write({ "kernel/a.c": "int changed;\n", "b.c": "int added;\n", "new/Kbuild": "" });
        rmSync(join(folder.path, "include"), { recursive: true });
        await workspace.refreshAll();
        assert.deepEqual([...workspace.index.paths()], ["arch/entry.S", "arch/vmlinux.lds.S", "b.c", "kernel/a.c"]);
        assert.deepEqual(mentions(workspace, "changed"), ["kernel/a.c tentative"]);
        assert.deepEqual(mentions(workspace, "foo"), []);
        assert.deepEqual(workspace.buildFiles, ["Makefile", "kernel/Kconfig", "new/Kbuild"]);
      });
    });

    it("has the last of many changes to one file", async () => {
      using folder = createTemporaryFolder(sources);
      await withWorkspace(
        folder,
        async (workspace) => {
          const refreshed: Promise<void>[] = [];
          for (let i = 0; i <= 30; i++) {
            folder.write({ "kernel/a.c": `int version${i};\n` });
            refreshed.push(workspace.refresh(["kernel/a.c"]));
          }
          await Promise.all(refreshed);
          assert.deepEqual(mentions(workspace, "version30"), ["kernel/a.c tentative"]);
          assert.deepEqual(workspace.index.symbolNames("version", 10), ["version30"]);
        },
        { threads: 2 },
      );
    });

    it("says that it is changing until the last changed file was read, and tells of that", async () => {
      using folder = createTemporaryFolder(sources);
      const told: (boolean | undefined)[] = [];
      let opened: Workspace | undefined;
      await withWorkspace(
        folder,
        async (workspace) => {
          opened = workspace;
          assert.equal(workspace.index.isChanging, false);
          folder.write({ "kernel/a.c": "int changed;\n" });
          const refreshed = workspace.refresh(["kernel/a.c"]);
          while (!workspace.index.isChanging) await nextTurn();
          await refreshed;
          assert.equal(workspace.index.isChanging, false);
          await nextTurn();
          assert.equal(told.at(-1), false);
        },
        { onChange: () => told.push(opened?.index.isChanging) },
      );
    });

    it("tells of changes", async () => {
      using folder = createTemporaryFolder(sources);
      let changes = 0;
      await withWorkspace(
        folder,
        async (workspace) => {
          const before = changes;
          folder.write({ "kernel/a.c": "int changed;\n" });
          await workspace.refresh(["kernel/a.c"]);
          await nextTurn();
          assert.ok(before > 0 && changes > before);
        },
        { onChange: () => changes++ },
      );
    });
  });

  describe("with open buffers", () => {
    it("lets their text count at once, until they are closed", async () => {
      using folder = createTemporaryFolder(sources);
      const workspace = openWorkspace(folder.path, { threads: 1 });
      workspace.setOverlay(join(folder.path, "kernel/a.c"), sourceOfText("int typed;\n"));
      assert.deepEqual(mentions(workspace, "typed"), ["kernel/a.c tentative"]);
      assert.equal((await workspace.readSource("kernel/a.c"))?.slice(4, 9), "typed");
      await workspace.current;
      assert.deepEqual(mentions(workspace, "typed"), ["kernel/a.c tentative"]);
      assert.deepEqual(mentions(workspace, "foo"), ["include/linux/foo.h declaration"]);
      workspace.setOverlay("kernel/a.c", undefined);
      assert.deepEqual(mentions(workspace, "typed"), []);
      assert.deepEqual(mentions(workspace, "foo").length, 2);
      assert.equal((await workspace.readSource("kernel/a.c"))?.length, sources["kernel/a.c"].length);
      await workspace.dispose();
    });

    it("takes paths through a symbolic link by which the root was opened", async () => {
      using folder = createTemporaryFolder(
        Object.fromEntries(Object.entries(sources).map(([k, v]) => [`real/${k}`, v])),
      );
      const link = join(folder.path, "link");
      symlinkSync("real", link);
      const workspace = openWorkspace(link, { threads: 1 });
      await workspace.current;
      workspace.setOverlay(join(link, "kernel/a.c"), sourceOfText("int typed;\n"));
      assert.deepEqual(mentions(workspace, "typed"), ["kernel/a.c tentative"]);
      folder.write({ "real/arch/entry.S": ".globl changed\n" });
      await workspace.refresh([join(link, "arch/entry.S"), `${link}/arch/`]);
      assert.deepEqual(mentions(workspace, "changed"), ["arch/entry.S declaration"]);
      await workspace.dispose();
    });

    it("does not index a buffer from outside the root", async () => {
      using folder = createTemporaryFolder(sources);
      await withWorkspace(folder, async (workspace) => {
        workspace.setOverlay("/elsewhere/b.c", sourceOfText("int elsewhere;\n"));
        assert.deepEqual(mentions(workspace, "elsewhere"), []);
        assert.equal((await workspace.readSource("/elsewhere/b.c"))?.length, 15);
      });
    });

    it("hands out the text of a buffer of any language, and indexes only ours", async () => {
      using folder = createTemporaryFolder(sources);
      await withWorkspace(folder, async (workspace) => {
        workspace.setOverlay("Makefile", sourceOfText("obj-m += x.o\n"));
        assert.equal((await workspace.readSource("Makefile"))?.slice(0, 5), "obj-m");
        assert.ok(!workspace.index.hasFile("Makefile"));
      });
    });
  });

  it("reads many texts at once, and none of what is no text", async () => {
    using folder = createTemporaryFolder({ ...sources, "binary.c": new Uint8Array(10), "dir.c/x.c": "" });
    await withWorkspace(folder, async (workspace) => {
      const found = await workspace.readSources([...Object.keys(sources), "gone.c", "binary.c", "dir.c"]);
      for (const [path, text] of Object.entries(sources)) assert.equal(found.get(path)?.slice(0, 1000), text, path);
      for (const path of ["gone.c", "binary.c", "dir.c"]) {
        assert.ok(found.has(path));
        assert.equal(found.get(path), undefined);
      }
    });
  });

  it("reads some files first when told to", async () => {
    using folder = createTemporaryFolder(sources);
    const options = { first: ["kernel/a.c", join(folder.path, "arch/entry.S"), "gone.c", "../outside.c"] };
    await withWorkspace(folder, (workspace) => assert.equal(workspace.index.fileCount, 4), options);
    await withWorkspace(folder, (workspace) => workspace.prioritize(["kernel/a.c", "gone.c"]));
  });

  it("does not read what a directory that is missing held", async () => {
    using folder = createTemporaryFolder();
    mkdirSync(join(folder.path, "empty"));
    await withWorkspace(folder, async (workspace) => {
      assert.equal(workspace.index.fileCount, 0);
      rmSync(join(folder.path, "empty"), { recursive: true });
      await workspace.refreshAll();
      assert.equal(workspace.index.fileCount, 0);
    });
  });
});
