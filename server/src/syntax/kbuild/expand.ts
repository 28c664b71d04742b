/**
 * Expands variables and references in Makefiles, with configuration symbols left open unless a configuration is given: every
 * piece of text comes with the guard under which it is there. It carries out no statements.
 */

import { callFunction, isFunction } from "./functions.ts";
import {
  bothGuard,
  classOfValue,
  type Guard,
  symbolGuard,
  UNGUARDED,
  UNKNOWN,
  UNREACHABLE,
  VALUE_M,
  VALUE_N,
  VALUE_OTHER,
  VALUE_Y,
} from "./guard.ts";
import { findVariable, type Make } from "./make.ts";
import { continuationAt, type RawText } from "./makefile.ts";
import {
  guardPieces,
  isUnknownText,
  joinedPieces,
  literal,
  MARK,
  mapWords,
  markedSymbol,
  matchOpenPattern,
  type Origin,
  type Piece,
  UNKNOWN_PIECES,
  type ValueWord,
  valueMark,
  withoutSymbols,
  wordsOf,
} from "./value.ts";

const DEEPEST_EXPANSION = 40;

/** The words of a variable, each with its guard; none where it is not assigned. */
export function variableWords(make: Make, name: string): ValueWord[] {
  return wordsOf(variablePieces(make, name));
}

export function isConfigurationName(name: string): boolean {
  return name.startsWith("CONFIG_");
}

export function configurationGuard(make: Make, name: string, mask: number): Guard {
  if (make.configuration === undefined) {
    const possible = make.possible?.(name) ?? 15;
    return (possible & mask) === 0 ? UNREACHABLE : symbolGuard(name, mask & possible);
  }
  return (classOfValue(make.configuration(name)) & mask) !== 0 ? UNGUARDED : UNREACHABLE;
}

/** Variables that collect what is built belong to the file that uses them: nobody else assigns them. */
export function isListName(name: string): boolean {
  return /-(?:y|m|n|objs)?$/.test(name) || /^[a-z][a-z_0-9]*$/.test(name);
}

/** The value of a variable. Configuration symbols are open unless the run has a configuration. */
export function variablePieces(make: Make, name: string): readonly Piece[] {
  if (make.expanding.has(name)) return UNKNOWN_PIECES;
  make.expanding.add(name);
  const pieces = calledPieces(make, name);
  make.expanding.delete(name);
  return pieces;
}

/** The same of a variable that is called as a function, which may call itself. */
export function calledPieces(make: Make, name: string): readonly Piece[] {
  const assigned = assignedPieces(make, name);
  const variable = findVariable(make, name);
  if (variable === undefined && assigned.length > 0) return assigned;
  if (variable === undefined) {
    if (name === "MAKEFILE_LIST") return [literal(make.read.join(" "))];
    if (isConfigurationName(name)) return configurationPieces(make, name);
    make.plain?.openVariables.add(name);
    return make.undefinedIsEmpty || isListName(name) ? [] : UNKNOWN_PIECES;
  }
  if (make.depth >= DEEPEST_EXPANSION) return UNKNOWN_PIECES;
  make.depth++;
  const out: Piece[] = [];
  for (const { pieces, raw, guard } of variable.parts) {
    if (make.budget <= 0) break;
    const expanded = pieces ?? (raw === undefined ? [] : expandReferences(make, raw.text, raw.span, raw.origin));
    for (const piece of guardPieces(expanded, guard)) out.push(piece);
    make.budget -= expanded.length + 1;
  }
  make.depth--;
  out.push(...assigned);
  return out;
}

/** What assignments may add whose variable is not known, which may be this one. */
function assignedPieces(make: Make, name: string): readonly Piece[] {
  const { openNames = [] } = make.plain ?? {};
  return openNames
    .filter((one) => mayBeNamed(one.name, name))
    .flatMap(({ raw, guard }) => {
      const pieces = [literal(" "), ...expandReferences(make, raw.text, raw.span, raw.origin)];
      return guardPieces(pieces, bothGuard(guard, UNKNOWN));
    });
}

