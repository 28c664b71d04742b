/**
 * A kernel's links, as kernel-links.ts follows them through Makefiles, in the words that all makers share: which of them are closed,
 * and which script links what.
 */

import type { LinkIndex } from "../facts/link-index.ts";
import { includersOf } from "../index/includers.ts";
import type { FileLinks } from "./file-links.ts";
import { type LinkUnits, membershipsFor } from "./kernel-links.ts";
import { type Link, NO_OPTIONS, type OpenReason } from "./link.ts";

/** The scripts that link vmlinux, one for each architecture (scripts/link-vmlinux.sh: KBUILD_LDS). */
export const KERNEL_SCRIPT = /^arch\/[^/]+\/kernel\/vmlinux\.lds\.S$/;

const VMLINUX = "vmlinux";

const VMLINUX_LINK: Link = {
  unit: VMLINUX,
  output: VMLINUX,
  form: "program",
  inputs: undefined,
  options: NO_OPTIONS,
  place: { path: "Makefile" },
  whyOpen: [],
};

export function kernelFileLinks(units: LinkUnits, index: LinkIndex): FileLinks {
  return {
    all: () => [VMLINUX_LINK],
    linkOf: (unit) => (unit === VMLINUX ? VMLINUX_LINK : undefined),
    whyOpen: (unit) => whyKernelOpen(unit, units.variantOf(unit)),
    whyUnknown: (path) => [{ kind: "choice", text: `no Makefile that is understood says what ${path} is linked into` }],
    unitsOf: units.unitsOf,
    membershipsOf: (path) => membershipsFor(path, units),
    canLink: units.canLink,
    mayMeet: units.canLink,
    unitsOfScript: (path) => (kernelScriptsWith(path, index).length > 0 ? [VMLINUX] : []),
    isCompiled: (path) => units.unitsOf(path).length > 0,
  };
}

/** By the first words of a unit's name (link-unit.ts). */
function whyKernelOpen(unit: string, helper: string | undefined): readonly OpenReason[] {
  if (unit === VMLINUX) return [];
  const reason = (kind: OpenReason["kind"], text: string): readonly OpenReason[] => [{ kind, text }];
  if (helper !== undefined) return reason("variant", `${helper} compiles what is linked into ${unit} another time`);
  if (unit.startsWith("module "))
    return reason("outside", `${unit} is bound to the kernel's symbols when it is loaded`);
  if (/^(?:host|user) program /.test(unit)) return reason("outside", `${unit} is linked with the C library`);
  if (/^(?:archive|partial link) /.test(unit)) return reason("choice", `what ${unit} is linked into is not known`);
  if (unit.startsWith("tools ")) return reason("no build", `${unit.slice(6)} has a build system of its own`);
  return reason("choice", `what else is linked into ${unit} is not followed`);
}

/** The scripts of vmlinux that a script is, or that include it. */
export function kernelScriptsWith(path: string, index: LinkIndex): readonly string[] {
  if (KERNEL_SCRIPT.test(path)) return [path];
  let known = scriptsByIndex.get(index);
  if (known === undefined || known.revision !== index.inclusionRevision) {
    known = { revision: index.inclusionRevision, found: new Map() };
    scriptsByIndex.set(index, known);
  }
  let scripts = known.found.get(path);
  if (scripts === undefined) {
    scripts = [...includersOf(index, path)].filter((includer) => KERNEL_SCRIPT.test(includer));
    known.found.set(path, scripts);
  }
  return scripts;
}

/** What was found, as long as the #include lines stay as they were. */
const scriptsByIndex = new WeakMap<LinkIndex, { revision: number; found: Map<string, readonly string[]> }>();
