/** Finds memory regions that a script uses and its MEMORY does not declare, or not yet. */

import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import { nodesOf } from "../syntax/ld/walk.ts";
import type { Span } from "../text/span.ts";
import { declaredInPieces, mayDeclareMore } from "./declared-in-pieces.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";
import { findingAt, listsAll, placeHere } from "./script-findings.ts";
import { changeToNearest } from "./script-fixes.ts";

export const undeclaredRegion: Rule = {
  id: "undeclared-region",
  severity: "error",
  scope: "file",
  docs: {
    summary: "A script uses a memory region that its MEMORY does not declare.",
    why: `ld warns of such a region and then makes one of that name itself, which begins at address 0 and has no end: what
belongs into the region is linked to a wrong address, and the linker exits with 0. The same happens to a region that is used
for a section before the MEMORY command that declares it, as ld reads a script from top to bottom. A value that ld need not look at,
of a PROVIDE or behind a question mark, is a hint: ld says nothing of it until it is asked for, and lld stops at it. A script without
any MEMORY is judged where every link that takes it is known and is given no other script.`,
    whenToIgnore:
      "Where a script that INCLUDEs this one, or is given beside it, declares the region and is not in the tree.",
    bad: [
      `//- /link.ld
MEMORY { ram : ORIGIN = 0x20000000, LENGTH = 64K }
SECTIONS { .text : { *(.text) } >rom AT>ram }
//                               ^^^ error(undeclared-region): no MEMORY declares 'rom'
`,
      `//- /link.ld
SECTIONS { .data : { *(.data) } >ram }
//                               ^^^ error(undeclared-region): only declared further down
MEMORY { ram : ORIGIN = 0x20000000, LENGTH = 64K }
`,
      `//- /link.ld
MEMORY { ram : ORIGIN = 0x20000000, LENGTH = 64K }
heap_end = DEFINED(heap_size) ? LENGTH(rom) : 64K;
//                                     ^^^ hint(undeclared-region): ld looks at this value only where it is asked for
`,
      `//- /Makefile
fw: start.o
	ld -T sections.ld -o $@ $^
//- /sections.ld
SECTIONS { .text : { *(.text) } >flash }
//                               ^^^^^ error(undeclared-region): no MEMORY declares 'flash'
//- /start.c
void _start(void) { }
`,
    ],
    good: [
      `//- /link.ld
MEMORY { ram : ORIGIN = 0x20000000, LENGTH = 64K }
REGION_ALIAS("rom", ram);
SECTIONS { .text : { *(.text) } >rom end = ORIGIN(ram) + LENGTH(ram); }
`,
      `//- /top.ld
MEMORY { rom : ORIGIN = 0, LENGTH = 64K }
INCLUDE base.ld
//- /base.ld
MEMORY { extra : ORIGIN = 1M, LENGTH = 64K }
SECTIONS { .text : { *(.text) } >rom .data : { *(.data) } >extra }
`,
      `//- /sections.ld
SECTIONS { .text : { *(.text) } >rom }
`,
      `//- /Makefile
fw: start.o
	ld -T memory.ld -T sections.ld -o $@ $^
//- /memory.ld
MEMORY { rom : ORIGIN = 0, LENGTH = 64K }
//- /sections.ld
SECTIONS { .text : { *(.text) } >rom }
//- /start.c
void _start(void) { }
`,
    ],
  },
  *check(context) {
    const { script } = context;
    // Without a MEMORY of its own the script is part of another one's text, or of a command line with several.
    if (script === undefined || !(listsAll(script, "memory") || isAlone(context, script))) return;
    const { declared, isWhole } = declaredInPieces(context, script, "region");
    const model = scriptModelOf(script);
    const placed = placesOfSections(script);
    const lazy = valuesOnDemand(script);
    for (const use of model.names) {
      if (use.kind !== "region" || use.isDefinition || use.inMacro !== undefined) continue;
      const [first] = model.definitionsOf("region", use.text);
      if (first === undefined) {
        if (!isWhole || script.headers.length > 0 || declared.has(use.text)) continue;
        yield describeMissing(use, lazy);
      } else if (placed.has(use.start) && first.inMacro === undefined && first.start > use.start) {
        yield findingAt(
          undeclaredRegion.id,
          use,
          `'${use.text}' is only declared further down; here ld makes a region of that name at address 0`,
          [placeHere(context, first, "declared here, too late")],
        );
      }
    }
  },
  fixes: (finding, context) =>
    context.script === undefined
      ? []
      : changeToNearest(finding, context, declaredInPieces(context, context.script, "region").declared),
};

/** Whether every link that the script is in is known and is given no other: then there is no MEMORY but those of its pieces. */
function isAlone({ path, program }: RuleContext, script: LdScript): boolean {
  const { links, index } = program;
  const units = index.isComplete && script.errors.length === 0 ? (links.unitsOfScript(path) ?? []) : [];
  if (units.length === 0 || mayDeclareMore(script)) return false;
  const isGivenOne = units.every((unit) => {
    const { options, inputs } = links.linkOf(unit) ?? {};
    const isAlso = inputs === undefined || inputs.some(({ kind }) => kind === "script" || kind === "unknown");
    return options?.scripts.length === 1 && options.scripts[0] === path && !isAlso;
  });
  return isGivenOne && links.whyOpenAt(path).every(({ kind }) => kind === "outside");
}

/** Offsets of the regions that sections are put into, which ld looks up at once; those in expressions it looks up last. */
function placesOfSections(script: LdScript): Set<number> {
  const places = new Set<number>();
  for (const { statement } of statementsOf(script)) {
    if (statement.kind !== "output-section" && statement.kind !== "overlay") continue;
    for (const name of [statement.trailer?.region, statement.trailer?.loadRegion]) {
      if (name !== undefined) places.add(name.start + (name.quoted ? 1 : 0));
    }
  }
  return places;
}

/** A region that no MEMORY declares; where ld may never look at it, that is said, and it is a hint. */
function describeMissing(use: Span & { readonly text: string }, lazy: readonly Span[]): Finding {
  const missing = `no MEMORY declares '${use.text}'`;
  if (!lazy.some(({ start, end }) => start <= use.start && use.end <= end))
    return findingAt(undeclaredRegion.id, use, `${missing}; ld makes a region of that name at address 0`);
  const message = `${missing}; ld looks at this value only where it is asked for, and takes the region for one at address 0 then`;
  return { ...findingAt(undeclaredRegion.id, use, message), isMinor: true };
}

/** Values that ld may never compute: those of PROVIDE, and of both branches behind a question mark (ldexp.c, exp_fold_tree). */
function valuesOnDemand(script: LdScript): readonly Span[] {
  const spans: Span[] = [];
  for (const node of nodesOf(script)) {
    if (node.kind === "assignment" && node.provide) spans.push(node.value);
    else if (node.kind === "conditional") spans.push(node.then, node.otherwise);
  }
  return spans;
}
