/**
 * The entry "Weakspot" among the language statuses of C, assembly and linker scripts.
 * Shows a state; must not know where states come from.
 */

import * as vscode from "vscode";
import { RESUME_INDEXING, STOP_INDEXING } from "../../server/src/protocol/messages.ts";
import { documentSelector } from "./document-selector.ts";
import { l10n } from "./l10n.ts";
import { describeState, type ServerState } from "./server-state.ts";

export interface StatusItem extends vscode.Disposable {
  show(state: ServerState): void;
}

const severities = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
} as const;

/** What a click on the status is for. */
function commandFor({ kind }: ServerState): vscode.Command {
  if (kind === "stopped" || kind === "failed") return { command: "weakspot.restart", title: l10n.t("Restart") };
  if (kind === "indexing") return { command: STOP_INDEXING, title: l10n.t("Stop") };
  if (kind === "paused") return { command: RESUME_INDEXING, title: l10n.t("Resume") };
  return {
    command: "weakspot.chooseNarrowing",
    title: l10n.t("Choose…"),
    tooltip: l10n.t("Configuration, architecture, output"),
  };
}

/** @param schemes where the files of the tree are */
export function createStatusItem(schemes: readonly string[]): StatusItem {
  const item = vscode.languages.createLanguageStatusItem(
    "weakspot.status",
    documentSelector(schemes) as vscode.DocumentSelector,
  );
  item.name = "Weakspot";
  return {
    show(state) {
      const description = describeState(state);
      item.text = `Weakspot: ${description.text}`;
      item.detail = description.detail;
      item.severity = severities[description.severity];
      item.busy = description.busy;
      item.command = commandFor(state);
    },
    dispose: () => item.dispose(),
  };
}
