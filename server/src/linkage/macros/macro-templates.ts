/**
 * What each macro of a tree makes where it is called at file scope, as templates: names of which some pieces are the macro's
 * arguments. They are put together once from what macros declare, which macros they hand their parameters to, and which macros
 * make names. It knows no macro by name, expands no text and has no IO.
 */

import { conditionOf, joinAll } from "../../syntax/condition/condition.ts";
import { isNever } from "../../syntax/condition/relations.ts";
import { architectureOf } from "../facts/architecture.ts";
import { type HandoverFact, type MadeSymbol, RENAMING } from "../facts/facts.ts";
import type { HandoverMention, LinkIndex, MakerMention } from "../facts/link-index.ts";

/** Macros that use macros are followed this far; SYSCALL_DEFINE of Linux needs five steps. */
const MOST_STEPS = 8;

/** More templates than the largest trees have; what is beyond is not known. */
const MOST_TEMPLATES = 100_000;

/** A name of more variants than this, by what macros mean in branches of an #if, is not known. */
const MOST_VARIANTS = 8;

/** The macro that a handover names where its one argument is all of the macro's replacement, a name. */
const NAMING = "##";

/** Names may be made of names that are made of names: so often. */
const NAME_ROUNDS = 2;

/** Text, and numbers of a macro's arguments, that are put together. */
export type Pieces = readonly (string | number)[];

/** How a call of one macro puts a name together: `#define KEY(name) key_##name`. */
interface NameTemplate {
  readonly macro: string;
  readonly pieces: Pieces;
  /** The arguments that are taken as they stand, macros in them not expanded: those beside `##` (C11 6.10.3.1). */
  readonly raw: ReadonlySet<number>;
  readonly condition: string;
  /** Where every file that calls the macro must be, as a definition in a source file counts there alone. */
  readonly onlyIn: string | undefined;
  /** The architecture whose headers define the macro. */
  readonly architecture: string | undefined;
  /** The files that define the macros that take part. */
  readonly paths: readonly string[];
}

/** What a call of one macro makes: a symbol of which the name's pieces are the macro's arguments. */
export interface Template extends NameTemplate {
  readonly symbol: MadeSymbol;
  /** The words of the symbol that are arguments of the macro: `MAKE(static, name)`. */
  readonly wordArguments: readonly number[];
  /** What the symbol's target or wordTarget is put together of. */
  readonly target: Pieces | undefined;
}

/** Where a template holds. */
type Place = Pick<NameTemplate, "condition" | "onlyIn" | "architecture" | "paths">;

/** One way in which pieces come out. */
interface Variant extends Place {
  readonly pieces: Pieces;
}

/** A macro's call within the replacement of another one. */
interface Call {
  readonly path: string;
  readonly parameters: readonly string[];
  readonly arguments: readonly string[];
}

/** What is known of macros while templates are made. */
interface Macros {
  callersOf(macro: string): readonly HandoverMention[];
  /** What an object-like macro stands for where that is one word; empty for what is none. */
  meaningsOf(word: string): readonly { readonly path: string; readonly text: string; readonly condition: string }[];
  /** Two conditions as one, remembered: most meet many times. undefined where they never hold together. */
  bothOf(a: string, b: string): string | undefined;
  /** How macros put names together. */
  readonly names: ReadonlyMap<string, readonly NameTemplate[]>;
}

/**
 * The templates of all macros: of those that declare something, of those that call them, and so on. In steps of one template,
 * for those who have something else to do in between.
 */
export function* makeTemplates(index: LinkIndex): Generator<undefined, readonly Template[]> {
  const macros = yield* openMacros(index);
  const leaves = index
    .makers()
    .flatMap((maker) => maker.fact.symbols.flatMap((one) => leafTemplates(maker, one, macros)));
  return yield* followCallers(leaves, macros, passThrough, keyOf);
}

