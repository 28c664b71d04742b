/**
 * One workspace folder: its session, the diagnostics of its open documents, and the requests on them. Requests are answered
 * from what is known when they come; while the tree is being indexed, answers say that more may come.
 */

import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type {
  CancellationToken,
  ClientCapabilities,
  CodeAction,
  CodeActionParams,
  CodeLens,
  CodeLensParams,
  Connection,
  DocumentSymbol,
  DocumentSymbolParams,
  SymbolInformation,
  TextDocuments,
} from "vscode-languageserver/node";
import { listSymbols } from "../features/outline.ts";
import { summarizeTree } from "../features/tree-summary.ts";
import { defaultHistoryFolder } from "../host/image-history.ts";
import { defaultCacheFolder } from "../host/index-cache.ts";
import { openFates } from "../session/fates.ts";
import { type Images, openImages } from "../session/images.ts";
import { NO_PROJECT } from "../session/project-settings.ts";
import { openSession, type Session } from "../session/session.ts";
import { printable } from "../text/printable.ts";
import type { Source } from "../text/source.ts";
import { findActions } from "./code-actions.ts";
import { pathBelow, pathOfUri, toRange, uriOfPath } from "./convert.ts";
import { createDocumentExpander } from "./document-expander.ts";
import { createFolderDiagnostics, type FolderDiagnostics } from "./folder-diagnostics.ts";
import { type FolderNames, serveFolderNames } from "./folder-names.ts";
import { openFolderObjects } from "./folder-objects.ts";
import { openFolderWatcher } from "./folder-watcher.ts";
import { type ExpandResult, memoryChangedMethod, type StatusParams, statusMethod } from "./messages.ts";
import type { OpenDocument } from "./open-document.ts";
import { publishProject } from "./project-diagnostics.ts";
import { pullsDiagnostics } from "./pull-diagnostics.ts";
import { createReporter, describeIndexed } from "./reporter.ts";
import { createSettingProblems } from "./setting-problems.ts";
import type { Settings } from "./settings.ts";
import { symbolKindOf } from "./symbol-kinds.ts";

export interface FolderContext {
  readonly connection: Connection;
  readonly documents: TextDocuments<OpenDocument>;
  readonly capabilities: ClientCapabilities;
  readonly settings: Settings;
  /** What is known to be missing of the tree, in words. */
  readonly missingFiles: string | undefined;
  /** Findings may be others than they were. */
  onStale(): void;
}

export interface Folder extends FolderNames {
  /** Absolute path of the folder. */
  readonly root: string;
  readonly session: Session;
  /** The linked images of the tree. */
  readonly images: Images;
  readonly diagnostics: FolderDiagnostics;
  /** Reads no more of the tree until told to go on. Does nothing once the tree was read. */
  stopIndexing(): void;
  resumeIndexing(): void;
  documentOpened(document: OpenDocument): void;
  documentChanged(document: OpenDocument): void;
  documentClosed(document: OpenDocument): void;
  /** Paths below the root that changed, came or went on disk. */
  filesChanged(paths: readonly string[]): void;
  settingsChanged(settings: Settings): void;
  codeActions(params: CodeActionParams, token: CancellationToken): Promise<CodeAction[] | null>;
  codeLenses(params: CodeLensParams): Promise<CodeLens[] | null>;
  documentSymbols(params: DocumentSymbolParams): Promise<DocumentSymbol[] | null>;
  workspaceSymbols(query: string): Promise<SymbolInformation[]>;
  /** The document after preprocessing. */
  expand(uri: string): ExpandResult | null;
  close(): Promise<void>;
}

/** How often open documents are checked again while the index grows. */
const RECHECK_MILLISECONDS = 500;

/** Who has not typed or asked for this long is not in the middle of something. */
const PAUSE_MILLISECONDS = 100;

const WORKSPACE_SYMBOLS = 200;

