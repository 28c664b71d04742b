/** Finds PROVIDE and PROVIDE_HIDDEN: definitions that vanish or appear with what the rest of the program does. */

import type { SymbolFact } from "../linkage/facts/facts.ts";
import type { Mention } from "../linkage/facts/link-index.ts";
import { describePlace } from "../linkage/facts/texts.ts";
import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import { findReferringFiles, type ReferringFiles } from "../linkage/symbols/referring-files.ts";
import { scriptMeets } from "../linkage/symbols/script-meeting.ts";
import { isWellKnown } from "../linkage/symbols/well-known-names.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import { listSome, someOf } from "./describe.ts";
import { whyOpen } from "./fallback/provide-references.ts";
import { replaceProvide } from "./fallback/replace-provide.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";
import { unquoted } from "./script-findings.ts";

export const provideSymbol: Rule = {
  id: "provide-symbol",
  severity: "information",
  scope: "workspace",
  docs: {
    summary: "PROVIDE defines a symbol only when somebody refers to it and nothing else defines it.",
    why: `Whether the symbol exists depends on every object of the link: a definition that somebody adds elsewhere silently takes
over, and a weak reference alone does not make the linker provide it in all versions. One that nothing refers to can go. A plain
assignment says that the script defines the symbol, and wins over what objects define, without a word from the linker. What stands
in for a definition that a later link or another file supplies is better kept in C, as a weak fallback, where its type is known.
A list of plain addresses, such as the functions of a chip's ROM, gets one finding: PROVIDE is right there, if objects may replace them. So
does a list of other names for symbols, such as defaults of interrupt handlers, and what a script provides for programs that are not known: where
no link is known whole, PROVIDEs that meet no other definition are named together.`,
    whenToIgnore:
      "Where PROVIDE is what you want: an optional symbol of a script that is used with many programs, which may define it themselves.",
    bad: [
      `//- /link.ld
SECTIONS { .text : { *(.text) PROVIDE(end_of_text = .); } }
//                                    ^^^^^^^^^^^ information(provide-symbol): no reference to it is seen
`,
      `//- /link.ld
PROVIDE_HIDDEN(table = 0);
//             ^^^^^ information(provide-symbol): referred to
//- /user.c
extern int table[];
int first(void) { return table[0]; }
`,
    ],
    good: [
      `//- /link.ld
SECTIONS { .text : { *(.text) end_of_text = .; } }
`,
    ],
  },
  *check(context) {
    if (context.script === undefined) return;
    const known = new Map<string, Linkable>();
    const provided = context.facts.symbols.filter((fact) => fact.role === "provide");
    const renamed = provided.length < IMPORT_LIST ? NOWHERE : startsOfRenamed(context.script);
    const lists = [provided.filter(isPlainNumber), provided.filter((fact) => renamed.has(fact.start))];
    const listed = new Set(lists.filter(({ length }) => length >= IMPORT_LIST).flat());
    for (const [i, list] of lists.entries()) {
      if (listed.has(list[0]!)) yield describeList(list, i === 0 ? "plain addresses" : "the values of others");
    }
    const rest = provided.filter((fact) => !listed.has(fact));
    const offered = rest.length < IMPORT_LIST ? [] : offersToOthers(context, rest, known);
    if (offered.length >= IMPORT_LIST) yield describeOffers(offered);
    const named = new Set(offered.length >= IMPORT_LIST ? offered : []);
    for (const fact of rest) if (!named.has(fact)) yield describeFinding(context, fact, known);
  },
  fixes: (finding, context) => replaceProvide(finding, context),
};

/** From this many plain numbers on, a script lists what is somewhere else already, as in a chip's ROM. */
const IMPORT_LIST = 8;

function isPlainNumber(fact: SymbolFact): boolean {
  return fact.constantValue !== undefined && fact.outputSection === undefined && fact.inMacro === undefined;
}

const NOWHERE: ReadonlySet<number> = new Set();

/** Where the script provides a symbol outside of all sections as another name of a symbol: `PROVIDE(NMI = Default_Handler)`. */
function startsOfRenamed(script: LdScript): ReadonlySet<number> {
  const starts = new Set<number>();
  for (const { statement, section } of statementsOf(script)) {
    if (statement.kind !== "assignment" || !statement.provide || section !== undefined) continue;
    if (statement.value.kind === "symbol" && statement.value.name.text !== ".")
      starts.add(unquoted(statement.target).start);
  }
  return starts;
}

