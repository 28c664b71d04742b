import assert from "node:assert/strict";
import { type ScriptNameKind, scriptModelOf } from "../../../server/src/linkage/scripts/script-model.ts";
import { parse } from "../../syntax/ld/script-text.ts";

/** The places of a name: `def` or `use`, and the offset at which it stands. */
function places(text: string, kind: ScriptNameKind, name: string, preprocessed = false): string[] {
  const model = scriptModelOf(parse(text, { preprocessed }));
  for (const place of model.placesOf(kind, name)) assert.equal(text.slice(place.start, place.end), name);
  return model.placesOf(kind, name).map((place) => `${place.isDefinition ? "def" : "use"} ${place.start}`);
}

describe("the names of a script", () => {
  it("has regions where MEMORY declares them and where sections and functions use them", () => {
    const text = "MEMORY { ram : ORIGIN = 0, LENGTH = 1M }\nSECTIONS { .a : {} >ram AT>ram x = LENGTH(ram); }";
    assert.deepEqual(places(text, "region", "ram"), ["def 9", "use 61", "use 68", "use 83"]);
  });
  it("takes REGION_ALIAS for the definition of a name and the use of another", () => {
    const text = 'MEMORY { ram : o = 0, l = 1 } REGION_ALIAS("data", ram)';
    assert.deepEqual(places(text, "region", "data"), ["def 44"]);
    assert.deepEqual(places(text, "region", "ram"), ["def 9", "use 51"]);
  });
  it("has segments where PHDRS declares them and behind sections", () => {
    const text = "PHDRS { text PT_LOAD FLAGS(5); }\nSECTIONS { .a : {} :text }";
    assert.deepEqual(places(text, "segment", "text"), ["def 8", "use 53"]);
    assert.deepEqual(places(text, "segment", "PT_LOAD"), []);
  });
  it("leaves out the names that ld knows by itself", () => {
    const text = 'SECTIONS { .a : {} :NONE /DISCARD/ : {} x = SEGMENT_START("text-segment", 1); . = 3; }';
    assert.deepEqual(
      scriptModelOf(parse(text)).names.map((name) => `${name.kind} ${name.text}`),
      ["section .a", "symbol x"],
    );
  });
  it("has output sections where they are described and where functions and INSERT use them", () => {
    const text = "SECTIONS { .a : {} x = ADDR(.a) + SIZEOF(.a); } INSERT AFTER .a;";
    assert.deepEqual(places(text, "section", ".a"), ["def 11", "use 28", "use 41", "use 61"]);
  });
  it("has symbols where they are assigned, provided and used", () => {
    const text = "ENTRY(s) PROVIDE(s = 1); t = s + 2;";
    assert.deepEqual(places(text, "symbol", "s"), ["def 17", "use 6", "use 29"]);
  });
  it("leaves out what only a macro's expansion knows", () => {
    const text = "#define SYM(x, name) x = .; start_##name = .;\n#define BASE 4\nc = BASE;\n";
    assert.deepEqual(
      scriptModelOf(parse(text, { preprocessed: true })).names.map((name) => `${name.text} in ${name.inMacro}`),
      ["c in undefined"],
    );
  });
  it("tells names that may be macros of a header, and the condition they stand under", () => {
    const text = "#ifdef CONFIG_A\nx = PAGE_SIZE;\n#endif\nLOAD = 1; y = LOAD;\n";
    const { names } = scriptModelOf(parse(text, { preprocessed: true }));
    assert.deepEqual(
      names.map((name) => `${name.text} ${name.mayBeMacro} ${name.condition}`),
      ["x false defined(CONFIG_A)", "PAGE_SIZE true defined(CONFIG_A)", "LOAD false ", "y false ", "LOAD false "],
    );
  });
  it("finds the name at an offset, at its end too", () => {
    const model = scriptModelOf(parse("abc = def;"));
    assert.deepEqual(
      [0, 3, 4, 6, 9, 10].map((offset) => model.nameAt(offset)?.text),
      ["abc", "abc", undefined, "def", "def", undefined],
    );
  });
  it("lists what is defined, each once, in order", () => {
    const model = scriptModelOf(parse("SECTIONS { .b : {} .a : {} .b : {} }"));
    assert.deepEqual(model.defined("section"), [".b", ".a"]);
  });
});
