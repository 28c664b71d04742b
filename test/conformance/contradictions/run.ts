/**
 * Asks all that speak of a symbol the same question, and prints where they contradict each other: what `symbol` and hover say of each
 * link, the lens of a weak definition, the list of weak definitions, and where definition leads.
 *
 *     npm run conformance:contradictions -- DIR…
 */

import { linkageItemsOf } from "../../../server/src/features/linkage-items.ts";
import { findDefinitions } from "../../../server/src/features/navigation.ts";
import { reportSymbol } from "../../../server/src/features/symbol-report.ts";
import { defaultCacheFolder } from "../../../server/src/host/index-cache.ts";
import { overridesOf } from "../../../server/src/linkage/symbols/overrides.ts";
import type { Program } from "../../../server/src/linkage/symbols/program.ts";
import { openSession } from "../../../server/src/session/session.ts";

/** Symbols of one tree that are asked about. */
const MOST_SYMBOLS = 2000;

/** What the others say otherwise than the report of a symbol. */
function contradictions(symbol: string, program: Program): string[] {
  const found: string[] = [];
  const { linkUnits } = reportSymbol(symbol, program, { limit: 0 });
  for (const { path, fact } of program.definitionsOf(symbol)) {
    if (!program.isWeak(fact) || fact.inMacro !== undefined) continue;
    const units = new Set(program.links.unitsOf(path));
    const here = linkUnits.filter(
      ({ link, definitions }) => units.has(link) && definitions.some(({ file }) => file === path),
    );
    const { strong } = overridesOf(symbol, path, program);
    const item = linkageItemsOf(path, program.index.factsOf(path)!, program).find(
      (one) => one.symbol === symbol && one.span.start === fact.start,
    );
    const definitions = findDefinitions(symbol, path, program).definitions.map((place) => place.path);
    for (const { link, outcome, winner } of here) {
      const say = (what: string) => found.push(`${symbol} in ${link} (${path}): report says ${outcome}, ${what}`);
      const isWeak = outcome === "weak";
      if (isWeak && strong.length > 0 && here.length === 1) say(`the lens says overridden by ${strong[0]!.path}`);
      if (outcome === "strong" && winner !== undefined && !strong.some((one) => one.path === winner.file))
        say(`the winner is ${winner.file}, and the lens does not have it`);
      if (isWeak && item?.state === "strong" && here.length === 1)
        say(`the list says overridden by ${item.overriders[0]?.path}`);
      if (outcome === "strong" && item !== undefined && item.state !== "strong") say(`the list says ${item.state}`);
      if (winner !== undefined && !definitions.includes(winner.file))
        say(`the winner is ${winner.file}, and definition leads to ${definitions.join(", ")}`);
    }
  }
  return found;
}

async function run(root: string): Promise<number> {
  const session = openSession(root, { cacheFolder: defaultCacheFolder() });
  try {
    await session.workspace.current;
    const names = await session.ask(({ index, isWeak, madeIn }) => {
      const weak = new Set<string>();
      for (const path of index.paths()) {
        for (const fact of [...(index.factsOf(path)?.symbols ?? []), ...madeIn(path)]) {
          if (fact.role !== "declaration" && fact.role !== "provide" && isWeak(fact)) weak.add(fact.name);
        }
      }
      return [...weak].filter((name) => !name.includes("##")).sort();
    });
    const asked = names.slice(0, MOST_SYMBOLS);
    const found: string[] = [];
    for (const name of asked) found.push(...(await session.ask((program) => contradictions(name, program))));
    console.log(`${root}: ${asked.length} symbols with a weak definition, ${found.length} contradictions`);
    for (const line of found) console.log(`  ${line}`);
    return found.length;
  } finally {
    await session.dispose();
  }
}

let count = 0;
for (const root of process.argv.slice(2)) count += await run(root);
process.exitCode = count === 0 ? 0 : 1;
