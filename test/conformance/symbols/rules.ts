/** Holds the texts of test/linkage/unit-texts.ts to a compiler: whether its objects have the symbols that are said there. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UNIT_TEXTS } from "../../linkage/symbols/unit-texts.ts";
import { runOrThrow } from "../../support/run-program.ts";

/** Compiles each text; gives those whose symbols differ, and what nm says of them. */
export async function checkRules(compiler: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "weakspot-rules-"));
  const wrong: string[] = [];
  try {
    for (const { text, symbols, flags } of UNIT_TEXTS) {
      const source = join(folder, "a.c");
      const object = join(folder, "a.o");
      await writeFile(source, `${text}\n`);
      const standard = flags === undefined ? ["-std=gnu11"] : flags;
      await runOrThrow(compiler, ["-w", "-O1", "-c", ...standard, "-fno-common", "-o", object, source]);
      const found = [...(await runOrThrow("nm", ["-g", object])).matchAll(/^[0-9a-f ]* ([A-Za-z]) (\S+)$/gm)];
      const told = found.flatMap(([, letter, name]) => {
        if (letter === "U") return [];
        if (/[vw]/.test(letter!)) return [`weak ${name}?`];
        return [/[VW]/.test(letter!) ? `weak ${name}` : name!];
      });
      if (told.sort().join() !== [...symbols].sort().join()) wrong.push(`${text}\n    nm: ${told.join(", ")}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return wrong;
}
