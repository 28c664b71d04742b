/**
 * Reads commands that compile, archive and link: what they are given, in order, and the options that decide what is linked. It knows
 * ld, gold, lld and mold (ld(1), "Command-line Options"), compilers that call them (GCC manual, "Link Options") and ar(1). It runs
 * nothing and reads no files; a list of words in a file (@file) is asked for.
 */

import { splitShellWords } from "../cpp/flags.ts";
import { type UnreadProgram, unreadProgram } from "./unread-command.ts";

export interface CommandInput {
  /** A path as the command has it; a library's name of `-lm` without the "-l". */
  readonly path: string;
  /**
   * - source: compiled and linked in one command
   * - list: a file that holds more words of the command (@file), and could not be read
   * - library: found by its name in folders (-l)
   * - unknown: a word that holds a part which is not known
   */
  readonly kind: "object" | "archive" | "shared" | "library" | "script" | "source" | "list" | "unknown";
  /** --whole-archive holds for it. */
  readonly isWhole: boolean;
  /** --as-needed holds for it. */
  readonly isAsNeeded: boolean;
  /** -Bstatic holds for it. */
  readonly isStatic: boolean;
  /** Which --start-group it stands in, counted from 1; 0 for none. */
  readonly group: number;
}

export interface CompileCommand {
  readonly kind: "compile";
  readonly program: string;
  readonly sources: readonly string[];
  readonly output: string | undefined;
  readonly isLto: boolean;
}

export interface ArchiveCommand {
  readonly kind: "archive";
  readonly output: string;
  readonly members: readonly CommandInput[];
}

export interface LinkingCommand {
  readonly kind: "link";
  /** What links: "ld", "gcc". */
  readonly program: string;
  readonly output: string | undefined;
  readonly inputs: readonly CommandInput[];
  readonly linker: "bfd" | "gold" | "lld" | "mold" | undefined;
  readonly isCompiler: boolean;
  readonly isShared: boolean;
  readonly isPie: boolean;
  readonly isStatic: boolean;
  /** -r */
  readonly isPartial: boolean;
  /** -nostdlib, -nodefaultlibs or -nolibc, or no compiler that would add anything. */
  readonly hasStandardLibraries: boolean;
  readonly hasStartFiles: boolean;
  readonly isLto: boolean;
  readonly collectsGarbage: boolean;
  readonly undefined: readonly string[];
  readonly entry: string | undefined;
  readonly wrap: readonly string[];
  readonly defined: readonly { readonly name: string; readonly value: string }[];
  readonly scripts: readonly string[];
  readonly versionScripts: readonly string[];
  readonly dynamicLists: readonly string[];
  readonly justSymbols: readonly string[];
  readonly folders: readonly string[];
  readonly map: string | undefined;
  readonly allowsMultipleDefinitions: boolean;
}

/** A command that is not read and may link: a script, another build tool, a part of a shell's condition. */
export interface UnreadCommand {
  readonly kind: "unread";
  readonly program: string;
  /** Files among its words that are linked, or that what is linked is made of. */
  readonly inputs: readonly CommandInput[];
  readonly reach: UnreadProgram["reach"];
}

export type ToolCommand = CompileCommand | ArchiveCommand | LinkingCommand | UnreadCommand;

/** A command, and the folder that it runs in, as `cd` before it says; "" for where the whole command runs. */
export interface PlacedCommand {
  readonly command: ToolCommand;
  readonly folder: string;
}

export interface ReadLists {
  /** The words of an @file; undefined where it can't be read. */
  (path: string): string | undefined;
}

const LINKER = /(?:^|[-/])(?:ld(?:\.(?:bfd|gold|lld))?|lld|mold)(?:-\d+)?$/;
const COMPILER = /(?:^|[-/])(?:gcc|cc|g\+\+|c\+\+|clang(?:\+\+)?|tcc|icx|armclang)(?:-[\d.]+)?$/;
const ARCHIVER = /(?:^|[-/])(?:gcc-ar|llvm-ar|ar)(?:-[\d.]+)?$/;
const ASSEMBLER = /(?:^|[-/])as$/;

