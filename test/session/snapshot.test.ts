/** What each kind of change makes a session forget. */

import assert from "node:assert/strict";
import { createIndex } from "../../server/src/linkage/index/stored-index.ts";
import { makeLinks } from "../../server/src/linkage/links/make-links.ts";
import { createProgram } from "../../server/src/linkage/symbols/program.ts";
import { Snapshot } from "../../server/src/session/snapshot.ts";

const NO_TEXTS = { source: () => undefined, isPending: () => false };

/** A snapshot over an empty tree with one build file, and how often its links were made. */
function open() {
  const counts = { links: 0 };
  const tree = { buildFiles: ["Makefile"] as readonly string[] };
  const snapshot = new Snapshot({
    buildFiles: () => tree.buildFiles,
    makeLinks(buildFiles) {
      counts.links++;
      return makeLinks(createIndex(), NO_TEXTS, buildFiles);
    },
    makeProgram: (links) => createProgram(createIndex(), NO_TEXTS, links),
  });
  return { snapshot, counts, tree };
}

describe("a snapshot", () => {
  it("is one program until something changes", () => {
    const { snapshot, counts } = open();
    assert.equal(snapshot.program(), snapshot.program());
    assert.equal(counts.links, 1);
  });

  it("has another program and the same links once the index or a text changes", () => {
    for (const change of [(one: Snapshot) => one.indexChanged(), (one: Snapshot) => one.textsChanged(["a.c"])]) {
      const { snapshot, counts } = open();
      const before = snapshot.program();
      change(snapshot);
      assert.notEqual(snapshot.program(), before);
      assert.equal(counts.links, 1);
    }
  });

  it("has other links once the configuration or the text of a build file changes", () => {
    for (const change of [
      (one: Snapshot) => one.configurationChanged(),
      (one: Snapshot) => one.textsChanged(["Makefile"]),
    ]) {
      const { snapshot, counts } = open();
      const before = snapshot.program();
      change(snapshot);
      assert.notEqual(snapshot.program(), before);
      assert.equal(counts.links, 2);
    }
  });

  it("has other links once the tree has other build files", () => {
    const { snapshot, counts, tree } = open();
    const before = snapshot.program();
    tree.buildFiles = ["Makefile", "lib/Makefile"];
    assert.notEqual(snapshot.program(), before);
    assert.equal(counts.links, 2);
  });

  it("answers a question once until something changes, whatever the answer is", async () => {
    const { snapshot } = open();
    let asked = 0;
    const ask = () =>
      snapshot.once("q", async () => {
        asked++;
        return undefined;
      });
    await ask();
    await ask();
    assert.equal(asked, 1);
    assert.deepEqual(snapshot.known("q"), { answer: undefined });
    assert.equal(snapshot.known("another"), undefined);
    snapshot.indexChanged();
    assert.equal(snapshot.known("q"), undefined);
    await ask();
    assert.equal(asked, 2);
  });

  it("keeps no answer that something changed under", async () => {
    const { snapshot } = open();
    const answer = await snapshot.once("q", async () => {
      snapshot.textsChanged(["a.c"]);
      return "of before";
    });
    assert.equal(answer, "of before");
    assert.equal(snapshot.known("q"), undefined);
  });
});
