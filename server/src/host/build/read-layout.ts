/**
 * Reads from a build folder which objects its links took: from the commands that Kbuild leaves beside what it makes, or, in
 * other trees, from compile_commands.json or the objects that lie there. It blocks, for a worker. It must not read objects.
 */

import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { imageUnit, isLinkedFile, type LinkUnit, WORKSPACE_UNIT } from "../../linkage/kbuild/link-unit.ts";
import type { BuildLayout, BuildLink, LinkedObject, ObjectName } from "../../linkage/objects/build-layout.ts";
import {
  commandFileOf,
  parseCommandFile,
  parseModuleObjects,
  targetOfCommandFile,
} from "../../syntax/kbuild/command-file.ts";
import { inputOf, type LinkCommandInput, parseLinkCommand } from "../../syntax/kbuild/link-command.ts";
import { linkedFiles, type MapFile } from "../../syntax/map/map-inputs.ts";
import { parseMapLayout } from "../../syntax/map/map-layout.ts";
import { leadsOutside } from "../../text/path.ts";
import { listObjectsOf, type ObjectPlace } from "../elf/list-objects.ts";
import { isReallyBelow, readRegular, readRegularStart } from "../open-regular.ts";
import { MOST_DATABASE_BYTES, parseCompileCommands } from "./compile-commands.ts";
import { sourceOfBuild } from "./find-build.ts";

/** Folders and files that are looked at, at most: more than the largest kernel's. */
const MAX_ENTRIES = 1_000_000;

/** How much of a command is read: vmlinux with all its objects named one by one has 2 MB. */
const MAX_COMMAND = 8 * 2 ** 20;

/** A layout, and where the objects are that are members of archives. */
export interface ReadLayout {
  readonly layout: BuildLayout;
  readonly members: ReadonlyMap<ObjectName, ObjectPlace>;
}

interface Reading {
  readonly folder: string;
  readonly members: Map<ObjectName, ObjectPlace>;
  readonly problems: string[];
  readonly allowed: readonly string[];
}

/**
 * @param folder the build folder
 * @param root the tree's top, below which files may be read beside those in the build folder
 */
export function readLayout(folder: string, root: string): ReadLayout {
  const sourceRoot = sourceOfBuild(folder) ?? (existsSync(join(folder, "Kbuild")) ? folder : root);
  const reading: Reading = { folder, members: new Map(), problems: [], allowed: [folder, root] };
  const listing = listFolder(folder);
  const hasKbuild = listing.some((path) => path === ".vmlinux.cmd" || path.endsWith("/.built-in.a.cmd"));
  const links = hasKbuild ? kernelLinks(reading, listing) : workspaceLinks(reading, listing);
  const kind = hasKbuild ? "kernel" : "workspace";
  return { layout: { folder, sourceRoot, kind, links, problems: reading.problems }, members: reading.members };
}

/** All files below a folder, relative to it; links to folders are not followed. */
function listFolder(folder: string): string[] {
  const files: string[] = [];
  const pending = [""];
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    let entries: ReturnType<typeof readFolder>;
    try {
      entries = readFolder(join(folder, below));
    } catch {
      continue;
    }
    for (const entry of entries) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== ".git" && entry.name !== "node_modules") pending.push(path);
      } else if (entry.isFile()) files.push(path);
    }
    if (files.length + pending.length > MAX_ENTRIES) break;
  }
  return files.sort();
}

function readFolder(path: string) {
  return readdirSync(path, { withFileTypes: true });
}

function kernelLinks(reading: Reading, listing: readonly string[]): BuildLink[] {
  const links: BuildLink[] = [];
  const files = new Set(listing);
  const vmlinux = vmlinuxLink(reading, files);
  if (vmlinux !== undefined) links.push(vmlinux);
  for (const path of listing) {
    if (path.endsWith(".mod")) links.push(...moduleLink(reading, files, path));
    const target = targetOfCommandFile(path);
    if (target === undefined || target === "vmlinux" || !isLinkedFile(target)) continue;
    const link = commandLink(reading, files, target);
    if (link !== undefined) links.push(link);
  }
  return links;
}

/**
 * vmlinux: its command is a script's (scripts/link-vmlinux.sh), but that of vmlinux.o names the same objects. What the script
 * makes itself comes behind them: the last round of kallsyms, BTF, the version.
 */
