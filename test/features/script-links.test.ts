import assert from "node:assert/strict";
import { findScriptLinks, type LinkFolders } from "../../server/src/features/script-links.ts";
import { readScript } from "./script-fixture.ts";

function links(text: string, path: string, files: readonly string[], folders: Partial<LinkFolders> = {}): string[] {
  const { script } = readScript(text, path);
  const found = findScriptLinks(path, script, {
    quoted: [],
    angled: [],
    hasFile: (one) => files.includes(one),
    ...folders,
  });
  return found.map(({ span, path: target }) => `${script.source.slice(span.start, span.end)} -> ${target}`);
}

describe("links of a linker script", () => {
  it("finds a quoted header beside the script before any folder", () => {
    assert.deepEqual(links('#include "a.h"\n', "k/x.lds.S", ["k/a.h", "include/a.h"], { angled: ["include"] }), [
      "a.h -> k/a.h",
    ]);
  });

  it("looks for an angled header in the folders alone, in their order", () => {
    assert.deepEqual(
      links("#include <asm/a.h>\n", "k/x.lds.S", ["k/asm/a.h", "one/asm/a.h", "two/asm/a.h"], {
        angled: ["two", "one"],
      }),
      ["asm/a.h -> two/asm/a.h"],
    );
  });

  it("goes up from the script's folder, and not out of the tree", () => {
    assert.deepEqual(links('#include "../a.h"\n#include "../../../a.h"\n', "k/l/x.lds.S", ["k/a.h", "a.h"]), [
      "../a.h -> k/a.h",
    ]);
  });

  it("finds what INCLUDE names, quoted or not, wherever it stands", () => {
    assert.deepEqual(
      links('INCLUDE memory.ld\nSECTIONS { INCLUDE "s.ld" .a : { INCLUDE k/t.ld } }\n', "k/x.ld", [
        "k/memory.ld",
        "k/s.ld",
        "k/t.ld",
      ]),
      ["memory.ld -> k/memory.ld", "s.ld -> k/s.ld", "k/t.ld -> k/t.ld"],
    );
  });

  it("gives no link for a file that is not there, or that only a macro names", () => {
    assert.deepEqual(links('#include "no.h"\n#include HEADER\nINCLUDE /etc/passwd\n', "x.lds.S", ["etc/passwd"]), []);
  });
});
