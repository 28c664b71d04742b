/**
 * The links that a build's commands make: objects are followed to their sources, archives to their members, libraries to what makes
 * them. It runs nothing and knows no generator.
 */

import type { CommandInput, LinkingCommand, UnreadCommand } from "../../syntax/command/tool-command.ts";
import { baseName } from "../../text/path.ts";
import type { LinkUnit } from "../kbuild/link-unit.ts";
import { type BuildCommand, type BuildCommands, buildPath } from "./build-commands.ts";
import { chosenParts, isChosen } from "./chosen-objects.ts";
import type { Descriptions } from "./described-builds.ts";
import type { FileLinks } from "./file-links.ts";
import {
  type ArchiveInput,
  type BuildPlace,
  type Link,
  type LinkInput,
  type LinkOptions,
  type ObjectInput,
  type OpenReason,
  objectsOf,
} from "./link.ts";
import { readable, whyLinkOpen } from "./link-reasons.ts";
import type { Membership } from "./links.ts";
import { type PossibleLink, possibleOfInputs } from "./possible-links.ts";
import { makesProgram, uniqueUnits, unitNamed } from "./target-units.ts";

/** What is asked of the tree while links are put together. */
export interface CommandHost {
  /** The tree's real path; "" where paths are relative already. */
  readonly root: string;
  hasFile(path: string): boolean;
  /** How the build file lists a source, so that a neighbour can be listed behind it. */
  listingOf?(path: string, unit: string): Membership["listing"];
  /** What the description says that the build was generated from. */
  readonly descriptions: Descriptions;
}

interface Placed {
  readonly build: BuildCommands;
  readonly command: BuildCommand;
}

interface Tables {
  readonly host: CommandHost;
  /** There are several builds, whose links may have the same names. */
  readonly isOneOfMany: boolean;
  /** By the object's path. */
  readonly compiled: Map<string, { readonly source: string; readonly isLto: boolean }>;
  readonly archives: Map<string, { readonly members: readonly CommandInput[]; readonly at: Placed }[]>;
  readonly links: Map<string, Placed & { readonly line: LinkingCommand }>;
  readonly unread: (Placed & { readonly unread: UnreadCommand })[];
  /** What archives and partial links hold in some configurations alone, and those that are linked further so themselves. */
  readonly chosen: ReadonlySet<string>;
  /** Links that are being put together: a partial link of itself ends there. */
  readonly active: Set<string>;
}

/** How a source reaches one link. */
interface Place {
  readonly link: Link;
  readonly reach: Membership["reach"];
  /** Whether it is linked in every configuration. */
  readonly isAlways: "yes" | "no" | "as described";
}

