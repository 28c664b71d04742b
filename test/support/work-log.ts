/** What a server's process does, counted: which files it opens, and which messages its threads send each other. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ClientOptions } from "./language-client.ts";

export interface WorkLog {
  /** How a client starts a server that is counted. */
  readonly options: ClientOptions;
  /** What was done since this was asked for the last time. */
  take(): Work;
}

export interface Work {
  /** Sources and headers of the tree that were opened, relative to its root, each as often as it was opened. */
  readonly opened: readonly string[];
  /** The kinds of the messages between threads, each as often as one was sent. */
  readonly messages: readonly string[];
}

/** @param root the tree's real path; @param path of the log, which lies outside of the tree */
export function openWorkLog(root: string, path: string): WorkLog {
  const log = pathToFileURL(join(import.meta.dirname, "log-work.ts")).href;
  const cli = join(import.meta.dirname, "../../server/src/cli.ts");
  let seen = 0;
  return {
    options: {
      command: ["--import=tsx", `--import=${log}`, cli],
      environment: { WEAKSPOT_WORK_LOG: path },
    },
    take() {
      const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
      const fresh = lines.slice(seen);
      seen = lines.length;
      const opened = fresh
        .filter((line) => line.startsWith(`open ${root}/`))
        .map((line) => line.slice(`open ${root}/`.length));
      const sent = fresh.filter((line) => line.startsWith("message "));
      return { opened, messages: sent.map((line) => line.slice("message ".length)) };
    },
  };
}
