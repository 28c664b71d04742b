/**
 * Link units: sets of objects that one link combines, by their kind and the file that the link makes. It knows names only.
 */

import { architectureOf } from "../facts/architecture.ts";

export type LinkUnitKind =
  | "vmlinux"
  | "module"
  | "vdso"
  | "decompressor"
  | "boot"
  | "realmode"
  | "purgatory"
  /** Objects linked together, whose result is an object of another link under other names. */
  | "partial link"
  /** A library whose users are not known here. */
  | "archive"
  | "image"
  | "host program"
  | "user program"
  /** Below tools/, which has a build system of its own. */
  | "tools"
  /** What another tree's build system links, and an archive of it; and what the user names. */
  | "target"
  | "library"
  | "link"
  | "workspace";

export interface LinkUnit {
  readonly kind: LinkUnitKind;
  /** The file that is linked, relative to the tree's root, without the suffix that Kbuild adds: "vmlinux", "fs/ext4/ext4". */
  readonly name: string;
  /** Below arch/; undefined for what every architecture has. */
  readonly architecture: string | undefined;
}

export const WORKSPACE_UNIT: LinkUnit = { kind: "workspace", name: "", architecture: undefined };

/** The unit in people's words: "vmlinux", "module fs/ext4/ext4", "vdso arch/x86/entry/vdso/vdso64.so.dbg". */
export function unitText(unit: LinkUnit): string {
  return unit.kind === "vmlinux" || unit.kind === "workspace" ? unit.kind : `${unit.kind} ${unit.name}`;
}

/** Files that a link makes beside objects: no object, source, script, header or document. */
const NOT_LINKED =
  /\.(?:o|a|c|h|S|s|i|lds|rs|rmeta|ko|mod|order|txt|dtb|dts|gz|bz2|lzma|lzo|lz4|xz|zst|bin|relocs|map|tab|py|sh|asn1|cmd|builtin|modinfo|symvers)$/;

/** True for a path that is made by a link when it is made of objects. */
export function isLinkedFile(path: string): boolean {
  return !NOT_LINKED.test(path);
}

/** The unit of a file that a rule of some Makefile links. */
export function imageUnit(path: string): LinkUnit {
  const architecture = architectureOf(path);
  if (path === "vmlinux") return { kind: "vmlinux", name: "vmlinux", architecture: undefined };
  const named = (kind: LinkUnitKind): LinkUnit => ({ kind, name: path, architecture });
  if (/vdso|vsyscall|vgettimeofday|gate\.so/.test(path) && /\.so|gate|vdso/.test(path)) return named("vdso");
  if (/purgatory/.test(path)) return named("purgatory");
  if (/realmode/.test(path)) return named("realmode");
  if (/\/boot\/compressed\//.test(path)) return named("decompressor");
  if (/\/boot\//.test(path)) return named("boot");
  return named("image");
}
