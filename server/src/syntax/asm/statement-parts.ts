/** Small questions that all readers of assembly statements ask of tokens. It notes nothing. */

import type { Interpreter } from "./interpret.ts";
import type { AsmToken, GasMacro } from "./tree.ts";

/** Whether what stands here is assembled, as far as that is known. */
export function isActive(state: Interpreter): boolean {
  return !state.ifs.includes("done") && !state.ifs.includes("waiting");
}

/** A statement's first word as the assembler looks it up: directives and its macros are the same in capitals (read.c of gas). */
export function headOf(text: string): string {
  return text.charCodeAt(0) === 0x2e ? text.toLowerCase() : text;
}

/** The assembler's macro of a name, which may be written in capitals. */
export function gasMacroOf(state: Pick<Interpreter, "gasByName" | "findGas">, name: string): GasMacro | undefined {
  return state.gasByName.get(name.toLowerCase()) ?? state.findGas(name);
}

/** The text of the tokens, with one blank where there were any. */
export function textOfTokens(tokens: readonly AsmToken[]): string {
  return tokens.map((token, index) => (index > 0 && token.spaced ? ` ${token.text}` : token.text)).join("");
}

/** Operands at commas alone, as directives part them. */
export function commaOperands(tokens: readonly AsmToken[]): AsmToken[][] {
  const operands: AsmToken[][] = [[]];
  for (const token of tokens) {
    if (token.text === ",") operands.push([]);
    else operands[operands.length - 1]!.push(token);
  }
  return operands;
}
