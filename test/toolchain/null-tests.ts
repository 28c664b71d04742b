/**
 * What becomes of a NULL test when its symbol's declaration turns strong: the users are linked with the symbol at address 0,
 * and the test either sees that or was folded to true.
 */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runOrThrow } from "../support/run-program.ts";
import type { Laboratory } from "./laboratory.ts";

export const NULL_TESTED = [
  { name: "array", declaration: "extern int array[]", test: "array != 0" },
  { name: "object", declaration: "extern int object", test: "&object != 0" },
  { name: "function", declaration: "int function(void)", test: "function != 0" },
] as const;

/** The option that the kernel is compiled with, as address 0 may hold something there. */
export const KERNEL_OPTION = "-fno-delete-null-pointer-checks";

export type NullTest = "seen" | "folded to true";

/** For each symbol of NULL_TESTED: whether a test of it, at address 0, sees NULL. */
export async function measureNullTests(
  laboratory: Laboratory,
  compiler: string,
  binding: "weak" | "strong",
  options: readonly string[],
): Promise<NullTest[]> {
  const folder = join(laboratory.folder, String(laboratory.count++));
  await mkdir(folder);
  const attribute = binding === "weak" ? " __attribute__((weak))" : "";
  const users = NULL_TESTED.map(
    ({ name, declaration, test }) => `${declaration}${attribute};\nint sees_${name}(void) { return ${test}; }\n`,
  );
  const calls = NULL_TESTED.map(({ name }) => `int sees_${name}(void);\n`).join("");
  const prints = NULL_TESTED.map(({ name }) => `printf("%d\\n", sees_${name}());`).join(" ");
  await writeFile(join(folder, "users.c"), users.join(""));
  await writeFile(join(folder, "main.c"), `#include <stdio.h>\n${calls}int main(void) { ${prints} return 0; }\n`);
  await runOrThrow(compiler, ["-O2", "-fno-pie", "-w", ...options, "-c", "users.c"], { folder });
  await runOrThrow("cc", ["-fno-pie", "-c", "main.c"], { folder });
  const zeros = binding === "weak" ? [] : NULL_TESTED.map(({ name }) => `-Wl,--defsym=${name}=0`);
  await runOrThrow("cc", ["-no-pie", ...zeros, "-o", "program", "users.o", "main.o"], { folder });
  const output = await runOrThrow(join(folder, "program"), []);
  return output
    .trim()
    .split("\n")
    .map((line) => (line === "0" ? "seen" : "folded to true"));
}
