/** Finds memory regions and program headers that a script declares twice. */

import { type ScriptName, scriptModelOf } from "../linkage/scripts/script-model.ts";
import type { Rule } from "./rule.ts";
import { findingAt, firstTogether, placeHere } from "./script-findings.ts";

export const declaredTwice: Rule = {
  id: "declared-twice",
  severity: "warning",
  scope: "file",
  docs: {
    summary: "A script declares a memory region or a program header twice.",
    why: `Of a region that is declared twice, ld takes the second declaration's origin and length, and warns. Of a program header it
says nothing: both get into the output, sections that name it go into both, and a loader maps them twice.`,
    whenToIgnore: "Where the script is a template, of which a generator keeps one of the two.",
    bad: [
      `//- /link.ld
MEMORY {
  ram : ORIGIN = 0x20000000, LENGTH = 64K
  ram : ORIGIN = 0x20010000, LENGTH = 16K
//^^^ warning(declared-twice): region 'ram' is declared twice
}
SECTIONS { .data : { *(.data) } >ram }
`,
      `//- /link.ld
PHDRS { text PT_LOAD; text PT_LOAD; }
//                    ^^^^ warning(declared-twice): program header 'text' is declared twice
SECTIONS { .text : { *(.text) } :text }
`,
    ],
    good: [
      `//- /link.lds.S
#ifdef CONFIG_BIG
MEMORY { ram : ORIGIN = 0x20000000, LENGTH = 64K }
#else
MEMORY { ram : ORIGIN = 0x20000000, LENGTH = 16K }
#endif
SECTIONS { .data : { *(.data) } >ram }
`,
    ],
  },
  *check(context) {
    if (context.script === undefined) return;
    const model = scriptModelOf(context.script);
    const seen = new Map<string, ScriptName[]>();
    for (const name of model.names) {
      if (!name.isDefinition || (name.kind !== "region" && name.kind !== "segment")) continue;
      const first = firstTogether(seen, `${name.kind} ${name.text}`, name);
      if (first === undefined) continue;
      const isRegion = name.kind === "region";
      const effect = isRegion ? "ld takes the later declaration" : "the output has both";
      yield findingAt(
        declaredTwice.id,
        name,
        `${isRegion ? "region" : "program header"} '${name.text}' is declared twice; ${effect}`,
        [placeHere(context, first, "first declared here")],
      );
    }
  },
};
