/** The entry that VS Code's extension host calls: runs mocha, and writes down every result. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type Mocha from "mocha";
import type { HostContext, HostResult } from "./context.ts";
import { describeEditing } from "./editing.ts";
import { describeServer } from "./server.ts";

/** A failed test is a result, not an error: this throws only if the tests could not be run. */
export async function run(): Promise<void> {
  const context = JSON.parse(readFileSync(join(__dirname, "context.json"), "utf8")) as HostContext;
  const { default: MochaClass } = (await import(context.mocha)) as { default: typeof Mocha };
  const results: HostResult[] = [];
  class Recorder {
    constructor(runner: Mocha.Runner) {
      runner.on("pass", (test) => results.push(describeTest(test, "passed")));
      runner.on("pending", (test) => results.push(describeTest(test, "pending")));
      runner.on("fail", (test, error: Error) =>
        results.push({ ...describeTest(test, "failed"), message: error.message, stack: error.stack ?? "" }),
      );
    }
  }
  const mocha = new MochaClass({
    ui: "bdd",
    timeout: 60_000,
    reporter: Recorder as unknown as Mocha.ReporterConstructor,
  });
  // Gives this module the globals `describe` and `it`, as loading a file of tests would.
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  describeEditing();
  describeServer();
  await new Promise<void>((resolve) => mocha.run(() => resolve()));
  writeFileSync(context.results, JSON.stringify(results));
}

function describeTest(test: Mocha.Test | Mocha.Hook, state: HostResult["state"]): HostResult {
  return { titles: test.titlePath(), state, duration: test.duration ?? 0 };
}