export function commandLinks(builds: readonly BuildCommands[], host: CommandHost): FileLinks {
  const links: Link[] = [];
  const bySource = new Map<string, Place[]>();
  const byScript = new Map<string, Link[]>();
  const archived = new Map<string, { readonly unit: string; readonly place: BuildPlace }[]>();
  const compiledSources = new Set<string>();
  const possible: PossibleLink[] = builds.flatMap(({ whyMore = [], path }) =>
    whyMore.length === 0 ? [] : [{ unit: `target of ${path}`, reasons: whyMore, mayHold: () => true }],
  );
  /** Links of one configuration among those that a description has. */
  const configured = new Set<Link>();
  for (const build of builds) {
    const tables = tablesOf(build, host, builds.length > 1);
    for (const { source } of tables.compiled.values()) compiledSources.add(source);
    possible.push(...tables.unread.flatMap((unread) => possibleOfUnread(unread, tables) ?? []));
    const used = new Set<string>();
    for (const [output, placed] of tables.links) {
      const link = makeLink(output, placed, tables);
      // What is linked further is a part of those links.
      if (link.options.isPartial && isUsed(output, tables)) continue;
      links.push(link);
      if (build.isConfigured) configured.add(link);
      noteScripts(link, byScript);
      for (const { object, archive } of objectsOf(link.inputs ?? [])) {
        if (archive !== undefined) used.add(archive.path);
        if (object.source === undefined) continue;
        const isConditional = link.chosen?.includes(object.source) === true;
        // What the description says is asked for later: it may not be read yet.
        const isAlways = isConditional ? "no" : build.isConfigured ? "as described" : "yes";
        const reach = archive === undefined || archive.take === "all" ? "object" : "archive";
        addPlace(bySource, object.source, { link, reach, isAlways });
      }
    }
    for (const [path, made] of tables.archives) {
      if (used.has(path)) continue;
      for (const { members, at } of made) {
        for (const member of members) {
          const object = objectInput(buildPath(member.path, at.command.folder, host.root), tables);
          if (object.source === undefined) continue;
          const list = archived.get(object.source) ?? [];
          list.push({ unit: `library ${baseName(path)}`, place: at.command.place });
          archived.set(object.source, list);
        }
      }
    }
  }
  possible.push(...links.flatMap((link) => possibleOfInputs(link) ?? []));
  const byUnit = new Map(links.map((link) => [link.unit, link]));
  const description = builds.map(({ path }) => path).join(" and ");

  function unitsOf(path: string): readonly LinkUnit[] {
    const places = bySource.get(path);
    if (places !== undefined) return uniqueUnits(places.map(({ link }) => unitNamed(link.unit)));
    return uniqueUnits((archived.get(path) ?? []).map(({ unit }) => unitNamed(unit)));
  }

  /** Links that may take the file besides those that are known to. */
  function possibleFor(path: string): readonly PossibleLink[] {
    if (possible.length === 0 || !isBuilt(path)) return [];
    const known = new Set(bySource.get(path)?.map(({ link }) => link.unit));
    return possible.filter(({ unit, mayHold }) => !known.has(unit) && mayHold(path));
  }

  function isBuilt(path: string): boolean {
    return compiledSources.has(path) || bySource.has(path);
  }

  function mayMeet(path: string, other: string): boolean {
    if (path === other) return true;
    const [one, two] = [bySource.get(path), bySource.get(other)];
    // Of what no command is known for, and of a library that is linked elsewhere, anything may be.
    if (one === undefined || two === undefined) return true;
    const units = (place: string) => [
      ...bySource.get(place)!.map(({ link }) => link.unit),
      ...possibleFor(place).map(({ unit }) => unit),
    ];
    const others = new Set(units(other));
    return units(path).some((unit) => others.has(unit));
  }

  /** Links that the source is described for and that this configuration links without it. */
  function describedElsewhere(path: string, places: readonly Place[]): Membership[] {
    if (configured.size === 0) return [];
    const programs = host.descriptions.programsOf(path) ?? [];
    const units = programs.map((name) => links.filter((link) => configured.has(link) && makesProgram(link, name)));
    if (units.some((some) => some.length !== 1)) return [];
    return units
      .flat()
      .filter((link) => !places.some((place) => place.link === link))
      .map(({ unit }): Membership => ({ unit, reach: "object", guard: undefined }));
  }

  function chosenReasons(link: Link): OpenReason[] {
    return host.descriptions.chosenLinking().map((place) => ({
      kind: "choice",
      text: `${place.path} chooses what ${link.unit.replace(/^target /, "")} is linked with`,
      place,
    }));
  }

  return {
    all: () => links,
    linkOf: (unit) => byUnit.get(unit),
    whyOpen(unit) {
      const link = byUnit.get(unit);
      if (link !== undefined) return configured.has(link) ? [...link.whyOpen, ...chosenReasons(link)] : link.whyOpen;
      const unread = possible.find((one) => one.unit === unit);
      if (unread !== undefined) return unread.reasons;
      const isLibrary = unit.startsWith("library ");
      const text = isLibrary
        ? `${description} links ${unit.slice("library ".length)} into nothing that is known`
        : `${description} has no link that is known to hold it`;
      return [{ kind: "users", text }];
    },
    whyUnknown: (path) => [
      {
        kind: "no build",
        text: /\.(?:h|hpp|hh|inc)$/.test(path)
          ? `${path} is part of whatever includes it`
          : compiledSources.has(path)
            ? `${description} compiles ${path} and links it into nothing that is known`
            : `${description} does not build ${path} as it is set up`,
      },
    ],
    whyElsewhere: (path) => [
      ...possibleFor(path).flatMap(({ reasons }) => reasons),
      ...(bySource.has(path) ? (archived.get(path) ?? []) : []).map(({ unit, place }): OpenReason => {
        const archive = unit.replace(/^library /, "");
        return {
          kind: "users",
          text: `${path} is a part of ${archive} too, which nothing known is linked with`,
          place,
        };
      }),
    ],
    unitsOf,
    membershipsOf(path) {
      const places = bySource.get(path) ?? [];
      const found = places.map(({ link, reach, isAlways }): Membership => {
        const listing = host.listingOf?.(path, link.unit);
        const isThere = isAlways === "yes" || (isAlways === "as described" && host.descriptions.isAlways(path));
        const membership = { unit: link.unit, reach, guard: isThere ? [] : undefined };
        return listing === undefined ? membership : { ...membership, listing };
      });
      const members = archived.get(path) ?? [];
      return [
        ...found,
        ...(members.length > 0 ? [] : describedElsewhere(path, places)),
        ...members.map(({ unit }): Membership => ({ unit, reach: "archive", guard: undefined })),
        ...possibleFor(path).map(({ unit }): Membership => ({ unit, reach: "unknown", guard: undefined })),
      ];
    },
    canLink: mayMeet,
    mayMeet,
    unitsOfScript(path) {
      const known = byScript.get(path);
      if (known !== undefined) return known.map(({ unit }) => unit);
      // Where every link is known with its scripts, another one is part of none.
      return undefined;
    },
    isCompiled: isBuilt,
  };
}