function vmlinuxLink(reading: Reading, files: ReadonlySet<string>): BuildLink | undefined {
  const command = files.has(".vmlinux.o.cmd") ? readCommand(reading, "vmlinux.o") : undefined;
  let inputs: readonly LinkCommandInput[] = command?.inputs ?? [];
  if (inputs.length === 0) {
    const whole = ["vmlinux.a", "built-in.a"].filter((path) => files.has(path)).slice(0, 1);
    const libraries = [...files].filter((path) => /^(?:lib|arch\/[^/]+\/lib)\/lib\.a$/.test(path));
    inputs = [
      ...whole.map((path) => ({ path, kind: "whole archive" }) as const),
      ...libraries.map((path) => ({ path, kind: "archive" }) as const),
    ];
  }
  if (inputs.length === 0) return undefined;
  const objects = objectsOf(reading, inputs);
  const rounds = [...files].filter((path) => /^\.tmp_(?:vmlinux\.)?kallsyms\d\.o$/.test(path)).sort();
  const made = [...rounds.slice(-1), ".btf.vmlinux.bin.o", "init/version-timestamp.o", ".vmlinux.export.o"];
  for (const object of made) {
    const isNew = files.has(object) && !objects.some((known) => known.object === object);
    if (isNew) objects.push({ object, archive: undefined });
  }
  const maps = ["vmlinux.map", ".tmp_vmlinux.map"].filter((path) => files.has(path));
  return {
    unit: imageUnit("vmlinux"),
    image: files.has("vmlinux") ? "vmlinux" : undefined,
    objects,
    scripts: [...files].filter((path) => /^arch\/[^/]+\/kernel\/vmlinux\.lds$/.test(path)),
    map: maps[0],
  };
}

function moduleLink(reading: Reading, files: ReadonlySet<string>, path: string): BuildLink[] {
  const name = path.slice(0, -".mod".length);
  const text = readStart(reading, join(reading.folder, path));
  const listed = parseModuleObjects(text ?? "").map((object) => inputOf(object, true)!);
  const objects = objectsOf(reading, listed);
  if (objects.length === 0) return [];
  const unit: LinkUnit = { ...imageUnit(name), kind: "module", name };
  const image = [`${name}.ko`].find((file) => files.has(file));
  return [{ unit, image, objects, scripts: [], map: undefined }];
}

function commandLink(reading: Reading, files: ReadonlySet<string>, target: string): BuildLink | undefined {
  const link = readCommand(reading, target);
  // A link with another output than its target makes something on the way to it, which has a command of its own.
  if (link === undefined || relativeTo(reading, link.output) !== target) return undefined;
  const objects = objectsOf(reading, link.inputs);
  if (objects.length === 0) return undefined;
  const unit: LinkUnit = link.isFreestanding
    ? imageUnit(target)
    : { kind: "host program", name: target, architecture: undefined };
  return {
    unit: link.isPartial && unit.kind === "image" ? { ...unit, kind: "partial link" } : unit,
    image: files.has(target) ? target : undefined,
    objects,
    scripts: link.scripts,
    map: [link.map, `${target}.map`].find((path) => path !== undefined && files.has(path)),
    ...(link.wrap.length === 0 ? {} : { wrap: link.wrap }),
  };
}

function readCommand(reading: Reading, target: string) {
  const text = readStart(reading, join(reading.folder, commandFileOf(target)));
  const file = text === undefined ? undefined : parseCommandFile(text);
  return file === undefined ? undefined : parseLinkCommand(file.command);
}

/** How deep lists of words may name further lists. */
const MAX_LISTS = 4;

/** The objects behind what a command names: archives are opened, lists of words read. */
function objectsOf(reading: Reading, inputs: readonly LinkCommandInput[], depth = 0): LinkedObject[] {
  const objects: LinkedObject[] = [];
  for (const { path, kind } of inputs) {
    const file = resolve(reading.folder, path);
    if (!isAllowed(reading, file)) continue;
    if (kind === "object") objects.push({ object: relativeTo(reading, file), archive: undefined });
    else if (kind === "list") {
      const words = depth < MAX_LISTS ? (readStart(reading, file) ?? "").split(/\s+/) : [];
      objects.push(
        ...objectsOf(
          reading,
          words.flatMap((word) => inputOf(word, true) ?? []),
          depth + 1,
        ),
      );
    } else objects.push(...membersOf(reading, file, kind === "archive" ? relativeTo(reading, file) : undefined));
  }
  return objects;
}

