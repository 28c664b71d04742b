/**
 * Reads Kconfig files for what symbols are: their types, what they depend on and select. It decides no configuration.
 *
 *     file   := { entry }
 *     entry  := ( "config" | "menuconfig" ) name { option } | "if" expression … "endif" | ( "menu" | "choice" ) … | "source" path
 *     option := type [ prompt ] | "def_bool" … | "depends on" expression | ( "select" | "imply" ) name [ "if" expression ] | "help" text
 *
 * (Documentation/kbuild/kconfig-language.rst.)
 */

import { folderOf } from "../../text/path.ts";
import {
  ANY_VALUE,
  allGuard,
  anyGuard,
  type Guard,
  notGuard,
  type PossibleValues,
  symbolGuard,
  VALUE_M,
  VALUE_N,
  VALUE_OTHER,
  VALUE_Y,
} from "./guard.ts";

export type KconfigType = "bool" | "tristate" | "int" | "hex" | "string";

/** One place that defines a symbol; a symbol may have several. */
export interface KconfigEntry {
  readonly path: string;
  /** The line, counted from 0. */
  readonly line: number;
  readonly type: KconfigType | undefined;
  /** What it depends on, the menus and ifs around it included, as written; all must hold. */
  readonly dependsOn: readonly string[];
  readonly selects: readonly { readonly symbol: string; readonly condition: string | undefined }[];
  /** The choice of which it is a member, by its place; of one choice no two symbols are y. */
  readonly choice: string | undefined;
}

export type KconfigSymbols = ReadonlyMap<string, readonly KconfigEntry[]>;

export interface KconfigOptions {
  readText(path: string): string | undefined;
  /** The directories below arch/ that `$(SRCARCH)` stands for: one, or all to learn of symbols that any of them defines. */
  readonly architectures: readonly string[];
  /** The first file; "Kconfig" where none is given. */
  readonly root?: string;
}

const DEEPEST = 40;

interface Reader {
  readonly options: KconfigOptions;
  readonly symbols: Map<string, MutableEntry[]>;
  readonly read: Set<string>;
}

interface MutableEntry {
  readonly path: string;
  readonly line: number;
  type: KconfigType | undefined;
  readonly dependsOn: string[];
  readonly selects: { readonly symbol: string; readonly condition: string | undefined }[];
  readonly choice: string | undefined;
}

/** What stands around a file's entries. */
interface Around {
  readonly conditions: readonly string[];
  readonly choice: string | undefined;
}

/** Every symbol that the Kconfig files define for these architectures, by its name without CONFIG_. */
export function kconfigSymbols(options: KconfigOptions): KconfigSymbols {
  const reading = readKconfig(options);
  for (;;) {
    const step = reading.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of one file, for those who have something else to do in between: a kernel has 1,600 files. */
export function* readKconfig(options: KconfigOptions): Generator<undefined, KconfigSymbols> {
  const reader: Reader = { options, symbols: new Map(), read: new Set() };
  yield* readFile(reader, options.root ?? "Kconfig", { conditions: [], choice: undefined }, 0);
  return reader.symbols;
}

function* readFile(reader: Reader, path: string, around: Around, depth: number): Generator<undefined, void> {
  if (depth > DEEPEST || reader.read.has(path)) return;
  const text = reader.options.readText(path);
  if (text === undefined) return;
  reader.read.add(path);
  yield undefined;
  const lines = text.split("\n");
  /** The conditions of the blocks that are open; a menu's `depends on` is added when it is read. */
  const blocks: { readonly kind: string; readonly conditions: string[]; readonly choice?: string }[] = [];
  const surroundings = (): Around => ({
    conditions: [...around.conditions, ...blocks.flatMap((one) => one.conditions)],
    choice: blocks.findLast((one) => one.choice !== undefined)?.choice ?? around.choice,
  });
  let entry: MutableEntry | undefined;
  let helpIndent = -1;
  for (let i = 0; i < lines.length; i++) {
    let line = lines[i]!;
    if (helpIndent >= 0) {
      // Help reaches as far as its first line's indentation does.
      const indent = indentOf(line);
      if (line.trim() === "") continue;
      if (helpIndent === 0 && indent > 0) helpIndent = indent;
      if (indent >= helpIndent && helpIndent > 0) continue;
      helpIndent = -1;
    }
    while (line.endsWith("\\") && i + 1 < lines.length) line = `${line.slice(0, -1)} ${lines[++i]!}`;
    const match = /^\s*(?:---)?([a-z_]+)(?:---)?\s*(.*)$/.exec(line);
    if (match === null) continue;
    const word = match[1]!;
    const rest = withoutComment(match[2]!);
    const block = blocks[blocks.length - 1];
    switch (word) {
      case "config":
      case "menuconfig": {
        const name = /^\w+/.exec(rest)?.[0];
        entry = undefined;
        if (name === undefined) break;
        const { conditions, choice } = surroundings();
        entry = { path, line: i, type: undefined, dependsOn: [...conditions], selects: [], choice };
        const list = reader.symbols.get(name);
        if (list === undefined) reader.symbols.set(name, [entry]);
        else list.push(entry);
        break;
      }
      case "bool":
      case "tristate":
      case "int":
      case "hex":
      case "string":
        if (entry !== undefined) entry.type = word;
        break;
      case "def_bool":
      case "def_tristate":
        if (entry !== undefined) entry.type = word === "def_bool" ? "bool" : "tristate";
        break;
      case "depends": {
        const expression = rest.replace(/^on\b\s*/, "").replace(/\s+/g, " ");
        if (entry !== undefined) entry.dependsOn.push(expression);
        else if (block !== undefined && block.kind !== "if") block.conditions.push(expression);
        break;
      }
      case "select":
      case "imply": {
        const select = /^(\w+)\s*(?:if\s+(.*))?$/.exec(rest);
        if (entry !== undefined && select !== null && word === "select") {
          entry.selects.push({ symbol: select[1]!, condition: select[2] });
        }
        break;
      }
      case "if":
        entry = undefined;
        blocks.push({ kind: word, conditions: [rest] });
        break;
      case "menu":
      case "choice":
        entry = undefined;
        blocks.push({ kind: word, conditions: [], ...(word === "choice" ? { choice: `${path}:${i}` } : {}) });
        break;
      case "endif":
      case "endmenu":
      case "endchoice":
        entry = undefined;
        blocks.pop();
        break;
      case "comment":
      case "mainmenu":
        entry = undefined;
        break;
      case "help":
        helpIndent = 0;
        break;
      case "source":
      case "osource":
      case "rsource":
      case "orsource": {
        entry = undefined;
        for (const sourced of sourcePaths(reader, path, rest, word.endsWith("rsource"))) {
          yield* readFile(reader, sourced, surroundings(), depth + 1);
        }
        break;
      }
    }
  }
}

function indentOf(line: string): number {
  let columns = 0;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === "\t") columns += 8 - (columns % 8);
    else if (line[i] === " ") columns++;
    else break;
  }
  return columns;
}

