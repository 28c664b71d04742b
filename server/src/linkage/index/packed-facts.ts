/**
 * Facts as rows of numbers, so that a million of them take tens of megabytes, cross threads without being copied and are
 * read from disk as they lie there. A row is the same for every kind of fact; what its flags mean depends on its kind.
 * It knows the facts' shapes and nothing of files or of IO.
 */

import { baseName } from "../../text/path.ts";
import type {
  ArgumentFact,
  Binding,
  FileFacts,
  HandoverFact,
  IncludeFact,
  Language,
  MacroFact,
  MadeSymbol,
  MakerFact,
  Role,
  Scope,
  SymbolFact,
  SymbolKind,
} from "../facts/facts.ts";
import { grownWords } from "./columns.ts";
import { internString, type StringTable, stringOf } from "./string-table.ts";

/** What a row states. */
export const RowKind = {
  symbol: 0,
  include: 1,
  macro: 2,
  export: 3,
  reference: 4,
  maker: 5,
  argument: 6,
  handover: 7,
} as const;

/** The name by which the rows of all makers are chained, so that they can be listed. No symbol or macro is called so. */
export const MAKERS = "#define";

/**
 * Rows side by side, one array for each column, and how many there are. Strings are numbers of a {@link StringTable}.
 * - name: the symbol's or macro's name, or the last component of an include's path; what rows are looked up by
 * - start: the offset of the name
 * - shape: the name's length << 16 | the row's kind << 13 | flags
 * - condition: the #if conditions
 * - detail: everything that few facts have, see {@link encodeDetail}
 */
export interface FactRows {
  count: number;
  name: Uint32Array;
  start: Uint32Array;
  shape: Uint32Array;
  condition: Uint32Array;
  detail: Uint32Array;
}

export function createFactRows(capacity: number): FactRows {
  return {
    count: 0,
    name: new Uint32Array(capacity),
    start: new Uint32Array(capacity),
    shape: new Uint32Array(capacity),
    condition: new Uint32Array(capacity),
    detail: new Uint32Array(capacity),
  };
}

/** Makes room for rows below `length`. */
export function growFactRows(rows: FactRows, length: number, growth?: number): void {
  rows.name = grownWords(rows.name, length, growth);
  rows.start = grownWords(rows.start, length, growth);
  rows.shape = grownWords(rows.shape, length, growth);
  rows.condition = grownWords(rows.condition, length, growth);
  rows.detail = grownWords(rows.detail, length, growth);
}

const languages: readonly Language[] = ["c", "asm", "ld", "other"];
const kinds: readonly SymbolKind[] = ["function", "object", "unknown"];
const roles: readonly Role[] = ["declaration", "tentative", "definition", "assignment", "provide", "alias"];
const bindings: readonly Binding[] = ["strong", "weak", "local"];
const scopes: readonly Scope[] = ["file", "block"];

/** Flags of a symbol's row, above those of kind (2 bits), role (3), binding (2) and scope (1). */
const IS_VOID = 1 << 8;
const IS_ARRAY = 1 << 9;
const IS_POINTER = 1 << 10;
const IS_CONST = 1 << 11;
const IS_INLINE = 1 << 12;

/** The flag of an include's row, and those of a macro's. */
const IS_ANGLED = 1;
const IS_WEAK_MACRO = 1;
const IS_ALIAS_MACRO = 1 << 1;
const IS_STATIC_MACRO = 1 << 2;
const IS_INLINE_MACRO = 1 << 3;

/** The flag of an argument's row. */
const HAS_BODY = 1;

/** A name longer than this keeps its text but its span ends early. */
const MAX_LENGTH = 0xffff;

export function languageNumber(language: Language): number {
  return languages.indexOf(language);
}

export function languageOfNumber(number: number): Language {
  return languages[number] ?? "c";
}

export function rowKind(shape: number): number {
  return (shape >>> 13) & 7;
}

