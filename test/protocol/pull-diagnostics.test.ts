/** Diagnostics for clients that ask for them. */

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import type { Diagnostic } from "vscode-languageserver-protocol";
import { type RawClient, startRawClient } from "../support/raw-client.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";

const WEAK = "extern int hook(void) __attribute__((weak));\nint f(void) { return hook ? hook() : 0; }\n";
const PLAIN = "int g(void) { return 0; }\n";

interface Report {
  readonly kind: "full" | "unchanged";
  readonly resultId: string;
  readonly items?: readonly Diagnostic[];
  readonly uri?: string;
  readonly version?: number | null;
}

const pulling = { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } };

describe("diagnostics that are asked for", function () {
  this.timeout(60_000);
  const tree = createTemporaryFolder({ "a.c": WEAK, "b.c": PLAIN });
  const uriOf = (path: string) => pathToFileURL(`${tree.path}/${path}`).href;
  after(() => tree[Symbol.dispose]());

  function open(client: RawClient, path: string, text: string): void {
    client.tell("textDocument/didOpen", { textDocument: { uri: uriOf(path), languageId: "c", version: 1, text } });
  }

  function change(client: RawClient, path: string, version: number, text: string): void {
    const textDocument = { uri: uriOf(path), version };
    client.tell("textDocument/didChange", { textDocument, contentChanges: [{ text }] });
  }

  async function pull(client: RawClient, path: string, previousResultId?: string): Promise<Report> {
    const answer = await client.ask("textDocument/diagnostic", {
      textDocument: { uri: uriOf(path) },
      previousResultId,
    });
    assert.equal(answer.error, undefined);
    return answer.result as Report;
  }

  it("are offered to who can be told to ask again, and sent to all others", async () => {
    const cases: [object, boolean][] = [
      [pulling, true],
      [{ textDocument: { diagnostic: {} } }, false],
      [{}, false],
    ];
    for (const [capabilities, isPulled] of cases) {
      await using client = startRawClient(tree.path);
      const { result } = await client.initialize(capabilities);
      const offer = (result as { capabilities: { diagnosticProvider?: unknown } }).capabilities.diagnosticProvider;
      assert.deepEqual(
        offer,
        isPulled ? { identifier: "weakspot", interFileDependencies: true, workspaceDiagnostics: true } : undefined,
      );
      const published = isPulled ? undefined : client.next("textDocument/publishDiagnostics");
      open(client, "a.c", WEAK);
      await client.indexed;
      await published;
      await pull(client, "a.c");
      assert.equal(client.told("textDocument/publishDiagnostics").length > 0, !isPulled);
    }
  });

  it("have an id, by which they are unchanged until they are others", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize(pulling);
    open(client, "a.c", WEAK);
    await client.indexed;
    const first = await pull(client, "a.c");
    assert.deepEqual([first.kind, first.items?.map(({ code }) => code)], ["full", ["weak-reference"]]);
    assert.deepEqual(await pull(client, "a.c", first.resultId), { kind: "unchanged", resultId: first.resultId });
    change(client, "a.c", 2, PLAIN);
    const second = await pull(client, "a.c", first.resultId);
    assert.deepEqual([second.kind, second.items], ["full", []]);
    change(client, "a.c", 3, WEAK);
    assert.equal((await pull(client, "a.c", second.resultId)).resultId, first.resultId);
  });

  it("are to be asked for anew when another file changes", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize(pulling);
    open(client, "a.c", WEAK);
    open(client, "b.c", PLAIN);
    await client.indexed;
    await client.next("workspace/diagnostic/refresh");
    const before = await pull(client, "a.c");
    const refreshed = client.next("workspace/diagnostic/refresh");
    change(client, "b.c", 2, "int hook(void) { return 1; }\n");
    await refreshed;
    const after = await pull(client, "a.c", before.resultId);
    assert.equal(after.kind, "full");
    assert.notDeepEqual(after.items, before.items);
  });

  it("of a file of no folder are none", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize(pulling);
    const { result } = await client.ask("textDocument/diagnostic", { textDocument: { uri: "file:///nowhere/a.c" } });
    assert.deepEqual(result, { kind: "full", items: [] });
  });

  it("of the workspace come with versions, in parts where a token is given, and are held until there is news", async () => {
    await using client = startRawClient(tree.path);
    await client.initialize(pulling);
    open(client, "b.c", PLAIN);
    const first = await client.ask("workspace/diagnostic", { previousResultIds: [] });
    const [report, ...others] = (first.result as { items: Report[] }).items;
    assert.deepEqual([report?.uri, report?.kind, report?.version, others], [uriOf("a.c"), "full", null, []]);

    const previousResultIds = [{ uri: report!.uri, value: report!.resultId }];
    const held = client.ask("workspace/diagnostic", { previousResultIds, partialResultToken: "parts" });
    const parts = client.next("$/progress");
    change(client, "b.c", 2, WEAK.replaceAll("hook", "other"));
    assert.deepEqual((await held).result, { items: [] });
    const { token, value } = (await parts) as { token: string; value: { items: Report[] } };
    assert.equal(token, "parts");
    assert.deepEqual(
      value.items.map(({ uri, kind, version }) => [uri, kind, version]),
      [
        [uriOf("a.c"), "unchanged", null],
        [uriOf("b.c"), "full", 2],
      ],
    );

    const gone = value.items.map(({ uri, resultId }) => ({ uri, value: resultId }));
    change(client, "b.c", 3, PLAIN);
    const last = await client.ask("workspace/diagnostic", { previousResultIds: gone });
    const cleared = (last.result as { items: Report[] }).items.find(({ uri }) => uri === uriOf("b.c"));
    assert.deepEqual([cleared?.kind, cleared?.items], ["full", []]);

    const [taken] = await client.askAndCancel("workspace/diagnostic", { previousResultIds }, 1);
    assert.equal(taken?.error?.code, -32800);
  });
});
