/**
 * How the assemblers of the architectures differ where Weakspot has to care: which characters begin a comment and which
 * part statements (GNU as manual, "Machine Dependencies", sections "Special Characters"). It knows no statements.
 */

import type { Source } from "../../text/source.ts";

export interface AsmDialect {
  /** Characters that begin a comment anywhere in a line. `//` and slash-star comments are understood in every dialect. */
  readonly lineComments: string;
  /** Characters that part statements within a line. */
  readonly separators: string;
}

/**
 * For a file of unknown architecture: `#`, and ARM's `@`, begins a comment only where blanks surround it, which no immediate operand
 * (`mov r0, #1`) does and nearly every comment does.
 */
export const TOLERANT_DIALECT: AsmDialect = { lineComments: "", separators: ";" };

/** AVR, MSP430. */
const SEMICOLON: AsmDialect = { lineComments: ";", separators: "$" };
const HASH: AsmDialect = { lineComments: "#", separators: ";" };
const BANG: AsmDialect = { lineComments: "!", separators: ";" };

const DIALECTS: ReadonlyMap<string, AsmDialect> = new Map([
  ["alpha", HASH],
  ["avr", SEMICOLON],
  ["arc", { lineComments: "#", separators: "`" }],
  ["arm", { lineComments: "@", separators: ";" }],
  ["csky", HASH],
  ["loongarch", HASH],
  ["m68k", { lineComments: "|", separators: ";" }],
  ["microblaze", HASH],
  ["mips", HASH],
  ["nios2", HASH],
  ["openrisc", HASH],
  ["parisc", { lineComments: ";", separators: "!" }],
  ["powerpc", HASH],
  ["riscv", HASH],
  ["s390", HASH],
  ["sh", BANG],
  ["sparc", BANG],
  ["x86", HASH],
  ["um", HASH],
  ["xtensa", HASH],
]);

/** Instructions and headers that only AVR and MSP430 have. */
const OF_SEMICOLON =
  /^(?:[ \t]*[\w.]+:)?[ \t]*(?:rjmp|rcall|ldi[ \t]+\w+[ \t]*,|sbi[ \t]+\w+[ \t]*,|#[ \t]*include[ \t]*<(?:avr\/|msp430))/m;

/** How many lines that begin with a semicolon tell that it begins comments. */
const ENOUGH_LINES = 2;

/** How much of a file is looked at. */
const LOOKED_AT = 32_768;

/**
 * The dialect of a file of unknown architecture: where lines begin with `;` and go on as comments do, as on AVR and MSP430, it parts
 * no statements, and where it has their instructions. A statement that goes on in the next line of a #define has a backslash at its end.
 */
export function guessDialect(source: Source): AsmDialect {
  const { codes, length } = source;
  let lines = 0;
  const end = Math.min(length, LOOKED_AT);
  if (codes.indexOf(0x3b) < 0 && codes.indexOf(0x24) < 0) return TOLERANT_DIALECT;
  if (OF_SEMICOLON.test(source.slice(0, end))) return SEMICOLON;
  for (let i = codes.indexOf(0x3b); i >= 0 && i < end; i = codes.indexOf(0x3b, i + 1)) {
    let start = i;
    while (start > 0 && (codes[start - 1] === 0x20 || codes[start - 1] === 0x09)) start--;
    if (start > 0 && codes[start - 1] !== 0x0a) continue;
    let stop = codes.indexOf(0x0a, i);
    if (stop < 0) stop = length;
    i = stop;
    if (codes[stop - 1] === 0x5c || codes[stop - 2] === 0x5c) continue;
    if (++lines >= ENOUGH_LINES) return SEMICOLON;
  }
  return TOLERANT_DIALECT;
}

/** The dialect of an architecture, by the name of its directory below arch/ (`x86`, `arm64`). */
export function dialectOfArchitecture(architecture: string | undefined): AsmDialect {
  return (architecture !== undefined && DIALECTS.get(architecture)) || TOLERANT_DIALECT;
}
