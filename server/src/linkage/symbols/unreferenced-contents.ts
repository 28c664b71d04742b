/**
 * What sources put into a section although nothing refers to it: a chip's vectors, entries of a table that a program walks from one
 * symbol of the script to another. A linker that collects garbage drops them. It claims nothing of what it can't be sure of. No IO.
 */

import type { CAttribute, CDeclaration, CDeclarator } from "../../syntax/c/tree.ts";
import { findUses } from "../../syntax/c/uses.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { languageOf, readFacts } from "../facts/extract.ts";
import type { SymbolFact } from "../facts/facts.ts";
import { treeOf } from "../facts/parsed.ts";
import { isScriptRole, type Program } from "./program.ts";
import { findUsesOutsideC } from "./symbol-uses.ts";
import { findOccurrences } from "./word-occurrences.ts";

/** A definition that nothing refers to. */
export interface Unreferenced {
  readonly path: string;
  readonly span: Span;
  /** The symbol; of a macro that makes some, its name as the macro has it: `hook_##name`. */
  readonly name: string;
}

/** What is asked about: the sections, and the files that are surely in the link. */
export interface SectionQuery {
  /** Whether a section's name is one that is asked about. */
  readonly matches: (section: string) => boolean;
  /** A word that every such name holds. */
  readonly word: string;
  readonly isLinked: (path: string) => boolean;
  /** Symbols that the link's command keeps (-u, -e). */
  readonly kept: ReadonlySet<string>;
}

/** The first definition in such a section that nothing refers to. */
export function findUnreferenced(query: SectionQuery, program: Program): Unreferenced | undefined {
  const files = program.index.filesWithWord(query.word);
  // All are asked for before the first is looked at, so that they are read at once.
  const read = files.map((path) => ({ path, source: program.texts.source(path) }));
  for (const { path, source } of read) {
    if (source === undefined) continue;
    const language = languageOf(path, source);
    const found =
      language === "c"
        ? inC(path, source, query, program)
        : language === "asm"
          ? inAssembly(path, source, query, program)
          : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A definition in C with its section. */
interface Placed {
  readonly declaration: CDeclaration;
  readonly declarator: CDeclarator;
  readonly attributes: readonly CAttribute[];
  readonly section: string;
}

function inC(path: string, source: Source, query: SectionQuery, program: Program): Unreferenced | undefined {
  if (!query.isLinked(path)) return inMacros(path, source, query, program);
  const placed = placedIn(source);
  // One reference keeps all that the object has in the section.
  const isDropped = (section: string) =>
    placed.every((one) => one.section !== section || (isSure(one) && !isReferredTo(one, path, source, query, program)));
  const found = placed.find(
    ({ section, attributes }) =>
      query.matches(section) && !isKeptBySource(section, attributes, program) && isDropped(section),
  );
  if (found === undefined) return inMacros(path, source, query, program);
  const { name, nameSpan } = found.declarator;
  return { path, span: nameSpan, name };
}

/** What the file defines in sections of its own choice. */
function placedIn(source: Source): Placed[] {
  const placed: Placed[] = [];
  for (const declaration of treeOf(source).declarations) {
    if (declaration.scope !== "file" || declaration.storage === "extern" || declaration.storage === "typedef") continue;
    for (const declarator of declaration.declarators) {
      const attributes = [...declaration.attributes, ...declarator.attributes];
      const section = sectionOf(attributes);
      if (section !== undefined) placed.push({ declaration, declarator, attributes, section });
    }
  }
  return placed;
}

/** The compiler drops what is not used unless it is told not to; a function may be there for whoever calls it. */
function isSure({ declaration, declarator, attributes }: Placed): boolean {
  if (declaration.condition !== "" || declaration.inMacro !== undefined) return false;
  if (attributes.some(({ name }) => /^(?:__)?used(?:__)?$/.test(name))) return true;
  return declaration.storage !== "static" && declarator.shape !== "function";
}

function sectionOf(attributes: readonly CAttribute[]): string | undefined {
  const attribute = attributes.find(({ name }) => /^(?:__)?section(?:__)?$/.test(name));
  return /^\s*"([^"\\]*)"\s*$/.exec(attribute?.argument ?? "")?.[1];
}

/** `retain`, or a section that is kept wherever something refers to `__start_` and its name (ld manual, "Output Section Keywords"). */
function isKeptBySource(section: string, attributes: readonly CAttribute[], { index }: Program): boolean {
  if (attributes.some(({ name }) => /^(?:__)?retain(?:__)?$/.test(name))) return true;
  if (!/^[A-Za-z_]\w*$/.test(section)) return false;
  return [`__start_${section}`, `__stop_${section}`].some((name) => index.filesWithWord(name).length > 0);
}

function isReferredTo(
  { declaration: { storage }, declarator: { name, asmName, renamedTo } }: Placed,
  path: string,
  source: Source,
  { kept }: SectionQuery,
  program: Program,
): boolean {
  if (asmName !== undefined || renamedTo !== undefined || kept.has(name)) return true;
  if (findUses(source, new Set([name])).length > 0) return true;
  if (findOccurrences(source, name).some(({ where }) => where === "string" || where === "directive")) return true;
  return storage !== "static" && isReferredToElsewhere(name, path, program);
}

