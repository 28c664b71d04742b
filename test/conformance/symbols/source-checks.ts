/**
 * Holds what the index's facts alone say of small sources to the objects that compilers make of them: the texts of
 * test/linkage/symbols/source-texts.ts, as it is written there, and the startup files.
 */

import { SOURCE_TEXTS } from "../../linkage/symbols/source-texts.ts";
import { loadFixture } from "../../support/fixture-program.ts";
import { wordsOfSource } from "./source-symbols.ts";
import { startupFiles } from "./startup-files.ts";
import { symbolsByNm } from "./symbols-by-nm.ts";

/** One line for each source whose symbols differ, with what nm says. */
export async function checkSourceTexts(): Promise<string[]> {
  const wrong: string[] = [];
  for (const text of SOURCE_TEXTS) {
    const told = await symbolsByNm(text);
    if (told instanceof Error) throw told;
    if (told.join() !== [...text.symbols].sort().join()) wrong.push(`${text.title}: nm has ${told.join(", ")}`);
  }
  let symbols = 0;
  for (const file of startupFiles()) {
    const made = await symbolsByNm(file);
    if (made instanceof Error) throw made;
    const told = new Set(made);
    symbols += told.size;
    const { program, findings } = loadFixture(Object.entries(file.files).map(([path, text]) => ({ path, text })));
    const ours = wordsOfSource(program, file.unit);
    for (const name of told) if (!ours.has(name)) wrong.push(`${file.title}: missed ${name}`);
    for (const name of ours) if (!told.has(name)) wrong.push(`${file.title}: predicted only ${name}`);
    for (const { rule, symbol } of findings().get(file.unit) ?? []) {
      if (rule === "weak-reference" && !told.has(`weak ${symbol}?`)) wrong.push(`${file.title}: finding for ${symbol}`);
    }
  }
  console.log(`${SOURCE_TEXTS.length} small sources, ${startupFiles().length} startup files with ${symbols} symbols`);
  return wrong;
}
