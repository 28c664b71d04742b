/** The server's life as the client manages it: settings, restart, crash, checking the whole workspace. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as vscode from "vscode";
import type { WeakspotApi } from "../../../../client/src/extension.ts";
import type { ServerState } from "../../../../client/src/server-state.ts";
import type { CheckWorkspaceResult } from "../../../../server/src/protocol/messages.ts";
import { fileInWorkspace } from "./editing.ts";
import { activateWeakspot, waitFor, waitForFindings, waitForState } from "./wait.ts";

export function describeServer(): void {
  describe("the server", () => {
    let api: WeakspotApi;
    before(async () => {
      api = await activateWeakspot();
      await waitForState(api, "ready");
    });

    it("tells how much it has indexed", () => {
      const state = api.state();
      assert.equal(state.kind, "ready");
      assert.ok(state.kind === "ready" && state.files !== undefined && state.files > 0, JSON.stringify(state));
    });

    it("registers every command of the manifest", async () => {
      const manifest = vscode.extensions.getExtension("weakspot.weakspot")!.packageJSON as {
        contributes: { commands: { command: string }[] };
      };
      const registered = new Set(await vscode.commands.getCommands(true));
      for (const { command } of manifest.contributes.commands) assert.ok(registered.has(command), command);
    });

    it("applies a rule's severity as soon as the setting changes", async () => {
      const script = await vscode.workspace.openTextDocument(fileInWorkspace("arch/x86/kernel/vmlinux.lds.S"));
      await waitForFindings(script.uri, 1);
      const settings = vscode.workspace.getConfiguration("weakspot");
      await settings.update("rules", { "provide-symbol": "error" }, vscode.ConfigurationTarget.Global);
      await waitFor("an error", [vscode.languages.onDidChangeDiagnostics], () =>
        vscode.languages
          .getDiagnostics(script.uri)
          .find((diagnostic) => diagnostic.severity === vscode.DiagnosticSeverity.Error),
      );
      await settings.update("rules", { "provide-symbol": "off" }, vscode.ConfigurationTarget.Global);
      await waitForFindings(script.uri, 0);
      await settings.update("rules", undefined, vscode.ConfigurationTarget.Global);
      await waitForFindings(script.uri, 1);
    });

    it("checks files that nobody opened", async () => {
      const unopened = fileInWorkspace("lib/optional.c");
      assert.deepEqual(vscode.languages.getDiagnostics(unopened), []);
      const result = await vscode.commands.executeCommand<CheckWorkspaceResult>("weakspot.checkWorkspace");
      assert.ok(result.files >= 2 && result.findings >= result.files, JSON.stringify(result));
      const [finding] = await waitForFindings(unopened, 1);
      assert.match(finding!.message, /optional_hook/);
    });

    it("restarts on command and finds everything again", async () => {
      const before = serverProcesses();
      assert.equal(before.length, 1);
      await vscode.commands.executeCommand("weakspot.restart");
      await waitForState(api, "ready");
      assert.equal(serverProcesses().length, 1);
      assert.notDeepEqual(serverProcesses(), before);
      await waitForFindings(fileInWorkspace("arch/x86/kernel/vmlinux.lds.S"), 1);
    });

    it("comes back by itself after a crash", async () => {
      const [victim] = serverProcesses();
      await crash(api, "starting");
      await waitForState(api, "ready");
      assert.notEqual(serverProcesses()[0], victim);
      await waitForFindings(fileInWorkspace("arch/x86/kernel/vmlinux.lds.S"), 1);
    });

    it("stays down after five crashes, until it is restarted", async () => {
      await vscode.commands.executeCommand("weakspot.restart");
      await waitForState(api, "ready");
      for (let crashes = 1; crashes <= 4; crashes++) {
        await crash(api, "starting");
        await waitForState(api, "ready");
      }
      await crash(api, "failed");
      assert.deepEqual(serverProcesses(), []);
      await vscode.commands.executeCommand("weakspot.restart");
      await waitForState(api, "ready");
      await waitForFindings(fileInWorkspace("arch/x86/kernel/vmlinux.lds.S"), 1);
    });
  });
}

/** Kills the server and waits until the client is in the state that it enters thereupon. */
async function crash(api: WeakspotApi, then: ServerState["kind"]): Promise<void> {
  const reached = new Promise<void>((resolve) => {
    const listener = api.onDidChangeState((state) => {
      if (state.kind !== then) return;
      listener.dispose();
      resolve();
    });
  });
  process.kill(serverProcesses()[0]!, "SIGKILL");
  await reached;
}

/** Ids of the language servers that this extension host has started. */
function serverProcesses(): number[] {
  const listing = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], { encoding: "utf8" });
  const lines = listing.split("\n").filter((line) => line.includes("weakspot") && line.includes("cli.cjs server"));
  return lines.map((line) => Number.parseInt(line, 10));
}
