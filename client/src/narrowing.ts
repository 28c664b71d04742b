/**
 * What a click on the status offers: the architecture and the configuration that answers are narrowed to, and what else one looks for
 * there. It writes settings of the workspace and knows nothing of what they do.
 */
import { relative } from "node:path";
import * as vscode from "vscode";
import type { TreeStatus } from "../../server/src/protocol/messages.ts";

interface Choice extends vscode.QuickPickItem {
  readonly run: () => Thenable<unknown>;
}

/** Asks what to do, and does it. */
export async function chooseNarrowing(tree: TreeStatus | undefined): Promise<void> {
  const choices: Choice[] = [];
  const { architecture, architectures = [], configuration } = tree ?? {};
  if (architectures.length > 0) {
    choices.push(
      {
        label: vscode.l10n.t("Architecture…"),
        description: architecture ?? vscode.l10n.t("all"),
        run: () => chooseArchitecture(architectures),
      },
      {
        label: vscode.l10n.t("Configuration…"),
        description: configuration ?? vscode.l10n.t("none"),
        run: chooseConfiguration,
      },
    );
  }
  choices.push(
    { label: vscode.l10n.t("Check the Whole Workspace"), run: command("weakspot.checkWorkspace") },
    { label: vscode.l10n.t("Settings"), run: command("workbench.action.openSettings", "@ext:weakspot.weakspot") },
    { label: vscode.l10n.t("Show Output"), run: command("weakspot.showOutput") },
    { label: vscode.l10n.t("Restart the Server"), run: command("weakspot.restart") },
  );
  const chosen = await vscode.window.showQuickPick(choices, {
    title: "Weakspot",
    placeHolder: tree?.kind ?? vscode.l10n.t("The tree is still being read"),
  });
  await chosen?.run();
}

function command(name: string, ...words: string[]): () => Thenable<unknown> {
  return () => vscode.commands.executeCommand(name, ...words);
}

async function chooseArchitecture(architectures: readonly string[]): Promise<void> {
  const automatic = vscode.l10n.t("As the configuration says");
  const chosen = await vscode.window.showQuickPick([automatic, ...architectures], {
    title: vscode.l10n.t("The architecture that answers are narrowed to"),
  });
  if (chosen !== undefined) await set("kernel.arch", chosen === automatic ? undefined : chosen);
}

async function chooseConfiguration(): Promise<void> {
  const automatic = vscode.l10n.t("What the tree was configured for");
  const other = vscode.l10n.t("A File…");
  const chosen = await vscode.window.showQuickPick([automatic, other], {
    title: vscode.l10n.t("The configuration that answers are narrowed to"),
  });
  if (chosen === automatic) await set("kernel.config", undefined);
  if (chosen !== other) return;
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const [file] = (await vscode.window.showOpenDialog({ ...(folder && { defaultUri: folder.uri }) })) ?? [];
  if (file === undefined) return;
  const path = folder === undefined ? file.fsPath : relative(folder.uri.fsPath, file.fsPath);
  await set("kernel.config", path.startsWith("..") ? file.fsPath : path);
}

function set(name: string, value: string | undefined): Thenable<void> {
  return vscode.workspace.getConfiguration("weakspot").update(name, value, vscode.ConfigurationTarget.Workspace);
}
