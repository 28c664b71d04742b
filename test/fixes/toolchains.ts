/** The compilers that generated trees are built with, behind one wrapper that is told by its environment which one to be. */

import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tool } from "../support/needed-tools.ts";
import { runOrThrow } from "../support/run-program.ts";

export interface Toolchain {
  readonly name: string;
  readonly compiler: string;
  readonly archiver: string;
  readonly level: "-O0" | "-O2";
}

const COMPILERS = [
  { compiler: "gcc-12", archiver: "gcc-ar-12" },
  { compiler: "clang-14", archiver: "llvm-ar-14" },
  // lld 19 wants no index of an archive, so any archiver will do.
  { compiler: "clang-19", archiver: "ar" },
] as const;

/** Every compiler without and with optimization. */
export const toolchains: readonly Toolchain[] = COMPILERS.flatMap((one) =>
  (["-O0", "-O2"] as const).map((level) => ({ name: `${one.compiler} ${level}`, ...one, level })),
);

export const neededTools: readonly Tool[] = [
  { command: "gcc-12", debianPackage: "gcc-12" },
  { command: "clang-14", debianPackage: "clang-14" },
  { command: "clang-19", debianPackage: "clang-19" },
  { command: "llvm-ar-14", debianPackage: "llvm-14" },
  { command: "/usr/lib/llvm-14/bin/ld.lld", debianPackage: "lld-14" },
  { command: "/usr/lib/llvm-19/bin/ld.lld", debianPackage: "lld-19" },
  { command: "make", debianPackage: "make" },
  { command: "cmake", debianPackage: "cmake" },
  { command: "meson", debianPackage: "meson" },
  { command: "ninja", debianPackage: "ninja-build" },
  { command: "git", debianPackage: "git" },
];

/** The wrappers' paths. */
export interface Wrappers {
  readonly cc: string;
  readonly cxx: string;
  readonly ar: string;
  /** A folder for objects that several builds share. */
  readonly cache: string;
}

/** Writes the wrappers into a folder. clang links with lld, as its own link-time optimization wants it. */
export async function writeWrappers(folder: string): Promise<Wrappers> {
  const wrappers = { cc: join(folder, "cc"), cxx: join(folder, "c++"), ar: join(folder, "ar") };
  const cache = join(folder, "cache");
  await mkdir(cache, { recursive: true });
  await runOrThrow("gcc-12", ["-O1", "-o", wrappers.cc, join(import.meta.dirname, "compiler-wrapper.c")]);
  await writeFile(wrappers.cxx, `#!/bin/sh\nexec clang++-14 "$@"\n`);
  await writeFile(wrappers.ar, `#!/bin/sh\nexec "\${REAL_AR:-gcc-ar-12}" "$@"\n`);
  for (const path of [wrappers.cxx, wrappers.ar]) await chmod(path, 0o755);
  return { ...wrappers, cache };
}

export function environmentOf(toolchain: Toolchain): Record<string, string> {
  return { REAL_CC: toolchain.compiler, REAL_LEVEL: toolchain.level, REAL_AR: toolchain.archiver };
}
