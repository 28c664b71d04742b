/**
 * Formats every linker script of the kernel and every header of linker scripts, those before the preprocessor, and compares what
 * they expand to with what they did before: the same tokens link to the same bytes. Formatted again they must stay as they are.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { formatScript } from "../../../server/src/features/script-format.ts";
import { createExpander } from "../../../server/src/host/expand-file.ts";
import { listFiles } from "../../../server/src/host/list-files.ts";
import { languageOf } from "../../../server/src/linkage/facts/extract.ts";
import { scriptOf } from "../../../server/src/linkage/facts/parsed.ts";
import { nodesOf } from "../../../server/src/syntax/ld/walk.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { type Source, sourceOfText } from "../../../server/src/text/source.ts";
import { kernelTree } from "../../support/kernel-tree.ts";
import type { Outcome } from "./compare.ts";

const OPTIONS = { insertSpaces: false, tabSize: 8 };

/** Each script counts once; a header counts with the scripts that include it. */
export async function compareFormatted(): Promise<Outcome> {
  const root = await kernelTree();
  const formatted = new Map<string, Source>();
  const failures: string[] = [];
  for (const { files } of listFiles(root, [""], [])) {
    for (const path of files) {
      if (!/\.(?:lds?|x)(?:\.|$)|\.h$/.test(path)) continue;
      const source = sourceOfText(await readFile(join(root, path), "latin1"));
      if (languageOf(path, source) !== "ld") continue;
      const once = format(path, source);
      const twice = format(path, sourceOfText(once));
      if (twice !== once) failures.push(`${path}: formatted twice is not formatted once`);
      formatted.set(path, sourceOfText(once));
    }
  }
  let same = 0;
  let compared = 0;
  for (const path of formatted.keys()) {
    if (path.endsWith(".h")) continue;
    compared++;
    const before = createExpander({ root }).expand(path);
    const after = createExpander({ root, openText: (name) => formatted.get(name) }).expand(path);
    if (before !== undefined && after !== undefined && reading(before.text) === reading(after.text)) same++;
    else failures.push(`${path}: expands to other tokens once it is formatted`);
  }
  return { compared, same, named: 0, failures };
}

/** How ld reads a script: the letters without white space, and where in them each part of its tree starts and ends. */
function reading(text: string): string {
  const letters = new Uint32Array(text.length + 1);
  for (let i = 0; i < text.length; i++) letters[i + 1] = letters[i]! + (/\s/.test(text[i]!) ? 0 : 1);
  const script = scriptOf("expanded.lds", sourceOfText(text));
  const parts = nodesOf(script).map(({ kind, start, end }) => `${kind} ${letters[start]} ${letters[end]}`);
  return `${text.replace(/\s+/g, "")}\n${parts.join("\n")}`;
}

function format(path: string, source: Source): string {
  const text = source.slice(0, source.length);
  return applyEdits(text, formatScript(scriptOf(path, source), OPTIONS)) ?? text;
}
