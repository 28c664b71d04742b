/**
 * A distribution's kernel with debug information, about 700 MB: that of Debian's newest linux-image-6.1.0-*-amd64-dbg, unpacked
 * once into the cache. WEAKSPOT_DEBUG_VMLINUX names another one.
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { cachedFolder, hasCachedFolder } from "./cached-folder.ts";
import { MissingToolError } from "./needed-tools.ts";
import { runOrThrow } from "./run-program.ts";

const FOLDER = "debug-vmlinux-6.1";

const HINT = "set WEAKSPOT_DEBUG_VMLINUX to a vmlinux, or say --download-debug-kernel (860 MB)";

/** The path of a vmlinux with DWARF. Throws MissingToolError where there is none and it may not be downloaded. */
export async function debugVmlinux(mayDownload: boolean): Promise<string> {
  const given = process.env.WEAKSPOT_DEBUG_VMLINUX;
  if (given !== undefined && given !== "") return given;
  if (!mayDownload && !hasCachedFolder(FOLDER)) throw new MissingToolError(HINT);
  const folder = await cachedFolder(FOLDER, download);
  const [name] = (await readdir(folder)).filter((file) => file.startsWith("vmlinux-"));
  if (name === undefined) throw new MissingToolError(`${folder} holds no vmlinux`);
  return join(folder, name);
}

async function download(folder: string): Promise<void> {
  const pattern = "^linux-image-6\\.1\\.0-[0-9]+-amd64-dbg$";
  await runOrThrow("apt-get", ["update", "-q"], { seconds: 300 });
  const listing = await runOrThrow("apt-cache", ["search", "--names-only", pattern]);
  const newest = listing
    .split("\n")
    .map((line) => line.split(" ", 1)[0]!)
    .filter((name) => name !== "")
    .at(-1);
  if (newest === undefined) throw new MissingToolError(`apt-cache knows no package ${pattern}`);
  await runOrThrow("apt-get", ["download", "-q", newest], { folder, seconds: 900 });
  const unpack = `dpkg-deb --fsys-tarfile ./*.deb | tar -x --wildcards --strip-components=5 './usr/lib/debug/boot/vmlinux-*' && rm ./*.deb`;
  await runOrThrow("sh", ["-c", unpack], { folder, seconds: 900 });
}
