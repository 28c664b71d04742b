/**
 * What is said of a symbol, for hover and `weakspot symbol` alike: first what the name is, then for each link where it is defined
 * and, where there is a contest, who wins and why; what else is known stands apart. It decides nothing and knows no Markdown.
 */

import { architectureOf } from "../linkage/facts/architecture.ts";
import { conditionOf, joinAll } from "../syntax/condition/condition.ts";
import { joinPhrases, type Phrase, type Spot } from "./phrase.ts";
import type { LinkUnitReport, ReportedMention, SymbolReport } from "./symbol-report.ts";

export interface SymbolWords {
  /** What the name is: "weak definition of a function, external linkage". */
  readonly title: Phrase;
  readonly verdicts: readonly Verdict[];
  /** What is good to know besides: declarations, tests, what the answer is narrowed to. Whole sentences. */
  readonly details: readonly Phrase[];
}

/** What one link makes of it. */
export interface Verdict {
  /** The link's name where there are several; "" where it goes without saying. */
  readonly unit: string;
  readonly sentence: Phrase;
  /** The definitions that the sentence leaves to be listed. */
  readonly places: readonly Phrase[];
}

export interface WordingOptions {
  /** What stands under the cursor, where that declares or defines the symbol. */
  readonly here?: ReportedMention | undefined;
  /** How many places of each list are written out. Default: all. */
  readonly most?: number;
}

/** Finds the words for a report; undefined where nothing is known of the name. */
export function wordSymbol(report: SymbolReport, options: WordingOptions = {}): SymbolWords | undefined {
  const { here, most = Number.POSITIVE_INFINITY } = options;
  const units = joinArchitectures(report.linkUnits);
  if (units.length === 0 && report.internal.length === 0 && here === undefined) return undefined;
  const verdicts = units.slice(0, most).map((unit) => wordUnit(unit, units.length > 1, report, most));
  if (units.length > most) {
    const more = (units.length - most).toLocaleString("en");
    verdicts.push({ unit: "", sentence: [`${more} more links have it.`], places: [] });
  }
  if (report.internal.length > 0) verdicts.push(wordInternal(report, most));
  if (verdicts.length === 0)
    verdicts.push({ unit: "", sentence: ["No other file declares or defines it."], places: [] });
  return { title: titleOf(report, here), verdicts, details: detailsOf(report, units, most) };
}

/** Links that architectures make differently as one: what is common to them is said once. */
export function joinArchitectures(units: readonly LinkUnitReport[]): readonly LinkUnitReport[] {
  const joined = new Map<string, LinkUnitReport>();
  for (const unit of units) {
    const known = joined.get(unit.link);
    if (known === undefined) joined.set(unit.link, { ...unit, unit: unit.link });
    else {
      joined.set(unit.link, {
        ...known,
        winner: undefined,
        definitions: joinMentions(known.definitions, unit.definitions),
        declarations: joinMentions(known.declarations, unit.declarations),
      });
    }
  }
  return [...joined.values()];
}

function joinMentions(some: readonly ReportedMention[], more: readonly ReportedMention[]): readonly ReportedMention[] {
  const key = ({ file, offset }: ReportedMention) => `${file}:${offset}`;
  const known = new Set(some.map(key));
  const all = [...some, ...more.filter((mention) => !known.has(key(mention)))];
  // Those whose lines are known come first, as the others are only counted; then what every architecture has.
  return all.sort((a, b) => rank(a) - rank(b));
}

function rank({ file, line }: ReportedMention): number {
  return (line === 0 ? 2 : 0) + (architectureOf(file) === undefined ? 0 : 1);
}

/** "weak definition of a function, external linkage, section `.init.text`". */
function titleOf(report: SymbolReport, here: ReportedMention | undefined): Phrase {
  if (here !== undefined) return joinPhrases([rolePhrase(here), ...attributesOf(here)], ", ");
  const external = report.linkUnits.flatMap(({ definitions, declarations }) => [...definitions, ...declarations]);
  const known = external.length > 0 ? external : report.internal;
  const kind = known.find((mention) => mention.kind !== "unknown")?.kind ?? "symbol";
  const isInline = known.every((mention) => mention.isInline === true);
  return [`${isInline ? "inline " : ""}${kind}, ${external.length > 0 ? "external" : "internal"} linkage`];
}

