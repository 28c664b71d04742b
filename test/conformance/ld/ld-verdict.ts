/**
 * What GNU ld says of a linker script: `ld -T script` without any input reads the script, and then either stops at its
 * first error or complains that there is nothing to link. One shell runs many ld, for it is the starting that takes time.
 */

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScriptKind } from "../../../server/src/syntax/ld/tree.ts";
import { runOrThrow } from "../../support/run-program.ts";

export interface LdVerdict {
  /**
   * - accepted: ld read the script to its end
   * - syntax: it stopped at a syntax error
   * - comment: it stopped at a comment that is not closed
   * - other: it stopped for another reason before it had read the script to its end, so that its grammar is not judged
   */
  readonly kind: "accepted" | "syntax" | "comment" | "other";
  /** The line that ld names, from 1; 0 is the end of the file; undefined where it names none. */
  readonly line: number | undefined;
  /** ld's words without names and numbers. */
  readonly message: string;
  /** The lines on which ld skipped a character. */
  readonly skipped: readonly number[];
}

const MARK = "=====";

const OPTIONS: Readonly<Record<ScriptKind, string>> = {
  script: "-T ",
  version: "--version-script=",
  "dynamic-list": "--dynamic-list=",
};

export interface Question {
  readonly text: string;
  readonly kind: ScriptKind;
}

/** Asks ld about each text; the answers are in the same order. `libraries` is where INCLUDE finds its files. */
export async function askLd(questions: readonly Question[], libraries: readonly string[] = []): Promise<LdVerdict[]> {
  const folder = await mkdtemp(join(tmpdir(), "weakspot-ld-"));
  try {
    await mkdir(join(folder, "out"));
    await Promise.all(questions.map(({ text }, index) => writeFile(join(folder, `${index}.ld`), text, "latin1")));
    const options = questions.map(({ kind }, index) => `${OPTIONS[kind]}${index}.ld`);
    await writeFile(join(folder, "options"), `${options.join("\n")}\n`);
    const paths = libraries.map((library) => `-L '${library.replaceAll("'", "'\\''")}'`).join(" ");
    // ld writes nothing, since nothing is linked; an output is named so that a slip could not write elsewhere.
    const loop = `while read -r option; do echo "${MARK}"; ld ${paths} $option -o out/a 2>&1; echo "status $?"; done < options > said`;
    await runOrThrow("nice", ["sh", "-c", loop], { folder, seconds: 600 });
    const said = (await readFile(join(folder, "said"), "latin1")).split(`${MARK}\n`).slice(1);
    return questions.map((_, index) => readVerdict(said[index] ?? "", `${index}.ld`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * What ld says only when it has read the whole script: nothing to link, or files missing that the script names (a name
 * without wildcards among the input sections is a file to be opened).
 */
const AFTER_READING =
  /no input files|cannot find .*: (?:No such file|file format not)|undefined symbol .* referenced in expression|--no-define-common may not|^status 0$/;

function readVerdict(said: string, file: string): LdVerdict {
  const skipped: number[] = [];
  const own = `(?:ld:)?${file.replace(".", "\\.")}:(\\d+):?`;
  for (const line of said.split("\n")) {
    const ignored = new RegExp(`${own} ignoring invalid character`).exec(line);
    if (ignored !== null) {
      skipped.push(Number(ignored[1]));
      continue;
    }
    const syntax = new RegExp(`${own} syntax error`).exec(line);
    if (syntax !== null) return { kind: "syntax", line: Number(syntax[1]), message: "syntax error", skipped };
    if (/EOF in comment/.test(line)) return { kind: "comment", line: undefined, message: "EOF in comment", skipped };
    if (AFTER_READING.test(line)) return { kind: "accepted", line: undefined, message: "", skipped };
  }
  const [first] = said
    .split("\n")
    .filter((line) => line !== "" && !/warning|ignoring invalid|previous|redeclaration/.test(line));
  const line = first === undefined ? null : new RegExp(own).exec(first);
  return {
    kind: "other",
    line: line === null ? undefined : Number(line[1]),
    message: (first === "status 139" ? "ld crashed" : (first ?? "nothing said"))
      .replace(new RegExp(own), "")
      .replace(/[`'][^']*'/g, "'…'")
      .replace(/\d+/g, "N")
      .trim(),
    skipped,
  };
}
