/**
 * Runs readelf and nm, and takes their output apart as it comes: hundreds of megabytes for a kernel with debug information.
 */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const environment = { ...process.env, LC_ALL: "C.UTF-8" };

/** Called for each line; an error in it ends the run. */
async function eachLine(command: string, args: readonly string[], visit: (line: string) => void): Promise<void> {
  const child = spawn(command, args, { env: environment, stdio: ["ignore", "pipe", "ignore"] });
  const failed = new Promise<never>((_, reject) => child.on("error", reject));
  const lines = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on("line", visit);
  const ended = new Promise<void>((resolve) => lines.on("close", resolve));
  await Promise.race([ended, failed]);
}

/** What a line of `readelf -sW -rW` is. */
export interface ReadelfVisitor {
  /** The next member of an archive. */
  member(name: string): void;
  symbolTable(name: string, count: number): void;
  symbol(line: string): void;
  relocationSection(name: string, offset: number, count: number): void;
  relocation(line: string): void;
}

/** Reads a file with readelf. Lines of symbols and relocations come with one blank between the columns. */
export async function visitReadelf(path: string, visitor: ReadelfVisitor): Promise<void> {
  let state: "symbols" | "relocations" | "other" = "other";
  await eachLine("readelf", ["-sW", "-rW", path], (line) => {
    if (line === "") {
      state = "other";
    } else if (state === "symbols") {
      const symbol = parseSymbolLine(line);
      if (symbol !== undefined) visitor.symbol(symbol);
    } else if (state === "relocations") {
      if (/^ *[0-9a-f]{8,}|^ +Type[23]:/.test(line)) visitor.relocation(line.trim().replace(/ +/g, " "));
    } else {
      const member = /^File: .*[([](.*)[)\]]$/.exec(line);
      const table = /^Symbol table '(.*)' contains (\d+) entr/.exec(line);
      const section = /^Relocation section '(.*)' at offset 0x([0-9a-f]+) contains (\d+) entr\S+:$/.exec(line);
      if (member) visitor.member(member[1]!);
      if (table) visitor.symbolTable(table[1]!, Number(table[2]));
      if (section) visitor.relocationSection(section[1]!, Number.parseInt(section[2]!, 16), Number(section[3]));
      state = table ? "symbols" : section ? "relocations" : "other";
    }
  });
}

/**
 * Takes out what st_other says beyond the visibility, and the number that follows a version. Undefined for the line of the columns'
 * names.
 */
function parseSymbolLine(line: string): string | undefined {
  const parts = /^ *(\d+: \S+ +\S+ (?:<[^>]+>: \d+|\S+) +(?:<[^>]+>: \d+|\S+) +\S+) +(?:\[.*?\] +)?(\S+) ?(.*)$/.exec(
    line,
  );
  if (parts === null) return undefined;
  const name = parts[3]!.replace(/ \(\d+\)$/, "");
  return `${parts[1]!.replace(/ +/g, " ")} ${parts[2]} ${name}`.trimEnd();
}

/** One symbol as `nm` has it. */
export interface NmSymbol {
  readonly name: string;
  readonly letter: string;
  readonly value: bigint | undefined;
  readonly size: bigint | undefined;
}

/** Reads the symbols of a file with nm, in its order; each member of an archive starts a new list. */
export async function nmSymbols(path: string): Promise<NmSymbol[][]> {
  const lists: NmSymbol[][] = [];
  await eachLine("nm", ["--no-sort", "--format=posix", "--no-demangle", path], (line) => {
    if (/\[.*\]:$/.test(line) || lists.length === 0) lists.push([]);
    const fields = /^(\S+) (\S)(?: ([0-9a-f]+)(?: ([0-9a-f]+))?)? *$/.exec(line);
    if (fields === null) return;
    const number = (text: string | undefined) => (text ? BigInt(`0x${text}`) : undefined);
    lists.at(-1)!.push({ name: fields[1]!, letter: fields[2]!, value: number(fields[3]), size: number(fields[4]) });
  });
  return lists;
}
