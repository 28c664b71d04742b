/** Finds strong definitions that stand in an archive from which nothing takes them, so that the weak one stays. */

import type { Mention } from "../linkage/facts/link-index.ts";
import { describePlace } from "../linkage/facts/texts.ts";
import { objectsOf } from "../linkage/links/link.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { judgeInLink } from "../linkage/symbols/source-link.ts";
import { isPlainDefinition, isPlainlyStrong, isPlainOrAlias } from "../linkage/symbols/sure-links.ts";
import { baseName } from "../text/path.ts";
import { hasManyLinks } from "./candidates.ts";
import type { Rule } from "./rule.ts";

export const archivedOverride: Rule = {
  id: "archived-override",
  severity: "warning",
  scope: "workspace",
  docs: {
    summary: "A strong definition overrides nothing: its archive's member is never taken.",
    why: `A linker takes a member out of an archive for a symbol that is undefined, and a weak definition leaves none. So the strong one in
the archive is not even looked at, the weak one is used, and nothing says so. List the object itself, or link the archive with
--whole-archive, or make something refer to another symbol of the member. It is said where the link's inputs are known, and no configuration
chooses among them. Nothing is said of trees with a link for each
architecture, as a kernel's.`,
    whenToIgnore: `Where the archive is for other links too, which refer to something of the member.`,
    bad: [
      `//- /Makefile
fw: start.o core.o libboard.a
	ld -o $@ $^
libboard.a: board.o
	ar rcs $@ $^
//- /core.c
static int users;
__attribute__((weak)) int board_setup(void) { return users; }
int core(void) { return board_setup(); }
//- /start.c
int core(void);
int _start(void) { return core(); }
//- /board.c
int board_setup(void) { return 1; }
//  ^^^^^^^^^^^ warning(archived-override): does not override the weak definition at core.c:2: nothing takes board.o out of libboard.a in target fw
`,
      `//- /Makefile
fw: start.o startup.o libboard.a
	ld -o $@ $^
libboard.a: usb.o
	ar rcs $@ $^
//- /startup.s
default: nop
.weak usb_irq
.set usb_irq,default
.long usb_irq
//- /start.c
int _start(void) { return 0; }
//- /usb.c
void usb_irq(void) { }
//   ^^^^^^^ warning(archived-override): does not override the weak definition at startup.s:3
`,
    ],
    good: [
      `//- /Makefile
fw: start.o startup.o libboard.a
	ld -o $@ $^
libboard.a: board.o
	ar rcs $@ $^
//- /startup.s
default: nop
.weak usb_irq
.set usb_irq,default
.long usb_irq
//- /start.c
int board_name(void);
int _start(void) { return board_name(); }
//- /board.c
int board_name(void) { return 2; }
void usb_irq(void) { }
`,
      `//- /Makefile
fw: start.o core.o board.o
	ld -o $@ $^
//- /core.c
static int users;
__attribute__((weak)) int board_setup(void) { return users; }
int core(void) { return board_setup(); }
//- /start.c
int core(void);
int _start(void) { return core(); }
//- /board.c
int board_setup(void) { return 1; }
`,
      `//- /Makefile
fw: start.o core.o libboard.a
	ld -o $@ --whole-archive $^
libboard.a: board.o
	ar rcs $@ $^
//- /core.c
static int users;
__attribute__((weak)) int board_setup(void) { return users; }
int core(void) { return board_setup(); }
//- /start.c
int core(void);
int _start(void) { return core(); }
//- /board.c
int board_setup(void) { return 1; }
`,
      `//- /Makefile
fw: start.o core.o libboard.a
	ld -o $@ $^
libboard.a: board.o
	ar rcs $@ $^
//- /core.c
static int users;
int board_name(void);
__attribute__((weak)) int board_setup(void) { return users; }
int core(void) { return board_setup() + board_name(); }
//- /start.c
int core(void);
int _start(void) { return core(); }
//- /board.c
int board_name(void) { return 2; }
int board_setup(void) { return 1; }
`,
    ],
  },
  *check({ path, facts, program: narrowed }) {
    const program = narrowed.everywhere;
    if (!program.index.isComplete || hasManyLinks(program)) return;
    for (const fact of facts.symbols.map(program.resolve)) {
      if (!isPlainDefinition({ path, fact }) || !hasRival(fact.name, path, program)) continue;
      if (!isPlainlyStrong({ path, fact }, program)) continue;
      const found = leftOut(fact.name, path, program);
      if (found === undefined) continue;
      const { weak, archive, unit } = found;
      const object = `${baseName(path).replace(/\.\w+$/, "")}.o`;
      const place = describePlace(program.texts, weak.path, weak.fact.start);
      yield {
        rule: archivedOverride.id,
        span: { start: fact.start, end: fact.end },
        symbol: fact.name,
        message: `'${fact.name}' does not override the weak definition at ${place}: nothing takes ${object} out of ${archive} in ${unit}`,
        related: [
          {
            path: weak.path,
            span: { start: weak.fact.start, end: weak.fact.end },
            message: `the weak definition of '${fact.name}', which is used`,
          },
        ],
      };
    }
  },
};

function hasRival(name: string, path: string, program: Program): boolean {
  return program.index
    .mentions(name)
    .some((other) => other.path !== path && isPlainOrAlias(other) && program.isWeak(other.fact));
}

/** The link in which a weak definition is used for it; undefined where any link of the file takes it, or may. */
function leftOut(
  name: string,
  path: string,
  program: Program,
): { readonly weak: Mention; readonly archive: string; readonly unit: string } | undefined {
  const { links } = program;
  let found: { readonly weak: Mention; readonly archive: string; readonly unit: string } | undefined;
  const memberships = links.membershipsOf(path);
  for (const { unit, reach } of memberships) {
    const link = links.linkOf(unit);
    if (link === undefined || reach !== "archive" || links.whyOpen(unit).some(({ kind }) => kind !== "outside"))
      return undefined;
    const judged = judgeInLink(name, link, program);
    if (judged === undefined) return undefined;
    const own = [...judged.presences].find(([mention]) => mention.path === path);
    if (own?.[1] !== "not linked") return undefined;
    const archive = [...objectsOf(link.inputs ?? [])].find(({ object }) => object.source === path)?.archive;
    if (judged.outcome !== "weak" || judged.winner === undefined || archive === undefined) continue;
    found ??= { weak: judged.winner, archive: baseName(archive.path), unit };
  }
  return found;
}
