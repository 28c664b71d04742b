#!/usr/bin/env node
/** The command `weakspot`: reads arguments, runs one subcommand and sets the exit code. What each does is in cli/. */

import { runCommand } from "./cli/command-line.ts";

void runCommand(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