function addPlace(bySource: Map<string, Place[]>, source: string, place: Place): void {
  const known = bySource.get(source);
  if (known === undefined) bySource.set(source, [place]);
  else {
    const same = known.findIndex(({ link, reach }) => link === place.link && reach === place.reach);
    if (same < 0) known.push(place);
    else if (known[same]!.isAlways === "no") known[same] = place;
  }
}

function noteScripts(link: Link, byScript: Map<string, Link[]>): void {
  const given = (link.inputs ?? []).flatMap((input) => (input.kind === "script" ? [input.path] : []));
  for (const path of [...link.options.scripts, ...given, ...link.options.versionScripts]) {
    const known = byScript.get(path);
    if (known === undefined) byScript.set(path, [link]);
    else known.push(link);
  }
}

function tablesOf(build: BuildCommands, host: CommandHost, isOneOfMany: boolean): Tables {
  const tables: Tables = {
    host,
    isOneOfMany,
    compiled: new Map(),
    archives: new Map(),
    links: new Map(),
    unread: [],
    chosen: new Set(),
    active: new Set(),
  };
  for (const command of build.commands) {
    const at = (path: string) => buildPath(path, command.folder, host.root);
    const { command: tool } = command;
    if (tool.kind === "compile") {
      for (const source of tool.sources) {
        const object = tool.output ?? baseName(source).replace(/\.\w+$/, ".o");
        tables.compiled.set(at(object), { source: at(source), isLto: tool.isLto });
      }
    } else if (tool.kind === "archive") {
      const path = at(tool.output);
      const made = { members: tool.members, at: { build, command } };
      const known = tables.archives.get(path);
      if (known === undefined) tables.archives.set(path, [made]);
      else known.push(made);
    } else if (tool.kind === "unread") tables.unread.push({ build, command, unread: tool });
    else noteLink(at(tool.output ?? "a.out"), { build, command, line: tool }, tables);
  }
  return { ...tables, chosen: chosenParts(build.commands, (path) => partsOf(path, tables)) };
}

/** Two commands that write one file are two ways to link it, as in a shell's condition: what either takes may be there. */
function noteLink(output: string, placed: Placed & { readonly line: LinkingCommand }, { links }: Tables): void {
  const known = links.get(output);
  if (known === undefined) {
    links.set(output, placed);
    return;
  }
  const before = new Set(known.line.inputs.map(({ path }) => path));
  const added = placed.line.inputs.filter(({ path }) => !before.has(path));
  const isSame = added.length === 0 && known.line.inputs.length === placed.line.inputs.length;
  const text = `${known.command.place.path} links ${baseName(output)} in more than one way`;
  const reasons: OpenReason[] = [
    ...(known.command.reasons ?? []),
    ...(placed.command.reasons ?? []),
    ...(isSame ? [] : [{ kind: "choice", text, place: placed.command.place } as const]),
  ];
  const conditional = new Set([...(known.command.conditional ?? []), ...(placed.command.conditional ?? [])]);
  links.set(output, {
    build: placed.build,
    command: { ...placed.command, reasons, conditional },
    line: { ...placed.line, inputs: [...known.line.inputs, ...added] },
  });
}

