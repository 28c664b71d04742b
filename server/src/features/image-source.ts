/** Where the source of what is in an image is: of a file as the map names it, or of a symbol in it. */

import { objectsOf } from "../linkage/links/link.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { indexOfWord } from "../text/has-word.ts";
import { baseName, withoutEnding } from "../text/path.ts";
import { type Place, toPlace } from "./navigation.ts";

export interface InImage {
  /** "main.o", "lib.a(x.o)"; "" where it is not known. */
  readonly file: string;
  readonly symbol?: string | undefined;
}

/** The definition of the symbol, in the source of its file where several have one; else the source. undefined where none is known. */
export function findImageSource({ file, symbol }: InImage, program: Program): Place | undefined {
  const source = sourceOfFile(file, program);
  if (symbol === undefined) return source === undefined ? undefined : { path: source, span: { start: 0, end: 0 } };
  // What compilers append stands behind a dot: state.3, parse.constprop.0.
  const name = /^\.?[^.]*/.exec(symbol)![0];
  const definitions = program.everywhere.definitionsOf(name).map(toPlace);
  const own = definitions.find(({ path }) => path === source);
  if (own !== undefined) return own;
  if (source !== undefined) {
    // What is static is in no index: its name stands in the text.
    const text = program.texts.source(source);
    const at = text === undefined ? -1 : indexOfWord(text.slice(0, text.length), name);
    if (at >= 0) return { path: source, span: { start: at, end: at + name.length } };
  }
  return definitions.length === 1 || source === undefined
    ? definitions[0]
    : { path: source, span: { start: 0, end: 0 } };
}

/** The source that a link of the tree says the object is made of; else the only one of its name. */
function sourceOfFile(file: string, program: Program): string | undefined {
  const object = /\(([^()]*)\)$/.exec(file)?.[1] ?? file;
  if (object === "") return undefined;
  const name = baseName(object);
  const made = new Set<string>();
  for (const { inputs } of program.links.all()) {
    for (const { object: input } of objectsOf(inputs ?? [])) {
      if (input.source === undefined || baseName(input.path) !== name) continue;
      if (input.path === object || input.path.endsWith(`/${object}`)) return input.source;
      made.add(input.source);
    }
  }
  if (made.size === 1) return [...made][0];
  const stem = stemOf(name);
  const likely = [...program.index.paths()].filter((path) => isSource(path) && stemOf(baseName(path)) === stem);
  const below = likely.filter((path) => withoutEnding(object).endsWith(withoutEnding(path)));
  return below.length === 1 ? below[0] : likely.length === 1 ? likely[0] : undefined;
}

/** "main" of main.o, main.c.obj and main.c.o. */
function stemOf(name: string): string {
  return name.replace(/\.(?:o|obj|lo)$/i, "").replace(/\.(?:c|S|s|cpp|cc|cxx)$/, "");
}

function isSource(path: string): boolean {
  return /\.(?:c|S|s|cpp|cc|cxx)$/.test(path);
}
