/** The command "Show Memory as a Picture": a treemap beside the editor, which follows what the view Memory shows. Knows the panel alone. */

import * as vscode from "vscode";
import { l10n } from "./l10n.ts";
import { boxesOf, renderMap } from "./memory-map.ts";
import type { MemoryRow } from "./memory-tree.ts";

export interface MemoryPicture extends vscode.Disposable {
  isOpen(): boolean;
  show(): void;
  /** Draws the rows, if it is open. */
  update(rows: readonly MemoryRow[]): void;
}

const OPEN = "weakspot.memory.open";

export function createMemoryPicture(): MemoryPicture {
  let panel: vscode.WebviewPanel | undefined;

  function open(): vscode.WebviewPanel {
    const opened = vscode.window.createWebviewPanel(
      "weakspot.memoryPicture",
      l10n.t("Memory"),
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false },
      { enableScripts: false, enableCommandUris: [OPEN], localResourceRoots: [] },
    );
    opened.onDidDispose(() => {
      panel = undefined;
    });
    return opened;
  }

  return {
    isOpen: () => panel !== undefined,
    show() {
      panel ??= open();
      panel.reveal(undefined, false);
    },
    update(rows) {
      if (panel !== undefined) panel.webview.html = renderMap(boxesOf(rows), l10n.t("Memory"), linkTo);
    },
    dispose: () => panel?.dispose(),
  };
}

/** What the command needs of the row. */
function linkTo({ label, place, source }: MemoryRow): string {
  return `command:${OPEN}?${encodeURIComponent(JSON.stringify([{ label, place, source }]))}`;
}
