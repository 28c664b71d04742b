import assert from "node:assert/strict";
import { jsonText, messageText, printable, printableLine } from "../../server/src/text/printable.ts";

describe("text on its way to a terminal", () => {
  it("steers no terminal and begins no line of its own", () => {
    assert.equal(printable("a\n::error::x\r\x1b[31m\x9b0m\u202e.c"), "a\\n::error::x\\r\\x1b[31m\\x9b0m\\u202e.c");
  });

  it("leaves tabs and letters of every language as they are", () => {
    assert.equal(printable("\tläßt 文字 🐧"), "\tläßt 文字 🐧");
  });
});

describe("text that machines read along", () => {
  it("begins no command of GitHub's runner", () => {
    assert.equal(printableLine("  ::error file=x::y"), "  \\x3a:error file=x::y");
    assert.equal(printableLine("x ##[error]y"), "x #\\x23[error]y");
    assert.equal(printableLine("a::b"), "a::b");
  });

  it("is JSON that says the same, with no control character in it", () => {
    const value = { "\x9b##[": ["\u2028\u202e\x7f", "\n::error::"] };
    const text = jsonText(value, 2);
    assert.deepEqual(JSON.parse(text), value);
    assert.equal(printable(text.replaceAll("\n", "")), text.replaceAll("\n", ""));
  });

  it("is a message without a link", () => {
    assert.equal(messageText("[a](command:x)\n"), "[a] (command:x)\\n");
  });
});
