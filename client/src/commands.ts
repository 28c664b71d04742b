/**
 * The extension's commands, as the manifest declares them.
 * Must not know how the server is run: it asks a session.
 */

import * as vscode from "vscode";
import {
  type CheckWorkspaceResult,
  checkWorkspaceMethod,
  SHOW_PLACES,
  type ShowPlacesArguments,
} from "../../server/src/protocol/messages.ts";
import { l10n } from "./l10n.ts";
import { chooseNarrowing } from "./narrowing.ts";
import type { ServerSession } from "./server-session.ts";

export function registerCommands(session: ServerSession, output: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("weakspot.restart", () => session.restart()),
    vscode.commands.registerCommand("weakspot.showOutput", () => output.show()),
    vscode.commands.registerCommand("weakspot.checkWorkspace", () => checkWorkspace(session)),
    vscode.commands.registerCommand(SHOW_PLACES, (told: ShowPlacesArguments) => showPlaces(session, told)),
    vscode.commands.registerCommand("weakspot.chooseNarrowing", () => {
      const state = session.state();
      return chooseNarrowing("tree" in state ? state.tree : undefined);
    }),
  );
}

/** Has the whole workspace checked and shows the Problems view. Returns the counts, or undefined if that was not possible. */
async function checkWorkspace(session: ServerSession): Promise<CheckWorkspaceResult | undefined> {
  await session.start();
  const client = session.client();
  if (client === undefined) {
    const restart = l10n.t("Restart");
    const chosen = await vscode.window.showErrorMessage(l10n.t("Weakspot: the server is not running."), restart);
    if (chosen === restart) await session.restart();
    return undefined;
  }
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: l10n.t("Weakspot: checking the workspace"),
    cancellable: true,
  };
  try {
    const result = await vscode.window.withProgress(progress, (_progress, token) =>
      client.sendRequest<CheckWorkspaceResult>(checkWorkspaceMethod, {}, token),
    );
    void tellResult(result);
    return result;
  } catch (error) {
    if (error instanceof Error && error.message !== "Canceled") {
      client.error(l10n.t("The workspace could not be checked."), error, "force");
    }
    return undefined;
  }
}

async function tellResult({ findings, files }: CheckWorkspaceResult): Promise<void> {
  if (findings === 0) {
    await vscode.window.showInformationMessage(l10n.t("Weakspot: nothing found."));
    return;
  }
  const counts = [findings.toLocaleString("en"), files.toLocaleString("en")];
  const words =
    findings === 1
      ? l10n.t("Weakspot: 1 finding.")
      : files === 1
        ? l10n.t("Weakspot: {0} findings in 1 file.", ...counts)
        : l10n.t("Weakspot: {0} findings in {1} files.", ...counts);
  const chosen = await vscode.window.showInformationMessage(words, l10n.t("Show Problems"));
  if (chosen !== undefined) await vscode.commands.executeCommand("workbench.actions.view.problems");
}

/** Peeks at the places that a code lens speaks of; one of them alone is opened. */
async function showPlaces(session: ServerSession, { uri, position, locations }: ShowPlacesArguments): Promise<void> {
  const converter = session.client()?.protocol2CodeConverter;
  if (converter === undefined) return;
  const at = converter.asPosition(position);
  const places = locations.map((location) => converter.asLocation(location));
  await vscode.commands.executeCommand(
    "editor.action.goToLocations",
    converter.asUri(uri),
    at,
    places,
    "gotoAndPeek",
    "",
  );
}
