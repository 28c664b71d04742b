/**
 * Checks that objects of link-time optimization, which have no symbols of their own, are told apart and explained.
 */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mainTable } from "../../../server/src/host/elf/object-symbols.ts";
import { readObject } from "../../../server/src/host/elf/read-objects.ts";
import { findTool } from "./corpora.ts";

export interface IntermediateCheck {
  compared: number;
  readonly differences: string[];
  readonly skipped: string[];
}

const cases = [
  { tools: ["clang-19", "clang"], options: ["-flto"], problem: /LLVM bitcode/, hasSymbols: false },
  { tools: ["clang-19", "clang"], options: ["-flto=thin"], problem: /LLVM bitcode/, hasSymbols: false },
  { tools: ["gcc"], options: ["-flto", "-fno-fat-lto-objects"], problem: /GCC's intermediate code/, hasSymbols: true },
  { tools: ["gcc"], options: ["-flto", "-ffat-lto-objects"], problem: undefined, hasSymbols: true },
  { tools: ["gcc"], options: ["-g", "-gz=zlib"], problem: undefined, hasSymbols: true },
] as const;

export async function checkIntermediateCode(folder: string): Promise<IntermediateCheck> {
  const check: IntermediateCheck = { compared: 0, differences: [], skipped: [] };
  const source = join(folder, "intermediate.c");
  writeFileSync(source, "extern int number; int function(void) { return number; }\n");
  for (const { tools, options, problem, hasSymbols } of cases) {
    const tool = findTool(...tools);
    if (tool === undefined) {
      check.skipped.push(`${tools.join(" or ")} is not installed`);
      continue;
    }
    const path = join(folder, "intermediate.o");
    execFileSync(tool, [...options, "-c", source, "-o", path]);
    const read = await readObject({ path, member: undefined });
    const problems = read!.symbols.problems.join("; ");
    const where = [tool, ...options].join(" ");
    check.compared++;
    if (problem === undefined ? problems !== "" : !problem.test(problems))
      check.differences.push(`${where}: ${problems}`);
    if (hasSymbols !== (mainTable(read!.symbols) !== undefined)) check.differences.push(`${where}: symbols`);
  }
  return check;
}
