/**
 * The symbols that a source's object has by the facts of the index alone, as rules and features see them: no build, no
 * configuration, nothing expanded. What the source includes is a part of it. It has no IO.
 */

import type { SymbolFact } from "../../../server/src/linkage/facts/facts.ts";
import { canMean, pathsNamed } from "../../../server/src/linkage/index/includers.ts";
import { isStaticIn } from "../../../server/src/linkage/index/static-words.ts";
import type { Program } from "../../../server/src/linkage/symbols/program.ts";
import { renamedIn } from "../../../server/src/linkage/symbols/renamed-symbols.ts";
import { conditionOf } from "../../../server/src/syntax/condition/condition.ts";
import { decide, type Knowledge } from "../../../server/src/syntax/condition/evaluate.ts";
import { baseName } from "../../../server/src/text/path.ts";

/** A symbol that the object may have, and under which condition. */
export interface SourceSymbol {
  readonly name: string;
  readonly role: "definition" | "weak reference";
  readonly isWeak: boolean;
  /** The file that says so: the source or what it includes. */
  readonly path: string;
  readonly fact: SymbolFact;
  /** Its condition asks for what the unit's macros do not tell, or a macro makes it in a header. */
  readonly isDoubtful: boolean;
}

/** The same in the words of symbols-by-nm.ts: "f", "weak f", "weak f?". */
export function wordsOfSource(program: Program, source: string): ReadonlySet<string> {
  return new Set(
    symbolsOfSource(program, source).map(({ name, role, isWeak }) =>
      role === "weak reference" ? `weak ${name}?` : isWeak ? `weak ${name}` : name,
    ),
  );
}

/** What is known of one compilation. */
export interface UnitKnowledge {
  /** What the unit is made of. */
  readonly files: ReadonlySet<string>;
  /** The macros that hold there. */
  readonly knowledge: Knowledge;
}

/** The definitions and the weak references of a source; of all that it may include, in all configurations, where no unit is given. */
export function symbolsOfSource(program: Program, source: string, unit?: UnitKnowledge): SourceSymbol[] {
  const { index } = program;
  const definitions = new Map<string, SourceSymbol>();
  const weakDeclarations = new Map<string, SourceSymbol>();
  const files = unit?.files ?? filesOfUnit(program, source);
  const holds = unit === undefined ? undefined : (text: string) => decide(conditionOf(text), unit.knowledge) === "yes";
  // What the unit undefines again renames nothing.
  const nameFor = (name: string, path: string): string =>
    (unit?.knowledge.isDefined?.(name) === false ? undefined : renamedIn(index, name, path, source, holds)) ?? name;
  const plainlyDeclared = new Set<string>();
  const inlineDefined: SourceSymbol[] = [];
  for (const path of files) {
    const written = (index.factsOf(path)?.symbols ?? []).map(program.resolve);
    const made = new Set(program.madeIn(path));
    for (const said of [...written, ...made]) {
      if (said.inMacro !== undefined || said.binding === "local") continue;
      const answer = unit === undefined ? "yes" : decide(conditionOf(said.condition), unit.knowledge);
      if (answer === "no") continue;
      // What a call in a header makes hangs on the macro that its includers have at that place.
      const isDoubtful = answer === "unknown" || (path !== source && made.has(said));
      if (isStaticIn(said, source, index)) continue;
      const fact = { ...said, name: nameFor(said.name, path) };
      const isWeak = isWeakIn(program, fact, unit);
      if (fact.isInline !== true) plainlyDeclared.add(fact.name);
      if (fact.role === "declaration") {
        if (isWeak && !weakDeclarations.has(fact.name)) {
          weakDeclarations.set(fact.name, { name: fact.name, role: "weak reference", isWeak, path, fact, isDoubtful });
        }
        continue;
      }
      if (fact.isInline === true) {
        inlineDefined.push({ name: fact.name, role: "definition", isWeak, path, fact, isDoubtful });
        continue;
      }
      const known = definitions.get(fact.name);
      if (known === undefined || (isWeak && !known.isWeak)) {
        definitions.set(fact.name, { name: fact.name, role: "definition", isWeak, path, fact, isDoubtful });
      }
    }
  }
  // C11 6.7.4p7: a declaration without `inline` makes an inline definition an external one. A configuration alone tells what is declared.
  for (const symbol of unit === undefined ? [] : inlineDefined) {
    if (plainlyDeclared.has(symbol.name) && !definitions.has(symbol.name)) definitions.set(symbol.name, symbol);
  }
  const found: SourceSymbol[] = [];
  for (const symbol of definitions.values()) {
    found.push(weakDeclarations.has(symbol.name) ? { ...symbol, isWeak: true } : symbol);
  }
  for (const symbol of weakDeclarations.values()) if (!definitions.has(symbol.name)) found.push(symbol);
  return found;
}

/** Whether the fact is weak; in a unit, by those macros alone that hold there. */
function isWeakIn(program: Program, fact: SymbolFact, unit: UnitKnowledge | undefined): boolean {
  if (unit === undefined || fact.binding === "weak" || !program.isWeak(fact)) return program.isWeak(fact);
  return fact.words.filter(program.isWeakWord).some((word) => {
    const macros = program.index
      .macros(word)
      .filter(
        ({ path, fact: { condition } }) =>
          unit.files.has(path) && decide(conditionOf(condition), unit.knowledge) !== "no",
      );
    return (
      macros.length === 0 || macros.some((macro) => macro.fact.isWeak || macro.fact.words.some(program.isWeakWord))
    );
  });
}

/** The source and all that it includes, as far as the index has it. */
function filesOfUnit({ index }: Program, source: string): ReadonlySet<string> {
  const found = new Set([source]);
  for (const path of found) {
    for (const include of index.factsOf(path)?.includes ?? []) {
      for (const candidate of pathsNamed(index, baseName(include.path))) {
        if (canMean(index, include, path, candidate)) found.add(candidate);
      }
    }
  }
  return found;
}
