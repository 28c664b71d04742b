/**
 * What the objects of a build say of one symbol, as plain data: what hover shows and `weakspot symbol` prints. Where a source
 * says something else than the objects do, it says that too. It decides nothing that the links do not.
 */

import { unitText, WORKSPACE_UNIT } from "../linkage/kbuild/link-unit.ts";
import { type BuiltLinks, letterOf, linksOfSymbol, type SymbolInLink } from "../linkage/links/built-links.ts";
import { architectureOfBuild, type ObjectName } from "../linkage/objects/build-layout.ts";
import type { ObjectSymbol } from "../linkage/objects/object-index.ts";
import type { LinkUnitReport, ReportedMention } from "./symbol-report.ts";

/**
 * What an object has to do with the symbol in a link.
 * - image: it is the file that was linked
 * - wins, loses: its definition is the one that the link took, or one that it overrode
 * - not taken: a definition in an archive member that the link did not need
 * - refers: it has no definition
 */
export type ObjectPart = "image" | "wins" | "loses" | "not taken" | "refers";

/** One object that has the symbol. */
export interface ReportedObject {
  /** Relative to the build folder. */
  readonly file: ObjectName;
  readonly unit: string;
  readonly part: ObjectPart;
  /** As nm(1) prints it. */
  readonly letter: string;
  readonly binding: string;
  readonly type: string;
  readonly section: string;
  readonly visibility: string;
  /** Hexadecimal: an address in an image, an offset in the section in an object. */
  readonly value: string;
  readonly size: number;
  readonly relocations: { readonly total: number; readonly got: number };
  /** The source that the object was made of, relative to the tree; undefined where it is not known. */
  readonly source?: string;
  /** A file that was changed after the object was made. */
  readonly newer?: string;
}

/** What one link made of the symbol. */
export interface ReportedLink {
  readonly unit: string;
  /** The object whose definition won; undefined where no object defines it. */
  readonly winner: ObjectName | undefined;
  readonly lost: readonly ObjectName[];
  /** Whether the script's PROVIDE took effect, or its assignment, by the linker's map; undefined where that does not tell. */
  readonly assigned: { readonly isProvide: boolean; readonly tookEffect: boolean; readonly value: string } | undefined;
  /** Why the winner's archive member was taken: a symbol, and the file that referred to it where a map tells. */
  readonly takenFor: { readonly file: string | undefined; readonly symbol: string } | undefined;
  /** How many objects refer to it, how many of them weakly, and their relocations together. */
  readonly references: {
    readonly objects: number;
    readonly weak: number;
    readonly total: number;
    readonly got: number;
  };
  /** One sentence on how this differs from what the sources predict; undefined where it does not. */
  readonly difference: string | undefined;
}

export interface ObjectsReport {
  readonly name: string;
  /** False while objects are still being read. */
  readonly isComplete: boolean;
  readonly links: readonly ReportedLink[];
  /** By link, the image first, then definitions, then references, those with most relocations first. */
  readonly objects: readonly ReportedObject[];
}

/** What is known of single objects beside their symbols. */
export interface ObjectOrigins {
  readonly sources: ReadonlyMap<ObjectName, string>;
  readonly newer: ReadonlyMap<ObjectName, string>;
}

const NOTHING_KNOWN: ObjectOrigins = { sources: new Map(), newer: new Map() };

/**
 * Reports on a symbol.
 * @param predicted what the sources make of the symbol, by link; differences are told for these
 */
export function reportObjects(
  name: string,
  links: BuiltLinks,
  predicted: readonly LinkUnitReport[] = [],
  origins: ObjectOrigins = NOTHING_KNOWN,
): ObjectsReport {
  const units = linksOfSymbol(links, name);
  const architecture = architectureOfBuild(links.layout);
  return {
    name,
    isComplete: links.isComplete,
    links: units.map((unit) => reportLink(unit, predictionFor(unit, predicted, architecture), origins)),
    objects: units.flatMap((unit) => objectsIn(unit, origins)),
  };
}

/** What the sources predict of a link, on the architecture that was built. */
function predictionFor(
  { link }: SymbolInLink,
  predicted: readonly LinkUnitReport[],
  architecture: string | undefined,
): LinkUnitReport | undefined {
  const text = unitText(link.unit);
  return predicted.find(({ link: name, architectures }) => {
    // A tree without Kbuild is one link to its sources.
    if (name !== text && name !== WORKSPACE_UNIT.kind) return false;
    return architectures.length === 0 || architecture === undefined || architectures.includes(architecture);
  });
}

