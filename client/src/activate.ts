/**
 * What the extension's two entries do: wires the server session, the status item and the commands together.
 * All knowledge of linkage is the server's; nothing here looks into documents.
 */
import * as vscode from "vscode";
import { registerCommands } from "./commands.ts";
import { registerExpandedView } from "./expanded-view.ts";
import { l10n, translateBy } from "./l10n.ts";
import type { Launch } from "./launch.ts";
import { createLinkageView, type LinkageView } from "./linkage-view.ts";
import { createMemoryView, type MemoryView } from "./memory-view.ts";
import { openSample } from "./sample.ts";
import { createServerSession, type ServerSession } from "./server-session.ts";
import type { ServerState } from "./server-state.ts";
import { createStatusItem } from "./status-item.ts";

/** What other extensions, and the tests, may ask of this one. */
export interface WeakspotApi {
  state(): ServerState;
  readonly onDidChangeState: vscode.Event<ServerState>;
}

let session: ServerSession | undefined;

/**
 * @param createLaunch says how the server runs; what it is given is told to people as a warning
 */
export function activateWith(
  context: vscode.ExtensionContext,
  createLaunch: (tell: (words: string) => void) => Launch,
): WeakspotApi {
  translateBy(vscode.l10n.t);
  const output = vscode.window.createOutputChannel("Weakspot", { log: true });
  const stateEmitter = new vscode.EventEmitter<ServerState>();
  const launch = createLaunch((words) => {
    output.warn(words);
    void vscode.window.showWarningMessage(`Weakspot: ${words}`);
  });
  const item = createStatusItem(launch.schemes());
  let linkage: LinkageView | undefined;
  let memory: MemoryView | undefined;
  const newSession = createServerSession({
    launch,
    output,
    onState: (state) => {
      item.show(state);
      stateEmitter.fire(state);
      if (state.kind !== "ready" && state.kind !== "incomplete") return;
      linkage?.invalidate();
      memory?.invalidate();
    },
    onMemoryChanged: () => memory?.invalidate(),
  });
  session = newSession;
  linkage = createLinkageView(newSession);
  memory = createMemoryView(newSession);
  context.subscriptions.push(
    output,
    stateEmitter,
    item,
    linkage,
    memory,
    registerCommands(newSession, output),
    registerExpandedView(newSession),
    vscode.commands.registerCommand("weakspot.openSample", () => openSample(context)),
  );

  if (hasFilesToRead(launch)) void newSession.start();
  else
    item.show({
      kind: "incomplete",
      reason: l10n.t("The workspace is not on a disk. Linker scripts are highlighted, that is all."),
    });
  return { state: newSession.state, onDidChangeState: stateEmitter.event };
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}

/** False for a window whose folders all come from where the server can't read (on a desktop: a repository on the web). */
function hasFilesToRead(launch: Launch): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length === 0 || folders.some(({ uri }) => launch.schemes().includes(uri.scheme));
}
