/** Finds memory regions of a script that share addresses. */

import { constantsOf, type KnownRegion } from "../linkage/scripts/script-constants.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import { showValue } from "../syntax/ld/evaluate.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
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
nothing is said. A second name for the same memory is better made by REGION_ALIAS.
Regions that the script puts nothing into are left alone: one may stand for all of the memory that others divide.`,
    whenToIgnore:
      "Where two regions are two names of the same memory on purpose, as an alias of RAM at another address, or a bootloader's and an application's share of one image.",
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
      `//- /link.ld
MEMORY {
  flash : ORIGIN = 0, LENGTH = 1M
  app : ORIGIN = 64K, LENGTH = 960K
}
SECTIONS { .text : { *(.text) } >app flash_end = ORIGIN(flash) + LENGTH(flash); }
`,
    ],
  },
  *check(context) {
    if (context.script === undefined) return;
    const filled = filledRegions(context.script);
    const regions = constantsOf(context.script)
      .regions.filter(({ region }) => filled.has(region.name.text))
      .slice(0, MOST_REGIONS);
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

/** The regions that sections of the script are put into or loaded from, their aliases followed. */
function filledRegions(script: LdScript): Set<string> {
  const aliases = new Map<string, string>();
  const filled = new Set<string>();
  for (const { statement } of statementsOf(script)) {
    if (statement.kind === "command" && statement.keyword.text === "REGION_ALIAS") {
      const [alias, target] = statement.arguments;
      if (alias !== undefined && target !== undefined) aliases.set(alias.text, target.text);
    } else if (statement.kind === "output-section" || statement.kind === "overlay") {
      for (const name of [statement.trailer?.region, statement.trailer?.loadRegion]) {
        if (name !== undefined) filled.add(name.text);
      }
    }
  }
  for (const name of [...filled]) {
    const target = aliases.get(name);
    if (target !== undefined) filled.add(target);
  }
  return filled;
}

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
