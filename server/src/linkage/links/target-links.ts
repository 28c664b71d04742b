/**
 * The links of a tree that is no kernel, as far as a compile database alone tells them. It says what is compiled
 * and where the objects go; CMake and Meson keep the objects of each target in a folder of its own. What the targets are linked
 * into it does not say, so that only programs are known not to meet. It has no IO.
 */

import type { LinkIndex } from "../facts/link-index.ts";
import { type LinkUnit, unitText, WORKSPACE_UNIT } from "../kbuild/link-unit.ts";
import type { BuildCommands } from "./build-commands.ts";
import type { FileLinks } from "./file-links.ts";
import type { OpenReason } from "./link.ts";
import type { Membership } from "./links.ts";
import type { NamedLink } from "./named-links.ts";

/** One entry of the database. */
export interface CompiledFile {
  /** Relative to the tree's root. */
  readonly source: string;
  /** The object's path, as the database has it; undefined where it does not say. */
  readonly object: string | undefined;
}

/** What is known of a tree's links before its files are looked at. */
export interface TreeLinkSources {
  /** The compile database; undefined where there is none. */
  readonly compiled: readonly CompiledFile[] | undefined;
  /** Its path, relative to the root. */
  readonly database?: string | undefined;
  /** The tree's real path, which commands may name files by; "" or left out where they are relative. */
  readonly root?: string | undefined;
  /** Builds whose commands were read. */
  readonly builds?: readonly BuildCommands[] | undefined;
  /** In the user's order: the first that holds a file counts. */
  readonly named: readonly NamedLink[];
}

/** The links that a compile database tells of. */
export function targetLinks(compiled: readonly CompiledFile[], index: LinkIndex, database: string): FileLinks {
  const targets = targetsBySource(compiled);
  const place = { path: database };
  const notListed: OpenReason = {
    kind: "no build",
    text: `${database} lists what is compiled, not what is linked`,
    place,
  };
  let closed: { readonly revision: number; readonly units: ReadonlySet<string> } | undefined;

  const unitsOf = (path: string): readonly LinkUnit[] => targets.get(path)?.map(({ unit }) => unit) ?? [];

  /** Targets with a definition of main that is always there: they are programs, and no two of them are linked together. */
  function programs(): ReadonlySet<string> {
    if (closed?.revision !== index.revision) {
      const found = index
        .mentions("main")
        .filter(({ fact }) => fact.role === "definition" && fact.binding === "strong" && fact.condition === "")
        .flatMap(({ path }) => targets.get(path) ?? [])
        .filter(({ form }) => form !== "library" && form !== "none");
      closed = { revision: index.revision, units: new Set(found.map(({ unit }) => unitText(unit))) };
    }
    return closed.units;
  }

  const forms = new Map<string, TargetForm>();
  for (const list of targets.values()) for (const { unit, form } of list) forms.set(unitText(unit), form);

  /** The objects of the unit may be part of other links too. */
  function isShared(unit: string): boolean {
    const form = forms.get(unit);
    return form !== undefined && form !== "program" && !programs().has(unit);
  }

  function whyOpen(unit: string): readonly OpenReason[] {
    if (!isShared(unit)) return [notListed];
    return [{ kind: "users", text: `${unit} may be part of links that ${database} does not list`, place }, notListed];
  }

  return {
    all: () => [],
    linkOf: () => undefined,
    whyOpen,
    whyUnknown: (path) => [{ kind: "no build", text: `${database} does not list ${path}`, place }],
    unitsOf,
    membershipsOf: (path) =>
      unitsOf(path).map((unit): Membership => {
        const text = unitText(unit);
        const reach = forms.get(text) === "library" ? "archive" : isShared(text) ? "unknown" : "object";
        return { unit: text, reach, guard: [] };
      }),
    canLink(path, other) {
      if (path === other) return true;
      const units = unitsOf(path).map(unitText);
      const others = unitsOf(other).map(unitText);
      if (units.length === 0 || others.length === 0) return true;
      return units.some(isShared) || others.some(isShared) || units.some((unit) => others.includes(unit));
    },
    mayMeet: () => true,
    unitsOfScript: () => undefined,
    isCompiled: (path) => targets.has(path),
  };
}

/**
 * - program: the build system says so
 * - library: an archive, by its name
 * - unknown: a program, an archive or a shared library
 * - none: the object belongs to no target that is known
 */
type TargetForm = "program" | "library" | "unknown" | "none";

interface Target {
  readonly unit: LinkUnit;
  readonly form: TargetForm;
}

function targetsBySource(compiled: readonly CompiledFile[]): ReadonlyMap<string, readonly Target[]> {
  const bySource = new Map<string, Target[]>();
  for (const { source, object } of compiled) {
    const target = targetOf(object);
    const known = bySource.get(source);
    if (known === undefined) bySource.set(source, [target]);
    else if (!known.some(({ unit }) => unitText(unit) === unitText(target.unit))) known.push(target);
  }
  return bySource;
}

/**
 * The target that an object belongs to, by the folder it goes into: `CMakeFiles/<target>.dir/` of CMake; `<file>.p/` of Meson, and
 * `<id>@exe/`, `<id>@sta/`, `<id>@sha/` of Meson before 0.54.
 */
export function targetOf(object: string | undefined): Target {
  const path = object?.replaceAll("\\", "/") ?? "";
  const cmake = /(?:^|\/)CMakeFiles\/([^/]+)\.dir\//.exec(path)?.[1];
  if (cmake !== undefined) return { unit: named("target", cmake), form: "unknown" };
  const meson = /(?:^|\/)([^/]+)\.p\/[^/]+$/.exec(path)?.[1];
  if (meson !== undefined) {
    if (/\.(?:a|lib)$/.test(meson)) return { unit: named("library", meson), form: "library" };
    const isProgram = !/\.(?:so|dylib|dll)(?:\.|$)/.test(meson) && !meson.startsWith("lib");
    return { unit: named("target", meson), form: isProgram ? "program" : "unknown" };
  }
  const [, old = "", sort] = /(?:^|\/)([^/]+)@(exe|sta|sha)\/[^/]+$/.exec(path) ?? [];
  if (sort === "sta") return { unit: named("library", old), form: "library" };
  if (sort !== undefined) return { unit: named("target", old), form: sort === "exe" ? "program" : "unknown" };
  return { unit: WORKSPACE_UNIT, form: "none" };
}

function named(kind: "target" | "library", name: string): LinkUnit {
  return { kind, name, architecture: undefined };
}
