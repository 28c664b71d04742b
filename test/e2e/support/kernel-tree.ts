/**
 * Debian's linux-source-6.1, unpacked once into the cache.
 * Tests may edit the tree if they give it back as it was: `changedFiles` tells what differs, `rememberFiles` restores it.
 */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join, relative } from "node:path";
import { cachePath } from "./cache.ts";
import { run } from "./run.ts";

export const kernelTarball = "/usr/src/linux-source-6.1.tar.xz";

/** The unpacked tree's path. Takes half a minute the first time, and after a run that was killed before it could restore. */
export async function unpackKernel(): Promise<string> {
  const packed = statSync(kernelTarball);
  // A newer package has other contents under the same name.
  const folder = cachePath(`kernel-source-${packed.size}`);
  const tree = join(folder, "linux-source-6.1");
  if (existsSync(stampOf(tree)) && (await changedFiles(tree)).length > 0) {
    rmSync(stampOf(tree));
    rmSync(tree, { recursive: true });
  }
  if (!existsSync(stampOf(tree))) {
    mkdirSync(folder, { recursive: true });
    const unfinished = await mkdtemp(`${tree}.unpacking-`);
    await run("tar", ["--extract", "--xz", "--file", kernelTarball, "--directory", unfinished, "--strip-components=1"]);
    rmSync(tree, { recursive: true, force: true });
    renameSync(unfinished, tree);
    writeFileSync(stampOf(tree), "");
  }
  return tree;
}

/** The files that are newer than the unpacking, as paths relative to the tree, sorted. */
export async function changedFiles(tree: string): Promise<string[]> {
  const output = await run("find", [tree, "-newer", stampOf(tree), "-type", "f"]);
  const paths = output.split("\n").filter((path) => path !== "");
  return paths.map((path) => relative(tree, path)).sort();
}

/**
 * Remembers files before a test edits them.
 * `paths` are relative to the tree; those that don't exist are expected to be created. The returned function puts contents and
 * times back and removes what was created.
 */
export function rememberFiles(tree: string, paths: readonly string[]): () => void {
  const remembered = paths.map((path) => {
    const file = join(tree, path);
    if (!existsSync(file)) return { file };
    const { atime, mtime } = statSync(file);
    return { file, contents: readFileSync(file), atime, mtime };
  });
  return () => {
    for (const { file, contents, atime, mtime } of remembered) {
      if (contents === undefined) {
        if (existsSync(file)) unlinkSync(file);
      } else {
        writeFileSync(file, contents);
        utimesSync(file, atime, mtime);
      }
    }
  };
}

function stampOf(tree: string): string {
  return `${tree}.unpacked`;
}
