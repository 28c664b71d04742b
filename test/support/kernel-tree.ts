/**
 * The kernel that tests read: Debian's linux-source-6.1, unpacked once into the cache.
 *
 * WEAKSPOT_LINUX names another Debian package by its version ("6.12"), or a tree that is unpacked already. Nobody writes into the tree; who wants to change files takes a copy
 * of hard links (copyKernelTree) and replaces them there.
 */

import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedFolder } from "./cached-folder.ts";
import { MissingToolError, needTools } from "./needed-tools.ts";
import { runOrThrow, runProgram } from "./run-program.ts";

const USUAL_VERSION = "6.1";

/** The version of a Debian package in place of the path of a tree. */
const VERSION = /^\d+\.\d+$/;

/** The path of the unpacked tree. Throws MissingToolError when the Debian package is not installed. */
export async function kernelTree(): Promise<string> {
  const given = process.env.WEAKSPOT_LINUX ?? "";
  if (given !== "" && !VERSION.test(given)) {
    if (!existsSync(join(given, "kernel/kallsyms_internal.h"))) {
      throw new MissingToolError(`WEAKSPOT_LINUX=${given} is no kernel tree`);
    }
    return given;
  }
  const packageName = `linux-source-${given === "" ? USUAL_VERSION : given}`;
  const archivePath = `/usr/src/${packageName}.tar.xz`;
  await needTools([
    { command: archivePath, debianPackage: packageName },
    { command: "xz", debianPackage: "xz-utils" },
  ]);
  const archive = statSync(archivePath);
  const key = createHash("sha256").update(`${archive.size} ${archive.mtimeMs}`).digest("hex").slice(0, 12);
  return cachedFolder(`${packageName}-${key}`, async (folder) => {
    await runOrThrow("tar", ["-xJf", archivePath, "-C", folder, "--strip-components=1"]);
  });
}

/**
 * Copies a tree by hard links where the file system allows it, which takes two seconds and no space. `copy` must not exist
 * yet. Change its files by replaceFile alone.
 */
export async function copyKernelTree(tree: string, copy: string): Promise<void> {
  const linked = await runProgram("cp", ["-al", tree, copy]);
  if (linked.status === 0) return;
  await rm(copy, { recursive: true, force: true });
  await runOrThrow("cp", ["-a", tree, copy]);
}

/** Gives a file of a copied tree a new text: the old file is unlinked first, as the original tree shares its bytes. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, text, { flag: "wx" });
}
