/** Finds C declarations that make a pointer of a symbol that a linker script defines as an address. */

import type { SymbolFact } from "../linkage/facts/facts.ts";
import { scriptOf } from "../linkage/facts/parsed.ts";
import { describePlace } from "../linkage/facts/texts.ts";
import { includersOf } from "../linkage/index/includers.ts";
import { type FileUse, isScriptRole } from "../linkage/symbols/program.ts";
import type { LdStatement } from "../syntax/ld/tree.ts";
import type { Rule, RuleContext } from "./rule.ts";

export const pointerToScriptSymbol: Rule = {
  id: "pointer-to-script-symbol",
  severity: "warning",
  scope: "workspace",
  docs: {
    summary: "C declares a pointer where a linker script defines an address.",
    why: `A symbol that a script assigns has an address and no storage. Declared as \`extern char *end\`, it is a pointer variable at that
address: C reads a pointer from the first bytes of whatever lies there. Declared as an array, \`extern char end[]\`, its name is the address.
A symbol that the script puts data behind, with LONG or QUAD, is left alone, and so is one whose address alone is taken: \`&end\`. So is an
address that is given outside of all sections, \`rom_layout = 0x3ff1fffc;\`: a variable of a chip's ROM may be there.`,
    whenToIgnore: "Where the script puts a pointer at that address, so that what C reads there is one.",
    bad: [
      `//- /link.ld
SECTIONS { .data : { *(.data) data_end = .; } }
//- /heap.c
extern char *data_end;
//           ^^^^^^^^ warning(pointer-to-script-symbol): declare it as an array
char *heap(void) { return data_end; }
`,
    ],
    good: [
      `//- /link.ld
SECTIONS {
  .data : { *(.data) data_end = .; }
  .bss : { *(.bss) bss_end = .; }
  .vectors : { initial_stack = .; LONG(data_end) }
}
rom_layout_p = 0x3ff1fffc;
//- /rom.c
extern const int *rom_layout_p;
int first(void) { return *rom_layout_p; }
//- /heap.c
extern char data_end[];
extern char *initial_stack;
extern const void *bss_end;
char *heap(void) { return data_end; }
const void *limit(void) { return &bss_end; }
//- /other.c
extern const char bss_end[];
const char *other_limit(void) { return bss_end; }
`,
    ],
  },
  *check(context) {
    const { facts, program } = context;
    if (context.tree === undefined || !program.index.isComplete) return;
    for (const fact of facts.symbols) {
      if (!isPointerDeclaration(fact) || fact.inMacro !== undefined) continue;
      const assignments = findAssignments(fact.name, context);
      const [first] = assignments;
      if (first === undefined) continue;
      const reading = findReading(fact.name, context);
      if (reading === undefined) continue;
      const assigned = describePlace(program.texts, first.path, first.fact.start);
      const read = describePlace(program.texts, reading.path, reading.use.start);
      yield {
        rule: pointerToScriptSymbol.id,
        span: { start: fact.start, end: fact.end },
        symbol: fact.name,
        message: `'${fact.name}' is an address that ${assigned} assigns, and no pointer is stored there for ${read} to read; declare it as an array`,
        related: [
          { path: reading.path, span: { start: reading.use.start, end: reading.use.end }, message: "read here" },
          { path: first.path, span: { start: first.fact.start, end: first.fact.end }, message: "assigned here" },
        ],
      };
    }
  },
};

/** Whether the declaration is one of a pointer variable that is defined elsewhere. */
export function isPointerDeclaration(fact: SymbolFact): boolean {
  return (
    fact.role === "declaration" &&
    fact.binding !== "local" &&
    fact.kind === "object" &&
    fact.isPointer === true &&
    fact.isArray !== true
  );
}

/** The assignments of the symbol, where scripts alone define it and put no data there. */
function findAssignments(name: string, { path, program }: RuleContext) {
  const definitions = program.definitionsOf(name).filter((other) => program.links.canLink(path, other.path));
  if (definitions.some(({ fact }) => !isScriptRole(fact))) return [];
  // Outside of all sections an address may hold anything: a variable of a chip's ROM, a register.
  if (definitions.some(({ fact }) => fact.outputSection === undefined && fact.isPlace !== true)) return [];
  const hasData = definitions.some((definition) => {
    const source = program.texts.source(definition.path);
    if (source === undefined) return true;
    return isBeforeData(scriptOf(definition.path, source).statements, definition.fact.start);
  });
  return hasData ? [] : definitions;
}

/** A use by which a file that sees this declaration takes what lies at the address for a pointer. */
function findReading(name: string, { path, program }: RuleContext): FileUse | undefined {
  const includers = includersOf(program.index, path);
  return program
    .usesOf(name)
    .find(({ path: user, use }) => READING.has(use.kind) && (user === path || includers.has(user)));
}

const READING: ReadonlySet<string> = new Set(["read", "index", "call"]);

/** True when the statement behind the assignment to the name at this offset is one of data. */
function isBeforeData(statements: readonly LdStatement[], offset: number): boolean {
  let block = statements;
  for (;;) {
    const index = block.findIndex((statement) => statement.start <= offset && offset < statement.end);
    const statement = block[index];
    if (statement === undefined) return false;
    if (statement.kind === "assignment") {
      const next = block.slice(index + 1).find(({ kind }) => kind !== "assignment" && kind !== "empty");
      return next?.kind === "data" || next?.kind === "text";
    }
    if (!("statements" in statement)) return false;
    block = statement.statements;
  }
}
