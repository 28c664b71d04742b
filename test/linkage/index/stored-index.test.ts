import assert from "node:assert/strict";
import type { FileFacts, SymbolFact } from "../../../server/src/linkage/facts/facts.ts";
import { createIndex, type StoredIndex } from "../../../server/src/linkage/index/stored-index.ts";
import { wordSignature } from "../../../server/src/linkage/index/word-signature.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { createRandom } from "../../support/random.ts";
import { fileFacts, symbolFact } from "../facts/sample-facts.ts";

function signatureOf(words: string): Uint32Array {
  const { codes, length } = sourceOfText(words);
  return wordSignature(codes, length);
}

/** A file whose words are the names of its symbols. */
function put(
  index: StoredIndex,
  path: string,
  symbols: readonly SymbolFact[],
  different: Partial<FileFacts> = {},
): void {
  const words = symbols.map((fact) => fact.name).join(" ");
  index.replaceFile(path, fileFacts({ symbols, ...different }), signatureOf(words));
}

function places(index: StoredIndex, name: string): string[] {
  return index.mentions(name).map(({ path, fact }) => `${path}:${fact.start}`);
}

describe("stored index", () => {
  it("gives the mentions of a symbol by path, then by offset", () => {
    const index = createIndex();
    put(index, "b.c", [symbolFact("x", { start: 20 }), symbolFact("y"), symbolFact("x", { start: 5 })]);
    put(index, "a.c", [symbolFact("x", { start: 7, role: "definition" })]);
    assert.deepEqual(places(index, "x"), ["a.c:7", "b.c:5", "b.c:20"]);
    assert.deepEqual(index.mentions("x")[0]?.fact, symbolFact("x", { start: 7, role: "definition" }));
    assert.deepEqual(index.mentions("z"), []);
  });

  it("forgets what a file said before", () => {
    const index = createIndex();
    put(index, "a.c", [symbolFact("x"), symbolFact("y")]);
    put(index, "b.c", [symbolFact("x")]);
    put(index, "a.c", [symbolFact("z")]);
    assert.deepEqual(places(index, "x"), ["b.c:10"]);
    assert.deepEqual(places(index, "y"), []);
    assert.deepEqual(places(index, "z"), ["a.c:10"]);
    assert.deepEqual(index.symbolNames("y", 10), []);
    index.removeFile("b.c");
    assert.deepEqual(places(index, "x"), []);
    assert.equal(index.factsOf("b.c"), undefined);
    assert.deepEqual([...index.paths()], ["a.c"]);
  });

  it("tells symbols from macros, includes and exports of the same name", () => {
    const index = createIndex();
    const macro = { name: "x", start: 1, end: 2, condition: "", isWeak: true, words: [] };
    const include = { path: "dir/x", angled: false, start: 3, end: 4, condition: "" };
    put(index, "a.c", [symbolFact("x")], { macros: [macro], includes: [include], exports: ["x"] });
    assert.equal(index.mentions("x").length, 1);
    assert.deepEqual(index.macros("x"), [{ path: "a.c", fact: macro }]);
    assert.deepEqual(index.filesIncluding("x"), ["a.c"]);
    assert.deepEqual(index.filesIncluding("dir/x"), []);
  });

  it("names each file once that includes something", () => {
    const index = createIndex();
    const include = (path: string) => ({ path, angled: true, start: 0, end: 9, condition: "" });
    put(index, "b.c", [], { includes: [include("linux/types.h"), include("asm/types.h")] });
    put(index, "a.c", [], { includes: [include("types.h")] });
    assert.deepEqual(index.filesIncluding("types.h"), ["a.c", "b.c"]);
  });

  it("knows the files with a word, those of open buffers instead of the files on disk", () => {
    const index = createIndex();
    put(index, "b.c", [symbolFact("x"), symbolFact("common")]);
    put(index, "a.c", [symbolFact("y"), symbolFact("common")]);
    index.setOverlay("b.c", { facts: fileFacts(), signature: () => signatureOf("buffer common") });
    assert.deepEqual(index.filesWithWord("common"), ["a.c", "b.c"]);
    assert.deepEqual(index.filesWithWord("x"), []);
    assert.deepEqual(index.filesWithWord("buffer"), ["b.c"]);
  });

  it("says that any file may have what is no word", () => {
    const index = createIndex();
    put(index, "a.c", [symbolFact("x")]);
    assert.deepEqual(index.filesWithWord("3"), ["a.c"]);
  });

  it("lets an open buffer count instead of the file, until it is closed", () => {
    const index = createIndex();
    put(index, "a.c", [symbolFact("x")]);
    put(index, "b.c", [symbolFact("x")]);
    index.setOverlay("a.c", {
      facts: fileFacts({ symbols: [symbolFact("new_name")] }),
      signature: () => signatureOf("new_name"),
    });
    assert.deepEqual(places(index, "x"), ["b.c:10"]);
    assert.deepEqual(places(index, "new_name"), ["a.c:10"]);
    assert.deepEqual(index.symbolNames("newn", 5), ["new_name"]);
    assert.equal(index.fileCount, 2);
    put(index, "a.c", [symbolFact("y")]);
    assert.deepEqual(places(index, "y"), []);
    index.setOverlay("a.c", undefined);
    assert.deepEqual(places(index, "y"), ["a.c:10"]);
    assert.deepEqual(places(index, "new_name"), []);
  });

  it("knows a file that is only an open buffer", () => {
    const index = createIndex();
    const include = { path: "x.h", angled: false, start: 0, end: 9, condition: "" };
    const macro = { name: "M", start: 1, end: 2, condition: "", isWeak: false, words: ["__weak"] };
    index.setOverlay("new.c", {
      facts: fileFacts({ includes: [include], macros: [macro] }),
      signature: () => signatureOf("x"),
    });
    assert.ok(index.hasFile("new.c"));
    assert.deepEqual([...index.paths()], ["new.c"]);
    assert.equal(index.fileCount, 1);
    assert.deepEqual(index.filesIncluding("x.h"), ["new.c"]);
    assert.deepEqual(index.macros("M"), [{ path: "new.c", fact: macro }]);
    index.setOverlay("new.c", undefined);
    assert.ok(!index.hasFile("new.c"));
    assert.deepEqual([...index.paths()], []);
  });

  it("gives what macros make, and to whom they hand arguments, by path, whichever file was read first", () => {
    const symbol = { name: "x", kind: "object", role: "definition", binding: "strong", words: [] } as const;
    const maker = { name: "M", start: 8, end: 9, condition: "", parameters: [], symbols: [symbol] };
    const handover = { name: "N", macro: "M", start: 8, end: 9, condition: "", parameters: [], arguments: [] };
    const index = createIndex();
    for (const path of ["b.h", "c.h", "a.h"])
      index.replaceFile(path, fileFacts({ makers: [maker], handovers: [handover] }), signatureOf(""));
    assert.deepEqual(
      index.makers().map(({ path }) => path),
      ["a.h", "b.h", "c.h"],
    );
    assert.deepEqual(
      index.handoversTo("N").map(({ path }) => path),
      ["a.h", "b.h", "c.h"],
    );
  });

  it("counts the changes to what macros make, and no others", () => {
    const maker = (start: number, name: string) => {
      const symbol = { name, kind: "object", role: "definition", binding: "strong", words: [] } as const;
      return { name: "DEFINE", start, end: start + 6, condition: "", parameters: ["name"], symbols: [symbol] };
    };
    const made = () => index.makers().map(({ path, fact }) => `${path} ${fact.symbols[0]?.name}`);
    const index = createIndex();
    index.replaceFile("m.h", fileFacts({ makers: [maker(8, "name")] }), signatureOf(""));
    assert.deepEqual(made(), ["m.h name"]);
    const revision = index.makersRevision;
    index.setOverlay("m.h", { facts: fileFacts({ makers: [maker(30, "name")] }), signature: () => signatureOf("") });
    assert.equal(index.makersRevision, revision);
    index.setOverlay("m.h", {
      facts: fileFacts({ makers: [maker(30, "my_##name")] }),
      signature: () => signatureOf(""),
    });
    assert.notEqual(index.makersRevision, revision);
    assert.deepEqual(made(), ["m.h my_##name"]);
    index.setOverlay("m.h", undefined);
    assert.deepEqual(made(), ["m.h name"]);
  });

  it("tells the macros that hand arguments to a macro, in files and in open buffers", () => {
    const handover = (macro: string) => {
      return { name: "MAKE", macro, start: 8, end: 9, condition: "", parameters: ["x"], arguments: ["x"] };
    };
    const index = createIndex();
    index.replaceFile("m.h", fileFacts({ handovers: [handover("A")] }), signatureOf(""));
    index.setOverlay("b.c", { facts: fileFacts({ handovers: [handover("B")] }), signature: () => signatureOf("") });
    assert.deepEqual(
      index.handoversTo("MAKE").map(({ path, fact }) => `${path} ${fact.macro}`),
      ["b.c B", "m.h A"],
    );
  });

  it("tells the macro calls that have a word for an argument, in files and in open buffers", () => {
    const given = (name: string) => ({ name, start: 4, end: 8, condition: "", call: `M(${name})` });
    const index = createIndex();
    index.replaceFile("a.c", fileFacts({ arguments: [given("x")] }), signatureOf("x"));
    index.setOverlay("b.c", {
      facts: fileFacts({ arguments: [given("x"), given("y")] }),
      signature: () => signatureOf("x y"),
    });
    assert.deepEqual(
      index.argumentsNamed("x").map(({ path, fact }) => `${path} ${fact.call}`),
      ["a.c M(x)", "b.c M(x)"],
    );
  });

  it("has the better names of open buffers before those of files", () => {
    const index = createIndex();
    put(index, "a.c", [symbolFact("foo_bar")]);
    index.setOverlay("b.c", {
      facts: fileFacts({ symbols: [symbolFact("foo"), symbolFact("my_foo")] }),
      signature: () => signatureOf(""),
    });
    assert.deepEqual(index.symbolNames("foo", 10), ["foo", "foo_bar", "my_foo"]);
    assert.deepEqual(index.symbolNames("foo", 1), ["foo"]);
  });

  it("changes its revision with every change", () => {
    const index = createIndex();
    const seen = [index.revision];
    put(index, "a.c", [symbolFact("x")]);
    seen.push(index.revision);
    index.setOverlay("a.c", { facts: fileFacts(), signature: () => signatureOf("") });
    seen.push(index.revision);
    index.setComplete(true);
    seen.push(index.revision);
    index.removeFile("a.c");
    seen.push(index.revision);
    assert.equal(new Set(seen).size, seen.length);
    index.removeFile("a.c");
    assert.equal(index.revision, seen.at(-1));
  });

  it("answers after a thousand changes as one that was made anew", () => {
    const random = createRandom(3);
    const index = createIndex();
    const files = new Map<string, FileFacts>();
    for (let round = 0; round < 1000; round++) {
      const path = `dir${random(5)}/file${random(20)}.c`;
      if (random(4) === 0) {
        files.delete(path);
        index.removeFile(path);
        continue;
      }
      const symbols = Array.from({ length: random(30) }, (_, i) =>
        symbolFact(`name${random(50)}`, { start: i * 10, condition: random(2) === 0 ? "" : `C${random(9)}` }),
      );
      files.set(path, fileFacts({ symbols }));
      put(index, path, symbols);
    }
    const fresh = createIndex();
    for (const [path, facts] of files) put(fresh, path, facts.symbols);
    assert.deepEqual([...index.paths()], [...files.keys()].sort());
    for (const [path, facts] of files) assert.deepEqual(index.factsOf(path), facts);
    for (let i = 0; i < 50; i++) {
      assert.deepEqual(index.mentions(`name${i}`), fresh.mentions(`name${i}`));
      assert.deepEqual(index.filesWithWord(`name${i}`), fresh.filesWithWord(`name${i}`));
    }
    assert.deepEqual(new Set(index.symbolNames("name", 1000)), new Set(fresh.symbolNames("name", 1000)));
    assert.equal(index.symbolCount(), fresh.symbolCount());
    assert.ok(index.table.rowStretches.end < fresh.table.rowStretches.end * 3, "rows of replaced files are used again");
  });

  it("counts changes of #include lines, not of where they stand, nor of what else is typed", () => {
    const line = (start: number, condition = "") => ({
      path: "x/t.h",
      angled: false,
      start,
      end: start + 5,
      condition,
    });
    const open = (path: string, ...includes: ReturnType<typeof line>[]) =>
      index.setOverlay(path, { facts: fileFacts({ includes }), signature: () => signatureOf("") });
    const index = createIndex();
    put(index, "a.c", [symbolFact("x")], { includes: [line(10)] });
    put(index, "b.c", [symbolFact("x")]);
    const { inclusionRevision } = index;
    open("a.c", line(12));
    open("a.c", line(14));
    open("b.c");
    assert.equal(index.inclusionRevision, inclusionRevision);
    assert.deepEqual(index.filesIncluding("t.h"), ["a.c"]);
    open("a.c", line(14, "A"));
    assert.notEqual(index.inclusionRevision, inclusionRevision);
    const conditional = index.inclusionRevision;
    open("b.c", line(1));
    assert.deepEqual(index.filesIncluding("t.h"), ["a.c", "b.c"]);
    assert.deepEqual(index.includesOf("b.c"), [line(1)]);
    assert.notEqual(index.inclusionRevision, conditional);
    const both = index.inclusionRevision;
    open("new.c");
    assert.notEqual(index.inclusionRevision, both, "another file is there");
    assert.deepEqual(index.paths(), ["a.c", "b.c", "new.c"]);
  });
});
