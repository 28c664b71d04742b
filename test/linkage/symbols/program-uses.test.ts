/** Which files a symbol's uses are found in. */

import assert from "node:assert/strict";
import { files } from "../../support/apply-fix.ts";
import { loadFixture } from "../../support/fixture-program.ts";

function usersOf(fixture: string): string[] {
  const loaded = loadFixture(files(`//- /a.c\nint hook(int x) { return x; }\n${fixture}`));
  return loaded.program.usesOf("hook").map(({ path }) => path);
}

describe("the uses of a symbol", () => {
  it("are not those of another file's static function of the name", () => {
    assert.deepEqual(usersOf("//- /b.c\nstatic int hook(int x) { return x; }\nint t(void) { return hook(1); }\n"), []);
  });

  it("are not those before the static function is defined", () => {
    const text = "static int hook(int);\nint t(void) { return hook(1); }\nstatic int hook(int x) { return x; }\n";
    assert.deepEqual(usersOf(`//- /b.c\n${text}`), []);
  });

  it("are found where the function is static under a condition", () => {
    const text = "#ifndef A\nstatic int hook(int x) { return x; }\n#endif\nint t(void) { return hook(1); }\n";
    assert.deepEqual(usersOf(`//- /b.c\n${text}`), ["b.c"]);
  });

  it("are found where one branch declares it and the other has a static inline one", () => {
    const text =
      "#ifdef A\nint hook(int);\n#else\nstatic inline int hook(int x) { return x; }\n#endif\nint t(void) { return hook(1); }\n";
    assert.deepEqual(usersOf(`//- /b.c\n${text}`), ["b.c"]);
  });
});
