/** Where definitions are found that a link binds a name to. */

import assert from "node:assert/strict";
import { findDefinitions, findReferences } from "../../server/src/features/navigation.ts";
import { loadFixture } from "../support/fixture-program.ts";

describe("the definition of a name", () => {
  const { program } = loadFixture(
    [
      { path: "Makefile", text: "fw: user.o f.o w.o\n\tld --wrap=f -o $@ $^\nplain: other.o f.o\n\tld -o $@ $^\n" },
      { path: "user.c", text: "int f(void);\nint user(void) { return f(); }\n" },
      { path: "other.c", text: "int f(void);\nint other(void) { return f(); }\n" },
      { path: "f.c", text: "int f(void) { return 0; }\n" },
      { path: "w.c", text: "int __real_f(void);\nint __wrap_f(void) { return __real_f(); }\n" },
    ],
    "c",
    { compiled: undefined, named: [] },
  );
  const definitions = (name: string, path: string) =>
    findDefinitions(name, path, program).definitions.map((place) => place.path);

  it("is the wrapper's where the file's link wraps it", () => {
    assert.deepEqual(definitions("f", "user.c"), ["w.c"]);
    assert.deepEqual(definitions("__real_f", "w.c"), ["f.c"]);
  });

  it("is its own in another link, and among all that mentions it", () => {
    assert.deepEqual(definitions("f", "other.c"), ["f.c"]);
    assert.ok(findReferences("f", "user.c", program, true).some(({ path }) => path === "f.c"));
  });
});
