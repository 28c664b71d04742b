/**
 * Symbols that macros make where they are called at file scope: `DEFINE_LOCK(big_lock);` defines big_lock, and a system
 * call's macro a function whose name it pastes together. What each macro makes is put together once from the macros of the
 * tree, as templates; a symbol is then found backwards, from its name to the argument that it is made of. It knows no macro
 * by name, expands no text and has no IO.
 */

import { joinConditions, termsOf } from "./condition-text.ts";
import type { MadeSymbol } from "./facts.ts";
import type { ArgumentMention, HandoverMention, LinkIndex, MakerMention, Mention } from "./link-index.ts";
import { architectureOf } from "./link-unit.ts";

/** What a call of one macro makes: a name of which some pieces are the macro's arguments. */
interface Template {
  readonly macro: string;
  /** Text, or the number of an argument. */
  readonly pieces: readonly (string | number)[];
  readonly symbol: MadeSymbol;
  /** The words of the symbol that are arguments of the macro: `MAKE(static, name)`. */
  readonly wordArguments: readonly number[];
  readonly condition: string;
  /** Where every file that calls the macro must be, as a definition in a source file counts there alone. */
  readonly onlyIn: string | undefined;
  /** The architecture whose headers define the macro. */
  readonly architecture: string | undefined;
  /** The files that define the macros that take part. */
  readonly paths: readonly string[];
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

/** More templates than the largest trees have; what is beyond is not known. */
const MOST_TEMPLATES = 100_000;

/**
 * The declarations and definitions of a symbol that macro calls at file scope make. None while the tree is still being read.
 * @param canMeet whether a macro of one file can be used in another; files of different programs share no headers
 */
export function findMade(
  index: LinkIndex,
  name: string,
  canMeet: (path: string, macroPath: string) => boolean,
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
          for (const argument of index.argumentsNamed(key)) addMade(group, argument, word, name, canMeet, found);
        }
      }
    }
  }
  return joinAlternatives(found);
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
  return index.isComplete && stepTable(index, TEMPLATES_A_STEP) === undefined;
}

/** What is done in one step of {@link prepareMade}: some milliseconds of work. */
const TEMPLATES_A_STEP = 1000;

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
    const { pieces, symbol, architecture, onlyIn, paths, wordArguments } = template;
    if (onlyIn !== undefined && onlyIn !== path) continue;
    if (own !== undefined && architecture !== undefined && own !== architecture) continue;
    // Several arguments of a call may be that word; the place is that of the one which ends the name.
    const place = pieces.findLast((piece) => typeof piece === "number");
    if (place === undefined || given[place] !== word) continue;
    if (pieces.map((piece) => (typeof piece === "number" ? (given[piece] ?? "") : piece)).join("") !== name) continue;
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
      },
      macro,
      ...(own === undefined && architecture !== undefined ? { architecture } : {}),
    });
  }
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

interface KnownTable {
  readonly revision: number;
  readonly table: TemplateTable;
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
    const bare = (table.get("") ?? []).filter(isBare).flatMap((group) => [...group.byMacro.keys()]);
    const made = { revision, table, bare: new Set(bare) };
    tablesByIndex.set(index, made);
    return made;
  }
  return undefined;
}

/** The templates of all macros: of those that declare something, of those that call them, and so on. One a step. */
function* makeTemplates(index: LinkIndex): Generator<undefined, readonly Template[]> {
  const callers = new Map<string, readonly HandoverMention[]>();
  const callersOf = (macro: string): readonly HandoverMention[] => {
    let known = callers.get(macro);
    if (known === undefined) callers.set(macro, (known = index.handoversTo(macro)));
    return known;
  };
  let newest = index.makers().flatMap((maker) => maker.fact.symbols.map((symbol) => leafTemplate(maker, symbol)));
  const all = [...newest];
  const seen = new Set(all.map(keyOf));
  for (let step = 0; step < MOST_STEPS && newest.length > 0; step++) {
    const next: Template[] = [];
    for (const template of newest) {
      yield undefined;
      for (const handover of callersOf(template.macro)) {
        const passed = passThrough(template, handover);
        if (passed === undefined || all.length + next.length >= MOST_TEMPLATES) continue;
        const key = keyOf(passed);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(passed);
      }
    }
    all.push(...next);
    newest = next;
  }
  return all;
}

function keyOf({ macro, pieces, symbol, condition, onlyIn, architecture, wordArguments, paths }: Template): string {
  const { role, binding, words } = symbol;
  const made = `${pieces.join("\x01")}\0${role}\0${binding}\0${words.join(" ")}\0${wordArguments.join(" ")}`;
  return `${macro}\0${made}\0${condition}\0${onlyIn ?? ""}\0${architecture ?? ""}\0${paths[0]}`;
}

function leafTemplate({ path, fact }: MakerMention, symbol: MadeSymbol): Template {
  const { parameters } = fact;
  const words = symbol.words.filter((word) => !parameters.includes(word));
  return {
    macro: fact.name,
    pieces: piecesOf(symbol.name, parameters),
    symbol: words.length === symbol.words.length ? symbol : { ...symbol, words },
    wordArguments: symbol.words.filter((word) => parameters.includes(word)).map((word) => parameters.indexOf(word)),
    condition: fact.condition,
    onlyIn: isHeader(path) ? undefined : path,
    architecture: architectureOf(path),
    paths: [path],
  };
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

/** What a macro makes by calling the template's; undefined where that hangs on no argument, or on one that is no word. */
function passThrough(template: Template, { path, fact }: HandoverMention): Template | undefined {
  const { parameters, arguments: given } = fact;
  if (template.onlyIn !== undefined && template.onlyIn !== path) return undefined;
  const own = architectureOf(path);
  if (own !== undefined && template.architecture !== undefined && own !== template.architecture) return undefined;
  const pieces: (string | number)[] = [];
  for (const piece of template.pieces) {
    if (typeof piece === "string") addPiece(pieces, piece);
    else {
      const argument = argumentAt(given, piece, parameters);
      if (argument === undefined) return undefined;
      for (const part of argument) addPiece(pieces, part);
    }
  }
  if (pieces.every((piece) => typeof piece === "string")) return undefined;
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
  return {
    macro: fact.macro,
    pieces,
    symbol: words.length === template.symbol.words.length ? template.symbol : { ...template.symbol, words },
    wordArguments,
    condition: joinConditions(fact.condition, template.condition),
    onlyIn: template.onlyIn ?? (isHeader(path) ? undefined : path),
    architecture: template.architecture ?? own,
    paths: [path, ...template.paths],
  };
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
