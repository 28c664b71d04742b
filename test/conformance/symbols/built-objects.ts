/**
 * The objects of a built kernel, the one source that each came from, and what nm says of them. It knows nothing of our own
 * reading.
 */

import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { runOrThrow } from "../../support/run-program.ts";

export interface BuiltObject {
  /** Relative to the build folder. */
  readonly object: string;
  /** Relative to the tree, or to the build folder where the build made it. */
  readonly source: string;
  readonly isGenerated: boolean;
}

export interface Listing {
  /** The tree that was built, as the build folder's link `source` names it. */
  readonly tree: string;
  readonly objects: readonly BuiltObject[];
  /** Objects of programs that run where the kernel is built: they are made with headers from outside of the tree. */
  readonly hostObjects: number;
}

/** Lists the objects by the command files that Kbuild keeps. */
export function listObjects(build: string): Listing {
  const tree = realpathSync(join(build, "source"));
  const own = realpathSync(build);
  const objects: BuiltObject[] = [];
  let hostObjects = 0;
  for (const entry of readdirSync(build, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/^\..*\.o\.cmd$/.test(entry.name)) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
    const source = /^source_\S+ := (.*)$/m.exec(text)?.[1];
    if (source === undefined) continue;
    // Every command of the kernel's own objects says so, scripts/Makefile.host says it to none.
    if (!/^(?:saved)?cmd_.*-nostdinc/m.test(text)) {
      hostObjects++;
      continue;
    }
    const object = relative(build, join(entry.parentPath, entry.name.replace(/^\.(.*)\.cmd$/, "$1")));
    const path = resolve(own, source);
    const isGenerated = path.startsWith(`${own}/`);
    objects.push({ object, source: relative(isGenerated ? own : tree, path), isGenerated });
  }
  objects.sort((a, b) => (a.object < b.object ? -1 : 1));
  return { tree, objects, hostObjects };
}

/** How many objects one nm looks into. */
const BATCH = 200;

/** nm's letter for each symbol of each object (binutils manual, nm). Local symbols are left out. */
export async function namesOf(
  build: string,
  objects: readonly BuiltObject[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const names = new Map<string, Map<string, string>>();
  for (const { object } of objects) names.set(object, new Map());
  for (let i = 0; i < objects.length; i += BATCH) {
    const paths = objects.slice(i, i + BATCH).map(({ object }) => object);
    const text = await runOrThrow("nm", ["-A", "-g", ...paths], { folder: build });
    for (const match of text.matchAll(/^([^:\n]+):\s*[0-9a-f]* *([A-Za-z]) (\S+)$/gm)) {
      names.get(match[1]!)?.set(match[3]!, match[2]!);
    }
  }
  return names;
}
