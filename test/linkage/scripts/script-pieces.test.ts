import assert from "node:assert/strict";
import { scriptOf } from "../../../server/src/linkage/facts/parsed.ts";
import { piecesOf } from "../../../server/src/linkage/scripts/script-pieces.ts";

import { parseFixture } from "../../support/fixture.ts";
import { loadFixture } from "../../support/fixture-program.ts";

/** The paths of a script's pieces, sorted, and whether these are all. */
function pieces(text: string, path: string): { readonly paths: string[]; readonly isWhole: boolean } {
  const program = loadFixture(parseFixture(text).files).program;
  const script = scriptOf(path, program.texts.source(path)!);
  const found = piecesOf(path, script, program.index, program.texts);
  return { paths: found.pieces.map((piece) => piece.path).sort(), isWhole: found.isWhole };
}

const TREE = `//- /top.ld
INCLUDE memory.ld
INCLUDE sections.ld
//- /memory.ld
MEMORY { INCLUDE regions.ld }
//- /regions.ld
ram : ORIGIN = 0, LENGTH = 64K
//- /sections.ld
SECTIONS { .text : { *(.text) } >ram }
//- /other.ld
SECTIONS { .data : { *(.data) } >ram }
//- /lost.ld
INCLUDE nowhere.ld
`;

describe("the pieces of a script", () => {
  it("are those that it includes, through others and within MEMORY", () => {
    assert.deepEqual(pieces(TREE, "top.ld"), {
      paths: ["memory.ld", "regions.ld", "sections.ld", "top.ld"],
      isWhole: true,
    });
  });
  it("are those of its includers, seen from an included one", () => {
    assert.deepEqual(pieces(TREE, "sections.ld").paths, ["memory.ld", "regions.ld", "sections.ld", "top.ld"]);
  });
  it("are none of scripts that include nothing of it", () => {
    assert.deepEqual(pieces(TREE, "other.ld"), { paths: ["other.ld"], isWhole: true });
  });
  it("are not whole where one is not in the tree", () => {
    assert.equal(pieces(TREE, "lost.ld").isWhole, false);
  });

  it("are not all there where there are more than anyone writes", () => {
    const chain = (length: number) =>
      Array.from({ length }, (_, i) => `//- /p${i}.ld\n${i + 1 < length ? `INCLUDE p${i + 1}.ld` : "a = 1;"}\n`).join(
        "",
      );
    assert.equal(pieces(chain(64), "p0.ld").isWhole, true);
    assert.equal(pieces(chain(65), "p0.ld").isWhole, false);
  });
});
