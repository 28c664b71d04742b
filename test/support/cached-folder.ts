/**
 * Folders that are dear to make (an unpacked kernel, a built one) and are kept between runs under ~/.cache/weakspot.
 *
 * A folder appears under its name only when it is complete: it is made beside it and renamed. Processes that want the same
 * folder at once wait for the one that makes it.
 */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { homedir, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Where cached folders are: WEAKSPOT_CACHE, or weakspot below the user's cache folder. */
export function cacheRoot(): string {
  return process.env.WEAKSPOT_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "weakspot");
}

/** Whether the folder of this name has been made. */
export function hasCachedFolder(name: string): boolean {
  return existsSync(join(cacheRoot(), name));
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
  return withLock(final, async () => {
    if (existsSync(final)) return final;
    await removeLeftovers(name);
    const partial = await mkdtemp(`${final}.partial-`);
    try {
      await make(partial, final);
      await rename(partial, final);
    } catch (error) {
      await remove(partial);
      throw error;
    }
    return final;
  });
}

/** What a run that was killed in the middle left behind. Only called with the lock held. */
async function removeLeftovers(name: string): Promise<void> {
  for (const entry of await readdir(cacheRoot())) {
    if (entry.startsWith(`${name}.partial-`)) await remove(join(cacheRoot(), entry));
  }
}

/** Removes a folder. The children of a killed run (make's compilers) may go on writing into it for a moment. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  let lock = await takeLock(path);
  while (lock === undefined) {
    await pause(500);
    lock = await takeLock(path);
  }
  try {
    return await work();
  } finally {
    lock.close();
  }
}

/** Listens on a socket named for the path: only one process can, and the kernel frees the name when that process dies. */
function takeLock(path: string): Promise<Server | undefined> {
  const name = `weakspot-${createHash("sha256").update(path).digest("hex").slice(0, 16)}`;
  // Only Linux has sockets without a file; elsewhere a killed run's file has to be removed by hand.
  const address = platform() === "linux" ? `\0${name}` : join(tmpdir(), name);
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}
