/**
 * Runs VS Code: its server with one extension installed, and its workbench in a headless Chromium.
 * Knows nothing of what is tested.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { runOrThrow } from "../../support/run-program.ts";

export const chromiumPath = "/usr/bin/chromium";

export interface VSCode {
  /** Opens a window on a folder. `payload` is what VS Code itself puts into the page's address, pairs of name and value. */
  open(
    folder: string,
    payload?: readonly (readonly [string, string])[],
    prepare?: (page: Page) => Promise<void>,
  ): Promise<Page>;
  /** The address under which windows see a path of this machine. */
  remoteAddress(path: string): string;
  stop(): Promise<void>;
}

/** Milliseconds that any step may take. A machine that compiles a kernel at the same time is slow, and nothing is wrong with it. */
const PATIENCE = 120_000;

/** Starts VS Code from `entry` with the extensions of the packages at `vsix` and the given user settings. */
export async function startVSCode(entry: string, vsix: string | readonly string[], settings: object): Promise<VSCode> {
  const folder = mkdtempSync(join(tmpdir(), "weakspot-vscode-"));
  const data = join(folder, "data");
  mkdirSync(join(data, "data/User"), { recursive: true });
  writeFileSync(join(data, "data/User/settings.json"), JSON.stringify({ ...quietSettings, ...settings }));
  const common = [
    entry,
    "--server-data-dir",
    data,
    "--extensions-dir",
    join(folder, "extensions"),
    "--accept-server-license-terms",
  ];
  const installed = [vsix].flat().flatMap((path) => ["--install-extension", path]);
  await runOrThrow(process.execPath, [...common, ...installed], { environment: serverEnvironment });

  const server = spawn(
    process.execPath,
    [
      ...[...common, "--host", "127.0.0.1", "--port", "0", "--without-connection-token", "--telemetry-level", "off"],
      ...["--disable-workspace-trust", "--disable-experiments", "--enable-smoke-test-driver"],
    ],
    // What tests index is not for the user's cache, and each run starts without one.
    {
      env: { ...process.env, ...serverEnvironment, XDG_CACHE_HOME: join(folder, "cache") },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let browser: Browser | undefined;
  async function stop(): Promise<void> {
    await browser?.close();
    await endProcess(server);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  try {
    const port = await listeningPort(server);
    browser = await chromium.launch({ executablePath: chromiumPath, headless: true, args: chromiumFlags });
    return {
      remoteAddress: (path) => `vscode-remote://127.0.0.1:${port}${path}`,
      stop,
      async open(workspace, payload, prepare) {
        const page = await browser!.newPage({ viewport: { width: 1360, height: 850 } });
        page.setDefaultTimeout(PATIENCE);
        await prepare?.(page);
        const query = new URLSearchParams({ folder: workspace });
        if (payload !== undefined) query.set("payload", JSON.stringify(payload));
        await page.goto(`http://127.0.0.1:${port}/?${query}`);
        return page;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const chromiumFlags = [
  "--no-sandbox", // Chromium's sandbox refuses to run as root, which is what CI is.
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.commandCenter.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  // Both are on by default; the tests save when they mean to.
  "files.autoSave": "off",
  "files.refactoring.autoSave": false,
  "telemetry.telemetryLevel": "off",
  "security.workspace.trust.enabled": false,
};

const serverEnvironment = {
  EXTENSIONS_GALLERY: "{}",
  // VS Code's server uses the global WebSocket, which Node 20 has only on request. What the tests run with is not for it.
  NODE_OPTIONS: Number.parseInt(process.versions.node, 10) < 22 ? "--experimental-websocket" : "",
};

function listeningPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const match = /Extension host agent listening on (\d+)/.exec(output);
      if (match !== null) resolve(Number(match[1]));
    };
    server.stdout!.on("data", read);
    server.stderr!.on("data", read);
    server.once("exit", (code) => reject(new Error(`VS Code's server ended with status ${code}.\n${output}`)));
  });
}

function endProcess(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once("exit", () => resolve());
    server.kill("SIGTERM");
    setTimeout(() => server.kill("SIGKILL"), 5000).unref();
  });
}
