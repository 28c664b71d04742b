/**
 * Files for tests of what reads files: made in a folder of their own, which goes away when the tests are done.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ReadObject, readObject } from "../../../server/src/host/elf/read-objects.ts";
import type { ObjectRelocations } from "../../../server/src/host/elf/relocation-counts.ts";
import type { RelocationScope } from "../../../server/src/host/elf/relocation-sections.ts";
import { type Build, buildElf } from "./build-elf.ts";

let folder: string | undefined;
let count = 0;

/** The folder of this test run's files. */
export function temporaryFolder(): string {
  folder ??= mkdtempSync(join(tmpdir(), "weakspot-elf-"));
  return folder;
}

export function removeTemporaryFolder(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
}

/** Writes a file and gives its path. */
export function fileOf(bytes: Uint8Array | string, name = `file-${count++}`): string {
  const path = join(temporaryFolder(), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** Builds an object and reads it. */
export function readBuilt(build: Build, relocations?: RelocationScope): Promise<ReadObject> {
  return readBytes(buildElf(build), relocations);
}

export async function readBytes(bytes: Uint8Array | string, relocations?: RelocationScope): Promise<ReadObject> {
  const read = await readObject({ path: fileOf(bytes), member: undefined }, { relocations });
  return read!;
}

/** Builds an object and counts its relocations. */
export async function countBuilt(build: Build, scope: RelocationScope = "allocated"): Promise<ObjectRelocations> {
  const { symbols, counts, relocationProblems } = await readBuilt(build, scope);
  return { symbols, tables: counts, problems: relocationProblems };
}
