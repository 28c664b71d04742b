/** A user that several links have: the fallback is listed in each of them, or nowhere. */

import assert from "node:assert/strict";
import type { Fix } from "../../server/src/rules/rule.ts";
import { applyFix, files, fixesOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";

function fixOf(fixture: string): Fix {
  return fixesOf(loadFixture(files(fixture), "c", { compiled: undefined, named: [] }), "hook")[0]!;
}

/** The files after the fix. */
function fixed(fixture: string): ReadonlyMap<string, string> {
  return new Map(applyFix(files(fixture), fixOf(fixture)).map(({ path, text }) => [path, text]));
}

const HOOK = `//- /hook.c
extern int hook(int n) __attribute__((weak));
int call(int n) { return hook ? hook(n) : 3; }
//- /main.c
int call(int n);
int main(void) { return call(1); }
//- /tool.c
int call(int n);
int main(void) { return call(2); }
`;

const MAKEFILE = `CFLAGS = -ffreestanding
OBJS = main.o hook.o
TOOL_OBJS = tool.o hook.o

all: prog tool

prog: $(OBJS)
	$(CC) -nostdlib -static -o $@ $(OBJS)

tool: $(TOOL_OBJS)
	$(CC) -nostdlib -static -o $@ $(TOOL_OBJS)
`;

function tree(makefile: string, others = ""): string {
  return `//- /Makefile\n${makefile}${HOOK}${others}`;
}

describe("a user in two closed links", () => {
  it("has its fallback in both", () => {
    const after = fixed(tree(MAKEFILE));
    assert.ok(
      after.get("Makefile")!.includes("OBJS = main.o hook.o hook_weak.o\nTOOL_OBJS = tool.o hook.o hook_weak.o\n"),
    );
    assert.match(after.get("hook_weak.c")!, /return 3;/);
    assert.match(after.get("hook.c")!, /return hook\(n\);/);
  });

  it("has it where one of them defines the symbol", () => {
    const makefile = MAKEFILE.replace("TOOL_OBJS = tool.o", "TOOL_OBJS = tool.o strong.o");
    const after = fixed(tree(makefile, "//- /strong.c\nint hook(int n) { return n; }\n"));
    assert.ok(after.get("Makefile")!.includes("strong.o hook.o hook_weak.o\n"));
    assert.ok(after.has("hook_weak.c"));
  });

  it("needs none where both define it", () => {
    const makefile = MAKEFILE.replaceAll("hook.o", "hook.o strong.o");
    const after = fixed(tree(makefile, "//- /strong.c\nint hook(int n) { return n; }\n"));
    assert.equal(after.has("hook_weak.c"), false);
    assert.equal(after.get("Makefile"), makefile);
  });

  const refused: readonly (readonly [string, string, string, RegExp])[] = [
    [
      "one is open",
      MAKEFILE.replace("-static -o $@ $(TOOL_OBJS)", "-o $@ $(TOOL_OBJS) -lfoo"),
      "",
      /linked into .*tool/,
    ],
    [
      "an archive of one defines it",
      MAKEFILE.replace("-o $@ $(TOOL_OBJS)", "-o $@ $(TOOL_OBJS) lib.a").concat(
        "\nlib.a: strong.o\n\t$(AR) rcs $@ $^\n",
      ),
      "//- /strong.c\nint hook(int n) { return n; }\n",
      /in an archive/,
    ],
    [
      "one lists it in words that are not understood",
      MAKEFILE.replace("TOOL_OBJS = tool.o hook.o", "TOOL_OBJS = $(addsuffix .o, tool hook)"),
      "",
      /for one of several links/,
    ],
    [
      "another user is in one alone",
      MAKEFILE.replace("OBJS = main.o", "OBJS = main.o other.o"),
      "//- /other.c\nextern int hook(int n) __attribute__((weak));\nint other(int n) { return hook ? hook(n) : 3; }\n",
      /not all in the same links|in one of them the fallback would be missing/,
    ],
    [
      "the script of one assigns it",
      MAKEFILE.replace("-o $@ $(OBJS)", "-T board.ld -o $@ $(OBJS)"),
      "//- /board.ld\nSECTIONS { .text : { hook = .; *(.text) } }\n",
      /in a linker script, and its users are in several links/,
    ],
    [
      "one has it in an archive",
      MAKEFILE.replace("TOOL_OBJS = tool.o hook.o", "TOOL_OBJS = tool.o lib.a").concat(
        "\nlib.a: hook.o\n\t$(AR) rcs $@ $^\n",
      ),
      "",
      /what is in one of them may be missing in another/,
    ],
  ];
  for (const [what, makefile, others, reason] of refused) {
    it(`is refused where ${what}`, () => assert.match(fixOf(tree(makefile, others)).refusal ?? "", reason));
  }
});
