/** What `--no-cache` means to a workspace. */

import { defaultCacheFolder } from "../host/index-cache.ts";

/** The workspace's option for the cache: the default folder, or none. */
export function cacheOf({ cache }: { readonly cache: boolean }): { readonly cacheFolder?: string | undefined } {
  return cache ? { cacheFolder: defaultCacheFolder() } : {};
}
