/** Compares the symbols of a built tree's objects with what the index's facts say of their sources. It builds nothing. */

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSession } from "../../../server/src/session/session.ts";
import { runOrThrow } from "../../support/run-program.ts";
import { type Comparison, compareObject, newComparison } from "../symbols/compare.ts";
import { symbolsOfSource } from "../symbols/source-symbols.ts";
import { type Compilation, readCompilations } from "./recorded-commands.ts";
import { type Unit, unitOf } from "./unit-of.ts";

export interface TreeComparison {
  readonly comparison: Comparison;
  readonly objects: number;
  /** Compilations whose source or object is gone, or that the preprocessor did not take again. */
  readonly leftOut: number;
}

/** @param record where the recorders wrote */
export async function compareTree(tree: string, record: string, jobs: number): Promise<TreeComparison> {
  const compilations = await readCompilations(record, tree);
  const scratch = await mkdtemp(join(tmpdir(), "weakspot-units-"));
  const session = openSession(tree);
  try {
    const letters = await lettersOf(compilations.map(({ object }) => object));
    const found = await inTurn(compilations, jobs, async (compilation) => {
      const named = letters.get(compilation.object);
      const unit = named === undefined ? undefined : await unitOf(compilation, tree, scratch);
      return unit === undefined || named === undefined ? undefined : { compilation, unit, letters: named };
    });
    await session.workspace.current;
    const comparison = newComparison();
    let objects = 0;
    for (const one of found) {
      if (one === undefined) continue;
      objects++;
      const { compilation, unit, letters } = one;
      const predicted = await session.ask((program) => predict(program.everywhere, compilation, unit, letters));
      compareObject(comparison, { object: compilation.source, letters, predicted, cause: undefined });
    }
    return { comparison, objects, leftOut: compilations.length - objects };
  } finally {
    await session.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
}

type Program = Parameters<typeof symbolsOfSource>[0];

/** A weak reference that the object does not name at all is one that nothing in it refers to: nm can't judge it. */
function predict(program: Program, { source }: Compilation, unit: Unit, letters: ReadonlyMap<string, string>) {
  return symbolsOfSource(program, source, unit).map(({ name, role, isWeak, isDoubtful }) => ({
    name,
    role: role === "weak reference" ? "declaration" : role,
    binding: isWeak ? "weak" : "strong",
    isReferenced: letters.has(name),
    doubt: isDoubtful ? "its condition asks a macro with arguments, or a header's macro makes it" : undefined,
  }));
}

/** How many objects one nm looks into. */
const BATCH = 200;

/** nm's letter of each external symbol, by the objects that are there. */
async function lettersOf(objects: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const there = objects.filter((object) => existsSync(object));
  const letters = new Map(there.map((object) => [object, new Map<string, string>()]));
  for (let i = 0; i < there.length; i += BATCH) {
    const text = await runOrThrow("nm", ["-A", "-g", ...there.slice(i, i + BATCH)]);
    for (const match of text.matchAll(/^([^:\n]+):\s*[0-9a-f]* *([A-Za-z]) (\S+)$/gm)) {
      letters.get(match[1]!)?.set(match[3]!.replace("@@", "@"), match[2]!);
    }
  }
  return letters;
}

/** Does the work for each, some at once; the answers are in the same order. */
async function inTurn<T, R>(list: readonly T[], jobs: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  const queue = [...list.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) answers[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return answers;
}