/**
 * What the script provides for programs that are not known whole: nothing else is seen to define it, so that there is nothing to be said
 * of one that is not said of all, and no fix.
 */
function offersToOthers(
  context: RuleContext,
  provided: readonly SymbolFact[],
  known: Map<string, Linkable>,
): readonly SymbolFact[] {
  const { program, path } = context;
  if (!program.index.isComplete || whyOpen(path, program) === "") return [];
  return provided.filter((fact) => {
    const { definitions } = linkableOf(fact.name, context, known);
    return fact.inMacro === undefined && definitions.every((one) => one.path === path && one.fact.start === fact.start);
  });
}

/** One finding for all symbols that the script offers. */
function describeOffers(offered: readonly SymbolFact[]): Finding {
  const [first] = offered;
  const names = someOf(offered, ({ name }) => name);
  return {
    rule: provideSymbol.id,
    span: { start: first!.start, end: first!.end },
    symbol: first!.name,
    message: `PROVIDE defines ${offered.length} symbols of this script only where something refers to them and nothing else defines them: ${names}`,
    related: [],
  };
}

/** One finding for all symbols of a list. */
function describeList(list: readonly SymbolFact[], values: string): Finding {
  const [first] = list;
  return {
    rule: provideSymbol.id,
    span: { start: first!.start, end: first!.end },
    symbol: first!.name,
    message: `PROVIDE gives ${list.length} symbols of this script ${values}, each only where nothing else defines it`,
    related: [],
  };
}

/** Who refers to the symbol, as far as the tree shows. */
function describeUsers(
  { script }: RuleContext,
  name: string,
  { paths, isDeclared, elsewhere }: ReferringFiles,
): string {
  if (paths.length > 0) return `referred to in ${listSome(paths)}`;
  if (script !== undefined && scriptModelOf(script).usesOf("symbol", name).length > 0)
    return "referred to by this script";
  if (isDeclared) return "declared in C, and no use of it is seen";
  if (isWellKnown(name)) return "no reference to it is seen in this tree; start files or a C library may have one";
  if (elsewhere.length > 0) return `named in ${listSome(elsewhere)}`;
  return "no reference to it is seen in C or assembly";
}

/** What can be in one link with the script, of a symbol that it may provide thousands of times. */
interface Linkable {
  readonly referring: ReferringFiles;
  readonly definitions: readonly Mention[];
  /** Where the script itself defines it. */
  readonly ownStarts: ReadonlySet<number>;
}

function linkableOf(name: string, context: RuleContext, known: Map<string, Linkable>): Linkable {
  let linkable = known.get(name);
  if (linkable === undefined) known.set(name, (linkable = findLinkable(name, context)));
  return linkable;
}

function findLinkable(name: string, { path, program }: RuleContext): Linkable {
  const meets = (other: string) => scriptMeets(path, other, program, program.links.canLink);
  const definitions = program.definitionsOf(name).filter((one) => meets(one.path));
  const own = definitions.filter((one) => one.path === path);
  return {
    referring: findReferringFiles(name, path, program),
    definitions,
    ownStarts: new Set(own.map((one) => one.fact.start)),
  };
}

/** Of the definitions, more than are named. */
const MOST_LOOKED_AT = 8;

function describeFinding(context: RuleContext, fact: SymbolFact, known: Map<string, Linkable>): Finding {
  const { program, path } = context;
  const command = fact.visibility === "hidden" ? "PROVIDE_HIDDEN" : "PROVIDE";
  const clauses = [`${command} defines '${fact.name}' only where something refers to it and nothing else defines it`];
  if (program.index.isComplete) {
    const { referring, definitions, ownStarts } = linkableOf(fact.name, context, known);
    clauses.push(describeUsers(context, fact.name, referring));
    const others = definitions
      .slice(0, MOST_LOOKED_AT)
      .filter((other) => other.path !== path || other.fact.start !== fact.start);
    if (others.length > 0) {
      const count = definitions.length - (ownStarts.has(fact.start) ? 1 : 0);
      const places = someOf(others, (other) => describePlace(program.texts, other.path, other.fact.start), count);
      clauses.push(`also defined at ${places}`);
    }
  }
  return {
    rule: provideSymbol.id,
    span: { start: fact.start, end: fact.end },
    symbol: fact.name,
    message: clauses.join("; "),
    related: [],
  };
}
