/** What MEMORY and PHDRS declare in all pieces of a script: both add up over the scripts that INCLUDE each other. */

import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import { piecesOf } from "../linkage/scripts/script-pieces.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import type { RuleContext } from "./rule.ts";

export interface DeclaredInPieces {
  /** In the order of the pieces, the script's own first. */
  readonly declared: ReadonlySet<string>;
  /** Nothing else can be declared: every piece is known and lists what it has. */
  readonly isWhole: boolean;
}

/** The regions or segments that the script and its other pieces declare. */
export function declaredInPieces(
  { path, program }: RuleContext,
  script: LdScript,
  kind: "region" | "segment",
): DeclaredInPieces {
  const { pieces, isWhole } = piecesOf(path, script, program.index, program.texts);
  const declared = new Set<string>();
  let isListed = isWhole && (pieces.length === 1 || program.index.isComplete);
  for (const piece of pieces) {
    for (const name of scriptModelOf(piece.script).defined(kind)) declared.add(name);
    const isJudged = piece.script.template === undefined && piece.script.headers.length === 0;
    if (!isJudged || (piece.script !== script && mayDeclareMore(piece.script))) isListed = false;
  }
  return { declared, isWhole: isListed };
}

/** True where macros stand for regions or segments, or mistakes may have hidden some. */
export function mayDeclareMore(script: LdScript): boolean {
  if (script.errors.length > 0 || script.branches.length > 0) return true;
  return statementsOf(script).some(({ statement }) => {
    if (statement.kind === "memory") return statement.regions.some(({ kind }) => kind === "macro-call");
    return statement.kind === "segments" && statement.segments.some(({ kind }) => kind === "macro-call");
  });
}
