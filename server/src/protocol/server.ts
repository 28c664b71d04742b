/**
 * The language server: capabilities, open documents, workspace folders and settings. It hands each request to the folder that
 * the document belongs to (folder.ts) and knows nothing of symbols.
 */

import {
  type ClientCapabilities,
  CodeActionKind,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  type DidChangeConfigurationParams,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  ShowMessageNotification,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { findRoot } from "../host/find-root.ts";
import { watchedGlobs } from "../linkage/facts/file-kinds.ts";
import { PROJECT_FILE } from "../session/project-settings.ts";
import { messageText } from "../text/printable.ts";
import { VERSION } from "../version.ts";
import { FIX_ALL_KIND } from "./code-actions.ts";
import { type Channel, connect } from "./connect.ts";
import { pathBelow, pathOfUri } from "./convert.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { type Folder, openFolder } from "./folder.ts";
import { type IncludeRequests, serveIncludes } from "./include-requests.ts";
import { findLazyLenses, type LazyLensContext, resolveLens } from "./lazy-lenses.ts";
import { gatherLinkage } from "./linkage-view.ts";
import { serveMemory } from "./memory-requests.ts";
import {
  checkWorkspaceMethod,
  EXPLAIN_REFUSAL,
  type ExpandParams,
  expandMethod,
  type InitializationOptions,
  type LinkageParams,
  type LinkageResult,
  linkageMethod,
  RESUME_INDEXING,
  STOP_INDEXING,
} from "./messages.ts";
import { type NameRequests, serveNames } from "./name-requests.ts";
import { openDocuments } from "./open-document.ts";
import { agreeOnEncoding } from "./position-encoding.ts";
import { type PullDiagnostics, serveDiagnostics } from "./pull-diagnostics.ts";
import { type ScriptRequests, serveScripts } from "./script-requests.ts";
import { defaultSettings, readSettings, type Settings } from "./settings.ts";

/** Serves one client until it disconnects. Without a channel, the arguments of the process say how to connect. */
export function startServer(channel?: Channel): Promise<void> {
  const connection = connect(channel);
  new LanguageServer(connection).listen();
  return new Promise((resolve) => {
    connection.onExit(() => resolve());
    // A client that dies closes our input without a word.
    if (channel?.kind !== "bytes") return;
    channel.input.on("close", () => resolve());
    channel.input.on("end", () => resolve());
  });
}

/** The state of one connection: what the client can do, its settings and documents, and the folders that are open for it. */
class LanguageServer {
  readonly #connection: Connection;
  readonly #documents = new TextDocuments(openDocuments);
  readonly #folders = new Map<string, Folder>();
  #capabilities: ClientCapabilities = {};
  #settings: Settings = defaultSettings;
  #toldRefused: ReadonlySet<string> = new Set();
  #isOnlyCServer = false;
  #canShowPlaces = false;
  #missingFiles: string | undefined;
  #initialRoots: string[] = [];
  #tellOpened = (): void => {};
  /** Resolves once the folders that the client has named are open. What is asked before waits for that: it is asked but once. */
  readonly #opened: Promise<void>;
  readonly #lenses: LazyLensContext;
  readonly #scripts: ScriptRequests;
  readonly #pulled: PullDiagnostics;
  readonly #includes: IncludeRequests;
  readonly #names: NameRequests;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#opened = new Promise<void>((resolve) => {
      this.#tellOpened = resolve;
    });
    this.#lenses = {
      folderOf: (uri) => this.#openedFolderOf(uri),
      settings: () => this.#settings.codeLens,
      canShowPlaces: () => this.#canShowPlaces,
    };
    this.#scripts = serveScripts({
      connection,
      folderOf: (uri) => this.#openedFolderOf(uri),
      capabilities: () => this.#capabilities,
      settings: () => this.#settings,
      imagesOf: (session) => [...this.#folders.values()].find((folder) => folder.session === session)?.images,
    });
    serveMemory({
      connection,
      folders: async () => {
        await this.#opened;
        return [...this.#folders.values()];
      },
    });
    this.#pulled = serveDiagnostics({
      connection,
      capabilities: () => this.#capabilities,
      folderOf: (uri) => this.#openedFolderOf(uri),
      folders: () => this.#openedFolders(),
    });
    this.#includes = serveIncludes({ folderOf: (uri) => this.#openedFolderOf(uri), settings: () => this.#settings });
    this.#names = serveNames({
      connection,
      folderOf: (uri) => this.#openedFolderOf(uri),
      capabilities: () => this.#capabilities,
      versionOf: (uri) => this.#documents.get(uri)?.version ?? null,
    });
  }

  /** Answers from here on. */
  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#initialized());
    connection.onShutdown(async () => {
      for (const root of [...this.#folders.keys()]) await this.#closeRoot(root);
    });
    this.#followChanges();
    this.#answerQuestions();
    this.#answerOwnMessages();
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize(params: InitializeParams): InitializeResult {
    this.#capabilities = params.capabilities;
    const told = params.initializationOptions as InitializationOptions | null | undefined;
    this.#isOnlyCServer = told?.isOnlyCServer === true;
    this.#canShowPlaces = told?.showsPlaces === true;
    this.#missingFiles = typeof told?.missingFiles === "string" ? told.missingFiles : undefined;
    this.#settings = readSettings(params.initializationOptions, this.#isOnlyCServer);
    const diagnosticProvider = this.#pulled.provider(told?.checksWorkspaceByCommand !== true);
    const uris = params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri ? [params.rootUri] : []);
    this.#initialRoots = uris.flatMap((uri) => pathOfUri(uri) ?? []);
    return {
      serverInfo: { name: "weakspot", version: VERSION },
      capabilities: {
        positionEncoding: agreeOnEncoding(this.#capabilities),
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
        hoverProvider: true,
        definitionProvider: true,
        declarationProvider: true,
        implementationProvider: true,
        referencesProvider: true,
        renameProvider: this.#names.renameProvider(),
        codeLensProvider: { resolveProvider: true },
        workspaceSymbolProvider: true,
        documentSymbolProvider: true,
        documentHighlightProvider: true,
        executeCommandProvider: { commands: [EXPLAIN_REFUSAL, STOP_INDEXING, RESUME_INDEXING] },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND] },
        ...this.#scripts.capabilities(),
        ...(diagnosticProvider === undefined ? {} : { diagnosticProvider }),
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  }

  async #initialized(): Promise<void> {
    const connection = this.#connection;
    try {
      await this.#register();
      await this.#pullSettings();
      this.#tellRefused();
      this.#openInitialFolders();
    } finally {
      this.#tellOpened();
    }
    if (this.#capabilities.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
        for (const { uri } of removed) {
          const root = pathOfUri(uri);
          if (root !== undefined) await this.#closeRoot(root);
        }
        for (const { uri } of added) {
          const root = pathOfUri(uri);
          if (root !== undefined) this.#openRoot(root);
        }
        for (const document of this.#documents.all()) this.#folderOf(document.uri)?.documentOpened(document);
        this.#pulled.stale();
      });
    }
  }

  /** Settings, files on disk and open documents change. */
  #followChanges(): void {
    const connection = this.#connection;
    connection.onDidChangeConfiguration((params) => this.#settingsChanged(params));
    connection.onDidChangeWatchedFiles(async ({ changes }) => {
      for (const folder of [...this.#folders.values()]) {
        const paths = changes.flatMap(({ uri }) => {
          const file = pathOfUri(uri);
          const path = file === undefined ? undefined : pathBelow(folder.root, file);
          return path === undefined ? [] : [path];
        });
        // What is left out, and with it the index, may be another.
        if (paths.includes(PROJECT_FILE)) await this.#reopen(folder.root);
        else if (paths.length > 0) folder.filesChanged(paths);
      }
    });
    this.#documents.onDidOpen(({ document }) => {
      if (this.#folders.size === 0 && this.#initialRoots.length === 0) this.#openAround(document.uri);
      this.#folderOf(document.uri)?.documentOpened(document);
    });
    this.#documents.onDidChangeContent(({ document }) => this.#folderOf(document.uri)?.documentChanged(document));
    this.#documents.onDidClose(({ document }) => this.#folderOf(document.uri)?.documentClosed(document));
  }

  async #settingsChanged(params: DidChangeConfigurationParams): Promise<void> {
    const connection = this.#connection;
    const before = this.#settings;
    if (this.#capabilities.workspace?.configuration) await this.#pullSettings();
    else
      this.#settings = readSettings(
        (params.settings as { weakspot?: unknown } | undefined)?.weakspot,
        this.#isOnlyCServer,
      );
    this.#tellRefused();
    if (JSON.stringify(before.exclude) !== JSON.stringify(this.#settings.exclude)) {
      for (const root of [...this.#folders.keys()]) await this.#reopen(root);
      return;
    }
    for (const folder of this.#folders.values()) folder.settingsChanged(this.#settings);
    if (before.inlayHints !== this.#settings.inlayHints && this.#capabilities.workspace?.inlayHint?.refreshSupport) {
      connection.languages.inlayHint.refresh();
    }
    if (
      JSON.stringify(before.codeLens) !== JSON.stringify(this.#settings.codeLens) &&
      this.#capabilities.workspace?.codeLens?.refreshSupport
    ) {
      await connection.sendRequest(CodeLensRefreshRequest.type);
    }
  }

  /** What editors ask of any language server about a place, a document or the workspace. */
  #answerQuestions(): void {
    const connection = this.#connection;
    connection.onHover(
      async (params) =>
        (await this.#includes.hover(params)) ??
        (await this.#scripts.hover(params)) ??
        (await (await this.#openedFolderOf(params.textDocument.uri))?.names.hover(params)) ??
        null,
    );
    connection.onCodeAction(async (params, token) => {
      const fixes = await (await this.#openedFolderOf(params.textDocument.uri))?.codeActions(params, token);
      const others = await this.#scripts.codeActions(params);
      return others.length === 0 ? (fixes ?? null) : [...(fixes ?? []), ...others];
    });
    connection.onExecuteCommand(async ({ command, arguments: told }) => {
      if (command === EXPLAIN_REFUSAL) await explainRefusal(connection, told?.[0], this.#capabilities);
      if (command === STOP_INDEXING) for (const folder of await this.#openedFolders()) folder.stopIndexing();
      if (command === RESUME_INDEXING) for (const folder of await this.#openedFolders()) folder.resumeIndexing();
    });
    connection.onCodeLens(async (params) => {
      const ready = await (await this.#openedFolderOf(params.textDocument.uri))?.codeLenses(params);
      const all = [...(ready ?? []), ...(await findLazyLenses(params, this.#lenses))];
      return all.length === 0 ? null : all;
    });
    connection.onCodeLensResolve((lens) => resolveLens(lens, this.#lenses));
    connection.onDocumentSymbol(
      async (params) =>
        (await this.#scripts.documentSymbols(params.textDocument)) ??
        (await (await this.#openedFolderOf(params.textDocument.uri))?.documentSymbols(params)) ??
        null,
    );
    connection.onWorkspaceSymbol(async ({ query }, _token, _progress, partial) => {
      const found = (await this.#openedFolders()).map(async (folder) =>
        inParts(await folder.workspaceSymbols(query), partial),
      );
      return (await Promise.all(found)).flat();
    });
    this.#answerNavigation();
  }

  /** Where a name is declared, defined and used. */
  #answerNavigation(): void {
    const connection = this.#connection;
    connection.onDefinition(
      async (params) =>
        (await this.#includes.definition(params)) ??
        (await this.#names.definition(params)) ??
        (await (await this.#openedFolderOf(params.textDocument.uri))?.names.definition(params)) ??
        null,
    );
    connection.onDeclaration(
      async (params) =>
        (await this.#names.definition(params)) ??
        (await (await this.#openedFolderOf(params.textDocument.uri))?.names.declaration(params)) ??
        null,
    );
    connection.onReferences(
      async (params, token, _progress, partial) =>
        inParts(await this.#names.references(params), partial) ??
        (await (
          await this.#openedFolderOf(params.textDocument.uri)
        )?.names.references(params, token, partial && ((part) => partial.report(part)))) ??
        null,
    );
    connection.onDocumentHighlight(
      async (params) =>
        (await this.#scripts.highlight(params)) ??
        (await (await this.#openedFolderOf(params.textDocument.uri))?.names.highlight(params)) ??
        null,
    );
    connection.onImplementation(
      async (params) => (await this.#openedFolderOf(params.textDocument.uri))?.names.implementation(params) ?? null,
    );
  }

  /** What only clients ask that know this server (messages.ts). */
  #answerOwnMessages(): void {
    const connection = this.#connection;
    connection.onRequest(checkWorkspaceMethod, async (_params, token) => {
      await this.#opened;
      let findings = 0;
      let files = 0;
      // Who wants all of it checked wants all of it read.
      for (const folder of this.#folders.values()) folder.resumeIndexing();
      for (const folder of this.#folders.values()) {
        const counts = await folder.diagnostics.publishAll(token);
        findings += counts.findings;
        files += counts.files;
      }
      return { findings, files };
    });
    connection.onRequest(expandMethod, async ({ textDocument }: ExpandParams) => {
      return (await this.#openedFolderOf(textDocument.uri))?.expand(textDocument.uri) ?? null;
    });
    connection.onRequest(linkageMethod, async ({ uri }: LinkageParams, token): Promise<LinkageResult> => {
      await this.#opened;
      const one = uri === undefined ? undefined : this.#folderOf(uri);
      const all = uri === undefined ? [...this.#folders.values()] : one === undefined ? [] : [one];
      const items = await Promise.all(all.map(({ session }) => gatherLinkage(session, uri, token)));
      return { items: items.flat(), isComplete: all.every(({ session }) => session.workspace.index.isComplete) };
    });
  }

  #openRoot(root: string): Folder | undefined {
    const known = this.#folders.get(root);
    if (known !== undefined) return known;
    try {
      const folder = openFolder(root, {
        connection: this.#connection,
        documents: this.#documents,
        capabilities: this.#capabilities,
        settings: this.#settings,
        missingFiles: this.#missingFiles,
        onStale: this.#pulled.stale,
      });
      this.#folders.set(root, folder);
      return folder;
    } catch (error) {
      this.#connection.console.error(
        `${root} can't be opened: ${error instanceof Error ? error.message : String(error)}`,
      );
      return undefined;
    }
  }

  async #closeRoot(root: string): Promise<void> {
    const folder = this.#folders.get(root);
    this.#folders.delete(root);
    await folder?.close();
  }

  /** Reads a folder anew, with what is open in it. */
  async #reopen(root: string): Promise<void> {
    await this.#closeRoot(root);
    const folder = this.#openRoot(root);
    for (const document of this.#documents.all()) {
      if (this.#folderOf(document.uri) === folder) folder?.documentOpened(document);
    }
  }

  /** The innermost folder that holds the document. A file outside of every folder has none: nothing is read for it. */
  #folderOf(uri: string): Folder | undefined {
    const file = pathOfUri(uri);
    if (file === undefined) return undefined;
    const holding = [...this.#folders.values()].filter((folder) => pathBelow(folder.root, file) !== undefined);
    return holding.sort((a, b) => b.root.length - a.root.length)[0];
  }

  async #openedFolderOf(uri: string): Promise<Folder | undefined> {
    await this.#opened;
    return this.#folderOf(uri);
  }

  async #openedFolders(): Promise<readonly Folder[]> {
    await this.#opened;
    return [...this.#folders.values()];
  }

  #openInitialFolders(): void {
    for (const root of this.#initialRoots) this.#openRoot(root);
    // An editor without a folder, such as Vim in some directory: the tree around the first file is what it works on.
    if (this.#initialRoots.length === 0) for (const document of this.#documents.all()) this.#openAround(document.uri);
    for (const document of this.#documents.all()) this.#folderOf(document.uri)?.documentOpened(document);
  }

  /** Shows a warning. Nothing is asked, so it is no request, which a client may not know. */
  #warn(message: string): void {
    void this.#connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
  }

  /** Says once what is not taken of the settings. */
  #tellRefused(): void {
    for (const sentence of this.#settings.refused) {
      if (!this.#toldRefused.has(sentence)) this.#warn(messageText(`Weakspot: ${sentence}`));
    }
    this.#toldRefused = new Set(this.#settings.refused);
  }

  /** Asks for news of settings and files. A client may refuse what it said it can; then there is no such news. */
  async #register(): Promise<void> {
    try {
      if (this.#capabilities.workspace?.didChangeConfiguration?.dynamicRegistration) {
        await this.#connection.client.register(DidChangeConfigurationNotification.type, { section: "weakspot" });
      }
      if (this.#capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
        const watchers = watchedGlobs().map((globPattern) => ({ globPattern }));
        await this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
      }
      await this.#scripts.register();
    } catch (error) {
      this.#connection.console.warn(`The client refused: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #openAround(uri: string): void {
    const file = pathOfUri(uri);
    if (file === undefined) return;
    try {
      this.#openRoot(findRoot(file));
    } catch {
      // The buffer has no file yet, so there is no tree around it.
    }
  }

  async #pullSettings(): Promise<void> {
    if (!this.#capabilities.workspace?.configuration) return;
    try {
      this.#settings = readSettings(await this.#connection.workspace.getConfiguration("weakspot"), this.#isOnlyCServer);
    } catch (error) {
      this.#connection.console.warn(`No settings: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Reports the answer as a part where the client takes parts: what is left to answer is nothing then. */
function inParts<T extends readonly unknown[] | undefined>(
  answer: T,
  partial: { report(part: T): void } | undefined,
): T | [] {
  if (answer === undefined || partial === undefined) return answer;
  partial.report(answer);
  return [];
}