function membersOf(reading: Reading, file: string, archive: string | undefined): LinkedObject[] {
  try {
    if (!isReallyBelow(file, reading.allowed)) throw new Error("a link leads out of the tree there");
    const { places, problems } = listObjectsOf(file, () => {});
    reading.problems.push(...problems);
    return places
      .filter(({ path }) => isAllowed(reading, path))
      .map((place) => {
        const name = relativeTo(reading, place.path);
        if (place.member === undefined) return { object: name, archive };
        const object = `${name}(${place.member.name})`;
        reading.members.set(object, place);
        return { object, archive };
      });
  } catch (error) {
    reading.problems.push(`${relativeTo(reading, file)}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function relativeTo({ folder }: Reading, path: string): string {
  const below = relative(folder, resolve(folder, path));
  const name = leadsOutside(below) ? resolve(folder, path) : below;
  return sep === "/" ? name : name.replaceAll(sep, "/");
}

/** Only what lies in the build folder or in the tree is read. */
function isAllowed({ allowed }: Reading, file: string): boolean {
  return allowed.some((folder) => file.startsWith(folder.endsWith(sep) ? folder : folder + sep));
}

/** The first part of a file as text; undefined where it can't be read. */
function readStart({ allowed }: Reading, path: string): string | undefined {
  try {
    return readRegularStart(path, { most: MAX_COMMAND, below: allowed }).toString("utf8");
  } catch {
    return undefined;
  }
}

function readDatabase({ allowed }: Reading, path: string): string {
  try {
    return readRegular(path, { most: MOST_DATABASE_BYTES, below: allowed }).toString("utf8");
  } catch {
    return "";
  }
}

/** Maps that are read, and how large they may be: a kernel's has 60 MB at most. */
const MOST_MAPS = 64;
const MOST_MAP_BYTES = 128 * 2 ** 20;

/** The links that linkers have written maps of: each names what it was given. */
function mappedLinks(reading: Reading, listing: readonly string[]): BuildLink[] {
  const files = new Set(listing);
  const maps = listing.filter((path) => path.endsWith(".map")).slice(0, MOST_MAPS);
  return maps.flatMap((map) => {
    const inputs = readMapInputs(reading, map);
    if (inputs === undefined) return [];
    const folders = [reading.folder, dirname(join(reading.folder, map)), ...reading.allowed];
    const objects = inputs.flatMap((input) => objectsOfMap(reading, input, folders));
    if (objects.length === 0) return [];
    const name = map.replace(/\.map$/, "");
    const image = [name, `${name}.elf`, `${name}.axf`, `${name}.out`].find((path) => files.has(path));
    return [{ unit: imageUnit(name.replace(/\.elf$/, "")), image, objects, scripts: [], map }];
  });
}

function readMapInputs({ folder, allowed }: Reading, map: string): MapFile[] | undefined {
  try {
    const bounds = { most: MOST_MAP_BYTES, below: allowed };
    const layout = parseMapLayout(readRegular(join(folder, map), bounds).toString("latin1"));
    return layout && linkedFiles(layout);
  } catch {
    return undefined;
  }
}

/** @param folders where the link may have been run: a map does not say */
function objectsOfMap(reading: Reading, { path, members }: MapFile, folders: readonly string[]): LinkedObject[] {
  const file = folders.map((folder) => resolve(folder, path)).find((candidate) => existsSync(candidate));
  if (file === undefined || !isAllowed(reading, file)) return [];
  const name = relativeTo(reading, file);
  if (members === undefined) return [{ object: name, archive: undefined }];
  // What was taken is linked whatever refers to it.
  const taken = new Set(members.map((member) => `${name}(${member})`));
  return membersOf(reading, file, undefined).filter(({ object }) => taken.has(object));
}

/**
 * Without Kbuild, the links that maps tell of; where there are none, all objects are taken to be one link, as all files of such a
 * tree are.
 */
function workspaceLinks(reading: Reading, listing: readonly string[]): BuildLink[] {
  const mapped = mappedLinks(reading, listing);
  if (mapped.length > 0) return mapped;
  const database = join(reading.folder, "compile_commands.json");
  const objects = new Set<string>();
  if (existsSync(database)) {
    for (const { object } of parseCompileCommands(readDatabase(reading, database))) {
      if (object !== undefined && isAllowed(reading, object) && existsSync(object))
        objects.add(relativeTo(reading, object));
    }
  }
  if (objects.size === 0) for (const path of listing) if (path.endsWith(".o")) objects.add(path);
  if (objects.size === 0) return [];
  const maps = listing.filter((path) => path.endsWith(".map"));
  return [
    {
      unit: WORKSPACE_UNIT,
      image: listing.find((path) => path.endsWith(".elf")),
      objects: [...objects].map((object) => ({ object, archive: undefined })),
      scripts: [],
      map: maps.length === 1 ? maps[0] : undefined,
    },
  ];
}