function* openMacros(index: LinkIndex): Generator<undefined, Macros> {
  const callers = new Map<string, readonly HandoverMention[]>();
  const meanings = new Map<string, ReturnType<Macros["meaningsOf"]>>();
  const both = new Map<string, string | undefined>();
  const macros = {
    bothOf(a: string, b: string) {
      if (a === "" || b === "" || a === b) return a === "" ? b : a;
      const key = `${a}\0${b}`;
      if (!both.has(key)) {
        const joined = joinAll([conditionOf(a), conditionOf(b)]);
        both.set(key, isNever(joined) ? undefined : joined.text);
      }
      return both.get(key);
    },
    callersOf(macro: string) {
      let known = callers.get(macro);
      if (known === undefined) callers.set(macro, (known = index.handoversTo(macro)));
      return known;
    },
    meaningsOf(word: string) {
      let known = meanings.get(word);
      if (known === undefined) {
        known = index
          .macros(word)
          .filter(({ fact }) => fact.words.length === 1 && fact.words[0] !== word && !fact.isWeak && !fact.isAlias)
          .map(({ path, fact }) => ({ path, text: fact.words[0]!, condition: fact.condition }));
        meanings.set(word, known);
      }
      return known;
    },
    names: new Map<string, readonly NameTemplate[]>(),
  };
  for (let round = 0, count = -1; round < NAME_ROUNDS && macros.names.size > count; round++) {
    count = macros.names.size;
    macros.names = yield* nameTemplates(macros);
  }
  return macros;
}

