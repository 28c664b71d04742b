/**
 * The work of reading a tree and of answering, counted and held below the ceilings of work-ceilings.json: a change that reads more
 * files, looks at texts more often or sends more messages fails here, on any machine. No clock is asked. To raise a ceiling is to say
 * that answers cost more.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  HoverRequest,
} from "vscode-languageserver-protocol/node";
import type { FromScanWorker } from "../../server/src/host/scan-messages.ts";
import { ScanWork } from "../../server/src/host/scan-work.ts";
import { readFacts } from "../../server/src/linkage/facts/extract.ts";
import { batchBuffers } from "../../server/src/linkage/index/fact-batch.ts";
import type { StoredIndex } from "../../server/src/linkage/index/stored-index.ts";
import { openSession } from "../../server/src/session/session.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import { byteCountedSource } from "../support/counted-source.ts";
import { generatedTree } from "../support/generated-tree.ts";
import { type LanguageClient, startClient } from "../support/language-client.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { openWorkLog } from "../support/work-log.ts";

const FOLDERS = 40;
const KEYS = 20;

const ceilings = JSON.parse(readFileSync(join(import.meta.dirname, "work-ceilings.json"), "utf8"));
const tree = generatedTree(FOLDERS);

/** Fails with all that was counted where something of it is too much. */
function hold(counted: Readonly<Record<string, number>>, limits: Readonly<Record<string, number>>, more = ""): void {
  assert.deepEqual(Object.keys(counted).sort(), Object.keys(limits).sort());
  const over = Object.entries(counted).filter(([what, count]) => count > limits[what]!);
  assert.deepEqual(over, [], `above test/session/work-ceilings.json: ${JSON.stringify(counted)} ${more}`);
}

/** How often each byte of a text is looked at while its facts are read, and how many texts are cut out of it. */
function reading(path: string): { readonly looks: number; readonly cuts: number } {
  const { source, looks, cuts } = byteCountedSource(tree[path]!);
  readFacts(path, source);
  return { looks: looks() / source.length, cuts: cuts() };
}

/** Where a word stands in a file of the tree. */
function placeOf(client: LanguageClient, path: string, word: string) {
  const before = tree[path]!.slice(0, tree[path]!.indexOf(word)).split("\n");
  return {
    textDocument: { uri: client.uriOf(path) },
    position: { line: before.length - 1, character: before.at(-1)!.length },
  };
}

