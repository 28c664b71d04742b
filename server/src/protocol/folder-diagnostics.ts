/**
 * The diagnostics of one folder's files: sent to clients that wait for them, handed out to clients that ask. It decides nothing of when the
 * folder has changed.
 */

import {
  type CancellationToken,
  type Connection,
  type Diagnostic,
  DocumentDiagnosticReportKind,
  type FullDocumentDiagnosticReport,
  LSPErrorCodes,
  ResponseError,
  type TextDocuments,
  type UnchangedDocumentDiagnosticReport,
  type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import { findInactiveCode } from "../features/inactive-code.ts";
import { hashBytes } from "../host/content-hash.ts";
import type { CheckedFile, Session } from "../session/session.ts";
import { printable } from "../text/printable.ts";
import { signalOf } from "./cancellation.ts";
import { uriOfPath } from "./convert.ts";
import { toDiagnostic, toInactiveDiagnostic } from "./diagnostics.ts";
import type { OpenDocument } from "./open-document.ts";

type Report = FullDocumentDiagnosticReport | UnchangedDocumentDiagnosticReport;

export interface FolderDiagnosticsContext {
  readonly connection: Connection;
  readonly documents: TextDocuments<OpenDocument>;
  readonly session: Session;
  /** The client asks for diagnostics: of open documents none are sent. */
  readonly isPulled: boolean;
  /** The path of a document below the folder; undefined for others. */
  pathOf(uri: string): string | undefined;
  /** Whether code that the configuration leaves out is told. */
  showsInactiveCode(): boolean;
  /** The client is to ask again. */
  onStale(): void;
  onFailure(path: string, error: unknown): void;
}

export interface FolderDiagnostics {
  /** A document has another text: it is checked before all others. */
  documentChanged(uri: string): void;
  documentClosed(uri: string): void;
  /** Anything that the findings of open documents hang on may have changed. */
  recheck(): void;
  /** Answers textDocument/diagnostic. Rejects, so that the client asks again, where the document changes meanwhile. */
  pull(uri: string, previousResultId: string | undefined): Promise<Report>;
  /**
   * Answers workspace/diagnostic: the files that have findings, and those that had some.
   * @param previousResultIds what the client has, by URI
   */
  pullAll(
    previousResultIds: ReadonlyMap<string, string>,
    token: CancellationToken,
  ): Promise<WorkspaceDocumentDiagnosticReport[]>;
  /** Sends the diagnostics of all files that have some and are not open. */
  publishAll(token: CancellationToken): Promise<{ findings: number; files: number }>;
  close(): void;
}

/** Checks the files of a session and tells the client what is found. */
export function createFolderDiagnostics(context: FolderDiagnosticsContext): FolderDiagnostics {
  return new PublishedDiagnostics(context);
}

class PublishedDiagnostics implements FolderDiagnostics {
  readonly #context: FolderDiagnosticsContext;
  readonly #connection: Connection;
  readonly #documents: TextDocuments<OpenDocument>;
  readonly #session: Session;
  readonly #pathOf: (uri: string) => string | undefined;
  readonly #root: string;
  /** Documents that wait to be checked in this turn of the event loop, so that a burst of changes costs one check. */
  readonly #waiting = new Set<string>();
  /** Files with published diagnostics that are not open: found by publishAll. */
  readonly #publishedElsewhere = new Set<string>();
  #isClosed = false;

  constructor(context: FolderDiagnosticsContext) {
    this.#context = context;
    const { connection, documents, session, pathOf } = context;
    this.#connection = connection;
    this.#documents = documents;
    this.#session = session;
    this.#pathOf = pathOf;
    const { root } = session.workspace;
    this.#root = root;
  }

  documentChanged(uri: string) {
    const path = this.#pathOf(uri);
    if (this.#context.isPulled) {
      // What was sent of the file while it was closed would stand beside what the client asks for.
      if (path !== undefined && this.#publishedElsewhere.has(path)) void this.#publishElsewhere(path, undefined);
      return;
    }
    const others = [...this.#waiting];
    this.#waiting.clear();
    for (const one of [uri, ...others]) this.#waiting.add(one);
    if (others.length === 0) setImmediate(() => this.#checkWaiting());
  }

  documentClosed(uri: string) {
    if (!this.#context.isPulled) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  recheck() {
    const open = this.#documents.all().filter((document) => this.#pathOf(document.uri) !== undefined);
    if (!this.#context.isPulled) for (const { uri } of open) this.#wait(uri);
    this.#context.onStale();
  }

  async pull(uri: string, previousResultId: string | undefined) {
    const path = this.#pathOf(uri);
    const version = this.#documents.get(uri)?.version;
    const checked = path === undefined ? undefined : await this.#session.check(path);
    const items = checked === undefined ? [] : await this.#diagnosticsOf(checked, version !== undefined);
    if (this.#documents.get(uri)?.version !== version)
      throw new ResponseError(LSPErrorCodes.ServerCancelled, `${printable(uri)} has changed`, {
        retriggerRequest: true,
      });
    return reportOf(items, previousResultId);
  }

  async pullAll(previousResultIds: ReadonlyMap<string, string>, token: CancellationToken) {
    const reports: WorkspaceDocumentDiagnosticReport[] = [];
    const left = new Map(previousResultIds);
    for (const checked of await this.#session.checkAll(() => true, signalOf(token))) {
      const uri = uriOfPath(this.#root, checked.path);
      const version = this.#documents.get(uri)?.version;
      const items = await this.#diagnosticsOf(checked, version !== undefined);
      reports.push({ ...reportOf(items, left.get(uri)), uri, version: version ?? null });
      left.delete(uri);
    }
    for (const [uri, id] of left) {
      if (this.#pathOf(uri) === undefined) continue;
      reports.push({ ...reportOf([], id), uri, version: this.#documents.get(uri)?.version ?? null });
    }
    return reports;
  }

  async publishAll(token: CancellationToken) {
    const all = await this.#session.checkAll(() => true, signalOf(token));
    const open = new Set(this.#documents.all().map((document) => this.#pathOf(document.uri)));
    for (const path of [...this.#publishedElsewhere]) await this.#publishElsewhere(path, undefined);
    for (const checked of all) if (!open.has(checked.path)) await this.#publishElsewhere(checked.path, checked);
    return { findings: all.reduce((sum, { findings }) => sum + findings.length, 0), files: all.length };
  }

  close() {
    this.#isClosed = true;
  }

  /** Of files that are not open nobody sees what is faded. */
  async #diagnosticsOf(checked: CheckedFile, isOpen: boolean): Promise<Diagnostic[]> {
    const { path, findings, context: rules } = checked;
    const diagnostics = await this.#session.ask((program) =>
      findings.map((finding) => toDiagnostic(checked, finding, program, this.#root)),
    );
    if (!isOpen || !this.#context.showsInactiveCode()) return diagnostics;
    const inactive = await this.#session.ask((program) => findInactiveCode(path, rules.source, program));
    return [...diagnostics, ...inactive.map((code) => toInactiveDiagnostic(code, rules.source))];
  }

  #wait(uri: string): void {
    if (this.#waiting.size === 0) setImmediate(() => this.#checkWaiting());
    this.#waiting.add(uri);
  }

  /** Checks one of the documents that wait; whatever else has come in the meantime is answered before the next. */
  #checkWaiting(): void {
    const [uri] = this.#waiting;
    if (uri === undefined) return;
    this.#waiting.delete(uri);
    if (this.#waiting.size > 0) setImmediate(() => this.#checkWaiting());
    void this.#checkAndPublish(uri);
  }

  async #checkAndPublish(uri: string): Promise<void> {
    const document = this.#documents.get(uri);
    const path = this.#pathOf(uri);
    if (document === undefined || path === undefined) return;
    const { version } = document;
    const isOld = () => this.#isClosed || this.#documents.get(uri)?.version !== version;
    try {
      const checked = await this.#session.check(path);
      if (isOld()) return;
      const diagnostics = checked === undefined ? [] : await this.#diagnosticsOf(checked, true);
      // Texts were waited for: what is open may be another version by now, which is checked by itself.
      if (!isOld()) await this.#connection.sendDiagnostics({ uri, diagnostics, version });
    } catch (error) {
      if (!this.#isClosed) this.#context.onFailure(path, error);
    }
  }

  async #publishElsewhere(path: string, checked: CheckedFile | undefined): Promise<void> {
    if (checked === undefined) this.#publishedElsewhere.delete(path);
    else this.#publishedElsewhere.add(path);
    const diagnostics = checked === undefined ? [] : await this.#diagnosticsOf(checked, false);
    if (!this.#isClosed) await this.#connection.sendDiagnostics({ uri: uriOfPath(this.#root, path), diagnostics });
  }
}

/** Diagnostics under an id that is the same for the same ones: who has them already is told so. */
function reportOf(items: Diagnostic[], previousResultId: string | undefined): Report {
  const bytes = new TextEncoder().encode(JSON.stringify(items));
  const resultId = hashBytes(bytes, bytes.length).join("-");
  return resultId === previousResultId
    ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
    : { kind: DocumentDiagnosticReportKind.Full, resultId, items };
}
