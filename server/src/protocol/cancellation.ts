/** What a client takes back, as signals that pure code and the host understand. */

import { type CancellationToken, LSPErrorCodes, ResponseError } from "vscode-languageserver";

/** A signal that is aborted when the client takes its request back. */
export function signalOf(token: CancellationToken): AbortSignal {
  const abort = new AbortController();
  token.onCancellationRequested(() =>
    abort.abort(new ResponseError(LSPErrorCodes.RequestCancelled, "the request was cancelled")),
  );
  return abort.signal;
}