/** Appends one file's facts to the rows and their strings to the table. */
export function packFacts(facts: FileFacts, rows: FactRows, strings: StringTable): void {
  const { symbols, includes, macros, makers, handovers, exports: exported, references } = facts;
  const kept = [symbols, includes, macros, makers, handovers, facts.arguments, exported, references];
  growFactRows(
    rows,
    kept.reduce((sum, list) => sum + list.length, rows.count),
  );
  // Neighbours mostly share their condition, which is then one and the same string.
  let lastCondition = "";
  let lastConditionId = 0;
  const conditionId = (condition: string): number => {
    if (condition !== lastCondition) {
      lastCondition = condition;
      lastConditionId = internString(strings, condition);
    }
    return lastConditionId;
  };
  const append = (kind: number, flags: number, name: number, start: number, end: number, condition: number): void => {
    const row = rows.count++;
    rows.name[row] = name;
    rows.start[row] = start;
    rows.shape[row] = (Math.min(end - start, MAX_LENGTH) << 16) | (kind << 13) | flags;
    rows.condition[row] = condition;
    rows.detail[row] = 0;
  };
  for (const fact of symbols) {
    append(
      RowKind.symbol,
      symbolFlags(fact),
      internString(strings, fact.name),
      fact.start,
      fact.end,
      conditionId(fact.condition),
    );
    if (hasDetail(fact)) rows.detail[rows.count - 1] = internString(strings, encodeDetail(fact));
  }
  for (const fact of includes) {
    const base = internString(strings, baseName(fact.path));
    append(RowKind.include, fact.angled ? IS_ANGLED : 0, base, fact.start, fact.end, conditionId(fact.condition));
    rows.detail[rows.count - 1] = internString(strings, fact.path);
  }
  for (const fact of macros) {
    const name = internString(strings, fact.name);
    const flags =
      (fact.isWeak ? IS_WEAK_MACRO : 0) |
      (fact.isAlias ? IS_ALIAS_MACRO : 0) |
      (fact.isStatic ? IS_STATIC_MACRO : 0) |
      (fact.isInline ? IS_INLINE_MACRO : 0);
    append(RowKind.macro, flags, name, fact.start, fact.end, conditionId(fact.condition));
    if (fact.words.length > 0 || fact.target !== undefined) {
      rows.detail[rows.count - 1] = internString(strings, encodeDetail(fact));
    }
  }
  for (const fact of makers) {
    const { name, parameters, symbols: made } = fact;
    append(RowKind.maker, 0, internString(strings, MAKERS), fact.start, fact.end, conditionId(fact.condition));
    rows.detail[rows.count - 1] = internString(strings, JSON.stringify([name, parameters, made]));
  }
  for (const fact of handovers) {
    append(RowKind.handover, 0, internString(strings, fact.name), fact.start, fact.end, conditionId(fact.condition));
    rows.detail[rows.count - 1] = internString(strings, handoverDetail(fact));
  }
  for (const { name, start, end, condition, call, hasBody } of facts.arguments) {
    append(
      RowKind.argument,
      hasBody === true ? HAS_BODY : 0,
      internString(strings, name),
      start,
      end,
      conditionId(condition),
    );
    rows.detail[rows.count - 1] = internString(strings, call);
  }
  for (const name of exported) append(RowKind.export, 0, internString(strings, name), 0, 0, 0);
  for (const { name, start, end } of references) {
    append(RowKind.reference, 0, internString(strings, name), start, end, 0);
  }
}

function handoverDetail({ macro, parameters, arguments: given, follows }: HandoverFact): string {
  return JSON.stringify(follows === undefined ? [macro, parameters, given] : [macro, parameters, given, follows]);
}

/** Reads one file's facts back from rows [from, to). */
export function unpackFacts(
  language: Language,
  rows: FactRows,
  from: number,
  to: number,
  strings: StringTable,
): FileFacts {
  const symbols: SymbolFact[] = [];
  const includes: IncludeFact[] = [];
  const macros: MacroFact[] = [];
  const makers: MakerFact[] = [];
  const handovers: HandoverFact[] = [];
  const given: ArgumentFact[] = [];
  const exported: string[] = [];
  const references: { name: string; start: number; end: number }[] = [];
  for (let row = from; row < to; row++) {
    const kind = rowKind(rows.shape[row]!);
    if (kind === RowKind.symbol) symbols.push(unpackSymbol(rows, row, strings));
    else if (kind === RowKind.include) includes.push(unpackInclude(rows, row, strings));
    else if (kind === RowKind.macro) macros.push(unpackMacro(rows, row, strings));
    else if (kind === RowKind.maker) makers.push(unpackMaker(rows, row, strings));
    else if (kind === RowKind.handover) handovers.push(unpackHandover(rows, row, strings));
    else if (kind === RowKind.argument) given.push(unpackArgument(rows, row, strings));
    else if (kind === RowKind.export) exported.push(stringOf(strings, rows.name[row]!));
    else references.push({ name: stringOf(strings, rows.name[row]!), ...rowSpan(rows, row) });
  }
  return { language, symbols, includes, macros, makers, handovers, arguments: given, exports: exported, references };
}

