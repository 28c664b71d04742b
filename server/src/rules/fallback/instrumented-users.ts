/**
 * Finds users that compilers' instrumentation calls, or that are kept out of it function by function: a fallback in another file would
 * be instrumented itself, and call what calls it. Per-file flags are another matter; they are carried over to the fallback's file.
 */

import type { Program } from "../../linkage/symbols/program.ts";
import type { Users } from "./users.ts";

/** What instrumented code calls (GCC and clang: -finstrument-functions, -pg, -mfentry, -fsanitize-coverage), and what keeps it out. */
const MARKS: readonly string[] = [
  "no_instrument_function",
  "__no_instrument_function__",
  "__cyg_profile_func_enter",
  "__cyg_profile_func_exit",
  "mcount",
  "_mcount",
  "__gnu_mcount_nc",
  "__fentry__",
  "__sanitizer_cov_trace_pc",
  "__sanitizer_cov_trace_pc_guard",
];

/** Said as a refusal; undefined where no user has a mark of it. A kernel keeps files out, not functions, and its tracer guards itself. */
export function findInstrumentation(name: string, { files }: Users, program: Program): string | undefined {
  if (program.links.hasKconfig) return undefined;
  const users = new Set(files.map(({ path }) => path));
  for (const mark of MARKS) {
    const path = program.index.filesWithWord(mark).find((one) => users.has(one));
    if (path !== undefined)
      return `${path} has the word '${mark}': what it calls '${name}' from may be called by every function, and so by a fallback`;
  }
  return undefined;
}
