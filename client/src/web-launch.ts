/** Runs the server as a worker of the browser, on the workspace's files in its memory. */
import * as vscode from "vscode";
import { FileChangeType, type Middleware } from "vscode-languageclient";
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from "vscode-languageclient/browser";
import type { Launch } from "./launch.ts";
import { partsInMemory, pathInMemory } from "./virtual-uris.ts";
import { createWebFiles, type FilePort, type WebFiles } from "./web-files.ts";

/** As browsers have it, whose types are not among this project's. */
declare const Worker: new (url: string) => { postMessage(message: unknown, transferred: readonly unknown[]): void };

/**
 * @param serverUri where the worker's bundle is
 * @param onMissing told, in words, which files the server does not have
 */
export function createWebLaunch(serverUri: vscode.Uri, onMissing: (words: string) => void): Launch {
  return {
    missing: () => undefined,
    schemes: () => [...new Set((vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme))],
    async createClient(options) {
      // By its bytes, as a browser starts no worker from another address, and VS Code none from a remote extension.
      const bundle = await vscode.workspace.fs.readFile(serverUri);
      const worker = new Worker(URL.createObjectURL(new Blob([bundle], { type: "text/javascript" })));
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ files: port2 }, [port2]);
      const files = createWebFiles(port1 as unknown as FilePort);
      const missing = await files.read(vscode.workspace.workspaceFolders ?? []);
      if (missing !== undefined) onMissing(missing);
      const uriConverters = { code2Protocol: uriInMemory, protocol2Code: uriOnScreen };
      const middleware = { ...options.middleware, ...followFiles(files) };
      // What VS Code makes of Worker there is none to the library.
      const start = async () => ({
        reader: new BrowserMessageReader(worker as never),
        writer: new BrowserMessageWriter(worker as never),
      });
      const initializationOptions = { ...options.initializationOptions, missingFiles: missing };
      const all = { ...options, initializationOptions, uriConverters, middleware };
      return new LanguageClient("weakspot", "Weakspot", start, all);
    },
  };
}

function uriInMemory(uri: vscode.Uri): string {
  return vscode.Uri.file(pathInMemory(uri)).toString();
}

function uriOnScreen(text: string): vscode.Uri {
  const uri = vscode.Uri.parse(text);
  const parts = partsInMemory(uri.path);
  return parts === undefined ? uri : uri.with(parts);
}

/** The links in a hover are the server's words, in which no library looks for URIs. */
const LINKS_IN_MEMORY = /file:\/\/\/weakspot\/[^>\s)]+/g;

function followFiles(files: WebFiles): Middleware {
  return {
    workspace: {
      async didChangeWorkspaceFolders(event, next) {
        const missing = await files.read(event.added);
        // Of what is not whole nothing is concluded, which the server learns when it starts.
        if (missing !== undefined) await vscode.commands.executeCommand("weakspot.restart");
        else await next(event);
      },
      async didChangeWatchedFile({ uri, type }, next) {
        await files.follow([{ uri: uriOnScreen(uri), isGone: type === FileChangeType.Deleted }]);
        await next({ uri, type });
      },
    },
    async provideHover(document, position, token, next) {
      const hover = await next(document, position, token);
      for (const part of hover?.contents ?? []) {
        if (part instanceof vscode.MarkdownString) {
          part.value = part.value.replace(LINKS_IN_MEMORY, (link) => uriOnScreen(link).toString());
        }
      }
      return hover;
    },
  };
}
