/**
 * What is missing in the model of a tree that looks as if Kbuild built it: no link that takes what its directories build in, no
 * folders of headers. Each comes with the place where following the Makefiles ended. It concludes nothing from what is missing.
 */

import { type Gap, normalizePath } from "../../syntax/kbuild/make.ts";
import { type BuildGraph, type Kbuild, topGraph } from "./build-graph.ts";
import type { BuildWalk } from "./build-state.ts";
import { hasBuiltinDirectory } from "./build-walk.ts";
import { kernelFlags } from "./kernel-flags.ts";

/** Something that the Makefiles of such a tree say, and that was not found in them. */
export interface ModelProblem {
  /** One sentence for people, without the place. */
  readonly message: string;
  /** The Makefile in which following ended. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
}

/**
 * @param walk of the architecture that most files are looked at for
 * @param flags the same tree, opened with `readsFlags`
 */
export function findModelProblems(walk: BuildWalk, flags: Kbuild): readonly ModelProblem[] {
  const top = topGraph(walk.kbuild);
  if (top === undefined) return [];
  const problems: ModelProblem[] = [];
  const { text, line, path } = whereItEnded(walk.kbuild, top);
  if (!hasBuiltinDirectory(walk)) {
    problems.push({ message: `no link is found that combines what directories build in: ${text}`, path, line });
  }
  // A file at the top: one below would have its own folder, whatever Makefiles say.
  const words = kernelFlags(flags, "main.c", false)?.words ?? [];
  if (!words.some((word) => word.startsWith("-I"))) {
    problems.push({ message: `no folders are found in which headers are looked for: ${text}`, path, line });
  }
  return problems;
}

function lineOfOffset(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** A part of the Makefile that was passed over counts as the end of following it from this share of its text on. */
const LARGE_SHARE = 0.2;

/** The test that cost the largest part of the top Makefile, else the rule for what is made first. */
function whereItEnded(kbuild: Kbuild, top: BuildGraph): { text: string; path: string; line: number } {
  const source = kbuild.host.readText(top.path) ?? "";
  const own = top.make.gaps.filter(({ path, kind }) => path === top.path && kind !== "not included");
  let largest: Gap | undefined;
  for (const gap of own) if (gap.length > (largest?.length ?? 0)) largest = gap;
  if (largest !== undefined && largest.length >= LARGE_SHARE * source.length) {
    const text =
      largest.kind === "branch not taken" ? "what hangs on this test was passed over" : "this test can't be decided";
    return { text, path: top.path, line: lineOfOffset(source, largest.offset) };
  }
  const missing = top.make.gaps.find(({ kind }) => kind === "not included");
  const first = top.make.rules.find((rule) => rule.targets.some((word) => normalizePath(word.text) === "all"));
  const at = first?.recipe[0]?.span.start ?? missing?.offset ?? 0;
  return { text: "what its rules make was followed to no such link", path: top.path, line: lineOfOffset(source, at) };
}
