/** The extension's entry where there is Node: VS Code on a desktop, or its server. */
import type * as vscode from "vscode";
import { activateWith, deactivate, type WeakspotApi } from "./activate.ts";
import { createProcessLaunch } from "./process-launch.ts";

export { deactivate, type WeakspotApi };

export function activate(context: vscode.ExtensionContext): WeakspotApi {
  return activateWith(context, () => createProcessLaunch(context.asAbsolutePath("dist/cli.cjs")));
}
