/** Finds symbols that ENTRY or EXTERN name and nobody defines. */

import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { looksLikeMacro } from "../syntax/ld/characters.ts";
import type { LdName } from "../syntax/ld/tree.ts";
import { isMistyped } from "../text/nearest.ts";
import type { Rule, RuleContext } from "./rule.ts";
import { findingAt, unquoted } from "./script-findings.ts";
import { changeName } from "./script-fixes.ts";

export const undefinedEntry: Rule = {
  id: "undefined-entry",
  severity: "warning",
  scope: "workspace",
  docs: {
    summary: "ENTRY or EXTERN names a symbol that nobody defines.",
    why: `Without the symbol that ENTRY names, ld warns and lets the program start at the beginning of its text; of a shared
object it says nothing. The symbol of EXTERN stays undefined in the output, without a message. Usually the function was renamed and the
script forgotten. Where the link may hold what is not in the tree, as a C library or another project's objects, it is only said of a name that
is one letter away from one that the tree defines.`,
    whenToIgnore: "Where an object that is not in the tree defines it: a C library's start file, a vendor's archive.",
    bad: [
      `//- /link.ld
ENTRY(reset_handler)
//    ^^^^^^^^^^^^^ warning(undefined-entry): nothing in this tree defines 'reset_handler'
SECTIONS { .text : { *(.text) } }
//- /start.c
void handle_reset(void) {}
`,
    ],
    good: [
      `//- /made.ld
ENTRY(start)
//- /macros.S
.macro func _name
\\_name:
.endm
//- /start.S
#include "macros.S"
.globl start
func start
`,
      `//- /link.ld
ENTRY(handle_reset)
EXTERN(vectors)
SECTIONS { .text : { *(.text) } }
//- /start.c
void handle_reset(void) {}
//- /vectors.S
.globl vectors
vectors: .long 0
`,
    ],
  },
  *check(context) {
    const { script, program } = context;
    if (script === undefined || !program.index.isComplete) return;
    for (const { statement } of statementsOf(script)) {
      if (statement.kind !== "command") continue;
      const { text: keyword } = statement.keyword;
      if (keyword !== "ENTRY" && keyword !== "EXTERN") continue;
      for (const name of statement.arguments) {
        if (mayBeDefined(name, context)) continue;
        const effect = keyword === "ENTRY" ? "the program starts wherever its text does" : "it stays undefined";
        yield findingAt(undefinedEntry.id, unquoted(name), `nothing in this tree defines '${name.text}'; ${effect}`);
      }
    }
  },
  fixes: (finding, context) => changeName(finding, context, findMeant(finding.symbol, context.program)),
};

/** True unless the tree shows that nobody defines the symbol. */
function mayBeDefined(name: LdName, { program, script, path }: RuleContext): boolean {
  const { index, links } = program;
  const { text } = name;
  if (script === undefined || name.pasted || text === "" || /\W/.test(text)) return true;
  if (script.preprocessed && (looksLikeMacro(text) || script.macros.some((macro) => macro.name === text))) return true;
  if (scriptModelOf(script).definitionsOf("symbol", text).length > 0) return true;
  const mentions = index.mentions(text);
  if (mentions.some(({ fact }) => fact.role !== "declaration") || program.definitionsOf(text).length > 0) return true;
  // A word that stands somewhere without being declared there may be defined by a macro.
  const declaring = new Set(mentions.map(({ path }) => path));
  if (index.filesWithWord(text).some((path) => !declaring.has(path) && index.languageOf(path) !== "ld")) return true;
  return links.whyOpenAt(path).length > 0 && findMeant(text, program) === undefined;
}

/** How many names are looked at for each letter that may be wrong. */
const MOST_NAMES = 20;

/** A symbol that the tree defines and whose name is this one with a letter mistyped. */
export function findMeant(name: string, program: Program): string | undefined {
  for (let i = 0; i < name.length; i++) {
    // Whichever letter is wrong, the others stand in the right order in the name that was meant.
    const found = program.index
      .symbolNames(`${name.slice(0, i)}${name.slice(i + 1)}`, MOST_NAMES)
      .find((candidate) => isMistyped(name, candidate) && program.definitionsOf(candidate).length > 0);
    if (found !== undefined) return found;
  }
  return undefined;
}