/** What a command that is not read may link, by the files that it is given. */
function possibleOfUnread({ command, unread }: Tables["unread"][number], tables: Tables): PossibleLink | undefined {
  const at = (path: string) => buildPath(path, command.folder, tables.host.root);
  const sources = new Set<string>();
  let isAny = unread.reach === "anything" || (unread.reach === "script" && unread.inputs.length === 0);
  for (const given of unread.inputs) {
    const path = at(given.path);
    if (given.kind === "source") sources.add(path);
    else if (given.kind === "unknown" || given.kind === "list") isAny = true;
    else if (given.kind === "object") {
      const partial = tables.links.get(path);
      const inputs = partial === undefined ? [objectInput(path, tables)] : inputsOf(path, partial, tables);
      for (const { object } of objectsOf(inputs)) if (object.source !== undefined) sources.add(object.source);
    } else if (given.kind === "archive") {
      for (const { source } of archiveInput(path, false, tables).members ?? [])
        if (source !== undefined) sources.add(source);
    }
  }
  if (!isAny && sources.size === 0) return undefined;
  const reasons = command.reasons ?? [
    {
      kind: "choice",
      text: `${command.place.path} runs ${readable(unread.program)}, which is not read and may link more`,
      place: command.place,
    },
  ];
  return { unit: `target of ${readable(unread.program)}`, reasons, mayHold: (source) => isAny || sources.has(source) };
}

/** The paths of what an archive or a partial link is made of; undefined for a path that none makes. */
function partsOf(path: string, { host, archives, links }: Tables): readonly string[] | undefined {
  const partial = links.get(path);
  const made = [
    ...(partial === undefined ? [] : [{ parts: partial.line.inputs, at: partial }]),
    ...(archives.get(path) ?? []).map(({ members, at }) => ({ parts: members, at })),
  ];
  if (made.length === 0) return undefined;
  return made.flatMap(({ parts, at }) => parts.map((one) => buildPath(one.path, at.command.folder, host.root)));
}

/** Whether another link takes the output of this one. */
function isUsed(output: string, tables: Tables): boolean {
  for (const { line, command } of tables.links.values()) {
    if (line.inputs.some(({ path }) => buildPath(path, command.folder, tables.host.root) === output)) return true;
  }
  for (const made of tables.archives.values()) {
    for (const { members, at } of made) {
      if (members.some(({ path }) => buildPath(path, at.command.folder, tables.host.root) === output)) return true;
    }
  }
  return false;
}

function objectInput(path: string, tables: Tables): ObjectInput {
  const made = tables.compiled.get(path);
  const source = made !== undefined && tables.host.hasFile(made.source) ? made.source : undefined;
  return { kind: "object", path, source, isLto: made?.isLto ?? false };
}

/** A link's name: its output within the build folder, or below the root where there are several builds. */
function nameOf(output: string, { folder }: BuildCommands, { isOneOfMany }: Tables): string {
  const isBelow = folder !== "" && output.startsWith(`${folder}/`);
  return readable(isBelow && !isOneOfMany ? output.slice(folder.length + 1) : output);
}

function makeLink(output: string, placed: Placed & { readonly line: LinkingCommand }, tables: Tables): Link {
  const { line, command, build } = placed;
  const at = (path: string) => buildPath(path, command.folder, tables.host.root);
  const inputs = inputsOf(output, placed, tables);
  const objects = [...objectsOf(inputs)];
  const options: LinkOptions = {
    linker: line.linker,
    isShared: line.isShared,
    isPie: line.isPie,
    isStatic: line.isStatic,
    isPartial: line.isPartial,
    hasStandardLibraries: line.hasStandardLibraries,
    hasStartFiles: line.hasStartFiles,
    isLto: line.isLto || objects.some(({ object }) => object.isLto),
    collectsGarbage: line.collectsGarbage,
    undefined: line.undefined,
    entry: line.entry,
    wrap: line.wrap,
    defined: line.defined,
    scripts: line.scripts.map(at),
    versionScripts: line.versionScripts.map(at),
    dynamicLists: line.dynamicLists.map(at),
    justSymbols: line.justSymbols.map(at),
    allowsMultipleDefinitions: line.allowsMultipleDefinitions,
  };
  const link = {
    unit: `target ${nameOf(output, build, tables)}`,
    output,
    form: line.isShared ? "shared library" : line.isPartial ? "object" : "program",
    inputs,
    options,
    place: command.place,
    chosen: objects.flatMap(({ object, archive }) =>
      object.source !== undefined && isChosen(object, archive, command, tables.chosen) ? [object.source] : [],
    ),
  } as const;
  return { ...link, whyOpen: whyLinkOpen(link, command, tables.host.hasFile) };
}

