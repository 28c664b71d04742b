/**
 * Folders that are dear to make (an unpacked kernel, a built one) and are kept between runs under ~/.cache/weakspot.
 *
 * A folder appears under its name only when it is complete: it is made beside it and renamed. Processes that want the same
 * folder at once wait for the one that makes it.
 */

import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Where cached folders are: WEAKSPOT_CACHE, or weakspot below the user's cache folder. */
export function cacheRoot(): string {
  return process.env.WEAKSPOT_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "weakspot");
}

/**
 * The folder of this name, made by `make` when it is not there yet. `make` gets the path of an empty folder to fill and the
 * path that the folder will have in the end.
 */
export async function cachedFolder(
  name: string,
  make: (folder: string, finalFolder: string) => Promise<void>,
): Promise<string> {
  const final = join(cacheRoot(), name);
  if (existsSync(final)) return final;
  await mkdir(cacheRoot(), { recursive: true });
  return withLock(`${final}.lock`, async () => {
    if (existsSync(final)) return final;
    await removeLeftovers(name);
    const partial = `${final}.partial-${process.pid}`;
    await mkdir(partial);
    try {
      await make(partial, final);
      await rename(partial, final);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
    return final;
  });
}

/** What a run that was killed in the middle left behind. Only called with the lock held. */
async function removeLeftovers(name: string): Promise<void> {
  for (const entry of await readdir(cacheRoot())) {
    if (entry.startsWith(`${name}.partial-`)) await rm(join(cacheRoot(), entry), { recursive: true, force: true });
  }
}

async function withLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  while (!(await takeLock(lock))) await pause(1000);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** Takes the lock unless a living process holds it. */
async function takeLock(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const holder = Number(await readFile(lock, "utf8").catch(() => ""));
    if (holder > 0 && !isAlive(holder)) await rm(lock, { force: true });
    return false;
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
