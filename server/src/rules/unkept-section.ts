/** Finds patterns of input sections whose contents a linker that collects garbage drops, because nothing refers to them. */

import { describePlace } from "../linkage/facts/texts.ts";
import { type Link, objectsOf } from "../linkage/links/link.ts";
import { isReadButForC } from "../linkage/links/link-reasons.ts";
import { piecesOf } from "../linkage/scripts/script-pieces.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import { findUnreferenced, type SectionQuery, type Unreferenced } from "../linkage/symbols/unreferenced-contents.ts";
import type { LdInputSection, LdName, LdScript } from "../syntax/ld/tree.ts";
import { type Glob, readGlob } from "../text/glob.ts";
import type { Finding, Fix, Rule, RuleContext } from "./rule.ts";
import { findingAt, unquoted } from "./script-findings.ts";
import { findShadowed } from "./unmatched-pattern.ts";

export const unkeptSection: Rule = {
  id: "unkept-section",
  severity: "warning",
  scope: "workspace",
  docs: {
    summary: "--gc-sections removes what a pattern without KEEP takes, as nothing refers to it.",
    why: `With --gc-sections the linker drops every section that nothing refers to, \`__attribute__((used))\` or not, which is for the compiler
alone. A chip's vectors, and the entries of a table that a program walks from one symbol to another, are found by their place; without KEEP
they are gone, and the program links. It is said where a link is known that collects garbage with this script and holds a definition in such a section that
neither C, assembly nor the script names, and not where KEEP, \`retain\`, -u or a reference to \`__start_\` and the section's name keeps it.`,
    whenToIgnore: "Where the link is never given `--gc-sections`, or something refers to what is in the section.",
    bad: [
      `//- /Makefile
fw: start.o hooks.o
	ld --gc-sections -T link.ld -o $@ $^
//- /link.ld
ENTRY(reset)
SECTIONS {
  .vectors : { *(.isr_vector) }
//               ^^^^^^^^^^^ warning(unkept-section): --gc-sections removes 'vectors' (start.s:3), which nothing refers to
  .text : { *(.text*) }
  .hooks : { hooks_start = .; *(.hooks) hooks_end = .; }
//                              ^^^^^^ warning(unkept-section): 'hook_##name' (hook.h:1)
}
//- /start.s
.section .isr_vector,"a"
.globl vectors
vectors: .long reset
.size vectors, .-vectors
.text
.globl reset
reset: bl run
//- /hook.h
#define HOOK(name) static void (*const hook_##name)(void) __attribute__((used, section(".hooks"))) = name
//- /hooks.c
#include "hook.h"
static void first(void) {}
HOOK(first);
extern void (*const hooks_start[])(void), (*const hooks_end[])(void);
void run(void) { for (void (*const *h)(void) = hooks_start; h < hooks_end; h++) (*h)(); }
`,
    ],
    good: [
      `//- /Makefile
fw: start.o hooks.o
	ld --gc-sections -T link.ld -o $@ $^
//- /link.ld
ENTRY(reset)
SECTIONS {
  .vectors : { KEEP(*(.isr_vector)) }
  .text : { *(.text*) }
  .config : { *(.config) *(.fast) *(retained) }
}
//- /start.s
.section .isr_vector,"a"
.globl vectors
vectors: .long reset
.text
.globl reset
reset: bl run
//- /run.c
int config __attribute__((section(".config"))) = 1;
void fast(void) __attribute__((section(".fast")));
void fast(void) {}
static int spare __attribute__((used, section(".config"))) = 2;
int kept __attribute__((used, retain, section("retained"))) = 1;
int run(void) { return config; }
`,
      `//- /Makefile
fw: start.o
	ld -T link.ld -o $@ $^
//- /link.ld
ENTRY(reset)
SECTIONS { .vectors : { *(.isr_vector) } .text : { *(.text*) } }
//- /start.s
.section .isr_vector,"a"
.globl vectors
vectors: .long reset
.text
.globl reset
reset: nop
`,
    ],
  },
  *check(context) {
    const { script, program, path } = context;
    if (script === undefined || !program.index.isComplete || script.errors.length > 0) return;
    const statements = statementsOf(script).map(({ statement }) => statement);
    const isCandidate = (statement: LdInputSection) =>
      statement.keep === undefined && statement.sections?.some(({ name }) => wordOf(name) !== undefined);
    if (!statements.some((one) => one.kind === "input-section" && isCandidate(one))) return;
    const { pieces, isWhole } = piecesOf(path, script, program.index, program.texts);
    if (!isWhole || pieces.some((piece) => hidesStatements(piece.script))) return;
    const link = findCollecting(new Set(pieces.map((piece) => piece.path)), context);
    if (link === undefined) return;
    const keeping = pieces.flatMap((piece) => globsOfKept(piece.script));
    const shadowed = findShadowed(script);
    for (const statement of statements) {
      if (statement.kind !== "input-section" || !isCandidate(statement)) continue;
      for (const { name } of statement.sections ?? []) {
        if (shadowed.has(name)) continue;
        const dropped = findDropped(name, keeping, link, context);
        if (dropped === undefined) continue;
        const place = describePlace(program.texts, dropped.path, dropped.span.start);
        const message = `--gc-sections removes '${dropped.name}' (${place}), which nothing refers to and no KEEP keeps`;
        const related = { path: dropped.path, span: dropped.span, message: "defined here" };
        yield findingAt(unkeptSection.id, unquoted(name), message, [related]);
      }
    }
  },
  fixes: keep,
};

