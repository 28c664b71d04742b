/**
 * Macros of linker scripts that the C preprocessor has yet to see: where they are defined, where they are used, and what
 * they stand for. A script of the kernel is mostly macros, and those live in headers. It reads definitions as they are
 * written, and knows no configuration.
 */

import { describePlace } from "../linkage/facts/texts.ts";
import { findHeader, readWithIncludes } from "../linkage/scripts/script-assignments.ts";
import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { findOccurrences } from "../linkage/symbols/word-occurrences.ts";
import { commentsOf } from "../syntax/ld/comments.ts";
import { conditionAt, findDirectives } from "../syntax/ld/directives.ts";
import { KEYWORDS } from "../syntax/ld/keywords.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import { bold, codeBlock, codeSpan } from "../text/markdown.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import { touches } from "../text/span.ts";
import type { Place } from "./navigation.ts";
import { familyOf, highlightName } from "./script-navigation.ts";
import { type Word, wordAt } from "./word.ts";

interface MacroDefinition extends Place {
  readonly source: Source;
  /** The name, the parameters and the body. */
  readonly whole: Span;
  /** "" is none. */
  readonly condition: string;
}

/** The word under a cursor, where the preprocessor would look at it; it may be no macro's name. */
export function macroWordAt(script: LdScript, offset: number): Word | undefined {
  if (!script.preprocessed) return undefined;
  const word = wordAt(script.source, offset);
  if (word === undefined || KEYWORDS.has(word.text)) return undefined;
  return macroPlaces(script, word.text).some((place) => touches(place, offset)) ? word : undefined;
}

const HIDDEN: ReadonlySet<string> = new Set(["comment", "string", "include"]);

/** Every definition that the script may see, those of other configurations included. */
export function findMacroDefinitions(name: string, path: string, program: Program): Place[] {
  return definitionsOf(name, path, program).map(({ path, span }) => ({ path, span }));
}

/** The uses in the script, in what it includes and in what includes it; in the header that defines it, everywhere. */
export function findMacroReferences(
  name: string,
  path: string,
  program: Program,
  includeDeclarations: boolean,
): Place[] {
  const definitions = definitionsOf(name, path, program);
  const places: Place[] = includeDeclarations ? definitions.map(({ path, span }) => ({ path, span })) : [];
  if (definitions.length === 0) return places;
  for (const { path: member, script } of familyOf(path, program)) {
    for (const span of macroPlaces(script, name)) {
      if (definitions.some((one) => one.path === member && one.span.start === span.start)) continue;
      places.push({ path: member, span });
    }
  }
  return places;
}

/** The places of the name under a cursor within one script, for highlighting: of a macro, or of what scripts name. */
export function highlightWord(
  script: LdScript,
  offset: number,
): readonly (Span & { readonly isDefinition: boolean })[] {
  const name = scriptModelOf(script).nameAt(offset);
  const word = name === undefined || name.mayBeMacro ? macroWordAt(script, offset) : undefined;
  if (word === undefined) return highlightName(script, offset);
  const defined = new Set(
    script.macros.filter((macro) => macro.name === word.text).map((macro) => macro.nameSpan.start),
  );
  return macroPlaces(script, word.text).map((span) => ({ ...span, isDefinition: defined.has(span.start) }));
}

function macroPlaces(script: LdScript, name: string): Span[] {
  const comments = commentsOf(script);
  return findOccurrences(script.source, name)
    .filter(({ where, start }) => !HIDDEN.has(where) && !comments.some((one) => one.start < start && start < one.end))
    .map(({ start, end }) => ({ start, end }));
}

