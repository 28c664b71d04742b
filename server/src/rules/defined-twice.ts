/** Finds two strong definitions of one symbol in one link, which linkers reject. */

import type { FileFacts } from "../linkage/facts/facts.ts";
import { describePlace } from "../linkage/facts/texts.ts";
import { includersOf, joinPath } from "../linkage/index/includers.ts";
import type { Program } from "../linkage/symbols/program.ts";
import {
  areOfTwoArchitectures,
  isPlainDefinition,
  isPlainlyStrong,
  sureLinksOf,
} from "../linkage/symbols/sure-links.ts";
import { folderOf } from "../text/path.ts";
import { hasManyLinks } from "./candidates.ts";
import type { Finding, Rule } from "./rule.ts";

export const definedTwice: Rule = {
  id: "defined-twice",
  severity: "error",
  scope: "workspace",
  docs: {
    summary: "Two strong definitions of a symbol are in one link.",
    why: `A linker rejects two strong definitions of one symbol ("multiple definition of"), but says so at the end of a build, of
objects, and only to who builds that link. It is said here of definitions that no condition leaves out, of files that are linked into one closed link
in every configuration, and not with --allow-multiple-definition. One in a header that two
of those files include is defined in both. Definitions in archives are left out: a member may never be
taken. Where one of the two is a default, make it weak. Nothing is said of trees with a link for each
architecture, as a kernel's.`,
    whenToIgnore: `Where the two files are never linked together, and the build says so in a way that is not understood.`,
    bad: [
      `//- /clock.c
int clock_rate(void) { return 1; }
//  ^^^^^^^^^^ error(defined-twice): 'clock_rate' is defined strongly at board.c:1 too, in the same link
//- /board.c
int clock_rate(void) { return 8; }
//  ^^^^^^^^^^ error(defined-twice): at clock.c:1 too
`,
      `//- /config.h
int global_config = 10;
//  ^^^^^^^^^^^^^ error(defined-twice): is defined in component.c and in main.c, which include this header
extern int declared;
static int own = 1;
//- /main.c
#include "config.h"
int main(void) { return global_config; }
//- /component.c
#include "config.h"
int component(void) { return global_config; }
`,
      `//- /clock.c
int rate = 1;
//  ^^^^ error(defined-twice): board.S:2
//- /board.S
.globl rate
  rate: .long 8
//^^^^ error(defined-twice): clock.c:1
`,
    ],
    good: [
      `//- /config.h
int global_config = 10;
//- /main.c
#include "config.h"
int main(void) { return global_config; }
//- /component.c
#ifdef ALSO
#include "config.h"
#endif
int component(void) { return 1; }
`,
      `//- /clock.c
static int users;
__attribute__((weak)) int clock_rate(void) { return users; }
//- /board.c
int clock_rate(void) { return 8; }
`,
      `//- /clock.c
#ifdef SLOW
int clock_rate(void) { return 1; }
#endif
//- /board.c
int clock_rate(void) { return 8; }
`,
      `//- /Makefile
one: clock.o
	ld -o $@ $^
two: board.o
	ld -o $@ $^
//- /clock.c
int clock_rate(void) { return 1; }
//- /board.c
int clock_rate(void) { return 8; }
`,
      `//- /Makefile
fw: clock.o board.o
	ld -z muldefs -o $@ $^
//- /clock.c
int clock_rate(void) { return 1; }
//- /board.c
int clock_rate(void) { return 8; }
`,
      `//- /Makefile
fw: clock.o $(BOARD).o
	ld -o $@ $^
//- /clock.c
int clock_rate(void) { return 1; }
//- /board.c
int clock_rate(void) { return 8; }
`,
    ],
  },
  *check({ path, facts, program: narrowed }) {
    const program = narrowed.everywhere;
    if (!program.index.isComplete || hasManyLinks(program)) return;
    if (path.endsWith(".h")) yield* findInHeader(path, facts, program);
    let units: readonly string[] | undefined;
    for (const fact of facts.symbols.map(program.resolve)) {
      // What macros make is left out, so that what the files state is enough; most names are defined in one file alone.
      const others = isPlainDefinition({ path, fact })
        ? program.index.mentions(fact.name).filter((other) => other.path !== path && isPlainDefinition(other))
        : [];
      if (others.length === 0) continue;
      units ??= sureLinksOf(path, program).filter((unit) => rejectsTwo(unit, program));
      const own = units;
      // Most files of many programs, as of tests, are in no link that is known.
      if (own.length === 0) return;
      if (others.length > MOST_DEFINITIONS || !isPlainlyStrong({ path, fact }, program)) continue;
      const other = others.find(
        (one) =>
          !areOfTwoArchitectures(path, one.path) &&
          sureLinksOf(one.path, program).some((unit) => own.includes(unit)) &&
          isPlainlyStrong(one, program),
      );
      if (other === undefined) continue;
      const place = describePlace(program.texts, other.path, other.fact.start);
      yield {
        rule: definedTwice.id,
        span: { start: fact.start, end: fact.end },
        symbol: fact.name,
        message: `'${fact.name}' is defined strongly at ${place} too, in the same link, which linkers reject; make the default weak`,
        related: [
          {
            path: other.path,
            span: { start: other.fact.start, end: other.fact.end },
            message: `the other definition of '${fact.name}'`,
          },
        ],
      };
    }
  },
};

/** Definitions of a header that two files of one link include, by the name of a file beside them and under no condition. */
function* findInHeader(path: string, facts: FileFacts, program: Program): Iterable<Finding> {
  // A word that no macro of the tree explains may mean static.
  const strong = facts.symbols
    .map(program.resolve)
    .filter((fact) => fact.words.length === 0 && isPlainlyStrong({ path, fact }, program));
  if (strong.length === 0) return;
  const found = twoOfOneLink(
    [...includersOf(program.index, path)].filter((one) => includesPlainly(one, path, program)),
    program,
  );
  if (found === undefined) return;
  const [one, two] = found;
  for (const fact of strong) {
    const message = `'${fact.name}' is defined in ${one} and in ${two}, which include this header and are in the same link; linkers reject that: define it in one source, and declare it extern here`;
    const related = found.map((user) => ({ path: user, span: { start: 0, end: 0 }, message: "includes this header" }));
    yield { rule: definedTwice.id, span: { start: fact.start, end: fact.end }, symbol: fact.name, message, related };
  }
}

function includesPlainly(source: string, header: string, { index }: Program): boolean {
  if (!source.endsWith(".c")) return false;
  return (
    index
      .factsOf(source)
      ?.includes.some(
        ({ path, angled, condition }) => !angled && condition === "" && joinPath(folderOf(source), path) === header,
      ) === true
  );
}

/** Two of the sources that are always in one link, which rejects two definitions. */
function twoOfOneLink(sources: readonly string[], program: Program): readonly [string, string] | undefined {
  const byUnit = new Map<string, string>();
  for (const source of [...sources].sort()) {
    for (const unit of sureLinksOf(source, program)) {
      const before = byUnit.get(unit);
      if (before === undefined) byUnit.set(unit, source);
      else if (rejectsTwo(unit, program)) return [before, source];
    }
  }
  return undefined;
}

/** What more files define is each program's own, as main is. */
const MOST_DEFINITIONS = 64;

function rejectsTwo(unit: string, { links }: Program): boolean {
  return links.linkOf(unit)?.options.allowsMultipleDefinitions !== true;
}
