/** Where a weak definition that compilers may believe is moved to, what goes with it, and when it stays. */

import assert from "node:assert/strict";
import { files, fixesOf, fixSymbol, refusalOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { KERNEL } from "../support/kernel-fixture.ts";

const BOARD = "//- /board.c\nconst int limit = 8;\n";
const READER = "int allowed(int n) { return n < limit; }\n";

describe("the fix of a weak definition that is read in its file", () => {
  it("moves it, and leaves a declaration", () => {
    const after = fixSymbol(files(`//- /a.c\nconst int limit __attribute__((weak)) = 4;\n${READER}${BOARD}`), "limit");
    assert.equal(after.get("a.c"), `extern const int limit;\n${READER}`);
    assert.match(
      after.get("a_weak.c")!,
      /\*\/\nextern const int limit;\nconst int limit __attribute__\(\(weak\)\) = 4;\n$/,
    );
  });

  it("leaves nothing where a header declares it, and takes the comment along", () => {
    const after = fixSymbol(
      files(`//- /limit.h
#define LEAST 4
extern const int limit;
//- /a.c
#include "limit.h"

/* As many as every board has. */
const int limit __attribute__((weak)) = LEAST;

${READER}${BOARD}`),
      "limit",
    );
    assert.equal(after.get("a.c"), `#include "limit.h"\n\n${READER}`);
    assert.match(
      after.get("a_weak.c")!,
      /\n#include "limit\.h"\n\n\/\* As many as every board has\. \*\/\nconst int limit .* = LEAST;\n$/,
    );
  });

  it("leaves no bound that would be believed", () => {
    const after = fixSymbol(
      files(`//- /a.c
char names[1] __attribute__((weak));
int count(void) { int n = 0; while (names[n]) n++; return n; }
//- /board.c
char names[8];
`),
      "names",
    );
    assert.match(after.get("a.c")!, /^extern char names\[\];\n/);
    assert.match(after.get("a_weak.c")!, /\nchar names\[1\] __attribute__\(\(weak\)\);\n$/);
  });

  it("lists the new file", () => {
    const after = fixSymbol(
      files(
        `//- /a.c\nconst int limit __attribute__((weak)) = 4;\n${READER}${BOARD}//- /Makefile\nobjs = a.o board.o\n`,
      ),
      "limit",
    );
    assert.equal(after.get("Makefile"), "objs = a.o a_weak.o board.o\n");
  });

  it("lists the new file in Kbuild, CMake and Meson", () => {
    const definition = `//- /kernel/a.c\nconst int limit __attribute__((weak)) = 4;\n${READER}`;
    const board = "//- /kernel/board.c\nconst int limit = 8;\n";
    const lists = (build: string) =>
      fixSymbol(files(`${KERNEL}//- /kernel/Makefile\n${build}${definition}${board}`), "limit").get("kernel/Makefile")!;
    assert.match(lists("obj-y += a.o\nobj-$(CONFIG_EFI) += board.o\n"), /^obj-y \+= a\.o\nobj-y \+= a_weak\.o\n/);
    const plain = `//- /a.c\nconst int limit __attribute__((weak)) = 4;\n${READER}${BOARD}`;
    const cmake = fixSymbol(files(`${plain}//- /CMakeLists.txt\nadd_executable(fw a.c board.c)\n`), "limit");
    assert.match(cmake.get("CMakeLists.txt")!, /add_executable\(fw a\.c a_weak\.c board\.c\)/);
    const meson = fixSymbol(files(`${plain}//- /meson.build\nexecutable('fw', 'a.c', 'board.c')\n`), "limit");
    assert.match(meson.get("meson.build")!, /'a\.c', 'a_weak\.c', 'board\.c'/);
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    [
      "a static helper",
      "static int four(void);\nconst int *const limit __attribute__((weak)) = (int *)four;\nint allowed(void) { return *limit; }\n",
      /needs 'four', which a\.c alone has/,
    ],
    [
      "a macro of the file's own",
      `#define LEAST 4\nconst int limit __attribute__((weak)) = LEAST;\n${READER}`,
      /needs 'LEAST', which a\.c alone has/,
    ],
    [
      "a type of the file's own",
      "struct ops { int n; };\nconst struct ops limit __attribute__((weak)) = { 4 };\nint allowed(void) { return limit.n; }\n",
      /needs 'ops', which a\.c alone has|declared in a\.c alone/,
    ],
    [
      "several symbols at once",
      `const int limit __attribute__((weak)) = 4, other = 5;\n${READER}`,
      /defines several symbols|makes several symbols weak/,
    ],
    [
      "an initializer that reads it",
      `const int limit __attribute__((weak)) = 4;\nint twice = limit * 2;\n${READER}`,
      /may need the value of 'limit' while it is compiled/,
    ],
    [
      "an alias of it",
      `const int limit __attribute__((weak)) = 4;\nextern const int most __attribute__((alias("limit")));\n${READER}`,
      /a string in a\.c names 'limit'/,
    ],
    [
      "a condition of its own",
      `#ifdef SMALL\nconst int limit __attribute__((weak)) = 4;\n#else\nextern const int limit;\n#endif\n${READER}`,
      /only if defined\(SMALL\)/,
    ],
    [
      "its size",
      "char limit[4] __attribute__((weak));\nint allowed(int n) { return limit[n] + sizeof(limit); }\n//- /b.c\nchar limit[8];\n",
      /needs the size of 'limit'/,
    ],
    [
      "a weak declaration elsewhere",
      `const int limit __attribute__((weak)) = 4;\n${READER}//- /w.c\nextern const int limit __attribute__((weak));\n`,
      /w\.c declares 'limit' weak/,
    ],
    [
      "link-time optimization",
      `const int limit __attribute__((weak)) = 4;\n${READER}//- /Makefile\nCFLAGS += -flto\n`,
      /asks for link-time optimization/,
    ],
  ];
  for (const [what, text, reason] of refused) {
    it(`refuses because of ${what}`, () => assert.match(refusalOf(`//- /a.c\n${text}`, "limit"), reason));
  }

  it("refuses where a header's bound is another one than a definition's", () => {
    const reason = refusalOf(
      `//- /n.h
extern char names[1];
//- /a.c
#include "n.h"
char names[1] __attribute__((weak));
int count(void) { int n = 0; while (names[n]) n++; return n; }
//- /board.c
char names[8];
`,
      "names",
    );
    assert.match(reason, /n\.h declares a bound of 'names', which compilers believe in any file/);
  });

  it("refuses where the link is not known whole", () => {
    const open = { compiled: undefined, named: [{ name: "all", holds: () => true, isClosed: false }] };
    const tree = files(`//- /a.c\nconst int limit __attribute__((weak)) = 4;\n${READER}${BOARD}`);
    const [fix] = fixesOf(loadFixture(tree, "c", open), "limit");
    assert.match(fix?.refusal ?? "", /does not say of 'all' that nothing else is linked/);
  });
});
