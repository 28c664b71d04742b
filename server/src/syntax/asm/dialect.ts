/**
 * How the assemblers of the architectures differ where Weakspot has to care: which characters begin a comment and which
 * part statements (GNU as manual, "Machine Dependencies", sections "Special Characters"). It knows no statements.
 */

export interface AsmDialect {
  /** Characters that begin a comment anywhere in a line. `//` and slash-star comments are understood in every dialect. */
  readonly lineComments: string;
  /** Characters that part statements within a line. */
  readonly separators: string;
}

/**
 * For a file of unknown architecture: `#` begins a comment only where blanks surround it, which no immediate operand
 * (`mov r0, #1`) does and nearly every comment does.
 */
export const TOLERANT_DIALECT: AsmDialect = { lineComments: "", separators: ";" };

const HASH: AsmDialect = { lineComments: "#", separators: ";" };
const BANG: AsmDialect = { lineComments: "!", separators: ";" };

const DIALECTS: ReadonlyMap<string, AsmDialect> = new Map([
  ["alpha", HASH],
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

/** The dialect of an architecture, by the name of its directory below arch/ (`x86`, `arm64`). */
export function dialectOfArchitecture(architecture: string | undefined): AsmDialect {
  return (architecture !== undefined && DIALECTS.get(architecture)) || TOLERANT_DIALECT;
}
