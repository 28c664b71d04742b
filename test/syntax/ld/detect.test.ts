import assert from "node:assert/strict";
import { isUnexpandedScript, mayBeVersionScript, scriptKindOf } from "../../../server/src/syntax/ld/detect.ts";
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

describe("what kind of script a text is", () => {
  for (const [text, path, kind] of [
    ["V1 { global: a; };", "a.map", "version"],
    ["/* c */\n# d\n{\n  a;\n};\n", "a.map", "version"],
    ["{ local: *; };", "a.lds", "version"],
    ['{ extern "C++" { a*; }; };', "a.ver", "version"],
    ["{ a; };", "a.dyn", "dynamic-list"],
    ["{ a; };", "plugin-dynamic-list", "dynamic-list"],
    ["V1 {\n", "a.map", "version"],
    ["V1 {\n  global\n", "a.map", "version"],
    ['{"version":3,"sources":["a.ts"]}', "a.map", "script"],
    ["{}", "a.map", "script"],
    ["keymaps 0-2,4-5\nkeycode 1 = Escape\n", "defkeymap.map", "script"],
    ["Archive member included\n\nMemory Configuration\n\nName  Origin\n", "vmlinux.map", "script"],
    ["ffffffff81000000 T _text\n", "System.map", "script"],
    ["map $a {\n  b c;\n}\n", "a.map", "script"],
    ["SECTIONS {\n a;\n}", "a.lds", "script"],
    ["MEMORY { }", "a.lds", "script"],
    ["#define X \\\n V { a; }\nSECTIONS { }\n", "a.lds.h", "script"],
    ["", "a.map", "script"],
  ] as const) {
    it(`takes ${JSON.stringify(text)} in ${path} for a ${kind}`, () => {
      assert.equal(scriptKindOf(path, sourceOfText(text)), kind);
    });
  }

  it("takes names that version scripts have", () => {
    for (const path of [
      "libbpf.map",
      "a.ver",
      "plugins/q.symbols",
      "x/libtraceevent-dynamic-list",
      "version-script.txt",
    ]) {
      assert.ok(mayBeVersionScript(path), path);
    }
    for (const path of ["app.js.map", "style.css.map", "a.c", "map", "version.txt"]) {
      assert.ok(!mayBeVersionScript(path), path);
    }
  });
});
