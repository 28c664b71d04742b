/**
 * Where the files come from that the readers are compared on: Debian's packages, a built kernel, the system itself. It must
 * not know how they are compared.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debugVmlinux } from "../../support/debug-vmlinux.ts";
import { kernelBuild } from "../../support/kernel-build.ts";
import { MissingToolError } from "../../support/needed-tools.ts";

export interface Corpus {
  readonly name: string;
  readonly files: readonly string[];
  /** What to do when there are no files. */
  readonly hint: string;
}

export const isCi = process.env.CI === "true";

/** The archives of the C library for each machine, and the packages they are in. */
const libraries = [
  ["x86-64", "libc6-dev", "/usr/lib/x86_64-linux-gnu/libc.a"],
  ["arm64", "libc6-dev-arm64-cross", "/usr/aarch64-linux-gnu/lib/libc.a"],
  ["i386", "libc6-dev-i386-cross", "/usr/i686-linux-gnu/lib/libc.a"],
  ["s390x", "libc6-dev-s390x-cross", "/usr/s390x-linux-gnu/lib/libc.a"],
  ["powerpc", "libc6-dev-powerpc-cross", "/usr/powerpc-linux-gnu/lib/libc.a"],
] as const;

/** The C libraries; in CI those that are missing are installed. */
export function libraryCorpora(): Corpus[] {
  const missing = libraries.filter(([, , path]) => !existsSync(path)).map(([, name]) => name);
  if (isCi && missing.length > 0) {
    const root = process.getuid?.() === 0 ? [] : ["sudo"];
    const command = [...root, "apt-get", "install", "-y", "--no-install-recommends", ...missing];
    execFileSync(command[0]!, command.slice(1), { stdio: "ignore" });
  }
  return libraries.map(([machine, name, path]) => ({
    name: `libc.a for ${machine}`,
    files: existsSync(path) ? [path] : [],
    hint: `apt-get install ${name}`,
  }));
}

/** Executables and shared libraries of this system: all of a folder's that are ELF files, up to a number. */
export function systemCorpora(): Corpus[] {
  const programs = elfFilesIn("/usr/bin", 120);
  const shared = elfFilesIn("/usr/lib/x86_64-linux-gnu", 150);
  return [
    { name: "executables of this system", files: [process.execPath, ...programs], hint: "none are in /usr/bin" },
    { name: "shared libraries of this system", files: shared, hint: "none are in /usr/lib/x86_64-linux-gnu" },
  ];
}

/** Spread over the names, so that not all start with the same letter. */
function elfFilesIn(folder: string, limit: number): string[] {
  if (!existsSync(folder)) return [];
  const paths = new Set(readdirSync(folder).map((name) => realpathSync(join(folder, name))));
  const files = [...paths].filter((path) => statSync(path).isFile() && isElf(path)).sort();
  const step = Math.max(1, Math.floor(files.length / limit));
  return files.filter((_, index) => index % step === 0).slice(0, limit);
}

function isElf(path: string): boolean {
  return statSync(path).size > 64 && readFileSync(path).subarray(0, 4).toString("latin1") === "\x7fELF";
}

/** Everything that the build of the small kernel made, or that of WEAKSPOT_KERNEL_BUILD: objects, archives, vmlinux. */
export async function kernelCorpora(): Promise<Corpus[]> {
  const { path: build, hint } = await orHint(kernelBuild);
  const found = build === undefined ? [] : walk(build);
  const objects = found.filter((path) => /\.(o|ko|so|dbg)$|\/vmlinux$/.test(path) && isElf(path));
  const archives = found.filter((path) => path.endsWith(".a"));
  return [
    { name: "objects of a built kernel", files: objects, hint },
    { name: "archives of a built kernel", files: archives, hint },
  ];
}

async function orHint(make: () => Promise<string>): Promise<{ path: string | undefined; hint: string }> {
  try {
    return { path: await make(), hint: "" };
  } catch (error) {
    if (!(error instanceof MissingToolError)) throw error;
    return { path: undefined, hint: error.message };
  }
}

function walk(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...walk(path));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

/** A distribution's kernel with debug information. */
export async function debugKernelCorpus(mayDownload: boolean): Promise<Corpus> {
  const { path, hint } = await orHint(() => debugVmlinux(mayDownload));
  return { name: "a distribution's vmlinux with DWARF", files: path === undefined ? [] : [path], hint };
}

/** An object with more sections than 16 bits can tell, made by the assembler. */
export function manySectionsCorpus(folder: string): Corpus {
  const count = 70_000;
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    lines.push(`.section .text.f${i},"ax",@progbits`, `.globl f${i}`, `f${i}: .byte ${i % 256}`);
    if (i % 5000 === 0) lines.push(`.quad f${count - 1 - i}, away, .text.f${i}`);
  }
  const source = join(folder, "many-sections.s");
  const path = join(folder, "many-sections.o");
  writeFileSync(source, `${lines.join("\n")}\n`);
  execFileSync("as", ["--64", source, "-o", path]);
  return { name: `an object with ${count} sections`, files: [path], hint: "" };
}

/** The first of some commands that is installed. */
export function findTool(...candidates: readonly string[]): string | undefined {
  return candidates.find((tool) => spawnSync(tool, ["--version"], { stdio: "ignore" }).status === 0);
}