/** Whether a name with parts that are not known may be another; of one that is not known at all nothing is said. */
export function mayBeNamed(open: string, name: string): boolean {
  const parts = withoutSymbols(open).split(MARK);
  const [first, last] = [parts[0]!, parts.at(-1)!];
  return (
    first + last !== "" && name.length >= first.length + last.length && name.startsWith(first) && name.endsWith(last)
  );
}

function configurationPieces(make: Make, name: string): readonly Piece[] {
  if (make.configuration !== undefined) {
    const value = make.configuration(name);
    return classOfValue(value) === VALUE_N ? [] : [literal(value!)];
  }
  const possible = make.possible?.(name) ?? 15;
  const pieces: Piece[] = [];
  for (const [value, text] of valueTexts(name)) {
    if ((possible & value) !== 0) pieces.push({ text, guard: symbolGuard(name, value), origin: undefined, offset: -1 });
  }
  return pieces;
}

function valueTexts(name: string): readonly (readonly [number, string])[] {
  return [
    [VALUE_Y, "y"],
    [VALUE_M, "m"],
    [VALUE_OTHER, valueMark(name)],
  ];
}

/** A variable's name on the left side, in which a configuration symbol is y, m or empty. */
export function expandName(make: Make, text: string, span: RawText): Piece[] {
  return expandReferences(make, text, span, undefined).filter((piece) => markedSymbol(piece.text) === undefined);
}

export function expandWords(make: Make, text: string, span: RawText, origin: Origin | undefined): ValueWord[] {
  return wordsOf(expandReferences(make, text, span, origin));
}

/** Expands `$(…)` in a stretch of a file. */
export function expandReferences(make: Make, text: string, span: RawText, origin: Origin | undefined): Piece[] {
  const out: Piece[] = [];
  let from = span.start;
  let i = span.start;
  const flush = (to: number) => {
    if (to > from) out.push({ text: text.slice(from, to), guard: UNGUARDED, origin, offset: from });
  };
  while (i < span.end) {
    const code = text.charCodeAt(i);
    if (code === 92) {
      const skipped = continuationAt(text, i);
      if (skipped > 0) {
        flush(i);
        out.push({ text: " ", guard: UNGUARDED, origin, offset: -1 });
        i += skipped;
        from = i;
        continue;
      }
    }
    if (code !== 36 || i + 1 >= span.end) {
      i++;
      continue;
    }
    flush(i);
    i = expandReference(make, text, i, span.end, origin, out);
    from = i;
  }
  flush(span.end);
  make.budget -= out.length;
  return out;
}

/** One `$…`; gives the offset behind it. */
function expandReference(
  make: Make,
  text: string,
  dollar: number,
  end: number,
  origin: Origin | undefined,
  out: Piece[],
): number {
  const next = text[dollar + 1]!;
  if (next === "$") {
    out.push(literal("$"));
    return dollar + 2;
  }
  if (next !== "(" && next !== "{") {
    out.push(...variablePieces(make, next));
    return dollar + 2;
  }
  const close = closingBracket(text, dollar + 1, end);
  if (close < 0) {
    out.push(...UNKNOWN_PIECES);
    return end;
  }
  if (make.depth >= DEEPEST_EXPANSION || make.budget <= 0) {
    out.push(...UNKNOWN_PIECES);
    return close + 1;
  }
  make.depth++;
  const inner = { start: dollar + 2, end: close };
  const word = /^[a-z-]+(?=[\s\\])/.exec(text.slice(inner.start, Math.min(close, inner.start + 16)))?.[0];
  if (word !== undefined && isFunction(word)) {
    out.push(...callFunction(make, word, text, { start: inner.start + word.length, end: close }, origin));
  } else {
    out.push(...expandVariable(make, text, inner));
  }
  make.depth--;
  return close + 1;
}

