/**
 * Compares, for every symbol that objects define in a tree that was built with a linker's map (-Map), whose definition is linked: as the
 * build's objects and map are understood, and as the sources alone predict, with the file that the map has at the symbol's address by nm.
 */

import { basename, join, relative, resolve } from "node:path";
import { reportSymbol } from "../../../server/src/features/symbol-report.ts";
import { openBuild } from "../../../server/src/host/build/open-build.ts";
import { defaultCacheFolder } from "../../../server/src/host/index-cache.ts";
import { linksOfSymbol, viewBuild } from "../../../server/src/linkage/links/built-links.ts";
import { allNames, symbolsNamed } from "../../../server/src/linkage/objects/object-index.ts";
import { openSession } from "../../../server/src/session/session.ts";
import { runOrThrow } from "../../support/run-program.ts";

/** A tree that was built, its sources beside a folder with its image and map. */
export interface BuiltTree {
  readonly name: string;
  /** The sources, without anything that was built. */
  readonly source: string;
  /** Where it was built. */
  readonly build: string;
  /** Relative to the build folder. */
  readonly image: string;
  readonly map: string;
  readonly nm: string;
  /** What reports of the sources are narrowed to, where the tree has configurations. */
  readonly configuration?: string;
  readonly architecture?: string;
}

export interface Verdict {
  right: number;
  /** No winner is claimed. */
  depends: number;
  readonly wrong: string[];
}

export interface Judged {
  readonly byBuild: Verdict;
  readonly bySources: Verdict;
}

const newVerdict = (): Verdict => ({ right: 0, depends: 0, wrong: [] });

/** A row of an input section in a map of bfd's or gold's, whose name may have a line of its own. */
const ROW = /^ (?:\S+)?\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S.*)$/;

/** Input sections that take no address of the image: they lie at 0, as an image may that is linked there. */
const NOT_LOADED = /^\.(?:debug|zdebug|comment|stab|gnu\.warning|note\.GNU-stack|ARM\.attributes|riscv\.attributes)/;

interface Placed {
  readonly start: bigint;
  readonly end: bigint;
  /** As the linker was given it: "lib.a(x.o)". */
  readonly file: string;
}

/** What the linker placed where, by the rows of its map. */
function readPlaces(map: string): readonly Placed[] {
  const places: Placed[] = [];
  const begins = Math.max(map.indexOf("\nLinker script and memory map"), map.indexOf("\nMemory map"));
  let section = "";
  for (const line of map.slice(begins).split("\n")) {
    section = /^ (\S+)/.exec(line)?.[1] ?? section;
    if (NOT_LOADED.test(section)) continue;
    const [, start, size, file] = ROW.exec(line) ?? [];
    const length = BigInt(`0x${size ?? "0"}`);
    if (start === undefined || file === undefined || start.replaceAll("0", "") === "") continue;
    places.push({ start: BigInt(`0x${start}`), end: BigInt(`0x${start}`) + length, file: file.trim() });
  }
  return places.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

/**
 * The one file that has the address; undefined where sections of several lie there, as those of no load address do, and empty ones, whose
 * symbols mark the places of others.
 */
function fileAt(places: readonly Placed[], address: bigint): string | undefined {
  const isThere = ({ start, end }: Placed) => start === address || (start < address && address < end);
  const files = new Set(places.filter(isThere).map(({ file }) => file));
  return files.size === 1 ? [...files][0] : undefined;
}

/** Addresses of the image's global symbols, by nm. */
async function readAddresses({ build, image, nm }: BuiltTree): Promise<ReadonlyMap<string, bigint>> {
  const stdout = await runOrThrow(nm, ["--defined-only", "--format=posix", join(build, image)]);
  const found = new Map<string, bigint>();
  for (const line of stdout.split("\n")) {
    const [, name, letter, value] = /^(\S+) ([A-Za-z]) ([0-9a-f]+)/.exec(line) ?? [];
    if (name !== undefined && /[A-Zvwu]/.test(letter!)) found.set(name, BigInt(`0x${value}`));
  }
  return found;
}

/** The object's path in the build folder, an archive's member by itself: "lib/lib.a(x.o)" is "x.o". */
function objectName(file: string, build: string): string {
  const member = /\(([^()]*)\)$/.exec(file)?.[1];
  if (member !== undefined) return basename(member);
  return relative(build, resolve(build, file));
}

function withoutEnding(path: string): string {
  return path.replace(/\.[^./]*$/, "");
}

/** Whether an object is made of a source, by their names: "obj/src/a/x.lo" of "src/a/x.c". */
function isMadeOf(object: string, source: string): boolean {
  const [made, stem] = [withoutEnding(object), withoutEnding(source)];
  return made === stem || made.endsWith(`/${stem}`) || (!made.includes("/") && basename(stem) === made);
}

function count(verdict: Verdict, isRight: boolean | undefined, text: () => string): void {
  if (isRight === undefined) verdict.depends++;
  else if (isRight) verdict.right++;
  else verdict.wrong.push(text());
}

export async function judgeTree(tree: BuiltTree, mapText: string): Promise<Judged> {
  const judged: Judged = { byBuild: newVerdict(), bySources: newVerdict() };
  const places = readPlaces(mapText);
  const addresses = await readAddresses(tree);
  const { configuration, architecture } = tree;
  const session = openSession(tree.source, {
    cacheFolder: defaultCacheFolder(),
    ...(configuration === undefined ? {} : { configuration: () => join(tree.build, configuration) }),
    ...(architecture === undefined ? {} : { architecture: () => architecture }),
  });
  const build = openBuild(tree.build, tree.build);
  try {
    await Promise.all([session.workspace.current, build.load()]);
    const links = viewBuild(build.layout!, build.index, true, build.maps);
    for (const name of [...allNames(build.index)].sort()) {
      const address = addresses.get(name);
      const isDefined = symbolsNamed(build.index, name).some((one) => one.isDefined && one.object !== tree.image);
      const actual = address === undefined || !isDefined ? undefined : fileAt(places, address);
      if (actual === undefined) continue;
      const object = objectName(actual, tree.build);
      const built = linksOfSymbol(links, name).find(({ link }) => link.map === tree.map)?.linked.winner?.object;
      count(
        judged.byBuild,
        built === undefined ? undefined : objectName(built, tree.build) === object,
        () => `${name}: ${built}, not ${actual}`,
      );
      const { linkUnits } = await session.ask((program) => reportSymbol(name, program, { limit: 0 }));
      const report = linkUnits.find(({ link }) => link.endsWith(` ${tree.image}`) || link === tree.image);
      const winner = report?.winner?.file;
      // What a file that others include as source defines is in their objects.
      const units = winner === undefined ? [] : await session.ask(({ links: all }) => all.translationUnitsOf(winner));
      count(
        judged.bySources,
        winner === undefined ? undefined : units.some(({ path }) => isMadeOf(object, path)),
        () => `${name}: ${winner}, not ${actual}`,
      );
    }
  } finally {
    await build.close();
    await session.dispose();
  }
  return judged;
}
