/** Writes the C, assembly and linker-script files of a tree, and says which programs they are for. It knows no build system. */

import type { Group, TreeSpec } from "./layout.ts";
import { specimensOf } from "./layout.ts";
import { type Call, runtimeFiles, writeMain } from "./runtime.ts";
import { type Presence, type Specimen, TYPES } from "./specimen.ts";

/** A source file that is compiled. */
export interface Unit {
  /** Relative to the tree. */
  readonly path: string;
  /** The configuration symbol without which it is left out. */
  readonly when: string | undefined;
  /** A folder of headers that only this file sees. */
  readonly includes: string | undefined;
  /** The file of a port, of which the build chooses one: the port's name. */
  readonly port?: string;
}

export interface Program {
  readonly name: string;
  readonly units: readonly Unit[];
  /** Members of the archive that it is linked with. */
  readonly members: readonly Unit[];
  /** Sources of the shared library that it is linked with. */
  readonly shared: readonly Unit[];
  readonly script: string | undefined;
}

export interface Sources {
  readonly files: Readonly<Record<string, string>>;
  /** Files beside the tree: what is preloaded, and what is linked though no file of the tree says so. */
  readonly outside: Readonly<Record<string, string>>;
  readonly programs: readonly Program[];
}

/** Where files go. */
interface Folders {
  readonly source: string;
  readonly header: string;
  readonly library: string;
  readonly other: string;
}