const SOURCE = /\.(?:c|i|S|s|sx|cc|cpp|cxx|C|c\+\+|ii|m|asm)$/;

/** Options of linkers whose argument is the next word and decides nothing that is asked for. */
const WITH_ARGUMENT =
  /^(?:-[mzhYAbcFfGIO]|-?-(?:soname|rpath|rpath-link|dynamic-linker|section-start|Ttext|Tdata|Tbss|format|oformat|plugin|plugin-opt|image-base|sysroot|architecture|hash-style|init|fini|retain-symbols-file|exclude-libs|audit|depaudit|sort-section))$/;

/** Options of compilers whose argument is the next word. */
const COMPILER_ARGUMENT =
  /^(?:-[IDUGx]|-include|-imacros|-isystem|-iquote|-idirafter|-isysroot|-MF|-MT|-MQ|-arch|-target|--target|--sysroot|-Xassembler|-Xpreprocessor|-Xclang|-aux-info|--param|-mllvm|-wrapper|-specs)$/;

/**
 * All commands of a list that compile, archive or link, or that may. Total: others are passed over.
 * @param readList reads the files that `@file` names
 */
export function parseToolCommands(command: string, readList: ReadLists = () => undefined): PlacedCommand[] {
  const found: PlacedCommand[] = [];
  let folder = "";
  for (const part of simpleCommands(command)) {
    const words = withoutRedirections(splitShellWords(part));
    if (words[0] === "cd" && words[1] !== undefined) {
      folder = words[1].startsWith("/") || folder === "" ? words[1] : `${folder}/${words[1]}`;
      continue;
    }
    const parsed = parseWords(words, readList);
    if (parsed !== undefined) found.push({ command: parsed, folder });
  }
  return found;
}

function withoutRedirections(words: readonly string[]): string[] {
  return words.filter((word, i) => !/^\d*[<>]/.test(word) && !/^\d*(?:[<>]|>>)$/.test(words[i - 1] ?? ""));
}

/** A command that is not read, with the files that it is given. */
function unreadCommand(words: readonly string[]): UnreadCommand | undefined {
  const unread = unreadProgram(words);
  if (unread === undefined) return undefined;
  // What is given sources and writes no output that it names looks at them.
  const isMaking = unread.words.some((word) => /^(?:-o|--output)/.test(word));
  const inputs = unread.words
    .map((word) => inputOf(word.replace(/^\(+|\)+$/g, ""), PLAIN))
    .filter(({ kind, path }) => (kind === "object" ? /\.(?:o|lo|obj)$/.test(path) : kind !== "source" || isMaking));
  const { program, reach } = unread;
  return { kind: "unread", program, inputs, reach };
}

/** One command by its words, after what may stand before it: assignments, launchers. */
function parseWords(words: readonly string[], readList: ReadLists): ToolCommand | undefined {
  const at = words.findIndex((word) => isTool(word));
  // What stands before a tool are assignments and launchers (ccache, env, time); of anything else the tool is an argument.
  if (
    at < 0 ||
    words
      .slice(0, at)
      .some((word) => !/^[@+-]*(?:\w+=.*|[\w./-]*(?:ccache|distcc|env|time|nice|sccache|libtool)|--.*|)$/.test(word))
  )
    return unreadCommand(words);
  const program = words[at]!.replace(/^[@+-]+/, "");
  const rest = openLists(words.slice(at + 1), readList, 0);
  if (ARCHIVER.test(program)) return parseArchiver(rest);
  if (ASSEMBLER.test(program)) return parseAssembler(program, rest);
  return readOptions(program, rest);
}

function isTool(word: string): boolean {
  const program = word.replace(/^[@+-]+/, "");
  return LINKER.test(program) || COMPILER.test(program) || ARCHIVER.test(program) || ASSEMBLER.test(program);
}

/** How deep lists of words may name further lists. */
const MOST_LISTS = 4;

