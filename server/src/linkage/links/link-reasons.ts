/** Why a link that a command makes is open: what it is given besides objects of files that are read. It knows no generator. */

import { baseName } from "../../text/path.ts";
import type { BuildCommand } from "./build-commands.ts";
import type { Link, LinkInput, ObjectInput, OpenReason } from "./link.ts";

/** Libraries of the compiler's own, which define names of the implementation's alone (C11 7.1.3). */
const COMPILER_LIBRARIES = /^(?:gcc|gcc_eh|gcc_s|clang_rt\..*|compiler_rt|atomic)$/;

/** @param hasFile whether the tree has a file, by its path */
export function whyLinkOpen(
  link: Omit<Link, "whyOpen">,
  command: BuildCommand,
  hasFile: (path: string) => boolean,
): OpenReason[] {
  const { place } = command;
  const reasons: OpenReason[] = [...(command.reasons ?? [])];
  const name = link.unit.replace(/^target /, "");
  const add = (kind: OpenReason["kind"], text: string) => reasons.push({ kind, text, place });
  const addDynamic = (text: string) => reasons.push({ kind: "outside", text, place, isDynamic: true });
  if (link.form === "shared library") addDynamic(`what loads ${name} may define symbols before it`);
  if (link.form === "object") add("users", `${name} is linked into what is not known`);
  const libraries = librariesOf(link);
  if (libraries.length > 0) add("outside", `${name} is linked with ${listed(libraries)}`);
  for (const path of link.options.justSymbols) add("outside", `${name} takes symbols of ${path}`);
  for (const path of [...link.options.scripts, ...link.options.versionScripts]) {
    if (!hasFile(path)) add("outside", `the linker script ${path} of ${name} is not read`);
  }
  addInputReasons(link.inputs ?? [], name, add, addDynamic);
  return reasons;
}

/** Whether all that is linked is of files that are read, save for the C library and the compiler's own. */
export function isReadButForC(link: Omit<Link, "whyOpen">): boolean {
  const inputs = (link.inputs ?? []).flatMap((input) => (input.kind === "group" ? input.inputs : [input]));
  return (
    link.inputs !== undefined &&
    librariesOf({ ...link, options: { ...link.options, hasStandardLibraries: true } }).length === 1 &&
    inputs.every((input) => {
      if (input.kind === "object") return input.source !== undefined;
      if (input.kind === "archive") return input.members?.every(({ source }) => source !== undefined) === true;
      return input.kind === "library" || input.kind === "script";
    })
  );
}

/** Names of the C library's own parts. */
const C_LIBRARY = /^(?:c|m|g|c_nano|g_nano)$/;

/** The libraries of elsewhere, as people name them. */
function librariesOf({ inputs = [], options: { hasStandardLibraries } }: Omit<Link, "whyOpen">): string[] {
  const named = inputs
    .flatMap((input) => (input.kind === "group" ? input.inputs : [input]))
    .flatMap((input) => (input.kind === "library" && !COMPILER_LIBRARIES.test(input.name) ? [input.name] : []))
    .filter((library) => !(hasStandardLibraries && C_LIBRARY.test(library)));
  return [...(hasStandardLibraries ? ["the C library"] : []), ...new Set(named.map((library) => `-l${library}`))];
}

function listed(words: readonly string[]): string {
  const last = words.at(-1)!;
  return words.length === 1 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

function addInputReasons(
  inputs: readonly LinkInput[],
  name: string,
  add: (kind: OpenReason["kind"], text: string) => void,
  addDynamic: (text: string) => void,
): void {
  const addObject = ({ path, source }: ObjectInput) => {
    if (source === undefined) add("outside", `${path}, which is linked into ${name}, is made of no file that is read`);
  };
  for (const input of inputs) {
    if (input.kind === "object") addObject(input);
    else if (input.kind === "group") addInputReasons(input.inputs, name, add, addDynamic);
    else if (input.kind === "archive") {
      if (input.members === undefined) add("outside", `${name} is linked with ${input.path}, which is made elsewhere`);
      for (const member of input.members ?? []) addObject(member);
    } else if (input.kind === "shared") addDynamic(`${name} is linked with the shared library ${baseName(input.path)}`);
    else if (input.kind === "unknown")
      add("choice", `${readable(input.text)} is linked into ${name}, and it is not known what that is`);
  }
}

/** A word with parts that are not known, for people. */
export function readable(text: string): string {
  return text.replaceAll(/[\u0001\u0002]+/g, "…");
}
