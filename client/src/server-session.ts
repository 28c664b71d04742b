/**
 * Starts the language server, watches it, and starts it anew when asked to or when it crashed.
 * Tells its state to one listener; must not know how states are shown.
 */

import * as vscode from "vscode";
import {
  type BaseLanguageClient,
  CloseAction,
  ErrorAction,
  type ErrorHandler,
  type HandleWorkDoneProgressSignature,
  type LanguageClientOptions,
  type ProgressToken,
  RevealOutputChannelOn,
  State,
  type WorkDoneProgressBegin,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from "vscode-languageclient";
import {
  type InitializationOptions,
  memoryChangedMethod,
  type StatusParams,
  statusMethod,
} from "../../server/src/protocol/messages.ts";
import { documentSelector } from "./document-selector.ts";
import { l10n } from "./l10n.ts";
import type { Launch } from "./launch.ts";
import { type ServerState, stateFromStatus } from "./server-state.ts";

export interface ServerSession {
  /** Starts the server unless it runs. Resolves when it answers or has failed; failure is told as a state, never thrown. */
  start(): Promise<void>;
  /** Stops whatever runs, crashed or not, and starts afresh with the settings as they are now. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** The running client, or undefined while there is none. */
  client(): BaseLanguageClient | undefined;
  state(): ServerState;
  /** What the editor calls a file that the server speaks of. */
  uriOf(text: string): vscode.Uri;
  /** Whether the server is asked about such a document. */
  serves(uri: vscode.Uri): boolean;
}

export interface SessionContext {
  readonly launch: Launch;
  readonly output: vscode.LogOutputChannel;
  readonly onState: (state: ServerState) => void;
  /** Called when the server tells that an image was linked again. */
  readonly onMemoryChanged: () => void;
}

/** A server that crashes more often than this within `crashWindow` stays down: it would only crash again. */
const toleratedCrashes = 4;
const crashWindow = 3 * 60 * 1000;

export function createServerSession(context: SessionContext): ServerSession {
  let client: BaseLanguageClient | undefined;
  let state: ServerState = { kind: "stopped" };
  // Restart may be asked for while a start or stop is under way; they run one after another.
  let last: Promise<void> = Promise.resolve();

  function setState(next: ServerState): void {
    state = next;
    context.onState(next);
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    last = last.then(work, work);
    return last;
  }

  async function start(): Promise<void> {
    if (client !== undefined) return;
    const missing = context.launch.missing();
    if (missing !== undefined) {
      setState({ kind: "failed", reason: missing });
      void offerHelp(`Weakspot: ${missing}`);
      return;
    }
    setState({ kind: "starting" });
    try {
      const starting = await createClient(context, setState, () => client === starting);
      client = starting;
      await starting.start();
    } catch (error) {
      context.output.error(`The server did not start: ${error instanceof Error ? error.message : String(error)}`);
      setState({ kind: "failed", reason: l10n.t("The server did not start. The output tells why.") });
      void offerHelp(l10n.t("Weakspot's language server did not start."));
    }
  }

  async function stop(): Promise<void> {
    const stopping = client;
    client = undefined;
    setState({ kind: "stopped" });
    try {
      await stopping?.dispose();
    } catch (error) {
      // A client that never started or whose server died has nothing left to stop, and says so by throwing.
      context.output.debug(`Stopping: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  return {
    start: () => inTurn(start),
    stop: () => inTurn(stop),
    restart: () =>
      inTurn(async () => {
        await stop();
        await start();
      }),
    client: () => (client?.isRunning() ? client : undefined),
    state: () => state,
    uriOf: (text) => client?.protocol2CodeConverter.asUri(text) ?? vscode.Uri.parse(text),
    serves: ({ scheme }) => context.launch.schemes().includes(scheme),
  };
}

async function createClient(
  context: SessionContext,
  setState: (state: ServerState) => void,
  isCurrent: () => boolean,
): Promise<BaseLanguageClient> {
  const tell = (state: ServerState) => {
    if (isCurrent()) setState(state);
  };
  const progress = createProgressReader(tell);
  const options: LanguageClientOptions = {
    documentSelector: documentSelector(context.launch.schemes()),
    outputChannel: context.output,
    traceOutputChannel: context.output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    diagnosticCollectionName: "weakspot",
    initializationOptions: {
      isOnlyCServer: !hasOtherCServer(),
      showsPlaces: true,
      checksWorkspaceByCommand: true,
    } satisfies InitializationOptions,
    errorHandler: createErrorHandler(tell),
    // The library would show the bare error; `start` tells what to do about it.
    initializationFailedHandler: (error) => {
      context.output.error("The server could not be initialized.", error);
      return false;
    },
    middleware: { handleWorkDoneProgress: progress.handle },
  };
  const client = await context.launch.createClient(options);
  client.onNotification(statusMethod, (status: StatusParams) => {
    progress.statusArrived();
    tell(stateFromStatus(status));
  });
  client.onNotification(memoryChangedMethod, () => {
    if (isCurrent()) context.onMemoryChanged();
  });
  client.onDidChangeState((change) => {
    if (change.newState === State.Starting) tell({ kind: "starting" });
    if (change.newState === State.Running) tell(stateBeforeStatus(context.launch));
  });
  return client;
}

/** What to assume of a running server until it has told its status, which it does for folders and for nothing else. */
function stateBeforeStatus(launch: Launch): ServerState {
  const schemes = launch.schemes();
  const hasFolder = vscode.workspace.workspaceFolders?.some(({ uri }) => schemes.includes(uri.scheme)) ?? false;
  return hasFolder
    ? { kind: "indexing", percentage: undefined, detail: undefined }
    : { kind: "ready", files: undefined, symbols: undefined };
}

/** Reads the standard progress of indexing, for as long as the server has not told its status in more detail. */
function createProgressReader(tell: (state: ServerState) => void) {
  let current: ProgressToken | undefined;
  let hasStatus = false;
  return {
    statusArrived(): void {
      hasStatus = true;
    },
    handle(
      token: ProgressToken,
      value: WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd,
      next: HandleWorkDoneProgressSignature,
    ): void {
      if (!hasStatus) {
        if (value.kind === "begin") current = token;
        if (token === current) {
          if (value.kind === "end") tell({ kind: "ready", files: undefined, symbols: undefined });
          else tell({ kind: "indexing", percentage: value.percentage, detail: value.message });
        }
      }
      next(token, value);
    },
  };
}

function createErrorHandler(tell: (state: ServerState) => void): ErrorHandler {
  const crashes: number[] = [];
  return {
    // One message that can't be read or written leaves the rest of the connection usable; three in a row do not.
    error: (_error, _message, count) => ({
      action: count !== undefined && count <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown,
    }),
    closed: () => {
      const now = Date.now();
      crashes.push(now);
      while (crashes.length > 0 && now - crashes[0]! > crashWindow) crashes.shift();
      if (crashes.length <= toleratedCrashes) {
        return {
          action: CloseAction.Restart,
          handled: true,
          message: l10n.t("The server crashed and is being restarted."),
        };
      }
      const message = l10n.t("The server crashed {0} times within three minutes and stays down.", crashes.length);
      tell({ kind: "failed", reason: message });
      void offerHelp(`Weakspot: ${message} ${l10n.t("The output shows its last words; a report of them is welcome.")}`);
      return { action: CloseAction.DoNotRestart, handled: true, message };
    },
  };
}

async function offerHelp(message: string): Promise<void> {
  const show = l10n.t("Show Output");
  const restart = l10n.t("Restart");
  const chosen = await vscode.window.showErrorMessage(message, show, restart);
  if (chosen === show) await vscode.commands.executeCommand("weakspot.showOutput");
  if (chosen === restart) await vscode.commands.executeCommand("weakspot.restart");
}

/** Extensions that bring a language server for C: what they say, ours does not say again. */
const C_EXTENSIONS = ["llvm-vs-code-extensions.vscode-clangd", "ms-vscode.cpptools", "ccls-project.ccls"];

function hasOtherCServer(): boolean {
  return C_EXTENSIONS.some((id) => vscode.extensions.getExtension(id) !== undefined);
}
