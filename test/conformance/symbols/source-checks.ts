/**
 * Holds what the index's facts alone say of small sources to the objects that compilers make of them: the texts of
 * test/linkage/symbols/source-texts.ts, as it is written there, and the startup files.
 */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SOURCE_TEXTS, type SourceText } from "../../linkage/symbols/source-texts.ts";
import { loadFixture } from "../../support/fixture-program.ts";
import { runOrThrow } from "../../support/run-program.ts";
import { symbolsOfSource } from "./source-symbols.ts";
import { startupFiles } from "./startup-files.ts";

/** One line for each source whose symbols differ, with what nm says. */
export async function checkSourceTexts(): Promise<string[]> {
  const wrong: string[] = [];
  for (const text of SOURCE_TEXTS) {
    const told = await symbolsByNm(text);
    if (told.join() !== [...text.symbols].sort().join()) wrong.push(`${text.title}: nm has ${told.join(", ")}`);
  }
  let symbols = 0;
  for (const file of startupFiles()) {
    const told = new Set(await symbolsByNm(file));
    symbols += told.size;
    const { program, findings } = loadFixture(Object.entries(file.files).map(([path, text]) => ({ path, text })));
    const ours = new Set(
      symbolsOfSource(program, file.unit).map(({ name, role, isWeak }) =>
        role === "weak reference" ? `weak ${name}?` : isWeak ? `weak ${name}` : name,
      ),
    );
    for (const name of told) if (!ours.has(name)) wrong.push(`${file.title}: missed ${name}`);
    for (const name of ours) if (!told.has(name)) wrong.push(`${file.title}: predicted only ${name}`);
    for (const { rule, symbol } of findings().get(file.unit) ?? []) {
      if (rule === "weak-reference" && !told.has(`weak ${symbol}?`)) wrong.push(`${file.title}: finding for ${symbol}`);
    }
  }
  console.log(`${SOURCE_TEXTS.length} small sources, ${startupFiles().length} startup files with ${symbols} symbols`);
  return wrong;
}

async function symbolsByNm({
  files,
  unit,
  compiler,
}: Pick<SourceText, "files" | "unit" | "compiler">): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "weakspot-sources-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const [command, ...flags] = compiler;
    await runOrThrow(command!, [...flags, "-w", "-fno-common", "-I", ".", "-c", unit, "-o", "a.o"], { folder });
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
