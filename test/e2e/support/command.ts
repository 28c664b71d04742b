/** The command `weakspot` as it is built, for tests that start it. */
import { join } from "node:path";
import { projectRoot, run } from "./run.ts";

let built: Promise<string> | undefined;

/** The path of the command's bundle, built from the checkout as it is, once per run; or the one that WEAKSPOT_CLI names. */
export function buildCommand(): Promise<string> {
  const given = process.env.WEAKSPOT_CLI;
  if (given) return Promise.resolve(given);
  built ??= run("npm", ["run", "build"]).then(() => join(projectRoot, "dist/cli.cjs"));
  return built;
}
