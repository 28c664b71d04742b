/**
 * Compares what the index's facts say of the sources of really built trees with nm's view of their objects: definitions, bindings,
 * weak definitions and weak references. Which files a unit is made of and which macros hold there is asked of its own compiler.
 *
 *     npm run conformance:trees [-- [--all] [--only REGEX] [--show N] [--jobs N]]
 *
 * The first tree alone, as a quick part; --all takes all, --only those of a name. Sources are fetched by `apt-get source` and built once
 * into the cache. Fails where a goal of symbols/report.ts is missed.
 */

import { parseArgs } from "node:util";
import { needTools } from "../../support/needed-tools.ts";
import { report } from "../symbols/report.ts";
import { builtTree, TREE_RECIPES } from "./built-trees.ts";
import { compareTree } from "./compare-tree.ts";

const { values } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    only: { type: "string" },
    show: { type: "string", default: "20" },
    jobs: { type: "string", default: "2" },
  },
});
const { all, only } = values;
const recipes = TREE_RECIPES.filter(({ name }, i) =>
  only === undefined ? all || i === 0 : new RegExp(only).test(name),
);
for (const recipe of recipes) {
  await needTools([
    ...recipe.compilers,
    { command: "nm", debianPackage: "binutils" },
    { command: "make", debianPackage: "make" },
    { command: "dpkg-source", debianPackage: "dpkg-dev" },
  ]);
  const { tree, record } = await builtTree(recipe);
  const { comparison, objects, leftOut } = await compareTree(tree, record, Number(values.jobs));
  console.log(`\n== ${recipe.name}: ${objects} objects of one source each, ${leftOut} left out`);
  if (objects === 0 || !report(comparison, Number(values.show))) process.exitCode = 1;
}
