/** `weakspot why`: why a symbol or a section is in an image, or why it is not, as the map and the objects of its link tell. */

import { dirname, resolve } from "node:path";
import { findMapBeside, readElfImage, readMap, readMapLayout } from "../host/read-image.ts";
import { readObjectsOfMap } from "../host/read-link-graph.ts";
import { type Dropped, explainName, type KeptSections } from "../linkage/objects/kept-sections.ts";
import type { InputPlace } from "../linkage/objects/link-graph.ts";
import { inLinkOrder } from "../linkage/objects/link-order.ts";
import { markByScript } from "../linkage/objects/mark-by-script.ts";
import type { LinkMap, MapMember } from "../syntax/map/parse-map.ts";
import { hexAddress } from "../text/hex.ts";
import { jsonText, printable } from "../text/printable.ts";
import type { ExitCode } from "./exit-code.ts";
import { mustExist } from "./must-exist.ts";
import { printLines, printReady, tell } from "./output.ts";
import { readScriptFile } from "./read-script-file.ts";
import { shortFile } from "./short-file.ts";

export interface WhyArguments {
  readonly map?: string;
  /** The linker script, for what it keeps. */
  readonly script?: string;
  /** What the link's command line had behind -e and -u: without them what these keep is not told from what nobody needs. */
  readonly entry?: string;
  readonly undefined?: readonly string[];
  readonly json?: boolean;
}

/** Prints the reasons. 1 where no object of the link has the name, 2 where there is no map, or not all of its objects can be read. */
export async function runWhy(name: string, path: string, options: WhyArguments): Promise<ExitCode> {
  mustExist(path, "file");
  if (options.map !== undefined) mustExist(options.map, "file", "--map");
  if (options.script !== undefined) mustExist(options.script, "file", "--script");
  const elf = await readElfImage(path);
  const mapPath = options.map ?? (elf === undefined ? path : findMapBeside(path));
  if (mapPath === undefined) throw new Error(`${path}: no map stands beside it (-Map=FILE writes one, --map names it)`);
  const layout = readMapLayout(mapPath);
  const map = readMap(mapPath);
  if (layout === undefined || map === undefined) throw new Error(`${mapPath}: it is no linker's map`);
  const { objects, problems } = await readObjectsOfMap(layout, dirname(resolve(mapPath)));
  for (const problem of problems) tell(problem);
  const marking =
    options.script === undefined
      ? undefined
      : markByScript(
          readScriptFile(options.script),
          inLinkOrder(objects, layout.loaded, map.members),
          map.format === "lld" ? "lld" : "bfd",
          options,
        );
  const found = explainName(name, { layout, objects, entry: elf?.entry, ...(marking && { marking }) });
  const told = found.map((one) => ({ ...one, members: membersOf(one.place.file, map) }));
  if (options.json) printReady(`${jsonText({ name, places: told.map(toJson) }, 2)}\n`);
  else if (told.length === 0) printLines([`no object of this link that could be read has ${name}`]);
  else printLines(told.flatMap((one, i) => (i === 0 ? describe(name, one) : ["", ...describe(name, one)])));
  if (problems.length === 0) return told.length === 0 ? 1 : 0;
  tell("not all objects of the map could be read: what the others define and refer to is not known");
  return 2;
}

type Told = (KeptSections | Dropped) & { readonly members: readonly MapMember[] };

/** Why an archive's member was linked: it, the member that referred to it, and so on up to an object that was listed. */
function membersOf(file: string, { members }: LinkMap): MapMember[] {
  const chain: MapMember[] = [];
  for (let at: string | undefined = file; at !== undefined; ) {
    const member: MapMember | undefined = members.find((one) => one.member === at);
    if (member === undefined || chain.includes(member)) break;
    chain.push(member);
    at = member.takenFor?.file;
  }
  return chain;
}

function describe(name: string, told: Told): string[] {
  const { place } = told;
  const lines =
    told.kind === "kept"
      ? [`${printable(name)}: in the image, in ${nameOf(place)} at ${hexAddress(told.address)}`, ...describeChain(told)]
      : [
          `${printable(name)}: not in the image; ${nameOf(place)}, ${told.size} bytes, was dropped`,
          ...describeDropped(told),
        ];
  for (const { member, takenFor } of told.members) {
    if (takenFor === undefined) continue;
    const who = takenFor.file === undefined ? "the command or the script" : shortFile(takenFor.file);
    const does = takenFor.file === undefined ? "asks for" : "refers to";
    lines.push(`  ${shortFile(member)} was linked because ${who} ${does} ${printable(takenFor.symbol)}`);
  }
  return lines;
}

const ROOTS: Readonly<Record<KeptSections["root"], string>> = {
  entry: "the image starts there",
  keep: "the script has it in a KEEP",
  "asked for": "its symbol is asked for by name",
  always: "of a kind that is always kept",
  itself: "kept for itself: by KEEP, or no garbage is collected",
};

function describeChain({ chain, root }: KeptSections): string[] {
  const why = ROOTS[root];
  return chain.map((step, at) => {
    if (at === 0) return `  ${nameOf(step)}: ${why}`;
    // Assemblers write a reference to a local symbol as one to its section.
    const named = step.symbol === undefined || step.symbol === step.section ? "" : `${printable(step.symbol)}, in `;
    return `  ${"  ".repeat(at)}refers to ${named}${nameOf(step)}`;
  });
}

function describeDropped({ referrers }: Dropped): string[] {
  if (referrers.length === 0) return ["  nothing refers to it, or the script has it in /DISCARD/"];
  return [
    "  nothing that is kept refers to it; these do, and were dropped too, or the script has it in /DISCARD/:",
    ...referrers.map((place) => `    ${nameOf(place)}`),
  ];
}

function nameOf({ file, section }: InputPlace): string {
  return `${printable(section)} of ${shortFile(file)}`;
}

function toJson(told: Told): unknown {
  const { kind, place, members } = told;
  const common = { ...place, outcome: kind, members };
  if (kind === "dropped") return { ...common, size: told.size, referrers: told.referrers };
  return { ...common, address: hexAddress(told.address), root: told.root, chain: told.chain };
}
