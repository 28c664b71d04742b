/** Waiting for VS Code: by its events, never by the clock alone. */
import * as vscode from "vscode";
import type { WeakspotApi } from "../../../../client/src/extension.ts";
import type { ServerState } from "../../../../client/src/server-state.ts";

/** The extension under test, activated. */
export async function activateWeakspot(): Promise<WeakspotApi> {
  const extension = vscode.extensions.getExtension<WeakspotApi>("weakspot.weakspot");
  if (extension === undefined) throw new Error("The extension is not installed.");
  return await extension.activate();
}

/** Resolves as soon as `find` gives something other than undefined: now, or after one of the events. */
export function waitFor<Found>(
  what: string,
  events: readonly vscode.Event<unknown>[],
  find: () => Found | undefined,
  timeout = 20_000,
): Promise<Found> {
  return new Promise((resolve, reject) => {
    const listeners: vscode.Disposable[] = [];
    const timer = setTimeout(() => {
      for (const listener of listeners) listener.dispose();
      reject(new Error(`Waited ${timeout / 1000} s for ${what}.`));
    }, timeout);
    const look = () => {
      const found = find();
      if (found === undefined) return;
      clearTimeout(timer);
      for (const listener of listeners) listener.dispose();
      resolve(found);
    };
    for (const event of events) listeners.push(event(look));
    look();
  });
}

export function waitForState(api: WeakspotApi, kind: ServerState["kind"]): Promise<ServerState> {
  return waitFor(`the server to be ${kind}`, [api.onDidChangeState], () => {
    const state = api.state();
    return state.kind === kind ? state : undefined;
  });
}

/** Weakspot's diagnostics of a file, once there are as many as asked for, in the order of their places. */
export function waitForFindings(uri: vscode.Uri, count: number, timeout?: number): Promise<vscode.Diagnostic[]> {
  const findings = () =>
    vscode.languages
      .getDiagnostics(uri)
      .filter((diagnostic) => diagnostic.source === "weakspot")
      .sort((one, other) => one.range.start.compareTo(other.range.start));
  return waitFor(
    `${count} findings in ${uri.path}`,
    [vscode.languages.onDidChangeDiagnostics],
    () => (findings().length === count ? findings() : undefined),
    timeout,
  );
}
