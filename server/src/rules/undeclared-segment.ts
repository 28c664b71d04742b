/** Finds program headers that a script puts sections into and its PHDRS does not declare. */

import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import { baseName } from "../text/path.ts";
import { declaredInPieces } from "./declared-in-pieces.ts";
import { listSome } from "./describe.ts";
import type { Rule, RuleContext } from "./rule.ts";
import { findingAt, listsAll } from "./script-findings.ts";
import { changeToNearest } from "./script-fixes.ts";

export const undeclaredSegment: Rule = {
  id: "undeclared-segment",
  severity: "error",
  scope: "file",
  docs: {
    summary: "A script puts a section into a program header that its PHDRS does not declare.",
    why: `ld rejects the link as soon as the section has anything in it: "section assigned to non-existent phdr". While the section is
empty it says nothing, so that the mistake comes up with the first object that brings such a section, and for every
section that follows, as they go into the same program header.`,
    whenToIgnore: "Where a script that INCLUDEs this one declares the program headers and is not in the tree.",
    bad: [
      `//- /link.ld
PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); }
SECTIONS {
  .text : { *(.text) } :text
  .note : { *(.note.*) } :text :note
//                              ^^^^ error(undeclared-segment): PHDRS declares no 'note'
}
`,
    ],
    good: [
      `//- /link.ld
PHDRS { text PT_LOAD FLAGS(5); note PT_NOTE; }
SECTIONS {
  .text : { *(.text) } :text
  .note : { *(.note.*) } :text :note
  .debug_info 0 : { *(.debug_info) } :NONE
}
`,
      `//- /base.ld
PHDRS { text PT_LOAD FLAGS(5); }
INCLUDE notes.ld
SECTIONS { .text : { *(.text) } :text .note : { *(.note.*) } :note }
//- /notes.ld
PHDRS { note PT_NOTE; }
`,
    ],
  },
  *check(context) {
    const { script } = context;
    if (script === undefined || !listsAll(script, "segments")) return;
    const model = scriptModelOf(script);
    const { declared, isWhole } = declaredInPieces(context, script, "segment");
    if (!isWhole && !isListedHere(context, script)) return;
    for (const use of model.names) {
      if (use.kind !== "segment" || use.isDefinition || use.inMacro !== undefined || declared.has(use.text)) continue;
      yield findingAt(
        undeclaredSegment.id,
        use,
        `PHDRS declares no '${use.text}'; it has ${listSome([...declared].map((name) => `'${name}'`))}`,
      );
    }
  },
  fixes: (finding, context) =>
    context.script === undefined
      ? []
      : changeToNearest(finding, context, declaredInPieces(context, context.script, "segment").declared),
};

/** True for a script that includes nothing but headers of C, which hold no PHDRS, and that no other script includes. */
function isListedHere(context: RuleContext, script: LdScript): boolean {
  const { facts, program, path } = context;
  const isHeader = (name: string) => /\.h$/.test(name) && !/\.lds?\.h$/.test(name);
  if (facts.includes.some((include) => !isHeader(include.path)) || script.template !== undefined) return false;
  return program.index.inclusionsOf(baseName(path)).length === 0;
}
