/**
 * A small editor: starts the language server as any editor does, over stdio, opens a file, waits until the tree is indexed,
 * asks for the fix of the whole file and carries the edit out on disk.
 *
 * It knows the protocol and nothing of the server's inside.
 */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type CodeAction,
  CodeActionRequest,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  type InitializeParams,
  InitializeRequest,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  WorkDoneProgressCreateRequest,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { replaceFile } from "../support/kernel-tree.ts";

const COMMAND = join(import.meta.dirname, "../../dist/cli.cjs");

export interface FixedFile {
  readonly title: string;
  /** The findings of the opened file once the tree was indexed. */
  readonly diagnostics: readonly Diagnostic[];
  /** The paths that were changed or created, relative to the root. */
  readonly changed: readonly string[];
}

/**
 * Applies `source.fixAll` to one file of a tree. Throws when the server offers no such action or an edit does not apply.
 *
 * @param settings the `weakspot` section of the user's settings
 */
export async function fixWholeFile(root: string, path: string, settings: object): Promise<FixedFile> {
  const server = spawn(process.execPath, [COMMAND, "server", "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
    // The index of a tree that is about to go is not for the user's cache.
    env: { ...process.env, XDG_CACHE_HOME: join(dirname(root), "cache") },
  });
  const gone = new Promise<void>((resolve) => server.once("close", () => resolve()));
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  try {
    const uri = pathToFileURL(join(root, path)).href;
    let diagnostics: readonly Diagnostic[] = [];
    let reportIndexed = (): void => {};
    const indexed = new Promise<void>((resolve) => {
      reportIndexed = resolve;
    });
    connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => settings));
    connection.onRequest(WorkDoneProgressCreateRequest.type, () => undefined);
    connection.onNotification("$/progress", (parameters: { readonly value: { readonly kind: string } }) => {
      if (parameters.value.kind === "end") reportIndexed();
    });
    connection.onNotification(PublishDiagnosticsNotification.type, (published) => {
      if (published.uri === uri) diagnostics = published.diagnostics;
    });
    connection.listen();

    await connection.sendRequest(InitializeRequest.type, describeClient(root, settings));
    await connection.sendNotification(InitializedNotification.type, {});
    const text = await readFile(join(root, path), "utf8");
    const document = TextDocument.create(uri, "c", 1, text);
    await connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: "c", version: 1, text },
    });
    await indexed;

    const actions = await connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: document.positionAt(text.length) },
      context: { diagnostics: [...diagnostics], only: ["source.fixAll.weakspot"] },
    });
    const [action, ...others] = (actions ?? []) as CodeAction[];
    if (action?.edit === undefined || others.length > 0) {
      throw new Error(`the server offers ${JSON.stringify(actions)} for the whole file`);
    }
    const changed = await carryOut(action.edit, root);
    await connection.sendRequest(ShutdownRequest.type);
    await connection.sendNotification(ExitNotification.type);
    await gone;
    return { title: action.title, diagnostics, changed };
  } finally {
    connection.dispose();
    server.kill();
  }
}

function describeClient(root: string, settings: object): InitializeParams {
  const rootUri = pathToFileURL(root).href;
  return {
    processId: process.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: "linux" }],
    initializationOptions: settings,
    capabilities: {
      window: { workDoneProgress: true },
      workspace: {
        configuration: true,
        workspaceFolders: true,
        workspaceEdit: { documentChanges: true, resourceOperations: ["create"] },
      },
      textDocument: {
        publishDiagnostics: { relatedInformation: true },
        codeAction: {
          codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source.fixAll"] } },
          disabledSupport: true,
          isPreferredSupport: true,
        },
      },
    },
  };
}

/** Carries an edit out in its order; returns the paths that it touched. */
async function carryOut(edit: WorkspaceEdit, root: string): Promise<string[]> {
  const touched = new Set<string>();
  for (const change of edit.documentChanges ?? []) {
    if ("kind" in change) {
      if (change.kind !== "create") throw new Error(`an edit of kind ${change.kind} was not expected`);
      const file = fileURLToPath(change.uri);
      if (existsSync(file)) throw new Error(`${file} exists, and the edit creates it`);
      await mkdir(dirname(file), { recursive: true });
      await replaceFile(file, "");
      touched.add(file);
      continue;
    }
    const file = fileURLToPath(change.textDocument.uri);
    const document = TextDocument.create(change.textDocument.uri, "", 0, await readFile(file, "utf8"));
    await replaceFile(file, TextDocument.applyEdits(document, change.edits as TextEdit[]));
    touched.add(file);
  }
  return [...touched].map((file) => file.slice(root.length + 1)).sort();
}
