/**
 * Pairs of symbols that bound a range. Where nothing else defines them the range must be empty, as it is between two weak
 * references that are both NULL; and where both are defined it may be empty too.
 */

import type { Trial } from "./laboratory.ts";
import { type LaboratorySymbol, laboratorySymbols } from "./symbols.ts";

/** A range whose strong definitions stand at one address, declared weakly or strongly, without fallbacks. */
export function emptyRange(binding: "weak" | "strong"): Trial {
  const attribute = binding === "weak" ? " __attribute__((weak))" : "";
  const names = ["empty_start", "empty_end"];
  const walk = (condition: string): string =>
    `unsigned long sum = n; const int *p; for (p = empty_start; p ${condition} empty_end; p++) sum += *p; return sum;`;
  const reader = { argument: 1, fallbackArgument: 1, strong: 1n, fallback: 1n };
  const symbol: LaboratorySymbol = {
    name: "empty",
    kind: "range",
    isConst: true,
    names,
    declarations: names.map((name) => `extern const int ${name}[]${attribute};`),
    readers: [
      { ...reader, name: "walk", body: walk("<") },
      { ...reader, name: "walk until equal", body: walk("!=") },
      { ...reader, name: "compare", body: "return empty_start == empty_end ? n : 7;" },
    ],
    assembly: ".data\n.balign 8\n.globl empty_start, empty_end\nempty_start:\nempty_end:\n.long 7, 7\n",
  };
  return { symbol, text: "" };
}

/** The ranges of the laboratory with fallbacks that share one address, as file-scope assembly can give them. */
export function sharedAddressTrials(): Trial[] {
  return laboratorySymbols
    .filter((symbol) => symbol.kind === "range")
    .map((symbol) => {
      const labels = symbol.names.map((name) => `.weak ${name}\\n${name}:`).join("\\n");
      return { symbol, text: `__asm__(".pushsection .data\\n.balign 8\\n${labels}\\n.zero 16\\n.popsection");\n` };
    });
}
