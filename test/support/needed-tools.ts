/**
 * What a slow suite needs of the machine: tells what is missing, and on CI installs it.
 *
 * A missing tool is an error where CI=true, as a suite that did not run must not look like one that passed, and a visible
 * skip elsewhere.
 */

import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { runOrThrow } from "./run-program.ts";

export interface Tool {
  /** The command as it is found on PATH, or the absolute path of a file. */
  readonly command: string;
  readonly debianPackage: string;
}

/** Something that the machine lacks, with the package that holds it. */
export class MissingToolError extends Error {}

/** Whether a command is on PATH, or an absolute path can be read. */
export function isInstalled(command: string): boolean {
  const candidates = isAbsolute(command)
    ? [command]
    : (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, command));
  return candidates.some((candidate) => {
    try {
      accessSync(candidate, isAbsolute(command) ? constants.R_OK : constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

let packageListsRead = false;

/** Makes sure that every tool is there; installs what is not when this is CI and we may. Throws MissingToolError. */
export async function needTools(tools: readonly Tool[]): Promise<void> {
  const missing = tools.filter((tool) => !isInstalled(tool.command));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => tool.debianPackage))];
  if (process.env.CI === "true" && process.getuid?.() === 0) {
    console.log(`      installing ${packages.join(" ")}`);
    const environment = { DEBIAN_FRONTEND: "noninteractive" };
    if (!packageListsRead) {
      await runOrThrow("apt-get", ["update", "-q"], { environment, seconds: 300 });
      packageListsRead = true;
    }
    await runOrThrow("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...packages], {
      environment,
      seconds: 900,
    });
  }
  const stillMissing = missing.filter((tool) => !isInstalled(tool.command));
  if (stillMissing.length > 0) {
    throw new MissingToolError(
      `missing: ${stillMissing.map((tool) => tool.command).join(", ")}; install with: apt-get install ${packages.join(" ")}`,
    );
  }
}

/** Does `work`; when a tool is missing, says so and skips the test, or fails it on CI. */
export async function orSkip<T>(context: Mocha.Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MissingToolError) || process.env.CI === "true") throw error;
    console.log(`      skipped, ${error.message}`);
    return context.skip();
  }
}
