/**
 * What one file has to say to an engine for code search, as SCIP has it (github.com/sourcegraph/scip, scip.proto): each place of a name that
 * a link sees, what it is there, and which weak definitions a strong one overrides. Plain data: how it is written is the command's.
 *
 * A name is one symbol of the whole tree, as in one link. A weak definition beside strong ones is a symbol of its own, which these
 * implement: so "find implementations" leads from the default to what overrides it. What is static is a file's own.
 */

import { languageOf, readFacts } from "../linkage/facts/extract.ts";
import type { Language } from "../linkage/facts/facts.ts";
import type { Mention } from "../linkage/facts/link-index.ts";
import { scriptOf } from "../linkage/facts/parsed.ts";
import { linesOf } from "../linkage/facts/texts.ts";
import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import { isMadeWeak } from "../linkage/symbols/imposed-weakness.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { symbolPlacesIn } from "../linkage/symbols/symbol-uses.ts";
import { findUses } from "../syntax/c/uses.ts";
import { lineColumnAt } from "../text/lines.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";

export interface ScipDocument {
  readonly path: string;
  readonly language: string;
  /** In the order of the text. */
  readonly occurrences: readonly ScipOccurrence[];
  /** What the file defines. */
  readonly symbols: readonly ScipSymbol[];
}

export interface ScipOccurrence {
  readonly symbol: string;
  /** Counted from 0, columns in UTF-16 units; the end is in the same line. */
  readonly line: number;
  readonly startColumn: number;
  readonly endColumn: number;
  readonly role: "definition" | "declaration" | "reference";
}

export interface ScipSymbol {
  readonly symbol: string;
  readonly name: string;
  readonly kind: "function" | "variable" | "unknown";
  readonly documentation: string;
  /** The symbol that this one overrides. */
  readonly overrides: string | undefined;
}

const LANGUAGES: Readonly<Partial<Record<Language, string>>> = { c: "C", asm: "Assembly", ld: "Linker Script" };

/** The file's document; undefined where it has no name that a link sees, is in no language of ours, or was not read yet. */
export function scipDocumentOf(path: string, program: Program): ScipDocument | undefined {
  const source = program.texts.source(path);
  if (source === undefined) return undefined;
  const kind = languageOf(path, source);
  const language = kind === undefined ? undefined : LANGUAGES[kind];
  if (language === undefined) return undefined;
  const own = readFacts(path, source, { includeLocal: true }).symbols.filter(({ inMacro }) => inMacro === undefined);
  const facts = [...own.map((fact) => program.resolve(fact)), ...program.madeIn(path)];
  const statics = new Set(facts.filter(({ binding }) => binding === "local").map(({ name }) => name));
  const occurrences: ScipOccurrence[] = [];
  const symbols = new Map<string, ScipSymbol>();
  const taken = new Set<number>();
  for (const fact of facts) {
    const told = describeFact({ path, fact }, program);
    taken.add(fact.start);
    occurrences.push({ symbol: told.symbol, ...placeOf(source, fact), role: told.role });
    if (told.role === "definition" && !symbols.has(told.symbol)) symbols.set(told.symbol, told);
  }
  for (const { name, span } of usesIn(path, source, kind!, statics, program)) {
    if (taken.has(span.start)) continue;
    const symbol = statics.has(name) ? localSymbol(name) : globalSymbol(name);
    occurrences.push({ symbol, ...placeOf(source, span), role: "reference" });
  }
  if (occurrences.length === 0) return undefined;
  occurrences.sort((a, b) => a.line - b.line || a.startColumn - b.startColumn);
  return { path, language, occurrences, symbols: [...symbols.values()] };
}

function describeFact(mention: Mention, program: Program): ScipSymbol & { readonly role: ScipOccurrence["role"] } {
  const { name, kind, role, binding, target } = mention.fact;
  const isDefinition = role !== "declaration";
  const isWeak = binding !== "local" && isDefault(mention, program);
  const others = isDefinition && binding !== "local" ? program.definitionsOf(name) : [];
  const isContested = others.some((one) => isDefault(one, program)) && others.some((one) => !isDefault(one, program));
  const ownDefault = isContested && isDefinition && isWeak;
  const symbol = binding === "local" ? localSymbol(name) : ownDefault ? defaultSymbol(name) : globalSymbol(name);
  const what =
    role === "provide" ? "PROVIDE" : `${isWeak ? "weak" : binding === "local" ? "static" : "strong"} ${role}`;
  return {
    symbol,
    name,
    kind: kind === "object" ? "variable" : kind,
    documentation: target === undefined ? what : `${what} of ${target}`,
    overrides: isContested && !isWeak && isDefinition ? defaultSymbol(name) : undefined,
    role: isDefinition ? "definition" : "declaration",
  };
}

/** Whether a definition gives way to others, or a declaration is weak. */
function isDefault(mention: Mention, program: Program): boolean {
  return mention.fact.role === "provide" || program.isWeak(mention.fact) || isMadeWeak(program, mention);
}

/** The uses of names that are known in the tree, in any language. */
function usesIn(
  path: string,
  source: Source,
  language: Language,
  statics: ReadonlySet<string>,
  program: Program,
): { readonly name: string; readonly span: Span }[] {
  if (language === "ld") {
    const places = scriptModelOf(scriptOf(path, source)).names.filter(({ kind }) => kind === "symbol");
    return places.map(({ text, start, end }) => ({ name: text, span: { start, end } }));
  }
  const words = new Set(source.slice(0, source.length).match(/[A-Za-z_]\w*/g));
  const names = new Set([...words].filter((word) => statics.has(word) || program.index.mentions(word).length > 0));
  if (language === "c")
    return findUses(source, names).map(({ start, end }) => ({ name: source.slice(start, end), span: { start, end } }));
  return [...names].flatMap((name) => symbolPlacesIn(path, source, name).map((span) => ({ name, span })));
}

function placeOf(source: Source, { start, end }: Span): Pick<ScipOccurrence, "line" | "startColumn" | "endColumn"> {
  const { line, column } = lineColumnAt(linesOf(source), start);
  return { line, startColumn: column, endColumn: column + end - start };
}

/** scip.proto, "Symbol": scheme, package (none: three dots), descriptors; "." ends a term. Other letters stand between backticks. */
function globalSymbol(name: string): string {
  return `weakspot . . . ${descriptor(name)}.`;
}

/** The weak definition or PROVIDE of a name that has a strong definition, too: a term below it. */
function defaultSymbol(name: string): string {
  return `weakspot . . . ${descriptor(name)}#weak.`;
}

function localSymbol(name: string): string {
  return `local ${name.replace(/[^\w+$-]/g, "_")}`;
}

function descriptor(name: string): string {
  return /^[\w+$-]+$/.test(name) ? name : `\`${name.replaceAll("`", "``")}\``;
}
