import assert from "node:assert/strict";
import { imageUnit } from "../../../server/src/linkage/kbuild/link-unit.ts";
import { findLinked, resolveLink } from "../../../server/src/linkage/links/resolve-link.ts";
import type { BuildLink } from "../../../server/src/linkage/objects/build-layout.ts";
import { indexOf } from "../../support/object-batch.ts";

/** A link of these objects; those written "lib.a:x.o" are searched for in an archive. */
function linkOf(...objects: string[]): BuildLink {
  const linked = objects.map((text) => {
    const [object, archive] = text.split(":").reverse();
    return { object: object!, archive };
  });
  return { unit: imageUnit("vmlinux"), image: "vmlinux", objects: linked, scripts: [], map: undefined };
}

describe("a link", () => {
  it("takes the strong definition, wherever it stands", () => {
    const index = indexOf({ "a.o": ["weak f"], "b.o": ["global f"], "c.o": ["global undefined f"] });
    const linked = findLinked(index, resolveLink(index, linkOf("a.o", "b.o", "c.o")), "f");
    assert.equal(linked.winner?.object, "b.o");
    assert.deepEqual(
      linked.lost.map(({ object }) => object),
      ["a.o"],
    );
    assert.deepEqual(
      linked.references.map(({ object }) => object),
      ["c.o"],
    );
  });

  it("takes the first of weak definitions", () => {
    const index = indexOf({ "b.o": ["weak f"], "a.o": ["weak f"] });
    assert.equal(findLinked(index, resolveLink(index, linkOf("a.o", "b.o")), "f").winner?.object, "a.o");
  });

  it("takes archive members for undefined symbols, and for those that these need", () => {
    const index = indexOf({
      "a.o": ["global undefined f"],
      "f.o": ["global f", "global undefined g"],
      "g.o": ["global g"],
      "h.o": ["global h"],
    });
    const resolved = resolveLink(index, linkOf("a.o", "lib.a:f.o", "lib.a:g.o", "lib.a:h.o"));
    assert.deepEqual(
      [...resolved.takenFor],
      [
        ["f.o", "f"],
        ["g.o", "g"],
      ],
    );
    assert.deepEqual(
      findLinked(index, resolved, "h").notTaken.map(({ object }) => object),
      ["h.o"],
    );
  });

  it("takes no member for a weak reference, nor for a symbol that is weakly defined already", () => {
    const index = indexOf({
      "a.o": ["weak undefined f", "weak g"],
      "b.o": ["global undefined g"],
      "f.o": ["global f", "global g"],
    });
    const resolved = resolveLink(index, linkOf("a.o", "b.o", "lib.a:f.o"));
    assert.equal(findLinked(index, resolved, "f").winner, undefined);
    assert.equal(findLinked(index, resolved, "g").winner?.object, "a.o");
  });

  it("knows nothing of objects that are not part of it", () => {
    const index = indexOf({ "a.o": ["global f"], "other.o": ["weak f"] });
    assert.deepEqual(findLinked(index, resolveLink(index, linkOf("a.o")), "f").lost, []);
  });

  it("binds the references of a name that is wrapped to its wrapper, and pulls members for that", () => {
    const index = indexOf({
      "a.o": ["global undefined f"],
      "f.o": ["global f"],
      "w.o": ["global __wrap_f", "global undefined __real_f"],
    });
    const link = { ...linkOf("a.o", "lib.a:w.o", "lib.a:f.o"), wrap: ["f"] };
    const resolved = resolveLink(index, link);
    assert.deepEqual([...resolved.order.keys()], ["a.o", "w.o", "f.o"]);
    assert.equal(findLinked(index, resolved, "f").winner?.object, "w.o");
    assert.equal(findLinked(index, resolved, "__real_f").winner?.object, "f.o");
    assert.equal(findLinked(index, resolved, "f").references[0]?.object, "a.o");
  });
});
