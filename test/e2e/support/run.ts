/** Runs programs for the slow suites. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The project's top folder. */
export const projectRoot = fileURLToPath(new URL("../../..", import.meta.url));

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** Runs a program to its end and returns its standard output. An exit status other than 0 throws, with all its output. */
export function run(program: string, parameters: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      parameters,
      { cwd: projectRoot, maxBuffer: 256 * 1024 * 1024, ...options },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${program} ${parameters.join(" ")}: ${error.message}\n${stdout}\n${stderr}`));
      },
    );
  });
}
