/**
 * Finds in a shell command what it links: objects and archives in their order, scripts, and the map. It knows the options of
 * ld, lld, gold and of compilers that call them (ld(1), "Command-line Options"). It runs nothing.
 */

import { splitShellWords } from "../cpp/flags.ts";

export interface LinkInput {
  readonly path: string;
  /**
   * - object: always linked
   * - archive: members are taken when something refers to them
   * - whole archive: all members are taken (--whole-archive)
   * - list: a file that holds more words of the command (@file)
   */
  readonly kind: "object" | "archive" | "whole archive" | "list";
}

export interface LinkCommand {
  /** What links: "ld", "gcc". */
  readonly program: string;
  readonly output: string;
  /** In the order of the command. */
  readonly inputs: readonly LinkInput[];
  /** Linker scripts (-T). */
  readonly scripts: readonly string[];
  /** Where the map goes (-Map). */
  readonly map: string | undefined;
  /** The result is an object that is linked further (-r). */
  readonly isPartial: boolean;
  /** It links without the start files and libraries of hosted programs. */
  readonly isFreestanding: boolean;
}

const LINKER = /(?:^|[-/])(?:ld(?:\.(?:bfd|gold|lld))?|lld|mold)(?:-\d+)?$/;
const COMPILER = /(?:^|[-/])(?:gcc|cc|g\+\+|c\+\+|clang(?:\+\+)?)(?:-\d+)?$/;

/** Options whose argument is the next word. */
const WITH_ARGUMENT =
  /^(?:-[mzeuhLlyYAbcFfGIOR]|-?-(?:soname|defsym|entry|undefined|rpath|rpath-link|dynamic-linker|version-script|section-start|Ttext|Tdata|Tbss|format|oformat|plugin|plugin-opt|image-base|sysroot|wrap)|-include|-isystem|-x|-MF|-MT|-MQ)$/;

/** The first link of a command, which may be a list of commands. Total: undefined where it links no objects. */
export function parseLinkCommand(command: string): LinkCommand | undefined {
  for (const part of simpleCommands(command)) {
    const words = splitShellWords(part);
    const at = words.findIndex((word) => LINKER.test(word) || COMPILER.test(word));
    if (at < 0) continue;
    const link = readWords(words[at]!, words.slice(at + 1));
    if (link !== undefined) return link;
  }
  return undefined;
}

function readWords(program: string, words: readonly string[]): LinkCommand | undefined {
  const inputs: LinkInput[] = [];
  const scripts: string[] = [];
  let output: string | undefined;
  let map: string | undefined;
  let isWhole = false;
  let isPartial = false;
  let isFreestanding = LINKER.test(program);
  const plain = words.flatMap((word) => (word.startsWith("-Wl,") ? word.slice(4).split(",") : [word]));
  for (let i = 0; i < plain.length; i++) {
    const word = plain[i]!;
    const joined = /^--?(output|script|Map)=(.*)$/.exec(word);
    if (word === "-o" || word === "--output") output = plain[++i];
    else if (word === "-T" || word === "--script" || word === "-dT") scripts.push(plain[++i] ?? "");
    else if (word === "-Map" || word === "--Map") map = plain[++i];
    else if (joined !== null) {
      if (joined[1] === "output") output = joined[2];
      else if (joined[1] === "script") scripts.push(joined[2]!);
      else map = joined[2];
    } else if (word === "--whole-archive" || word === "-whole-archive") isWhole = true;
    else if (word === "--no-whole-archive" || word === "-no-whole-archive") isWhole = false;
    else if (word === "-r" || word === "-relocatable" || word === "--relocatable" || word === "-i") isPartial = true;
    else if (word === "-c" || word === "-S" || word === "-E") return undefined;
    else if (word === "-nostdlib" || word === "-nostartfiles") isFreestanding = true;
    else if (word.startsWith("@")) inputs.push({ path: word.slice(1), kind: "list" });
    else if (WITH_ARGUMENT.test(word)) i++;
    else if (!word.startsWith("-")) {
      const input = inputOf(word, isWhole);
      if (input !== undefined) inputs.push(input);
    }
  }
  if (output === undefined || output === "" || inputs.length === 0) return undefined;
  return { program, output, inputs, scripts, map, isPartial, isFreestanding };
}

/** What a file named in a link command is, by its name; undefined where it holds no objects. */
export function inputOf(path: string, isWhole: boolean): LinkInput | undefined {
  if (/\.(?:o|lo|obj)$/.test(path)) return { path, kind: "object" };
  if (path.endsWith(".a")) return { path, kind: isWhole ? "whole archive" : "archive" };
  return undefined;
}

/** Splits a list of commands at `;`, `&&`, `||`, `|` and `&` outside of quotes. */
function simpleCommands(command: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quote = "";
  for (let i = 0; i < command.length; i++) {
    const letter = command[i]!;
    if (quote !== "") {
      if (letter === quote) quote = "";
      else if (letter === "\\" && quote === '"') i++;
    } else if (letter === "'" || letter === '"') quote = letter;
    else if (letter === "\\") i++;
    else if (letter === ";" || letter === "|" || letter === "&" || letter === "\n") {
      parts.push(command.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(command.slice(start));
  return parts;
}