function rolePhrase(mention: ReportedMention): Phrase {
  const { role, binding, kind, target } = mention;
  if (role === "assignment") return ["assignment in a linker script"];
  if (role === "provide") return ["PROVIDE in a linker script"];
  if (role === "alias") return [`${binding} alias`, ...(target === undefined ? [] : [" of ", { code: target }])];
  const isWeakReference = role === "declaration" && binding === "weak";
  const what = kind === "unknown" ? "" : ` ${isWeakReference ? "to" : "of"} ${kind === "object" ? "an" : "a"} ${kind}`;
  return [`${isWeakReference ? "weak reference" : definitionWord(mention)}${what}`];
}

/** "weak definition", "tentative definition", "inline definition", "static definition", "declaration". */
function definitionWord({ role, binding, isInline }: ReportedMention): string {
  const inline = isInline === true ? "inline " : "";
  const word = role === "declaration" ? "declaration" : role === "tentative" ? "tentative definition" : "definition";
  if (binding === "local") return `static ${inline}${word}`;
  if (role === "declaration" || (role === "tentative" && binding === "strong")) return word;
  return `${binding} ${inline}${word}`;
}

function attributesOf({ role, binding, visibility, section, condition, architecture }: ReportedMention): Phrase[] {
  const phrases: Phrase[] = [];
  if (binding === "local") phrases.push(["internal linkage"]);
  else if (role !== "assignment" && role !== "provide") phrases.push(["external linkage"]);
  if (visibility !== undefined) phrases.push([`${visibility} visibility`]);
  if (section !== undefined) phrases.push(["section ", { code: section }]);
  if (architecture !== undefined) phrases.push([`on ${architecture}`]);
  if (condition !== "") phrases.push(["if ", { code: condition }]);
  return phrases;
}

function wordUnit(unit: LinkUnitReport, isNamed: boolean, report: SymbolReport, most: number): Verdict {
  const { sentence, told } = differingWords(unit, report) ?? sentenceOf(unit, report);
  const reasons = unit.whyOpen.length === 0 ? [] : [` What else is linked is not known: ${unit.whyOpen.join("; ")}.`];
  const notes = unit.notes.map((note) => ` ${capitalize(note)}.`);
  const rest = unit.definitions.filter((mention) => !told.some((one) => isSamePlace(one, mention)));
  return {
    unit: isNamed ? unit.unit : "",
    sentence: [...sentence, ...addressInC(unit, report), ...withoutIt(unit), ...reasons, ...notes],
    places: listPlaces(
      [...rest].sort((a, b) => rank(a) - rank(b)),
      most,
    ),
  };
}

/** How C gets at what a script assigns, where it declares a variable (ld manual, "Source Code Reference"). */
function addressInC({ definitions, declarations }: LinkUnitReport, { name }: SymbolReport): Phrase {
  const isAssigned =
    definitions.length > 0 && definitions.every(({ role }) => role === "assignment" || role === "provide");
  const isVariable = declarations.some(({ kind, isArray }) => kind === "object" && isArray !== true);
  return isAssigned && isVariable ? [" In C that is its address, ", { code: `&${name}` }, "."] : [];
}

/** What references get that are weak, all of them, where the one definition hangs on a condition. */
function withoutIt({ definitions: [only, ...others], declarations }: LinkUnitReport): Phrase {
  if (only === undefined || others.length > 0 || declarations.length === 0) return [];
  const isLinkedAtAll = only.dependsOn?.startsWith("if ") !== true;
  if (only.condition === "" && only.linkedIf === undefined && isLinkedAtAll) return [];
  if (!declarations.every(({ binding }) => binding === "weak")) return [];
  return [" Without that, its address is NULL where nothing else defines it."];
}

/** What architectures make of it where they differ; undefined where all agree. */
function differingWords(unit: LinkUnitReport, { summary }: SymbolReport): Told | undefined {
  if (summary === undefined || unit.link !== "vmlinux") return undefined;
  const isConditional = unit.definitions.some(({ condition, linkedIf }) => condition !== "" || linkedIf !== undefined);
  return { sentence: [`${capitalize(summary)}${isConditional ? ", where the conditions hold" : ""}.`], told: [] };
}

