/** `node:fs` in the browser: a file system in memory, which the client fills (files.ts). */

import { fs } from "memfs";

export const {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unwatchFile,
  watch,
  watchFile,
  writeFileSync,
} = fs;

/** There are no links: a path is real if something stands there. */
export const realpathSync = Object.assign((path: string) => fs.realpathSync(path), {
  native: (path: string) => fs.realpathSync(path),
});