function openLists(words: readonly string[], readList: ReadLists, depth: number): string[] {
  return words.flatMap((word) => {
    if (!word.startsWith("@") || word.length < 2) return [word];
    const text = depth < MOST_LISTS ? readList(word.slice(1)) : undefined;
    return text === undefined ? [word] : openLists(splitShellWords(text), readList, depth + 1);
  });
}

function parseArchiver(words: readonly string[]): ArchiveCommand | undefined {
  const rest = words.filter((word) => !word.startsWith("--"));
  const operation = rest[0]?.replace(/^-/, "") ?? "";
  if (!/^[a-zA-Z]+$/.test(operation) || !/[rq]/.test(operation)) return undefined;
  // `ar rcb MEMBER lib.a x.o` has a member's name before the archive.
  const paths = rest.slice(/[abi]/.test(operation) ? 2 : 1).filter((word) => !word.startsWith("-"));
  const [output, ...members] = paths;
  if (output === undefined) return undefined;
  return { kind: "archive", output, members: members.map((word) => inputOf(word, PLAIN)) };
}

function parseAssembler(program: string, words: readonly string[]): CompileCommand | undefined {
  const at = words.indexOf("-o");
  const sources = words.filter((word, i) => SOURCE.test(word) && words[i - 1] !== "-o");
  if (at < 0 || sources.length === 0) return undefined;
  return { kind: "compile", program, sources, output: words[at + 1], isLto: false };
}

type State = Pick<CommandInput, "isWhole" | "isAsNeeded" | "isStatic" | "group">;

const PLAIN: State = { isWhole: false, isAsNeeded: false, isStatic: false, group: 0 };

/** What a file named in a command is, by its name. */
function inputOf(path: string, state: State): CommandInput {
  return { path, kind: kindOf(path), ...state };
}

