/**
 * Where a build gives a symbol's name another meaning than sources do: --wrap and --defsym of ld(1), objcopy's renaming and
 * rebinding, a macro of the compiler's command line. It has no IO.
 */

import { createAttached } from "../../text/attached.ts";
import { lineColumnAt } from "../../text/lines.ts";
import { baseName } from "../../text/path.ts";
import type { Source } from "../../text/source.ts";
import { linesOf, type Texts } from "../facts/texts.ts";
import type { Links } from "./links.ts";

/** A clause that says where: "Makefile:3 gives 'alloc' another meaning (--wrap)"; undefined where no build does. */
export function findMeaningInBuilds(name: string, links: Links, texts: Texts): string | undefined {
  const plain = name.replace(/^__(?:wrap|real)_/, "");
  for (const { unit, options } of links.all()) {
    if (options.wrap.includes(plain)) return `${unit} is linked with --wrap=${plain}`;
    const defined = options.defined.find((one) => one.name === name);
    if (defined !== undefined) return `${unit} is linked with --defsym=${name}=${defined.value}`;
  }
  for (const path of links.buildFiles) {
    const source = texts.source(path);
    const found =
      source === undefined ? undefined : (meaningsOf(path, source).get(name) ?? meaningsOf(path, source).get(plain));
    if (found === undefined) continue;
    const { line } = lineColumnAt(linesOf(source!), found.start);
    return `${path}:${line + 1} gives '${name}' another meaning by ${found.option}`;
  }
  return undefined;
}

interface Meaning {
  readonly start: number;
  readonly option: string;
}

const meanings = createAttached<Source, ReadonlyMap<string, Meaning>>();

/** The names of one build file that options give a meaning, worked out once for its text. */
function meaningsOf(path: string, source: Source): ReadonlyMap<string, Meaning> {
  let found = meanings.get(source);
  if (found === undefined) {
    found = readMeanings(path, source.slice(0, source.length));
    meanings.set(source, found);
  }
  return found;
}

const LONG =
  /--?(wrap|defsym|redefine-sym|globalize-symbol|localize-symbol|keep-global-symbol|weaken-symbol|strip-symbol|add-symbol)(?:[=,\s]|-Wl,)+([\w$.]+)(?:=([\w$.]+))?/g;
const OBJCOPY = /^.*objcopy.*$/gim;
const SHORT = /\s-([NKGLW])\s*([A-Za-z_]\w*)/g;
const MACRO = /(?<![\w-])-D\s?["']?([A-Za-z_]\w*)(?:=["']?([A-Za-z_]\w*))?/g;
const DEFINITIONS = /compile_definitions\s*\(([^()]*)\)/gi;

function readMeanings(path: string, text: string): ReadonlyMap<string, Meaning> {
  const found = new Map<string, Meaning>();
  const add = (name: string | undefined, start: number, option: string) => {
    if (name !== undefined && !found.has(name)) found.set(name, { start, option });
  };
  for (const match of text.matchAll(LONG)) {
    add(match[2], match.index, `--${match[1]}`);
    add(match[3], match.index, `--${match[1]}`);
  }
  for (const line of text.matchAll(OBJCOPY)) {
    for (const match of line[0].matchAll(SHORT)) add(match[2], line.index + match.index, `objcopy -${match[1]}`);
  }
  for (const match of text.matchAll(MACRO)) {
    // What a macro stands for is meant by the macro's name, too.
    add(match[1], match.index, `-D${match[1]}`);
    add(match[2], match.index, `-D${match[1]}`);
  }
  if (/\.cmake$|^CMakeLists\.txt$/.test(baseName(path))) {
    for (const match of text.matchAll(DEFINITIONS)) {
      for (const word of match[1]!.matchAll(/([A-Za-z_]\w*)=/g)) add(word[1], match.index, `the macro ${word[1]}`);
    }
  }
  return found;
}
