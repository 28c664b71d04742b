/**
 * Where a build gives a symbol's name another meaning than sources do: --wrap and --defsym of ld(1), objcopy's renaming and
 * rebinding, a macro of the compiler's command line. It has no IO.
 */

import { baseName, folderOf } from "../../text/path.ts";
import type { Link } from "./link.ts";

export interface Meanings {
  /** The clauses by name: "Makefile:3 gives 'alloc' another meaning by --wrap". */
  readonly ofNames: ReadonlyMap<string, string>;
  /** Build files that change symbols of objects whatever their names, by their folders ("" or with a slash at the end). */
  readonly ofAll: readonly { readonly folder: string; readonly clause: string }[];
}

/** What build files say of names, by their texts. */
export function readMeanings(buildFiles: Iterable<readonly [path: string, text: string]>): Meanings {
  const ofNames = new Map<string, string>();
  const ofAll: { folder: string; clause: string }[] = [];
  for (const [path, written] of buildFiles) {
    // A line that goes on in the next one is one line; offsets stay as they are.
    const text = written.replaceAll("\\\n", "  ");
    for (const [name, { start, option }] of meaningsIn(path, text)) {
      if (!ofNames.has(name))
        ofNames.set(name, `${path}:${lineAt(written, start)} gives '${name}' another meaning by ${option}`);
    }
    const change = changeIn(text);
    if (change === undefined) continue;
    const clause = `${path}:${lineAt(written, change.start)} changes the symbols of objects by ${change.option}`;
    ofAll.push({ folder: folderOf(path), clause });
  }
  return { ofNames, ofAll };
}

/** What is done to the symbols of all objects where a file lies, as a clause: only Makefiles of folders around it can mean its object. */
export function changeOfSymbolsAt(path: string, { ofAll }: Meanings): string | undefined {
  return ofAll.find(({ folder }) => path.startsWith(folder))?.clause;
}

/** What the options of links, as they were read, and build files say of a name; `__wrap_f` and `__real_f` are meant with `f`. */
export function meaningOfName(name: string, links: readonly Link[], meanings: Meanings): string | undefined {
  const plain = name.replace(/^__(?:wrap|real)_/, "");
  for (const { unit, options } of links) {
    if (options.wrap.includes(plain)) return `${unit} is linked with --wrap=${plain}`;
    const defined = options.defined.find((one) => one.name === name);
    if (defined !== undefined) return `${unit} is linked with --defsym=${name}=${defined.value}`;
  }
  return meanings.ofNames.get(name) ?? meanings.ofNames.get(plain);
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
/** Options that name their symbols in a file, or all but one, or none (objcopy(1), strip(1); GCC, -fleading-underscore). */
const OF_ALL =
  /--?(fleading-underscore|keep-global-symbols?|keep-symbols|strip-symbols|localize-symbols|globalize-symbols|weaken-symbols|redefine-syms|prefix-symbols|localize-hidden|weaken)(?![\w-])/;
const OBJCOPY = /^.*(?:objcopy|\bstrip\b).*$/gim;
const SHORT = /\s-([NKGLW])\s*([A-Za-z_]\w*)/g;
const MACRO = /(?<![\w-])-D\s?["']?([A-Za-z_]\w*)(?:=["']?([A-Za-z_]\w*))?/g;
const DEFINITIONS = /compile_definitions\s*\(([^()]*)\)/gi;

/** The first place where objects' symbols are changed, whatever their names. */
function changeIn(text: string): Meaning | undefined {
  const long = OF_ALL.exec(text);
  if (long !== null) return { start: long.index, option: long[0] };
  for (const line of text.matchAll(OBJCOPY)) {
    const keeps = /\s-G(?![\w-]*=)/.exec(line[0]);
    if (keeps !== null) return { start: line.index + keeps.index, option: "-G" };
  }
  return undefined;
}

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
    for (const match of line[0].matchAll(SHORT)) add(match[2], line.index + match.index, `-${match[1]}`);
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
