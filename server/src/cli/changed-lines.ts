/**
 * The lines that a diff adds or changes, so that CI can speak of these alone. The diff comes from outside (`git diff -U0 main |
 * weakspot check --changed -`), as nothing out of a workspace is ever run.
 */

/** For each file that the diff touches, the lines that are new in it, counted from 1. */
export type ChangedLines = ReadonlyMap<string, ReadonlySet<number>>;

/** Reads a unified diff as git, diff and hg write it. Paths are those behind `+++`, without `b/`. */
export function readChangedLines(diff: string): ChangedLines {
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

/** The path behind `+++`: without git's `b/`, its quotes, and the time that diff(1) writes behind a tab. */
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
  return path === "/dev/null" ? undefined : path.replace(/^b\//, "");
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t" };
