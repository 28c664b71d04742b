/** Finds weak definitions that compilers may believe, because their readers stand in the same file. */

import type { SymbolFact } from "../linkage/facts/facts.ts";
import type { CDeclaration, CDeclarator } from "../syntax/c/tree.ts";
import { type CUse, findUses } from "../syntax/c/uses.ts";
import type { Source } from "../text/source.ts";
import { evidenceFor, type FallbackForm, listFamilies } from "./fallback/forms.ts";
import { moveDefinition } from "./fallback/move-definition.ts";
import type { Rule, RuleContext } from "./rule.ts";

export const foldableWeakDefinition: Rule = {
  id: "foldable-weak-definition",
  severity: "warning",
  scope: "file",
  docs: {
    summary: "A compiler may use the weak definition's value although a strong definition is linked.",
    why: `A weak definition exists to be overridden, but gcc, and clang up to 14, look at its value or its array bound where
readers stand in the same file: a constant is folded into its users, a loop over an array of one element runs once. The strong
definition that is linked later changes nothing any more, and no tool says so. A definition in a file of its own, or in
file-scope assembly, is safe. docs/fallback-forms.md has the measurements.`,
    whenToIgnore:
      "Where the value is overridden by no one who is linked with it, or where the file is built with `-O0` alone. Then drop `weak` rather than the finding.",
    bad: [
      `//- /table.c
const int limit __attribute__((weak)) = 0;
//        ^^^^^ warning(foldable-weak-definition): gcc, and clang up to 14,
int allowed(int n) { return n < limit; }
//- /board.c
const int limit = 8;
`,
      `//- /names.c
char names[1] __attribute__((weak));
//   ^^^^^ warning(foldable-weak-definition): array bound
int count(void) { int n = 0; while (names[n]) n++; return n; }
//- /board.c
char names[8];
`,
      `//- /ops.c
struct ops { int flags; };
const struct ops ops __attribute__((weak)) = { 0 };
//               ^^^ warning(foldable-weak-definition): clang up to 14 may
int flags(void) { return ops.flags; }
typedef struct { int magic; char name[8]; } description;
const description about __attribute__((weak, section(".about"))) = { .magic = 1 };
//                ^^^^^ warning(foldable-weak-definition): clang up to 14 may
int magic(void) { return about.magic; }
//- /board.c
struct ops { int flags; };
const struct ops ops = { 1 };
typedef struct { int magic; char name[8]; } description;
const description about = { 2 };
`,
    ],
    good: [
      `//- /table.c
const int limit __attribute__((weak)) = 0;
`,
      `//- /counter.c
int counter __attribute__((weak)) = 0;
int next(void) { return counter + 1; }
//- /board.c
int counter = 1;
`,
      `//- /volatile.c
const volatile int limit __attribute__((weak)) = 0;
int allowed(int n) { return n < limit; }
//- /board.c
const volatile int limit = 8;
`,
      `//- /address.c
struct ops { int flags; };
const struct ops ops __attribute__((weak));
const struct ops *find(void) { return &ops; }
//- /board.c
struct ops { int flags; };
const struct ops ops = { 1 };
`,
    ],
  },
  *check(context) {
    const { tree, source } = context;
    if (tree === undefined) return;
    const candidates = findCandidates(context).filter(
      ({ fact, form }) => !BOUND_ALONE.has(form) || isDefinedElsewhere(fact.name, context),
    );
    if (candidates.length === 0) return;
    const uses = findUses(source, new Set(candidates.map(({ fact }) => fact.name)));
    for (const { fact, form } of candidates) {
      const readers = uses.filter((use) => use.name === fact.name && readsValue(use));
      if (readers.length === 0) continue;
      const families = listFamilies(evidenceFor(form).seenThroughBy);
      const what =
        form === "same-file const array" ? "value or array bound" : form.includes("array") ? "array bound" : "value";
      yield {
        rule: foldableWeakDefinition.id,
        span: { start: fact.start, end: fact.end },
        symbol: fact.name,
        message: `${families} may use the ${what} of this weak definition of '${fact.name}' where it is read in this file, whatever strong definition is linked; move it to a file that never reads it`,
        related: readers.slice(0, 5).map((use) => ({
          path: context.path,
          span: { start: use.start, end: use.end },
          message: "read here",
        })),
      };
    }
  },
  fixes: (finding, context) => moveDefinition(finding, context),
};

interface Candidate {
  readonly fact: SymbolFact;
  readonly form: FallbackForm;
}

function findCandidates({ facts, tree, program, source }: RuleContext): Candidate[] {
  const candidates: Candidate[] = [];
  for (const fact of facts.symbols.map(program.resolve)) {
    if (fact.role !== "definition" && fact.role !== "tentative" && fact.role !== "alias") continue;
    if (fact.kind === "function" || fact.binding === "local" || fact.inMacro !== undefined) continue;
    if (!program.isWeak(fact)) continue;
    for (const declaration of tree?.declarations ?? []) {
      const declarator = declaration.declarators.find((one) => one.nameSpan.start === fact.start);
      if (declarator === undefined) continue;
      const form = formOf(fact, declaration, declarator, source);
      if (form !== undefined && evidenceFor(form).seenThroughBy.length > 0) candidates.push({ fact, form });
    }
  }
  return candidates;
}

/** Forms of which a compiler believes the bound alone: of no matter, unless another definition may have another bound. */
const BOUND_ALONE: ReadonlySet<FallbackForm> = new Set(["same-file array", "same-file array alias"]);

function isDefinedElsewhere(name: string, { path, program }: RuleContext): boolean {
  const { definitionsOf, links } = program.everywhere;
  return definitionsOf(name).some((other) => other.path !== path && links.canLink(path, other.path));
}

function formOf(
  fact: SymbolFact,
  declaration: CDeclaration,
  declarator: CDeclarator,
  source: Source,
): FallbackForm | undefined {
  const isArray = declarator.shape === "array";
  if (fact.role === "alias") return isArray ? "same-file array alias" : undefined;
  if (isArray) return declaration.isConst ? "same-file const array" : "same-file array";
  if (!declaration.isConst) return undefined;
  // What is volatile is read wherever the program says so; of an array, its bound is believed nevertheless.
  if (!declarator.hasPointer && /\b(?:__)?volatile(?:__)?\b/.test(declaration.type)) return undefined;
  if (declarator.shape === "plain" && isAggregate(declaration, declarator, source)) return "same-file const struct";
  if (fact.section !== undefined) return "same-file const with section";
  return declarator.initializer === undefined
    ? "same-file tentative const scalar"
    : "same-file const scalar with initializer";
}

/** True for a struct or union, also where a typedef names it and braces with designators or several values show it. */
function isAggregate(declaration: CDeclaration, { initializer }: CDeclarator, source: Source): boolean {
  if (/^(const )?(struct|union)\b/.test(declaration.type)) return true;
  return initializer !== undefined && /^\{[\s\S]*[.,]/.test(source.slice(initializer.start, initializer.end));
}

/** True for uses that look at the object's value or walk over its elements, not only at its address. */
function readsValue(use: CUse): boolean {
  return use.kind === "read" || use.kind === "index";
}
