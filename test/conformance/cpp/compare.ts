/** How texts and places are compared with gcc's. */

import { originOfToken } from "../../../server/src/syntax/cpp/format.ts";
import type { Preprocessed } from "../../../server/src/syntax/cpp/preprocess.ts";
import { spellingText } from "../../../server/src/syntax/cpp/spellings.ts";
import { PRAGMA, PRAGMA_END } from "../../../server/src/syntax/cpp/tokens.ts";

/** What a part of the suite found. */
export interface Outcome {
  compared: number;
  same: number;
  /** Different for a cause that is named. */
  named: number;
  readonly failures: string[];
}

/** The text without `/* … *\/`, which -C keeps and which are no tokens. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, " ");
}

/**
 * Lines without blank ones and without white space at their ends: stricter than token by token, since white space within a
 * line must be where gcc has it.
 */
export function comparableLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}

/** The first lines that differ, as both have them; undefined where none do. */
export function differenceOf(expected: string, actual: string): string | undefined {
  const left = comparableLines(expected);
  const right = comparableLines(actual);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    if (left[i] === right[i]) continue;
    return `    gcc:  ${(left[i] ?? "nothing").slice(0, 400)}\n    ours: ${(right[i] ?? "nothing").slice(0, 400)}`;
  }
  return undefined;
}

/** Whether each token stands where its origin says; undefined where all do, else what is wrong with the first. */
export function wrongOrigins(preprocessed: Preprocessed): string | undefined {
  const { tokens, files, spellings } = preprocessed;
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kinds[i]!;
    const origin = originOfToken(preprocessed, i);
    const file = files.get(origin.file);
    const spelling = spellingText(spellings, tokens.spellings[i]!);
    if (file === undefined) return `token ${i} (${spelling}) comes from no file`;
    const call = origin.call;
    if (call !== undefined) {
      const caller = files.get(call.file);
      if (caller === undefined || call.start >= call.end || call.end > caller.source.length) {
        return `token ${i} (${spelling}) comes out of no call`;
      }
    }
    if (origin.isSynthesized || kind === PRAGMA || kind === PRAGMA_END) continue;
    // A line may be joined in the middle of a token.
    const text = file.source.slice(origin.start, origin.end + 400).replace(/\\[ \t]*\r?\n/g, "");
    if (!text.startsWith(spelling)) return `token ${i} (${spelling}) is not at ${file.path}:${origin.start}`;
  }
  return undefined;
}