/** A sentence, and the definitions that it names. */
interface Told {
  readonly sentence: Phrase;
  readonly told: readonly ReportedMention[];
}

/** Where it is defined; who wins, and why, only where several definitions meet. */
function sentenceOf(unit: LinkUnitReport, report: SymbolReport): Told {
  const { outcome, definitions, winner } = unit;
  switch (outcome) {
    case "null":
    case "missing":
      return { sentence: wordNowhere(unit, report), told: [] };
    case "several":
      return wordSeveral(unit);
    case "depends":
      return definitions.length === 0
        ? { sentence: wordNowhere(unit, report), told: [] }
        : { sentence: ["What is linked decides which definition is used:"], told: [] };
    default: {
      const [only, ...others] = definitions;
      if (only === undefined) return { sentence: ["No file of the tree defines it."], told: [] };
      if (others.length === 0) return { sentence: wordOnly(only, unit), told: [only] };
      if (winner !== undefined) return wordContest(winner, unit);
      return {
        sentence: [
          outcome === "strong"
            ? "Strong definitions that exclude each other:"
            : "Weak definitions alone; the first that is linked wins:",
        ],
        told: [],
      };
    }
  }
}

/** Strong definitions of which a link takes one, and the weak one that it overrides where there is one. */
function wordSeveral({ definitions, link, whyOpen }: LinkUnitReport): Told {
  const weak = definitions.filter(({ binding }) => binding === "weak");
  const strong = definitions.filter(({ binding }) => binding !== "weak");
  // A kernel's are in one link by its configuration, which is not asked here.
  if (link.startsWith("target ") && whyOpen.length === 0 && strong.every((one) => hangsOn(one).length === 0)) {
    const unless = strong.every(({ role }) => role === "tentative")
      ? ", unless -fcommon makes common symbols of them"
      : "";
    return { sentence: [`Several strong definitions in one link, which linkers reject${unless}:`], told: [] };
  }
  const [fallback, ...others] = weak;
  if (fallback === undefined || others.length > 0)
    return { sentence: ["Several strong definitions, of which a link takes one:"], told: [] };
  const count = (definitions.length - weak.length).toLocaleString("en");
  return {
    sentence: ["The weak definition in ", fallback, ` is overridden by whichever of ${count} strong ones is linked:`],
    told: [fallback],
  };
}

/** "Strong definition in kernel/fork.c:12, if CONFIG_X." */
function wordOnly(only: ReportedMention, unit: LinkUnitReport): Phrase {
  const conditions = hangsOn(only);
  const where: Phrase = [only, ...byMacro(only), ...(conditions.length === 0 ? [] : [", ", ...conditions])];
  switch (only.role) {
    case "provide":
      return ["PROVIDEd in ", ...where, ": it takes effect where something refers to it and nothing else defines it."];
    case "assignment":
      return ["Assigned in ", ...where, ...assignedValue(only), "."];
    case "alias":
      return [capitalize(plainRole(only)), ...targetOf(only), ", in ", ...where, noOverride(unit), "."];
    case "tentative":
      return unit.outcome === "weak"
        ? ["Weak definition in ", ...where, noOverride(unit), "."]
        : ["Tentative definition in ", ...where, ": zero, or a common symbol where -fcommon is given."];
    default:
      return [`${capitalize(definitionWord(only))} in `, ...where, noOverride(unit), "."];
  }
}

function plainRole({ binding }: ReportedMention): string {
  return `${binding} alias`;
}

function noOverride({ outcome, mayOverride }: LinkUnitReport): string {
  if (outcome !== "weak") return "";
  return mayOverride.length === 0
    ? "; nothing in the tree overrides it"
    : `; whether anything overrides it is not known: ${mayOverride.join("; ")}`;
}

function targetOf({ target }: ReportedMention): Phrase {
  return target === undefined ? [] : [" of ", { code: target }];
}

function assignedValue({ value }: ReportedMention): Phrase {
  return value === undefined || value === "" || value === "." ? [] : [": ", { code: value }];
}

