/**
 * Predicts the symbols of the object that a build would make of one C or assembly file, and those that a linker script
 * assigns: preprocessed with the build's flags and configuration, then read as compiler, assembler and linker read it. It
 * reads files, blocking, and runs nothing.
 */

import { factsOfAsm } from "../linkage/facts/asm-facts.ts";
import { findLanguage } from "../linkage/facts/extract.ts";
import type { Binding, Role, SymbolKind } from "../linkage/facts/facts.ts";
import { factsOfLinkerScript } from "../linkage/facts/ld-facts.ts";
import { symbolsOfUnit, type UnitSymbol } from "../linkage/symbols/unit-symbols.ts";
import { dialectOfArchitecture } from "../syntax/asm/dialect.ts";
import { parseAsm } from "../syntax/asm/parse-asm.ts";
import { formatPreprocessed, originOfToken, tokenAtOffset } from "../syntax/cpp/format.ts";
import { lexedLines } from "../syntax/cpp/lex.ts";
import type { Preprocessed } from "../syntax/cpp/preprocess.ts";
import { parseLinkerScript } from "../syntax/ld/parser.ts";
import { parseUnit } from "../syntax/unit/parse-unit.ts";
import { lineColumnAt } from "../text/lines.ts";
import { sourceOfText } from "../text/source.ts";
import type { Expander, HeaderStandIn, PreprocessedFile } from "./expand-file.ts";

/** One symbol of the object, and where a person wrote it: the name itself, or the macro call that made it. */
export interface PredictedSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly role: Role;
  readonly binding: Binding;
  readonly scope: "file" | "block";
  /** Relative to the root, or to the build folder where the build made it. */
  readonly file: string;
  /** From 0. */
  readonly line: number;
  readonly column: number;
  /** Something in the object refers to it, as far as that shows before optimization. */
  readonly isReferenced: boolean;
  readonly target?: string;
}

export interface PredictedObject {
  readonly symbols: readonly PredictedSymbol[];
  /** Headers that a build would have made, and that were made up or left empty. */
  readonly standIns: readonly HeaderStandIn[];
  /** The preprocessor's errors: with a header that was not found, symbols may be missing. */
  readonly problems: readonly string[];
}

/**
 * Predicts a file's object. Given are definitions and aliases with external linkage, wherever they stand, and undefined
 * symbols that the file itself declares or that are weak and referred to.
 * @param path relative to the expander's root
 * @returns undefined where there is no such text
 */
export function predictObject(expander: Expander, path: string): PredictedObject | undefined {
  const expanded = expander.preprocess(path);
  if (expanded === undefined) return undefined;
  const { preprocessed, standIns } = expanded;
  const language = findLanguage(path);
  const all = language !== "asm" && language !== "ld" ? unitSymbols(expanded) : textSymbols(expanded, language);
  const symbols: PredictedSymbol[] = [];
  for (const symbol of all) {
    const place = placeOf(preprocessed, symbol.token);
    const isOwn = place.file === preprocessed.mainFile;
    if (symbol.role === "declaration" && !isOwn && !(symbol.binding === "weak" && symbol.isReferenced)) continue;
    const { token: _, section: _section, ...rest } = symbol;
    const file = preprocessed.files.get(place.file);
    const at = file === undefined ? { line: 0, column: 0 } : lineColumnAt(lexedLines(file), place.offset);
    symbols.push({ ...rest, file: isOwn || file === undefined ? path : file.path, line: at.line, column: at.column });
  }
  return { symbols, standIns, problems: problemsOf(preprocessed) };
}

/** "file:line: message" of each error. */
function problemsOf(preprocessed: Preprocessed): string[] {
  return preprocessed.messages.flatMap(({ severity, message, file, start }) => {
    const read = preprocessed.files.get(file);
    if (severity !== "error" || read === undefined) return [];
    return [`${read.path}:${lineColumnAt(lexedLines(read), start).line + 1}: ${message}`];
  });
}

function unitSymbols(expanded: PreprocessedFile): UnitSymbol[] {
  const { preprocessed, architecture, flags } = expanded;
  return symbolsOfUnit(parseUnit(preprocessed), {
    isGnuInline: hasGnuInline(flags),
    dialect: dialectOfArchitecture(architecture),
  });
}

/** Whether the last flag that says so asks for the meaning that `inline` had before C99. */
function hasGnuInline(flags: readonly string[]): boolean {
  let isGnu = false;
  for (const flag of flags) {
    if (flag === "-fgnu89-inline") isGnu = true;
    else if (flag === "-fno-gnu89-inline") isGnu = false;
    else if (flag.startsWith("-std=")) isGnu = /^-std=(?:gnu|c)(?:89|90)$/.test(flag);
  }
  return isGnu;
}

/** Assembly and linker scripts are read as the text that the preprocessor hands on. */
function textSymbols(expanded: PreprocessedFile, language: "asm" | "ld"): UnitSymbol[] {
  const formatted = formatPreprocessed(expanded.preprocessed);
  const source = sourceOfText(formatted.text);
  const dialect = dialectOfArchitecture(expanded.architecture);
  const facts =
    language === "asm"
      ? factsOfAsm(parseAsm(source, { dialect }))
      : factsOfLinkerScript(parseLinkerScript(source, { preprocessed: false }));
  const symbols: UnitSymbol[] = [];
  for (const fact of facts.symbols) {
    if (fact.binding === "local" || fact.inMacro !== undefined) continue;
    const { name, kind, role, binding, scope, target } = fact;
    const token = Math.max(0, tokenAtOffset(formatted, fact.start));
    const made = { name, kind, role, binding, scope, token, isReferenced: role === "declaration" };
    symbols.push(target === undefined ? made : { ...made, target });
  }
  return symbols;
}

/**
 * The place that a person would look at: the token as it is spelled, in plain text or in a macro's argument; the macro's call
 * where the token comes out of the macro's body or was pasted.
 */
function placeOf(preprocessed: Preprocessed, token: number): { readonly file: number; readonly offset: number } {
  if (token >= preprocessed.tokens.count) return { file: preprocessed.mainFile, offset: 0 };
  const { file, start, isSynthesized, call } = originOfToken(preprocessed, token);
  if (call === undefined) return { file, offset: start };
  const isArgument = file === call.file && start >= call.start && start < call.end;
  return isArgument && !isSynthesized ? { file, offset: start } : { file: call.file, offset: call.start };
}
