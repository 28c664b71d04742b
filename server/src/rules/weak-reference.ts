/** Finds weak declarations that nothing in their own file defines: references that the linker may leave NULL. */

import type { SymbolFact } from "../linkage/facts/facts.ts";
import { definitionsMadeWeak } from "../linkage/symbols/imposed-weakness.ts";
import { describeDefinitions, describeNullTests } from "./describe.ts";
import { strengthenAll, strengthenOne } from "./fallback/strengthen.ts";
import type { Finding, Rule, RuleContext } from "./rule.ts";

export const weakReference: Rule = {
  id: "weak-reference",
  severity: "warning",
  scope: "workspace",
  docs: {
    summary: "A declaration makes every use of the symbol a weak reference.",
    why: `A weak reference is satisfied by nothing at all: where no definition is linked, the symbol's address is 0 and the link
succeeds. So every user has to test the address, the linker cannot report a misspelled or missing definition, and position
independent code loads the address from the GOT instead of computing it. A strong declaration with a weak fallback definition in
a file of its own costs none of that. Where no source file defines the symbol, the message says so: nothing satisfies the reference
but what is generated at link time.`,
    whenToIgnore:
      "Where NULL is the answer that is asked for: an optional part that users test for, in code that is not position independent and is built by everybody alike.",
    bad: [
      `//- /include/table.h
extern const int table[] __attribute__((weak));
//               ^^^^^ warning(weak-reference): weak reference to 'table'
`,
      `//- /attributes.h
#define __weak __attribute__((__weak__))
//- /user.c
#include "attributes.h"
void __weak setup(void);
//          ^^^^^ warning(weak-reference): no source file defines it
`,
      `//- /pragma.c
#pragma weak hook
extern int hook(void);
//         ^^^^ warning(weak-reference): weak reference to 'hook'
`,
    ],
    good: [
      `//- /macros.h
#ifdef INLINE
#define API static inline
#else
#define API __attribute__((weak))
#endif
//- /calls.h
#include "macros.h"
API void put_char(char c);
//- /bodies.h
#include "calls.h"
API void put_char(char c) { }
`,
      `//- /definition.c
int __attribute__((weak)) setup(void) { return 0; }
`,
      `//- /tentative.c
const struct ops ops __attribute__((weak));
`,
      `//- /declared-and-defined.c
int setup(void) __attribute__((weak));
int setup(void) { return 0; }
`,
      `//- /strong.h
extern const int table[];
`,
    ],
  },
  *check(context) {
    for (const fact of weakReferencesIn(context)) {
      if (fact.inMacro === undefined && definitionsMadeWeak(context.program, context.path, fact.name).length > 0)
        continue;
      yield describeFinding(context, fact);
    }
  },
  fixes: (finding, context) => strengthenOne(finding, context),
  fixAll: (findings, context) => strengthenAll(findings, context),
};

/**
 * The declarations of a file that refer weakly: weak, of external linkage, and not of a symbol that the same file defines
 * (there the declaration makes the definition weak, which is no reference). A static inline function of the name is another
 * branch's stub.
 */
export function weakReferencesIn(context: RuleContext): SymbolFact[] {
  const { program } = context;
  const symbols = context.facts.symbols.map(program.resolve);
  const made = program.madeIn(context.path);
  const defined = new Set(
    [...symbols, ...made]
      .filter((fact) => fact.role !== "declaration" && fact.binding !== "local")
      .map((fact) => fact.name),
  );
  const seen = new Set<number>();
  return [...symbols, ...made].filter((fact) => {
    if (fact.role !== "declaration" || fact.binding === "local" || defined.has(fact.name)) return false;
    if (!program.isWeak(fact) || isElsewiseInternal(fact, program) || seen.has(fact.start)) return false;
    seen.add(fact.start);
    return true;
  });
}

/**
 * Whether the words that make it weak are `static` in another branch of an #if: the body is in a header as well, and what one
 * configuration makes weak is a definition that each unit has.
 */
function isElsewiseInternal({ binding, words }: SymbolFact, { index, isWeakWord }: RuleContext["program"]): boolean {
  const weak = binding === "weak" ? [] : words.filter(isWeakWord);
  return weak.length > 0 && weak.every((word) => index.macros(word).some(({ fact }) => fact.isStatic === true));
}

function describeFinding(context: RuleContext, fact: SymbolFact): Finding {
  const span = { start: fact.start, end: fact.end };
  if (fact.inMacro !== undefined) {
    return {
      rule: weakReference.id,
      span,
      symbol: fact.name,
      message: `weak reference to '${fact.name}' in the macro '${fact.inMacro}', wherever it is used`,
      related: [],
    };
  }
  const definitions = describeDefinitions(context.program, context.path, fact.name);
  const tests = describeNullTests(context.program, context.path, fact.name);
  const known = [definitions.text, tests.text].filter((text) => text !== "");
  return {
    rule: weakReference.id,
    span,
    symbol: fact.name,
    message: [`weak reference to '${fact.name}'`, ...known].join("; "),
    related: [...definitions.related, ...tests.related],
  };
}
