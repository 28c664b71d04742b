/** Finds C that reads a variable where a linker script gives a symbol an amount for its value. */

import type { SymbolFact } from "../linkage/facts/facts.ts";
import { scriptOf } from "../linkage/facts/parsed.ts";
import { describePlace } from "../linkage/facts/texts.ts";
import { includersOf } from "../linkage/index/includers.ts";
import { amountsOf } from "../linkage/scripts/symbol-quantities.ts";
import { type FileUse, isScriptRole } from "../linkage/symbols/program.ts";
import { scriptMeets } from "../linkage/symbols/script-meeting.ts";
import type { FileEdit } from "../text/edit.ts";
import type { Finding, Fix, Rule, RuleContext } from "./rule.ts";

export const valueOfScriptSymbol: Rule = {
  id: "value-of-script-symbol",
  severity: "warning",
  scope: "workspace",
  docs: {
    summary: "C reads a variable where a linker script gives a symbol a size for its value.",
    why: `A symbol that a script assigns is an address and nothing else: what the script says stands in the symbol table, not in memory.
Where the script makes it a size, \`stack_size = 1K;\` or \`SIZEOF(.bss)\`, C gets at it by the address, \`(unsigned long)&stack_size\`. Read as a
variable, it gives the bytes that happen to lie at address 1024, or a fault. Only symbols count of which the script shows that they are an amount: SIZEOF, LENGTH, the
difference of two addresses, and a number that the script moves on by, as in \`. += stack_size\`. A plain number may be the address of a
register or of a variable in a chip's ROM.`,
    whenToIgnore: "Where the script puts a variable at that address, so that reading it is meant.",
    bad: [
      `//- /link.ld
stack_size = DEFINED(stack_size) ? stack_size : 1K;
SECTIONS {
  .bss : { bss_start = .; *(.bss) bss_end = .; }
  bss_size = bss_end - bss_start;
  .stack : { . += stack_size; }
}
//- /start.c
extern unsigned long stack_size;
//                   ^^^^^^^^^^ warning(value-of-script-symbol): 'stack_size' is a number that link.ld:1 assigns, and no variable
extern const unsigned int bss_size;
//                        ^^^^^^^^ warning(value-of-script-symbol): for start.c:3 to read
unsigned long room(void) { return stack_size - bss_size; }
`,
    ],
    good: [
      `//- /link.ld
stack_size = 1K;
uart_base = 0x1000;
SECTIONS {
  .bss : { bss_start = .; *(.bss) bss_end = .; }
  bss_size = bss_end - bss_start;
  .stack : { . += stack_size; stack_top = .; }
}
//- /start.c
extern char stack_size[], bss_size;
extern volatile unsigned int uart_base, stack_top;
unsigned long room(void) { return (unsigned long)stack_size - (unsigned long)&bss_size + uart_base + stack_top; }
`,
    ],
  },
  *check(context) {
    const { facts, program } = context;
    if (context.tree === undefined || !program.index.isComplete) return;
    for (const fact of facts.symbols) {
      if (!isVariableDeclaration(fact) || fact.inMacro !== undefined) continue;
      const [first] = findAmounts(fact.name, context);
      const reading = first === undefined ? undefined : findReadings(fact.name, context)[0];
      if (first === undefined || reading === undefined) continue;
      const assigned = describePlace(program.texts, first.path, first.fact.start);
      const read = describePlace(program.texts, reading.path, reading.use.start);
      yield {
        rule: valueOfScriptSymbol.id,
        span: { start: fact.start, end: fact.end },
        symbol: fact.name,
        message: `'${fact.name}' is a number that ${assigned} assigns, and no variable for ${read} to read; its address is its value`,
        related: [
          { path: reading.path, span: { start: reading.use.start, end: reading.use.end }, message: "read here" },
          { path: first.path, span: { start: first.fact.start, end: first.fact.end }, message: "assigned here" },
        ],
      };
    }
  },
  fixes: takeAddresses,
};

/** Whether the declaration is one of a variable, no pointer and no array, that is defined elsewhere. */
export function isVariableDeclaration(fact: SymbolFact): boolean {
  return (
    fact.role === "declaration" &&
    fact.binding !== "local" &&
    fact.kind === "object" &&
    fact.isPointer !== true &&
    fact.isArray !== true
  );
}

/** The assignments of the symbol, where scripts alone define it and each makes it an amount. */
function findAmounts(name: string, { path, program }: RuleContext) {
  const definitions = program.definitionsOf(name).filter((other) => program.links.canLink(path, other.path));
  const areAmounts = definitions.every((definition) => {
    if (!isScriptRole(definition.fact) || program.index.languageOf(definition.path) !== "ld") return false;
    const source = program.texts.source(definition.path);
    return source !== undefined && amountsOf(scriptOf(definition.path, source)).has(name);
  });
  return areAmounts ? definitions.filter((one) => scriptMeets(one.path, path, program, program.links.canLink)) : [];
}

/** The uses that take what lies at the address for the value, in files that see this declaration. */
function findReadings(name: string, context: RuleContext): readonly FileUse[] {
  return findVisibleUses(name, context).filter(({ use }) => use.kind === "read");
}

function findVisibleUses(name: string, { path, program }: RuleContext): readonly FileUse[] {
  const includers = includersOf(program.index, path);
  return program.usesOf(name).filter(({ path: user }) => user === path || includers.has(user));
}

/** Takes the symbol's address wherever it is read. */
function takeAddresses(finding: Finding, context: RuleContext): readonly Fix[] {
  const uses = findVisibleUses(finding.symbol, context);
  if (uses.some(({ use }) => use.kind !== "read" && use.kind !== "address" && use.kind !== "sizeof")) return [];
  const edits = new Map<string, { start: number; end: number; text: string }[]>();
  for (const { path, use } of uses) {
    if (use.kind !== "read") continue;
    const own = edits.get(path) ?? [];
    own.push({ start: use.start, end: use.end, text: `(unsigned long)&${finding.symbol}` });
    edits.set(path, own);
  }
  const changes: FileEdit[] = [...edits].map(([path, own]) => ({ path, edits: own }));
  return [{ title: `Take the address of '${finding.symbol}' for its value`, isPreferred: false, edits: changes }];
}
