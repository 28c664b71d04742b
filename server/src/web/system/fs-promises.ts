/** `node:fs/promises` in the browser, over the same files in memory as fs.ts. */

import { fs } from "memfs";

export const { access, chown, copyFile, link, lstat, mkdir, open, readdir, readFile } = fs.promises;
export const { realpath, rename, rm, stat, utimes, writeFile } = fs.promises;
