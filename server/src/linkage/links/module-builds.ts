/**
 * The modules that Makefiles outside of a kernel's tree have its Kbuild make: `obj-m := fw.o`, `fw-y := main.o port.o` (Linux'
 * Documentation/kbuild/modules.rst). Each is one link, of what its lists name. It carries the lists out and runs nothing.
 */

import { parseToolCommands } from "../../syntax/command/tool-command.ts";
import { runMakefile } from "../../syntax/kbuild/evaluate.ts";
import { variableWords } from "../../syntax/kbuild/expand.ts";
import { fixedVariable, type Make, type MakeHost, newMake } from "../../syntax/kbuild/make.ts";
import type { Makefile } from "../../syntax/kbuild/makefile.ts";
import { isUnknownText, type ValueWord } from "../../syntax/kbuild/value.ts";
import { folderOf } from "../../text/path.ts";
import { type BuildCommand, type BuildCommands, buildPath } from "./build-commands.ts";
import type { BuildPlace, OpenReason } from "./link.ts";

/** A Makefile that calls the kernel's Kbuild for its own folder. */
const CALLS_KBUILD = /\$[({]MAKE[)}][^\n]*[ \t](?:M|SUBDIRS)=|^[ \t]*ifn?eq\b[^\n]*\$[({]KERNELRELEASE[)}]/m;

/** A list of modules. */
const LISTS_MODULES = /^[ \t]*obj-(?:m|\$[({]\w+[)}])[ \t]*[:+?]?=/m;

/** The endings of what Kbuild compiles, in the order of its rules (scripts/Makefile.build). */
const ENDINGS = [".c", ".S", ".rs"];

/** What the kernel's Kbuild sets when it reads the Makefile of a module; the release is any. */
const GIVEN: Readonly<Record<string, string>> = { KERNELRELEASE: "6.0.0", src: ".", obj: ".", M: "." };

/** The builds of all modules that the tree's Makefiles list; undefined where none calls Kbuild, or none lists any. */
export function moduleBuilds(buildFiles: readonly string[], host: MakeHost): BuildCommands | undefined {
  const makefiles = buildFiles.filter((path) => /(?:^|\/)(?:Kbuild|GNUmakefile|[Mm]akefile)$/.test(path));
  const caller = makefiles.find((path) => CALLS_KBUILD.test(host.readText(path) ?? ""));
  if (caller === undefined) return undefined;
  const lists = makefiles.filter((path) => {
    const isHidden = !path.endsWith("Kbuild") && makefiles.includes(`${folderOf(path)}Kbuild`);
    return !isHidden && LISTS_MODULES.test(host.readText(path) ?? "");
  });
  const found = lists.map((path) => modulesOf(path, host));
  const commands = found.flatMap((one) => one.commands);
  if (commands.length === 0) return undefined;
  return { folder: "", commands, isConfigured: false, path: caller, whyMore: found.flatMap((one) => one.whyMore) };
}

interface Modules {
  readonly commands: readonly BuildCommand[];
  readonly whyMore: readonly OpenReason[];
}

function modulesOf(path: string, host: MakeHost): Modules {
  const folder = folderOf(path).replace(/\/$/, "");
  const inFolder = (name: string) => buildPath(name, folder, "");
  const there: MakeHost = {
    readText: (name) => host.readText(inFolder(name)),
    hasFile: (name) => host.hasFile(inFolder(name)),
  };
  const make = newMake({
    host: there,
    configuration: undefined,
    possible: undefined,
    inherited: new Map(Object.entries(GIVEN).map(([name, text]) => [name, fixedVariable(text)])),
    undefinedIsEmpty: false,
    readsFlags: false,
    parsed: new Map<string, Makefile>(),
    fixed: new Set(Object.keys(GIVEN)),
  });
  runMakefile(make, path.slice(folder === "" ? 0 : folder.length + 1));
  const place: BuildPlace = { path };
  const modules = new Map<string, ValueWord>();
  const whyMore: OpenReason[] = [];
  for (const word of variableWords(make, "obj-m")) {
    if (isUnknownText(word.text))
      whyMore.push({ kind: "choice", text: `${path} lists modules by names that are not known`, place });
    else if (word.text.endsWith(".o")) modules.set(word.text, word);
  }
  const context: Listing = { make, host: there, folder, place };
  return { commands: [...modules.keys()].flatMap((object) => commandsOfModule(object, context)), whyMore };
}

interface Listing {
  readonly make: Make;
  /** Paths are relative to the Makefile's folder. */
  readonly host: MakeHost;
  readonly folder: string;
  readonly place: BuildPlace;
}

/** What compiles a module's objects, and what links them. */
function commandsOfModule(object: string, { make, host, folder, place }: Listing): BuildCommand[] {
  const stem = object.slice(0, -2);
  const name = `${stem}.ko`;
  const reasons: OpenReason[] = [
    { kind: "outside", text: `${name} is bound to the kernel's symbols when it is loaded`, place },
  ];
  const listed = ["-objs", "-y", "-m"].flatMap((suffix) => variableWords(make, stem + suffix));
  const objects = new Map<string, boolean>(listed.length === 0 ? [[object, true]] : []);
  for (const { text, guard } of listed) {
    if (isUnknownText(text) || !text.endsWith(".o"))
      reasons.push({ kind: "choice", text: `${place.path} lists what is not known for ${name}`, place });
    else objects.set(text, guard.kind === "always" || objects.get(text) === true);
  }
  const at = { folder, place };
  const compiled = [...objects.keys()].flatMap((part): BuildCommand[] => {
    const source = ENDINGS.map((ending) => part.slice(0, -2) + ending).find((one) => host.hasFile(one));
    if (source === undefined) return [];
    return [{ ...at, command: { kind: "compile", program: "cc", sources: [source], output: part, isLto: false } }];
  });
  const conditional = new Set(
    [...objects].filter(([, isAlways]) => !isAlways).map(([part]) => buildPath(part, folder, "")),
  );
  const linked = parseToolCommands(`ld -o ${name} ${[...objects.keys()].join(" ")}`);
  return [...compiled, ...linked.map(({ command }) => ({ ...at, command, conditional, reasons }))];
}
