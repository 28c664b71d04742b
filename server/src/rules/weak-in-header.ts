/** Finds weak declarations in headers that turn definitions elsewhere weak. */

import { describePlace } from "../linkage/facts/texts.ts";
import { definitionsMadeWeak } from "../linkage/symbols/imposed-weakness.ts";
import { isArchived } from "./describe.ts";
import { keepDefaultWeak } from "./fallback/weak-at-default.ts";
import type { Rule } from "./rule.ts";
import { weakReferencesIn } from "./weak-reference.ts";

export const weakInHeader: Rule = {
  id: "weak-in-header",
  severity: "warning",
  scope: "workspace",
  docs: {
    summary: "A weak declaration in a header makes the definitions weak that see it.",
    why: `The weak attribute belongs to the symbol, not to the declaration: a definition in a file that includes the header becomes
weak, although it says nothing of the kind. Where a second weak definition is linked, the order on the linker's command line
decides which one is used, without a message. Weak should be the default alone, at its definition.`,
    whenToIgnore:
      "Where every definition is meant to be weak, and the first that is linked is right. Say `weak` at the definitions then.",
    bad: [
      `//- /include/clock.h
extern int read_clock(void) __attribute__((weak));
//         ^^^^^^^^^^ warning(weak-in-header): makes the definition in board.c:2 weak
//- /board.c
#include "clock.h"
int read_clock(void) { return 1; }
`,
    ],
    good: [
      `//- /include/clock.h
extern int read_clock(void);
//- /board.c
#include "clock.h"
int read_clock(void) { return 1; }
`,
      `//- /include/clock.h
extern int read_clock(void);
//- /board.c
#include "clock.h"
int __attribute__((weak)) read_clock(void) { return 1; }
`,
    ],
  },
  *check(context) {
    for (const fact of weakReferencesIn(context)) {
      if (fact.inMacro !== undefined) continue;
      const hits = definitionsMadeWeak(context.program, context.path, fact.name);
      if (hits.length === 0) continue;
      const places = hits.slice(0, 3).map((hit) => describePlace(context.program.texts, hit.path, hit.fact.start));
      const more = hits.length > places.length ? ` and ${hits.length - places.length} more` : "";
      const isKeptOut = hits.every((hit) => isArchived(context.program, hit.path));
      const archive = isKeptOut ? ", and takes nothing from the archive that has it" : "";
      yield {
        rule: weakInHeader.id,
        span: { start: fact.start, end: fact.end },
        symbol: fact.name,
        message: `weak declaration of '${fact.name}' in a header makes the ${hits.length === 1 ? "definition" : "definitions"} in ${places.join(", ")}${more} weak${archive}`,
        related: hits.slice(0, 5).map((hit) => ({
          path: hit.path,
          span: { start: hit.fact.start, end: hit.fact.end },
          message: "this definition becomes weak",
        })),
      };
    }
  },
  fixes: (finding, context) => keepDefaultWeak(finding, context),
};
