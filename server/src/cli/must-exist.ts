/** Paths that arguments name: what is not there, or is of another kind, is said before anything runs. */

import { existsSync, statSync } from "node:fs";

/** Throws, with a message for people, when the path is not there or is the other kind. */
export function mustExist(path: string, kind: "file" | "directory", option?: string): void {
  const named = option === undefined ? path : `${option} ${path}`;
  const found = existsSync(path) ? statSync(path) : undefined;
  if (found === undefined) throw new Error(`${named}: there is no such ${kind}`);
  if (kind === "directory" && !found.isDirectory()) throw new Error(`${named} is no directory`);
  if (kind === "file" && found.isDirectory()) throw new Error(`${named} is a directory; name a file`);
}
