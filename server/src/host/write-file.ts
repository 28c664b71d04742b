/** Writes files so that a reader sees the old text or the new one, never a part. */

import { mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Replaces a file's text, or makes the file, keeping its mode. A symbolic link stays one; what it leads to is replaced.
 * Rejects, with the file as it was, when that is not possible.
 */
export async function writeFileWhole(path: string, text: string | Uint8Array): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const mode = await stat(target).then(
    (stats) => stats.mode & 0o7777,
    () => 0o644,
  );
  await mkdir(dirname(target), { recursive: true });
  const temporary = join(dirname(target), `.weakspot-${process.pid}-${Date.now()}.tmp`);
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
