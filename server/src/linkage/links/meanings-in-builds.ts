/**
 * Where a build gives a symbol's name another meaning than sources do: --wrap and --defsym of ld(1), objcopy's renaming and
 * rebinding, a macro of the compiler's command line. It has no IO.
 */

import { baseName } from "../../text/path.ts";
import type { Link } from "./link.ts";

/** The clauses by name: "Makefile:3 gives 'alloc' another meaning by --wrap". */
export type Meanings = ReadonlyMap<string, string>;

/** What build files say of names, by their texts. */
export function readMeanings(buildFiles: Iterable<readonly [path: string, text: string]>): Meanings {
  const found = new Map<string, string>();
  for (const [path, text] of buildFiles) {
    for (const [name, { start, option }] of meaningsIn(path, text)) {
      if (!found.has(name))
        found.set(name, `${path}:${lineAt(text, start)} gives '${name}' another meaning by ${option}`);
    }
  }
  return found;
}

/** What the options of links, as they were read, and build files say of a name; `__wrap_f` and `__real_f` are meant with `f`. */
export function meaningOfName(name: string, links: readonly Link[], meanings: Meanings): string | undefined {
  const plain = name.replace(/^__(?:wrap|real)_/, "");
  for (const { unit, options } of links) {
    if (options.wrap.includes(plain)) return `${unit} is linked with --wrap=${plain}`;
    const defined = options.defined.find((one) => one.name === name);
    if (defined !== undefined) return `${unit} is linked with --defsym=${name}=${defined.value}`;
  }
  return meanings.get(name) ?? meanings.get(plain);
}

/** Counted from 1. */
function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

interface Meaning {
  readonly start: number;
  readonly option: string;
}

const LONG =
  /--?(wrap|defsym|redefine-sym|globalize-symbol|localize-symbol|keep-global-symbol|weaken-symbol|strip-symbol|add-symbol)(?:[=,\s]|-Wl,)+([\w$.]+)(?:=([\w$.]+))?/g;
const OBJCOPY = /^.*objcopy.*$/gim;
const SHORT = /\s-([NKGLW])\s*([A-Za-z_]\w*)/g;
const MACRO = /(?<![\w-])-D\s?["']?([A-Za-z_]\w*)(?:=["']?([A-Za-z_]\w*))?/g;
const DEFINITIONS = /compile_definitions\s*\(([^()]*)\)/gi;

function meaningsIn(path: string, text: string): ReadonlyMap<string, Meaning> {
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
