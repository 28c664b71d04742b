import assert from "node:assert/strict";
import { findScriptLinks, includeLinkAt, type LinkFolders } from "../../server/src/features/script-links.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import { parseFixture } from "../support/fixture.ts";
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

  it("goes to what a header wraps that only a build makes", () => {
    const angled = ["arch/a/include", "arch/a/include/generated", "include", "arch/a/include/generated/uapi"];
    const files = ["include/asm-generic/b.h", "include/uapi/asm-generic/c.h"];
    assert.deepEqual(links("#include <asm/b.h>\n#include <asm/c.h>\n", "arch/a/x.lds.S", files, { angled }), [
      "asm/b.h -> include/asm-generic/b.h",
      "asm/c.h -> include/uapi/asm-generic/c.h",
    ]);
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

describe("the include line under a cursor", () => {
  const at = (text: string, path: string, files: readonly string[]): string | undefined => {
    const { files: read, cursor } = parseFixture(`//- /${path}\n${text}`);
    const folders = { quoted: [], angled: ["include"], hasFile: (one: string) => files.includes(one) };
    return includeLinkAt(path, sourceOfText(read[0]!.text), cursor!.span.start, folders)?.path;
  };

  it("names a file in scripts, C and assembly", () => {
    assert.equal(at("INCLUDE s<|>.ld\n", "k/x.ld", ["k/s.ld"]), "k/s.ld");
    assert.equal(at("#include <a/<|>b.h>\n", "k/x.lds.S", ["include/a/b.h"]), "include/a/b.h");
    assert.equal(at('#include "<|>b.h"\n', "k/x.c", ["k/b.h"]), "k/b.h");
    assert.equal(at("#include <b<|>.h>\n", "k/x.S", ["include/b.h"]), "include/b.h");
  });

  it("is no other line, and none of a file that is not there", () => {
    assert.equal(at('#include "b.h"\nint <|>b;\n', "k/x.c", ["k/b.h"]), undefined);
    assert.equal(at('#include "<|>b.h"\n', "k/x.c", []), undefined);
  });
});
