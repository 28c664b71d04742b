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
import type { Fates } from "../session/fates.ts";
import { openFates } from "../session/fates.ts";
import { type Images, openImages } from "../session/images.ts";
import { NO_PROJECT } from "../session/project-settings.ts";
import { openSession, type Session } from "../session/session.ts";
import { printable } from "../text/printable.ts";
import type { Source } from "../text/source.ts";
import { findActions } from "./code-actions.ts";
import { pathBelow, pathOfUri, toRange, uriOfPath } from "./convert.ts";
import type { DocumentExpander } from "./document-expander.ts";
import { createDocumentExpander } from "./document-expander.ts";
import { createFolderDiagnostics, type FolderDiagnostics } from "./folder-diagnostics.ts";
import { type FolderNames, serveFolderNames } from "./folder-names.ts";
import type { FolderObjects } from "./folder-objects.ts";
import { openFolderObjects } from "./folder-objects.ts";
import type { FolderWatcher } from "./folder-watcher.ts";
import { openFolderWatcher } from "./folder-watcher.ts";
import { type ExpandResult, memoryChangedMethod, type StatusParams, statusMethod } from "./messages.ts";
import type { OpenDocument } from "./open-document.ts";
import { publishProject } from "./project-diagnostics.ts";
import { pullsDiagnostics } from "./pull-diagnostics.ts";
import type { Reporter } from "./reporter.ts";
import { createReporter, describeIndexed } from "./reporter.ts";
import type { SettingProblems } from "./setting-problems.ts";
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

export interface Folder {
  /** Answers about the names in its documents. */
  readonly names: FolderNames;
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
  return new ServedFolder(root, context);
}

class ServedFolder implements Folder {
  readonly root: string;
  readonly #connection: Connection;
  readonly #documents: TextDocuments<OpenDocument>;
  readonly #capabilities: ClientCapabilities;
  readonly #missingFiles: string | undefined;
  readonly #onStale: () => void;
  #current: Settings;
  #recheckTimer: NodeJS.Timeout | undefined;
  #lastChange = Number.NEGATIVE_INFINITY;
  #lastRequest = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  #reporter: Reporter;
  #isStopped = false;
  readonly #opened = performance.now();
  readonly #wrong: SettingProblems;
  readonly session: Session;
  readonly #realRoot: string;
  readonly #built: FolderObjects;
  readonly images: Images;
  readonly #fates: Fates;
  readonly diagnostics: FolderDiagnostics;
  /** The open documents' texts, by path. */
  readonly #sources = new Map<string, Source>();
  readonly #expander: DocumentExpander;
  readonly #watcher: FolderWatcher;
  #isPrepared = false;
  #toldProblems = "";
  #lastStatus = "";
  readonly names: FolderNames;

