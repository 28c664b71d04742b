/** The sample tree that the walkthrough is about: copied to a folder of one's own, to be edited and fixed, and opened. */
import * as vscode from "vscode";

/** Opens the sample in a window of its own. What was changed in it before stays. */
export async function openSample(context: vscode.ExtensionContext): Promise<void> {
  const target = vscode.Uri.joinPath(context.globalStorageUri, "sample");
  try {
    await vscode.workspace.fs.stat(target);
  } catch {
    await vscode.workspace.fs.createDirectory(context.globalStorageUri);
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(context.extensionUri, "sample"), target);
  }
  await vscode.commands.executeCommand("vscode.openFolder", target, { forceNewWindow: true });
}
