/** `weakspot symbols`: the symbols with external linkage that files declare and define: sources, objects and archives. */

import { existsSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { type ElfReader, openElfReader } from "../host/elf/elf-reader.ts";
import { readRegular } from "../host/open-regular.ts";
import { describeFailure } from "../host/problems.ts";
import { MAX_FILE_SIZE } from "../host/read-file.ts";
import { findLanguage, readFacts } from "../linkage/facts/extract.ts";
import type { SymbolFact } from "../linkage/facts/facts.ts";
import { linesOf } from "../linkage/facts/texts.ts";
import { isPresumedWeak } from "../linkage/symbols/program.ts";
import { lineColumnAt } from "../text/lines.ts";
import { jsonText } from "../text/printable.ts";
import { sourceOfBytes } from "../text/source.ts";
import { describeElfSymbol, formatOfFile, type PrintedElfSymbol, readElfSymbols } from "./elf-symbols.ts";
import type { ExitCode } from "./exit-code.ts";
import { mustExist } from "./must-exist.ts";
import { printLines, printReady, tell } from "./output.ts";
import { type BuildArguments, openPrediction, type PrintedPrediction } from "./predicted-symbols.ts";

export interface SymbolsArguments extends BuildArguments {
  readonly json?: boolean;
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

interface PrintedFile {
  readonly file: string;
  readonly symbols: readonly (PrintedSymbol | PrintedPrediction | PrintedElfSymbol)[];
}

/** Prints the symbols. 2 when a file can't be read, or not whole. */
export async function runSymbols(paths: readonly string[], options: SymbolsArguments): Promise<ExitCode> {
  if (options.root !== undefined) mustExist(options.root, "directory", "--root");
  if (options.kconfig !== undefined) mustExist(options.kconfig, "file", "--kconfig");
  if (options.build !== undefined) mustExist(options.build, "directory", "--build");
  const root = options.root === undefined ? undefined : resolve(options.root);
  const nameOf = (path: string) => (root === undefined ? path : relative(root, resolve(path)));
  const files: PrintedFile[] = [];
  let exitCode: ExitCode = 0;
  const complain = (path: string, problem: string) => {
    tell(`${path}: ${problem}`);
    exitCode = 2;
  };
  const reader = openElfReader();
  const predict = openPrediction(options);
  try {
    for (const path of paths) {
      try {
        mustBeFile(path);
        if (isObject(path)) files.push(...(await readObjects(reader, path, nameOf, complain)));
        else if (predict !== undefined) {
          const { symbols, problems } = predict(path);
          for (const problem of problems) tell(`${path}: ${problem}`);
          files.push({ file: nameOf(path), symbols });
        } else files.push({ file: nameOf(path), symbols: readSymbolsOf(path) });
      } catch (error) {
        complain(path, describeFailure(error));
      }
    }
  } finally {
    await reader.close();
  }
  if (options.json) printReady(`${jsonText({ files }, 2)}\n`);
  else for (const file of files) printLines(describeFile(file));
  return exitCode;
}

function mustBeFile(path: string): void {
  const found = existsSync(path) ? statSync(path) : undefined;
  if (found === undefined) throw new Error("there is no such file");
  if (found.isDirectory()) throw new Error("it is a directory; name its files");
}

function isObject(path: string): boolean {
  const format = formatOfFile(path);
  if (format === "llvm-bitcode") throw new Error("it holds LLVM bitcode, whose symbols only the compiler can read");
  return format !== "unknown";
}

async function readObjects(
  reader: ElfReader,
  path: string,
  nameOf: (path: string) => string,
  complain: (path: string, problem: string) => void,
): Promise<PrintedFile[]> {
  const objects = await readElfSymbols(reader, path);
  return objects.map(({ file, symbols, problems }) => {
    for (const problem of problems) complain(file, problem);
    return { file: nameOf(file), symbols };
  });
}

function readSymbolsOf(path: string): PrintedSymbol[] {
  if (findLanguage(path) === undefined) throw new Error("not a C, assembly or linker script file by its name");
  const source = sourceOfBytes(readRegular(path, { most: MAX_FILE_SIZE }));
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

function describeFile({ file, symbols }: PrintedFile): string[] {
  return symbols.map((symbol) => ("section" in symbol ? describeElfSymbol(file, symbol) : describe(file, symbol)));
}

function describe(path: string, symbol: PrintedSymbol | PrintedPrediction): string {
  const { name, line, column, binding, kind, role, condition } = symbol;
  const file = "file" in symbol ? symbol.file : path;
  return `${file}:${line}:${column}: ${name}: ${binding} ${kind} ${role}${condition === "" ? "" : ` (if ${condition})`}`;
}
