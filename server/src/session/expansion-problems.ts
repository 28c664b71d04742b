/** What an expanded file had to do without, in words for people. It prints nothing. */

import type { ExpandedFile } from "../host/expand-file.ts";
import { linesOf } from "../linkage/facts/texts.ts";
import type { Preprocessed } from "../syntax/cpp/preprocess.ts";
import { lineColumnAt } from "../text/lines.ts";

/** How the user can give what is missing, as the ends of sentences: "name a build directory with --build". */
export interface Remedies {
  /** undefined where one was given. */
  readonly configuration: string | undefined;
  readonly build: string | undefined;
}

/** True where gcc would have stopped: a header that is missing, an #error, or a text too large to finish. */
export function hasExpansionErrors(preprocessed: Preprocessed): boolean {
  return !preprocessed.isComplete || preprocessed.messages.some((message) => message.severity === "error");
}

/** What the preprocessor says, as `file:line:column: error: …`, and what only a build or a configuration could have told. */
export function describeExpansionProblems({ preprocessed, standIns }: ExpandedFile, remedies: Remedies): string[] {
  const lines = preprocessed.messages.map(({ severity, message, file, start }) => {
    const read = preprocessed.files.get(file);
    if (read === undefined) return `${severity}: ${message}`;
    const { line, column } = lineColumnAt(linesOf(read.source), start);
    return `${read.path}:${line + 1}:${column + 1}: ${severity}: ${message}`;
  });
  const unknown = standIns.filter((standIn) => !standIn.isWhole).map((standIn) => standIn.path);
  if (unknown.length > 0) {
    const them = unknown.length === 1 ? "it" : "them";
    const remedy = remedies.build === undefined ? "" : `; ${remedies.build}`;
    lines.push(
      `${unknown.join(", ")}: only a build makes ${them}, so that macros of ${them} are not expanded${remedy}`,
    );
  }
  const isUnconfigured = standIns.some((standIn) => standIn.path.endsWith("include/generated/autoconf.h"));
  if (isUnconfigured && remedies.configuration !== undefined && hasExpansionErrors(preprocessed)) {
    lines.push(`without a .config every option counts as off; ${remedies.configuration}`);
  }
  return lines;
}
