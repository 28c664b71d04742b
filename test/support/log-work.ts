/**
 * Loaded into a server's process before the server (`--import`): writes a line to the file that WEAKSPOT_WORK_LOG names for each
 * file that a thread opens and each message between threads. What it stands before runs as it is.
 */

import fs, { appendFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { MessagePort, Worker } from "node:worker_threads";

const log = process.env.WEAKSPOT_WORK_LOG;

if (log !== undefined) {
  const write = (kind: string, what: unknown) => appendFileSync(log, `${kind} ${what}\n`);
  const { openSync } = fs;
  const { open } = fs.promises;
  fs.openSync = (...given: Parameters<typeof openSync>) => {
    write("open", given[0]);
    return openSync(...given);
  };
  fs.promises.open = (...given: Parameters<typeof open>) => {
    write("open", given[0]);
    return open(...given);
  };
  syncBuiltinESMExports();
  for (const { prototype } of [MessagePort, Worker]) {
    const { postMessage } = prototype;
    prototype.postMessage = function (this: never, ...given: Parameters<typeof postMessage>) {
      // Those of loaders have no kind.
      if (given[0]?.kind !== undefined) write("message", given[0].kind);
      return postMessage.apply(this, given);
    };
  }
}
