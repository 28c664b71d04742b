/**
 * Changes files of a tree all together or not at all, and none outside of it. It looks first, writes the new texts beside the
 * old ones, and only then puts them in their places; what was put there is taken back when a later one can't be.
 */

import { constants } from "node:fs";
import { access, chown, copyFile, link, lstat, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { describeFailure } from "./problems.ts";

/** One file's new bytes. */
export interface FileChange {
  /** Relative to the root. */
  readonly path: string;
  /** What the change was made for, which must still be there; undefined for a new file, where nothing may be. */
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array;
}

/** Takes back one step. */
type Undo = () => Promise<void>;

interface Place {
  readonly path: string;
  /** The absolute path of the file itself, links followed. */
  readonly target: string;
  readonly change: FileChange;
  readonly mode: number;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/** Whether a new file may have this path: nothing is there, a link neither, and its folder lies below the root. */
export async function isFree(root: string, path: string): Promise<boolean> {
  return await findFree(root, path).then(
    () => true,
    () => false,
  );
}

/** Rejects, with a sentence that says which file it was and what was done, when one of the files can't be written. */
export async function writeChanges(root: string, changes: readonly FileChange[]): Promise<void> {
  const places = await Promise.all(
    changes.map((change) => attempt(change.path, () => findPlace(root, change), "nothing was changed")),
  );
  assertDistinct(places);
  const written: { readonly place: Place; readonly temporary: string }[] = [];
  const release = holdSignals();
  try {
    for (const place of places) {
      const temporary = temporaryName(place.target, "tmp");
      written.push({ place, temporary });
      await attempt(place.path, () => writeBeside(place, temporary), "nothing was changed");
    }
    await commit(root, written);
  } finally {
    for (const { temporary } of written) await rm(temporary, { force: true });
    release();
  }
}

/** Where the change goes. Throws where it may not: outside of the root, over something else, on a file that is read only. */
async function findPlace(root: string, change: FileChange): Promise<Place> {
  if (change.before === undefined) {
    const target = await findFree(root, change.path);
    await access(dirname(target), constants.W_OK);
    return { path: change.path, target, change, mode: 0o666 & ~process.umask(), owner: undefined };
  }
  const target = await realpath(join(root, change.path));
  assertBelow(root, target);
  const stats = await stat(target);
  if (!stats.isFile()) throw new Error("it is no regular file");
  if ((stats.mode & 0o222) === 0) throw new Error("it is read-only");
  await access(target, constants.W_OK);
  await access(dirname(target), constants.W_OK);
  await assertUnchanged(target, change.before);
  const { uid, gid } = stats;
  return { path: change.path, target, change, mode: stats.mode & 0o7777, owner: { uid, gid } };
}

/** The absolute path of a new file, the links of its folder followed. Throws where there can be none. */
async function findFree(root: string, path: string): Promise<string> {
  const named = join(root, path);
  const target = join(await realpath(dirname(named)), basename(named));
  assertBelow(root, target);
  const found = await lstat(target).catch(missingIsUndefined);
  if (found !== undefined) throw new Error(found.isSymbolicLink() ? "a link stands there" : "it is there already");
  return target;
}

function assertBelow(root: string, path: string): void {
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) throw new Error("a link leads out of the tree there");
}

async function assertUnchanged(target: string, before: Uint8Array): Promise<void> {
  if (!Buffer.from(before).equals(await readFile(target))) {
    throw new Error("it has changed since it was read; try again");
  }
}

/** Two names of one file can't both have their way. */
function assertDistinct(places: readonly Place[]): void {
  const seen = new Map<string, string>();
  for (const { target, path } of places) {
    const other = seen.get(target);
    if (other !== undefined) throw new Error(`${path} and ${other} are one file; nothing was changed`);
    seen.set(target, path);
  }
}

/** Beside its target, so that it is on the same file system and a rename is all that is left to do. */
async function writeBeside({ change, mode, owner }: Place, temporary: string): Promise<void> {
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(change.after);
    const own = await handle.stat();
    if (owner !== undefined && (owner.uid !== own.uid || owner.gid !== own.gid)) {
      // Only the superuser gives files away. Without that the file becomes the writer's, as with any editor.
      await chown(temporary, owner.uid, owner.gid).catch(() => {});
    }
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts the new texts in their places, one after the other; takes all back where one of them can't be. */
async function commit(
  root: string,
  written: readonly { readonly place: Place; readonly temporary: string }[],
): Promise<void> {
  const undone: { readonly path: string; readonly undo: Undo }[] = [];
  const kept: string[] = [];
  try {
    for (const { place, temporary } of written) {
      const backup = temporaryName(place.target, "old");
      undone.push({ path: place.path, undo: await putInPlace(root, place, temporary, backup) });
      if (place.change.before !== undefined) kept.push(backup);
    }
    await Promise.all([...new Set(written.map(({ place }) => dirname(place.target)))].map(syncFolder));
  } catch (error) {
    const failed: string[] = [];
    for (const { path, undo } of undone.reverse()) await undo().catch(() => failed.push(path));
    const path = written[undone.length]?.place.path ?? written[0]!.place.path;
    const rest =
      failed.length === 0 ? "nothing was changed" : `${failed.join(", ")} could not be put back and stayed changed`;
    throw new Error(`${path} can't be written: ${describeFailure(error)}; ${rest}`, { cause: error });
  }
  await Promise.all(kept.map((backup) => rm(backup, { force: true }).catch(() => {})));
}

async function putInPlace(root: string, { target, change }: Place, temporary: string, backup: string): Promise<Undo> {
  // A folder may have become a link since it was looked at.
  assertBelow(root, join(await realpath(dirname(target)), basename(target)));
  if (change.before === undefined) {
    await createFrom(temporary, target, change.after);
    return () => rm(target);
  }
  await assertUnchanged(target, change.before);
  // A second name for the old file keeps it whole, with its times and whatever else it has.
  await link(target, backup).catch(() => copyFile(target, backup, constants.COPYFILE_EXCL));
  try {
    await rename(temporary, target);
  } catch (error) {
    await rm(backup, { force: true });
    throw error;
  }
  return () => rename(backup, target);
}

/** Gives a new file its name, which fails where anything has that name by now, a link too. */
async function createFrom(temporary: string, target: string, bytes: Uint8Array): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw new Error("it is there already");
    // Some file systems have no second names.
    const handle = await open(target, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  // What can't be synced, as on Windows, is written when the system likes.
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Keeps an impatient Ctrl+C from leaving half of the files changed, or others beside them. What came meanwhile ends the process then. */
function holdSignals(): () => void {
  let came: NodeJS.Signals | undefined;
  const wait = (signal: NodeJS.Signals): void => {
    came ??= signal;
  };
  process.on("SIGINT", wait).on("SIGTERM", wait);
  return () => {
    process.off("SIGINT", wait).off("SIGTERM", wait);
    if (came !== undefined) process.kill(process.pid, came);
  };
}

let names = 0;

function temporaryName(target: string, end: string): string {
  return join(dirname(target), `.weakspot-${process.pid}-${Date.now()}-${names++}.${end}`);
}

async function attempt<T>(path: string, act: () => Promise<T>, outcome: string): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new Error(`${path} can't be written: ${describeFailure(error)}; ${outcome}`, { cause: error });
  }
}

function missingIsUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
