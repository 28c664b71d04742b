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
    name: "linker-makes-nothing",
    what: "what ld makes of sections' names needs a definition",
    module: "linkage/symbols/who-may-define.ts",
    exported: "nameDefiners",
    wrong: "() => () => []",
  },
  {
    name: "found-is-always-there",
    what: "a definition somewhere in the tree is always linked",
    module: "rules/fallback/presence.ts",
    exported: "isAlwaysDefined",
    wrong: "() => (definitions) => ({ value: definitions.length > 0 })",
  },
  {
    name: "type-is-no-matter",
    what: "what is left of a conditional expression has another type",
    module: "rules/fallback/keep-type.ts",
    exported: "keepType",
    wrong: "() => () => ''",
  },
  {
    name: "address-is-harmless",
    what: "an address may be asked about in any words",
    module: "rules/fallback/address-flow.ts",
    exported: "followSymbol",
    wrong: "() => () => 'looked-at'",
  },
  {
    name: "optimization-is-blind",
    what: "link-time optimization does not look into the fallback",
    module: "rules/fallback/forms.ts",
    exported: "isSafe",
    wrong: "() => () => true",
  },
  {
    name: "any-condition-covers",
    what: "a definition under a condition is there under any other",
    module: "syntax/condition/relations.ts",
    exported: "covers",
    wrong: "() => () => true",
  },
  {
    name: "nothing-included",
    what: "the fallback's file includes nothing besides the header",
    module: "rules/fallback/fallback-includes.ts",
    exported: "findInclude",
    wrong:
      "(find) => (...given) => { const found = find(...given); return 'refusal' in found ? found : { header: undefined, includes: [] }; }",
  },
  {
    name: "no-warning-seen",
    what: "what compilers warn of once tests are gone is no matter",
    module: "rules/fallback/fold-warnings.ts",
    exported: "findFoldWarning",
    wrong: "() => () => undefined",
  },
  {
    name: "arguments-do-nothing",
    what: "arguments may be evaluated where they were not before",
    module: "rules/fallback/world-expression.ts",
    exported: "isPureExpression",
    wrong: "() => () => true",
  },
  {
    name: "far-makefiles-unseen",
    what: "an object is linked by the Makefiles above it alone",
    module: "linkage/kbuild/far-listings.ts",
    exported: "readFarListings",
    wrong: "() => () => ({ foldersNaming: () => [] })",
  },
  {
    name: "chosen-is-always-there",
    what: "what a Makefile's variables choose is always linked",
    module: "linkage/links/chosen-objects.ts",
    exported: "isChosen",
    wrong: "() => () => false",
  },
  {
    name: "names-are-no-arrays",
    what: "an object whose type is a name is no array",
    module: "rules/fallback/declared-shape.ts",
    exported: "shapeOfDeclared",
    wrong: "() => ({ declarator }) => ({ shape: declarator.shape, dimensions: declarator.bounds.length })",
  },
  {
    name: "comparisons-are-open",
    what: "compilers do not see what a small type decides",
    module: "rules/fallback/narrow-comparison.ts",
    exported: "isComparedOddly",
    wrong: "() => () => false",
  },
  {
    name: "calls-are-all-alike",
    what: "a fallback is called as any other function",
    module: "rules/fallback/declared-words.ts",
    exported: "conventionsOf",
    wrong: "() => () => ''",
  },
  {
    name: "words-mean-nothing",
    what: "what macros and attributes say of a declaration is no part of it",
    module: "rules/fallback/declared-words.ts",
    exported: "findUnkept",
    wrong: "() => () => undefined",
  },
  {
    name: "names-are-as-written",
    what: "no macro gives a symbol another name",
    module: "rules/fallback/declared-words.ts",
    exported: "findRenaming",
    wrong: "() => () => undefined",
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
