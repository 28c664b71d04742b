/** What nm says of the object that a compiler makes of small sources. It knows nothing of our own reading. */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runOrThrow, runProgram } from "../../support/run-program.ts";

/** A unit, the files that it includes, and how it is compiled. */
export interface CompiledSource {
  readonly files: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly compiler: readonly string[];
}

/**
 * The object's symbols, sorted: "f" is a definition, "weak f" a weak one, "weak f?" a weak reference.
 * @returns the compiler's first error where it makes no object
 */
export async function symbolsByNm({ files, unit, compiler }: CompiledSource): Promise<readonly string[] | Error> {
  const folder = await mkdtemp(join(tmpdir(), "weakspot-sources-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const [command, ...flags] = compiler;
    const given = [...flags, "-w", "-fno-common", "-I", ".", "-c", unit, "-o", "a.o"];
    const said = await runProgram(command!, given, { folder });
    if (said.status !== 0) return new Error(/\b[Ee]rror: (.*)/.exec(said.stderr)?.[1] ?? said.stderr.slice(0, 200));
    const listed = await runOrThrow("nm", ["-g", "a.o"], { folder });
    const told = [...listed.matchAll(/^[0-9a-f ]* ([A-Za-z]) (\S+)$/gm)].flatMap(([, letter, name]) => {
      if (letter === "U") return [];
      if (/[vw]/.test(letter!)) return [`weak ${name}?`];
      return [/[VW]/.test(letter!) ? `weak ${name}` : name!];
    });
    return told.sort();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
