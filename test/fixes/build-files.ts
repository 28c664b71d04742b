/** Writes the build files of a generated tree: what make, CMake, Meson or a compile database say of its sources. */

import { kernelFiles } from "./kernel-files.ts";
import type { TreeSpec } from "./layout.ts";
import type { Program, Sources, Unit } from "./sources.ts";

export const WARNINGS = "-Wall -Wextra";

/** The build files of the tree, by path; those that are not for the product to see stand in `outside`. */
export function writeBuildFiles(
  spec: TreeSpec,
  sources: Sources,
  root: string,
): { readonly files: Readonly<Record<string, string>>; readonly outside: Readonly<Record<string, string>> } {
  switch (spec.kind) {
    case "kernel":
      return { files: kernelFiles(spec, sources), outside: {} };
    case "make":
      return { files: { Makefile: writeMakefile(spec, sources) }, outside: {} };
    case "cmake":
      return { files: { "CMakeLists.txt": writeCMake(spec, sources) }, outside: {} };
    case "meson":
      return { files: writeMeson(spec, sources), outside: {} };
    case "database":
      return {
        files: { "compile_commands.json": writeDatabase(spec, sources, root) },
        outside: { "build.mk": writeMakefile(spec, sources) },
      };
    case "bare":
      return { files: {}, outside: { "build.mk": writeMakefile(spec, sources) } };
  }
}

export function objectOf({ path }: Unit): string {
  return path.replace(/\.\w+$/, ".o");
}

function flagsOf(spec: TreeSpec): string {
  return `${WARNINGS}${spec.isOpen ? "" : " -ffreestanding"}${spec.isOptimized ? " -flto" : ""}${blank(spec.flags.compile)}`;
}

function blank(flags: string): string {
  return flags === "" ? "" : ` ${flags}`;
}

/** A Makefile as people write it, in one of some manners. */
function writeMakefile(spec: TreeSpec, { programs }: Sources): string {
  const lines = [`CFLAGS = ${flagsOf(spec)}`];
  lines.push(
    `LDFLAGS = ${spec.isOpen ? "-Wl,--export-dynamic" : "-nostdlib -static"}${spec.isOptimized ? " -flto" : ""}${blank(spec.flags.link)}`,
  );
  lines.push(
    "ifdef STRONG",
    "CFLAGS += -DCONFIG_STRONG",
    "endif",
    "ifdef OPTION",
    "CFLAGS += -DCONFIG_OPTION",
    "endif",
    "",
  );
  const links: string[] = [];
  const rules: string[] = [];
  const known = new Set<string>();
  for (const [index, program] of programs.entries()) {
    const variable = index === 0 ? "OBJS" : "TOOL_OBJS";
    const fixed = program.units.filter(({ when, port }) => when === undefined && port === undefined).map(objectOf);
    lines.push(...listObjects(spec.listing, variable, fixed));
    if (program.units.some(({ port }) => port !== undefined)) {
      lines.push("PORT ?= b", `${variable} += port_$(PORT).o`);
    }
    for (const when of ["STRONG", "OPTION"]) {
      const some = program.units.filter((unit) => unit.when === `CONFIG_${when}`).map(objectOf);
      if (some.length > 0) lines.push(`ifdef ${when}`, `${variable} += ${some.join(" ")}`, "endif");
    }
    const archive = program.members.length === 0 ? [] : ["libextra.a"];
    if (archive.length > 0) {
      rules.push(`libextra.a: ${program.members.map(objectOf).join(" ")}`, "\trm -f $@", "\t$(AR) rcs $@ $^", "");
    }
    const shared = program.shared.length === 0 ? [] : ["libshared.so"];
    if (shared.length > 0) {
      rules.push(
        `libshared.so: ${program.shared.map(({ path }) => path).join(" ")}`,
        "\t$(CC) $(CFLAGS) -fPIC -shared -o $@ $^",
        "",
      );
    }
    const script = program.script === undefined ? "" : ` -Wl,-z,norelro -T ${program.script}`;
    const libraries = `${archive.map((path) => ` ${path}`).join("")}${shared.length === 0 ? "" : " ./libshared.so -Wl,-rpath,."} $(EXTRA)`;
    links.push(
      `${program.name}: $(${variable})${[...archive, ...shared].map((path) => ` ${path}`).join("")}`,
      `\t$(CC) $(LDFLAGS)${script} -o $@ $(${variable})${spec.isOpen ? libraries : libraries.replace(" $(EXTRA)", "")}`,
      "",
    );
    for (const unit of [...program.units, ...program.members]) {
      if (unit.includes === undefined || known.has(unit.path)) continue;
      known.add(unit.path);
      rules.push(`${objectOf(unit)}: CFLAGS += -I${unit.includes.replace(/\/$/, "")} -I.`, "");
    }
  }
  return [
    ...lines,
    "",
    `all: ${programs.map(({ name }) => name).join(" ")}`,
    "",
    ...links,
    ...rules,
    "%.o: %.c",
    "\t$(CC) $(CFLAGS) -c -o $@ $<",
    "",
    "%.o: %.S",
    "\t$(CC) -c -o $@ $<",
    "",
    "%.o: %.cpp",
    "\t$(CXX) -c -o $@ $<",
    "",
    ".PHONY: all",
    "",
  ].join("\n");
}