/** The text before a `#` that stands outside of quotes. */
function withoutComment(text: string): string {
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (quote !== "") {
      if (letter === "\\") i++;
      else if (letter === quote) quote = "";
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === "#") return text.slice(0, i).trim();
  }
  return text.trim();
}

/** The files of `source "…"`: the architecture's variables are filled in, others are not known. */
function sourcePaths(reader: Reader, path: string, operand: string, isRelative: boolean): string[] {
  const named = operand.replace(/^"(.*)"$/, "$1");
  const paths = reader.options.architectures.map((architecture) =>
    named
      .replace(/\$\(?SRCARCH\)?/g, architecture)
      // User-mode Linux takes the rest from the machine that it runs on.
      .replace(/\$\(?HEADER_ARCH\)?/g, architecture === "um" ? "x86" : architecture),
  );
  const folder = isRelative ? folderOf(path) : "";
  return [...new Set(paths)].filter((one) => !/[$*?[]/.test(one)).map((one) => folder + one);
}

/** What a symbol can be, by all its definitions; undefined where no file defines it. */
export function typeOfSymbol(symbols: KconfigSymbols, name: string): KconfigType | undefined {
  const entries = symbols.get(name.replace(/^CONFIG_/, ""));
  if (entries === undefined) return undefined;
  // A definition without a type adds to another that has one.
  return entries.find((entry) => entry.type !== undefined)?.type;
}

/** Whether the two are members of one choice and of nothing else, so that at most one of them is y. */
export function areAlternatives(symbols: KconfigSymbols, one: string, other: string): boolean {
  if (one === other) return false;
  const choices = new Set(
    [one, other].flatMap((name) => {
      const entries = symbols.get(name.replace(/^CONFIG_/, "")) ?? [];
      // Another definition adds to one within a choice, and is no member by itself.
      return entries.length === 0 ? [undefined] : entries.map(({ choice }) => choice);
    }),
  );
  return choices.size === 1 && !choices.has(undefined);
}

/** The values that a symbol can have, as a mask of the classes that guards know. */
export function possibleValues(symbols: KconfigSymbols, name: string): number {
  switch (typeOfSymbol(symbols, name)) {
    case undefined:
      return VALUE_N;
    case "bool":
      return VALUE_N | VALUE_Y;
    case "tristate":
      return VALUE_N | VALUE_Y | VALUE_M;
    default:
      return VALUE_N | VALUE_OTHER;
  }
}

/** Leaves out of a guard what Kconfig makes impossible: a bool that is m, a symbol that no file defines. */
export function refineGuard(guard: Guard, possible: PossibleValues): Guard {
  switch (guard.kind) {
    case "symbol": {
      const values = possible(guard.symbol);
      const mask = guard.mask & values;
      // What holds for every value that is possible is no condition.
      return mask === values ? symbolGuard(guard.symbol, 15) : symbolGuard(guard.symbol, mask);
    }
    case "value": {
      const values = possible(guard.symbol, guard.value);
      if ((values & VALUE_OTHER) === 0) return symbolGuard(guard.symbol, 0);
      return values === VALUE_OTHER ? symbolGuard(guard.symbol, ANY_VALUE) : guard;
    }
    case "not":
      return notGuard(refineGuard(guard.part, possible));
    case "all":
      return allGuard(guard.parts.map((part) => refineGuard(part, possible)));
    case "any":
      return anyGuard(guard.parts.map((part) => refineGuard(part, possible)));
    default:
      return guard;
  }
}
