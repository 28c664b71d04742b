import assert from "node:assert/strict";
import { bold, codeBlock, codeSpan, plainText } from "../../server/src/text/markdown.ts";

describe("names and texts within Markdown", () => {
  it("stay in their code span, whatever backticks they hold", () => {
    assert.equal(codeSpan("a.c:3"), "`a.c:3`");
    assert.equal(codeSpan("a`![x](http://x/p.png)`"), "`` a`![x](http://x/p.png)` ``");
    assert.equal(codeSpan("a``b`c"), "```a``b`c```");
    assert.equal(codeSpan(" a "), "`  a  `");
    assert.equal(codeSpan("a \\\n\tb"), "`a \\ b`");
    assert.equal(codeSpan(" "), "");
  });

  it("stay in their block", () => {
    assert.equal(codeBlock("#define a ```\nb", "c"), "````c\n#define a ```\nb\n````");
  });

  it("are no link, picture or emphasis of their own", () => {
    assert.equal(bold("a_b"), "**a_b**");
    assert.equal(bold("_a_"), "**\\_a\\_**");
    assert.equal(plainText("![x](http://x) **b** <img>"), "\\!\\[x\\](http://x) \\*\\*b\\*\\* \\<img\\>");
  });
});
