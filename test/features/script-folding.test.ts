import assert from "node:assert/strict";
import { foldScript } from "../../server/src/features/script-folding.ts";
import { findLines, lineColumnAt } from "../../server/src/text/lines.ts";
import { readScript } from "./script-fixture.ts";

/** Folds over several lines as `first-last kind`, lines counted from 1. */
function folds(text: string, path?: string): string[] {
  const { script } = readScript(text, path);
  const lines = findLines(script.source);
  return foldScript(script).flatMap(({ start, end, kind }) => {
    const first = lineColumnAt(lines, start).line + 1;
    const last = lineColumnAt(lines, end).line + 1;
    return first === last ? [] : [`${first}-${last} ${kind}`];
  });
}

describe("folding a linker script", () => {
  it("folds blocks up to before the brace that closes them", () => {
    assert.deepEqual(
      folds("SECTIONS\n{\n  .a :\n  {\n    *(.a)\n  }\n}\nMEMORY {\n  r : ORIGIN = 0, LENGTH = 1\n}\n"),
      ["2-6 block", "4-5 block", "8-9 block"],
    );
  });

  it("folds comments of several lines", () => {
    assert.deepEqual(folds("/* a\n * b\n */\nx = 1; /* c */\n"), ["1-3 comment"]);
  });

  it("takes no comment out of a name or a string", () => {
    assert.deepEqual(folds('SECTIONS { .a : { dir/*.o(.a) }\n  ASSERT(1, "/*")\n} /* end */\n'), ["1-2 block"]);
  });

  it("folds macros, branches and runs of headers", () => {
    assert.deepEqual(
      folds(
        '#include "a.h"\n#include "b.h"\n\n#define X \\\n  y = 1;\n#ifdef A\na = 1;\n#elif B\nb = 1;\n#else\nc = 1;\n#endif\n',
        "a.lds.S",
      ),
      ["1-2 imports", "4-5 block", "6-7 block", "8-9 block", "10-11 block"],
    );
  });
});
