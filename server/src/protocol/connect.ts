/**
 * The connection to the client, and what must hold of each message before anybody handles it: the order of a server's life, parameters
 * that are such as the protocol says, and requests that are taken back. It knows no method's meaning.
 */

import type { Readable, Writable } from "node:stream";
import {
  CancellationSenderStrategy,
  CancellationTokenSource,
  type Connection,
  type ConnectionOptions,
  createConnection,
  ErrorCodes,
  LSPErrorCodes,
  type Message,
  type MessageReader,
  type MessageWriter,
  type NotificationMessage,
  ProposedFeatures,
  type RequestMessage,
  ResponseError,
} from "vscode-languageserver/node";
import { requestAbort, runRequest } from "../session/request-signal.ts";
import { areWellFormed } from "./well-formed.ts";

/** A request of our own in the place of one that is not answered: its handler says why. */
const REFUSED = "weakspot/refused";

interface Refusal {
  readonly code: number;
  readonly message: string;
}

/** How messages come and go: as bytes, or as what a browser's worker is sent. */
export type Channel =
  | { readonly kind: "bytes"; readonly input: Readable; readonly output: Writable }
  | { readonly kind: "messages"; readonly input: MessageReader; readonly output: MessageWriter };

/** Connects to one client. Without a channel, the arguments of the process say how. */
export function connect(channel?: Channel): Connection {
  const connection = openConnection(channel, createOptions());
  connection.onRequest(REFUSED, ({ code, message }: Refusal) => new ResponseError(code, message));
  return connection;
}

function openConnection(channel: Channel | undefined, options: ConnectionOptions): Connection {
  if (channel === undefined) return createConnection(ProposedFeatures.all, options);
  return channel.kind === "bytes"
    ? createConnection(ProposedFeatures.all, channel.input, channel.output, options)
    : createConnection(ProposedFeatures.all, channel.input, channel.output, options);
}

function cancelled(): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestCancelled, "the request was cancelled");
}

function createOptions(): ConnectionOptions {
  let life: Life = "new";
  return {
    // What waits in the queue and is taken back is never computed.
    connectionStrategy: {
      cancelUndispatched: ({ jsonrpc }) => ({ jsonrpc, id: null, error: cancelled().toJson() }),
    },
    cancellationStrategy: {
      sender: CancellationSenderStrategy.Message,
      receiver: {
        createCancellationTokenSource() {
          const source = new CancellationTokenSource();
          const abort = requestAbort();
          source.token.onCancellationRequested(() => abort?.abort(cancelled()));
          return source;
        },
      },
    },
    messageStrategy: {
      handleMessage(message, next) {
        if (!isCall(message)) return next(message);
        const refusal = refusalOf(message, life);
        const isRequest = "id" in message;
        if (refusal !== undefined) {
          return isRequest ? next({ ...message, method: REFUSED, params: refusal } as Message) : undefined;
        }
        life = lifeAfter(message.method, life);
        return isRequest ? runRequest(() => next(message)) : next(message);
      },
    },
  };
}

/** How far a server's life is (LSP 3.17, "Server lifecycle"). */
type Life = "new" | "running" | "shut down";

function lifeAfter(method: string, life: Life): Life {
  if (method === "initialize") return "running";
  return method === "shutdown" ? "shut down" : life;
}

function refusalOf({ method, params }: RequestMessage | NotificationMessage, life: Life): Refusal | undefined {
  if (method === "exit") return undefined;
  if (life === "new" && method !== "initialize")
    return { code: ErrorCodes.ServerNotInitialized, message: "initialize comes first" };
  if (life === "running" && method === "initialize")
    return { code: ErrorCodes.InvalidRequest, message: "the server is initialized already" };
  if (life === "shut down") return { code: ErrorCodes.InvalidRequest, message: "the server was shut down" };
  if (areWellFormed(method, params)) return undefined;
  return { code: ErrorCodes.InvalidParams, message: `these are no parameters of ${method}` };
}

function isCall(message: Message): message is RequestMessage | NotificationMessage {
  return "method" in message;
}
