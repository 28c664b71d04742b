import assert from "node:assert/strict";
import { parseDependencyFile } from "../../../server/src/syntax/kbuild/dependency-file.ts";

describe("files of dependencies", () => {
  it("name the source first, over continued lines; further rules are those of headers", () => {
    assert.deepEqual(parseDependencyFile("out/a.o: \\\n src/a.c a.h \\\n  b.h\n\na.h:\nb.h:\n"), [
      "src/a.c",
      "a.h",
      "b.h",
    ]);
  });

  it("have blanks and other letters of make escaped", () => {
    assert.deepEqual(parseDependencyFile("a.o: my\\ file.c x\\#y.h c$$d.h\n"), ["my file.c", "x#y.h", "c$d.h"]);
  });

  it("may have colons in paths, and no rule at all", () => {
    assert.deepEqual(parseDependencyFile("C:/a.o: C:/a.c\n"), ["C:/a.c"]);
    assert.deepEqual(parseDependencyFile("nothing here"), []);
  });
});