/** Macros and conditions, in which a KEEP may stand that does not show. */
function hidesStatements(script: LdScript): boolean {
  if (script.template !== undefined || script.branches.length > 0 || script.macros.length > 0) return true;
  return statementsOf(script).some(({ statement }) => statement.kind === "macro-call");
}

/** A link that is known to collect garbage with one of these scripts, and of which the objects are known. */
function findCollecting(scripts: ReadonlySet<string>, { program }: RuleContext): Link | undefined {
  return program.links.all().find(
    (link) =>
      // What an object that is not read refers to is not known.
      isReadButForC(link) && collects(link, scripts),
  );
}

function collects({ options, inputs }: Link, scripts: ReadonlySet<string>): boolean {
  return (
    options.collectsGarbage &&
    !options.isPartial &&
    // What others may load or look up is kept.
    !options.isShared &&
    options.dynamicLists.length === 0 &&
    inputs !== undefined &&
    options.scripts.some((one) => scripts.has(one))
  );
}

/** Sections that compilers and libraries fill, where what nothing refers to is better dropped. */
const COMMON_SECTIONS =
  /^\.?(?:text|data|rodata|bss|sdata|sbss|tdata|tbss|lit|rel|debug|stab|comment|note|gnu|eh_frame|gcc_except_table|ARM|got|plt|dyn|COMMON|init|fini|ctors|dtors|preinit|jcr|literal|riscv|MIPS|xtensa)/;

/** A word that stands in every section's name that the pattern matches; undefined where there is none worth looking for. */
function wordOf({ text, pasted }: LdName): string | undefined {
  if (pasted || COMMON_SECTIONS.test(text)) return undefined;
  const [literal = ""] = /^[^*?[\\]*/.exec(text) ?? [];
  const words = (literal === text ? literal : literal.replace(/\w+$/, "")).match(/[A-Za-z_]\w{2,}/g) ?? [];
  return words.sort((a, b) => b.length - a.length)[0];
}

function globOf({ text }: LdName): Glob | undefined {
  const glob = readGlob(text, "make");
  return typeof glob === "string" ? undefined : glob;
}

/** KEEP keeps what its pattern matches, wherever in the script it stands. */
function globsOfKept(script: LdScript): Glob[] {
  return statementsOf(script).flatMap(({ statement }) => {
    if (statement.kind !== "input-section" || statement.keep === undefined) return [];
    return (statement.sections ?? []).flatMap(({ name }) => globOf(name) ?? []);
  });
}

function findDropped(
  name: LdName,
  keeping: readonly Glob[],
  { inputs, options }: Link,
  { program }: RuleContext,
): Unreferenced | undefined {
  const [word, glob] = [wordOf(name), globOf(name)];
  if (word === undefined || glob === undefined || inputs === undefined) return undefined;
  const sources = new Set<string>();
  for (const { object, archive } of objectsOf(inputs)) {
    // A member of an archive may stay out for other reasons.
    if (object.source !== undefined && !object.isLto && (archive === undefined || archive.take === "all"))
      sources.add(object.source);
  }
  const kept = new Set(options.undefined);
  if (options.entry !== undefined) kept.add(options.entry);
  const query: SectionQuery = {
    matches: (section) => glob.matches(section) && !keeping.some((one) => one.matches(section)),
    word,
    isLinked: (path) => sources.has(path),
    kept,
  };
  return findUnreferenced(query, program);
}

/** Puts KEEP around the statement, where it has no other pattern, whose sections would be kept as well. */
function keep(finding: Finding, { path, script, source }: RuleContext): readonly Fix[] {
  if (script === undefined) return [];
  for (const { statement } of statementsOf(script)) {
    if (statement.kind !== "input-section" || statement.sections?.length !== 1) continue;
    if (unquoted(statement.sections[0]!.name).start !== finding.span.start) continue;
    const text = source.slice(statement.start, statement.end).replace(/;?\s*$/, "");
    const edits = [{ start: statement.start, end: statement.start + text.length, text: `KEEP(${text})` }];
    return [{ title: `Keep '${finding.symbol}' with KEEP()`, isPreferred: false, edits: [{ path, edits }] }];
  }
  return [];
}
