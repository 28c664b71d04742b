/**
 * The flags with which Kbuild preprocesses a file of a kernel tree, by the tree's own Makefiles: scripts/Makefile.lib
 * (c_flags, a_flags, cpp_flags) and scripts/Makefile.build (cmd_cpp_lds_S). It reads Makefiles through the tree's host and
 * runs nothing; what only a command could tell is left out.
 */

import { splitShellWords } from "../../syntax/cpp/flags.ts";
import { expandWords, variableWords } from "../../syntax/kbuild/expand.ts";
import { type ConfigurationValue, holds } from "../../syntax/kbuild/guard.ts";
import { type Make, normalizePath } from "../../syntax/kbuild/make.ts";
import { isUnknownText, type ValueWord } from "../../syntax/kbuild/value.ts";
import { baseName, parentOf } from "../../text/path.ts";
import { type BuildGraph, directoryGraph, type Kbuild, topGraph } from "./build-graph.ts";

/** How a file of a kernel tree is preprocessed. */
export interface KernelFlags {
  /** The compiler's flags, quotes taken off; paths are relative to the tree's root. */
  readonly words: readonly string[];
  /** The language of the file: assembly for linker scripts and *.S. */
  readonly mode: "c" | "assembler";
  /** The Makefile that says so. */
  readonly makefile: string;
}

/**
 * The flags for a file; undefined where no Makefile is near. The tree must be opened with `readsFlags` and an architecture;
 * without a configuration, conditions are decided as if nothing were set.
 * @param isScript takes the file for a linker script, whatever its name
 */
export function kernelFlags(
  kbuild: Kbuild,
  path: string,
  isScript: boolean = isScriptName(path),
): KernelFlags | undefined {
  topGraph(kbuild);
  const graph = nearestGraph(kbuild, path);
  if (graph === undefined) return undefined;
  const context: Context = { make: graph.make, configuration: kbuild.configuration ?? (() => undefined) };
  const stem = stemOf(graph.directory, path);
  if (isScript) return scriptFlags(context, kbuild, graph, path, stem);
  return unitFlags(context, kbuild, graph, path, stem);
}

/** Whether a file is a linker script by its name; headers that hold parts of one may have any. */
export function isScriptName(path: string): boolean {
  return /\.(?:lds|ld|lds\.h)(?:\.S)?$/.test(path);
}

/** The directory's graph, or that of the nearest directory above with a Makefile. */
function nearestGraph(kbuild: Kbuild, path: string): BuildGraph | undefined {
  for (let directory = parentOf(path); ; directory = parentOf(directory)) {
    const graph = directoryGraph(kbuild, directory);
    if (graph !== undefined || directory === "") return graph;
  }
}

/** The path below the directory without its last suffixes: $(target-stem) of scripts/Makefile.lib. */
function stemOf(directory: string, path: string): string {
  const below = directory === "" ? path : path.slice(directory.length + 1);
  return below.replace(/(?:\.lds)?\.[^./]*$/, "");
}

/** One Makefile's variables, and the configuration that decides their conditions. */
interface Context {
  readonly make: Make;
  readonly configuration: ConfigurationValue;
}

/**
 * The words that are known and hold, as a shell would split them. A folder of headers that hangs on what is not known is kept:
 * without it a header may not be found, and with it nothing is lost.
 */
function knownWords(context: Context, words: readonly ValueWord[]): string[] {
  const known = words.filter((word) => {
    if (isUnknownText(word.text)) return false;
    return holds(word.guard, context.configuration) ?? /^-I./.test(word.text);
  });
  return splitShellWords(known.map((word) => word.text).join(" "));
}

/** The variable of folders of headers, by what scripts/Makefile.lib gives every compiler: LINUXINCLUDE, or a dialect's own. */
function headersVariable({ host }: Kbuild): string {
  const text = host.readText("scripts/Makefile.lib");
  return /^c_flags\s*=.*\$\(NOSTDINC_FLAGS\)\s+\$\((\w+)\)/m.exec(text ?? "")?.[1] ?? "LINUXINCLUDE";
}

