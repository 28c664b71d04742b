/**
 * The side of the ELF benchmark that is ours: a process of its own that reads files as the server does, through the reader
 * and its worker, and prints what it took. The benchmark bundles it as the server is bundled.
 */

import { openElfReader } from "../../server/src/host/elf/elf-reader.ts";
import { elfSymbolsNamed, mainTable } from "../../server/src/host/elf/object-symbols.ts";
import { relocationsOfName } from "../../server/src/host/elf/relocation-counts.ts";

/** What is printed: times in milliseconds from the first question on, sizes in bytes. */
export interface ElfTimes {
  readonly symbols: number;
  readonly found: number;
  readonly milliseconds: number;
  /** How long the main thread was kept from anything else, at most, in milliseconds. */
  readonly longestBlock: number;
  readonly peakRssBytes: number;
}

/** Asks for the symbols of each file, some at a time, and finds a name in each. */
async function readAll(files: readonly string[], name: string, withRelocations: boolean): Promise<ElfTimes> {
  let longestBlock = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    longestBlock = Math.max(longestBlock, performance.now() - last - 1);
    last = performance.now();
  }, 1);
  const started = performance.now();
  const reader = openElfReader();
  let symbols = 0;
  let found = 0;
  let next = 0;
  const work = async () => {
    while (next < files.length) {
      const path = files[next++]!;
      if (withRelocations) {
        const relocations = await reader.countRelocations(path);
        symbols += mainTable(relocations.symbols)?.count ?? 0;
        found += relocationsOfName(relocations, name).total;
      } else {
        const object = await reader.readSymbols(path);
        symbols += mainTable(object)?.count ?? 0;
        found += elfSymbolsNamed(object, name).length;
      }
    }
  };
  await Promise.all(Array.from({ length: 32 }, work));
  const milliseconds = performance.now() - started;
  clearInterval(watch);
  await reader.close();
  return { symbols, found, milliseconds, longestBlock, peakRssBytes: process.resourceUsage().maxRSS * 1024 };
}

const [what, name, ...files] = process.argv.slice(2);
readAll(files, name!, what === "relocations").then((times) => process.stdout.write(JSON.stringify(times)));