/** Opens a folder and starts to index it. Throws when it is not there. */
export function openFolder(root: string, context: FolderContext): Folder {
  const { connection, documents, capabilities, settings, missingFiles, onStale } = context;
  let current = settings;
  let recheckTimer: NodeJS.Timeout | undefined;
  let lastChange = Number.NEGATIVE_INFINITY;
  let lastRequest = Number.NEGATIVE_INFINITY;
  let isClosed = false;
  let reporter = createReporter(connection, capabilities, stopIndexing);
  let isStopped = false;

  const opened = performance.now();
  const wrong = createSettingProblems(connection);
  const session: Session = openSession(root, {
    exclude: settings.exclude,
    isPartial: missingFiles !== undefined,
    cacheFolder: defaultCacheFolder(),
    fallbackForm: () => current.fallbackForm,
    architecture: () => current.kernelArch,
    configuration: () => current.kernelConfig,
    linkUnits: () => current.linkUnits,
    watchesConfiguration: true,
    first: openPaths(),
    isBackground: true,
    turn: pause,
    severityOf: (rule) => current.rules.get(rule.id),
    onFailure: (rule, path, error) => {
      connection.console.error(`the rule ${rule.id} failed on ${printable(path)}: ${describeError(error)}`);
    },
    onProblem: ({ path, reason }) => {
      connection.console.warn(printable(`${path}: ${reason}`));
      if (current.kernelConfig !== undefined && reason.includes("configuration"))
        wrong.tell("weakspot.kernel.config", `${current.kernelConfig}: ${reason}`);
    },
    onProgress: ({ done, total }) => reporter.update(done, total),
    onChange: recheckSoon,
  });
  const realRoot = session.workspace.root;
  const built = openFolderObjects({
    connection,
    capabilities,
    session,
    settings: () => current,
    onWrongSetting: wrong.tell,
  });
  const images = openImages(session, {
    named: () => current.image,
    built: built.images,
    historyFolder: defaultHistoryFolder(),
    onChange: imageChanged,
  });
  const fates = openFates(session, images);
  const diagnostics = createFolderDiagnostics({
    connection,
    documents,
    session,
    isPulled: pullsDiagnostics(capabilities),
    pathOf,
    showsInactiveCode: () => current.inactiveCode,
    onStale,
    onFailure: (path, error) =>
      connection.console.error(`${printable(path)} can't be checked: ${describeError(error)}`),
  });
  /** The open documents' texts, by path. */
  const sources = new Map<string, Source>();
  const expander = createDocumentExpander(realRoot, (path) => sources.get(path), session.project.settings);
  publishProject(connection, realRoot, session.project);
  session.workspace.ready.then(indexed, (error) => {
    if (isClosed) return;
    reporter.end();
    tellStatus({ state: "error", message: `${root} can't be indexed: ${describeError(error)}` });
  });

  const watcher = openFolderWatcher({
    capabilities,
    workspace: session.workspace,
    onChange: filesChanged,
    onProblem: (reason) => connection.console.warn(printable(reason)),
  });

  /** The view "Memory" and the hints behind regions are of the past. */
  function imageChanged(): void {
    fates.changed();
    void connection.sendNotification(memoryChangedMethod);
    refreshHints();
  }

  function refreshHints(): void {
    const canRefresh = capabilities.workspace?.inlayHint?.refreshSupport === true;
    if (current.inlayHints && canRefresh) connection.languages.inlayHint.refresh();
  }

  let isPrepared = false;
  let toldProblems = "";
  let lastStatus = "";

  function openPaths(): string[] {
    return documents.all().flatMap((document) => pathOf(document.uri) ?? []);
  }

  function pathOf(uri: string): string | undefined {
    const file = pathOfUri(uri);
    return file === undefined ? undefined : pathBelow(root, file);
  }

  function tellStatus(status: StatusParams): void {
    const text = JSON.stringify(status);
    if (text === lastStatus) return;
    lastStatus = text;
    void connection.sendNotification(statusMethod, status);
  }

  function stopIndexing(): void {
    const { index } = session.workspace;
    if (isStopped || isClosed || index.isComplete) return;
    isStopped = true;
    session.workspace.pause();
    reporter.end();
    const { files } = session.workspace.statistics();
    connection.console.info(printable(`${root}: indexing was stopped after ${files.toLocaleString("en")} files`));
    tellStatus({
      state: "stopped",
      message: "Indexing was stopped: what is linked is not known, links are open.",
      files,
    });
  }

  function resumeIndexing(): void {
    if (!isStopped || isClosed) return;
    isStopped = false;
    lastStatus = "";
    reporter = createReporter(connection, capabilities, stopIndexing);
    session.workspace.proceed();
  }

  function indexed(): void {
    reporter.end();
    connection.console.info(describeIndexed(root, session.workspace.statistics(), performance.now() - opened));
    const { files, symbols } = session.workspace.statistics();
    if (missingFiles === undefined) tellStatus({ state: "ready", files, symbols });
    else tellStatus({ state: "incomplete", message: missingFiles, files, symbols });
    built.start();
    recheckSoon();
    watcher.follow();
    prepare();
  }

  function filesChanged(paths: readonly string[]): void {
    session.forget(paths);
    expander.forget(paths);
    session.workspace.refresh(paths).then(watcher.follow, (error) => {
      if (!isClosed) connection.console.error(`changed files can't be read: ${describeError(error)}`);
    });
  }

  /** Follows the build files now, so that no hover waits for them. It costs nothing where that was done before. */
  function prepare(): void {
    session
      .prepare()
      .then(tellPrepared)
      .catch((error) => {
        if (!isClosed) connection.console.error(`the build files can't be read: ${describeError(error)}`);
      });
  }

  async function tellPrepared(): Promise<void> {
    await tellProblems();
    if (isClosed || isPrepared) return;
    isPrepared = true;
    // Which image a script's link makes was not known before.
    refreshHints();
  }

  /** Says once that Makefiles were not understood: answers are not complete, and the user may want to know where. */
  async function tellProblems(): Promise<void> {
    if (isClosed) return;
    const { problems, tree } = await session.ask((program) => ({
      problems: program.links.problems(),
      tree: summarizeTree(program),
    }));
    if (isClosed) return;
    wrong.checkArchitecture(current, tree.architectures);
    const missing = missingFiles === undefined ? [] : [missingFiles];
    const said = [...missing, ...problems.map(({ path, line, message }) => `${path}:${line}: ${message}`)];
    const isNew = said.join("\n") !== toldProblems;
    toldProblems = said.join("\n");
    for (const problem of isNew ? said : []) connection.console.warn(printable(problem));
    const { files, symbols } = session.workspace.statistics();
    if (said.length > 0) tellStatus({ state: "incomplete", message: said[0]!, files, symbols, tree });
    else tellStatus({ state: "ready", files, symbols, tree });
  }

  /** Waits for others to get their turn, and while somebody types or asks for an end of that. */
  async function pause(): Promise<void> {
    await nextTurn();
    while (!isClosed && performance.now() - Math.max(lastChange, lastRequest) < PAUSE_MILLISECONDS) {
      await delay(PAUSE_MILLISECONDS, undefined, { ref: false });
    }
  }

  /** Checks the open documents again, not more often than people can follow, and not while somebody types. */
  function recheckSoon(): void {
    if (isClosed || recheckTimer !== undefined) return;
    recheckTimer = setTimeout(() => {
      recheckTimer = undefined;
      if (performance.now() - lastChange < RECHECK_MILLISECONDS) {
        recheckSoon();
        return;
      }
      diagnostics.recheck();
      if (session.workspace.index.isComplete) prepare();
    }, RECHECK_MILLISECONDS);
  }

  function takeDocument(document: OpenDocument): void {
    const path = pathOf(document.uri);
    if (path === undefined) return;
    lastChange = performance.now();
    sources.set(path, document.source);
    session.setOverlay(path, document.source);
    diagnostics.documentChanged(document.uri);
  }

  const names = serveFolderNames({
    session,
    capabilities,
    built,
    fatesOf: fates.of,
    navigation: () => current.navigation,
    sourceAt: async ({ textDocument }) => {
      lastRequest = performance.now();
      const path = pathOf(textDocument.uri);
      const source = path === undefined ? undefined : await session.workspace.readSource(path);
      return path === undefined || source === undefined ? undefined : { path, source };
    },
  });

  return {
    ...names,
    root,
    session,
    images,
    diagnostics,
    stopIndexing,
    resumeIndexing,
    documentOpened: takeDocument,
    documentChanged: takeDocument,
    documentClosed(document) {
      const path = pathOf(document.uri);
      if (path === undefined) return;
      sources.delete(path);
      session.setOverlay(path, undefined);
      diagnostics.documentClosed(document.uri);
    },
    filesChanged,
    settingsChanged(next) {
      const before = current;
      current = next;
      session.forget([]);
      void session.reconfigure();
      built.settingsChanged(before, next);
      recheckSoon();
    },
    async codeActions(params, token) {
      lastRequest = performance.now();
      const path = pathOf(params.textDocument.uri);
      if (path === undefined || token.isCancellationRequested) return null;
      return findActions(path, params, {
        session,
        capabilities,
        versionOf: (uri) => documents.get(uri)?.version ?? null,
      });
    },
    codeLenses: async ({ textDocument }) => {
      const path = pathOf(textDocument.uri);
      return path === undefined ? null : built.lenses(path);
    },
    async documentSymbols({ textDocument }) {
      const path = pathOf(textDocument.uri);
      const source = path === undefined ? undefined : await session.workspace.readSource(path);
      if (path === undefined || source === undefined) return null;
      return listSymbols(path, source).map((symbol) => ({
        name: symbol.name,
        detail: symbol.detail,
        kind: symbolKindOf(symbol.kind),
        range: toRange(source, symbol.span),
        selectionRange: toRange(source, symbol.span),
      }));
    },
    async workspaceSymbols(query) {
      const { index } = session.workspace;
      const mentions = index
        .symbolNames(query, WORKSPACE_SYMBOLS)
        .flatMap((name) => {
          const all = index.mentions(name);
          const definitions = all.filter(({ fact }) => fact.role !== "declaration");
          return definitions.length > 0 ? definitions : all.slice(0, 1);
        })
        .slice(0, WORKSPACE_SYMBOLS);
      const sources = await session.workspace.readSources(mentions.map((mention) => mention.path));
      return mentions.flatMap(({ path, fact }) => {
        const source = sources.get(path);
        if (source === undefined) return [];
        const location = { uri: uriOfPath(realRoot, path), range: toRange(source, fact) };
        return [{ name: fact.name, kind: symbolKindOf(fact.kind), location, containerName: path }];
      });
    },
    expand(uri) {
      const path = pathOf(uri);
      return path === undefined ? null : expander.expand(path, current);
    },
    async close() {
      isClosed = true;
      diagnostics.close();
      publishProject(connection, realRoot, NO_PROJECT);
      clearTimeout(recheckTimer);
      watcher.close();
      reporter.end();
      images.dispose();
      await built.dispose();
      await session.dispose();
    },
  };
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