/** Reads the symbol fact of a row of that kind. */
export function unpackSymbol(rows: FactRows, row: number, strings: StringTable): SymbolFact {
  const shape = rows.shape[row]!;
  const fact: Mutable<SymbolFact> = {
    name: stringOf(strings, rows.name[row]!),
    kind: kinds[shape & 3] ?? "unknown",
    role: roles[(shape >>> 2) & 7] ?? "declaration",
    binding: bindings[(shape >>> 5) & 3] ?? "strong",
    scope: scopes[(shape >>> 7) & 1]!,
    ...rowSpan(rows, row),
    condition: stringOf(strings, rows.condition[row]!),
    words: noWords,
  };
  if (shape & IS_VOID) fact.isVoid = true;
  if (shape & IS_ARRAY) fact.isArray = true;
  if (shape & IS_POINTER) fact.isPointer = true;
  if (shape & IS_CONST) fact.isConst = true;
  if (shape & IS_INLINE) fact.isInline = true;
  const detail = rows.detail[row]!;
  if (detail !== 0) Object.assign(fact, decodeDetail(stringOf(strings, detail)));
  return fact;
}

/** Reads the macro fact of a row of that kind. */
export function unpackMacro(rows: FactRows, row: number, strings: StringTable): MacroFact {
  const { words, target } = rows.detail[row] === 0 ? NO_DETAIL : decodeDetail(stringOf(strings, rows.detail[row]!));
  return {
    name: stringOf(strings, rows.name[row]!),
    ...rowSpan(rows, row),
    condition: stringOf(strings, rows.condition[row]!),
    isWeak: (rows.shape[row]! & IS_WEAK_MACRO) !== 0,
    ...((rows.shape[row]! & IS_ALIAS_MACRO) !== 0 ? { isAlias: true } : {}),
    ...((rows.shape[row]! & IS_STATIC_MACRO) !== 0 ? { isStatic: true } : {}),
    ...((rows.shape[row]! & IS_INLINE_MACRO) !== 0 ? { isInline: true } : {}),
    ...(target === undefined ? {} : { target }),
    words: words ?? noWords,
  };
}

/** Reads the include fact of a row of that kind. */
export function unpackInclude(rows: FactRows, row: number, strings: StringTable): IncludeFact {
  return {
    path: stringOf(strings, rows.detail[row]!),
    angled: (rows.shape[row]! & IS_ANGLED) !== 0,
    ...rowSpan(rows, row),
    condition: stringOf(strings, rows.condition[row]!),
  };
}

/** Reads the maker of a row of that kind. */
export function unpackMaker(rows: FactRows, row: number, strings: StringTable): MakerFact {
  const [name, parameters, symbols] = JSON.parse(stringOf(strings, rows.detail[row]!)) as [
    string,
    string[],
    MadeSymbol[],
  ];
  return { name, ...rowSpan(rows, row), condition: stringOf(strings, rows.condition[row]!), parameters, symbols };
}

/** Reads the handover of a row of that kind. */
export function unpackHandover(rows: FactRows, row: number, strings: StringTable): HandoverFact {
  const [macro, parameters, given, follows] = JSON.parse(stringOf(strings, rows.detail[row]!)) as [
    string,
    string[],
    string[],
    HandoverFact["follows"],
  ];
  const name = stringOf(strings, rows.name[row]!);
  const condition = stringOf(strings, rows.condition[row]!);
  const fact = { name, macro, ...rowSpan(rows, row), condition, parameters, arguments: given };
  return follows === undefined ? fact : { ...fact, follows };
}

