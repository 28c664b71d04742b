/** Compares the stored lists of predefined macros with what the installed compilers say of themselves. */

import { predefinedMacros } from "../../../server/src/syntax/cpp/predefined.ts";
import type { Mode } from "../../../server/src/syntax/cpp/scan.ts";
import { isInstalled } from "../../support/needed-tools.ts";
import { runOrThrow } from "../../support/run-program.ts";
import type { Outcome } from "./compare.ts";

const COMPILERS: readonly (readonly [target: string, command: string])[] = [
  ["x86_64", "gcc"],
  ["aarch64", "aarch64-linux-gnu-gcc"],
  ["arm", "arm-linux-gnueabi-gcc"],
  ["powerpc64", "powerpc64-linux-gnu-gcc"],
  ["riscv64", "riscv64-linux-gnu-gcc"],
  ["s390x", "s390x-linux-gnu-gcc"],
  ["mipsel", "mipsel-linux-gnu-gcc"],
];

const FLAGS: readonly (readonly string[])[] = [
  [],
  ["-std=gnu11", "-O2", "-fno-PIE", "-fshort-wchar", "-fstack-protector-strong"],
  ["-std=c11", "-Os", "-ffreestanding", "-funsigned-char"],
  ["-std=gnu99", "-O0"],
];

/** What the lists leave out: the properties of floating and fixed point types. */
const LEFT_OUT = /^#define __(?:FLT|DBL|LDBL|DEC|BFLT|\w*(?:ACCUM|FRACT|FBIT|IBIT))/;

/** Compares every list for which a compiler of gcc 12 is installed. */
export async function comparePredefined(): Promise<Outcome> {
  const outcome: Outcome = { compared: 0, same: 0, named: 0, failures: [] };
  for (const [target, command] of COMPILERS) {
    if (!isInstalled(command)) continue;
    if (!(await runOrThrow(command, ["-dumpversion"])).startsWith("12")) continue;
    for (const flags of FLAGS) {
      for (const mode of ["c", "assembler"] as const) await compareList(target, command, flags, mode, outcome);
    }
  }
  return outcome;
}

async function compareList(
  target: string,
  command: string,
  flags: readonly string[],
  mode: Mode,
  outcome: Outcome,
): Promise<void> {
  const language = mode === "c" ? "c" : "assembler-with-cpp";
  const text = await runOrThrow(command, ["-nostdinc", "-dM", "-E", ...flags, "-x", language, "/dev/null"]);
  const expected = new Set(linesOf(text).filter((line) => !LEFT_OUT.test(line)));
  const actual = new Set(linesOf(predefinedMacros(target, { mode, flags })));
  const differences = [
    ...[...expected].filter((line) => !actual.has(line)).map((line) => `gcc: ${line}`),
    ...[...actual].filter((line) => !expected.has(line)).map((line) => `ours: ${line}`),
  ];
  outcome.compared++;
  if (differences.length === 0) outcome.same++;
  else outcome.failures.push(`${command} ${flags.join(" ")} (${mode}):\n    ${differences.join("\n    ")}`);
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