describe("the work that is done", () => {
  it("to read a tree stays below its ceilings", () => {
    using folder = createTemporaryFolder(tree);
    const answers: FromScanWorker[] = [];
    const data = { root: folder.path, exclude: [], isBackground: false, position: new Int32Array(1) };
    const work = new ScanWork(data, (message) => answers.push(message));
    work.run({ kind: "list", under: [""], withStats: false });
    const listed = answers.flatMap((answer) => (answer.kind === "listed" ? answer.files : []));
    assert.equal(listed.length, Object.keys(tree).length - 1, "all but the Makefile");
    work.run({ kind: "scan", files: listed.map((path, request) => ({ path, request })) });
    const batches = answers.flatMap((answer) => (answer.kind === "scanned" ? answer.batch : []));
    const counted = {
      cutsOfC: reading("d0/part.c").cuts,
      cutsOfRegisters: reading("d0/registers.h").cuts,
      cutsOfAssembly: reading("d0/entry.S").cuts,
      cutsOfScripts: reading("link.ld").cuts,
      looksAtEachByteOfAssembly: reading("d0/entry.S").looks,
      looksAtEachByteOfScripts: reading("link.ld").looks,
      messages: answers.length,
      bytesSentForEachFile:
        batches.flatMap(batchBuffers).reduce((sum, { byteLength }) => sum + byteLength, 0) / listed.length,
    };
    hold(counted, ceilings.scan);
  });

  it("for each request and key in an editor stays below its ceilings", async () => {
    using folder = createTemporaryFolder(tree);
    using outside = createTemporaryFolder();
    const log = openWorkLog(folder.path, join(outside.path, "log"));
    const client = await startClient(folder.path, log.options);
    try {
      client.open("d0/part.c", tree["d0/part.c"]!);
      client.open("link.ld", tree["link.ld"]!, "linkerscript");
      await client.indexed;
      await client.waitForDiagnostics("d0/part.c", (found) => found.length > 0);
      log.take();
      // Build files are read ahead by themselves, whenever there is time.
      const opened = () => log.take().opened.filter((path) => path !== "Makefile").length;
      const place = placeOf(client, "d0/part.c", "part_1()");
      const filesFor = async (ask: () => Promise<unknown>) => {
        const answer = await ask();
        assert.ok(answer !== null && JSON.stringify(answer).length > 2, JSON.stringify(answer));
        return opened();
      };
      const hover = () => client.connection.sendRequest(HoverRequest.type, place);
      const definition = () => client.connection.sendRequest(DefinitionRequest.type, place);
      const completion = () =>
        client.connection.sendRequest(CompletionRequest.type, placeOf(client, "link.ld", "start_0 = ."));
      const range = { start: { line: 0, character: 0 }, end: { line: 200, character: 0 } };
      const codeActions = () =>
        client.connection.sendRequest(CodeActionRequest.type, {
          textDocument: { uri: client.uriOf("link.ld") },
          range,
          context: { diagnostics: [] },
        });
      const counted = {
        hoverFirst: await filesFor(hover),
        hoverAgain: await filesFor(hover),
        definitionFirst: await filesFor(definition),
        definitionAgain: await filesFor(definition),
        completionFirst: await filesFor(completion),
        completionAgain: await filesFor(completion),
        codeActions: await filesFor(codeActions),
      };
      for (let key = 0; key < KEYS; key++) {
        client.change("d0/part.c", `${tree["d0/part.c"]}extern int typed_${key}(void) __attribute__((weak));\n`);
        await client.waitForDiagnostics("d0/part.c", (found) =>
          found.some(({ message }) => `${message}`.includes(`typed_${key}'`)),
        );
      }
      const { opened: ofKeys, messages } = log.take();
      // The tree is listed and builds are looked for by the clock, whatever is typed: no key's work.
      const scans = messages.filter((kind) => kind === "scan");
      const key = ofKeys.filter((path) => path !== "Makefile").length;
      hold({ ...counted, key, scansOfKeys: scans.length }, ceilings.requests, `messages: ${messages.join(" ")}`);
    } finally {
      await client.stop();
    }
  });

  it("for a key touches no other file and no other file's facts", async () => {
    using folder = createTemporaryFolder(tree);
    const session = openSession(folder.path, { threads: 1 });
    try {
      await session.workspace.current;
      await session.prepare();
      const path = "d0/part.c";
      const type = async (text: string) => {
        session.setOverlay(path, sourceOfText(`${tree[path]}\n${text}`));
        await session.check(path);
      };
      await type("");
      const index = session.workspace.index as StoredIndex;
      const asked: string[] = [];
      const before = countsOf(index);
      const factsOf = index.factsOf.bind(index);
      index.factsOf = (of) => {
        if (of !== path) asked.push(of);
        return factsOf(of);
      };
      for (let key = 0; key < KEYS; key++) await type(`int typed_${key};`);
      assert.deepEqual(countsOf(index), before);
      hold({ factsOfOtherFiles: asked.length / KEYS }, ceilings.key);
    } finally {
      await session.dispose();
    }
  });
});

/** What a key must leave as it is: the facts of files on disk, and what is concluded from them. */
function countsOf({ table, treeRevision, inclusionRevision, makersRevision }: StoredIndex): Record<string, number> {
  return { rows: table.rows.count, live: table.liveRows, treeRevision, inclusionRevision, makersRevision };
}