function variable(context: Context, name: string): string[] {
  return knownWords(context, variableWords(context.make, name));
}

/**
 * cpp_flags of scripts/Makefile.lib, within cmd_cpp_lds_S: `$(CPP) $(cpp_flags) -P -U$(ARCH) -D__ASSEMBLY__
 * -DLINKER_SCRIPT`.
 */
function scriptFlags(context: Context, kbuild: Kbuild, graph: BuildGraph, path: string, stem: string): KernelFlags {
  const script = preprocessedStem(kbuild, graph, path, stem);
  const target = `${graph.directory}/${script}.lds`;
  const own = targetVariable(context, kbuild, graph, target, "KBUILD_CPPFLAGS");
  const words = [
    ...preprocessorCommand(context),
    ...variable(context, "NOSTDINC_FLAGS"),
    ...variable(context, headersVariable(kbuild)),
    ...(own ?? variable(context, "KBUILD_CPPFLAGS")),
    ...variable(context, "cppflags-y"),
    ...variable(context, `CPPFLAGS_${script}.lds`),
    "-P",
    ...variable(context, "ARCH").map((name) => `-U${name}`),
    "-D__ASSEMBLY__",
    "-DLINKER_SCRIPT",
    ...ownFolders(graph, path),
  ];
  return { words, mode: "assembler", makefile: graph.path };
}