function inputsOf(output: string, placed: Placed & { readonly line: LinkingCommand }, tables: Tables): LinkInput[] {
  if (tables.active.has(output)) return [];
  tables.active.add(output);
  const inputs: LinkInput[] = [];
  let group: { readonly number: number; readonly inputs: LinkInput[] } | undefined;
  for (const given of placed.line.inputs) {
    const made = inputOf(given, placed, tables);
    if (given.group === 0) inputs.push(...made);
    else if (group?.number === given.group) group.inputs.push(...made);
    else {
      group = { number: given.group, inputs: [...made] };
      inputs.push({ kind: "group", inputs: group.inputs });
    }
  }
  tables.active.delete(output);
  return inputs;
}

function inputOf(given: CommandInput, placed: Placed & { readonly line: LinkingCommand }, tables: Tables): LinkInput[] {
  const { host } = tables;
  const at = (path: string) => buildPath(path, placed.command.folder, host.root);
  const path = at(given.path);
  switch (given.kind) {
    case "object": {
      const partial = tables.links.get(path);
      return partial === undefined ? [objectInput(path, tables)] : inputsOf(path, partial, tables);
    }
    case "source":
      return [{ kind: "object", path, source: host.hasFile(path) ? path : undefined, isLto: placed.line.isLto }];
    case "archive":
      return [archiveInput(path, given.isWhole, tables)];
    case "shared":
      return [sharedInput(path, given, tables)];
    case "library":
      return [libraryInput(given, placed, tables)];
    case "script":
      return [{ kind: "script", path }];
    case "list":
    case "unknown":
      return [{ kind: "unknown", text: given.path }];
  }
}

function archiveInput(path: string, isWhole: boolean, tables: Tables): ArchiveInput {
  const made = tables.archives.get(path);
  const members = made?.flatMap(({ members: list, at }) =>
    list.flatMap((member): ObjectInput[] => {
      const object = buildPath(member.path, at.command.folder, tables.host.root);
      const partial = tables.links.get(object);
      if (partial !== undefined) return [...objectsOf(inputsOf(object, partial, tables))].map(({ object: one }) => one);
      return [objectInput(object, tables)];
    }),
  );
  return { kind: "archive", path, members, take: isWhole ? "all" : "needed" };
}

function sharedInput(path: string, given: CommandInput, tables: Tables): LinkInput {
  const plain = path.replace(/(\.so)(?:\.[\d.]+)$/, "$1");
  const made = [...tables.links].find(
    ([output]) => output === path || output.replace(/(\.so)(?:\.[\d.]+)$/, "$1") === plain,
  );
  const unit = made === undefined ? undefined : `target ${nameOf(made[0], made[1].build, tables)}`;
  return { kind: "shared", path, unit, isAsNeeded: given.isAsNeeded };
}

/** `-lm`: what the tree makes in one of the -L folders, shared before static unless it is linked statically (ld(1), -l). */
function libraryInput(
  given: CommandInput,
  placed: Placed & { readonly line: LinkingCommand },
  tables: Tables,
): LinkInput {
  const { line, command } = placed;
  const isStatic = given.isStatic || line.isStatic;
  const names = given.path.startsWith(":")
    ? [given.path.slice(1)]
    : [...(isStatic ? [] : [`lib${given.path}.so`]), `lib${given.path}.a`];
  for (const folder of line.folders) {
    for (const name of names) {
      const path = buildPath(`${folder}/${name}`, command.folder, tables.host.root);
      if (tables.archives.has(path)) return archiveInput(path, given.isWhole, tables);
      if (tables.links.has(path)) return sharedInput(path, given, tables);
    }
  }
  return { kind: "library", name: given.path };
}