/** The sources of a tree; with the naive form of the fix instead of the product's where that is asked for. */
export function writeSources(spec: TreeSpec, options: { readonly isNaive?: boolean } = {}): Sources {
  const folders: Folders =
    spec.kind === "kernel"
      ? { source: "kernel/", header: "include/", library: "lib/", other: "drivers/" }
      : { source: "", header: "", library: "", other: "" };
  const files: Record<string, string> = { [`${folders.header}types.h`]: TYPES };
  const add = (path: string, text: string, more: Partial<Unit> = {}): Unit => {
    files[path] = text;
    return { path, when: undefined, includes: undefined, ...more };
  };
  const all = specimensOf(spec);
  const of = (...presences: Presence[]) => all.filter(({ presence }) => presences.includes(presence));
  const include = (name: string) => (spec.kind === "kernel" ? `#include <${name}>\n` : `#include "${name}"\n`);
  const licence = "/* SPDX-License-Identifier: GPL-2.0 */\n";
  const headersOf = (some: readonly Specimen[]) =>
    spec.definesWithHeaders
      ? spec.groups
          .filter((group) => !group.isDeep && group.specimens.some((specimen) => some.includes(specimen)))
          .map((group) => include(`${group.name}.h`))
          .join("")
      : "";
  const definitions = (some: readonly Specimen[]) => some.map(({ definition }) => definition).join("\n");
  const define = (path: string, some: readonly Specimen[], more: Partial<Unit> = {}): Unit[] =>
    some.length === 0
      ? []
      : [add(path, `${licence}${include("types.h")}${headersOf(some)}\n${definitions(some)}`, more)];

  const units: Unit[] = [add(`${folders.source}guarded.S`, runtimeFiles.guarded)];
  if (!spec.isOpen) units.push(add(`${folders.source}entry.S`, runtimeFiles.entry));
  // An archive without members is no file.
  const members: Unit[] = spec.kind === "kernel" ? [add("lib/version.c", "int version = 1;\n")] : [];
  const shared: Unit[] = [];
  for (const group of spec.groups) {
    const folder = group.reach === "archive" ? folders.library : folders.source;
    const unit = writeGroup(group, folder, folders.header, include, add, options.isNaive === true);
    (group.reach === "archive" ? members : units).push(unit);
  }
  units.push(...define(`${folders.source}always.c`, of("always")));
  units.push(...define(`${folders.source}configured.c`, of("configured"), { when: "CONFIG_STRONG" }));
  units.push(...defineBoards(of("board"), folders, define, add));
  const conditional = of("conditional");
  if (conditional.length > 0) {
    const text = conditional.map(({ definition }) => `#ifdef CONFIG_STRONG\n${definition}#endif\n`).join("\n");
    units.push(
      add(`${folders.source}conditional.c`, `${licence}${include("types.h")}${headersOf(conditional)}\n${text}`),
    );
  }
  const weakly = of("weakly");
  if (weakly.length > 0) {
    const text = weakly.map(({ name, definition }) => `#pragma weak ${name}\n${definition}`).join("\n");
    units.push(add(`${folders.source}weakly.c`, `${licence}${include("types.h")}\n${text}`));
  }
  const assembly = of("assembly");
  if (assembly.length > 0) {
    const text = assembly.map((specimen) => specimen.assembly ?? "").join("");
    units.push(add(`${folders.source}tables.S`, `${text}\t.section .note.GNU-stack,"",@progbits\n`));
  }
  const switched = of("switched");
  if (switched.length > 0) {
    const text = switched.map((specimen) => specimen.assembly ?? "").join("");
    const path = `${folders.source}switched.S`;
    units.push(add(path, `${text}\t.section .note.GNU-stack,"",@progbits\n`, { when: "CONFIG_STRONG" }));
  }
  const aliased = of("aliased");
  if (aliased.length > 0) {
    const text = aliased.map(writeAliased).join("\n");
    units.push(add(`${folders.source}aliased.c`, `${licence}${include("types.h")}\n${text}`));
  }
  const callers = all.filter(({ cxxUse }) => cxxUse !== undefined);
  if (callers.length > 0) units.push(add(`${folders.source}callers.cpp`, writeCxxCallers(callers)));
  const cxx = of("cxx");
  if (cxx.length > 0) units.push(add(`${folders.source}extra.cpp`, writeCxx(cxx)));
  units.push(...writeMade(of("assigned", "provided", "sections"), folders, include, add));
  for (const specimen of of("archive")) members.push(...define(`${folders.library}a_${specimen.name}.c`, [specimen]));
  const pulled = of("pulled");
  for (const specimen of pulled) {
    const [unit] = define(`${folders.library}a_${specimen.name}.c`, [specimen]);
    files[unit!.path] += `\nint anchor_${specimen.name} = 1;\n`;
    members.push(unit!);
  }
  if (pulled.length > 0) {
    const text = pulled.map(({ name }) => `extern int anchor_${name};\n`).join("");
    const sum = pulled.map(({ name }) => `anchor_${name}`).join(" + ");
    units.push(add(`${folders.source}anchors.c`, `${text}\nint anchors(void)\n{\n\treturn ${sum};\n}\n`));
  }
  shared.push(...define("shared.c", of("shared")));
  const script = writeScript(spec, of("assigned", "provided"));
  if (script !== undefined) files[script.path] = script.text;

  const cxxCalls = callers.map(({ cxxUse }): Call => ({ id: cxxUse!.id, when: undefined }));
  const mains = [add(`${folders.source}main.c`, writeMain([...callsOf(spec.groups), ...cxxCalls], include("types.h")))];
  const programs: Program[] = [
    {
      name: spec.kind === "kernel" ? "vmlinux" : "prog",
      units: [...mains, ...units],
      members,
      shared,
      script: script?.path,
    },
  ];
  const both = spec.groups.filter(({ reach }) => reach === "both");
  const others = of("program");
  if (both.length > 0 || others.length > 0) {
    programs.push(writeOther(both, others, folders, units, define, add, include));
  }
  return { files, outside: writeOutside(of("preloaded"), of("outside")), programs };
}

function callsOf(groups: readonly Group[]): Call[] {
  return groups.flatMap((group) =>
    group.specimens.flatMap(({ uses }) => uses.map(({ id }) => ({ id, when: group.when }))),
  );
}

