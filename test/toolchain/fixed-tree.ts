/**
 * The whole fix, on a small tree: a header with weak references to every kind of symbol, a file that uses them and a Makefile. The command
 * `weakspot check --fix` changes the tree as it would change a user's.
 */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ProgramResult, runProgram } from "../support/run-program.ts";
import { guardedTrials } from "./guarded-functions.ts";
import { INCLUDE, type Laboratory, type Sources, writeHeader, writeReaders } from "./laboratory.ts";
import { type LaboratorySymbol, laboratorySymbols } from "./symbols.ts";

const COMMAND = join(import.meta.dirname, "../../dist/cli.cjs");

/** Objects, and functions whose callers test them against NULL. Pairs that bound a range are not fixed at all. */
export const fixableSymbols: readonly LaboratorySymbol[] = [
  ...laboratorySymbols
    .filter((symbol) => symbol.kind !== "range" && symbol.kind !== "function")
    .map((symbol) => ({
      ...symbol,
      declarations: symbol.declarations.map(makeWeak),
      // What strcmp does with the address can't be seen in this tree, so the fix would leave the symbol alone.
      readers: symbol.readers.filter((reader) => reader.name !== "compare"),
    })),
  ...guardedTrials().map((trial) => trial.symbol),
];

/** Pairs of symbols that bound a range. */
export const rangeSymbols: readonly LaboratorySymbol[] = laboratorySymbols
  .filter((symbol) => symbol.kind === "range")
  .map((symbol) => ({ ...symbol, declarations: symbol.declarations.map(makeWeak) }));

function makeWeak(declaration: string): string {
  return declaration.replace(";", " __attribute__((weak));");
}

/** A build that is known whole, as a fallback needs it, with strong definitions in some configurations. */
const MAKEFILE = `CFLAGS = -ffreestanding
OBJS = users.o
ifdef STRONG
OBJS += strong.o
endif

program: $(OBJS)
\t$(CC) -nostdlib -static -o $@ $(OBJS)

%.o: %.c
\t$(CC) $(CFLAGS) -c -o $@ $<

%.o: %.s
\t$(CC) -c -o $@ $<
`;

/** Writes a tree whose header declares the symbols weak, and whose Makefile links the file that uses them. */
export async function writeTree(laboratory: Laboratory, symbols: readonly LaboratorySymbol[]): Promise<Sources> {
  const folder = join(laboratory.folder, String(laboratory.count++));
  await mkdir(folder);
  await writeFile(join(folder, "symbols.h"), writeHeader(symbols));
  await writeFile(join(folder, "users.c"), INCLUDE + writeReaders(symbols));
  await writeFile(join(folder, "Makefile"), MAKEFILE);
  const strong = symbols.map((symbol) => symbol.assembly).join("");
  await writeFile(join(folder, "strong.s"), `${strong}.section .note.GNU-stack,"",@progbits\n`);
  return { folder, users: "users.c", fallback: undefined };
}

/** Runs the built command on a tree. */
export function runCheck(sources: Sources, options: readonly string[]): Promise<ProgramResult> {
  const check = [COMMAND, "check", "--no-cache", "--rule", "weak-reference", "--root", sources.folder, ...options];
  return runProgram(process.execPath, [...check, sources.folder]);
}