/** The bracket that closes the one at the offset, or -1. */
function closingBracket(text: string, open: number, end: number): number {
  const opening = text.charCodeAt(open);
  const closing = opening === 40 ? 41 : 125;
  let depth = 0;
  for (let i = open; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === opening) depth++;
    else if (code === closing && --depth === 0) return i;
  }
  return -1;
}

/** `$(name)` and `$(name:from=to)`; the name may hold references itself. */
function expandVariable(make: Make, text: string, span: RawText): readonly Piece[] {
  const name = text.slice(span.start, span.end);
  if (!/[$:]/.test(name)) return variablePieces(make, name.trim());
  const colon = nameColon(text, span);
  const names = wordsOf(expandReferences(make, text, { start: span.start, end: colon }, undefined));
  const out: Piece[] = [];
  for (const word of names) {
    const pieces = isUnknownText(word.text) ? openPieces(make, word.text) : madePieces(make, word.text);
    out.push(...guardPieces(pieces, word.guard));
  }
  if (colon >= span.end) return out;
  const equals = text.indexOf("=", colon);
  if (equals < 0 || equals >= span.end) return UNKNOWN_PIECES;
  const from = onlyText(expandReferences(make, text, { start: colon + 1, end: equals }, undefined));
  const to = replacementText(make, expandReferences(make, text, { start: equals + 1, end: span.end }, undefined));
  if (from === undefined || to === undefined) return UNKNOWN_PIECES;
  const hasPercent = from.includes("%");
  return substitutePattern(wordsOf(out), hasPercent ? from : `%${from}`, hasPercent ? to : `%${to}`);
}

/** A variable whose name is put together: that nobody has assigned it leaves nothing open to callers but the parts of its name. */
function madePieces(make: Make, name: string): readonly Piece[] {
  const isOpen = make.plain?.openVariables.has(name);
  const pieces = variablePieces(make, name);
  if (isOpen === false) make.plain?.openVariables.delete(name);
  return pieces;
}

/**
 * `$(OBJS_$(BOARD))` where nothing is known of BOARD: in a plain Makefile one of the variables that may be meant, or none. A
 * configuration symbol's value is no part of any name that is assigned.
 */
function openPieces(make: Make, name: string): readonly Piece[] {
  if (make.plain === undefined || withoutSymbols(name).replaceAll(MARK, "") === "") return UNKNOWN_PIECES;
  return [...make.variables.keys()]
    .filter((one) => mayBeNamed(name, one))
    .flatMap((one) => {
      const space = [literal(" "), ...variablePieces(make, one), literal(" ")];
      return guardPieces(space, UNKNOWN);
    });
}

function nameColon(text: string, span: RawText): number {
  let depth = 0;
  for (let i = span.start; i < span.end; i++) {
    const code = text.charCodeAt(i);
    if (code === 40 || code === 123) depth++;
    else if (code === 41 || code === 125) depth--;
    else if (code === 58 && depth === 0) return i;
  }
  return span.end;
}

/** The text of a value that has no guards; undefined for others. */
export function onlyText(pieces: readonly Piece[]): string | undefined {
  let text = "";
  for (const piece of pieces) {
    if (piece.guard.kind !== "always" || isUnknownText(piece.text)) return undefined;
    text += piece.text;
  }
  return text;
}

/** The text of what is put into words: of a plain Makefile it may hold parts that are not known, as a folder that callers choose. */
export function replacementText(make: Make, pieces: readonly Piece[]): string | undefined {
  if (make.plain === undefined) return onlyText(pieces);
  return pieces.every(({ guard }) => guard.kind === "always") ? pieces.map(({ text }) => text).join("") : undefined;
}

/** `$(patsubst from,to,words)`. */
export function substitutePattern(words: readonly ValueWord[], from: string, to: string): Piece[] {
  return joinedPieces(
    mapWords(words, (text) => {
      // The value of a symbol stands for itself with and without quotes.
      if (from === '"%"' && to === "%" && markedSymbol(text) !== undefined) return text;
      const stem = matchOpenPattern(from, text);
      if (stem === "unknown") return MARK;
      return stem === undefined ? text : to.replace("%", () => stem);
    }),
  );
}
