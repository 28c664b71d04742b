/**
 * Symbols that macros make where they are called at file scope: `DEFINE_LOCK(big_lock);` defines big_lock, and a system
 * call's macro a function whose name it pastes together. What each macro makes is put together once from the macros of the
 * tree, as templates; a symbol is then found backwards, from its name to the argument that it is made of. It knows no macro
 * by name, expands no text and has no IO.
 */

import { joinConditions, termsOf } from "./condition-text.ts";
import type { MadeSymbol, SymbolFact } from "./facts.ts";
import type { ArgumentMention, HandoverMention, LinkIndex, MakerMention, Mention } from "./link-index.ts";
import { architectureOf } from "./link-unit.ts";

/** Text, and numbers of a macro's arguments, that are put together. */
type Pieces = readonly (string | number)[];

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
interface Template extends NameTemplate {
  readonly symbol: MadeSymbol;
  /** The words of the symbol that are arguments of the macro: `MAKE(static, name)`. */
  readonly wordArguments: readonly number[];
  /** What the symbol's target or wordTarget is put together of. */
  readonly target: Pieces | undefined;
}

/** Templates of names with these ends, by their macros. */
interface TemplateGroup {
  readonly prefix: string;
  readonly suffix: string;
  /** All of the name between the ends is one argument. */
  readonly isWhole: boolean;
  readonly byMacro: Map<string, Template[]>;
}

/** Groups by their prefix. */
type TemplateTable = ReadonlyMap<string, readonly TemplateGroup[]>;

/** Macros that use macros are followed this far; SYSCALL_DEFINE of Linux needs five steps. */
const MOST_STEPS = 8;

/** The macro that a handover names where its one argument is all of the macro's replacement, a name. */
const NAMING = "##";

/** More templates than the largest trees have; what is beyond is not known. */
const MOST_TEMPLATES = 100_000;

/**
 * The declarations and definitions of a symbol that macro calls at file scope make. None while the tree is still being read.
 * @param canMeet whether a macro of one file can be used in another; files of different programs share no headers
 * @param resolve what the tree's macros make of a fact's words
 */
export function findMade(
  index: LinkIndex,
  name: string,
  canMeet: (path: string, macroPath: string) => boolean,
  resolve: (fact: SymbolFact) => SymbolFact,
): readonly Mention[] {
  if (!index.isComplete) return [];
  const table = tableOf(index);
  const found: Mention[] = [];
  for (let length = 0; length < name.length; length++) {
    for (const group of table.get(name.slice(0, length)) ?? []) {
      const end = name.length - group.suffix.length;
      if (end <= length || !name.endsWith(group.suffix)) continue;
      // Of several pieces the last one may begin anywhere.
      const last = group.isWhole ? length : end - 1;
      for (let from = length; from <= last; from++) {
        const word = name.slice(from, end);
        for (const key of keysOf(word, group)) {
          for (const argument of index.argumentsNamed(key)) addMade(group, argument, word, name, canMeet, found);
        }
      }
    }
  }
  return joinAlternatives(found.map((mention) => ({ ...mention, fact: resolve(mention.fact) })));
}

/** The names by which an argument is looked up. */
function keysOf(word: string, { byMacro }: TemplateGroup): readonly string[] {
  return /^\d/.test(word) ? [...byMacro.keys()].map((macro) => `${macro} ${word}`) : [word];
}

/** Whether a call of the macro makes a symbol that is called as one of its arguments is. */
export function makesWhatItIsGiven(index: LinkIndex, macro: string): boolean {
  return index.isComplete && (tableOf(index).get("") ?? []).some((group) => isBare(group) && group.byMacro.has(macro));
}

function isBare({ prefix, suffix, isWhole }: TemplateGroup): boolean {
  return isWhole && prefix === "" && suffix === "";
}

