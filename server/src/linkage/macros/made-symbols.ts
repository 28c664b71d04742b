/**
 * Symbols that macros make where they are called at file scope: `DEFINE_LOCK(big_lock);` defines big_lock, and a system
 * call's macro a function whose name it pastes together. A symbol is found backwards, from its name to the argument that it is made
 * of, by the templates of what the tree's macros make (macro-templates.ts). It knows no macro by name and has no IO.
 */

import { eitherOf } from "../../syntax/condition/alternatives.ts";
import { conditionOf, joinAll } from "../../syntax/condition/condition.ts";
import { isNever } from "../../syntax/condition/relations.ts";
import { architectureOf } from "../facts/architecture.ts";
import type { Binding, MadeSymbol, SymbolFact } from "../facts/facts.ts";
import type { ArgumentMention, LinkIndex, Mention } from "../facts/link-index.ts";
import { makeTemplates, type Pieces, type Template } from "./macro-templates.ts";

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

/**
 * The declarations and definitions of a symbol that macro calls at file scope make. None while the tree is still being read.
 * @param places which macros can be used where
 * @param resolve what the tree's macros make of a fact's words
 */
export function findMade(
  index: LinkIndex,
  name: string,
  places: MacroPlaces,
  resolve: (fact: SymbolFact) => SymbolFact,
): readonly Mention[] {
  if (!index.isComplete) return [];
  const { table } = knownTable(index);
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
          for (const argument of index.argumentsNamed(key)) {
            const templates = group.byMacro.get(macroOfCall(argument.fact.call));
            if (templates !== undefined) addMade(index, templates, argument, { word, name }, places, found);
          }
        }
      }
    }
  }
  return joinAlternatives(found.map((mention) => ({ ...mention, fact: resolve(mention.fact) })));
}

/**
 * What the macro calls at a file's scope make, as facts of the file; their place is the argument that names the symbol. None while
 * the tree is still being read.
 */
export function madeByCallsIn(index: LinkIndex, path: string, places: MacroPlaces): readonly SymbolFact[] {
  if (!index.isComplete) return [];
  const { templates } = knownTable(index);
  const found: Mention[] = [];
  for (const fact of index.factsOf(path)?.arguments ?? []) {
    const known = templates.get(macroOfCall(fact.call));
    const word = fact.name.slice(fact.name.indexOf(" ") + 1);
    if (known !== undefined) addMade(index, known, { path, fact }, { word }, places, found);
  }
  return joinAlternatives(found).map(({ fact }) => fact);
}

/**
 * What the macro call at a file's scope makes of its argument at this offset, as {@link madeByCallsIn} has it; of names that are put
 * together of several arguments each leads to them.
 */
export function madeByArgument(
  index: LinkIndex,
  path: string,
  start: number,
  places: MacroPlaces,
  resolve: (fact: SymbolFact) => SymbolFact,
): readonly Mention[] {
  if (!index.isComplete) return [];
  const found: Mention[] = [];
  for (const fact of index.factsOf(path)?.arguments ?? []) {
    if (fact.start !== start) continue;
    const known = knownTable(index).templates.get(macroOfCall(fact.call));
    const word = fact.name.slice(fact.name.indexOf(" ") + 1);
    if (known !== undefined) addMade(index, known, { path, fact }, { word, isPart: true }, places, found);
  }
  return joinAlternatives(found.map((mention) => ({ ...mention, fact: resolve(mention.fact) })));
}

/** Which macros can be used where: files of different programs share no headers. */
export interface MacroPlaces {
  canMeet(path: string, macroPath: string): boolean;
  /** Whether a file includes another one, itself or through others. */
  includes(path: string, macroPath: string): boolean;
}

function macroOfCall(call: string): string {
  return call.slice(0, call.indexOf("("));
}

/** The names by which an argument is looked up. */
function keysOf(word: string, { byMacro }: TemplateGroup): readonly string[] {
  return /^\d/.test(word) ? [...byMacro.keys()].map((macro) => `${macro} ${word}`) : [word];
}

