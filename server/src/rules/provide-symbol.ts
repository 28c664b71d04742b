/** Finds PROVIDE and PROVIDE_HIDDEN: definitions that vanish or appear with what the rest of the program does. */

import type { SymbolFact } from "../linkage/facts.ts";
import { describePlace } from "../linkage/texts.ts";
import { listSome, someOf } from "./describe.ts";
import { replaceProvide } from "./fallback/replace-provide.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

export const provideSymbol: Rule = {
  id: "provide-symbol",
  severity: "information",
  scope: "workspace",
  docs: {
    summary: "PROVIDE defines a symbol only when somebody refers to it and nothing else defines it.",
    why: `Whether the symbol exists depends on every object of the link: a definition that somebody adds elsewhere silently takes
over, and a weak reference alone does not make the linker provide it in all versions. A plain assignment says that the script
defines the symbol and lets the linker report a second definition; a placeholder is better kept in C, where its type is known.`,
    bad: [
      `//- /link.ld
SECTIONS { .text : { *(.text) PROVIDE(end_of_text = .); } }
//                                    ^^^^^^^^^^^ information(provide-symbol): nothing refers to it
`,
      `//- /link.ld
PROVIDE_HIDDEN(table = 0);
//             ^^^^^ information(provide-symbol): referred to
//- /user.c
extern int table[];
int first(void) { return table[0]; }
`,
    ],
    good: [
      `//- /link.ld
SECTIONS { .text : { *(.text) end_of_text = .; } }
`,
    ],
  },
  *check(context) {
    if (context.script === undefined) return;
    for (const fact of context.facts.symbols) if (fact.role === "provide") yield describeFinding(context, fact);
  },
  fixes: (finding, context) => replaceProvide(finding, context),
};

function describeFinding(context: RuleContext, fact: SymbolFact): Finding {
  const { program, path } = context;
  const command = fact.visibility === "hidden" ? "PROVIDE_HIDDEN" : "PROVIDE";
  const clauses = [`${command} defines '${fact.name}' only where something refers to it and nothing else defines it`];
  if (program.index.isComplete) {
    const users = program.usesOf(fact.name).filter((use) => program.build.canLink(path, use.path));
    const others = program
      .definitionsOf(fact.name)
      .filter(
        (other) => (other.path !== path || other.fact.start !== fact.start) && program.build.canLink(path, other.path),
      );
    const userPaths = [...new Set(users.map((use) => use.path))];
    clauses.push(userPaths.length === 0 ? "nothing refers to it in C" : `referred to in ${listSome(userPaths)}`);
    if (others.length > 0) {
      const places = someOf(others, (other) => describePlace(program.texts, other.path, other.fact.start));
      clauses.push(`also defined at ${places}`);
    }
  }
  return {
    rule: provideSymbol.id,
    span: { start: fact.start, end: fact.end },
    symbol: fact.name,
    message: clauses.join("; "),
    related: [],
  };
}
