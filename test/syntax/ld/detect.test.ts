import assert from "node:assert/strict";
import { isUnexpandedScript } from "../../../server/src/syntax/ld/detect.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

describe("scripts that the preprocessor has yet to see", () => {
  const isUnexpanded = (path: string, text: string): boolean => isUnexpandedScript(path, sourceOfText(text));

  it("are known by their names", () => {
    assert.ok(isUnexpanded("a/vmlinux.lds.S", ""));
    assert.ok(isUnexpanded("vmlinux.lds.h", ""));
    assert.ok(!isUnexpanded("vmlinux.lds", "x = 1;\n"));
  });

  it("are known by their preprocessor lines", () => {
    assert.ok(isUnexpanded("a.ld", "/* x */\n#include <a.h>\n"));
    assert.ok(isUnexpanded("a.lds", "x = 1;\n# ifdef A\ny = 1;\n#endif\n"));
  });

  it("are not those with comments as ld has them", () => {
    assert.ok(!isUnexpanded("a.ld", "# include what you need\n# if in doubt, do\n#define\nx = 1; # endif\n"));
  });
});