/** The script that is preprocessed: where it has no flags of its own and a script that has some includes it, that one. */
function preprocessedStem(kbuild: Kbuild, graph: BuildGraph, path: string, stem: string): string {
  const { variables } = graph.make;
  if (variables.has(`CPPFLAGS_${stem}.lds`)) return stem;
  const name = baseName(path);
  for (const known of variables.keys()) {
    const other = /^CPPFLAGS_(.+)\.lds$/.exec(known)?.[1];
    if (other === undefined) continue;
    const text = kbuild.host.readText(`${graph.directory}/${other}.lds.S`);
    const included = text?.matchAll(/^[ \t]*#[ \t]*include[ \t]*["<](?:[^">\n]*\/)?([^"/>\n]+)[">]/gm) ?? [];
    for (const match of included) if (match[1] === name) return other;
  }
  return stem;
}

/** What stands in CPP behind the compiler's name; powerpc puts all flags of C there. */
function preprocessorCommand(context: Context): string[] {
  return variable(context, "CPP").filter((word, index) => index > 0 && word !== "-E");
}

/** c_flags and a_flags of scripts/Makefile.lib. */
function unitFlags(context: Context, kbuild: Kbuild, graph: BuildGraph, path: string, stem: string): KernelFlags {
  const isAssembly = path.endsWith(".S");
  const letter = isAssembly ? "A" : "C";
  const removed = new Set([
    ...variable(context, isAssembly ? "asflags-remove-y" : "ccflags-remove-y"),
    ...variable(context, `${letter}FLAGS_REMOVE_${stem}.o`),
  ]);
  const target = `${graph.directory}/${stem}.o`;
  const own = targetVariable(context, kbuild, graph, target, `KBUILD_${letter}FLAGS`);
  const common = [
    ...variable(context, "KBUILD_CPPFLAGS"),
    ...(own ?? variable(context, `KBUILD_${letter}FLAGS`)),
    ...subdirectoryFlags(
      kbuild,
      graph.directory,
      context.configuration,
      isAssembly ? "subdir-asflags-y" : "subdir-ccflags-y",
    ),
    ...variable(context, isAssembly ? "asflags-y" : "ccflags-y"),
    ...variable(context, `${letter}FLAGS_${stem}.o`),
  ].filter((word) => !removed.has(word));
  const membership = membershipOf(context, stem);
  const words = [
    ...variable(context, "NOSTDINC_FLAGS"),
    ...variable(context, headersVariable(kbuild)),
    ...(isAssembly ? [] : ["-include", "include/linux/compiler_types.h"]),
    ...common,
    ...variable(context, `KBUILD_${letter}FLAGS_${membership.isModule ? "MODULE" : "KERNEL"}`),
    ...(isAssembly ? [] : nameDefinitions(graph.directory, stem, membership)),
    ...ownFolders(graph, path),
  ];
  return { words, mode: isAssembly ? "assembler" : "c", makefile: graph.path };
}

/** subdir-ccflags-y is what a directory and all above it say. */
function subdirectoryFlags(
  kbuild: Kbuild,
  directory: string,
  configuration: ConfigurationValue,
  name: string,
): string[] {
  const words: string[] = [];
  for (let at = directory; at !== ""; at = parentOf(at)) {
    const graph = directoryGraph(kbuild, at);
    if (graph !== undefined) words.unshift(...variable({ make: graph.make, configuration }, name));
  }
  return words;
}

/** What an object is a part of: itself, or the composite objects that list it (modname-multi of scripts/Makefile.lib). */
interface Membership {
  readonly names: readonly string[];
  readonly isModule: boolean;
}

function membershipOf(context: Context, stem: string): Membership {
  const object = `${stem}.o`;
  const modules = new Set(variable(context, "obj-m"));
  const composites = [...new Set([...variable(context, "obj-y"), ...modules])].filter((name) => {
    const list = name.replace(/\.o$/, "");
    const suffixes = modules.has(name) ? ["objs", "y", "m"] : ["objs", "y"];
    return name !== object && suffixes.some((suffix) => variable(context, `${list}-${suffix}`).includes(object));
  });
  if (composites.length === 0) return { names: [baseName(stem)], isModule: modules.has(object) };
  const names = composites.map((name) => name.replace(/\.o$/, "")).sort();
  return { names, isModule: composites.every((name) => modules.has(name)) };
}

/** basename_flags, modname_flags and modfile_flags of scripts/Makefile.lib. */
function nameDefinitions(directory: string, stem: string, { names, isModule }: Membership): string[] {
  const token = (name: string): string => name.replace(/[-,]/g, "_");
  const modules = names.map(token).join(":");
  const prefix = directory === "" ? "" : `${directory}/`;
  const file = names.map((name) => `${prefix}${name}`).join(" ");
  return [
    ...(isModule ? [] : [`-DKBUILD_MODFILE="${file}"`]),
    `-DKBUILD_BASENAME="${token(baseName(stem))}"`,
    `-DKBUILD_MODNAME="${modules}"`,
    `-D__KBUILD_MODNAME=kmod_${modules}`,
  ];
}

/**
 * `-I $(srctree)/$(src) -I $(objtree)/$(obj)`, which Kbuild adds when it builds outside of the tree. Within it they find
 * nothing that is not found beside the file, and a script in a folder below its Makefile needs them to find what is made.
 */
function ownFolders(graph: BuildGraph, path: string): string[] {
  const folders = new Set([graph.directory, parentOf(path)]);
  return [...folders].filter((folder) => folder !== "").map((folder) => `-I${folder}`);
}

/**
 * A variable that a Makefile sets for one target alone, `$(obj)/vdso.lds: KBUILD_CPPFLAGS := …`; undefined where it does
 * not. Such lines are looked for in the Makefile's text and taken as unconditional, which those of the kernel are.
 */
function targetVariable(
  context: Context,
  kbuild: Kbuild,
  graph: BuildGraph,
  target: string,
  name: string,
): string[] | undefined {
  const text = kbuild.host.readText(graph.path);
  if (text === undefined || !text.includes(name)) return undefined;
  let found: string[] | undefined;
  const pattern = new RegExp(
    `^([^\\s#][^\\n=]*?)\\s*:\\s*(?:private\\s+)?${name}\\s*(\\+|:|::)?=((?:\\\\\\n|[^\\n])*)$`,
    "gm",
  );
  for (const match of text.matchAll(pattern)) {
    const [line, targets, operator, value] = match;
    const at = match.index;
    const names = expandWords(context.make, text, { start: at, end: at + targets!.length }, undefined);
    if (!knownWords(context, names).some((word) => normalizePath(word) === target)) continue;
    const end = at + line.length;
    const words = knownWords(context, expandWords(context.make, text, { start: end - value!.length, end }, undefined));
    found = operator === "+" ? [...(found ?? variable(context, name)), ...words] : words;
  }
  return found;
}
