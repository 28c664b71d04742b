/**
 * Which file in the server's memory stands for a document of a workspace that is on no disk, and back. The server knows files alone.
 * Must not know VS Code's API beyond what a URI has.
 */

/** What is used of a URI. */
export interface UriParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/** Above it stand the folders of all schemes. */
const TOP = "/weakspot";

/** The absolute path in memory; that of a file on a disk is its own. */
export function pathInMemory({ scheme, authority, path }: UriParts): string {
  if (scheme === "file") return path;
  return `${TOP}/${encodeURIComponent(scheme)}/${encodeURIComponent(authority) || "-"}${path}`;
}

/** What stands at a path in memory; undefined for a path that {@link pathInMemory} makes of nothing but a file. */
export function partsInMemory(path: string): UriParts | undefined {
  const [, scheme, authority, rest] = /^\/weakspot\/([^/]+)\/([^/]+)(\/.*)$/.exec(path) ?? [];
  if (scheme === undefined || authority === undefined || rest === undefined) return undefined;
  return {
    scheme: decodeURIComponent(scheme),
    authority: authority === "-" ? "" : decodeURIComponent(authority),
    path: rest,
  };
}
