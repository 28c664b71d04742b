/** Finds memory regions of a script that share addresses. */

import { constantsOf, type KnownRegion } from "../linkage/scripts/script-constants.ts";
import { showValue } from "../syntax/ld/evaluate.ts";
import type { Rule } from "./rule.ts";
import { findingAt, placeHere, unquoted } from "./script-findings.ts";

export const overlappingRegions: Rule = {
  id: "overlapping-regions",
  severity: "warning",
  scope: "file",
  docs: {
    summary: "Two memory regions of a script share addresses.",
    why: `ld checks that what is put into a region fits there, not that regions are apart. Where two of them overlap, each may fill up
to its own end, and the first section that lands on another one's addresses ends the link: "section overlaps section". Until then
nothing is said. A second name for the same memory is better made by REGION_ALIAS.`,
    bad: [
      `//- /link.ld
MEMORY {
  boot : ORIGIN = 0x08000000, LENGTH = 32K
  rom : ORIGIN = 0x08004000, LENGTH = 224K
//^^^ warning(overlapping-regions): shares the addresses 0x8004000 to 0x8008000 with 'boot'
}
SECTIONS { .boot : { *(.boot) } >boot .text : { *(.text) } >rom }
`,
    ],
    good: [
      `//- /link.ld
boot_size = 32K;
MEMORY {
  boot : ORIGIN = 0x08000000, LENGTH = boot_size
  rom : ORIGIN = ORIGIN(boot) + boot_size, LENGTH = 224K
}
SECTIONS { .boot : { *(.boot) } >boot .text : { *(.text) } >rom }
`,
    ],
  },
  *check(context) {
    if (context.script === undefined) return;
    const regions = constantsOf(context.script).regions.slice(0, MOST_REGIONS);
    for (const [index, later] of regions.entries()) {
      for (const earlier of regions.slice(0, index)) {
        if (later.condition !== earlier.condition || later.region.name.text === earlier.region.name.text) continue;
        const shared = findShared(earlier, later);
        if (shared === undefined) continue;
        const name = earlier.region.name.text;
        const range = `${showValue(shared.start)} to ${showValue(shared.end)}`;
        yield findingAt(
          overlappingRegions.id,
          unquoted(later.region.name),
          `region '${later.region.name.text}' shares the addresses ${range} with '${name}'`,
          [placeHere(context, unquoted(earlier.region.name), `'${name}' is declared here`)],
        );
        break;
      }
    }
  },
};

/** Each is compared with each; no machine has so many. */
const MOST_REGIONS = 500;

function findShared(first: KnownRegion, second: KnownRegion): { start: bigint; end: bigint } | undefined {
  const { origin: a, length: lengthOfA } = first;
  const { origin: b, length: lengthOfB } = second;
  if (a === undefined || b === undefined || lengthOfA === undefined || lengthOfB === undefined) return undefined;
  const start = a > b ? a : b;
  const end = a + lengthOfA < b + lengthOfB ? a + lengthOfA : b + lengthOfB;
  return start < end ? { start, end } : undefined;
}