type Add = (path: string, text: string, more?: Partial<Unit>) => Unit;
type Define = (path: string, some: readonly Specimen[], more?: Partial<Unit>) => Unit[];

/** The second program: of a kernel, a module. It shares some of the first one's files and has definitions of its own. */
function writeOther(
  both: readonly Group[],
  others: readonly Specimen[],
  folders: Folders,
  units: readonly Unit[],
  define: Define,
  add: Add,
  include: (name: string) => string,
): Program {
  const isShared = ({ path }: Unit) =>
    both.some(({ name }) => path === `${folders.source}${name}.c`) || /(?:guarded|entry)\.S$/.test(path);
  const own = [
    add(`${folders.other}tool_main.c`, writeMain(callsOf(both), include("types.h"))),
    ...define(`${folders.other}tool_hooks.c`, others),
  ];
  return { name: "tool", units: [...own, ...units.filter(isShared)], members: [], shared: [], script: undefined };
}

function writeGroup(
  group: Group,
  folder: string,
  headerFolder: string,
  include: (name: string) => string,
  add: Add,
  isNaive: boolean,
): Unit {
  const { specimens, name, newline } = group;
  const inHeader = specimens.filter(({ place }) => place === "header");
  const deep = `${folder}deep_${name}/`;
  const guard = `${name.toUpperCase()}_H`;
  const declarationOf = (specimen: Specimen) => (isNaive ? specimen.naive.declaration : specimen.declaration);
  const header = `/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ${guard}
#define ${guard}

${include("types.h")}
${inHeader.map((specimen) => declarationOf(specimen)).join("\n")}
${specimens.flatMap(({ uses }) => uses.map((use) => (use.header === "" ? "" : `${specimensHead(specimens, use.id, isNaive)}${use.header}\n`))).join("")}
#endif
`;
  const lines = (text: string) => text.replaceAll("\n", newline);
  const headerPath = group.isDeep ? `${deep}${name}.h` : `${headerFolder}${name}.h`;
  add(headerPath, lines(header));
  const body = specimens
    .map((specimen) => {
      const own = specimen.place === "file" && !hasHeader(specimen) ? `${declarationOf(specimen)}\n` : "";
      const more = isNaive ? specimen.naive.definition : specimen.fileText;
      return `${own}${more}${specimen.uses.map(({ text }) => text).join("\n")}`;
    })
    .join("\n");
  let text = `/* SPDX-License-Identifier: GPL-2.0 */\n${include(`${name}.h`)}\n${body}`;
  if (group.endsOpen) text = text.trimEnd();
  return add(`${folder}${name}.c`, lines(text), { when: group.when, includes: group.isDeep ? deep : undefined });
}

/** A function in the header needs the declaration there. */
function specimensHead(specimens: readonly Specimen[], id: string, isNaive: boolean): string {
  const specimen = specimens.find(({ uses }) => uses.some((use) => use.id === id))!;
  if (specimen.place === "header") return "";
  const first = specimen.uses.find(({ header }) => header !== "");
  return first?.id === id ? (isNaive ? specimen.naive.declaration : specimen.declaration) : "";
}

function hasHeader({ uses }: Specimen): boolean {
  return uses.some(({ header }) => header !== "");
}

/** Two ports: one has the definitions, the other does without. */
function defineBoards(some: readonly Specimen[], folders: Folders, define: Define, add: Add): Unit[] {
  if (some.length === 0) return [];
  return [
    ...define(`${folders.source}port_a.c`, some, { port: "a" }),
    add(`${folders.source}port_b.c`, "int port_b;\n", { port: "b" }),
  ];
}

/** The definition under another name, and the symbol's as an alias of that. */
function writeAliased({ name, definition }: Specimen, index: number): string {
  const real = `${name}_impl`;
  const text = definition.replaceAll(new RegExp(`\\b${name}\\b`, "g"), real);
  // What it is another name of may be weak itself, which makes no difference to it.
  const weak = index % 2 === 1 ? `#pragma weak ${real}\n` : "";
  return `${weak}${text}extern __typeof__(${real}) ${name} __attribute__((alias("${real}")));\n`;
}

