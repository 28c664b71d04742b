/** Finds memory regions that nothing is put into. */

import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import type { Rule } from "./rule.ts";
import { findingAt, isPartOfMore, listsAll } from "./script-findings.ts";

export const unusedRegion: Rule = {
  id: "unused-region",
  severity: "hint",
  scope: "workspace",
  docs: {
    summary: "A script declares a memory region that nothing is put into.",
    why: `A region that no section goes into and no expression mentions does nothing: ld checks neither that its memory is there nor
that it stays free. Often the section that was meant to go into it has lost its \`>region\`, and lands in another one. A region with
attributes is left alone where some section names no region, as ld may choose it for that section.`,
    whenToIgnore: "Where the region documents the memory map, or a program that INCLUDEs the script fills it.",
    bad: [
      `//- /link.ld
MEMORY {
  rom : ORIGIN = 0, LENGTH = 256K
  ram : ORIGIN = 0x20000000, LENGTH = 64K
  ccm : ORIGIN = 0x10000000, LENGTH = 8K
//^^^ hint(unused-region): nothing is put into the region 'ccm'
}
SECTIONS {
  .text : { *(.text) } >rom
  .data : { *(.data) } >ram AT>rom
}
`,
    ],
    good: [
      `//- /link.ld
MEMORY { rom (rx) : ORIGIN = 0, LENGTH = 256K ram (rw) : ORIGIN = 0x20000000, LENGTH = 64K }
SECTIONS { .text : { *(.text) } .data : { *(.data) } stack = ORIGIN(ram) + LENGTH(ram); }
`,
      `//- /memory.ld
MEMORY { rom : ORIGIN = 0, LENGTH = 256K }
`,
    ],
  },
  *check(context) {
    const { script } = context;
    if (script === undefined || !context.program.index.isComplete) return;
    if (!listsAll(script, "memory") || isPartOfMore(context, script) || script.macros.length > 0) return;
    const { hasSections, hasFree } = lookAtSections(script);
    if (!hasSections) return;
    const model = scriptModelOf(script);
    const attributed = new Set<string>();
    for (const { statement } of statementsOf(script)) {
      if (statement.kind !== "memory") continue;
      for (const region of statement.regions) {
        if (region.kind === "region" && region.attributes.length > 0) attributed.add(region.name.text);
      }
    }
    for (const text of model.defined("region")) {
      if (model.usesOf("region", text).length > 0 || (hasFree && attributed.has(text))) continue;
      for (const name of model.definitionsOf("region", text)) {
        yield { ...findingAt(unusedRegion.id, name, `nothing is put into the region '${text}'`), isUnnecessary: true };
      }
    }
  },
};

/** Whether the script describes sections, and whether one of them leaves it to ld to choose a region. */
function lookAtSections(script: LdScript): { hasSections: boolean; hasFree: boolean } {
  let hasSections = false;
  let hasFree = false;
  for (const { statement } of statementsOf(script)) {
    if (statement.kind !== "output-section" || statement.inOverlay || statement.name.text === "/DISCARD/") continue;
    hasSections = true;
    if (statement.trailer?.region === undefined) hasFree = true;
  }
  return { hasSections, hasFree };
}