/** Whether a call of the macro makes a symbol that is called as one of its arguments is. */
export function makesWhatItIsGiven(index: LinkIndex, macro: string): boolean {
  return index.isComplete && knownTable(index).bare.has(macro);
}

/**
 * Puts some of what the macros of the tree make together, ahead of the first question, which would wait for all of it.
 * @returns false once nothing is left to do
 */
export function prepareMade(index: LinkIndex): boolean {
  return stepTable(index, TEMPLATES_A_STEP) === undefined;
}

/** What is done in one step of {@link prepareMade}: some milliseconds of work. */
const TEMPLATES_A_STEP = 250;

/** Whether the macro itself says that others see the symbol. */
function isBound({ symbol }: Template): boolean {
  return symbol.binding !== "local";
}

function isBare({ prefix, suffix, isWhole }: TemplateGroup): boolean {
  return isWhole && prefix === "" && suffix === "";
}

/** Which symbols of a call are asked for. */
interface Asked {
  /** The argument that ends the name. */
  readonly word: string;
  /** The one name; every one where it is left out. */
  readonly name?: string;
  /** The argument may be any part of the name. */
  readonly isPart?: true;
}

/** Adds what is asked for of what an argument's call makes. */
function addMade(
  index: LinkIndex,
  templates: readonly Template[],
  { path, fact }: ArgumentMention,
  { word, name, isPart }: Asked,
  places: MacroPlaces,
  found: Mention[],
): void {
  const open = fact.call.indexOf("(");
  const macro = fact.call.slice(0, open);
  const given = fact.call.slice(open + 1, -1).split(",");
  const own = architectureOf(path);
  for (const template of visibleIn(path, templates, places)) {
    const { pieces, symbol, architecture, onlyIn, paths, wordArguments, target } = template;
    if (onlyIn !== undefined && onlyIn !== path) continue;
    if (own !== undefined && architecture !== undefined && own !== architecture) continue;
    // Several arguments of a call may be that word; the place is that of the one which ends the name.
    const parts = pieces.filter((piece) => typeof piece === "number");
    // What is no word may be anything.
    if (parts.some((place) => (given[place] ?? "") === "")) continue;
    if (!(isPart === true ? parts : parts.slice(-1)).some((place) => given[place] === word)) continue;
    const madeName = putTogether(pieces, given);
    if (name !== undefined && madeName !== name) continue;
    const binding = symbol.binding === "local" ? boundIn(index, path, madeName) : symbol.binding;
    if (binding === undefined) continue;
    const words = wordArguments.map((at) => given[at] ?? "").filter((word) => word !== "");
    if (words.includes("static")) continue;
    if (!paths.every((macroPath) => places.canMeet(path, macroPath))) continue;
    const condition = joinAll([conditionOf(fact.condition), conditionOf(template.condition)]);
    if (isNever(condition)) continue;
    const { isUnfinished, ...common } = symbol;
    const isDefined = isUnfinished === true ? fact.hasBody === true : hasLabel(index, path, madeName);
    found.push({
      path,
      fact: {
        ...common,
        binding,
        role: symbol.role === "declaration" && isDefined ? "definition" : symbol.role,
        name: madeName,
        scope: "file",
        start: fact.start,
        end: fact.end,
        condition: condition.text,
        words: words.length === 0 ? symbol.words : [...symbol.words, ...words],
        ...(target === undefined ? {} : { [targetKey(symbol)]: putTogether(target, given) }),
      },
      macro,
      ...(own === undefined && architecture !== undefined ? { architecture } : {}),
    });
  }
}

/** The binding that a file's own directives give a label; weak where one of them says so. undefined for one that stays local. */
function boundIn(index: LinkIndex, path: string, name: string): Binding | undefined {
  let binding: Binding | undefined;
  for (const { path: other, fact } of index.mentions(name)) {
    if (other !== path || fact.role !== "declaration" || fact.binding === "local" || fact.inMacro !== undefined)
      continue;
    if (binding !== "weak") binding = fact.binding;
  }
  return binding;
}

/** Whether assembly has a label of the name that it does not bind itself: the macro that binds it makes it a definition. */
function hasLabel(index: LinkIndex, path: string, name: string): boolean {
  return index
    .mentions(name)
    .some(({ path: other, fact }) => other === path && fact.role === "definition" && fact.binding === "local");
}