function isReferredToElsewhere(name: string, path: string, program: Program): boolean {
  if (program.mentionsOf(name).some(({ path: other, fact }) => other !== path && !isScriptRole(fact))) return true;
  if (program.usesOf(name).some(({ path: other }) => other !== path)) return true;
  return findUsesOutsideC(name, path, program, (file) => file !== path).length > 0;
}

/** A `#define` with parameters, continued lines and all. */
const DEFINE = /^[ \t]*#[ \t]*define[ \t]+(\w+)\(([^)\n]*)\)((?:\\\r?\n|[^\n])*)/gm;

/** The first object that a macro makes static and `used` in such a section, where nothing else names it and a file of the link calls the macro. */
function inMacros(path: string, source: Source, query: SectionQuery, program: Program): Unreferenced | undefined {
  const text = source.slice(0, source.length);
  for (const match of text.matchAll(DEFINE)) {
    const [all, macro, , body = ""] = match;
    // Up to its initializer; what a second declaration says is of that one.
    const declaration = /\bstatic\b[^;{}=]*/.exec(body)?.[0] ?? "";
    const name = /\b([A-Za-z_]\w*)\s*##\s*\w+/.exec(declaration);
    const section = /\b(?:__)?section(?:__)?\s*\(\s*"([^"\\]*)"\s*\)/.exec(declaration)?.[1];
    if (macro === undefined || name === null || section === undefined || !query.matches(section)) continue;
    if (!/\b(?:__)?used(?:__)?\b/.test(declaration) || /\b(?:__)?retain(?:__)?\b/.test(declaration)) continue;
    if (isKeptBySource(section, [], program)) continue;
    // Another macro that puts the same name together may refer to it.
    if (text.split(new RegExp(`(?<![\\w$])${name[1]}\\s*##`)).length !== 2 || !isCalled(macro, query, program))
      continue;
    const start = match.index + all.length - body.length + body.indexOf(name[0]);
    return { path, span: { start, end: start + name[0].length }, name: name[0].replace(/\s/g, "") };
  }
  return undefined;
}

/** Whether a file of the link calls the macro, and has nothing else in such a section. */
function isCalled(macro: string, { isLinked, matches }: SectionQuery, { index, texts }: Program): boolean {
  return index.filesWithWord(macro).some((path) => {
    const caller = isLinked(path) ? texts.source(path) : undefined;
    if (caller === undefined || placedIn(caller).some(({ section }) => matches(section))) return false;
    return findOccurrences(caller, macro).some(({ where }) => where === "code");
  });
}

/** Lines that say something of a symbol and need it for nothing; the label itself. */
const ABOUT_SYMBOL = /^[ \t]*(?:\.(?:type|size|globa?l|weak|hidden|internal|protected|local)\b|[\w.$]+[ \t]*:)/;

function inAssembly(path: string, source: Source, query: SectionQuery, program: Program): Unreferenced | undefined {
  if (!query.isLinked(path)) return undefined;
  const text = source.slice(0, source.length);
  const defined = readFacts(path, source, { includeLocal: true }).symbols.filter(({ role }) => role === "definition");
  const isAlone = (fact: SymbolFact) =>
    fact.kind !== "function" &&
    fact.condition === "" &&
    fact.inMacro === undefined &&
    !isNamed(fact, path, source, query, program);
  const found = defined.find(({ section }) => {
    if (section === undefined || !query.matches(section) || isCode(text, section)) return false;
    // One reference keeps all that the object has in the section.
    return defined.every((one) => one.section !== section || isAlone(one));
  });
  return found === undefined ? undefined : { path, span: { start: found.start, end: found.end }, name: found.name };
}

/** Whether anything needs the symbol of an assembly file: an operand of it, another file, the link's command. */
function isNamed(
  { name, binding }: SymbolFact,
  path: string,
  source: Source,
  { kept }: SectionQuery,
  program: Program,
): boolean {
  if (kept.has(name)) return true;
  const text = source.slice(0, source.length);
  const isUsed = findOccurrences(source, name).some(({ start, where }) => {
    const end = text.indexOf("\n", start);
    const line = text.slice(text.lastIndexOf("\n", start) + 1, end < 0 ? text.length : end);
    return where !== "comment" && !ABOUT_SYMBOL.test(line);
  });
  return isUsed || (binding !== "local" && isReferredToElsewhere(name, path, program));
}

/** True unless the file says that the section holds data: `.section .vectors, "a"`. */
function isCode(text: string, section: string): boolean {
  const escaped = section.replace(/[.$]/g, "\\$&");
  const flags = new RegExp(`\\.section\\s+"?${escaped}"?\\s*,\\s*"([^"]*)"`).exec(text)?.[1];
  return flags === undefined || /[xR]/.test(flags);
}
