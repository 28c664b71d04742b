/** Comments that silence nothing: the finding that they were written for is gone, or never was. checkFile makes its findings. */

import type { IgnoreComment } from "./ignore-comments.ts";
import type { Finding, Rule } from "./rule.ts";

const ID = "unused-ignore";

export const unusedIgnore: Rule = {
  id: ID,
  docs: {
    summary: "A `weakspot-ignore` comment silences nothing.",
    why: `The finding that the comment was written for is gone, names another rule, or stands on another line. A comment that silences
nothing today may hide a new finding tomorrow, and tells readers of a danger that is not there.

Comments silence findings of their line (\`weakspot-ignore\`), of the next line (\`weakspot-ignore-next-line\`), from one line to
another (\`weakspot-ignore-begin\`, \`weakspot-ignore-end\`), or of the file (\`weakspot-ignore-file\`). Ids of rules say which; without them
all are meant. What stands behind \`--\` is the reason.`,
    whenToIgnore: "Where the comment is for a configuration or a version that is not checked here.",
    bad: [
      `
      //- /a.c
        int answer(void) { return 42; } /* weakspot-ignore weak-reference -- there is none */
      //                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint(unused-ignore): silences nothing
      `,
    ],
    good: [
      `
      //- /hook.h
        extern int hook(void) __attribute__((weak)); /* weakspot-ignore weak-reference -- the loader defines it */
      `,
      `
      //- /hook.h
        /* weakspot-ignore-next-line */
        extern int hook(void) __attribute__((weak));
      `,
    ],
  },
  severity: "hint",
  scope: "workspace",
  check: () => [],
};

/** The finding of a comment that silences nothing. */
export function describeUnused({ span, rules }: IgnoreComment): Finding {
  const what = rules.length === 0 ? "nothing" : `nothing: there is no finding of ${rules.join(" or ")} here`;
  return { rule: ID, span, symbol: "", message: `this comment silences ${what}`, related: [], isUnnecessary: true };
}
