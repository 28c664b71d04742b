/** The command as it is built, for tests that start it many times: from its sources each start would take a second. */

import { join } from "node:path";
import { build } from "esbuild";
import { createTemporaryFolder } from "./temporary-folder.ts";

let bundled: Promise<string> | undefined;

/** The path of the command's bundle, made from the sources as they are, once per run. */
export function bundledCommand(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  const { bundleOptions } = await import("../../scripts/bundle.mjs");
  const folder = createTemporaryFolder();
  process.once("exit", () => folder[Symbol.dispose]());
  await build({ ...bundleOptions, outdir: folder.path });
  return join(folder.path, "cli.cjs");
}