function kindOf(path: string): CommandInput["kind"] {
  if (/[\u0001\u0002$`]/.test(path)) return "unknown";
  if (path.startsWith("@")) return "list";
  if (/\.(?:o|lo|obj|ko)$/.test(path)) return "object";
  if (/\.(?:a|lib)$/.test(path)) return "archive";
  if (/\.(?:so|dylib|dll)(?:\.[\d.]+)?$/.test(path)) return "shared";
  if (/\.(?:lds?|ldscript|x|map|ver)$/.test(path)) return "script";
  return SOURCE.test(path) ? "source" : "object";
}

interface Reading {
  readonly isCompiler: boolean;
  readonly inputs: CommandInput[];
  readonly lists: Record<ListName, string[]>;
  readonly defined: { name: string; value: string }[];
  readonly flags: Set<Flag>;
  output: string | undefined;
  entry: string | undefined;
  map: string | undefined;
  linker: LinkingCommand["linker"];
  state: State;
  groups: number;
}

type ListName = "undefined" | "wrap" | "scripts" | "versionScripts" | "dynamicLists" | "justSymbols" | "folders";

/** Words that say one thing; the last of a pair counts, so each clears what it ends. */
type Flag =
  | "shared"
  | "pie"
  | "static"
  | "partial"
  | "no libraries"
  | "nothing standard"
  | "no start files"
  | "lto"
  | "garbage"
  | "multiple"
  | "compiles";

/** Options with a value, as ld and compilers spell them, "-" once; ld takes most with one dash or two. */
const VALUES: ReadonlyMap<string, ListName | "output" | "entry" | "map" | "defsym"> = new Map([
  ["-u", "undefined"],
  ["-undefined", "undefined"],
  ["-require-defined", "undefined"],
  ["-wrap", "wrap"],
  ["-T", "scripts"],
  ["-dT", "scripts"],
  ["-script", "scripts"],
  ["-default-script", "scripts"],
  ["-version-script", "versionScripts"],
  ["-dynamic-list", "dynamicLists"],
  ["-export-dynamic-symbol-list", "dynamicLists"],
  ["-R", "justSymbols"],
  ["-just-symbols", "justSymbols"],
  ["-L", "folders"],
  ["-library-path", "folders"],
  ["-o", "output"],
  ["-output", "output"],
  ["-e", "entry"],
  ["-entry", "entry"],
  ["-Map", "map"],
  ["-defsym", "defsym"],
]);

/** Options whose value may be joined to the letter: `-Tlink.ld`, `-uhook`. */
const JOINED = /^-([uTLoeR])(.+)$/;

const FLAGS: ReadonlyMap<string, readonly [Flag, boolean]> = new Map<string, readonly [Flag, boolean]>([
  ["-shared", ["shared", true]],
  ["-Bshareable", ["shared", true]],
  ["-pie", ["pie", true]],
  ["-static-pie", ["pie", true]],
  ["-no-pie", ["pie", false]],
  ["-static", ["static", true]],
  ["-r", ["partial", true]],
  ["-i", ["partial", true]],
  ["-relocatable", ["partial", true]],
  ["-nostdlib", ["nothing standard", true]],
  ["-nodefaultlibs", ["no libraries", true]],
  ["-nolibc", ["no libraries", true]],
  ["-nostartfiles", ["no start files", true]],
  ["-fno-lto", ["lto", false]],
  ["-gc-sections", ["garbage", true]],
  ["-no-gc-sections", ["garbage", false]],
  ["-z,muldefs", ["multiple", true]],
  ["-allow-multiple-definition", ["multiple", true]],
]);

function readOptions(program: string, words: readonly string[]): ToolCommand | undefined {
  const isCompiler = !LINKER.test(program);
  const reading: Reading = {
    isCompiler,
    inputs: [],
    lists: { undefined: [], wrap: [], scripts: [], versionScripts: [], dynamicLists: [], justSymbols: [], folders: [] },
    defined: [],
    flags: new Set(),
    output: undefined,
    entry: undefined,
    map: undefined,
    linker: linkerNamed(program),
    state: PLAIN,
    groups: 0,
  };
  const plain = words.flatMap((word, i) => {
    if (words[i - 1] === "-Xlinker") return [word];
    if (word === "-Xlinker") return [];
    return word.startsWith("-Wl,") ? word.slice(4).split(",") : [word];
  });
  for (let i = 0; i < plain.length; ) i += readWord(reading, plain[i]!, plain[i + 1]);
  return finish(program, reading);
}

/** @returns how many words were taken */
function readWord(reading: Reading, word: string, next: string | undefined): 1 | 2 {
  const option = word.startsWith("--") && word.length > 2 ? word.slice(1) : word;
  if (!word.startsWith("-") || word === "-") {
    if (word !== "-") reading.inputs.push(inputOf(word, reading.state));
    return 1;
  }
  if (readState(reading, option) || readFlag(reading, word, option)) return 1;
  if (option === "-z") {
    if (next === "muldefs") reading.flags.add("multiple");
    return 2;
  }
  const list = VALUES.get(option);
  if (list !== undefined) {
    take(reading, list, next ?? "");
    return 2;
  }
  const equals = option.indexOf("=");
  const named = equals < 0 ? undefined : VALUES.get(option.slice(0, equals));
  if (named !== undefined) {
    take(reading, named, option.slice(equals + 1));
    return 1;
  }
  if (option === "-l" || option === "-library") {
    reading.inputs.push({ path: next ?? "", kind: "library", ...reading.state });
    return 2;
  }
  if (/^-l[^-]/.test(word) || option.startsWith("-library=")) {
    const path = word.startsWith("-l") ? word.slice(2) : option.slice(9);
    reading.inputs.push({ path, kind: "library", ...reading.state });
    return 1;
  }
  if (reading.isCompiler && COMPILER_ARGUMENT.test(word)) return 2;
  const joined = word.startsWith("--") || /^-(?:Ttext|Tdata|Tbss|entry)/.test(word) ? null : JOINED.exec(word);
  // Of a compiler, words that begin so are options of its own.
  if (joined !== null && !(reading.isCompiler && /^[Re]$/.test(joined[1]!))) {
    take(reading, VALUES.get(`-${joined[1]!}`)!, joined[2]!);
    return 1;
  }
  return WITH_ARGUMENT.test(word) && !(reading.isCompiler && /^-[mfOGA]/.test(word)) ? 2 : 1;
}

function take(reading: Reading, what: ListName | "output" | "entry" | "map" | "defsym", value: string): void {
  if (what === "output" || what === "entry" || what === "map") reading[what] = value;
  else if (what === "defsym") {
    const equals = value.indexOf("=");
    if (equals > 0) reading.defined.push({ name: value.slice(0, equals), value: value.slice(equals + 1) });
  } else if (value !== "") reading.lists[what].push(value);
}

/** Options that hold for the inputs behind them. */
function readState(reading: Reading, option: string): boolean {
  const change = (state: Partial<State>) => {
    reading.state = { ...reading.state, ...state };
    return true;
  };
  switch (option) {
    case "-whole-archive":
      return change({ isWhole: true });
    case "-no-whole-archive":
      return change({ isWhole: false });
    case "-as-needed":
      return change({ isAsNeeded: true });
    case "-no-as-needed":
      return change({ isAsNeeded: false });
    case "-Bstatic":
    case "-dn":
    case "-non_shared":
      return change({ isStatic: true });
    case "-Bdynamic":
    case "-dy":
    case "-call_shared":
      return change({ isStatic: false });
    case "-start-group":
    case "-(":
      reading.groups++;
      return change({ group: reading.groups });
    case "-end-group":
    case "-)":
      return change({ group: 0 });
    default:
      return false;
  }
}

function readFlag(reading: Reading, word: string, option: string): boolean {
  if (reading.isCompiler && /^-(?:c|S|E|M|MM|fsyntax-only)$/.test(word)) {
    reading.flags.add("compiles");
    return true;
  }
  if (/^-flto(?:=.*)?$/.test(word)) {
    if (word === "-flto=none") reading.flags.delete("lto");
    else reading.flags.add("lto");
    return true;
  }
  const linker = /^-fuse-ld=(.*)$/.exec(word)?.[1];
  if (linker !== undefined) {
    reading.linker = linkerNamed(linker);
    return true;
  }
  const flag = FLAGS.get(option);
  if (flag === undefined) return false;
  const [name, isOn] = flag;
  if (option === "-static-pie") reading.flags.add("static");
  if (isOn) reading.flags.add(name);
  else reading.flags.delete(name);
  return true;
}

function linkerNamed(program: string): LinkingCommand["linker"] {
  return /(?:^|[-./])(bfd|gold|lld|mold)(?:-\d+)?$/.exec(program)?.[1] as LinkingCommand["linker"];
}

function finish(program: string, reading: Reading): ToolCommand | undefined {
  const { inputs, output, flags, lists, isCompiler } = reading;
  const has = (flag: Flag) => flags.has(flag);
  if (has("compiles")) {
    const sources = inputs.filter(({ kind }) => kind === "source" || kind === "unknown").map(({ path }) => path);
    return sources.length === 0 ? undefined : { kind: "compile", program, sources, output, isLto: has("lto") };
  }
  if (inputs.length === 0) return undefined;
  const isStandard = isCompiler && !has("nothing standard") && !has("partial");
  return {
    kind: "link",
    program,
    output,
    inputs,
    linker: reading.linker,
    isCompiler,
    isShared: has("shared"),
    isPie: has("pie"),
    isStatic: has("static"),
    isPartial: has("partial"),
    hasStandardLibraries: isStandard && !has("no libraries"),
    hasStartFiles: isStandard && !has("no start files"),
    isLto: has("lto"),
    collectsGarbage: has("garbage"),
    ...lists,
    entry: reading.entry,
    defined: reading.defined,
    map: reading.map,
    allowsMultipleDefinitions: has("multiple"),
  };
}

/** Splits a list of commands at `;`, `&&`, `||`, `|` and `&` outside of quotes. */
export function simpleCommands(command: string): string[] {
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
