/**
 * Runs a program of the machine (a compiler, make, qemu) and hands back what it said and how it ended.
 *
 * For tests alone. It knows nothing of what it runs.
 */

import { spawn } from "node:child_process";

export interface ProgramResult {
  /** The exit status, or undefined when a signal ended the program or it could not be started. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it was ended because it ran longer than it may. */
  readonly timedOut: boolean;
}

export interface RunOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Seconds after which the program, and what it started, are killed. */
  readonly seconds?: number;
}

/** Runs a program to its end. A program that fails, or that is not there, is an answer and never an exception. */
export function runProgram(
  command: string,
  commandArguments: readonly string[],
  options: RunOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    // A group of its own, so that a make that runs too long takes its compilers with it.
    const child = spawn(command, commandArguments, {
      cwd: options.folder,
      env: { ...process.env, LC_ALL: "C", ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let timedOut = false;
    const timer = setTimeout(
      () => {
        timedOut = true;
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      },
      (options.seconds ?? 600) * 1000,
    );
    const finish = (status: number | undefined, problem: string): void => {
      clearTimeout(timer);
      resolve({
        status,
        stdout: Buffer.concat(output).toString("utf8"),
        stderr: Buffer.concat(errors).toString("utf8") + problem,
        timedOut,
      });
    };
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", (error) => finish(undefined, error.message));
    child.on("close", (status) => finish(status ?? undefined, ""));
  });
}

/** Runs a program that must succeed and returns its standard output. Throws with the end of its messages when it fails. */
export async function runOrThrow(
  command: string,
  commandArguments: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const result = await runProgram(command, commandArguments, options);
  if (result.status === 0) return result.stdout;
  const ending = result.timedOut ? "ran too long" : `ended with ${result.status ?? "a signal"}`;
  const said = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-30).join("\n");
  throw new Error(`${command} ${commandArguments.join(" ")} ${ending}\n${said}`);
}
