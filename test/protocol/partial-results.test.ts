/** Answers in parts, for clients that give a token for them. */

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { type RawClient, startRawClient } from "../support/raw-client.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const USES = 2500;

describe("answers in parts", function () {
  this.timeout(60_000);
  const tree = createTemporaryFolder({
    "a.c": `int hook(void) __attribute__((weak));\nvoid f(void) {\n${"hook();\n".repeat(USES)}}\n`,
    "a.lds": "SECTIONS { .text : { *(.text) } >ram }\nMEMORY { ram : ORIGIN = 0, LENGTH = 1K }\n",
  });
  const uriOf = (path: string) => pathToFileURL(`${tree.path}/${path}`).href;
  after(() => tree[Symbol.dispose]());

  /** The whole answer to a request, as it is without a token, after a look at that with one. */
  async function assertSame(client: RawClient, method: string, params: object): Promise<unknown[][]> {
    const before = client.told("$/progress").length;
    const whole = (await client.ask(method, params)).result as unknown[];
    assert.notEqual(whole, null);
    assert.equal(client.told("$/progress").length, before);
    const rest = (await client.ask(method, { ...params, partialResultToken: "part" })).result;
    assert.deepEqual(rest, []);
    const parts = client.told("$/progress").slice(before) as { token: string; value: unknown[] }[];
    assert.ok(parts.every(({ token }) => token === "part"));
    assert.deepEqual(
      parts.flatMap(({ value }) => value),
      whole,
    );
    return parts.map(({ value }) => value);
  }

  it("are those of references, a part as soon as it is known, and of symbols", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize();
    await client.indexed;
    const position = { line: 0, character: 5 };
    const context = { includeDeclaration: true };
    const textDocument = { uri: uriOf("a.c") };
    const parts = await assertSame(client, "textDocument/references", { textDocument, position, context });
    assert.deepEqual(
      parts.map(({ length }) => length),
      [1000, 1000, USES + 1 - 2000],
    );
    await assertSame(client, "workspace/symbol", { query: "hook" });
    const region = { textDocument: { uri: uriOf("a.lds") }, position: { line: 0, character: 35 }, context };
    await assertSame(client, "textDocument/references", region);
  });
});
