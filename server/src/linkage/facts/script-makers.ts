/**
 * What the macros of a linker script that the preprocessor has yet to see make of their arguments, and the calls that bring these: a
 * macro may assign to names that it pastes together, `__start##_label_ = .`, or hand its parameters to one that does. It reads one
 * script's tree and expands nothing; linkage/macros/ puts together what calls make.
 */

import { conditionAt } from "../../syntax/ld/directives.ts";
import type { LdFragment, LdMacro, LdMacroCall, LdScript, LdStatement } from "../../syntax/ld/tree.ts";
import type { Span } from "../../text/span.ts";
import type { ArgumentFact, FileFacts, HandoverFact, MadeSymbol, SymbolFact } from "./facts.ts";

/** A word, or words that are pasted. */
const PATTERN = /^[\w.$]+(?:##[\w.$]+)*$/;

/**
 * The makers, handovers and arguments of a script.
 * @param symbolsIn what a macro's body assigns, with the macro's parameters as names where they are assigned to
 */
export function scriptMakers(
  script: LdScript,
  symbolsIn: (macro: LdMacro) => readonly SymbolFact[],
): Pick<FileFacts, "makers" | "handovers" | "arguments"> {
  const makers: FileFacts["makers"][number][] = [];
  const handovers: HandoverFact[] = [];
  const found: ArgumentFact[] = [];
  for (const call of callsIn(script.statements)) found.push(...argumentsOf(script, call));
  for (const branch of script.branches) {
    for (const call of callsInFragment(branch)) found.push(...argumentsOf(script, call));
  }
  for (const macro of script.macros) {
    const parameters = macro.parameters ?? [];
    const { start, end } = macro.nameSpan;
    const place = { start, end, condition: conditionAt(script.conditions, macro.start), parameters };
    const symbols = parameters.length === 0 ? [] : symbolsIn(macro).flatMap((fact) => madeSymbol(fact, parameters));
    if (symbols.length > 0) makers.push({ name: macro.name, ...place, symbols });
    for (const call of callsInFragment(macro.body)) {
      const given = patternsOf(script, call);
      if (given.some((text) => dependsOn(text, parameters)))
        handovers.push({ name: call.name.text, macro: macro.name, ...place, arguments: given });
      else found.push(...argumentsOf(script, call));
    }
  }
  found.sort((a, b) => a.start - b.start);
  return { makers, handovers, arguments: found };
}

function madeSymbol(fact: SymbolFact, parameters: readonly string[]): MadeSymbol[] {
  const name = fact.name.replace(/\s+/g, "");
  if (!PATTERN.test(name) || !dependsOn(name, parameters)) return [];
  const { kind, role, binding, words, visibility, valueText, isPlace, outputSection } = fact;
  return [{ name, kind, role, binding, words, visibility, valueText, isPlace, outputSection } as MadeSymbol];
}

function dependsOn(pattern: string, parameters: readonly string[]): boolean {
  return pattern.split("##").some((word) => parameters.includes(word));
}

/** The calls with arguments among statements, those within blocks and within arguments included. */
function callsIn(statements: readonly LdStatement[]): readonly LdMacroCall[] {
  return statements.flatMap((statement) => {
    switch (statement.kind) {
      case "macro-call":
        return callsFrom(statement);
      case "output-section":
      case "sections":
      case "overlay":
      case "section-group":
        return callsIn(statement.statements);
      default:
        return [];
    }
  });
}

/** A fragment that is one call alone reads as an expression too. */
function callsInFragment({ statements, expression }: LdFragment): readonly LdMacroCall[] {
  return expression?.kind === "macro-call" ? callsFrom(expression) : callsIn(statements);
}

function callsFrom(call: LdMacroCall): readonly LdMacroCall[] {
  return call.arguments === undefined ? [] : [call, ...call.arguments.flatMap(callsInFragment)];
}

/** What a call is given, as patterns; "" for what is neither a word nor pasted. */
function patternsOf(script: LdScript, call: LdMacroCall): string[] {
  return (call.arguments ?? []).map((argument) => {
    const text = textOf(script, argument).replace(/\s*##\s*/g, "##");
    return PATTERN.test(text) ? text : "";
  });
}

function textOf({ source }: LdScript, { start, end }: Span): string {
  return source.slice(start, end);
}

function argumentsOf(script: LdScript, call: LdMacroCall): ArgumentFact[] {
  const given = patternsOf(script, call).map((text) => (text.includes("##") ? "" : text));
  const text = `${call.name.text}(${given.join(",")})`;
  return (call.arguments ?? []).flatMap(({ start, end }, i) => {
    const word = given[i]!;
    if (word === "") return [];
    const name = /^\d/.test(word) ? `${call.name.text} ${word}` : word;
    return { name, start, end, condition: conditionAt(script.conditions, call.start), call: text };
  });
}
