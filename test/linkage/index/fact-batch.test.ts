import assert from "node:assert/strict";
import {
  createPacker,
  createStringMapping,
  mapRows,
  mapStrings,
  packFile,
  takeBatch,
} from "../../../server/src/linkage/index/fact-batch.ts";
import { unpackFacts } from "../../../server/src/linkage/index/packed-facts.ts";
import { createStringTable, internString } from "../../../server/src/linkage/index/string-table.ts";
import { fileFacts, symbolFact } from "../facts/sample-facts.ts";

const stamp = { size: 100, stat: [1, 2], content: [3, 4] } as const;

describe("fact batch", () => {
  it("brings facts to another table, whatever strings that one has", () => {
    const packer = createPacker();
    const strings = createStringTable();
    internString(strings, "y");
    internString(strings, "other");
    const mapping = createStringMapping();
    const first = fileFacts({
      symbols: [symbolFact("x", { words: ["__init"] }), symbolFact("größe", { condition: "A" })],
    });
    const second = fileFacts({ symbols: [symbolFact("y"), symbolFact("x", { condition: "A" })] });
    for (const facts of [first, second]) {
      packFile(packer, "a.c", stamp, facts, Uint32Array.of(7));
      const batch = takeBatch(packer);
      mapStrings(mapping, batch, strings);
      mapRows(mapping, batch.rows);
      assert.deepEqual(unpackFacts("c", batch.rows, 0, batch.rows.count, strings), facts);
      assert.deepEqual(batch.files, [{ path: "a.c", language: "c", rowCount: 2, signatureLength: 1, ...stamp }]);
      assert.deepEqual(batch.signatures, Uint32Array.of(7));
    }
  });

  it("sends a string once", () => {
    const packer = createPacker();
    packFile(packer, "a.c", stamp, fileFacts({ symbols: [symbolFact("x")] }), new Uint32Array(0));
    assert.equal(takeBatch(packer).stringEnds.length, 1);
    packFile(packer, "b.c", stamp, fileFacts({ symbols: [symbolFact("x")] }), new Uint32Array(0));
    assert.equal(takeBatch(packer).stringEnds.length, 0);
  });

  it("may be empty", () => {
    const batch = takeBatch(createPacker());
    assert.deepEqual([batch.files.length, batch.rows.count, batch.signatures.length], [0, 0, 0]);
  });
});
