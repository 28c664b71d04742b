import assert from "node:assert/strict";
import { printable } from "../../server/src/text/printable.ts";

describe("text on its way to a terminal", () => {
  it("steers no terminal and begins no line of its own", () => {
    assert.equal(printable("a\n::error::x\r\x1b[31m\x9b0m\u202e.c"), "a\\n::error::x\\r\\x1b[31m\\x9b0m\\u202e.c");
  });

  it("leaves tabs and letters of every language as they are", () => {
    assert.equal(printable("\tläßt 文字 🐧"), "\tläßt 文字 🐧");
  });
});
