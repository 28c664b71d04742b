/** `node:url` in the browser: paths are those of the files in memory, with forward slashes. */

export function fileURLToPath(url: string | URL): string {
  const { protocol, pathname } = new URL(url);
  if (protocol !== "file:") throw new TypeError("it is no URL of a file");
  return decodeURIComponent(pathname);
}

export function pathToFileURL(path: string): URL {
  const url = new URL("file:///");
  // What a URL would take for its query or fragment.
  url.pathname = path.replaceAll("%", "%25").replaceAll("?", "%3F").replaceAll("#", "%23");
  return url;
}
