import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync, symlinkSync, truncateSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { MAX_FILE_SIZE, readFileReused, statPrint } from "../../server/src/host/read-file.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const old = new Date("2024-01-01");

/** Reads a file and copies what would be overwritten by the next. */
function read(path: string) {
  const file = readFileReused(path);
  assert.equal(file.kind, "read");
  return { text: Buffer.from(file.bytes).toString("latin1"), stamp: file.stamp };
}

describe("read file", () => {
  it("gives the bytes of one file after the other", () => {
    const long = "x".repeat(5_000_000);
    using folder = createTemporaryFolder({ "a.c": "int a;", "b.c": long, "c.c": "", "d.c": "int d;" });
    const texts = ["a.c", "b.c", "c.c", "d.c"].map((name) => read(join(folder.path, name)).text);
    assert.deepEqual(texts, ["int a;", long, "", "int d;"]);
  });

  it("stamps the same contents alike and others differently", () => {
    using folder = createTemporaryFolder({
      "a.c": "int a;",
      "b.c": "int a;",
      "c.c": "int b;",
      "d.c": "int a;\0",
      "e.c": "",
    });
    const [a, b, c, d, e] = ["a.c", "b.c", "c.c", "d.c", "e.c"].map((name) => read(join(folder.path, name)).stamp);
    assert.deepEqual(a?.content, b?.content);
    for (const other of [c, d, e]) assert.notDeepEqual(a?.content, other?.content);
    assert.equal(a?.size, 6);
  });

  it("relies on what the file system says only of files that have not just changed", () => {
    using folder = createTemporaryFolder({ "a.c": "int a;" });
    const path = join(folder.path, "a.c");
    assert.deepEqual(read(path).stamp.stat, [0, 0]);
    utimesSync(path, old, old);
    const { stat } = read(path).stamp;
    assert.deepEqual(stat, statPrint(statSync(path)));
    assert.notDeepEqual(stat, [0, 0]);
  });

  it("sees by the file system's word that a file has changed", () => {
    using folder = createTemporaryFolder({ "a.c": "int a;" });
    const path = join(folder.path, "a.c");
    utimesSync(path, old, old);
    const before = statPrint(statSync(path));
    folder.write({ "a.c": "int b;" });
    utimesSync(path, old, old);
    // The size and the time of change are the same, but not the time at which that was set.
    assert.notDeepEqual(statPrint(statSync(path)), before);
  });

  it("reads no file that is too large", () => {
    using folder = createTemporaryFolder({ "a.c": "" });
    const path = join(folder.path, "a.c");
    truncateSync(path, MAX_FILE_SIZE + 1);
    assert.deepEqual(readFileReused(path), { kind: "too large", size: MAX_FILE_SIZE + 1 });
  });

  it("reads nothing but files, and does not wait for them", () => {
    using folder = createTemporaryFolder({ "a.c": "int a;" });
    mkdirSync(join(folder.path, "dir.c"));
    symlinkSync("a.c", join(folder.path, "link.c"));
    execFileSync("mkfifo", [join(folder.path, "fifo.c")]);
    assert.deepEqual(readFileReused(join(folder.path, "dir.c")), { kind: "no file" });
    assert.deepEqual(readFileReused(join(folder.path, "fifo.c")), { kind: "no file" });
    assert.throws(() => readFileReused(join(folder.path, "link.c")), { code: "ELOOP" });
    assert.throws(() => readFileReused(join(folder.path, "gone.c")), { code: "ENOENT" });
  });
});
