/**
 * Faults that the product once had, switched back on: the suite must catch each of them. A fault takes the place of one exported
 * function when the product is bundled; nothing in the product knows of it.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "esbuild";

export interface Fault {
  readonly name: string;
  /** What is wrong again. */
  readonly what: string;
  /** The module, relative to server/src, and its function. */
  readonly module: string;
  readonly exported: string;
  /** JavaScript: given the real function, one that is wrong. */
  readonly wrong: string;
}

export const faults: readonly Fault[] = [
  {
    name: "tests-are-harmless",
    what: "an object's address may be asked about in any way",
    module: "rules/fallback/null-tests.ts",
    exported: "judgeObjectUses",
    wrong: "() => () => ({ value: undefined, valuePath: undefined, assertions: [], edits: [] })",
  },
];

/** Puts the fault in the function's place. Fails where the product has no such function any more. */
export function plantFault(fault: Fault): Plugin {
  const source = join(import.meta.dirname, "../../server/src", fault.module);
  return {
    name: "fault",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path !== source) return undefined;
        const text = await readFile(path, "utf8");
        const head = `export function ${fault.exported}(`;
        if (!text.includes(head))
          throw new Error(`the fault ${fault.name} is out of date: no ${head} in ${fault.module}`);
        const renamed = text.replace(head, `function real_${fault.exported}(`);
        return {
          contents: `${renamed}\nexport const ${fault.exported}: any = (${fault.wrong})(real_${fault.exported});\n`,
          loader: "ts",
        };
      });
    },
  };
}
