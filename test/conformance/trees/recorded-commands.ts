/**
 * The compilations of a tree's build: compilers that stand before the real ones on PATH write down each command and run it. It knows
 * nothing of what the objects hold.
 */

import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";

/** One source compiled to one object. */
export interface Compilation {
  readonly folder: string;
  readonly compiler: string;
  readonly options: readonly string[];
  /** Absolute. */
  readonly object: string;
  /** Relative to the tree. */
  readonly source: string;
}

/** Writes the folder and the arguments of what compiles, one a line, and runs the program of the same name that comes next on PATH. */
const RECORDER = `#!/bin/sh
name=\${0##*/}
case " $* " in
*" -c "*) file=$(mktemp -p "$WEAKSPOT_RECORD" XXXXXXXXXX) && { echo "$PWD"; echo "$name"; printf '%s\\n' "$@"; } >"$file" ;;
esac
PATH=\${PATH#*:} exec "$name" "$@"
`;

/** Makes the folder of compilers that record. It has to be the first on PATH, with WEAKSPOT_RECORD naming where they write. */
export async function makeRecorders(folder: string, compilers: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const recorder = join(folder, "recorder");
  await writeFile(recorder, RECORDER);
  await chmod(recorder, 0o755);
  for (const compiler of compilers) await symlink("recorder", join(folder, compiler));
}

/** Reads what the recorders wrote of sources of the tree; the last command counts where an object was made more than once. */
export async function readCompilations(record: string, tree: string): Promise<Compilation[]> {
  const found = new Map<string, Compilation>();
  for (const name of await readdir(record)) {
    const [folder, compiler, ...options] = (await readFile(join(record, name), "utf8")).split("\n").slice(0, -1);
    if (folder === undefined || compiler === undefined) continue;
    const output = options[options.indexOf("-o") + 1];
    const sources = options.filter((option) => /\.[csS]$/.test(option) && !option.startsWith("-"));
    // Of a whole program in one object, nothing is global that its compiler can see all of.
    if (options.includes("-fwhole-program")) continue;
    if (!options.includes("-o") || output === undefined || sources.length !== 1) continue;
    const source = relative(tree, resolve(folder, sources[0]!));
    const object = resolve(folder, output);
    if (!source.startsWith("..") && /\.l?o$/.test(object))
      found.set(object, { folder, compiler, options, object, source });
  }
  return [...found.values()].sort((a, b) => (a.object < b.object ? -1 : 1));
}
