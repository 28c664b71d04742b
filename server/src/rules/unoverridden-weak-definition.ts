/** Finds weak definitions that nothing in the tree overrides. */

import type { SymbolFact } from "../linkage/facts/facts.ts";
import { findMissingOverride, type MissingOverride } from "../linkage/symbols/missing-overrides.ts";
import type { Rule, RuleContext } from "./rule.ts";

export const unoverriddenWeakDefinition: Rule = {
  id: "unoverridden-weak-definition",
  severity: "hint",
  scope: "workspace",
  docs: {
    summary: "Nothing in the tree overrides a weak definition.",
    why: `A weak definition says that another one may take its place. Where none is left, readers look for it in vain, callers go
on allowing for it, and a strong definition whose name is misspelled is not noticed: the weak one is used instead. Nothing is
said where a macro may make the strong definition, of headers and of shared objects that are linked for other programs, and of
files that define nothing but weak symbols: those hold the fallbacks of what is generated or linked from elsewhere. Many weak aliases of
one symbol, as a chip's interrupt handlers are of the default one, are a table for whoever needs some of them. Strong
definitions under any configuration count.`,
    whenToIgnore:
      "Where others override it: users of a library, boards that are kept in another tree. It is a hint for that reason.",
    bad: [
      `//- /clock.c
static int rate = 1;
int __attribute__((weak)) clock_rate(void) { return rate; }
//                        ^^^^^^^^^^ hint(unoverridden-weak-definition): no strong definition of 'clock_rate' is found in the tree
//- /board.c
int clockrate(void) { return 8; }
`,
      `//- /clock.c
int users;
int __attribute__((weak)) clock_rate(void) { return 1; }
//                        ^^^^^^^^^^ hint(unoverridden-weak-definition): of the weak ones the first that is linked is used
//- /board.c
int board;
int __attribute__((weak)) clock_rate(void) { return 8; }
//                        ^^^^^^^^^^ hint(unoverridden-weak-definition): no strong definition
`,
      `//- /startup.c
int vectors;
void __attribute__((weak)) usb_handler(void) { vectors = 1; }
//                         ^^^^^^^^^^^ hint(unoverridden-weak-definition): without extern "C"
//- /usb.cpp
void usb_handler(void) { }
`,
      `//- /uart.c
int ready;
void __attribute__((weak)) rx_done(void) { ready = 1; }
//                         ^^^^^^^ hint(unoverridden-weak-definition): main.c defines it as static, so that it overrides nothing
//- /main.c
static void rx_done(void) { }
void (*const keep)(void) = rx_done;
`,
      `//- /vectors.S
start:
.irp n, one, two, three
//   ^ hint(unoverridden-weak-definition): 'irq_one' and 2 more that are made here
.weak irq_\\n
irq_\\n:
.endr
`,
    ],
    good: [
      `//- /clock.c
static int rate = 1;
int __attribute__((weak)) clock_rate(void) { return rate; }
//- /board.c
int clock_rate(void) { return 8; }
`,
      `//- /clock.c
static int rate = 1;
int __attribute__((weak)) clock_rate(void) { return rate; }
//- /board.S
.globl clock_rate
clock_rate:
`,
      `//- /clock.c
static int rate = 1;
int __attribute__((weak)) clock_rate(void) { return rate; }
//- /board.c
#define DEFINE_RATE(name, value) int name(void) { return value; }
DEFINE_RATE(clock_rate, 8)
`,
      `//- /startup.c
int vectors;
void __attribute__((weak)) usb_handler(void) { vectors = 1; }
//- /usb.cpp
extern "C" void usb_handler(void) { }
`,
      `//- /startup.c
int vectors;
void __attribute__((weak)) usb_handler(void) { vectors = 1; }
//- /usb.rs
#[no_mangle] pub extern "C" fn usb_handler() {}
`,
      `//- /segments.h
#ifdef MODE16
#define VAR __attribute__((weak, section(".discard.var")))
#else
#define VAR __attribute__((used, section(".data.var")))
#endif
//- /drives.c
#include "segments.h"
static int rate = 1;
int drives VAR;
`,
      `//- /startup.s
Default_Handler: b .
${["NMI", "Fault", "SVC", "SysTick", "UART0", "UART1", "SPI0", "DMA"].map((name) => `.weak ${name}\n.thumb_set ${name},Default_Handler\n`).join("")}`,
      `//- /table_weak.c
const unsigned char table[1] __attribute__((weak));
const unsigned int table_size __attribute__((weak));
`,
    ],
  },
  *check(context) {
    const found: { readonly fact: SymbolFact; readonly missing: MissingOverride }[] = [];
    /** A loop of a macro makes hundreds at one place. */
    const countAt = new Map<number, number>();
    for (const fact of weakDefinitionsIn(context)) {
      const missing = findMissingOverride(fact, context.path, context.program);
      if (missing === undefined) continue;
      const count = countAt.get(fact.start) ?? 0;
      countAt.set(fact.start, count + 1);
      if (count === 0) found.push({ fact, missing });
    }
    for (const { fact, missing } of found) {
      yield {
        rule: unoverriddenWeakDefinition.id,
        span: { start: fact.start, end: fact.end },
        symbol: fact.name,
        message: describeMissing(fact.name, missing, countAt.get(fact.start)! - 1),
        related: [
          ...missing.rivals.slice(0, 5).map((rival) => ({
            path: rival.path,
            span: { start: rival.fact.start, end: rival.fact.end },
            message: `weak ${rival.fact.role} of '${fact.name}'`,
          })),
          ...missing.mangled.slice(0, 5).map(({ path, start, end }) => ({
            path,
            span: { start, end },
            message: `a C++ function '${fact.name}', whose name is mangled`,
          })),
          ...missing.statics.slice(0, 5).map((one) => ({
            path: one.path,
            span: { start: one.fact.start, end: one.fact.end },
            message: `a static '${fact.name}', which no other file sees`,
          })),
        ],
      };
    }
  },
};

/** The file's weak definitions; none where it has no others. */
function weakDefinitionsIn({ facts, program }: RuleContext): readonly SymbolFact[] {
  if (!program.index.isComplete) return [];
  const definitions = facts.symbols
    .map(program.resolve)
    .filter(({ role }) => role === "definition" || role === "tentative" || role === "alias");
  const weak = definitions.filter((fact) => fact.binding !== "local" && program.isWeak(fact));
  if (weak.length === definitions.length) return [];
  const aliasesOf = new Map<string, number>();
  for (const { target } of weak) if (target !== undefined) aliasesOf.set(target, (aliasesOf.get(target) ?? 0) + 1);
  return weak.filter(({ target }) => target === undefined || aliasesOf.get(target)! < TABLE);
}

/** From this many weak aliases of one symbol on, a file has a table of defaults, such as a chip's interrupt handlers. */
const TABLE = 8;

/** @param others how many more are made at the same place */
function describeMissing(name: string, { within, rivals, mangled, statics }: MissingOverride, others: number): string {
  const where = within === "tree" ? "found in the tree" : "in a link with this one";
  const choice = rivals.length === 0 ? "" : "; of the weak ones the first that is linked is used";
  const more = others === 0 ? "" : ` and ${others} more that are made here`;
  const unheard =
    mangled.length === 0 ? "" : `; ${mangled[0]!.path} defines it without extern "C", so that its name is mangled`;
  const unseen = statics.length === 0 ? "" : `; ${statics[0]!.path} defines it as static, so that it overrides nothing`;
  return `no strong definition of '${name}'${more} is ${where}${choice}${unheard}${unseen}`;
}
