/** What a suite needs from the machine. A missing tool is an error in CI and a skip that says what to install elsewhere. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Skips the suite or test whose `this` is given, unless the program is found in PATH. */
export function needProgram(context: Mocha.Context, program: string, debianPackage: string): void {
  need(context, isProgram(program), `${program} (apt install ${debianPackage})`);
}

/** Skips the suite or test whose `this` is given, unless the file exists. */
export function needFile(context: Mocha.Context, path: string, debianPackage: string): void {
  need(context, existsSync(path), `${path} (apt install ${debianPackage})`);
}

function need(context: Mocha.Context, found: boolean, what: string): void {
  if (found) return;
  if (process.env.CI === "true") throw new Error(`This suite needs ${what}.`);
  console.warn(`      skipped: needs ${what}`);
  context.skip();
}

function isProgram(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v "$1"`, "sh", program], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
