/**
 * Runs the tests of `in-host/` inside VS Code's extension host, where the whole `vscode` API is at hand, and brings their
 * results back.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { projectRoot } from "../support/project.ts";
import type { HostContext, HostResult } from "./in-host/context.ts";
import type { VSCode } from "./workbench.ts";

/** Runs all of them with `workspace` as the open folder. Results come in the order of the run. */
export async function runHostTests(vscode: VSCode, workspace: string): Promise<readonly HostResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "weakspot-host-tests-"));
  try {
    const tests = join(folder, "tests");
    const results = join(folder, "results.json");
    await build({
      entryPoints: [join(projectRoot, "test/e2e/vscode/in-host/index.ts")],
      outfile: join(tests, "index.js"),
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      external: ["vscode"],
      logLevel: "warning",
    });
    const mocha = createRequire(import.meta.url).resolve("mocha");
    const context: HostContext = { mocha: pathToFileURL(mocha).href, results };
    writeFileSync(join(tests, "context.json"), JSON.stringify(context));

    // VS Code runs tests only for an extension under development. This one is empty: what is tested is the installed package.
    const empty = join(folder, "extension");
    mkdirSync(empty);
    const manifest = { name: "host-tests", publisher: "weakspot-tests", version: "0.0.0", engines: { vscode: "*" } };
    writeFileSync(join(empty, "package.json"), JSON.stringify(manifest));

    await runToExit(vscode, workspace, empty, tests);
    return JSON.parse(readFileSync(results, "utf8")) as HostResult[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a window that runs tests and waits until these say that they are through. */
async function runToExit(vscode: VSCode, workspace: string, extension: string, tests: string): Promise<void> {
  const log: string[] = [];
  let exit: (code: number) => void;
  const exited = new Promise<number>((resolve) => {
    exit = resolve;
  });
  const page = await vscode.open(
    workspace,
    [
      ["extensionDevelopmentPath", vscode.remoteAddress(extension)],
      ["extensionTestsPath", vscode.remoteAddress(tests)],
    ],
    async (newPage) => {
      await newPage.exposeFunction("codeAutomationLog", (_kind: string, values: unknown[]) =>
        log.push(values.join(" ")),
      );
      await newPage.exposeFunction("codeAutomationExit", (code: number) => exit(code));
    },
  );
  const code = await exited;
  await page.close();
  if (code !== 0) throw new Error(`The tests in the extension host ended with status ${code}.\n${log.join("\n")}`);
}