  constructor(root: string, context: FolderContext) {
    this.root = root;
    const { connection, documents, capabilities, settings, missingFiles, onStale } = context;
    this.#connection = connection;
    this.#documents = documents;
    this.#capabilities = capabilities;
    this.#missingFiles = missingFiles;
    this.#onStale = onStale;
    this.#current = settings;
    this.#reporter = createReporter(this.#connection, this.#capabilities, () => this.stopIndexing());
    this.#wrong = createSettingProblems(this.#connection);
    this.session = this.#openSession();
    this.#realRoot = this.session.workspace.root;
    this.#built = openFolderObjects({
      connection: this.#connection,
      capabilities: this.#capabilities,
      session: this.session,
      settings: () => this.#current,
      onWrongSetting: this.#wrong.tell,
    });
    this.images = openImages(this.session, {
      named: () => this.#current.image,
      built: () => this.#built.images(),
      historyFolder: defaultHistoryFolder(),
      onChange: () => this.#imageChanged(),
    });
    this.#fates = openFates(this.session, this.images);
    this.diagnostics = createFolderDiagnostics({
      connection: this.#connection,
      documents: this.#documents,
      session: this.session,
      isPulled: pullsDiagnostics(this.#capabilities),
      pathOf: (uri) => this.#pathOf(uri),
      showsInactiveCode: () => this.#current.inactiveCode,
      onStale: this.#onStale,
      onFailure: (path, error) =>
        this.#connection.console.error(`${printable(path)} can't be checked: ${describeError(error)}`),
    });
    this.#expander = createDocumentExpander(
      this.#realRoot,
      (path) => this.#sources.get(path),
      this.session.project.settings,
    );
    publishProject(this.#connection, this.#realRoot, this.session.project);
    this.session.workspace.ready.then(
      () => this.#indexed(),
      (error) => {
        if (this.#isClosed) return;
        this.#reporter.end();
        this.#tellStatus({ state: "error", message: `${root} can't be indexed: ${describeError(error)}` });
      },
    );
    this.#watcher = openFolderWatcher({
      capabilities: this.#capabilities,
      workspace: this.session.workspace,
      onChange: (paths) => this.filesChanged(paths),
      onProblem: (reason) => this.#connection.console.warn(printable(reason)),
    });
    this.names = serveFolderNames({
      session: this.session,
      capabilities: this.#capabilities,
      built: this.#built,
      fatesOf: this.#fates.of,
      navigation: () => this.#current.navigation,
      sourceAt: async ({ textDocument }) => {
        this.#lastRequest = performance.now();
        const path = this.#pathOf(textDocument.uri);
        const source = path === undefined ? undefined : await this.session.workspace.readSource(path);
        return path === undefined || source === undefined ? undefined : { path, source };
      },
    });
  }

  documentOpened(document: OpenDocument) {
    return this.#takeDocument(document);
  }

  documentChanged(document: OpenDocument) {
    return this.#takeDocument(document);
  }

  documentClosed(document: OpenDocument) {
    const path = this.#pathOf(document.uri);
    if (path === undefined) return;
    this.#sources.delete(path);
    this.session.setOverlay(path, undefined);
    this.diagnostics.documentClosed(document.uri);
  }

  settingsChanged(next: Settings) {
    const before = this.#current;
    this.#current = next;
    this.session.forget([]);
    void this.session.reconfigure();
    this.#built.settingsChanged(before, next);
    this.#recheckSoon();
  }

  async codeActions(params: CodeActionParams, token: CancellationToken) {
    this.#lastRequest = performance.now();
    const path = this.#pathOf(params.textDocument.uri);
    if (path === undefined || token.isCancellationRequested) return null;
    return findActions(path, params, {
      session: this.session,
      capabilities: this.#capabilities,
      versionOf: (uri) => this.#documents.get(uri)?.version ?? null,
    });
  }

  async codeLenses({ textDocument }: CodeLensParams) {
    const path = this.#pathOf(textDocument.uri);
    return path === undefined ? null : this.#built.lenses(path);
  }

  async documentSymbols({ textDocument }: DocumentSymbolParams) {
    const path = this.#pathOf(textDocument.uri);
    const source = path === undefined ? undefined : await this.session.workspace.readSource(path);
    if (path === undefined || source === undefined) return null;
    return listSymbols(path, source).map((symbol) => ({
      name: symbol.name,
      detail: symbol.detail,
      kind: symbolKindOf(symbol.kind),
      range: toRange(source, symbol.span),
      selectionRange: toRange(source, symbol.span),
    }));
  }

  async workspaceSymbols(query: string) {
    const { index } = this.session.workspace;
    const mentions = index
      .symbolNames(query, WORKSPACE_SYMBOLS)
      .flatMap((name) => {
        const all = index.mentions(name);
        const definitions = all.filter(({ fact }) => fact.role !== "declaration");
        return definitions.length > 0 ? definitions : all.slice(0, 1);
      })
      .slice(0, WORKSPACE_SYMBOLS);
    const sources = await this.session.workspace.readSources(mentions.map((mention) => mention.path));
    return mentions.flatMap(({ path, fact }) => {
      const source = sources.get(path);
      if (source === undefined) return [];
      const location = { uri: uriOfPath(this.#realRoot, path), range: toRange(source, fact) };
      return [{ name: fact.name, kind: symbolKindOf(fact.kind), location, containerName: path }];
    });
  }

  expand(uri: string) {
    const path = this.#pathOf(uri);
    return path === undefined ? null : this.#expander.expand(path, this.#current);
  }

  async close() {
    this.#isClosed = true;
    this.diagnostics.close();
    publishProject(this.#connection, this.#realRoot, NO_PROJECT);
    clearTimeout(this.#recheckTimer);
    this.#watcher.close();
    this.#reporter.end();
    this.images.dispose();
    await this.#built.dispose();
    await this.session.dispose();
  }

  #openSession(): Session {
    return openSession(this.root, {
      exclude: this.#current.exclude,
      isPartial: this.#missingFiles !== undefined,
      cacheFolder: defaultCacheFolder(),
      fallbackForm: () => this.#current.fallbackForm,
      architecture: () => this.#current.kernelArch,
      configuration: () => this.#current.kernelConfig,
      linkUnits: () => this.#current.linkUnits,
      watchesConfiguration: true,
      first: this.#openPaths(),
      isBackground: true,
      turn: () => this.#pause(),
      severityOf: (rule) => this.#current.rules.get(rule.id),
      onFailure: (rule, path, error) => {
        this.#connection.console.error(`the rule ${rule.id} failed on ${printable(path)}: ${describeError(error)}`);
      },
      onProblem: ({ path, reason }) => {
        this.#connection.console.warn(printable(`${path}: ${reason}`));
        if (this.#current.kernelConfig !== undefined && reason.includes("configuration"))
          this.#wrong.tell("weakspot.kernel.config", `${this.#current.kernelConfig}: ${reason}`);
      },
      onProgress: ({ done, total }) => this.#reporter.update(done, total),
      onChange: () => this.#recheckSoon(),
    });
  }

  /** The view "Memory" and the hints behind regions are of the past. */
  #imageChanged(): void {
    this.#fates.changed();
    void this.#connection.sendNotification(memoryChangedMethod);
    this.#refreshHints();
  }

  #refreshHints(): void {
    const canRefresh = this.#capabilities.workspace?.inlayHint?.refreshSupport === true;
    if (this.#current.inlayHints && canRefresh) this.#connection.languages.inlayHint.refresh();
  }

  #openPaths(): string[] {
    return this.#documents.all().flatMap((document) => this.#pathOf(document.uri) ?? []);
  }

  #pathOf(uri: string): string | undefined {
    const file = pathOfUri(uri);
    return file === undefined ? undefined : pathBelow(this.root, file);
  }

  #tellStatus(status: StatusParams): void {
    const text = JSON.stringify(status);
    if (text === this.#lastStatus) return;
    this.#lastStatus = text;
    void this.#connection.sendNotification(statusMethod, status);
  }

  stopIndexing(): void {
    const { index } = this.session.workspace;
    if (this.#isStopped || this.#isClosed || index.isComplete) return;
    this.#isStopped = true;
    this.session.workspace.pause();
    this.#reporter.end();
    const { files } = this.session.workspace.statistics();
    this.#connection.console.info(
      printable(`${this.root}: indexing was stopped after ${files.toLocaleString("en")} files`),
    );
    this.#tellStatus({
      state: "stopped",
      message: "Indexing was stopped: what is linked is not known, links are open.",
      files,
    });
  }

  resumeIndexing(): void {
    if (!this.#isStopped || this.#isClosed) return;
    this.#isStopped = false;
    this.#lastStatus = "";
    this.#reporter = createReporter(this.#connection, this.#capabilities, () => this.stopIndexing());
    this.session.workspace.proceed();
  }

  #indexed(): void {
    this.#reporter.end();
    this.#connection.console.info(
      describeIndexed(this.root, this.session.workspace.statistics(), performance.now() - this.#opened),
    );
    const { files, symbols } = this.session.workspace.statistics();
    if (this.#missingFiles === undefined) this.#tellStatus({ state: "ready", files, symbols });
    else this.#tellStatus({ state: "incomplete", message: this.#missingFiles, files, symbols });
    this.#built.start();
    this.#recheckSoon();
    this.#watcher.follow();
    this.#prepare();
  }

  filesChanged(paths: readonly string[]): void {
    this.session.forget(paths);
    this.#expander.forget(paths);
    this.session.workspace.refresh(paths).then(this.#watcher.follow, (error) => {
      if (!this.#isClosed) this.#connection.console.error(`changed files can't be read: ${describeError(error)}`);
    });
  }

  /** Follows the build files now, so that no hover waits for them. It costs nothing where that was done before. */
  #prepare(): void {
    this.session
      .prepare()
      .then(() => this.#tellPrepared())
      .catch((error) => {
        if (!this.#isClosed) this.#connection.console.error(`the build files can't be read: ${describeError(error)}`);
      });
  }

  async #tellPrepared(): Promise<void> {
    await this.#tellProblems();
    if (this.#isClosed || this.#isPrepared) return;
    this.#isPrepared = true;
    // Which image a script's link makes was not known before.
    this.#refreshHints();
  }

  /** Says once that Makefiles were not understood: answers are not complete, and the user may want to know where. */
  async #tellProblems(): Promise<void> {
    if (this.#isClosed) return;
    const { problems, tree } = await this.session.ask((program) => ({
      problems: program.links.problems(),
      tree: summarizeTree(program),
    }));
    if (this.#isClosed) return;
    this.#wrong.checkArchitecture(this.#current, tree.architectures);
    const missing = this.#missingFiles === undefined ? [] : [this.#missingFiles];
    const said = [...missing, ...problems.map(({ path, line, message }) => `${path}:${line}: ${message}`)];
    const isNew = said.join("\n") !== this.#toldProblems;
    this.#toldProblems = said.join("\n");
    for (const problem of isNew ? said : []) this.#connection.console.warn(printable(problem));
    const { files, symbols } = this.session.workspace.statistics();
    if (said.length > 0) this.#tellStatus({ state: "incomplete", message: said[0]!, files, symbols, tree });
    else this.#tellStatus({ state: "ready", files, symbols, tree });
  }

  /** Waits for others to get their turn, and while somebody types or asks for an end of that. */
  async #pause(): Promise<void> {
    await nextTurn();
    while (!this.#isClosed && performance.now() - Math.max(this.#lastChange, this.#lastRequest) < PAUSE_MILLISECONDS) {
      await delay(PAUSE_MILLISECONDS, undefined, { ref: false });
    }
  }

  /** Checks the open documents again, not more often than people can follow, and not while somebody types. */
  #recheckSoon(): void {
    if (this.#isClosed || this.#recheckTimer !== undefined) return;
    this.#recheckTimer = setTimeout(() => {
      this.#recheckTimer = undefined;
      if (performance.now() - this.#lastChange < RECHECK_MILLISECONDS) {
        this.#recheckSoon();
        return;
      }
      this.diagnostics.recheck();
      if (this.session.workspace.index.isComplete) this.#prepare();
    }, RECHECK_MILLISECONDS);
  }

  #takeDocument(document: OpenDocument): void {
    const path = this.#pathOf(document.uri);
    if (path === undefined) return;
    this.#lastChange = performance.now();
    this.#sources.set(path, document.source);
    this.session.setOverlay(path, document.source);
    this.diagnostics.documentChanged(document.uri);
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
