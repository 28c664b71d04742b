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
  DidChangeWatchedFilesNotification,
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
import { serveIncludes } from "./include-requests.ts";
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
import { serveNames } from "./name-requests.ts";
import { openDocuments } from "./open-document.ts";
import { agreeOnEncoding } from "./position-encoding.ts";
import { serveDiagnostics } from "./pull-diagnostics.ts";
import { serveScripts } from "./script-requests.ts";
import { defaultSettings, readSettings, type Settings } from "./settings.ts";

/** Serves one client until it disconnects. Without a channel, the arguments of the process say how to connect. */
export function startServer(channel?: Channel): Promise<void> {
  return serve(connect(channel), channel);
}

function serve(connection: Connection, channel: Channel | undefined): Promise<void> {
  const documents = new TextDocuments(openDocuments);
  const folders = new Map<string, Folder>();
  let capabilities: ClientCapabilities = {};
  let settings: Settings = defaultSettings;
  let toldRefused: ReadonlySet<string> = new Set();
  let isOnlyCServer = false;
  let canShowPlaces = false;
  let missingFiles: string | undefined;
  let initialRoots: string[] = [];
  let tellOpened = (): void => {};
  /** Resolves once the folders that the client has named are open. What is asked before waits for that: it is asked but once. */
  const opened = new Promise<void>((resolve) => {
    tellOpened = resolve;
  });
  const lenses: LazyLensContext = {
    folderOf: openedFolderOf,
    settings: () => settings.codeLens,
    canShowPlaces: () => canShowPlaces,
  };
  const scripts = serveScripts({
    connection,
    folderOf: openedFolderOf,
    capabilities: () => capabilities,
    settings: () => settings,
    imagesOf: (session) => [...folders.values()].find((folder) => folder.session === session)?.images,
  });
  serveMemory({
    connection,
    async folders() {
      await opened;
      return [...folders.values()];
    },
  });

  const pulled = serveDiagnostics({
    connection,
    capabilities: () => capabilities,
    folderOf: openedFolderOf,
    folders: openedFolders,
  });
  const includes = serveIncludes({ folderOf: openedFolderOf, settings: () => settings });

  function openRoot(root: string): Folder | undefined {
    const known = folders.get(root);
    if (known !== undefined) return known;
    try {
      const folder = openFolder(root, {
        connection,
        documents,
        capabilities,
        settings,
        missingFiles,
        onStale: pulled.stale,
      });
      folders.set(root, folder);
      return folder;
    } catch (error) {
      connection.console.error(`${root} can't be opened: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  async function closeRoot(root: string): Promise<void> {
    const folder = folders.get(root);
    folders.delete(root);
    await folder?.close();
  }

  /** Reads a folder anew, with what is open in it. */
  async function reopen(root: string): Promise<void> {
    await closeRoot(root);
    const folder = openRoot(root);
    for (const document of documents.all()) {
      if (folderOf(document.uri) === folder) folder?.documentOpened(document);
    }
  }

  /** The innermost folder that holds the document. A file outside of every folder has none: nothing is read for it. */
  function folderOf(uri: string): Folder | undefined {
    const file = pathOfUri(uri);
    if (file === undefined) return undefined;
    const holding = [...folders.values()].filter((folder) => pathBelow(folder.root, file) !== undefined);
    return holding.sort((a, b) => b.root.length - a.root.length)[0];
  }

  async function openedFolderOf(uri: string): Promise<Folder | undefined> {
    await opened;
    return folderOf(uri);
  }

  async function openedFolders(): Promise<readonly Folder[]> {
    await opened;
    return [...folders.values()];
  }

  const names = serveNames({
    connection,
    folderOf: openedFolderOf,
    capabilities: () => capabilities,
    versionOf: (uri) => documents.get(uri)?.version ?? null,
  });

  connection.onInitialize((params): InitializeResult => {
    capabilities = params.capabilities;
    const told = params.initializationOptions as InitializationOptions | null | undefined;
    isOnlyCServer = told?.isOnlyCServer === true;
    canShowPlaces = told?.showsPlaces === true;
    missingFiles = typeof told?.missingFiles === "string" ? told.missingFiles : undefined;
    settings = readSettings(params.initializationOptions, isOnlyCServer);
    const diagnosticProvider = pulled.provider(told?.checksWorkspaceByCommand !== true);
    const uris = params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri ? [params.rootUri] : []);
    initialRoots = uris.flatMap((uri) => pathOfUri(uri) ?? []);
    return {
      serverInfo: { name: "weakspot", version: VERSION },
      capabilities: {
        positionEncoding: agreeOnEncoding(capabilities),
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
        hoverProvider: true,
        definitionProvider: true,
        declarationProvider: true,
        implementationProvider: true,
        referencesProvider: true,
        documentHighlightProvider: true,
        renameProvider: names.renameProvider(),
        codeLensProvider: { resolveProvider: true },
        workspaceSymbolProvider: true,
        documentSymbolProvider: true,
        executeCommandProvider: { commands: [EXPLAIN_REFUSAL, STOP_INDEXING, RESUME_INDEXING] },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND] },
        ...scripts.capabilities(),
        ...(diagnosticProvider === undefined ? {} : { diagnosticProvider }),
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });

  connection.onInitialized(async () => {
    try {
      await register();
      await pullSettings();
      tellRefused();
      openInitialFolders();
    } finally {
      tellOpened();
    }
    if (capabilities.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
        for (const { uri } of removed) {
          const root = pathOfUri(uri);
          if (root !== undefined) await closeRoot(root);
        }
        for (const { uri } of added) {
          const root = pathOfUri(uri);
          if (root !== undefined) openRoot(root);
        }
        for (const document of documents.all()) folderOf(document.uri)?.documentOpened(document);
        pulled.stale();
      });
    }
  });

  function openInitialFolders(): void {
    for (const root of initialRoots) openRoot(root);
    // An editor without a folder, such as Vim in some directory: the tree around the first file is what it works on.
    if (initialRoots.length === 0) for (const document of documents.all()) openAround(document.uri);
    for (const document of documents.all()) folderOf(document.uri)?.documentOpened(document);
  }

  /** Shows a warning. Nothing is asked, so it is no request, which a client may not know. */
  function warn(message: string): void {
    void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
  }

  /** Says once what is not taken of the settings. */
  function tellRefused(): void {
    for (const sentence of settings.refused) {
      if (!toldRefused.has(sentence)) warn(messageText(`Weakspot: ${sentence}`));
    }
    toldRefused = new Set(settings.refused);
  }

  /** Asks for news of settings and files. A client may refuse what it said it can; then there is no such news. */
  async function register(): Promise<void> {
    try {
      if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration) {
        await connection.client.register(DidChangeConfigurationNotification.type, { section: "weakspot" });
      }
      if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
        const watchers = watchedGlobs().map((globPattern) => ({ globPattern }));
        await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
      }
      await scripts.register();
    } catch (error) {
      connection.console.warn(`The client refused: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  function openAround(uri: string): void {
    const file = pathOfUri(uri);
    if (file === undefined) return;
    try {
      openRoot(findRoot(file));
    } catch {
      // The buffer has no file yet, so there is no tree around it.
    }
  }

  async function pullSettings(): Promise<void> {
    if (!capabilities.workspace?.configuration) return;
    try {
      settings = readSettings(await connection.workspace.getConfiguration("weakspot"), isOnlyCServer);
    } catch (error) {
      connection.console.warn(`No settings: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  connection.onDidChangeConfiguration(async (params) => {
    const before = settings;
    if (capabilities.workspace?.configuration) await pullSettings();
    else settings = readSettings((params.settings as { weakspot?: unknown } | undefined)?.weakspot, isOnlyCServer);
    tellRefused();
    if (JSON.stringify(before.exclude) !== JSON.stringify(settings.exclude)) {
      for (const root of [...folders.keys()]) await reopen(root);
      return;
    }
    for (const folder of folders.values()) folder.settingsChanged(settings);
    if (before.inlayHints !== settings.inlayHints && capabilities.workspace?.inlayHint?.refreshSupport) {
      connection.languages.inlayHint.refresh();
    }
    if (
      JSON.stringify(before.codeLens) !== JSON.stringify(settings.codeLens) &&
      capabilities.workspace?.codeLens?.refreshSupport
    ) {
      await connection.sendRequest(CodeLensRefreshRequest.type);
    }
  });

  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    for (const folder of [...folders.values()]) {
      const paths = changes.flatMap(({ uri }) => {
        const file = pathOfUri(uri);
        const path = file === undefined ? undefined : pathBelow(folder.root, file);
        return path === undefined ? [] : [path];
      });
      // What is left out, and with it the index, may be another.
      if (paths.includes(PROJECT_FILE)) await reopen(folder.root);
      else if (paths.length > 0) folder.filesChanged(paths);
    }
  });

  documents.onDidOpen(({ document }) => {
    if (folders.size === 0 && initialRoots.length === 0) openAround(document.uri);
    folderOf(document.uri)?.documentOpened(document);
  });
  documents.onDidChangeContent(({ document }) => folderOf(document.uri)?.documentChanged(document));
  documents.onDidClose(({ document }) => folderOf(document.uri)?.documentClosed(document));

  connection.onHover(
    async (params) =>
      (await includes.hover(params)) ??
      (await scripts.hover(params)) ??
      (await (await openedFolderOf(params.textDocument.uri))?.hover(params)) ??
      null,
  );
  connection.onCodeAction(async (params, token) => {
    const fixes = await (await openedFolderOf(params.textDocument.uri))?.codeActions(params, token);
    const others = await scripts.codeActions(params);
    return others.length === 0 ? (fixes ?? null) : [...(fixes ?? []), ...others];
  });
  connection.onExecuteCommand(async ({ command, arguments: told }) => {
    if (command === EXPLAIN_REFUSAL) await explainRefusal(connection, told?.[0], capabilities);
    if (command === STOP_INDEXING) for (const folder of await openedFolders()) folder.stopIndexing();
    if (command === RESUME_INDEXING) for (const folder of await openedFolders()) folder.resumeIndexing();
  });
  connection.onCodeLens(async (params) => {
    const ready = await (await openedFolderOf(params.textDocument.uri))?.codeLenses(params);
    const all = [...(ready ?? []), ...(await findLazyLenses(params, lenses))];
    return all.length === 0 ? null : all;
  });
  connection.onCodeLensResolve((lens) => resolveLens(lens, lenses));
  connection.onDefinition(
    async (params) =>
      (await includes.definition(params)) ??
      (await names.definition(params)) ??
      (await (await openedFolderOf(params.textDocument.uri))?.definition(params)) ??
      null,
  );
  connection.onDocumentHighlight(
    async (params) =>
      (await scripts.highlight(params)) ??
      (await (await openedFolderOf(params.textDocument.uri))?.highlight(params)) ??
      null,
  );
  connection.onDeclaration(
    async (params) =>
      (await names.definition(params)) ??
      (await (await openedFolderOf(params.textDocument.uri))?.declaration(params)) ??
      null,
  );
  connection.onReferences(
    async (params, token, _progress, partial) =>
      inParts(await names.references(params), partial) ??
      (await (
        await openedFolderOf(params.textDocument.uri)
      )?.references(params, token, partial && ((part) => partial.report(part)))) ??
      null,
  );
  connection.onImplementation(
    async (params) => (await openedFolderOf(params.textDocument.uri))?.implementation(params) ?? null,
  );
  connection.onDocumentSymbol(
    async (params) =>
      (await scripts.documentSymbols(params.textDocument)) ??
      (await (await openedFolderOf(params.textDocument.uri))?.documentSymbols(params)) ??
      null,
  );
  connection.onWorkspaceSymbol(async ({ query }, _token, _progress, partial) => {
    const found = (await openedFolders()).map(async (folder) => inParts(await folder.workspaceSymbols(query), partial));
    return (await Promise.all(found)).flat();
  });
  connection.onRequest(checkWorkspaceMethod, async (_params, token) => {
    await opened;
    let findings = 0;
    let files = 0;
    // Who wants all of it checked wants all of it read.
    for (const folder of folders.values()) folder.resumeIndexing();
    for (const folder of folders.values()) {
      const counts = await folder.diagnostics.publishAll(token);
      findings += counts.findings;
      files += counts.files;
    }
    return { findings, files };
  });

  connection.onRequest(expandMethod, async ({ textDocument }: ExpandParams) => {
    return (await openedFolderOf(textDocument.uri))?.expand(textDocument.uri) ?? null;
  });

  connection.onRequest(linkageMethod, async ({ uri }: LinkageParams, token): Promise<LinkageResult> => {
    await opened;
    const one = uri === undefined ? undefined : folderOf(uri);
    const all = uri === undefined ? [...folders.values()] : one === undefined ? [] : [one];
    const items = await Promise.all(all.map(({ session }) => gatherLinkage(session, uri, token)));
    return { items: items.flat(), isComplete: all.every(({ session }) => session.workspace.index.isComplete) };
  });

  connection.onShutdown(async () => {
    for (const root of [...folders.keys()]) await closeRoot(root);
  });

  documents.listen(connection);
  connection.listen();
  return new Promise((resolve) => {
    connection.onExit(() => resolve());
    // A client that dies closes our input without a word.
    if (channel?.kind !== "bytes") return;
    channel.input.on("close", () => resolve());
    channel.input.on("end", () => resolve());
  });
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