/** What a macro stands for, in Markdown: one definition whole, several a line each. Undefined where there is none. */
export function describeMacro(name: string, path: string, program: Program): string | undefined {
  const definitions = definitionsOf(name, path, program);
  const [only] = definitions;
  if (only === undefined) return undefined;
  const place = (one: MacroDefinition): string => codeSpan(describePlace(program.texts, one.path, one.span.start));
  const condition = (one: MacroDefinition): string => (one.condition === "" ? "" : `, if ${codeSpan(one.condition)}`);
  if (definitions.length === 1) {
    return `${bold(name)} — macro, ${place(only)}${condition(only)}\n${codeBlock(excerpt(only), "c")}`;
  }
  const lines = definitions
    .slice(0, MOST_DEFINITIONS)
    .map((one) => `- ${codeSpan(oneLine(one))}, ${place(one)}${condition(one)}`);
  if (definitions.length > MOST_DEFINITIONS) lines.push(`- and ${definitions.length - MOST_DEFINITIONS} more`);
  return [`${bold(name)} — macro`, ...lines].join("\n");
}

const MOST_DEFINITIONS = 8;
const MOST_LINES = 20;
const LONGEST_LINE = 120;

function excerpt({ source, whole }: MacroDefinition): string {
  const lines = source.slice(whole.start, whole.end).trimEnd().split(/\r?\n/);
  const shown = lines.slice(0, MOST_LINES);
  if (lines.length > MOST_LINES) shown.push(`/* and ${lines.length - MOST_LINES} more lines */`);
  return shown.join("\n");
}

function oneLine({ source, whole }: MacroDefinition): string {
  const text = source
    .slice(whole.start, Math.min(whole.end, whole.start + LONGEST_LINE * 4))
    .replace(/\/\*.*?\*\//gs, " ")
    .replace(/(?:\\?\s)+/g, " ")
    .trim();
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
}

/** Those of the script and the headers of scripts that it includes; else of its includers; else of C's headers. */
function definitionsOf(name: string, path: string, program: Program): MacroDefinition[] {
  const { index, texts } = program;
  const seen = readWithIncludes(path, index, texts);
  const own = definitionsIn(seen, name);
  if (own.length > 0) return own;
  // A symbol's name is hardly a macro's, and looking any further takes time.
  if (program.everywhere.definitionsOf(name).length > 0) return [];
  const inherited = definitionsIn(familyOf(path, program), name);
  return inherited.length > 0 ? inherited : definitionsInHeaders(name, seen, program);
}

function definitionsIn(
  members: readonly { readonly path: string; readonly script: LdScript }[],
  name: string,
): MacroDefinition[] {
  const found = new Map<string, MacroDefinition>();
  for (const { path, script } of members) {
    for (const macro of script.macros) {
      if (macro.name !== name) continue;
      const { start, end } = macro;
      found.set(`${path} ${start}`, {
        path,
        source: script.source,
        span: macro.nameSpan,
        whole: { start, end },
        condition: conditionAt(script.conditions, start),
      });
    }
  }
  return [...found.values()];
}

/** How deep headers of C are followed, and how many are read; the kernel's constants are three headers deep. */
const HEADER_DEPTH = 5;
const MOST_HEADERS = 200;

/** The definitions nearest to the scripts among the headers that these include, level by level. */
function definitionsInHeaders(
  name: string,
  scripts: readonly { readonly path: string; readonly script: LdScript }[],
  { index, texts }: Program,
): MacroDefinition[] {
  const seen = new Set(scripts.map(({ path }) => path));
  let level = scripts.flatMap(({ path, script }) => script.headers.map((header) => findHeader(header, path, index)));
  for (let depth = 0; depth < HEADER_DEPTH && level.length > 0; depth++) {
    const found: MacroDefinition[] = [];
    const next: (string | undefined)[] = [];
    for (const path of level) {
      if (path === undefined || seen.has(path) || seen.size > MOST_HEADERS) continue;
      seen.add(path);
      const source = texts.source(path);
      if (source === undefined) continue;
      const { definitions, headers, conditions } = findDirectives(source);
      for (const { directive, nameSpan, name: defined } of definitions) {
        if (defined !== name) continue;
        const { start, end } = directive;
        found.push({ path, source, span: nameSpan, whole: { start, end }, condition: conditionAt(conditions, start) });
      }
      for (const header of headers) next.push(findHeader(header, path, index));
    }
    if (found.length > 0) return found;
    level = next;
  }
  return [];
}
