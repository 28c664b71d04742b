/** The protocol to the letter: a server's life, parameters that are none, requests that are taken back. */

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import * as protocol from "vscode-languageserver-protocol/node";
import { checkedMethods } from "../../server/src/protocol/well-formed.ts";
import { createRandom } from "../support/random.ts";
import { startRawClient } from "../support/raw-client.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const TEXT = "extern int hook(void) __attribute__((weak));\nint f(void) { return hook ? hook() : 0; }\n";

/** Parameters that are right for every request on a document. */
function paramsFor(uri: string): Record<string, unknown> {
  const position = { line: 0, character: 12 };
  const range = { start: position, end: position };
  return {
    textDocument: { uri, version: 1, languageId: "c", text: TEXT },
    position,
    positions: [position],
    range,
    context: { includeDeclaration: true, diagnostics: [] },
    options: { tabSize: 8, insertSpaces: false },
    newName: "other",
    query: "ho",
    command: "none",
    label: "hook",
    changes: [],
    event: { added: [], removed: [] },
    contentChanges: [],
    ranges: [range],
    ch: ";",
    item: { name: "x", uri, kind: 1, range, selectionRange: range },
    capabilities: {},
  };
}

/** Every request that the protocol has. */
const requests = Object.values(protocol)
  .map((one) => (one as { type?: { method?: unknown } } | undefined)?.type)
  .filter((type) => type instanceof protocol.ProtocolRequestType || type instanceof protocol.ProtocolRequestType0)
  .map((type) => (type as { method: string }).method)
  .filter((method) => method !== "initialize" && method !== "shutdown");

/** Every notification that the protocol has, those too that only servers send; the last one would end it. */
const notifications = Object.values(protocol)
  .map((one) => (one as { type?: { method?: unknown } } | undefined)?.type)
  .filter(
    (type) => type instanceof protocol.ProtocolNotificationType || type instanceof protocol.ProtocolNotificationType0,
  )
  .map((type) => (type as { method: string }).method)
  .filter((method) => method !== "exit");

describe("the protocol's letter", function () {
  this.timeout(60_000);
  const tree = createTemporaryFolder({ "a.c": TEXT });
  const uri = pathToFileURL(`${tree.path}/a.c`).href;
  after(() => tree[Symbol.dispose]());

  it("answers nothing before initialize, initializes once, and answers nothing after shutdown", async () => {
    await using client = startRawClient(tree.path);
    client.tell("textDocument/didOpen", paramsFor(uri));
    assert.equal((await client.ask("textDocument/hover", paramsFor(uri))).error?.code, -32002);
    assert.notEqual((await client.initialize()).result, undefined);
    assert.equal((await client.initialize()).error?.code, -32600);
    assert.equal((await client.ask("shutdown")).result, null);
    assert.equal((await client.ask("textDocument/hover", paramsFor(uri))).error?.code, -32600);
    client.tell("exit");
    assert.equal(await client.gone, 0);
  });

  it("exits with 1 where nobody shut it down", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize();
    client.tell("exit");
    assert.equal(await client.gone, 1);
  });

  it("refuses parameters that are none, of every method, and serves on", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize();
    const right = paramsFor(uri);
    client.tell("textDocument/didOpen", right);
    for (const method of checkedMethods.filter((one) => requests.includes(one) || one.startsWith("weakspot/"))) {
      for (const wrong of [undefined, null, 7, []]) {
        const { error } = await client.ask(method, wrong);
        // linkage may be asked for without a document.
        if (method !== "weakspot/linkage") assert.equal(error?.code, -32602, `${method} of ${JSON.stringify(wrong)}`);
      }
      for (const wrong of [null, -1, "x", { line: -1, character: 0 }, { line: 1.5 }]) {
        for (const member of ["textDocument", "position", "range"]) {
          const { error } = await client.ask(method, { ...right, [member]: wrong });
          // -32803: what the method itself refuses, such as to rename before the tree is read.
          const isRight = error === undefined || error.code === -32602 || error.code === -32803;
          assert.ok(isRight, `${method}: ${JSON.stringify(error)}`);
        }
      }
    }
    client.tell("textDocument/didChange", { textDocument: { uri, version: 2 }, contentChanges: null });
    client.tell("textDocument/didOpen", { textDocument: { uri: 7 } });
    client.tell("workspace/didChangeWatchedFiles", { changes: [{ uri: null }] });
    const { result } = await client.ask("textDocument/hover", {
      textDocument: { uri },
      position: { line: 0, character: 12 },
    });
    assert.notEqual(result, null);
  });

  it("gives every request of the protocol a result or an error of the protocol", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize();
    const right = paramsFor(uri);
    client.tell("textDocument/didOpen", right);
    assert.ok(requests.length > 50, requests.join(" "));
    const random = createRandom(11);
    const odd: unknown[] = [
      null,
      {},
      [],
      0,
      1e9,
      "",
      "\u0000",
      uri,
      { uri: "untitled:x" },
      { line: 2 ** 31 - 1, character: 2 ** 31 - 1 },
    ];
    for (const method of requests) {
      for (let round = 0; round < 4; round++) {
        const params: Record<string, unknown> = { ...right };
        const names = Object.keys(params);
        for (let i = 0; i < round; i++) params[names[random(names.length)]!] = odd[random(odd.length)];
        const { error } = await client.ask(method, params);
        // Method not found; parameters that are none; a request that may be asked again; what fails by its own rules.
        assert.ok(
          error === undefined || [-32601, -32602, -32803].includes(error.code),
          `${method} of ${JSON.stringify(params)}: ${JSON.stringify(error)}`,
        );
      }
    }
  });

  it("serves on whatever every notification of the protocol holds", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize();
    const right = paramsFor(uri);
    assert.ok(notifications.length > 20, notifications.join(" "));
    const random = createRandom(12);
    const odd: unknown[] = [undefined, null, {}, [], 7, "x", { uri }, [{ uri: null }], { textDocument: null }];
    for (const method of notifications) {
      for (const wrong of odd) client.tell(method, wrong);
      for (const member of Object.keys(right)) client.tell(method, { ...right, [member]: odd[random(odd.length)] });
    }
    client.tell("textDocument/didOpen", right);
    const { result } = await client.ask("textDocument/hover", {
      textDocument: { uri },
      position: { line: 0, character: 12 },
    });
    assert.notEqual(result, null);
  });

  it("computes nothing that is taken back while it waits", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize();
    client.tell("textDocument/didOpen", paramsFor(uri));
    const params = { textDocument: { uri }, position: { line: 0, character: 12 } };
    const answers = await client.askAndCancel("textDocument/hover", params, 5000);
    const computed = answers.filter(({ error }) => error?.code !== -32800);
    assert.ok(computed.length < 500, `${computed.length} of 5000 were computed`);
    assert.notEqual((await client.ask("textDocument/hover", params)).result, null);
  });
});
