/** The extension's entry in a browser, where there is no Node: VS Code for the Web. */
import * as vscode from "vscode";
import { activateWith, deactivate, type WeakspotApi } from "./activate.ts";
import { createWebLaunch } from "./web-launch.ts";

export { deactivate };

export function activate(context: vscode.ExtensionContext): WeakspotApi {
  const server = vscode.Uri.joinPath(context.extensionUri, "dist/web-server.js");
  return activateWith(context, (tell) => createWebLaunch(server, tell));
}
