/**
 * Whether a link asks for a symbol before any of its objects does, so that an archive's member is taken for it: -u, -e, ENTRY and
 * EXTERN of its scripts, what their expressions name, and `main`, which the compiler's start files call (ld manual, "Entry Point" and
 * "EXTERN"; measured with ld 2.40, lld 14 and 19). It knows no archives.
 */

import type { LdScript } from "../../syntax/ld/tree.ts";
import { scriptOf } from "../facts/parsed.ts";
import { includersOf } from "../index/includers.ts";
import type { Link } from "../links/link.ts";
import { scriptModelOf } from "../scripts/script-model.ts";
import { piecesOf } from "../scripts/script-pieces.ts";
import { statementsOf } from "../scripts/script-walk.ts";
import type { Program } from "./program.ts";

export interface Demands {
  readonly asked: ReadonlySet<string>;
  /** Names that a script has under a condition, or in an expression that may not be evaluated. */
  readonly maybe: ReadonlySet<string>;
  /** Names that the scripts assign or PROVIDE. */
  readonly assigned: ReadonlySet<string>;
  /** Every script was read: what is in no set is asked for by no object alone. */
  readonly isWhole: boolean;
  /** A script's text is still to be read. */
  readonly isProvisional: boolean;
}

/** What the link asks for by itself. */
export function demandsOf(link: Link, program: Program): Demands {
  const { options, inputs = [], form } = link;
  const asked = new Set(options.undefined);
  const [maybe, assigned] = [new Set<string>(), new Set<string>()];
  if (options.entry !== undefined) asked.add(options.entry);
  if (options.hasStartFiles && form === "program") asked.add("main");
  let [isWhole, isProvisional] = [true, false];
  const given = inputs.flatMap((input) => (input.kind === "script" ? [input.path] : []));
  for (const path of [...options.scripts, ...given]) {
    const source = program.texts.source(path);
    if (source === undefined) {
      isProvisional ||= program.texts.isPending(path);
      isWhole = false;
      continue;
    }
    const { pieces, isWhole: isRead } = piecesOf(path, scriptOf(path, source), program.index, program.texts);
    isWhole &&= isRead;
    const includers = includersOf(program.index, path);
    for (const { path: piece, script } of pieces) {
      const isSure = script.branches.length === 0 && !includers.has(piece);
      const { entry, others, expressions } = namesIn(script);
      // -e is looked at before ENTRY.
      for (const name of options.entry === undefined ? [...entry, ...others] : others)
        (isSure ? asked : maybe).add(name);
      for (const name of expressions) maybe.add(name);
      for (const { kind, text, isDefinition } of scriptModelOf(script).names)
        if (kind === "symbol" && isDefinition) assigned.add(text);
    }
  }
  return { asked, maybe, assigned, isWhole, isProvisional };
}

/** The names of ENTRY, of EXTERN, and of the script's expressions. */
function namesIn(script: LdScript): { readonly [kind in "entry" | "others" | "expressions"]: readonly string[] } {
  const [entry, others]: [string[], string[]] = [[], []];
  const starts = new Set<number>();
  for (const { statement } of statementsOf(script)) {
    if (statement.kind !== "command") continue;
    const keyword = statement.keyword.text;
    if (keyword !== "ENTRY" && keyword !== "EXTERN") continue;
    for (const name of statement.arguments) {
      (keyword === "ENTRY" ? entry : others).push(name.text);
      starts.add(name.start + (name.quoted ? 1 : 0));
    }
  }
  const expressions = scriptModelOf(script)
    .names.filter(({ kind, isDefinition, start }) => kind === "symbol" && !isDefinition && !starts.has(start))
    .map(({ text }) => text);
  return { entry, others, expressions };
}
