/**
 * Diagnostics for clients that ask for them (LSP 3.17, "Pull Diagnostics"), of all folders of a connection. What a file's diagnostics are,
 * its folder knows.
 */

import {
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  type DiagnosticOptions,
  DocumentDiagnosticReportKind,
  type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import type { FolderDiagnostics } from "./folder-diagnostics.ts";

export interface PullContext {
  readonly connection: Connection;
  capabilities(): ClientCapabilities;
  folderOf(uri: string): Promise<{ readonly diagnostics: FolderDiagnostics } | undefined>;
  /** All open folders, once they are. */
  folders(): Promise<readonly { readonly diagnostics: FolderDiagnostics }[]>;
}

export interface PullDiagnostics {
  /** What initialize has to say; undefined for a client that does not ask, or can't be told to ask again. */
  provider(isWorkspacePulled: boolean): DiagnosticOptions | undefined;
  /** Findings may be others than they were: the client is to ask again. */
  stale(): void;
}

/** Whether a client asks for diagnostics. It must be one that can be told to: findings change with other files than the one asked about. */
export function pullsDiagnostics({ textDocument, workspace }: ClientCapabilities): boolean {
  return textDocument?.diagnostic !== undefined && workspace?.diagnostics?.refreshSupport === true;
}

/** Answers these requests for a connection. */
export function serveDiagnostics(context: PullContext): PullDiagnostics {
  const { connection } = context;
  const { diagnostics } = connection.languages;
  let isRefreshing = false;
  let isStaleAgain = false;
  /** Counts up with every change, so that none is missed between an answer and the wait for the next. */
  let revision = 0;
  /** Requests that are held until anything changes. */
  const held = new Set<() => void>();

  diagnostics.on(async ({ textDocument: { uri }, previousResultId }) => {
    const folder = await context.folderOf(uri);
    return (
      (await folder?.diagnostics.pull(uri, previousResultId)) ?? { kind: DocumentDiagnosticReportKind.Full, items: [] }
    );
  });

  diagnostics.onWorkspace(async ({ previousResultIds }, token, _progress, partial) => {
    const previous = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
    for (;;) {
      const before = revision;
      const items: WorkspaceDocumentDiagnosticReport[] = [];
      for (const folder of await context.folders()) items.push(...(await folder.diagnostics.pullAll(previous, token)));
      // Who asks again and again is answered when there is something to say.
      const hasNews = items.some(({ kind }) => kind === DocumentDiagnosticReportKind.Full);
      if (!hasNews && previous.size > 0 && !token.isCancellationRequested) {
        if (revision === before) await nextChange(token);
        if (!token.isCancellationRequested) continue;
      }
      if (partial === undefined) return { items };
      partial.report({ items });
      return { items: [] };
    }
  });

  /** Resolves when anything has changed or the client has taken its request back. */
  function nextChange(token: CancellationToken): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        held.delete(go);
        resolve();
      };
      held.add(go);
      token.onCancellationRequested(go);
    });
  }

  async function refresh(): Promise<void> {
    isRefreshing = true;
    try {
      do {
        isStaleAgain = false;
        await diagnostics.refresh();
      } while (isStaleAgain);
    } catch (error) {
      connection.console.warn(`The client asks no more: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      isRefreshing = false;
    }
  }

  return {
    provider(isWorkspacePulled) {
      if (!pullsDiagnostics(context.capabilities())) return undefined;
      return { identifier: "weakspot", interFileDependencies: true, workspaceDiagnostics: isWorkspacePulled };
    },
    stale() {
      revision++;
      for (const go of [...held]) go();
      if (!pullsDiagnostics(context.capabilities())) return;
      isStaleAgain = true;
      if (!isRefreshing) void refresh();
    },
  };
}
