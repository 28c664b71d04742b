/**
 * Where files use a symbol: what each occurrence of its name means in C, assembly and linker scripts. Declarations and
 * definitions are facts, and so not asked about here.
 */

import { type AsmDialect, guessDialect } from "../../syntax/asm/dialect.ts";
import { tokenize } from "../../syntax/asm/tokens.ts";
import { findUses, isUseAt } from "../../syntax/c/uses.ts";
import { nodesOf } from "../../syntax/ld/walk.ts";
import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { languageOf, readFacts } from "../facts/extract.ts";
import type { SymbolFact } from "../facts/facts.ts";
import { scriptOf, treeOf } from "../facts/parsed.ts";
import { scriptModelOf } from "../scripts/script-model.ts";
import { isCFile, type Program } from "./program.ts";
import { findOccurrences, type WordOccurrence } from "./word-occurrences.ts";

/** A name in more files than this is a word like any other; its uses are not looked for in all of them. */
const MOST_FILES = 2000;

/** A use of a symbol in a file of any language. */
export interface SymbolUse {
  readonly path: string;
  readonly span: Span;
}

/**
 * The uses of a symbol in assembly and linker scripts that can be in one link with the file, by path.
 * @param isWanted which files are looked at, by path; all where it is left out
 */
export function findUsesOutsideC(
  name: string,
  path: string,
  program: Program,
  isWanted: (file: string) => boolean = () => true,
): SymbolUse[] {
  const files = program.index
    .filesWithWord(name)
    .filter((file) => !isCFile(file) && isWanted(file) && program.links.canLink(path, file));
  if (files.length > MOST_FILES) return [];
  // All are asked for before the first is looked at, so that they are read at once.
  const sources = [...files].sort().map((file) => ({ file, source: program.texts.source(file) }));
  return sources.flatMap(({ file, source }) => {
    if (source === undefined) return [];
    const occurrences = findOccurrences(source, name).filter((one) => one.where === "code");
    if (occurrences.length === 0) return [];
    const facts = symbolsIn(file, source).filter((fact) => fact.name === name);
    if (facts.some((fact) => fact.binding === "local")) return [];
    const declared = new Set(facts.map((fact) => fact.start));
    const judge = judgeOf(file, source, name);
    return occurrences
      .filter((one) => !declared.has(one.start) && judge(one) === "symbol")
      .map(({ start, end }) => ({ path: file, span: { start, end } }));
  });
}

/** Where a file's code has the name and means a symbol by it, declarations and definitions included. */
export function symbolPlacesIn(file: string, source: Source, name: string): readonly Span[] {
  const judge = judgeOf(file, source, name);
  return findOccurrences(source, name)
    .filter((one) => one.where === "code" && judge(one) === "symbol")
    .map(({ start, end }) => ({ start, end }));
}

const symbolsBySource = createAttached<Source, readonly SymbolFact[]>();

/** The file's symbols with the local ones, read once for each source. */
function symbolsIn(file: string, source: Source): readonly SymbolFact[] {
  let symbols = symbolsBySource.get(source);
  if (symbols === undefined) {
    symbols = readFacts(file, source, { includeLocal: true }).symbols;
    symbolsBySource.set(source, symbols);
  }
  return symbols;
}

/** What an occurrence means that no fact explains. */
export type Judge = (occurrence: WordOccurrence) => "symbol" | "other" | "unknown";

type MakeJudge = (file: string, source: Source, name: string) => Judge;

/** Who judges the occurrences of a symbol's name in a file, its declarations and definitions apart. */
export function judgeOf(file: string, source: Source, name: string): Judge {
  const language = languageOf(file, source);
  if (language === undefined) return () => "other";
  // C++, Rust: what a word means there is not looked at.
  if (language === "other") return () => "unknown";
  const make = language === "ld" ? scriptJudge : language === "asm" ? assemblyJudge : cJudge;
  return make(file, source, name);
}

/** What is no use is a member, a local, a label or a tag: uses.ts looks at every function, initializer and macro. */
const cJudge: MakeJudge = (_file, source, name) => {
  const uses = new Set(findUses(source, new Set([name])).map((use) => use.start));
  return ({ start, end, where }) => {
    // The latter knows typeof at file scope too.
    if (uses.has(start) || isUseAt(treeOf(source), { start, end })) return "symbol";
    return where === "directive" ? "unknown" : "other";
  };
};

/** Operands of instructions are not read, so every word is the symbol unless it is plainly something else. */
const assemblyJudge: MakeJudge = (_file, source, name) => {
  const text = source.slice(0, source.length);
  const isMacroWord = new RegExp(`^[ \\t]*\\.macro\\b[^\\n]*(?<![\\w$])${name}(?![\\w$])`, "m").test(text);
  const dialect = guessDialect(source);
  return ({ start, end, where }) => {
    if (isInLineComment(source, start, dialect)) return "other";
    if (isMacroWord || where === "directive") return "unknown";
    if (where === "register" || where === "member") return "other";
    // `table.5` is a name of its own.
    if (isDotted(text, end)) return "other";
    // A label that no fact explains is one of this file.
    return /^[ \t]*:/.test(text.slice(end, end + 20)) ? "unknown" : "symbol";
  };
};

/** True within a comment of the assembler's own, `@ …` or `# …`, which reaches to the line's end. */
function isInLineComment(source: Source, offset: number, dialect: AsmDialect): boolean {
  const lineStart = offset === 0 ? 0 : source.codes.lastIndexOf(10, offset - 1) + 1;
  // A `#` that opens a line is the preprocessor's, or begins a comment; of its lines, a macro's body alone holds code.
  if (/^[ \t]*#(?![ \t]*define\b)/.test(source.slice(lineStart, offset))) return true;
  const before = tokenize(source, lineStart, offset + 1, dialect);
  return before.at(-1)?.end !== offset + 1;
}

/** True where the name goes on behind a dot, as names of assembly and scripts may. */
function isDotted(text: string, end: number): boolean {
  return /^\.\w/.test(text.slice(end, end + 2));
}

const scriptJudge: MakeJudge = (file, source, name) => {
  const script = scriptOf(file, source);
  const model = scriptModelOf(script);
  const symbols = new Set(model.placesOf("symbol", name).map((place) => place.start));
  const others = new Set(
    model.names.filter((one) => one.kind !== "symbol" && one.text === name).map((place) => place.start),
  );
  const patterns: Span[] = [];
  for (const node of nodesOf(script)) {
    if (node.kind === "input-section") {
      if (node.file !== undefined) patterns.push(node.file);
      patterns.push(...(node.sections ?? []));
    } else if (node.kind === "input") {
      patterns.push(...node.files);
    }
  }
  return ({ start, end, where }) => {
    if (symbols.has(start)) return "symbol";
    // `.table` and `table.x` are names of their own.
    if (others.has(start) || where === "member" || isDotted(source.slice(end, end + 2), 0)) return "other";
    return patterns.some((pattern) => pattern.start <= start && start < pattern.end) ? "other" : "unknown";
  };
};
