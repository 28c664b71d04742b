/** What becomes of a weak declaration in a header that makes definitions weak: weak is the default alone. */

import assert from "node:assert/strict";
import { files, fixesOf, fixSymbol, refusalOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";

const HEADER = "//- /clock.h\nint read_clock(void) __attribute__((weak));\n";
const USER = '//- /user.c\n#include "clock.h"\nint now(void) { return read_clock(); }\n';
const SEEN = '#include "clock.h"\nint read_clock(void) { return 2; }\n';
const UNSEEN = "int read_clock(void) { return 3; }\n";
const DEFAULT = '#include "clock.h"\nint __attribute__((weak)) read_clock(void) { return 1; }\n';

describe("the fix of a weak declaration that makes definitions weak", () => {
  it("leaves weak to the definition that is so by itself", () => {
    const tree = files(`${HEADER}//- /default.c\n${DEFAULT}//- /board.c\n${SEEN}${USER}`);
    const after = fixSymbol(tree, "read_clock");
    assert.equal(after.get("clock.h"), "int read_clock(void);\n");
    assert.match(after.get("default.c")!, /__attribute__\(\(weak\)\) read_clock/);
    assert.doesNotMatch(after.get("board.c")!, /weak/);
    const [fix] = fixesOf(loadFixture(tree), "read_clock");
    assert.equal(fix?.isPreferred, false, "today the order of objects decides");
  });

  it("makes the default weak by itself, where strong definitions do not see the header", () => {
    const tree = files(`${HEADER}//- /default.c\n${SEEN}//- /board.c\n${UNSEEN}${USER}`);
    const after = fixSymbol(tree, "read_clock");
    assert.equal(after.get("clock.h"), "int read_clock(void);\n");
    assert.equal(
      after.get("default.c"),
      '#include "clock.h"\n__attribute__((weak)) int read_clock(void) { return 2; }\n',
    );
    assert.equal(after.get("board.c"), UNSEEN);
    assert.equal(fixesOf(loadFixture(tree), "read_clock")[0]?.isPreferred, true);
  });

  it("takes tests out that compilers know the answer of then", () => {
    const user = '//- /user.c\n#include "clock.h"\nint now(void) { return read_clock ? read_clock() : 0; }\n';
    const after = fixSymbol(files(`${HEADER}//- /default.c\n${SEEN}//- /board.c\n${UNSEEN}${user}`), "read_clock");
    assert.match(after.get("user.c")!, /return read_clock\(\);/);
  });

  it("makes the only definition strong", () => {
    const after = fixSymbol(files(`${HEADER}//- /only.c\n${SEEN}${USER}`), "read_clock");
    assert.equal(after.get("only.c"), SEEN);
    assert.equal(after.get("clock.h"), "int read_clock(void);\n");
  });

  it("makes definitions strong that exclude each other", () => {
    const one = `#ifdef CONFIG_FAST\n${SEEN}#endif\n`;
    const two = `#ifndef CONFIG_FAST\n${SEEN}#endif\n`;
    const reason = fixesOf(loadFixture(files(`${HEADER}//- /one.c\n${one}//- /two.c\n${two}${USER}`)), "read_clock")[0];
    assert.doesNotMatch(reason?.refusal ?? "", /strongly|link order/);
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    [
      "nobody says which is the default",
      `//- /a.c\n${SEEN}//- /b.c\n${SEEN}`,
      /link order chooses between a\.c:2 and b\.c:2/,
    ],
    [
      "a definition must stay weak beside a strong one",
      `//- /default.c\n${DEFAULT}//- /board.c\n${SEEN}//- /other.c\n${UNSEEN}`,
      /board\.c:2 must stay weak beside other\.c:1/,
    ],
    [
      "a build may be without the default",
      `//- /default.c\n#ifdef DEFAULTS\n${SEEN}#endif\n//- /board.c\n#ifdef BOARD\n${UNSEEN}#endif\n`,
      /may be without default\.c:3/,
    ],
    [
      "C++ may define it",
      `//- /a.c\n${DEFAULT}//- /b.c\n${SEEN}//- /c.cpp\nextern "C" int read_clock() { return 4; }\n`,
      /c\.cpp, in a language that is not read/,
    ],
    [
      "a script assigns it",
      `//- /a.c\n${DEFAULT}//- /b.c\n${SEEN}//- /a.ld\nread_clock = 0x1000;\n`,
      /a\.ld:1 gives it a value in a linker script/,
    ],
  ];
  for (const [what, tree, reason] of refused) {
    it(`refuses where ${what}`, () => assert.match(refusalOf(HEADER + tree + USER, "read_clock"), reason));
  }

  it("refuses where the link is not known whole", () => {
    const open = { compiled: undefined, named: [{ name: "all", holds: () => true, isClosed: false }] };
    const tree = files(`${HEADER}//- /default.c\n${SEEN}//- /board.c\n${UNSEEN}${USER}`);
    const [fix] = fixesOf(loadFixture(tree, "c", open), "read_clock");
    assert.match(fix?.refusal ?? "", /does not say of 'all' that nothing else is linked/);
  });
});
