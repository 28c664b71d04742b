/**
 * The entry "Weakspot" among the language statuses of C, assembly and linker scripts.
 * Shows a state; must not know where states come from.
 */
import * as vscode from "vscode";
import { documentSelector } from "./document-selector.ts";
import { describeState, type ServerState } from "./server-state.ts";

export interface StatusItem extends vscode.Disposable {
  show(state: ServerState): void;
}

const severities = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
} as const;

export function createStatusItem(): StatusItem {
  const item = vscode.languages.createLanguageStatusItem(
    "weakspot.status",
    documentSelector as vscode.DocumentSelector,
  );
  item.name = "Weakspot";
  return {
    show(state) {
      const description = describeState(state);
      item.text = `Weakspot: ${description.text}`;
      item.detail = description.detail;
      item.severity = severities[description.severity];
      item.busy = description.busy;
      item.command =
        state.kind === "stopped" || state.kind === "failed"
          ? { command: "weakspot.restart", title: "Restart" }
          : { command: "weakspot.chooseNarrowing", title: "Choose…", tooltip: "Configuration, architecture, output" };
    },
    dispose: () => item.dispose(),
  };
}
