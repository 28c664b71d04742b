/**
 * A copy of the kernel's sources that editors may write into: a real one, as editors write through hard links.
 * It is kept in the cache. Whoever edits it gives it back as it was: `changedFiles` tells what differs, `rememberFiles` restores.
 */
import { existsSync, readFileSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { cachedFolder } from "../../support/cached-folder.ts";
import { kernelTree } from "../../support/kernel-tree.ts";
import { runOrThrow } from "../../support/run-program.ts";

/** The copy's path. It is made anew after a run that was killed before it could restore. Throws MissingToolError. */
export async function editableKernel(): Promise<string> {
  const original = await kernelTree();
  const name = `editable-${basename(original)}`;
  const make = async (folder: string) => {
    await runOrThrow("cp", ["--archive", "--reflink=auto", original, join(folder, "linux-source-6.1")]);
    writeFileSync(join(folder, "copied"), "");
  };
  let tree = join(await cachedFolder(name, make), "linux-source-6.1");
  if ((await changedFiles(tree)).length > 0) {
    await rm(dirname(tree), { recursive: true });
    tree = join(await cachedFolder(name, make), "linux-source-6.1");
  }
  return tree;
}

/** The files that are newer than the copy, as paths relative to the tree, sorted. */
export async function changedFiles(tree: string): Promise<string[]> {
  const output = await runOrThrow("find", [tree, "-newer", join(dirname(tree), "copied"), "-type", "f"]);
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