/** Reads the argument of a row of that kind. */
export function unpackArgument(rows: FactRows, row: number, strings: StringTable): ArgumentFact {
  return {
    name: stringOf(strings, rows.name[row]!),
    ...rowSpan(rows, row),
    condition: stringOf(strings, rows.condition[row]!),
    call: stringOf(strings, rows.detail[row]!),
    ...((rows.shape[row]! & HAS_BODY) !== 0 ? { hasBody: true as const } : {}),
  };
}

function rowSpan(rows: FactRows, row: number): { start: number; end: number } {
  const start = rows.start[row]!;
  return { start, end: start + (rows.shape[row]! >>> 16) };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const noWords: readonly string[] = [];

const NO_DETAIL: Detail = {};

/** What few facts have, in the order in which it is written. */
const detailKeys = [
  "section",
  "visibility",
  "target",
  "inMacro",
  "constantValue",
  "valueText",
  "isPlace",
  "outputSection",
  "wordTarget",
  "typeOf",
] as const;

type DetailKey = (typeof detailKeys)[number];
type Detail = Partial<Pick<SymbolFact, DetailKey | "words">>;

/** What every row says of a symbol by itself. */
type RowKey = "name" | "kind" | "role" | "binding" | "scope" | "start" | "end" | "condition";
type FlagKey = "isVoid" | "isArray" | "isPointer" | "isConst" | "isInline";

/** What facts have and rows do not keep; where there is such a thing, this does not compile. */
type Forgotten =
  | Exclude<keyof SymbolFact, RowKey | FlagKey | DetailKey | "words">
  | Exclude<keyof IncludeFact, "path" | "angled" | "start" | "end" | "condition">
  | Exclude<
      keyof MacroFact,
      "name" | "start" | "end" | "condition" | "isWeak" | "isAlias" | "target" | "isStatic" | "isInline" | "words"
    >
  | Exclude<keyof MakerFact, "name" | "start" | "end" | "condition" | "parameters" | "symbols">
  | Exclude<
      keyof HandoverFact,
      "name" | "macro" | "start" | "end" | "condition" | "parameters" | "arguments" | "follows"
    >
  | Exclude<keyof ArgumentFact, "name" | "start" | "end" | "condition" | "call" | "hasBody">
  | Exclude<
      keyof FileFacts,
      "language" | "symbols" | "includes" | "macros" | "makers" | "handovers" | "arguments" | "exports" | "references"
    >;
const nothingForgotten: Forgotten extends never ? true : never = true;
void nothingForgotten;

function hasDetail(fact: SymbolFact): boolean {
  if (fact.words.length > 0) return true;
  for (const key of detailKeys) if (fact[key] !== undefined) return true;
  return false;
}

/** Words that can stand in a detail without quotes. */
const plainWords = /^\w+(?: \w+)*$/;

/**
 * One string for a fact's words and optional texts, the same for the same detail, so that interning keeps it once: the
 * words with a blank between them, or JSON where there is more.
 */
function encodeDetail(fact: Detail): string {
  const words = fact.words ?? noWords;
  let last: number = detailKeys.length;
  while (last > 0 && fact[detailKeys[last - 1]!] === undefined) last--;
  if (last === 0) {
    const joined = words.join(" ");
    if (plainWords.test(joined)) return joined;
  }
  return JSON.stringify([words, ...detailKeys.slice(0, last).map((key) => fact[key] ?? null)]);
}

function decodeDetail(text: string): Detail {
  if (!text.startsWith("[")) return { words: text.split(" ") };
  const [words, ...values] = JSON.parse(text) as [string[], ...(string | boolean | null)[]];
  const detail: Record<string, unknown> = { words };
  for (const [i, value] of values.entries()) {
    const key = detailKeys[i];
    if (key !== undefined && value !== null) detail[key] = value;
  }
  return detail as Detail;
}

function symbolFlags(fact: SymbolFact): number {
  return (
    kinds.indexOf(fact.kind) |
    (roles.indexOf(fact.role) << 2) |
    (bindings.indexOf(fact.binding) << 5) |
    (scopes.indexOf(fact.scope) << 7) |
    (fact.isVoid ? IS_VOID : 0) |
    (fact.isArray ? IS_ARRAY : 0) |
    (fact.isPointer ? IS_POINTER : 0) |
    (fact.isConst ? IS_CONST : 0) |
    (fact.isInline ? IS_INLINE : 0)
  );
}