/**
 * Of macros of one name those that the file includes, where it includes one: trees for many boards have many `func`. Where none is
 * seen to be included, a build may give it (`-include`), or a macro makes the path.
 */
function visibleIn(path: string, templates: readonly Template[], places: MacroPlaces): readonly Template[] {
  const visible = templates.filter(({ paths }) =>
    paths.every((macroPath) => macroPath === path || places.includes(path, macroPath)),
  );
  // The macros of assembly are for the file that defines them, which expands them itself, and for those that include it.
  return visible.length > 0
    ? visible
    : templates.filter(({ paths }) => paths.every((macroPath) => macroPath.endsWith(".h") || macroPath === path));
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
  const alike = new Map<string, Mention[]>();
  for (const mention of found) {
    const { path, fact, macro, architecture } = mention;
    const key = [path, fact.name, fact.start, macro, architecture, fact.role, fact.binding, fact.words.join(" ")].join(
      "\0",
    );
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [mention]);
    else known.push(mention);
  }
  return withoutPrototypes(
    [...alike.values()].map((mentions) => {
      const first = mentions[0]!;
      if (mentions.length === 1) return first;
      return {
        ...first,
        fact: { ...first.fact, condition: eitherOf(mentions.map(({ fact }) => conditionOf(fact.condition))).text },
      };
    }),
  );
}

/** A macro that declares a function before it defines it makes one symbol, and the definition says all of it. */
function withoutPrototypes(found: readonly Mention[]): readonly Mention[] {
  const key = ({ path, fact, architecture }: Mention) =>
    [path, fact.name, fact.start, fact.condition, architecture].join("\0");
  const defined = new Set(found.filter(({ fact }) => fact.role !== "declaration").map(key));
  return found.filter((mention) => mention.fact.role !== "declaration" || !defined.has(key(mention)));
}

interface KnownTable {
  readonly revision: number;
  readonly table: TemplateTable;
  /** The same templates by their macros. */
  readonly templates: ReadonlyMap<string, readonly Template[]>;
  /** The macros that make symbols called as one of their arguments is. */
  readonly bare: ReadonlySet<string>;
}

const tablesByIndex = new WeakMap<LinkIndex, KnownTable>();

/** Tables that are being put together. */
const unfinishedTables = new WeakMap<
  LinkIndex,
  { readonly revision: number; readonly steps: Generator<undefined, readonly Template[]> }
>();

/** What the macros of the tree make, until one of them changes. */
function knownTable(index: LinkIndex): KnownTable {
  return stepTable(index, Number.POSITIVE_INFINITY)!;
}

/** Does so many steps; undefined where there are more. */
function stepTable(index: LinkIndex, count: number): KnownTable | undefined {
  const revision = index.makersRevision;
  const known = tablesByIndex.get(index);
  if (known !== undefined && (known.revision === revision || index.isChanging)) return known;
  let unfinished = unfinishedTables.get(index);
  if (unfinished?.revision !== revision) {
    unfinished = { revision, steps: makeTemplates(index) };
    unfinishedTables.set(index, unfinished);
  }
  for (let i = 0; i < count; i++) {
    const step = unfinished.steps.next();
    if (!step.done) continue;
    unfinishedTables.delete(index);
    const table = groupTemplates(step.value);
    const bare = (table.get("") ?? [])
      .filter(isBare)
      .flatMap(({ byMacro }) => [...byMacro].flatMap(([macro, all]) => (all.some(isBound) ? [macro] : [])));
    const templates = byMacroName(step.value);
    const made = { revision, table, templates, bare: new Set(bare) };
    tablesByIndex.set(index, made);
    return made;
  }
  return undefined;
}

function byMacroName(all: readonly Template[]): ReadonlyMap<string, readonly Template[]> {
  const byName = new Map<string, Template[]>();
  for (const template of all) {
    const same = byName.get(template.macro);
    if (same === undefined) byName.set(template.macro, [template]);
    else same.push(template);
  }
  return byName;
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
