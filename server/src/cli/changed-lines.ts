/**
 * The lines that a diff adds or changes, so that CI can speak of these alone. The diff comes from outside (`git diff -U0 main |
 * weakspot check --changed -`), as nothing out of a workspace is ever run.
 */

/** For each file that the diff touches, the lines that are new in it, counted from 1. */
export type ChangedLines = ReadonlyMap<string, ReadonlySet<number>>;

/**
 * Reads a unified diff as git, diff and hg write it. Paths are those behind `+++`, as they stand there. Throws, with a message for
 * people, for a text that is none: that nothing is changed must not come of a mistake.
 */
export function readChangedLines(diff: string): ChangedLines {
  if (diff.trim() !== "" && !/^(?:\+\+\+ |diff |Index: |Binary files )/m.test(diff))
    throw new Error("what --changed is given is no unified diff; git diff -U0 BASE writes one");
  const changed = new Map<string, Set<number>>();
  let lines: Set<number> | undefined;
  let line = 0;
  /** How many lines the hunk still has, before and after: within it `+++ x` is a line that was added. */
  let before = 0;
  let after = 0;
  for (const text of diff.split("\n")) {
    if (before > 0 || after > 0) {
      if (text.startsWith("+")) {
        lines?.add(line);
        line++;
        after--;
      } else if (text.startsWith("-")) before--;
      else if (!text.startsWith("\\")) {
        line++;
        before--;
        after--;
      }
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(text);
    if (hunk !== null) {
      before = Number(hunk[1] ?? 1);
      after = Number(hunk[3] ?? 1);
      line = Number(hunk[2]);
    } else if (text.startsWith("+++ ")) {
      const path = pathOf(text.slice("+++ ".length));
      lines = path === undefined ? undefined : (changed.get(path) ?? new Set());
      if (path !== undefined && lines !== undefined) changed.set(path, lines);
    }
  }
  return changed;
}

/**
 * The changes by paths from the root. git writes paths from the top of its repository, or from the folder that it runs in (--relative),
 * behind `b/`, behind what diff.mnemonicPrefix has (`c/`, `i/`, `w/`), or behind nothing (--no-prefix): what is there decides.
 * @param folder the root's place in its repository, "" where it is the top
 */
export function placeChanges(changed: ChangedLines, folder: string, isThere: (path: string) => boolean): ChangedLines {
  const placed = new Map<string, ReadonlySet<number>>();
  for (const [written, lines] of changed) {
    const paths = /^[bciw]\//.test(written) ? [written.slice(2), written] : [written];
    const below = folder === "" ? [] : paths.filter((path) => path.startsWith(`${folder}/`));
    const path = [...below.map((one) => one.slice(folder.length + 1)), ...paths].find(isThere);
    if (path !== undefined) placed.set(path, new Set([...(placed.get(path) ?? []), ...lines]));
  }
  return placed;
}

/** The path behind `+++`: without git's quotes, and the time that diff(1) writes behind a tab. */
function pathOf(written: string): string | undefined {
  let path = written.split("\t")[0]!.replace(/\r$/, "");
  if (path.startsWith('"')) {
    const bytes = path
      .slice(1, -1)
      .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
        code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
      );
    path = Buffer.from(bytes, "latin1").toString("utf8");
  }
  return path === "/dev/null" ? undefined : path;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t" };