/** How macros put names together, by the macro: those that paste or make strings, those that call them, and so on. */
function* nameTemplates(macros: Macros): Generator<undefined, Map<string, readonly NameTemplate[]>> {
  const leaves = macros.callersOf(NAMING).map(({ path, fact }): NameTemplate => {
    const [pattern = ""] = fact.arguments;
    const { macro, condition, parameters } = fact;
    const pieces = piecesOf(pattern.replace(/^#/, ""), parameters);
    return { macro, pieces, raw: rawIn([pattern], parameters), ...placeOf(path, condition) };
  });
  const byMacro = new Map<string, NameTemplate[]>();
  for (const template of yield* followCallers(leaves, macros, passName, nameKey)) {
    const same = byMacro.get(template.macro);
    if (same === undefined) byMacro.set(template.macro, [template]);
    else same.push(template);
  }
  return byMacro;
}

/** The templates, and those of the macros that call theirs, step by step. */
function* followCallers<T extends NameTemplate>(
  leaves: readonly T[],
  macros: Macros,
  pass: (template: T, handover: HandoverMention, macros: Macros) => readonly T[],
  key: (template: T) => string,
): Generator<undefined, readonly T[]> {
  let newest = leaves;
  const all = [...newest];
  const seen = new Set(all.map(key));
  for (let step = 0; step < MOST_STEPS && newest.length > 0; step++) {
    const next: T[] = [];
    for (const template of newest) {
      yield undefined;
      for (const handover of [...macros.callersOf(template.macro), ...macros.callersOf(RENAMING + template.macro)]) {
        const isRenaming = handover.fact.name !== template.macro;
        for (const passed of isRenaming ? passRenamed(template, handover, macros) : pass(template, handover, macros)) {
          const keyOfPassed = key(passed);
          if (seen.has(keyOfPassed) || all.length + next.length >= MOST_TEMPLATES) continue;
          seen.add(keyOfPassed);
          next.push(passed);
        }
      }
    }
    all.push(...next);
    newest = next;
  }
  return all;
}

/** What the macro makes by another name of it: `#define DEFINE_B DEFINE_A`. */
function passRenamed<T extends NameTemplate>(
  template: T,
  { path, fact }: HandoverMention,
  macros: Macros,
): readonly T[] {
  const place = joinPlaces(placeOf(path, fact.condition), template, macros);
  return place === undefined ? [] : [{ ...template, ...place, macro: fact.macro }];
}

function nameKey({ macro, pieces, condition, onlyIn, architecture, paths }: NameTemplate): string {
  return `${macro}\0${pieces.join("\x01")}\0${condition}\0${onlyIn ?? ""}\0${architecture ?? ""}\0${paths[0]}`;
}

function keyOf(template: Template): string {
  const { symbol, wordArguments, target } = template;
  const { role, binding, words, isUnfinished } = symbol;
  const made = `${role}\0${binding}\0${words.join(" ")}\0${wordArguments.join(" ")}\0${target?.join("\x01") ?? ""}\0${isUnfinished ?? ""}`;
  return `${nameKey(template)}\0${made}`;
}

/** The templates of a symbol that a macro writes out; several where macros make its name in several ways. */
function leafTemplates({ path, fact }: MakerMention, symbol: MadeSymbol, macros: Macros): readonly Template[] {
  const { name: macro, parameters, condition } = fact;
  const call: Call = { path, parameters, arguments: [symbol.name] };
  const words = symbol.words.filter((word) => !parameters.includes(word));
  const target = symbol.target ?? symbol.wordTarget;
  const common = {
    macro,
    raw: rawIn([symbol.name], parameters),
    symbol: words.length === symbol.words.length ? symbol : { ...symbol, words },
    wordArguments: symbol.words.filter((word) => parameters.includes(word)).map((word) => parameters.indexOf(word)),
    target: target === undefined ? undefined : piecesOf(target, parameters),
  };
  return variantsOf(symbol.name, true, call, placeOf(path, condition), macros)
    .filter(hangsOnArguments)
    .map((variant) => ({ ...common, ...variant }));
}

function hangsOnArguments({ pieces }: Variant): boolean {
  return pieces.some((piece) => typeof piece === "number");
}

/** How a macro makes a name by calling the template's; none where that hangs on no argument, or on one that is no word. */
function passName(template: NameTemplate, { path, fact }: HandoverMention, macros: Macros): readonly NameTemplate[] {
  if (template.onlyIn !== undefined && template.onlyIn !== path) return [];
  const { macro, parameters, arguments: given, condition } = fact;
  const call: Call = { path, parameters, arguments: given };
  const plain = passPlainly(template, call, macros);
  if (plain?.every((piece) => typeof piece === "string")) return [];
  const place = joinPlaces(placeOf(path, condition), template, macros);
  if (place === undefined) return [];
  const raw = rawIn(given, parameters);
  if (plain !== undefined) return [{ macro, raw, ...place, pieces: plain }];
  return passPieces(template, call, place, macros)
    .filter(hangsOnArguments)
    .map((variant) => ({ macro, raw, ...variant }));
}

/** What a macro makes by calling the template's. */
function passThrough(template: Template, handover: HandoverMention, macros: Macros): readonly Template[] {
  const names = passName(template, handover, macros);
  if (names.length === 0) return [];
  const { parameters, arguments: given } = handover.fact;
  const wordArguments: number[] = [];
  const words = [...template.symbol.words];
  for (const place of template.wordArguments) {
    const argument = piecesOf(argumentAt(given, place, parameters), parameters);
    const [only] = argument;
    if (argument.length > 1 || only === "static") return [];
    if (typeof only === "number") wordArguments.push(only);
    else if (only !== undefined) words.push(only);
  }
  const symbol = followedBy(handover.fact.follows, { ...template.symbol, words });
  // A target that is no word is one all the same: what has it is an alias.
  const target = template.target?.flatMap((piece) =>
    typeof piece === "string" ? piece : piecesOf(argumentAt(given, piece, parameters), parameters),
  );
  return names.map((name) => ({ ...name, symbol, wordArguments, target }));
}

/** A macro's unfinished prototype as what stands behind the macro's call leaves it. */
function followedBy(follows: HandoverFact["follows"], symbol: MadeSymbol): MadeSymbol {
  if (symbol.isUnfinished !== true || follows === "end") return symbol;
  const { isUnfinished, ...finished } = symbol;
  return follows === "body" ? { ...finished, role: "definition" } : finished;
}

/**
 * The pieces where there is but one way, as nearly always: no argument is a call or a macro. None where an argument is no word;
 * undefined where it takes {@link passPieces}.
 */
function passPlainly({ pieces, raw }: NameTemplate, call: Call, macros: Macros): Pieces | undefined {
  const { arguments: given, parameters } = call;
  const passed: (string | number)[] = [];
  for (const piece of pieces) {
    if (typeof piece === "string") passed.push(piece);
    else {
      const text = argumentAt(given, piece, parameters);
      if (text === "") return [];
      if (text.includes("(")) return undefined;
      const argument = piecesOf(text, parameters);
      if (argument[0] === text && !raw.has(piece) && macros.meaningsOf(text).length > 0) return undefined;
      passed.push(...argument);
    }
  }
  return joinTexts(passed);
}

/** A template's pieces in terms of the parameters around the call; no variant where one of them is no word. */
function passPieces(
  { pieces, raw }: Pick<NameTemplate, "pieces" | "raw">,
  call: Call,
  place: Place,
  macros: Macros,
): readonly Variant[] {
  let found: readonly Variant[] = [{ ...place, pieces: [] }];
  for (const piece of pieces) {
    found = found.flatMap((before) =>
      typeof piece === "string"
        ? { ...before, pieces: [...before.pieces, piece] }
        : append(
            before,
            variantsOf(argumentAt(call.arguments, piece, call.parameters), raw.has(piece), call, place, macros),
            macros,
          ),
    );
    if (found.length > MOST_VARIANTS) return [];
  }
  return found.map((variant) => ({ ...variant, pieces: joinTexts(variant.pieces) }));
}

/**
 * What a pattern comes to: words, parameters and calls of macros that make names, joined by "##". A word alone may be a macro,
 * which stands for its meaning unless it is pasted (C11 6.10.3.1); "KEY_PREFIX" of `PASTE(KEY_PREFIX, name)`.
 */
function variantsOf(pattern: string, isRaw: boolean, around: Call, place: Place, macros: Macros): readonly Variant[] {
  const parts = splitPattern(pattern, "##");
  let found: readonly Variant[] = [{ ...place, pieces: [] }];
  for (const part of parts) {
    const variants = partVariants(part, isRaw || parts.length > 1, around, place, macros);
    found = found.flatMap((before) => append(before, variants, macros));
    if (found.length > MOST_VARIANTS) return [];
  }
  return parts.length === 0 ? [] : found;
}

function partVariants(part: string, isRaw: boolean, around: Call, place: Place, macros: Macros): readonly Variant[] {
  const { parameters, path } = around;
  const parameter = placeOfParameter(part, parameters);
  if (parameter >= 0) return [{ ...place, pieces: [parameter] }];
  const [, macro, given] = /^(\w+)\((.*)\)$/.exec(part) ?? [];
  if (macro !== undefined && given !== undefined) {
    const call: Call = { path, parameters, arguments: splitPattern(given, ",", true) };
    const variants = (macros.names.get(macro) ?? []).flatMap((template) => {
      const joined = joinPlaces(place, template, macros);
      return joined === undefined ? [] : passPieces(template, call, joined, macros);
    });
    return nearestOf(variants, path);
  }
  const plain = { ...place, pieces: [part] };
  if (isRaw || !/^[A-Za-z_]\w*$/.test(part)) return [plain];
  const meanings = macros.meaningsOf(part).filter((meaning) => meaning.path === path || isHeader(meaning.path));
  if (meanings.length === 0 || meanings.length > MOST_VARIANTS) return [plain];
  return meanings.flatMap(({ text, condition }) => {
    const joined = joinPlaces(place, { ...place, condition }, macros);
    return joined === undefined ? [] : { ...joined, pieces: [text] };
  });
}

/**
 * Of variants that differ only in the files that define the macros, one: a tree may have the same header several times, for
 * programs that share nothing, and the one that is nearest counts.
 */
function nearestOf(variants: readonly Variant[], path: string): readonly Variant[] {
  const nearest = new Map<string, Variant>();
  const distance = ({ paths }: Variant) => paths.reduce((sum, other) => sum + stepsApart(path, other), 0);
  for (const variant of variants) {
    const { pieces, condition, onlyIn, architecture } = variant;
    const key = `${pieces.join("\x01")}\0${condition}\0${onlyIn ?? ""}\0${architecture ?? ""}`;
    const known = nearest.get(key);
    if (known === undefined || distance(variant) < distance(known)) nearest.set(key, variant);
  }
  return [...nearest.values()];
}

/** How many folders lead up from one file and down to the other. */
function stepsApart(path: string, other: string): number {
  const from = path.split("/");
  const to = other.split("/");
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  return from.length + to.length - 2 * shared;
}

function append(before: Variant, variants: readonly Variant[], macros: Macros): Variant[] {
  return variants.flatMap((variant) => {
    const place = joinPlaces(before, variant, macros);
    return place === undefined ? [] : { ...place, pieces: [...before.pieces, ...variant.pieces] };
  });
}

/** Where what a file's macro says holds. */
function placeOf(path: string, condition: string): Place {
  const onlyIn = isHeader(path) ? undefined : path;
  return { condition, onlyIn, architecture: architectureOf(path), paths: [path] };
}

/** Where both hold; undefined for nowhere. */
function joinPlaces(a: Place, b: Place, macros: Macros): Place | undefined {
  if (a.onlyIn !== undefined && b.onlyIn !== undefined && a.onlyIn !== b.onlyIn) return undefined;
  if (a.architecture !== undefined && b.architecture !== undefined && a.architecture !== b.architecture)
    return undefined;
  const condition = macros.bothOf(a.condition, b.condition);
  if (condition === undefined) return undefined;
  const added = b.paths.filter((path) => !a.paths.includes(path));
  return {
    condition,
    onlyIn: a.onlyIn ?? b.onlyIn,
    architecture: a.architecture ?? b.architecture,
    paths: added.length === 0 ? a.paths : [...a.paths, ...added],
  };
}

/** The parameters that stand beside `##` or behind `#` in one of these patterns. */
function rawIn(patterns: readonly string[], parameters: readonly string[]): ReadonlySet<number> {
  if (!patterns.some((pattern) => pattern.includes("#"))) return NO_PLACES;
  const pasted = patterns
    .filter((pattern) => pattern.includes("#"))
    .flatMap((pattern) => splitPattern(pattern.replace(/^#(?!#)/, ""), "##"));
  return new Set(pasted.map((word) => placeOfParameter(word, parameters)).filter((place) => place >= 0));
}

const NO_PLACES: ReadonlySet<number> = new Set();

/** "sys_##name" as text and numbers of parameters, neighbouring texts joined. */
function piecesOf(pattern: string, parameters: readonly string[]): (string | number)[] {
  if (!pattern.includes("#")) {
    const place = placeOfParameter(pattern, parameters);
    return pattern === "" ? [] : [place < 0 ? pattern : place];
  }
  const pieces = splitPattern(pattern, "##").map((word) => {
    const place = placeOfParameter(word, parameters);
    return place < 0 ? word : place;
  });
  return joinTexts(pieces);
}

function joinTexts(pieces: Pieces): (string | number)[] {
  const joined: (string | number)[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (typeof piece === "string" && typeof last === "string") joined[joined.length - 1] = last + piece;
    else joined.push(piece);
  }
  return joined;
}

/** One of the variable arguments, by its number among them: "...0". */
const REST = "...";

/** The number of the parameter that a replacement calls so: "args" is "args..." in the list. */
function placeOfParameter(word: string, parameters: readonly string[]): number {
  if (word.startsWith(REST)) return parameters.length - 1 + Number(word.slice(REST.length));
  const place = parameters.indexOf(word);
  return place < 0 && word !== "" ? parameters.indexOf(`${word}...`) : place;
}

/** What stands between separators, outside of parentheses. */
function splitPattern(pattern: string, separator: "##" | ",", keepsEmpty = false): string[] {
  if (!pattern.includes("(")) {
    const parts = pattern.split(separator);
    return keepsEmpty ? parts : parts.filter((part) => part !== "");
  }
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= pattern.length; i++) {
    if (pattern[i] === "(") depth++;
    else if (pattern[i] === ")") depth--;
    if (i < pattern.length && (depth !== 0 || !pattern.startsWith(separator, i))) continue;
    if (keepsEmpty || i > start) parts.push(pattern.slice(start, i));
    start = i + separator.length;
    i = start - 1;
  }
  return parts;
}

/** An argument as it is written; "" for what is no word. */
function argumentAt(given: readonly string[], place: number, parameters: readonly string[]): string {
  const rest = given.indexOf("__VA_ARGS__");
  if (rest < 0 || place < rest) return given[place] ?? "";
  // What the variable arguments hold begins where the calling macro's "..." does.
  return parameters.at(-1) === "..." ? `${REST}${place - rest}` : "";
}

/** Assembly is included as headers are; what it makes counts in what includes it alone (made-symbols.ts). */
function isHeader(path: string): boolean {
  return /\.(?:h|S|s|asm|sx|inc)$/.test(path);
}