function listObjects(manner: number, variable: string, objects: readonly string[]): string[] {
  switch (manner) {
    case 0:
      return [`${variable} = ${objects.join(" ")}`];
    case 1:
      return [
        `${variable} := \\`,
        ...objects.map((object, index) => `\t${object}${index + 1 < objects.length ? " \\" : ""}`),
      ];
    case 2:
      return [`${variable} := ${objects[0]}`, ...objects.slice(1).map((object) => `${variable} += ${object}`)];
    default: {
      const halves = [objects.slice(0, 3), objects.slice(3)].filter((some) => some.length > 0);
      return halves.map((some, index) => `${variable} ${index === 0 ? "=" : "+="} ${some.join(" ")}`);
    }
  }
}

function writeCMake(spec: TreeSpec, { programs }: Sources): string {
  const hasCxx = programs.some(({ units }) => units.some(({ path }) => path.endsWith(".cpp")));
  const lines = [
    "cmake_minimum_required(VERSION 3.20)",
    `project(generated C ASM${hasCxx ? " CXX" : ""})`,
    "set(CMAKE_EXPORT_COMPILE_COMMANDS ON)",
    'option(STRONG "what strong definitions there are" OFF)',
    'option(OPTION "some more" OFF)',
    "include_directories(.)",
    `add_compile_options(${WARNINGS}${spec.isOpen ? "" : " -ffreestanding"}${blank(spec.flags.compile)})`,
  ];
  if (spec.isOptimized) lines.push("add_compile_options($<$<COMPILE_LANGUAGE:C>:-flto>)", "add_link_options(-flto)");
  lines.push(
    `add_link_options(${spec.isOpen ? "-Wl,--export-dynamic" : "-nostdlib -static"}${blank(spec.flags.link)})`,
  );
  lines.push("if(STRONG)", "  add_compile_definitions(CONFIG_STRONG)", "endif()");
  lines.push("if(OPTION)", "  add_compile_definitions(CONFIG_OPTION)", "endif()");
  for (const program of programs) {
    const fixed = program.units.filter(({ when }) => when === undefined).map(({ path }) => path);
    lines.push("", ...cmakeList(spec.listing, `add_executable(${program.name}`, fixed));
    for (const when of ["STRONG", "OPTION"]) {
      const some = program.units.filter((unit) => unit.when === `CONFIG_${when}`).map(({ path }) => path);
      if (some.length > 0) {
        lines.push(`if(${when})`, `  target_sources(${program.name} PRIVATE ${some.join(" ")})`, "endif()");
      }
    }
    if (program.members.length > 0) {
      lines.push(`add_library(extra STATIC ${program.members.map(({ path }) => path).join(" ")})`);
      lines.push(`target_link_libraries(${program.name} PRIVATE extra)`);
    }
    if (program.shared.length > 0) {
      lines.push(`add_library(shared SHARED ${program.shared.map(({ path }) => path).join(" ")})`);
      lines.push(`target_link_libraries(${program.name} PRIVATE shared)`);
    }
  }
  for (const unit of new Map(
    programs.flatMap(({ units, members }) => [...units, ...members]).map((unit) => [unit.path, unit]),
  ).values()) {
    if (unit.includes === undefined) continue;
    lines.push(
      `set_source_files_properties(${unit.path} PROPERTIES INCLUDE_DIRECTORIES \${CMAKE_SOURCE_DIR}/${unit.includes.replace(/\/$/, "")})`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function cmakeList(manner: number, head: string, paths: readonly string[]): string[] {
  return manner % 2 === 0 ? [`${head} ${paths.join(" ")})`] : [head, ...paths.map((path) => `  ${path}`), ")"];
}

function writeMeson(spec: TreeSpec, { programs }: Sources): Record<string, string> {
  const hasCxx = programs.some(({ units }) => units.some(({ path }) => path.endsWith(".cpp")));
  const quoted = (list: readonly string[]) => list.map((one) => `'${one}'`).join(", ");
  const flags = flagsOf(spec).split(" ");
  const linkFlags = [
    spec.isOpen ? "-Wl,--export-dynamic" : "-nostdlib",
    ...(spec.isOpen ? [] : ["-static"]),
    ...(spec.isOptimized ? ["-flto"] : []),
    ...spec.flags.link.split(" ").filter((flag) => flag !== ""),
  ];
  const lines = [
    `project('generated', 'c'${hasCxx ? ", 'cpp'" : ""}, default_options: ['warning_level=0', 'b_asneeded=false', 'b_lundef=false'])`,
    `args = [${quoted(flags)}]`,
    "if get_option('strong')",
    "  args += '-DCONFIG_STRONG'",
    "endif",
    "if get_option('option')",
    "  args += '-DCONFIG_OPTION'",
    "endif",
  ];
  for (const [index, program] of programs.entries()) {
    const variable = index === 0 ? "sources" : "tool_sources";
    const fixed = program.units.filter(({ when }) => when === undefined).map(({ path }) => path);
    if (spec.listing % 2 === 0) lines.push("", `${variable} = [${quoted(fixed)}]`);
    else lines.push("", `${variable} = files(`, ...fixed.map((path) => `  '${path}',`), ")");
    for (const when of ["strong", "option"]) {
      const some = program.units.filter((unit) => unit.when === `CONFIG_${when.toUpperCase()}`).map(({ path }) => path);
      if (some.length > 0) {
        lines.push(
          `if get_option('${when}')`,
          `  ${variable} += ${spec.listing % 2 === 0 ? `[${quoted(some)}]` : `files(${quoted(some)})`}`,
          "endif",
        );
      }
    }
    const linked: string[] = [];
    if (program.members.length > 0) {
      lines.push(`extra = static_library('extra', ${quoted(program.members.map(({ path }) => path))}, c_args: args)`);
      linked.push("extra");
    }
    if (program.shared.length > 0) {
      lines.push(`shared = shared_library('shared', ${quoted(program.shared.map(({ path }) => path))}, c_args: args)`);
      linked.push("shared");
    }
    lines.push(
      `executable('${program.name}', ${variable}, c_args: args, link_args: [${quoted(linkFlags)}]${linked.length > 0 ? `, link_with: [${linked.join(", ")}]` : ""})`,
    );
  }
  return {
    "meson.build": `${lines.join("\n")}\n`,
    "meson_options.txt":
      "option('strong', type: 'boolean', value: false)\noption('option', type: 'boolean', value: false)\n",
  };
}

function writeDatabase(spec: TreeSpec, { programs }: Sources, root: string): string {
  const units = new Map<string, Unit>();
  for (const program of programs as readonly Program[]) {
    for (const unit of [...program.units, ...program.members]) units.set(unit.path, unit);
  }
  const entries = [...units.values()].map((unit) => ({
    directory: root,
    file: unit.path,
    command: `cc ${flagsOf(spec)}${unit.includes === undefined ? "" : ` -I${unit.includes} -I.`} -c -o ${objectOf(unit)} ${unit.path}`,
  }));
  return `${JSON.stringify(entries, null, 1)}\n`;
}