function addMade(
  group: TemplateGroup,
  { path, fact }: ArgumentMention,
  word: string,
  name: string,
  canMeet: (path: string, macroPath: string) => boolean,
  found: Mention[],
): void {
  const open = fact.call.indexOf("(");
  const macro = fact.call.slice(0, open);
  const templates = group.byMacro.get(macro);
  if (templates === undefined) return;
  const given = fact.call.slice(open + 1, -1).split(",");
  const own = architectureOf(path);
  for (const template of templates) {
    const { pieces, symbol, architecture, onlyIn, paths, wordArguments, target } = template;
    if (onlyIn !== undefined && onlyIn !== path) continue;
    if (own !== undefined && architecture !== undefined && own !== architecture) continue;
    // Several arguments of a call may be that word; the place is that of the one which ends the name.
    const place = pieces.findLast((piece) => typeof piece === "number");
    if (place === undefined || given[place] !== word) continue;
    if (putTogether(pieces, given) !== name) continue;
    const words = wordArguments.map((at) => given[at] ?? "").filter((word) => word !== "");
    if (words.includes("static")) continue;
    if (!paths.every((macroPath) => canMeet(path, macroPath))) continue;
    found.push({
      path,
      fact: {
        ...symbol,
        name,
        scope: "file",
        start: fact.start,
        end: fact.end,
        condition: joinConditions(fact.condition, template.condition),
        words: words.length === 0 ? symbol.words : [...symbol.words, ...words],
        ...(target === undefined ? {} : { [targetKey(symbol)]: putTogether(target, given) }),
      },
      macro,
      ...(own === undefined && architecture !== undefined ? { architecture } : {}),
    });
  }
}

function targetKey({ target }: MadeSymbol): "target" | "wordTarget" {
  return target === undefined ? "wordTarget" : "target";
}

function putTogether(pieces: Pieces, given: readonly string[]): string {
  return pieces.map((piece) => (typeof piece === "number" ? (given[piece] ?? "") : piece)).join("");
}

/**
 * A macro that is defined twice, in branches of an #if, makes its symbol in any case: what is made alike at one place under a
 * condition and under its opposite is made under neither.
 */
function joinAlternatives(found: readonly Mention[]): readonly Mention[] {
  const kept = new Map<string, Mention>();
  for (const mention of found) {
    const { path, fact, macro, architecture } = mention;
    const key = [path, fact.start, macro, architecture, fact.role, fact.binding, fact.words.join(" ")].join("\0");
    const known = kept.get(key);
    if (known === undefined) kept.set(key, mention);
    else {
      const condition = alternative(known.fact.condition, fact.condition);
      kept.set(key, { ...known, fact: { ...known.fact, condition } });
    }
  }
  return withoutPrototypes([...kept.values()]);
}

/** A macro that declares a function before it defines it makes one symbol, and the definition says all of it. */
function withoutPrototypes(found: readonly Mention[]): readonly Mention[] {
  const key = ({ path, fact, architecture }: Mention) => [path, fact.start, fact.condition, architecture].join("\0");
  const defined = new Set(found.filter(({ fact }) => fact.role !== "declaration").map(key));
  return found.filter((mention) => mention.fact.role !== "declaration" || !defined.has(key(mention)));
}

/** The condition under which one of two holds. */
function alternative(a: string, b: string): string {
  const some = new Set(termsOf(a));
  const others = new Set(termsOf(b));
  const shared = [...some].filter((term) => others.has(term));
  const left = [...some].filter((term) => !others.has(term));
  const right = [...others].filter((term) => !some.has(term));
  if (left.length === 0 || right.length === 0 || areOpposite(left, right)) return shared.join(" && ");
  const either = `((${left.join(" && ")}) || (${right.join(" && ")}))`;
  return [...shared, either].join(" && ");
}

function areOpposite(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== 1 || right.length !== 1) return false;
  const [a, b] = [left[0]!, right[0]!];
  return a === negate(b) || b === negate(a);
}

function negate(term: string): string {
  return /^[\w]+$|^defined\s*\(?\s*\w+\s*\)?$/.test(term) ? `!${term}` : `!(${term})`;
}

const tablesByIndex = new WeakMap<LinkIndex, { readonly revision: number; readonly table: TemplateTable }>();

