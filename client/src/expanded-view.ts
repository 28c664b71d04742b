/**
 * The command "Show Linker Script After Preprocessing": a read-only document beside the script, which follows its changes.
 * The text is the server's; nothing here looks into documents.
 */

import * as vscode from "vscode";
import { type ExpandParams, type ExpandResult, expandMethod } from "../../server/src/protocol/messages.ts";
import { l10n } from "./l10n.ts";
import type { ServerSession } from "./server-session.ts";

const SCHEME = "weakspot-expanded";

/** A view is made anew this long after the last change, in milliseconds, so that it does not follow every key. */
const REFRESH_DELAY = 300;

/** Languages whose documents a script may include. */
const SOURCES = new Set(["linkerscript", "c", "cpp"]);

export function registerExpandedView(session: ServerSession): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let timer: NodeJS.Timeout | undefined;

  function refreshAll(): void {
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.scheme === SCHEME) changed.fire(document.uri);
    }
  }

  function refreshSoon(document: vscode.TextDocument): void {
    if (!session.serves(document.uri) || !SOURCES.has(document.languageId)) return;
    clearTimeout(timer);
    timer = setTimeout(refreshAll, REFRESH_DELAY);
  }

  return vscode.Disposable.from(
    changed,
    new vscode.Disposable(() => clearTimeout(timer)),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri, token) => expand(session, sourceOf(uri), token),
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => refreshSoon(document)),
    vscode.commands.registerCommand("weakspot.showExpanded", (uri?: vscode.Uri) => showExpanded(session, uri)),
  );
}

/** Opens the view of a document, or of the one in the active editor, and returns it. */
async function showExpanded(session: ServerSession, uri?: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const source = uri ?? vscode.window.activeTextEditor?.document.uri;
  if (source === undefined || !session.serves(source)) {
    void vscode.window.showErrorMessage(l10n.t("Weakspot: open a linker script first, such as vmlinux.lds.S."));
    return undefined;
  }
  // The ending makes it a linker script to VS Code, and the file's name stays in the tab.
  const view = source.with({ scheme: SCHEME, path: `${source.path} (preprocessed).lds`, query: source.toString() });
  const document = await vscode.workspace.openTextDocument(view);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  return document;
}

function sourceOf(view: vscode.Uri): vscode.Uri {
  return vscode.Uri.parse(view.query);
}

async function expand(session: ServerSession, uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
  await session.start();
  const client = session.client();
  if (client === undefined) return `/* ${l10n.t("Weakspot's server is not running.")} */\n`;
  const params: ExpandParams = { textDocument: { uri: client.code2ProtocolConverter.asUri(uri) } };
  const result = await client.sendRequest<ExpandResult | null>(expandMethod, params, token);
  if (result === null) return `/* ${l10n.t("This file is not in a folder of the workspace.")} */\n`;
  return describe(result) + result.text;
}

/** What the reader must know of the text, as a comment before it. */
function describe({ architecture, problems }: ExpandResult): string {
  const lines = architecture === undefined ? [] : [l10n.t("Preprocessed for the architecture {0}.", architecture)];
  lines.push(...problems.map((problem) => problem.replaceAll("*/", "* /")));
  return lines.length === 0 ? "" : `/*\n${lines.map((line) => ` * ${line}\n`).join("")} */\n`;
}
