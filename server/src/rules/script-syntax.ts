/** Publishes what ld itself would reject of a linker script. */

import type { Rule } from "./rule.ts";
import { mendSyntax } from "./script-fixes.ts";

export const scriptSyntax: Rule = {
  id: "script-syntax",
  severity: "error",
  scope: "file",
  docs: {
    summary: "ld rejects the linker script.",
    why: `ld stops at the first mistake and says "syntax error" and a line. Here each mistake is named, with what was expected. In a
script that the C preprocessor has yet to see, only what no expansion of macros could mend is reported.`,
    whenToIgnore:
      "Where the script is for another linker than ld or lld, or a template of a generator that is not recognized: exclude it.",
    bad: [
      `//- /link.ld
SECTIONS {
  .text : { *(.text }
//                  ^ error(script-syntax): syntax error
  .data : { *(.data) }
}
`,
    ],
    good: [
      `//- /link.lds.S
#include <asm-generic/vmlinux.lds.h>
SECTIONS {
  .text : { TEXT_TEXT }
  RO_DATA(4096)
}
`,
    ],
  },
  *check(context) {
    for (const { message, start, end } of context.script?.errors ?? []) {
      yield { rule: scriptSyntax.id, span: { start, end }, symbol: "", message, related: [] };
    }
  },
  fixes: mendSyntax,
};
