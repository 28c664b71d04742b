#!/usr/bin/env node
/** The command `weakspot`: reads arguments, runs one subcommand and sets the exit code. What each does is in cli/. */

import { runCommand } from "./cli/command-line.ts";

// `weakspot … | head`: who reads has seen enough, which is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

void runCommand(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
