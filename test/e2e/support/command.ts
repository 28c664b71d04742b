/** The command `weakspot` as it is built, for tests that start it. */
import { join } from "node:path";
import { runOrThrow } from "../../support/run-program.ts";
import { projectRoot } from "./project.ts";

let built: Promise<string> | undefined;

/** The path of the command's bundle, built from the checkout as it is, once per run; or the one that WEAKSPOT_CLI names. */
export function buildCommand(): Promise<string> {
  const given = process.env.WEAKSPOT_CLI;
  if (given) return Promise.resolve(given);
  built ??= runOrThrow("npm", ["run", "build"], { folder: projectRoot }).then(() => join(projectRoot, "dist/cli.cjs"));
  return built;
}
