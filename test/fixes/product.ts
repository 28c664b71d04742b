/** The product as it is shipped, run on a tree from outside: its command, and what it offers that the command does not apply. */

import { join } from "node:path";
import { build } from "esbuild";
import { runProgram } from "../support/run-program.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { type Fault, plantFault } from "./faults.ts";

/** What becomes of one finding. */
export interface Offer {
  readonly rule: string;
  readonly file: string;
  readonly symbol: string;
  readonly fixes: readonly {
    readonly title: string;
    readonly preferred: boolean;
    readonly refusal: string | undefined;
  }[];
}

export interface Product {
  /** Applies all preferred fixes, as CI would; what it said where it failed. */
  applyPreferred(root: string): Promise<string | undefined>;
  /** The same as a patch. */
  diff(root: string): Promise<string>;
  /** Everything that is offered or refused in the tree. */
  offers(root: string): Promise<readonly Offer[]>;
  /** Applies what is offered and not preferred, a fix for each symbol; returns the symbols and their fixes' titles. */
  applyOthers(root: string): Promise<readonly { readonly symbol: string; readonly title: string }[]>;
}

/** Bundles the product, with a fault in it where one is named. */
export async function openProduct(fault: Fault | undefined): Promise<Product> {
  const { bundleOptions } = await import("../../scripts/bundle.mjs");
  const folder = createTemporaryFolder();
  process.once("exit", () => folder[Symbol.dispose]());
  await build({
    ...bundleOptions,
    entryPoints: { ...bundleOptions.entryPoints, "offers-child": "test/fixes/offers-child.ts" },
    sourcemap: false,
    outdir: folder.path,
    plugins: fault === undefined ? [] : [plantFault(fault)],
  });
  const run = async (script: string, options: readonly string[]) => {
    const result = await runProgram(process.execPath, [join(folder.path, script), ...options], { seconds: 120 });
    if (result.status === undefined || result.status > 1) {
      throw new Error(`${script} ${options.join(" ")} ended with ${result.status}: ${result.stderr.slice(0, 2000)}`);
    }
    return result;
  };
  const check = (root: string, option: string) => run("cli.cjs", ["check", option, "--no-cache", "--root", root]);
  return {
    async applyPreferred(root) {
      const { stderr } = await check(root, "--fix");
      return /\bfailed on\b/.test(stderr) ? stderr : undefined;
    },
    diff: async (root) => {
      const { stdout } = await check(root, "--diff");
      const start = stdout.search(/^--- /m);
      return start < 0 ? "" : stdout.slice(start);
    },
    offers: async (root) => JSON.parse((await run("offers-child.cjs", ["list", root])).stdout),
    applyOthers: async (root) => JSON.parse((await run("offers-child.cjs", ["apply", root])).stdout),
  };
}
