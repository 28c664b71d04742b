/**
 * The entry of the server in a browser's worker. Its first message carries the port by which the client sends files (files.ts); all
 * others are the protocol's.
 */

import { startServer } from "../protocol/server.ts";
import { createWorkerChannel } from "../protocol/worker-channel.ts";
import { type FileNews, takeNews } from "./files.ts";

/** As browsers have it. */
interface FilePort {
  onmessage: ((event: { readonly data: FileNews }) => void) | null;
  postMessage(answer: number): void;
}

interface WorkerScope {
  onmessage: ((event: { readonly data: { readonly files: FilePort } }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data: { files } }) => {
  scope.onmessage = null;
  files.onmessage = (event) => takeNews(event.data, (number) => files.postMessage(number));
  void startServer(createWorkerChannel(scope));
};
