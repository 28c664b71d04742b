/**
 * Macros that refer weakly to one of their arguments: `get(x)` with `({ extern typeof(x) x __attribute__((weak)); &x; })`, and
 * those that pass their own argument on to such a macro. The index tells which macros declare a parameter weakly; what
 * passes it on is looked for in headers. It has no IO and expands nothing.
 */

import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import type { FileFacts } from "../facts/facts.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import type { Program } from "./program.ts";

/** The macros by their names, with the places of the arguments that they refer to weakly, counted from 0. */
export type WeakeningMacros = ReadonlyMap<string, ReadonlySet<number>>;

/** How many patterns of names are looked at: a tree has some hundreds. */
const MOST_PATTERNS = 5000;

/** A word in more headers than this is passed over. */
const MOST_HEADERS = 200;

/** How far an argument is passed on. */
const DEEPEST = 4;

/** The macros, and who calls them. */
export interface KnownMacros {
  readonly macros: WeakeningMacros;
  /** Files on disk that may have a call of one. */
  readonly callers: readonly string[];
}

/** What was found, as long as the files on disk and open headers stay as they were: people wait for who asks while they type. */
const knownByIndex = new WeakMap<LinkIndex, Known>();

interface Known extends KnownMacros {
  readonly revision: number;
  readonly headers: readonly (FileFacts | undefined)[];
}

function isAsItWas({ revision, headers }: Known, index: LinkIndex): boolean {
  const now = openHeaders(index);
  return revision === index.treeRevision && now.length === headers.length && now.every((one, i) => one === headers[i]);
}

/** What open headers say; other facts are other objects. */
function openHeaders(index: LinkIndex): readonly (FileFacts | undefined)[] {
  return index
    .openFiles()
    .filter((path) => path.endsWith(".h"))
    .map((path) => index.factsOf(path));
}

/** All such macros of the tree; not all of them while texts are still to be read. */
export function findWeakeningMacros(program: Program): KnownMacros {
  const { index } = program;
  const before = knownByIndex.get(index);
  if (before !== undefined && (index.isChanging || isAsItWas(before, index))) return before;
  const search: Search = { program, macros: new Map(), isWhole: true };
  let added = declaringMacros(search);
  for (let depth = 0; depth < DEEPEST && added.length > 0; depth++) {
    added = added.flatMap((name) => macrosPassingOnTo(name, search));
  }
  const { macros } = search;
  const callers = [...new Set([...macros.keys()].flatMap((macro) => index.filesWithWord(macro)))].sort();
  const known = { macros, callers, revision: index.treeRevision, headers: openHeaders(index) };
  if (search.isWhole) knownByIndex.set(index, known);
  return known;
}

interface Search {
  readonly program: Program;
  readonly macros: Map<string, Set<number>>;
  isWhole: boolean;
}

/** Adds a macro; false where it was known to refer weakly to that argument. */
function add({ macros }: Search, name: string, place: number): boolean {
  const places = macros.get(name);
  if (places?.has(place)) return false;
  if (places === undefined) macros.set(name, new Set([place]));
  else places.add(place);
  return true;
}

function readText(search: Search, path: string): Source | undefined {
  const { texts } = search.program;
  const source = texts.source(path);
  if (source === undefined && texts.isPending(path)) search.isWhole = false;
  return source;
}

/** Adds the macros whose replacement declares a parameter weakly, and gives their names. */
function declaringMacros(search: Search): string[] {
  const { index, isWeak } = search.program;
  const added: string[] = [];
  for (const pattern of index.symbolNames("##", MOST_PATTERNS)) {
    if (!/^##[A-Za-z_$][\w$]*$/.test(pattern)) continue;
    for (const { path, fact } of index.mentions(pattern)) {
      const { inMacro, role } = fact;
      if (inMacro === undefined || role !== "declaration" || !isWeak(fact)) continue;
      const source = readText(search, path);
      if (source === undefined) continue;
      for (const { name, parameters } of definesOf(source)) {
        const place = name === inMacro ? parameters.indexOf(pattern.slice(2)) : -1;
        if (place >= 0 && add(search, name, place)) added.push(name);
      }
    }
  }
  return [...new Set(added)];
}

/** Adds the macros of headers that call this one with a parameter of theirs, and gives their names. */
function macrosPassingOnTo(callee: string, search: Search): string[] {
  const headers = search.program.index.filesWithWord(callee).filter((path) => path.endsWith(".h"));
  if (headers.length > MOST_HEADERS) return [];
  const places = search.macros.get(callee)!;
  const added: string[] = [];
  for (const path of headers) {
    const source = readText(search, path);
    if (source === undefined) continue;
    for (const { name, parameters, replacement } of definesOf(source)) {
      if (name === callee || !replacement.includes(callee)) continue;
      for (const call of replacement.matchAll(new RegExp(`(?<![\\w$])${callee}[ \\t]*\\(([^()]*)\\)`, "g"))) {
        const passed = call[1]!.split(",").map((argument) => parameters.indexOf(argument.trim()));
        for (const place of places) {
          const own = passed[place] ?? -1;
          if (own >= 0 && add(search, name, own)) added.push(name);
        }
      }
    }
  }
  return [...new Set(added)];
}

/** A function-like macro. */
interface Define {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly replacement: string;
}

const definesBySource = createAttached<Source, readonly Define[]>();

/** The function-like macros of a file, continued lines joined. */
function definesOf(source: Source): readonly Define[] {
  let defines = definesBySource.get(source);
  if (defines === undefined) {
    const text = source.slice(0, source.length);
    const all = text.matchAll(/^[ \t]*#[ \t]*define[ \t]+([A-Za-z_$][\w$]*)\(([^()]*)\)((?:[^\n\\]|\\(?:\r?\n|.))*)/gm);
    defines = [...all].map(([, name = "", parameters = "", replacement = ""]) => ({
      name,
      parameters: parameters.split(",").map((parameter) => parameter.replace(/\\\r?\n/g, "").trim()),
      replacement: replacement.replace(/\\\r?\n/g, " "),
    }));
    definesBySource.set(source, defines);
  }
  return defines;
}
