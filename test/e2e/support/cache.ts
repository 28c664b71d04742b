/** Where the slow suites keep what is costly to make: outside of the checkout, so that it outlives it. */
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The absolute path of an entry of the cache. The folder that holds it exists afterwards, the entry need not. */
export function cachePath(entry: string): string {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "weakspot");
  mkdirSync(folder, { recursive: true });
  return join(folder, entry);
}
