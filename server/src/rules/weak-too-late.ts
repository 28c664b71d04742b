/** Finds declarations that make a symbol weak behind its definition or a use, where compilers differ. It looks at one file. */

import { linesOf } from "../linkage/facts/texts.ts";
import type { CAttribute, CDeclaration, CDeclarator, CFile, CWord } from "../syntax/c/tree.ts";
import { type CUse, findUses } from "../syntax/c/uses.ts";
import { conditionOf } from "../syntax/condition/condition.ts";
import { excludes } from "../syntax/condition/relations.ts";
import { lineColumnAt } from "../text/lines.ts";
import type { Span } from "../text/span.ts";
import type { Rule, RuleContext } from "./rule.ts";

export const weakTooLate: Rule = {
  id: "weak-too-late",
  severity: "warning",
  scope: "workspace",
  docs: {
    summary: "A symbol is declared weak behind its definition or a use: gcc and clang differ.",
    why: `gcc makes a symbol weak wherever in the file it is said so. clang goes by what it has read so far: a definition that stands
before the declaration or the pragma stays strong, so that no other definition can override it, and a reference before it stays strong, so that the
link fails where the symbol is missing, or the test of its address is always true (gcc 11 and 12, clang 14 to 19, any optimization). Said before the
definition and the first use, it means the same to both.`,
    whenToIgnore: `Where the file is compiled by gcc alone.`,
    bad: [
      `//- /board.c
int revision(void) { return 1; }
extern int revision(void) __attribute__((weak));
//         ^^^^^^^^ warning(weak-too-late): behind its definition in line 1: gcc makes it weak, clang leaves it strong
//- /other.c
int revision(void) { return 2; }
`,
      `//- /board.c
int revision(void) { return 1; }
#pragma weak revision
//           ^^^^^^^^ warning(weak-too-late): behind its definition
//- /other.c
int revision(void) { return 2; }
`,
      `//- /user.c
int hook(void);
//  ^^^^ warning(weak-reference): weak reference to 'hook'
int call(void) { return hook ? hook() : 0; }
#pragma weak hook
//           ^^^^ warning(weak-too-late): behind a use in line 2: gcc makes the reference weak, clang leaves it strong
//- /hook.c
int hook(void) { return 1; }
`,
    ],
    good: [
      `//- /board.c
extern int revision(void) __attribute__((weak));
int revision(void) { return 1; }
//- /other.c
int revision(void) { return 2; }
`,
      `//- /board.c
#pragma weak revision
int revision(void) { return 1; }
//- /other.c
int revision(void) { return 2; }
`,
      `//- /board.c
int revision(void) __attribute__((weak));
int revision(void) { return 1; }
int revision(void) __attribute__((weak));
//- /other.c
int revision(void) { return 2; }
`,
      `//- /board.c
#ifdef STRONG
int revision(void) { return 1; }
#endif
#ifndef STRONG
extern int revision(void) __attribute__((weak));
#endif
//- /other.c
int revision(void) { return 2; }
`,
    ],
  },
  *check(context) {
    const { tree } = context;
    if (tree === undefined || !context.program.index.isComplete) return;
    const late = lateWeakness(tree, context);
    if (late.size === 0) return;
    const uses = findUses(context.source, new Set(late.keys()));
    for (const [name, weak] of late) {
      const definition = definitionBefore(name, weak, tree);
      const use = definition === undefined ? uses.find((one) => isUseBefore(one, name, weak)) : undefined;
      const before = definition ?? use;
      if (before === undefined) continue;
      const line = lineAt(context, before.start);
      const what =
        definition === undefined
          ? `a use in line ${line}: gcc makes the reference weak, clang leaves it strong`
          : `its definition in line ${line}: gcc makes it weak, clang leaves it strong`;
      yield {
        rule: weakTooLate.id,
        span: weak.span,
        symbol: name,
        message: `'${name}' is declared weak behind ${what}; say it before`,
        related: [
          {
            path: context.path,
            span: { start: before.start, end: before.end },
            message: definition === undefined ? "used here" : "defined here",
          },
        ],
      };
    }
  },
};

/** The first place of a file that makes a name weak. */
interface Weakness {
  readonly span: Span;
  readonly condition: string;
}

/** What the file makes weak by a declaration without a definition or by a pragma, and no header did before. */
function lateWeakness(tree: CFile, { program, path }: RuleContext): ReadonlyMap<string, Weakness> {
  const first = new Map<string, Weakness & { readonly isDefinition: boolean }>();
  const note = (name: string, span: Span, condition: string, isDefinition: boolean) => {
    const known = first.get(name);
    if (known === undefined || span.start < known.span.start) first.set(name, { span, condition, isDefinition });
  };
  for (const declaration of tree.declarations) {
    if (declaration.inMacro !== undefined || declaration.storage === "typedef") continue;
    for (const declarator of declaration.declarators) {
      const words = [...declaration.words, ...declarator.words];
      if (!isWeakSaid([...declaration.attributes, ...declarator.attributes], words, program)) continue;
      note(declarator.name, declarator.nameSpan, declaration.condition, isDefining(declaration, declarator));
    }
  }
  for (const { name, nameSpan, target, condition } of tree.weakPragmas) {
    if (target === undefined) note(name, nameSpan, condition, false);
  }
  const late = [...first].filter(
    ([name, { isDefinition }]) =>
      !isDefinition &&
      !program
        .declarationsOf(name)
        .some(({ path: other, fact }) => other !== path && other.endsWith(".h") && program.isWeak(fact)),
  );
  return new Map(late);
}

function isWeakSaid(
  attributes: readonly CAttribute[],
  words: readonly CWord[],
  { isWeakWord }: RuleContext["program"],
): boolean {
  // An alias and a weakref define, or refer to something else.
  if (attributes.some(({ name }) => name === "alias" || name === "weakref" || name === "ifunc")) return false;
  return attributes.some(({ name }) => name === "weak") || words.some(({ name }) => isWeakWord(name));
}

/** A function without a body is declared; an object without `extern` is defined, if nothing else does (C11 6.9.2). */
function isDefining({ body, storage }: CDeclaration, { initializer, shape }: CDeclarator): boolean {
  return body !== undefined || initializer !== undefined || (shape !== "function" && storage === "none");
}

function definitionBefore(name: string, weak: Weakness, { declarations }: CFile): Span | undefined {
  for (const declaration of declarations) {
    const { inMacro, storage, condition, scope } = declaration;
    if (declaration.start > weak.span.start) break;
    if (inMacro !== undefined || storage === "static" || storage === "typedef" || scope === "block") continue;
    const found = declaration.declarators.find((one) => one.name === name && one.nameSpan.start < weak.span.start);
    if (found === undefined || declaration.isInline) continue;
    if (!isDefining(declaration, found)) continue;
    if (!excludes(conditionOf(condition), conditionOf(weak.condition))) return found.nameSpan;
  }
  return undefined;
}

const EVALUATED: ReadonlySet<CUse["kind"]> = new Set([
  "read",
  "write",
  "call",
  "address",
  "index",
  "null-test",
  "initializer",
]);

function isUseBefore(use: CUse, name: string, weak: Weakness): boolean {
  return (
    use.name === name &&
    use.inMacro === undefined &&
    use.start < weak.span.start &&
    EVALUATED.has(use.kind) &&
    !excludes(conditionOf(use.condition), conditionOf(weak.condition))
  );
}

function lineAt({ source }: RuleContext, offset: number): number {
  return lineColumnAt(linesOf(source), offset).line + 1;
}
