/**
 * Asks all that speak of a symbol the same question, and prints where they contradict each other: what `symbol` and hover say of each
 * link, the lens of a weak definition, the list of weak references, weak definitions and PROVIDE, and where definition leads. Functions,
 * variables, symbols of scripts, labels of assembly and names that macros make are asked about alike.
 *
 *     npm run conformance:contradictions -- DIR…
 */

import { linkageItemsOf } from "../../../server/src/features/linkage-items.ts";
import { findDefinitions } from "../../../server/src/features/navigation.ts";
import { type LinkUnitReport, reportSymbol } from "../../../server/src/features/symbol-report.ts";
import { defaultCacheFolder } from "../../../server/src/host/index-cache.ts";
import { overridesOf } from "../../../server/src/linkage/symbols/overrides.ts";
import type { Program } from "../../../server/src/linkage/symbols/program.ts";
import { openSession } from "../../../server/src/session/session.ts";
import { createRandom } from "../../support/random.ts";

/** Symbols of one tree that are asked about. */
const MOST_SYMBOLS = 2000;

/** What the others say otherwise than the report of a symbol. */
function contradictions(symbol: string, program: Program): string[] {
  const { linkUnits } = reportSymbol(symbol, program, { limit: 0 });
  return [
    ...weakContradictions(symbol, linkUnits, program),
    ...definitionContradictions(symbol, linkUnits, program),
    ...listContradictions(symbol, linkUnits, program),
  ];
}

/** Where definition does not lead to what the report lists: from a definition to itself, from a declaration to the winner. */
function definitionContradictions(symbol: string, linkUnits: readonly LinkUnitReport[], program: Program): string[] {
  const found: string[] = [];
  const ledTo = new Map<string, readonly string[]>();
  const lead = (path: string) => {
    let paths = ledTo.get(path);
    if (paths === undefined) {
      paths = findDefinitions(symbol, path, program).definitions.map((place) => place.path);
      ledTo.set(path, paths);
    }
    return paths;
  };
  for (const { link, definitions, declarations, winner, outcome } of linkUnits) {
    for (const { file } of definitions) {
      if (!lead(file).includes(file)) found.push(`${symbol} in ${link}: definition in ${file} does not lead to itself`);
    }
    for (const { file } of winner === undefined ? [] : declarations) {
      if (program.links.unitsOf(file).includes(link) && !lead(file).includes(winner!.file))
        found.push(
          `${symbol} in ${link}: ${winner!.file} wins (${outcome}), and ${file} leads to ${lead(file).join(", ")}`,
        );
    }
  }
  return found;
}

/** Where the list says another thing of a weak reference or PROVIDE than the one link that has it. */
function listContradictions(symbol: string, linkUnits: readonly LinkUnitReport[], program: Program): string[] {
  const found: string[] = [];
  const isDefined = linkUnits.some(({ definitions }) => definitions.length > 0);
  for (const path of new Set(program.mentionsOf(symbol).map((mention) => mention.path))) {
    for (const { kind, symbol: listed, state } of linkageItemsOf(path, program.index.factsOf(path)!, program)) {
      if (listed !== symbol || kind === "weak definition") continue;
      if ((state === "undefined") === isDefined)
        found.push(
          `${symbol} (${path}): the list says ${state} of a ${kind}, the report ${isDefined ? "defined" : "not"}`,
        );
      const [only, ...others] = linkUnits;
      if (kind === "PROVIDE" && others.length === 0 && only?.outcome === "provided" && state === "strong")
        found.push(`${symbol} (${path}): the list says strong of a PROVIDE that takes effect`);
    }
  }
  return found;
}

function weakContradictions(symbol: string, linkUnits: readonly LinkUnitReport[], program: Program): string[] {
  const found: string[] = [];
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

/** The symbols of a tree by what defines them; each in the first kind that it is of. */
function namesByKind({ index, isWeak, madeIn }: Program): ReadonlyMap<string, ReadonlySet<string>> {
  const kinds = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const add = (kind: string, name: string) => {
    if (seen.has(name) || name.includes("##")) return;
    seen.add(name);
    kinds.set(kind, (kinds.get(kind) ?? new Set()).add(name));
  };
  const files = [...index.paths()].flatMap((path) => {
    const facts = index.factsOf(path);
    return facts === undefined ? [] : [{ path, facts }];
  });
  for (const { path, facts } of files) {
    for (const fact of madeIn(path)) add("made by macros", fact.name);
    for (const fact of facts.symbols)
      if (isWeak(fact)) add(fact.role === "declaration" ? "weak reference" : "weak", fact.name);
  }
  for (const { facts } of files) {
    for (const fact of facts.symbols) {
      if (fact.role === "declaration" || fact.binding === "local") continue;
      add(facts.language === "ld" ? "script" : facts.language === "asm" ? "assembly" : fact.kind, fact.name);
    }
  }
  return kinds;
}

/** So many of the names, the same in every run. */
function sample(names: readonly string[], count: number): readonly string[] {
  const random = createRandom(1);
  return names
    .map((name) => ({ name, key: random(1 << 30) }))
    .sort((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ name }) => name);
}

async function run(root: string): Promise<number> {
  const session = openSession(root, { cacheFolder: defaultCacheFolder() });
  try {
    await session.workspace.current;
    const kinds = await session.ask((program) => namesByKind(program));
    const asked = [...kinds.values()].flatMap((names) => sample([...names], Math.ceil(MOST_SYMBOLS / kinds.size)));
    const found: string[] = [];
    for (const name of asked) found.push(...(await session.ask((program) => contradictions(name, program))));
    console.log(`${root}: ${asked.length} symbols, ${found.length} contradictions`);
    for (const [kind, names] of kinds) console.log(`  ${kind}: ${names.size}`);
    for (const line of found) console.log(`  ${line}`);
    return found.length;
  } finally {
    await session.dispose();
  }
}

let count = 0;
for (const root of process.argv.slice(2)) count += await run(root);
process.exitCode = count === 0 ? 0 : 1;
