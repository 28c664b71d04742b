/** That files with a word are found as the index finds them, whatever is opened, typed, saved and closed in between. */

import assert from "node:assert/strict";
import { filesMentioning } from "../../../server/src/linkage/index/files-mentioning.ts";
import { createIndex } from "../../../server/src/linkage/index/stored-index.ts";
import { wordSignature } from "../../../server/src/linkage/index/word-signature.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { createRandom } from "../../support/random.ts";
import { unlike } from "../../support/unlike.ts";
import { fileFacts } from "../facts/sample-facts.ts";

function signatureOf(text: string): Uint32Array {
  const { codes, length } = sourceOfText(text);
  return wordSignature(codes, length);
}

describe("files that mention a word", () => {
  it("are those of the index, after any changes", () => {
    const random = createRandom(7);
    const index = createIndex();
    const facts = fileFacts({ symbols: [] });
    for (let step = 0; step < 2000; step++) {
      const path = `file${random(6)}.c`;
      const signature = signatureOf(random(2) === 0 ? "word other" : "other");
      const kind = random(8);
      if (kind === 0) index.replaceFile(path, facts, signature);
      else if (kind === 1) index.removeFile(path);
      else if (kind < 5) index.setOverlay(path, { facts, signature: () => signature });
      else index.setOverlay(path, undefined);
      if (random(3) === 0) assert.deepEqual([...filesMentioning("word", index)].sort(), index.filesWithWord("word"));
    }
  });

  it("are not looked for again while only open buffers change", () => {
    const index = createIndex();
    const facts = fileFacts({ symbols: [] });
    index.replaceFile("a.c", facts, signatureOf("word"));
    let searches = 0;
    const counting = unlike(index, {
      filesWithWord(word) {
        searches++;
        return index.filesWithWord(word);
      },
    });
    assert.deepEqual(filesMentioning("word", counting), ["a.c"]);
    index.setOverlay("b.c", { facts, signature: () => signatureOf("word") });
    assert.deepEqual(filesMentioning("word", counting), ["a.c", "b.c"]);
    assert.equal(searches, 1);
    index.replaceFile("c.c", facts, signatureOf("word"));
    assert.deepEqual(filesMentioning("word", counting), ["a.c", "b.c", "c.c"]);
    assert.equal(searches, 2);
  });
});