/** "kernel/a.c:3 wins: its definition is strong, that in lib/b.c:7 is weak." */
function wordContest(winner: ReportedMention, unit: LinkUnitReport): Told {
  const { definitions, outcome } = unit;
  const others = definitions.filter((mention) => !isSamePlace(mention, winner));
  const [first, ...more] = others;
  const head: Phrase = [winner, ...byMacro(winner), " wins"];
  const conditions = hangsOn(winner);
  const only: Phrase = conditions.length === 0 ? [] : [", ", ...conditions];
  if (first === undefined) return { sentence: wordOnly(winner, unit), told: definitions };
  // An object's own comes first, then what the first shared library has (ELF gABI, "Shared Object Dependencies").
  if (outcome === "weak" && others.some(({ binding, dependsOn }) => binding === "strong" && dependsOn === undefined))
    return { sentence: [...head, ...only, ": the first that is found is used, weak or not."], told: [winner] };
  if (outcome === "weak")
    return { sentence: [...head, ...only, ": the first that is linked of weak definitions alone."], told: [winner] };
  if (outcome === "provided") return { sentence: [...head, ...only, "."], told: [winner] };
  const isOverride = others.every(({ binding, role }) => binding === "weak" && role !== "provide");
  if (!isOverride) return { sentence: [...head, ...only, `: ${whatWins(winner)}.`], told: [winner] };
  const loser: Phrase =
    more.length === 0
      ? ["the weak one in ", first, ...byMacro(first)]
      : [`${others.length.toLocaleString("en")} weak ones`];
  return {
    sentence: [...head, ...only, `: ${whatWins(winner)} and overrides `, ...loser, "."],
    told: more.length === 0 ? [winner, first] : [winner],
  };
}

function whatWins({ role }: ReportedMention): string {
  if (role === "assignment") return "the linker script assigns it";
  return role === "alias" ? "it is a strong alias" : "it is strong";
}

/** "Nothing in the tree defines it: ld makes it from the sections named set_devs, where there are any; else it is NULL." */
function wordNowhere(
  { outcome, madeBy, elsewhere, declarations, definitions }: LinkUnitReport,
  { linkUnits }: SymbolReport,
): Phrase {
  const isWeak =
    outcome === "null" || (declarations.length > 0 && declarations.every(({ binding }) => binding === "weak"));
  if (definitions.length > 0) {
    const isNull = isWeak && declarations.length > 0;
    return [
      isNull
        ? "No definition of it is linked, and its address is NULL, as a weak reference takes nothing from an archive:"
        : "No definition of it is linked:",
    ];
  }
  const otherwise = isWeak ? "its address is NULL" : "the link fails where something refers to it";
  const outside = `it may come from elsewhere, as ${elsewhere.join("; ")}`;
  const unknown = elsewhere.length > 0 ? outside : "it is generated or comes from elsewhere";
  const made = madeBy.length > 0 ? madeBy.join("; ") : unknown;
  const isDefined = linkUnits.some((unit) => unit.definitions.length > 0);
  return [`${isDefined ? "No file of this link" : "Nothing in the tree"} defines it: ${made}, or else ${otherwise}.`];
}

/** ", by the macro `DEFINE_X`". */
function byMacro({ macro }: ReportedMention): Phrase {
  return macro === undefined ? [] : [", by the macro ", { code: macro }];
}

/** What must hold for the definition to be there: "if `CONFIG_X`", "taken from an archive where something refers to it". */
function hangsOn({ condition, linkedIf, isArchived, dependsOn, role, architecture }: ReportedMention): Phrase {
  const phrases: Phrase[] = [];
  if (architecture !== undefined) phrases.push([`on ${architecture}`]);
  const all = joinAll([conditionOf(linkedIf ?? ""), conditionOf(condition)]).text;
  if (all !== "") phrases.push(["if ", { code: all }]);
  if (dependsOn !== undefined) phrases.push([dependsOn]);
  else if (isArchived === true && role !== "provide")
    phrases.push(["which the link takes from its archive where something needs it"]);
  return joinPhrases(phrases, ", ");
}

function listPlaces(mentions: readonly ReportedMention[], most: number): readonly Phrase[] {
  const listed = mentions.slice(0, most).map(listedPlace);
  const rest = mentions.length - listed.length;
  return rest > 0 ? [...listed, [`${rest.toLocaleString("en")} more`]] : listed;
}

