/** Whom provide-symbol names as those who refer to a symbol. */

import assert from "node:assert/strict";
import type { TreeLinkSources } from "../../server/src/linkage/links/target-links.ts";
import { parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";

const SCRIPT = "//- /link.ld\nSECTIONS { .text : { *(.text) PROVIDE(end = .); } }\n";

function messageWith(files: string): string {
  const findings = loadFixture(parseFixture(SCRIPT + files).files)
    .findings()
    .get("link.ld");
  return findings?.find(({ rule }) => rule === "provide-symbol")?.message ?? "";
}

describe("who refers to a provided symbol", () => {
  it("is C that sees a declaration of it", () => {
    assert.match(messageWith("//- /a.c\nextern char end[];\nchar *f(void) { return end; }\n"), /referred to in a\.c$/);
    assert.match(
      messageWith('//- /a.h\nextern char end[];\n//- /a.c\n#include "a.h"\nchar *f(void) { return end; }\n'),
      /referred to in a\.c$/,
    );
  });

  it("is nobody whose word it is for something else", () => {
    const other =
      "//- /b.c\nstruct range { int start, end; };\n#define LAST(end) (end)\nint f(struct range r, int end) { return r.end + LAST(end); }\n";
    assert.match(messageWith(other), /no reference to it is seen in this tree/);
    assert.match(
      messageWith(`//- /a.c\nextern char end[];\nchar *f(void) { return end; }\n${other}`),
      /referred to in a\.c$/,
    );
  });

  it("is assembly that has it for an operand", () => {
    assert.match(messageWith("//- /a.S\n\tla a0, end\n"), /referred to in a\.S$/);
    assert.match(
      messageWith(
        "//- /a.S\n/* the end */\n\tmov r0, r1\t@ the end\n\tnop # the end\n# at the end of it\n\nend:\n\tb end\n",
      ),
      /no reference to it is seen in this tree/,
    );
  });

  it("is left open where C declares it and a macro may put its name together", () => {
    const made =
      "//- /a.c\n#define DECLARE(name) extern char name[];\nDECLARE(end)\n#define SIZE(name) (e##name)\nchar *f(void) { return SIZE(nd); }\n";
    assert.match(messageWith(made), /declared in C, and no use of it is seen/);
  });
});

describe("what a script provides for programs that are not known", () => {
  const OPEN = { compiled: undefined, named: [] };
  const CLOSED = { compiled: undefined, named: [{ name: "all", holds: () => true, isClosed: true }] };

  function findingsOf(count: number, files = "", links: TreeLinkSources = OPEN) {
    const provided = Array.from({ length: count }, (_, i) => `PROVIDE(segment_${i} = .);`).join(" ");
    const script = `//- /link.ld\nSECTIONS { .text : { *(.text) ${provided} } }\n`;
    const found = loadFixture(parseFixture(script + files).files, "c", links).findings();
    return (found.get("link.ld") ?? []).filter(({ rule }) => rule === "provide-symbol");
  }

  it("is one finding for many symbols", () => {
    const found = findingsOf(12);
    assert.equal(found.length, 1);
    assert.match(found[0]!.message, /^PROVIDE defines 12 symbols .*: segment_0, segment_1, segment_2 and 9 more$/);
  });

  it("is a finding for each of few", () => {
    assert.equal(findingsOf(3).length, 3);
  });

  it("is a finding for each where the link is closed, so that there may be a fix", () => {
    assert.equal(findingsOf(12, "", CLOSED).length, 12);
  });

  it("leaves those by themselves that something else defines", () => {
    const messages = findingsOf(12, "//- /a.c\nint segment_4;\n").map(({ message }) => message);
    assert.equal(messages.length, 2);
    assert.ok(messages.some((message) => /'segment_4'.*also defined at a\.c:1/.test(message)));
  });
});
