/**
 * The signal of the request that is being answered, for whatever it leads to: a request that its client takes back stops at the next
 * question, whichever way it came there. Outside of a request, and after its answer, there is none.
 */

import { AsyncLocalStorage } from "node:async_hooks";

interface Running {
  readonly abort: AbortController;
  isOver: boolean;
}

const running = new AsyncLocalStorage<Running>();

/** Runs what answers a request. */
export async function runRequest(answer: () => unknown): Promise<void> {
  const request: Running = { abort: new AbortController(), isOver: false };
  try {
    await running.run(request, answer);
  } finally {
    // What it started for others, a timer for one, goes on.
    request.isOver = true;
  }
}

/** How to abort the request that is being answered. */
export function requestAbort(): AbortController | undefined {
  return current()?.abort;
}

/** The signal that is aborted when the request is taken back. */
export function requestSignal(): AbortSignal | undefined {
  return current()?.abort.signal;
}

function current(): Running | undefined {
  const request = running.getStore();
  return request?.isOver === false ? request : undefined;
}
