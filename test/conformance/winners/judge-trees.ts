/** Prints, for trees of Debian's sources, how many winners are told right, wrong, or not at all: by their builds, and by sources alone. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { builtTree, TREE_NAMES } from "./debian-trees.ts";
import { judgeTree, type Verdict } from "./map-winners.ts";

/** The tree that is judged unless others are asked for: it is built in two minutes. */
const QUICK = "musl";

/** Of those told wrong, so many are printed. */
const MOST_PRINTED = 20;

/**
 * @param names of trees with commas between them, "all", or undefined for the quick one
 * @returns whether none is told wrong
 */
export async function judgeTrees(names: string | undefined): Promise<boolean> {
  const chosen = names === "all" ? TREE_NAMES : (names ?? QUICK).split(",").filter((name) => name !== "");
  const wrong: string[] = [];
  for (const name of chosen) {
    const tree = await builtTree(name);
    const { byBuild, bySources } = await judgeTree(tree, await readFile(join(tree.build, tree.map), "latin1"));
    console.log(`${name}, ${tree.image}: by the build ${say(byBuild)}; by the sources alone ${say(bySources)}`);
    wrong.push(...[...byBuild.wrong, ...bySources.wrong].map((text) => `${name}: ${text}`));
  }
  for (const text of wrong.slice(0, MOST_PRINTED)) console.log(`  WRONG ${text}`);
  return wrong.length === 0;
}

function say({ right, wrong, depends }: Verdict): string {
  return `${right} right, ${wrong.length} wrong, ${depends} depend`;
}
