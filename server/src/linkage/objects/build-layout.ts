/**
 * What a build holds: its links, the objects that each of them took, and the files that they made. Paths are relative to the
 * build folder, with forward slashes, or absolute where they lie elsewhere. Plain data, which a worker can hand over.
 */

import { architectureOf } from "../facts/architecture.ts";
import type { LinkUnit } from "../kbuild/link-unit.ts";

/** An object, as a file or as a member of an archive: "kernel/fork.o", "lib/libfoo.a(bar.o)". */
export type ObjectName = string;

export interface LinkedObject {
  readonly object: ObjectName;
  /** The archive from which it is taken only when something refers to it; undefined where it is always linked. */
  readonly archive: string | undefined;
}

/** One link of the build. */
export interface BuildLink {
  readonly unit: LinkUnit;
  /** The file that it made, when it is there. */
  readonly image: string | undefined;
  /** What the linker was given, in its order. */
  readonly objects: readonly LinkedObject[];
  /** Scripts that the command names. */
  readonly scripts: readonly string[];
  /** The map that the linker wrote, when it is there. */
  readonly map: string | undefined;
  /** Names of --wrap; left out where there are none. */
  readonly wrap?: readonly string[];
}

export interface BuildLayout {
  /** The real path of the build folder. */
  readonly folder: string;
  /** The top of the sources that it was made of; the real path. */
  readonly sourceRoot: string;
  /** Whether Kbuild made it; other builds are known by their compile_commands.json, or by their files. */
  readonly kind: "kernel" | "workspace";
  /** vmlinux first. */
  readonly links: readonly BuildLink[];
  /** Sentences on what could not be found. */
  readonly problems: readonly string[];
}

/** All objects of a layout and the files that were linked of them, each once. */
export function filesOfLayout(layout: BuildLayout): string[] {
  const files = new Set<string>();
  for (const { image, objects } of layout.links) {
    for (const { object } of objects) files.add(object);
    if (image !== undefined) files.add(image);
  }
  return [...files];
}

/** The directory below arch/ that a kernel was built for, by the script that vmlinux was linked with, or by its first object. */
export function architectureOfBuild({ links }: BuildLayout): string | undefined {
  const vmlinux = links.find(({ unit }) => unit.kind === "vmlinux");
  const paths = [...(vmlinux?.scripts ?? []), ...(vmlinux?.objects ?? []).map(({ object }) => object)];
  for (const path of paths) {
    const architecture = architectureOf(path);
    if (architecture !== undefined) return architecture;
  }
  return undefined;
}
