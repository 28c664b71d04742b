/** A copy of the project as a clean clone has it, with what is not committed yet, and the installed packages beside it. */

import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { runOrThrow } from "../../support/run-program.ts";
import { projectRoot } from "./project.ts";

/** Makes the copy in a folder that is not there yet. */
export async function copyCheckout(folder: string): Promise<void> {
  const list = async (...options: string[]) =>
    (await runOrThrow("git", ["ls-files", "-z", ...options], { folder: projectRoot })).split("\0");
  const gone = new Set(await list("--deleted"));
  for (const path of await list("--cached", "--others", "--exclude-standard")) {
    if (path === "" || gone.has(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(projectRoot, path), join(folder, path));
  }
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
}
