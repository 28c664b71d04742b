/** Compares the symbols of a built tree's objects with what the index's facts say of their sources. It builds nothing. */

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
    const found = await inTurn(compilations, jobs, async (compilation) => {
      const unit = await unitOf(compilation, tree, scratch);
      const letters = unit === undefined ? undefined : await lettersOf(compilation.object);
      return unit === undefined || letters === undefined ? undefined : { compilation, unit, letters };
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
    doubt: isDoubtful ? "its condition asks a macro with arguments" : undefined,
  }));
}

/** nm's letter of each external symbol; undefined where there is no such object. */
async function lettersOf(object: string): Promise<ReadonlyMap<string, string> | undefined> {
  const text = await runOrThrow("nm", ["-g", object]).catch(() => undefined);
  if (text === undefined) return undefined;
  return new Map(
    [...text.matchAll(/^[0-9a-f ]* ([A-Za-z]) (\S+)$/gm)].map((match) => [match[2]!.replace("@@", "@"), match[1]!]),
  );
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
