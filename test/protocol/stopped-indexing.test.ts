/** Indexing that the user stops, and has go on. */

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { type RawClient, startRawClient } from "../support/raw-client.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const WEAK = "extern int hook(void) __attribute__((weak));\nint f(void) { return hook ? hook() : 0; }\n";

describe("indexing that is stopped", function () {
  this.timeout(60_000);
  const tree = createTemporaryFolder({ "a.c": WEAK, "b.c": "int hook(void) { return 1; }\n" });
  const uri = pathToFileURL(`${tree.path}/a.c`).href;
  after(() => tree[Symbol.dispose]());

  const states = (client: RawClient) => client.told("weakspot/status").map((one) => (one as { state: string }).state);

  /** Looks at what a stopped server says, and lets it go on. */
  async function assertStopsAndResumes(client: RawClient): Promise<void> {
    const stopped = await client.ask("weakspot/linkage", {});
    assert.equal((stopped.result as { isComplete: boolean }).isComplete, false);
    assert.equal(states(client).at(-1), "stopped");

    client.tell("textDocument/didOpen", { textDocument: { uri, languageId: "c", version: 1, text: WEAK } });
    const hover = await client.ask("textDocument/hover", {
      textDocument: { uri },
      position: { line: 0, character: 12 },
    });
    assert.match(JSON.stringify(hover.result), /hook/);

    // What waits for the whole tree can be taken back.
    const [taken] = await client.askAndCancel("workspace/diagnostic", { previousResultIds: [] }, 1);
    assert.equal(taken?.error?.code, -32800);

    await client.ask("workspace/executeCommand", { command: "weakspot.resumeIndexing" });
    await client.until("weakspot/status", (params) => (params as { state: string }).state === "ready");
    const whole = await client.ask("weakspot/linkage", {});
    assert.equal((whole.result as { isComplete: boolean }).isComplete, true);
  }

  it("by its command says so, answers for what is open, and goes on by another command", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize();
    await client.ask("workspace/executeCommand", { command: "weakspot.stopIndexing" });
    await assertStopsAndResumes(client);
  });

  it("by the progress that the client shows is stopped as well", async () => {
    await using client = startRawClient(tree.path);
    const created = client.next("window/workDoneProgress/create");
    const begun = client.next("$/progress");
    await client.initialize({ window: { workDoneProgress: true } });
    const { token } = (await created) as { token: string };
    const { value } = (await begun) as { value: { kind: string; cancellable?: boolean } };
    assert.deepEqual([value.kind, value.cancellable], ["begin", true]);
    client.tell("window/workDoneProgress/cancel", { token });
    await client.until("weakspot/status", (params) => (params as { state: string }).state === "stopped");
    await assertStopsAndResumes(client);
  });

  it("goes on where all of it is to be checked", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize();
    await client.ask("workspace/executeCommand", { command: "weakspot.stopIndexing" });
    const { result } = await client.ask("weakspot/checkWorkspace", {});
    assert.ok((result as { findings: number }).findings > 0);
  });

  it("is not once the tree was read", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize();
    await client.indexed;
    await client.ask("workspace/executeCommand", { command: "weakspot.stopIndexing" });
    assert.ok(!states(client).includes("stopped"));
  });
});
