/**
 * Where the strong definition lives: whether a fallback keeps a linker from pulling it out of an archive. The real `opt`
 * returns 42, the fallback -1, and -1 is also what a caller with a weak reference returns when there is none.
 */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tool } from "../support/needed-tools.ts";
import { runOrThrow } from "../support/run-program.ts";
import type { Laboratory } from "./laboratory.ts";

export interface ArchiveCase {
  readonly title: string;
  /** What is linked after the main program, in this order; see FILES. */
  readonly link: readonly string[];
  /** What the two callers get. */
  readonly results: readonly [number, number];
  /** What they get with single linkers, by name, where that differs. */
  readonly exceptions?: Readonly<Record<string, readonly [number, number]>>;
}

export const archiveCases: readonly ArchiveCase[] = [
  {
    title: "weak reference, no other, real definition in the archive",
    link: ["weak-caller.o", "weak-caller-2.o", "real.a"],
    results: [-1, -1],
  },
  {
    title: "weak reference, a strong reference elsewhere, real definition in the archive",
    link: ["weak-caller.o", "caller-2.o", "real.a"],
    results: [42, 42],
  },
  {
    title: "strong declarations, fallback in an object, real definition only in an archive",
    link: ["caller.o", "caller-2.o", "fallback.o", "real.a"],
    results: [-1, -1],
  },
  {
    title: "strong declarations, fallback in an archive searched after the real one",
    link: ["caller.o", "caller-2.o", "real.a", "fallback.a"],
    results: [42, 42],
  },
  {
    title: "strong declarations, fallback in an archive searched before the real one",
    link: ["caller.o", "caller-2.o", "fallback.a", "real.a"],
    results: [-1, -1],
  },
  {
    title: "strong declarations, fallback and real definition both objects",
    link: ["caller.o", "caller-2.o", "fallback.o", "real.o"],
    results: [42, 42],
  },
  {
    title: "strong declarations, fallback an object, real definition in an archive under --whole-archive",
    link: ["caller.o", "caller-2.o", "fallback.o", "-Wl,--whole-archive", "real.a", "-Wl,--no-whole-archive"],
    results: [42, 42],
  },
  {
    title: "strong declarations, PROVIDE in a script named first, real definition only in an archive",
    link: ["provide.ld", "caller.o", "caller-2.o", "real.a"],
    results: [42, 42],
    exceptions: { "ld.gold": [-1, -1] },
  },
  {
    title: "strong declarations, PROVIDE in a script named first, real definition an object",
    link: ["provide.ld", "caller.o", "caller-2.o", "real.o"],
    results: [42, 42],
  },
  {
    title: "strong declarations, PROVIDE in a script named between the callers and an object with the real definition",
    link: ["caller.o", "caller-2.o", "provide.ld", "real.o"],
    results: [42, 42],
    exceptions: { "ld.bfd": [-1, -1] },
  },
  {
    title: "strong declarations, PROVIDE in a script, no real definition",
    link: ["provide.ld", "caller.o", "caller-2.o"],
    results: [-1, -1],
  },
];

/** A linker, by the name that tables give it, and its command. */
export interface Linker {
  readonly name: string;
  readonly tool: Tool;
}

export const linkers: readonly Linker[] = [
  { name: "ld.bfd", tool: { command: "/usr/bin/ld.bfd", debianPackage: "binutils" } },
  { name: "ld.gold", tool: { command: "/usr/bin/ld.gold", debianPackage: "binutils" } },
  { name: "ld.lld 19", tool: { command: "/usr/bin/ld.lld-19", debianPackage: "lld-19" } },
];

/** clang takes the path of any linker. */
export const ARCHIVE_COMPILER = "clang-19";

const WEAK = "__attribute__((weak))";
const FILES: Readonly<Record<string, string>> = {
  "main.c": '#include <stdio.h>\nint a(void), b(void);\nint main(void) { printf("%d %d\\n", a(), b()); return 0; }\n',
  "weak-caller.c": `int opt(void) ${WEAK};\nint a(void) { return opt ? opt() : -1; }\n`,
  "weak-caller-2.c": `int opt(void) ${WEAK};\nint b(void) { return opt ? opt() : -1; }\n`,
  "caller.c": "int opt(void);\nint a(void) { return opt(); }\n",
  "caller-2.c": "int opt(void);\nint b(void) { return opt(); }\n",
  "fallback.c": `${WEAK} int opt(void) { return -1; }\n`,
  "real.c": "int opt(void) { return 42; }\n",
  "placeholder.c": "int placeholder(void) { return -1; }\n",
  // An implicit script: named among the objects, it adds its commands to the linker's own script.
  "provide.ld": "PROVIDE(opt = placeholder);\n",
};

/** Compiles the files once; returns their folder. */
export async function compileArchiveFiles(laboratory: Laboratory): Promise<string> {
  const folder = join(laboratory.folder, String(laboratory.count++));
  await mkdir(folder);
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  const sources = Object.keys(FILES).filter((name) => name.endsWith(".c"));
  await runOrThrow(ARCHIVE_COMPILER, ["-O2", "-fno-pie", "-c", ...sources], { folder });
  for (const name of ["real", "fallback"]) await runOrThrow("ar", ["rcs", `${name}.a`, `${name}.o`], { folder });
  return folder;
}

/** Links one case with one linker, runs it and returns what the two callers got. */
export async function measureArchive(folder: string, one: ArchiveCase, linker: Linker): Promise<number[]> {
  const options = ["-no-pie", `--ld-path=${linker.tool.command}`, "-o", "program"];
  await runOrThrow(ARCHIVE_COMPILER, [...options, "main.o", "placeholder.o", ...one.link], { folder });
  const output = await runOrThrow(join(folder, "program"), []);
  return output.trim().split(" ").map(Number);
}