function reportLink(unit: SymbolInLink, prediction: LinkUnitReport | undefined, origins: ObjectOrigins): ReportedLink {
  const { link, linked, assigned, takenFor } = unit;
  const sum = (key: "total" | "got") => linked.references.reduce((all, one) => all + one.relocations[key], 0);
  return {
    unit: unitText(link.unit),
    winner: linked.winner?.object,
    lost: linked.lost.map(({ object }) => object),
    assigned: assigned && {
      isProvide: assigned.isProvide,
      tookEffect: assigned.tookEffect,
      value: assigned.value === undefined ? "" : `0x${assigned.value.toString(16)}`,
    },
    takenFor,
    references: {
      objects: linked.references.length,
      weak: linked.references.filter(({ binding }) => binding === "weak").length,
      total: sum("total"),
      got: sum("got"),
    },
    difference: prediction && findDifference(unit, prediction, origins),
  };
}

function objectsIn({ link, linked, image }: SymbolInLink, origins: ObjectOrigins): ReportedObject[] {
  const report = (symbol: ObjectSymbol, part: ObjectPart): ReportedObject => {
    const source = origins.sources.get(symbol.object);
    const newer = origins.newer.get(symbol.object);
    return {
      file: symbol.object,
      unit: unitText(link.unit),
      part,
      letter: letterOf(symbol),
      binding: symbol.binding,
      type: symbol.type,
      section: symbol.section,
      visibility: symbol.visibility,
      value: `0x${symbol.value.toString(16)}`,
      size: symbol.size,
      relocations: symbol.relocations,
      ...(source === undefined ? {} : { source }),
      ...(newer === undefined ? {} : { newer }),
    };
  };
  const references = [...linked.references].sort((a, b) => b.relocations.total - a.relocations.total);
  return [
    ...(image === undefined ? [] : [report(image, "image")]),
    ...(linked.winner === undefined ? [] : [report(linked.winner, "wins")]),
    ...linked.rivals.map((symbol) => report(symbol, "wins")),
    ...linked.lost.map((symbol) => report(symbol, "loses")),
    ...linked.notTaken.map((symbol) => report(symbol, "not taken")),
    ...references.map((symbol) => report(symbol, "refers")),
  ];
}

/** How the objects differ from what the sources predict, as far as the sources of the objects are known. */
function findDifference(
  { link, linked, image }: SymbolInLink,
  prediction: LinkUnitReport,
  origins: ObjectOrigins,
): string | undefined {
  const { winner } = linked;
  const linkedFiles = new Set(link.objects.map(({ object }) => object));
  // A file that this configuration leaves out has no object, and its definitions no part in this link.
  const present = prediction.definitions.filter(
    (mention) => isScript(mention) || linkedFiles.has(objectOf(mention.file)),
  );
  if (winner === undefined) {
    const sure = present.find((mention) => !isScript(mention) && mention.condition === "");
    if (sure !== undefined && image === undefined) {
      return `The source predicts the ${sure.binding} definition in ${sure.file}; no object of this link has it.`;
    }
    return undefined;
  }
  const source = origins.sources.get(winner.object);
  if (present.some(isScript)) return undefined;
  const same = present.filter(({ file }) => file === source || objectOf(file) === winner.object);
  if (same.length === 0) {
    // Macros and generated files define what no source file shows.
    const who =
      source === undefined || source === winner.object ? winner.object : `${winner.object}, made of ${source},`;
    return `No source file is known to define it; ${who} does.`;
  }
  const isWeak = winner.binding === "weak";
  if (!same.some(({ binding }) => (binding === "weak") === isWeak)) {
    return `The definition in ${same[0]!.file} is ${same[0]!.binding} by its source, and ${isWeak ? "weak" : "strong"} in ${winner.object}.`;
  }
  const stronger = present.find(
    (mention) => isWeak && mention.binding !== "weak" && mention.condition === "" && !same.includes(mention),
  );
  if (stronger !== undefined) {
    return `The source predicts the strong definition in ${stronger.file}; the weak one in ${winner.object} won.`;
  }
  return undefined;
}

function isScript({ role }: ReportedMention): boolean {
  return role === "assignment" || role === "provide";
}

/** The object that Kbuild makes of a source. */
function objectOf(source: string): ObjectName {
  return source.replace(/\.\w+$/, ".o");
}
