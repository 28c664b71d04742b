/** Parts of paths with slashes, relative to a tree's root. It knows no file system. */

/** The folder of a path with its slash, `kernel/` of `kernel/fork.c`; "" at the root. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** The folder of a path without a slash, `kernel` of `kernel/fork.c`; "" at the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** What stands behind the last slash. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The path up to the dot of its last ending, `kernel/fork` of `kernel/fork.c`; all of it where it has none. */
export function withoutEnding(path: string): string {
  const dot = path.lastIndexOf(".");
  return dot <= path.lastIndexOf("/") + 1 ? path : path.slice(0, dot);
}

/** Whether a path relative to a folder leads out of it: `..` and `../x`, and an absolute one, of another drive; `..x` does not. */
export function leadsOutside(relative: string): boolean {
  return relative === ".." || /^(?:\.\.)?[\\/]|^[A-Za-z]:[\\/]/.test(relative);
}
