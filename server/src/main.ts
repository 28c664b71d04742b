/** The language server's entry for editors that start it with --node-ipc, --stdio or --socket. */

import { startServer } from "./protocol/server.ts";

void startServer();
