/** That a text goes back into the bytes that it came from. */

import assert from "node:assert/strict";
import { decodeText, encodeText, encodingOf } from "../../server/src/text/encoding.ts";

describe("the encoding of a file", () => {
  const samples: readonly (readonly [string, Uint8Array, string])[] = [
    ["utf-8", Buffer.from("/* é ✓ */"), "/* é ✓ */"],
    ["utf-8 with mark", Buffer.from("\uFEFF/* é */"), "/* é */"],
    ["latin-1", Buffer.from("/* é */", "latin1"), "/* é */"],
  ];
  for (const [encoding, bytes, text] of samples) {
    it(`is ${encoding}, and is kept`, () => {
      assert.equal(encodingOf(bytes), encoding);
      assert.equal(decodeText(bytes), text);
      assert.deepEqual(Buffer.from(encodeText(text, encodingOf(bytes))!), Buffer.from(bytes));
    });
  }

  it("has no bytes for letters that Latin-1 has not", () => assert.equal(encodeText("✓", "latin-1"), undefined));
});
