/**
 * All that is known of one symbol, as plain data: what hover shows and `weakspot symbol` prints. It decides nothing that the
 * link model does not.
 */

import type { Mention } from "../linkage/link-index.ts";
import { outcomeOf } from "../linkage/outcome.ts";
import type { Program } from "../linkage/program.ts";
import { linesOf } from "../linkage/texts.ts";
import { lineColumnAt } from "../text/lines.ts";

/** One declaration or definition, lines and columns counted from 1; 0 where they were not looked up. */
export interface ReportedMention {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly kind: string;
  readonly role: string;
  readonly binding: string;
  readonly condition: string;
}

/** What one link makes of the symbol. */
export interface LinkUnitReport {
  readonly unit: string;
  /** "strong", "weak", "provided" or "nowhere" (see outcome.ts). */
  readonly outcome: string;
  /** The definition that wins; undefined where none or several may. */
  readonly winner: ReportedMention | undefined;
  readonly definitions: readonly ReportedMention[];
  readonly declarations: readonly ReportedMention[];
}

export interface SymbolReport {
  readonly name: string;
  /** False while the tree is still being indexed: more may come. */
  readonly isComplete: boolean;
  readonly linkUnits: readonly LinkUnitReport[];
  /** Places in C where the symbol's address is compared with NULL. */
  readonly nullTests: readonly { readonly file: string; readonly line: number }[];
}

export interface ReportOptions {
  /** Only mentions that can be in one link with this file, unless there is none. */
  readonly near?: string;
  /** How many mentions of each list get their lines looked up, for which their files must be read. Default: all. */
  readonly limit?: number;
  /** Uses are looked for only where no more files than this have the word, as all of them must be read. Default: always. */
  readonly mostUsers?: number;
}

/** The link of a symbol that headers alone mention and nothing uses. */
const UNKNOWN_UNIT = "unknown link";

/** Reports on a symbol, grouped by the links that its mentions can be part of. */
export function reportSymbol(name: string, program: Program, options: ReportOptions = {}): SymbolReport {
  const { near, limit = Number.POSITIVE_INFINITY, mostUsers = Number.POSITIVE_INFINITY } = options;
  const all = program.mentionsOf(name);
  const linked = near === undefined ? all : all.filter((mention) => program.build.canLink(near, mention.path));
  const mentions = linked.length > 0 ? linked : all;
  const byUnit = new Map<string, Mention[]>();
  const shared: Mention[] = [];
  for (const mention of mentions) {
    const units = program.build.unitsOf(mention.path);
    if (units.length === 0) shared.push(mention);
    for (const unit of units) {
      const known = byUnit.get(unit);
      if (known === undefined) byUnit.set(unit, [mention]);
      else known.push(mention);
    }
  }
  // A header is part of no link by itself: where nothing else mentions the symbol, its users tell the link.
  if (byUnit.size === 0 && shared.length > 0) {
    const users = (usesAreFew() ? program.usesOf(name) : []).flatMap(({ path }) => program.build.unitsOf(path));
    for (const unit of users.length > 0 ? users : [UNKNOWN_UNIT]) byUnit.set(unit, []);
  }
  for (const members of byUnit.values()) members.push(...shared);
  const linkUnits = [...byUnit].map(([unit, members]) => reportUnit(unit, members, program, limit));
  linkUnits.sort((a, b) => b.definitions.length - a.definitions.length || (a.unit < b.unit ? -1 : 1));
  // Only a weak reference can be NULL; the uses of other symbols may stand in half of the tree's files.
  const isReference = mentions.some(({ fact }) => fact.role === "declaration" && program.isWeak(fact));
  const nullTests = (isReference && usesAreFew() ? program.usesOf(name) : [])
    .filter(({ use }) => use.kind === "null-test")
    .map(({ path, use }) => ({ file: path, line: placeOf(program, path, use.start).line }));
  return { name, isComplete: program.index.isComplete, linkUnits, nullTests };

  function usesAreFew(): boolean {
    return mostUsers === Number.POSITIVE_INFINITY || program.index.filesWithWord(name).length <= mostUsers;
  }
}

function reportUnit(unit: string, members: readonly Mention[], program: Program, limit: number): LinkUnitReport {
  const definitions = members.filter(({ fact }) => fact.role !== "declaration");
  const declarations = members.filter(({ fact }) => fact.role === "declaration");
  const outcome = outcomeOf(program, definitions);
  const strongest = definitions.filter(
    ({ fact }) => outcome !== "strong" || (fact.role !== "provide" && !program.isWeak(fact)),
  );
  const [only] = strongest;
  return {
    unit,
    outcome,
    winner: strongest.length === 1 && only !== undefined ? reportMention(only, program) : undefined,
    definitions: definitions.map((mention, i) => reportMention(mention, program, i < limit)),
    declarations: declarations.map((mention, i) => reportMention(mention, program, i < limit)),
  };
}

function reportMention({ path, fact }: Mention, program: Program, withPlace = true): ReportedMention {
  return {
    file: path,
    ...(withPlace ? placeOf(program, path, fact.start) : { line: 0, column: 0 }),
    kind: fact.kind,
    role: fact.role,
    binding: program.isWeak(fact) ? "weak" : fact.binding,
    condition: fact.condition,
  };
}

function placeOf(program: Program, path: string, offset: number): { line: number; column: number } {
  const source = program.texts.source(path);
  if (source === undefined) return { line: 0, column: 0 };
  const { line, column } = lineColumnAt(linesOf(source), offset);
  return { line: line + 1, column: column + 1 };
}