function writeCxxCallers(some: readonly Specimen[]): string {
  return `${CXX_HEAD}\n${some.map(({ cxxUse }) => cxxUse!.text).join("\n")}`;
}

function writeCxx(some: readonly Specimen[]): string {
  return `${CXX_HEAD}\nextern "C" {\nextern long trace;\n\n${some.map(({ name, definition }) => definition.replaceAll("(void *)&trace", `(decltype(${name}))&trace`)).join("\n")}}\n`;
}

/** What types.h has, as C++ has it. */
const CXX_HEAD = `#define NULL 0
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef unsigned long size_t;
typedef int row_t[4];
typedef int open_t[];
#define _Bool bool
enum color { RED, GREEN, BLUE };
typedef int (*handler_t)(int);
struct pkt;
struct rec { int id; const char *name; long weight; };
struct bits { unsigned int low : 3, high : 5; int rest; };
union word { int whole; char bytes[4]; };
`;

/** What is in the sections that scripts, or ld by itself, bound. */
function writeMade(some: readonly Specimen[], folders: Folders, include: (name: string) => string, add: Add): Unit[] {
  if (some.length === 0) return [];
  const text = some
    .map(({ name, presence, definition }) => {
      const section = presence === "sections" ? name.replace("__start_", "") : `.tables.${name}`;
      const [, head = "int", value = "{ 0 }"] = /^extern ((?:const )?\w+) .*\n.* = (.*);\n$/.exec(definition) ?? [];
      return `static ${head} in_${name}[4] __attribute__((used, section("${section}"))) = ${value};\n`;
    })
    .join("");
  return [add(`${folders.source}sets.c`, `${include("types.h")}\n${text}`)];
}

/** The linker script: of a kernel always, else where it makes symbols. Every other symbol only with CONFIG_STRONG, in a kernel. */
function writeScript(
  spec: TreeSpec,
  made: readonly Specimen[],
): { readonly path: string; readonly text: string } | undefined {
  if (spec.kind !== "kernel" && made.length === 0) return undefined;
  const lines = made.map(({ name, presence }, index) => {
    const symbol = presence === "assigned" ? `${name} = .;` : `PROVIDE(${name} = .);`;
    const text = `\t\t${symbol}\n`;
    const guarded = spec.kind === "kernel" && index % 2 === 1 ? `#ifdef CONFIG_STRONG\n${text}#endif\n` : text;
    return `${guarded}\t\tKEEP(*(.tables.${name}))\n`;
  });
  const text = `/* SPDX-License-Identifier: GPL-2.0 */
ENTRY(_start)
SECTIONS
{
	. = 0x400000 + SIZEOF_HEADERS;
	.text ALIGN(0x1000) : { *(.text .text.*) }
	.rodata ALIGN(0x1000) : { *(.rodata .rodata.*) }
	.eh_frame : { *(.eh_frame) }
	.data ALIGN(0x1000) : { *(.data .data.*) }
	.got : { *(.got .got.*) }
	.tables ALIGN(0x1000) : {
${lines.join("")}	}
	.bss ALIGN(0x1000) : { *(.bss .bss.* COMMON) }
	/DISCARD/ : { *(.note.*) }
}
`;
  return spec.kind === "kernel" ? { path: "arch/x86/kernel/vmlinux.lds.S", text } : { path: "board.ld", text };
}

function writeOutside(preloaded: readonly Specimen[], outside: readonly Specimen[]): Record<string, string> {
  const files: Record<string, string> = {};
  const write = (name: string, some: readonly Specimen[]) => {
    if (some.length > 0) files[name] = `${TYPES}\n${some.map(({ definition }) => definition).join("\n")}`;
  };
  write("preloaded.c", preloaded);
  write("extra.c", outside);
  return files;
}
