/**
 * A small editor for tests: starts the language server in a process of its own, over stdio as any editor does, and remembers
 * what the server says. It knows the protocol and nothing of the server's inside.
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type ClientCapabilities,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  LogMessageNotification,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type Range,
  type Registration,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgressCreateRequest,
} from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { createTemporaryFolder } from "./temporary-folder.ts";

/** How the server is started from its sources; the built command is what slow suites give instead. */
const FROM_SOURCE = ["--import=tsx", join(import.meta.dirname, "../../server/src/cli.ts")];

export interface ClientOptions {
  /** The `weakspot` section of the user's settings. */
  readonly settings?: object;
  /** Replaces the capabilities of an editor that can do everything. */
  readonly capabilities?: ClientCapabilities;
  /** Node's arguments that start the command, without the subcommand. Default: the command's source. */
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface LanguageClient {
  readonly connection: ProtocolConnection;
  readonly server: InitializeResult;
  /** What the server logged, one string a message. */
  readonly log: readonly string[];
  uriOf(path: string): string;
  /** Opens a document with this text and returns it, for positions. */
  open(path: string, text: string, languageId?: string): TextDocument;
  /** Replaces the whole text of an open document. */
  change(path: string, text: string): void;
  close(path: string): void;
  /** The position right behind the first occurrence of `before` in an open document. Fails where there is none. */
  positionAfter(path: string, before: string): Position;
  /** The range of the first occurrence of `text` in an open document. */
  rangeOf(path: string, text: string): Range;
  /** The diagnostics last published for the file. */
  diagnostics(path: string): readonly Diagnostic[];
  /** Waits until the file's diagnostics, published by now or later, are as wanted. */
  waitForDiagnostics(path: string, isWanted: (diagnostics: readonly Diagnostic[]) => boolean): Promise<void>;
  /** What the server has registered so far, beside what it said at the start. */
  readonly registrations: readonly Registration[];
  /** Resolves when the whole tree was indexed once. */
  readonly indexed: Promise<void>;
  /** Changes the settings, as a user would. */
  configure(settings: object): void;
  /** Shuts the server down and returns its exit code. */
  stop(): Promise<number | undefined>;
}

/** An editor that can do everything the server may ask for. */
export const capableClient: ClientCapabilities = {
  window: { workDoneProgress: true },
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    workspaceFolders: true,
    workspaceEdit: {
      documentChanges: true,
      resourceOperations: ["create", "rename", "delete"],
      changeAnnotationSupport: {},
    },
  },
  textDocument: {
    publishDiagnostics: { relatedInformation: true, versionSupport: true, tagSupport: { valueSet: [1, 2] } },
    hover: { contentFormat: ["markdown", "plaintext"] },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source.fixAll"] } },
      disabledSupport: true,
      isPreferredSupport: true,
    },
  },
};

/** Starts a server on a folder and initializes it. Stop it in `after`. */
export async function startClient(root: string, options: ClientOptions = {}): Promise<LanguageClient> {
  let settings = options.settings ?? {};
  // What tests index is not for the user's cache.
  const cache = createTemporaryFolder();
  const child = spawn(process.execPath, [...(options.command ?? FROM_SOURCE), "server", "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, XDG_CACHE_HOME: cache.path, ...options.environment },
  });
  const gone = new Promise<number | undefined>((resolve) => child.once("close", (code) => resolve(code ?? undefined)));
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const documents = new Map<string, TextDocument>();
  const published = new Map<string, readonly Diagnostic[]>();
  const waiting = new Set<() => void>();
  const log: string[] = [];
  const registrations: Registration[] = [];
  let reportIndexed = (): void => {};
  const indexed = new Promise<void>((resolve) => {
    reportIndexed = resolve;
  });

  connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => settings));
  connection.onRequest(RegistrationRequest.type, (params) => {
    registrations.push(...params.registrations);
  });
  connection.onRequest(WorkDoneProgressCreateRequest.type, () => undefined);
  connection.onNotification(LogMessageNotification.type, ({ message }) => {
    log.push(message);
  });
  connection.onNotification("weakspot/status", ({ state }: { readonly state: string }) => {
    if (state !== "indexing") reportIndexed();
  });
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
    published.set(uri, diagnostics);
    for (const look of [...waiting]) look();
  });
  connection.listen();
  const rootUri = pathToFileURL(root).href;
  const server = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: "tree" }],
    initializationOptions: settings,
    capabilities: options.capabilities ?? capableClient,
  });
  await connection.sendNotification(InitializedNotification.type, {});

  const uriOf = (path: string): string => pathToFileURL(join(root, path)).href;
  const documentAt = (path: string): TextDocument => {
    const document = documents.get(path);
    if (document === undefined) throw new Error(`${path} is not open`);
    return document;
  };
  const find = (path: string, text: string): { document: TextDocument; start: number } => {
    const document = documentAt(path);
    const start = document.getText().indexOf(text);
    if (start < 0) throw new Error(`${path} holds no ${JSON.stringify(text)}`);
    return { document, start };
  };

  return {
    connection,
    server,
    log,
    registrations,
    indexed,
    uriOf,
    open(path, text, languageId = "c") {
      const document = TextDocument.create(uriOf(path), languageId, 1, text);
      documents.set(path, document);
      void connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri: document.uri, languageId, version: 1, text },
      });
      return document;
    },
    change(path, text) {
      const document = documentAt(path);
      TextDocument.update(document, [{ text }], document.version + 1);
      void connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri: document.uri, version: document.version },
        contentChanges: [{ text }],
      });
    },
    close(path) {
      const { uri } = documentAt(path);
      documents.delete(path);
      void connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
    },
    positionAfter(path, before) {
      const { document, start } = find(path, before);
      return document.positionAt(start + before.length);
    },
    rangeOf(path, text) {
      const { document, start } = find(path, text);
      return { start: document.positionAt(start), end: document.positionAt(start + text.length) };
    },
    diagnostics: (path) => published.get(uriOf(path)) ?? [],
    waitForDiagnostics(path, isWanted) {
      return new Promise((resolve) => {
        const look = (): void => {
          const diagnostics = published.get(uriOf(path));
          if (diagnostics === undefined || !isWanted(diagnostics)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
    configure(next) {
      settings = next;
      void connection.sendNotification("workspace/didChangeConfiguration", { settings: { weakspot: next } });
    },
    async stop() {
      await connection.sendRequest(ShutdownRequest.type);
      await connection.sendNotification(ExitNotification.type);
      const code = await gone;
      connection.dispose();
      cache[Symbol.dispose]();
      return code;
    },
  };
}

/** The path of a file below the root that a URI names. */
export function pathOfUri(root: string, uri: string): string {
  return fileURLToPath(uri).slice(root.length + 1);
}
