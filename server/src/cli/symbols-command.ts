/** `weakspot symbols`: the symbols with external linkage that files declare and define. */

import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { findLanguage, readFacts } from "../linkage/extract.ts";
import type { SymbolFact } from "../linkage/facts.ts";
import { isPresumedWeak } from "../linkage/program.ts";
import { linesOf } from "../linkage/texts.ts";
import { lineColumnAt } from "../text/lines.ts";
import { sourceOfBytes } from "../text/source.ts";
import type { ExitCode } from "./command-line.ts";

export interface SymbolsArguments {
  readonly json?: boolean;
  readonly root?: string;
}

interface PrintedSymbol {
  readonly name: string;
  readonly kind: string;
  readonly role: string;
  readonly binding: string;
  readonly scope: string;
  readonly line: number;
  readonly column: number;
  readonly condition: string;
}

/** Prints the symbols. 2 when a file can't be read. */
export async function runSymbols(paths: readonly string[], options: SymbolsArguments): Promise<ExitCode> {
  const files: { file: string; symbols: PrintedSymbol[] }[] = [];
  let exitCode: ExitCode = 0;
  for (const path of paths) {
    const file = options.root === undefined ? path : relative(resolve(options.root), resolve(path));
    try {
      files.push({ file, symbols: await readSymbolsOf(path) });
    } catch (error) {
      process.stderr.write(`weakspot: ${path}: ${error instanceof Error ? error.message : String(error)}\n`);
      exitCode = 2;
    }
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ files }, null, 2)}\n`);
  else
    process.stdout.write(
      files.map(({ file, symbols }) => symbols.map((symbol) => describe(file, symbol)).join("")).join(""),
    );
  return exitCode;
}

async function readSymbolsOf(path: string): Promise<PrintedSymbol[]> {
  if (findLanguage(path) === undefined) throw new Error("not a C, assembly or linker script file by its name");
  const source = sourceOfBytes(await readFile(path));
  if (source === undefined) throw new Error("it is a binary file");
  const lines = linesOf(source);
  return readFacts(path, source)
    .symbols.filter((fact) => fact.inMacro === undefined && fact.binding !== "local")
    .map((fact) => print(fact, lineColumnAt(lines, fact.start)));
}

function print(fact: SymbolFact, place: { line: number; column: number }): PrintedSymbol {
  const { name, kind, role, scope, condition } = fact;
  const binding = isPresumedWeak(fact) ? "weak" : fact.binding;
  return { name, kind, role, binding, scope, line: place.line + 1, column: place.column + 1, condition };
}

function describe(file: string, symbol: PrintedSymbol): string {
  const { name, line, column, binding, kind, role, condition } = symbol;
  return `${file}:${line}:${column}: ${name}: ${binding} ${kind} ${role}${condition === "" ? "" : ` (if ${condition})`}\n`;
}
