/** The manifests of ninja: their edges, with all that a command is expanded of. */

import assert from "node:assert/strict";
import { type NinjaManifest, readNinja } from "../../../server/src/syntax/ninja/parse-ninja.ts";

function read(files: Readonly<Record<string, string>>): NinjaManifest {
  return readNinja("build.ninja", (path) => files[path]);
}

function commands(text: string): string[] {
  return read({ "build.ninja": text }).edges.map(({ command }) => command);
}

const CC = "rule cc\n  command = cc $flags -c $in -o $out\n";

describe("a manifest of ninja", () => {
  it("gives commands with the inputs and outputs of an edge", () => {
    assert.deepEqual(commands(`${CC}build a.o b.o: cc a.c b.c | gen.h || dir |@ check\n`), [
      "cc  -c a.c b.c -o a.o b.o",
    ]);
    const [edge] = read({ "build.ninja": `${CC}build a.o | a.d: cc a.c | gen.h || dir |@ check\n` }).edges;
    assert.deepEqual(
      [edge?.outputs, edge?.inputs, edge?.implicit, edge?.orderOnly],
      [["a.o", "a.d"], ["a.c"], ["gen.h"], ["dir"]],
    );
  });

  it("takes variables of the edge, then of the rule, then of the file as they are there", () => {
    assert.deepEqual(commands(`flags = -O1\n${CC}build a.o: cc a.c\nbuild b.o: cc b.c\n  flags = $flags -g\n`), [
      "cc -O1 -c a.c -o a.o",
      "cc -O1 -g -c b.c -o b.o",
    ]);
    assert.deepEqual(
      commands("rule x\n  command = $tool $in\n  tool = $" + "{prefix}ld\nprefix = a-\nbuild o: x i\n"),
      ["a-ld i"],
    );
  });

  it("reads escapes and lines that go on", () => {
    assert.deepEqual(commands(`${CC}build a$ b.o c$:d.o: cc $\n    x$$y.c\n`), ["cc  -c 'x$y.c' -o 'a b.o' 'c:d.o'"]);
    assert.deepEqual(commands(`flags = -a $\n    -b\n${CC}build o: cc i\n`), ["cc -a -b -c i -o o"]);
  });

  it("takes other files in: include in its own scope, subninja in one below", () => {
    const files = {
      "build.ninja": `flags = -A\n${CC}subninja sub.ninja\nbuild a.o: cc a.c\ninclude inc.ninja\nbuild b.o: cc b.c\ninclude gone.ninja\n`,
      "sub.ninja": "flags = -S\nbuild s.o: cc s.c\n",
      "inc.ninja": "flags = -I\n",
    };
    const { edges, missing } = read(files);
    assert.deepEqual(
      edges.map(({ command, path }) => `${path} ${command}`),
      ["sub.ninja cc -S -c s.c -o s.o", "build.ninja cc -A -c a.c -o a.o", "build.ninja cc -I -c b.c -o b.o"],
    );
    assert.deepEqual(missing, ["gone.ninja"]);
  });

  it("gives what a response file holds", () => {
    const [edge] = read({
      "build.ninja":
        "rule l\n  command = ld @$out.rsp\n  rspfile = $out.rsp\n  rspfile_content = $in_newline\nbuild p: l a b\n",
    }).edges;
    assert.deepEqual(edge?.responseFile, { path: "p.rsp", content: "a\nb" });
  });

  it("may hold anything", () => {
    for (const text of [
      "build",
      "build :",
      "build a: no b",
      "rule",
      "=",
      "  x",
      "build a: cc $",
      "${",
      "include",
      "a\0b",
    ]) {
      assert.doesNotThrow(() => read({ "build.ninja": text }));
    }
    assert.doesNotThrow(() => read({ "build.ninja": "include build.ninja\n" }));
    assert.equal(read({ "build.ninja": "build a: no b\n" }).errors.length, 1);
  });
});
