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
  const { connection, documents, session, pathOf } = context;
  const { root } = session.workspace;
  /** Documents that wait to be checked in this turn of the event loop, so that a burst of changes costs one check. */
  const waiting = new Set<string>();
  /** Files with published diagnostics that are not open: found by publishAll. */
  const publishedElsewhere = new Set<string>();
  let isClosed = false;

  /** Of files that are not open nobody sees what is faded. */
  async function diagnosticsOf(checked: CheckedFile, isOpen: boolean): Promise<Diagnostic[]> {
    const { path, findings, context: rules } = checked;
    const diagnostics = await session.ask((program) =>
      findings.map((finding) => toDiagnostic(checked, finding, program, root)),
    );
    if (!isOpen || !context.showsInactiveCode()) return diagnostics;
    const inactive = await session.ask((program) => findInactiveCode(path, rules.source, program));
    return [...diagnostics, ...inactive.map((code) => toInactiveDiagnostic(code, rules.source))];
  }

  function wait(uri: string): void {
    if (waiting.size === 0) setImmediate(checkWaiting);
    waiting.add(uri);
  }

  /** Checks one of the documents that wait; whatever else has come in the meantime is answered before the next. */
  function checkWaiting(): void {
    const [uri] = waiting;
    if (uri === undefined) return;
    waiting.delete(uri);
    if (waiting.size > 0) setImmediate(checkWaiting);
    void checkAndPublish(uri);
  }

  async function checkAndPublish(uri: string): Promise<void> {
    const document = documents.get(uri);
    const path = pathOf(uri);
    if (document === undefined || path === undefined) return;
    const { version } = document;
    const isOld = () => isClosed || documents.get(uri)?.version !== version;
    try {
      const checked = await session.check(path);
      if (isOld()) return;
      const diagnostics = checked === undefined ? [] : await diagnosticsOf(checked, true);
      // Texts were waited for: what is open may be another version by now, which is checked by itself.
      if (!isOld()) await connection.sendDiagnostics({ uri, diagnostics, version });
    } catch (error) {
      if (!isClosed) context.onFailure(path, error);
    }
  }

  async function publishElsewhere(path: string, checked: CheckedFile | undefined): Promise<void> {
    if (checked === undefined) publishedElsewhere.delete(path);
    else publishedElsewhere.add(path);
    const diagnostics = checked === undefined ? [] : await diagnosticsOf(checked, false);
    if (!isClosed) await connection.sendDiagnostics({ uri: uriOfPath(root, path), diagnostics });
  }

  return {
    documentChanged(uri) {
      const path = pathOf(uri);
      if (context.isPulled) {
        // What was sent of the file while it was closed would stand beside what the client asks for.
        if (path !== undefined && publishedElsewhere.has(path)) void publishElsewhere(path, undefined);
        return;
      }
      const others = [...waiting];
      waiting.clear();
      for (const one of [uri, ...others]) waiting.add(one);
      if (others.length === 0) setImmediate(checkWaiting);
    },
    documentClosed(uri) {
      if (!context.isPulled) void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    recheck() {
      const open = documents.all().filter((document) => pathOf(document.uri) !== undefined);
      if (!context.isPulled) for (const { uri } of open) wait(uri);
      context.onStale();
    },
    async pull(uri, previousResultId) {
      const path = pathOf(uri);
      const version = documents.get(uri)?.version;
      const checked = path === undefined ? undefined : await session.check(path);
      const items = checked === undefined ? [] : await diagnosticsOf(checked, version !== undefined);
      if (documents.get(uri)?.version !== version)
        throw new ResponseError(LSPErrorCodes.ServerCancelled, `${printable(uri)} has changed`, {
          retriggerRequest: true,
        });
      return reportOf(items, previousResultId);
    },
    async pullAll(previousResultIds, token) {
      const reports: WorkspaceDocumentDiagnosticReport[] = [];
      const left = new Map(previousResultIds);
      for (const checked of await session.checkAll(() => true, signalOf(token))) {
        const uri = uriOfPath(root, checked.path);
        const version = documents.get(uri)?.version;
        const items = await diagnosticsOf(checked, version !== undefined);
        reports.push({ ...reportOf(items, left.get(uri)), uri, version: version ?? null });
        left.delete(uri);
      }
      for (const [uri, id] of left) {
        if (pathOf(uri) === undefined) continue;
        reports.push({ ...reportOf([], id), uri, version: documents.get(uri)?.version ?? null });
      }
      return reports;
    },
    async publishAll(token) {
      const all = await session.checkAll(() => true, signalOf(token));
      const open = new Set(documents.all().map((document) => pathOf(document.uri)));
      for (const path of [...publishedElsewhere]) await publishElsewhere(path, undefined);
      for (const checked of all) if (!open.has(checked.path)) await publishElsewhere(checked.path, checked);
      return { findings: all.reduce((sum, { findings }) => sum + findings.length, 0), files: all.length };
    },
    close() {
      isClosed = true;
    },
  };
}

/** Diagnostics under an id that is the same for the same ones: who has them already is told so. */
function reportOf(items: Diagnostic[], previousResultId: string | undefined): Report {
  const bytes = new TextEncoder().encode(JSON.stringify(items));
  const resultId = hashBytes(bytes, bytes.length).join("-");
  return resultId === previousResultId
    ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
    : { kind: DocumentDiagnosticReportKind.Full, resultId, items };
}
