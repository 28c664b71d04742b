import assert from "node:assert/strict";
import { commandAt, describeCommand } from "../../server/src/features/script-commands.ts";
import { KEYWORDS } from "../../server/src/syntax/ld/keywords.ts";
import { readScript } from "./script-fixture.ts";

function at(text: string): string | undefined {
  const { script, offset } = readScript(text);
  return commandAt(script, offset)?.text;
}

describe("the documentation of commands", () => {
  it("is there for every keyword, but for the short spellings and those of version scripts", () => {
    const missing = [...KEYWORDS].filter(([word, { type }]) => word === type && describeCommand(word) === undefined);
    const bare = missing.map(([word]) => word).filter((word) => !["global", "local", "extern"].includes(word));
    assert.deepEqual(bare, []);
  });

  it("tells of types, flags and constants, too", () => {
    assert.equal(at("PHDRS { text PT_LO<|>AD; }"), "`PT_LOAD` — type of a segment: loaded from the file.");
    assert.match(at("x = CONSTANT(MAX<|>PAGESIZE);") ?? "", /maximum page size/);
  });

  it("is no matter of comments and texts", () => {
    assert.equal(at("/* AT<|> the end */"), undefined);
    assert.equal(at('ASSERT(1, "AT<|> the end")'), undefined);
    assert.match(at('ASSERT("a" == 1 && ALI<|>GN(4), "at the end")') ?? "", /^`ALIGN/);
  });
});