/** "kernel/a.c:3: weak definition, if CONFIG_X". */
function listedPlace(mention: ReportedMention): Phrase {
  const what =
    mention.role === "assignment"
      ? ["assignment", ...assignedValue(mention)]
      : mention.role === "provide"
        ? ["PROVIDE"]
        : mention.role === "alias"
          ? [plainRole(mention), ...targetOf(mention)]
          : [definitionWord(mention)];
  const conditions = hangsOn(mention);
  return [mention, ": ", ...what, ...byMacro(mention), ...(conditions.length === 0 ? [] : [", ", ...conditions])];
}

/** What is static by the name: one function of a file, one of a header that every includer has for itself, or several. */
function wordInternal({ internal, linkUnits }: SymbolReport, most: number): Verdict {
  const [first, ...others] = internal;
  const unit = "";
  if (first === undefined) return { unit, sentence: [], places: [] };
  if (linkUnits.length > 0)
    return {
      unit,
      sentence: ["Elsewhere it is static, and no symbol of the link:"],
      places: listPlaces(internal, most),
    };
  if (others.length > 0)
    return { unit, sentence: ["Internal linkage in each of:"], places: listPlaces(internal, most) };
  const conditions = hangsOn(first);
  const where: Phrase = [first, ...(conditions.length === 0 ? [] : [", ", ...conditions])];
  const scope = first.file.endsWith(".h") ? "every file that includes it has its own" : "no other file can refer to it";
  return { unit, sentence: [`${capitalize(definitionWord(first))} in `, ...where, `: ${scope}.`], places: [] };
}

function detailsOf(report: SymbolReport, units: readonly LinkUnitReport[], most: number): readonly Phrase[] {
  const details: Phrase[] = [];
  const declarations = units.reduce<readonly ReportedMention[]>(
    (all, unit) => joinMentions(all, unit.declarations),
    [],
  );
  const weak = declarations.filter(({ binding }) => binding === "weak");
  const plain = declarations.filter(({ binding }) => binding !== "weak");
  if (plain.length > 0) details.push(["Declared in ", ...someSpots(plain, most), "."]);
  if (weak.length > 0) details.push(["Declared weak in ", ...someSpots(weak, most), "."]);
  if (report.namesakes.length > 0)
    details.push(["Other files have one of that name: ", ...someSpots(report.namesakes, most), "."]);
  if (report.nullTests.length > 0)
    details.push(["Tested against NULL in ", ...someSpots(report.nullTests.map(onLine), most), "."]);
  if (report.mangled.length > 0)
    details.push(['Without extern "C", and so another symbol, in ', ...someSpots(report.mangled, most), "."]);
  for (const macro of new Set(report.hiddenReferences.map((reference) => reference.macro))) {
    const here = report.hiddenReferences.filter((reference) => reference.macro === macro).map(onLine);
    const noun = here.length === 1 ? "reference" : "references";
    details.push([`Weak ${noun} through `, { code: macro }, " in ", ...someSpots(here, most), "."]);
  }
  if (report.narrowedTo !== undefined) details.push(["As ", { code: report.narrowedTo }, " has it."]);
  if (!report.isComplete) details.push(["The tree is still being indexed; more may come."]);
  return details;
}

function onLine<T extends { readonly file: string; readonly line: number }>(place: T): T & { readonly column: number } {
  return { ...place, column: 0 };
}

/** "a.c:3, b.c:4 (if CONFIG_X) and 2 more". */
function someSpots(
  places: readonly (Spot & { readonly condition?: string; readonly binding?: string })[],
  most: number,
): Phrase {
  const named = places.slice(0, most).map(({ file, line, column, condition = "", binding }): Phrase => {
    const marks: Phrase[] = binding === "local" ? [["static"]] : [];
    if (condition !== "") marks.push(["if ", { code: condition }]);
    const spot = { file, line, column };
    return marks.length === 0 ? [spot] : [spot, " (", ...joinPhrases(marks, ", "), ")"];
  });
  const rest = places.length - named.length;
  return [...joinPhrases(named, ", "), ...(rest > 0 ? [` and ${rest.toLocaleString("en")} more`] : [])];
}

function isSamePlace(one: ReportedMention, other: ReportedMention): boolean {
  return one.file === other.file && one.offset === other.offset;
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