/** What the macros of the tree make, until one of them changes. */
function tableOf(index: LinkIndex): TemplateTable {
  const revision = index.makersRevision;
  let known = tablesByIndex.get(index);
  if (known === undefined || known.revision !== revision) {
    known = { revision, table: groupTemplates(makeTemplates(index)) };
    tablesByIndex.set(index, known);
  }
  return known.table;
}

/** Who calls which macro, and which words are macros for another one; found once each. */
interface MacroLookup {
  callersOf(macro: string): readonly HandoverMention[];
  /** What an object-like macro stands for where that is one word; empty for what is none. */
  meaningsOf(word: string): readonly { readonly path: string; readonly text: string; readonly condition: string }[];
}

function openLookup(index: LinkIndex): MacroLookup {
  const callers = new Map<string, readonly HandoverMention[]>();
  const meanings = new Map<string, ReturnType<MacroLookup["meaningsOf"]>>();
  return {
    callersOf(macro) {
      let known = callers.get(macro);
      if (known === undefined) callers.set(macro, (known = index.handoversTo(macro)));
      return known;
    },
    meaningsOf(word) {
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
  };
}

/** The templates of all macros: of those that declare something, of those that call them, and so on. */
function makeTemplates(index: LinkIndex): readonly Template[] {
  const lookup = openLookup(index);
  const names = nameTemplates(lookup);
  const leaves = index
    .makers()
    .flatMap((maker) => maker.fact.symbols.flatMap((symbol) => leafTemplates(maker, symbol, names, lookup)));
  return followCallers(leaves, lookup, passThrough, keyOf);
}

/** How macros put names together, by the macro: those that paste, those that call them, and so on. */
function nameTemplates(lookup: MacroLookup): ReadonlyMap<string, readonly NameTemplate[]> {
  const leaves = lookup.callersOf(NAMING).map(({ path, fact }): NameTemplate => {
    const pattern = fact.arguments[0] ?? "";
    const pieces = piecesOf(pattern, fact.parameters);
    return {
      macro: fact.macro,
      pieces,
      raw: rawIn([pattern], fact.parameters),
      condition: fact.condition,
      ...placeOf(path),
    };
  });
  const byMacro = new Map<string, NameTemplate[]>();
  for (const template of followCallers(leaves, lookup, passName, nameKey)) {
    const same = byMacro.get(template.macro);
    if (same === undefined) byMacro.set(template.macro, [template]);
    else same.push(template);
  }
  return byMacro;
}

/** The templates, and those of the macros that call theirs, step by step. */
function followCallers<T extends NameTemplate>(
  leaves: readonly T[],
  lookup: MacroLookup,
  pass: (template: T, handover: HandoverMention) => T | undefined,
  key: (template: T) => string,
): readonly T[] {
  let newest = leaves;
  const all = [...newest];
  const seen = new Set(all.map(key));
  for (let step = 0; step < MOST_STEPS && newest.length > 0; step++) {
    const next: T[] = [];
    for (const template of newest) {
      for (const written of lookup.callersOf(template.macro)) {
        for (const handover of expandArguments(written, template, lookup)) {
          const passed = pass(template, handover);
          if (passed === undefined || all.length + next.length >= MOST_TEMPLATES) continue;
          const keyOfPassed = key(passed);
          if (seen.has(keyOfPassed)) continue;
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

/**
 * The call with macros for a word in the place of its arguments, as the preprocessor gives them to what it calls, unless that
 * pastes them; one for each meaning that a macro has. `PASTE(KEY_PREFIX, name)` hands `__key__` on.
 */
function expandArguments(
  handover: HandoverMention,
  { pieces, raw }: NameTemplate,
  { meaningsOf }: MacroLookup,
): readonly HandoverMention[] {
  let found = [handover];
  const { fact, path } = handover;
  for (const [place, word] of fact.arguments.entries()) {
    if (raw.has(place) || !pieces.includes(place) || !/^[A-Za-z_]\w*$/.test(word)) continue;
    if (fact.parameters.includes(word) || word === "__VA_ARGS__") continue;
    const meanings = meaningsOf(word).filter((meaning) => meaning.path === path || isHeader(meaning.path));
    if (meanings.length === 0 || meanings.length * found.length > MOST_MEANINGS) continue;
    found = found.flatMap((one) =>
      meanings.map(({ text, condition }) => ({
        path,
        fact: {
          ...one.fact,
          arguments: one.fact.arguments.with(place, text),
          condition: joinConditions(one.fact.condition, condition),
        },
      })),
    );
  }
  return found;
}

/** A word that has more meanings than this, all over the tree, is taken as it stands. */
const MOST_MEANINGS = 8;

function nameKey({ macro, pieces, condition, onlyIn, architecture, paths }: NameTemplate): string {
  return `${macro}\0${pieces.join("\x01")}\0${condition}\0${onlyIn ?? ""}\0${architecture ?? ""}\0${paths[0]}`;
}

function keyOf(template: Template): string {
  const { symbol, wordArguments, target } = template;
  const { role, binding, words } = symbol;
  const made = `${role}\0${binding}\0${words.join(" ")}\0${wordArguments.join(" ")}\0${target?.join("\x01") ?? ""}`;
  return `${nameKey(template)}\0${made}`;
}

/** Where what a file's macro says holds. */
function placeOf(path: string): Pick<NameTemplate, "onlyIn" | "architecture" | "paths"> {
  return { onlyIn: isHeader(path) ? undefined : path, architecture: architectureOf(path), paths: [path] };
}

/** The parameters that stand beside `##` in one of these patterns. */
function rawIn(patterns: readonly string[], parameters: readonly string[]): ReadonlySet<number> {
  const pasted = patterns.filter((pattern) => pattern.includes("##")).flatMap((pattern) => pattern.split("##"));
  return new Set(pasted.map((word) => parameters.indexOf(word)).filter((place) => place >= 0));
}

/** The template of a symbol that a macro writes out; several where another macro makes its name in several ways. */
function leafTemplates(
  { path, fact }: MakerMention,
  symbol: MadeSymbol,
  names: ReadonlyMap<string, readonly NameTemplate[]>,
  lookup: MacroLookup,
): readonly Template[] {
  const { parameters } = fact;
  const words = symbol.words.filter((word) => !parameters.includes(word));
  const target = symbol.target ?? symbol.wordTarget;
  const template = {
    macro: fact.name,
    pieces: [],
    raw: rawIn([symbol.name], parameters),
    symbol: words.length === symbol.words.length ? symbol : { ...symbol, words },
    wordArguments: symbol.words.filter((word) => parameters.includes(word)).map((word) => parameters.indexOf(word)),
    target: target === undefined ? undefined : piecesOf(target, parameters),
    condition: fact.condition,
    ...placeOf(path),
  };
  const call = /^(\w+)\((.*)\)$/.exec(symbol.name);
  if (call === null) return [{ ...template, pieces: piecesOf(symbol.name, parameters) }];
  const [, macro = "", given = ""] = call;
  const handover = { name: macro, macro: fact.name, parameters, arguments: given.split(",") };
  const mention = { path, fact: { ...handover, start: fact.start, end: fact.end, condition: fact.condition } };
  return (names.get(macro) ?? []).flatMap((name) =>
    expandArguments(mention, name, lookup).flatMap((expanded) => {
      const passed = passName(name, expanded);
      return passed === undefined ? [] : { ...template, ...passed };
    }),
  );
}

/** "sys_##name" as text and numbers of parameters, neighbouring texts joined. */
function piecesOf(pattern: string, parameters: readonly string[]): (string | number)[] {
  const pieces: (string | number)[] = [];
  for (const word of pattern.split("##")) {
    if (word === "") continue;
    const place = parameters.indexOf(word);
    addPiece(pieces, place < 0 ? word : place);
  }
  return pieces;
}

function addPiece(pieces: (string | number)[], piece: string | number): void {
  const last = pieces.at(-1);
  if (typeof piece === "string" && typeof last === "string") pieces[pieces.length - 1] = last + piece;
  else pieces.push(piece);
}

/** How a macro makes a name by calling the template's; undefined where that hangs on no argument, or on one that is no word. */
function passName(template: NameTemplate, { path, fact }: HandoverMention): NameTemplate | undefined {
  if (template.onlyIn !== undefined && template.onlyIn !== path) return undefined;
  const own = architectureOf(path);
  if (own !== undefined && template.architecture !== undefined && own !== template.architecture) return undefined;
  const pieces = passPieces(template.pieces, fact);
  if (pieces === undefined || pieces.every((piece) => typeof piece === "string")) return undefined;
  return {
    macro: fact.macro,
    pieces,
    raw: rawIn(fact.arguments, fact.parameters),
    condition: joinConditions(fact.condition, template.condition),
    onlyIn: template.onlyIn ?? (isHeader(path) ? undefined : path),
    architecture: template.architecture ?? own,
    paths: [path, ...template.paths],
  };
}

/** Pieces in terms of the calling macro's parameters; undefined where one is no word. */
function passPieces(pieces: Pieces, { arguments: given, parameters }: HandoverMention["fact"]): Pieces | undefined {
  const passed: (string | number)[] = [];
  for (const piece of pieces) {
    if (typeof piece === "string") addPiece(passed, piece);
    else {
      const argument = argumentAt(given, piece, parameters);
      if (argument === undefined) return undefined;
      for (const part of argument) addPiece(passed, part);
    }
  }
  return passed;
}

/** What a macro makes by calling the template's; undefined where that hangs on no argument, or on one that is no word. */
function passThrough(template: Template, handover: HandoverMention): Template | undefined {
  const name = passName(template, handover);
  if (name === undefined) return undefined;
  const { parameters, arguments: given } = handover.fact;
  const wordArguments: number[] = [];
  const words = [...template.symbol.words];
  for (const place of template.wordArguments) {
    const argument = argumentAt(given, place, parameters) ?? [];
    const [only] = argument;
    if (argument.length > 1) return undefined;
    if (only === "static") return undefined;
    if (typeof only === "number") wordArguments.push(only);
    else if (only !== undefined) words.push(only);
  }
  const symbol = words.length === template.symbol.words.length ? template.symbol : { ...template.symbol, words };
  // A target that is no word is one all the same: what has it is an alias.
  const target = template.target === undefined ? undefined : (passPieces(template.target, handover.fact) ?? []);
  return { ...name, symbol, wordArguments, target };
}

/** An argument in terms of the calling macro's parameters; undefined where it is no word. */
function argumentAt(
  given: readonly string[],
  place: number,
  parameters: readonly string[],
): (string | number)[] | undefined {
  const rest = given.indexOf("__VA_ARGS__");
  // What the variable arguments hold begins where the calling macro's "..." does.
  if (rest >= 0 && place >= rest) {
    return parameters.at(-1) === "..." ? [parameters.length - 1 + (place - rest)] : undefined;
  }
  const text = given[place];
  return text === undefined || text === "" ? undefined : piecesOf(text, parameters);
}

function isHeader(path: string): boolean {
  return path.endsWith(".h");
}

function groupTemplates(templates: readonly Template[]): TemplateTable {
  const groups = new Map<string, TemplateGroup>();
  const byPrefix = new Map<string, TemplateGroup[]>();
  for (const template of templates) {
    const { pieces, macro } = template;
    const first = pieces[0];
    const last = pieces.at(-1);
    const prefix = typeof first === "string" ? first : "";
    const suffix = typeof last === "string" ? last : "";
    const isWhole = pieces.filter((piece) => typeof piece === "number").length === 1;
    const key = `${prefix}\0${suffix}\0${isWhole}`;
    let group = groups.get(key);
    if (group === undefined) {
      groups.set(key, (group = { prefix, suffix, isWhole, byMacro: new Map() }));
      const known = byPrefix.get(prefix);
      if (known === undefined) byPrefix.set(prefix, [group]);
      else known.push(group);
    }
    const same = group.byMacro.get(macro);
    if (same === undefined) group.byMacro.set(macro, [template]);
    else same.push(template);
  }
  return byPrefix;
}
