/** Builds a generated tree as its users would, runs its programs and tells what they said and what compilers warned of. */

import { existsSync } from "node:fs";
import { cp, mkdir, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runProgram } from "../support/run-program.ts";
import { kernelConfiguration } from "./kernel-files.ts";
import type { TreeSpec } from "./layout.ts";
import type { Sources } from "./sources.ts";
import { environmentOf, type Toolchain, type Wrappers } from "./toolchains.ts";

/** One way of building: with which compiler, and whether the configurable definitions are linked. */
export interface Variant {
  readonly toolchain: Toolchain;
  readonly isStrong: boolean;
}

export function variantName({ toolchain, isStrong }: Variant): string {
  return `${toolchain.name}, ${isStrong ? "with" : "without"} CONFIG_STRONG`;
}

export interface Built {
  /** What went wrong with compiling or linking; undefined where nothing did. */
  readonly failure: string | undefined;
  readonly warnings: readonly string[];
  /** The lines of all programs, by what they begin with: "prog use_hook_1_0 3". */
  readonly lines: ReadonlyMap<string, string>;
}

export interface Place {
  readonly spec: TreeSpec;
  readonly sources: Sources;
  /** The tree as the product sees it. */
  readonly root: string;
  /** The folder beside it. */
  readonly outside: string;
  /** Where builds are made. */
  readonly work: string;
  readonly wrappers: Wrappers;
}

/** Whether the build system keeps its files in the tree itself, so that it is built there. */
export function isBuiltInPlace({ kind }: TreeSpec): boolean {
  return kind === "cmake" || kind === "meson";
}

/** Configures the tree in place, where its build system wants that. */
export async function configure(place: Place, isStrong: boolean): Promise<void> {
  const { spec, root } = place;
  if (!isBuiltInPlace(spec)) return;
  const folder = join(root, "build");
  const option = isStrong || spec.hasOption;
  const environment = {
    CC: place.wrappers.cc,
    CXX: place.wrappers.cxx,
    AR: place.wrappers.ar,
    CFLAGS: "",
    CXXFLAGS: "",
  };
  const switches = (on: string, off: string, prefix: string, names: readonly [string, string]) => [
    `${prefix}${names[0]}=${isStrong ? on : off}`,
    `${prefix}${names[1]}=${option ? on : off}`,
  ];
  const isThere = existsSync(join(folder, "build.ninja"));
  const command =
    spec.kind === "cmake"
      ? [
          "cmake",
          "-G",
          "Ninja",
          "-S",
          root,
          "-B",
          folder,
          `-DCMAKE_AR=${place.wrappers.ar}`,
          "-DCMAKE_BUILD_TYPE=",
          "-DCMAKE_C_COMPILER_WORKS=1",
          "-DCMAKE_CXX_COMPILER_WORKS=1",
          ...switches("ON", "OFF", "-D", ["STRONG", "OPTION"]),
        ]
      : [
          "meson",
          ...(isThere ? ["configure", folder] : ["setup", "-Dbuildtype=plain", folder, root]),
          ...switches("true", "false", "-D", ["strong", "option"]),
        ];
  const result = await runProgram(command[0]!, command.slice(1), { environment, seconds: 120, folder: root });
  if (result.status !== 0) throw new Error(`${command.join(" ")}\n${result.stdout}${result.stderr}`.slice(0, 3000));
}

/** Copies the tree for one variant, where it is not built in place. */
export async function prepareVariant(place: Place, variant: Variant, index: number): Promise<string> {
  if (isBuiltInPlace(place.spec)) return place.root;
  const folder = join(place.work, String(index));
  await cp(place.root, folder, { recursive: true, verbatimSymlinks: true });
  if (place.spec.kind === "kernel") await writeAll(folder, kernelConfiguration(place.spec, variant.isStrong));
  return folder;
}

export async function writeAll(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Makes the files of a variant those of another state of the tree, and takes away the objects that read a changed header. */
export async function changeFiles(
  folder: string,
  changed: Readonly<Record<string, string | Uint8Array>>,
  place: Place,
): Promise<void> {
  await writeAll(folder, changed);
  const headers = Object.keys(changed)
    .filter((path) => path.endsWith(".h"))
    .map((path) => path.replace(/^.*\//, ""));
  if (headers.length === 0 || isBuiltInPlace(place.spec)) return;
  const now = new Date();
  for (const [path, text] of Object.entries(place.sources.files)) {
    if (!/\.(?:c|h)$/.test(path) || !headers.some((name) => text.includes(name))) continue;
    if (path.endsWith(".c")) await utimes(join(folder, path), now, now);
  }
}

/** Builds and runs. A tree in place is cleaned before, as the compilers change behind the build system's back. */
export async function buildAndRun(place: Place, variant: Variant, folder: string): Promise<Built> {
  const { spec, outside, wrappers } = place;
  const environment = {
    ...environmentOf(variant.toolchain),
    REAL_CACHE: wrappers.cache,
    REAL_VARIANT: String(variant.isStrong),
  };
  const option = variant.isStrong || spec.hasOption;
  const isMade = spec.kind === "make" || spec.kind === "database" || spec.kind === "bare";
  const switches = isMade
    ? [
        ...(variant.isStrong ? ["STRONG=1"] : []),
        ...(option ? ["OPTION=1"] : []),
        `PORT=${variant.isStrong ? "a" : "b"}`,
      ]
    : [];
  const extra = join(outside, `extra-${variant.toolchain.compiler}.o`);
  const isLinked = variant.isStrong && "extra.c" in place.sources.outside;
  if (isLinked && !existsSync(extra)) await compileOutside(outside, "extra.c", ["-c", "-fPIC", "-o", extra]);
  let said: { status: number | undefined; text: string };
  if (isBuiltInPlace(spec)) {
    await runProgram("ninja", ["-C", join(folder, "build"), "-t", "clean"], { environment, seconds: 60 });
    const result = await runProgram("ninja", ["-C", join(folder, "build"), "-k", "0", "-j1"], {
      environment,
      seconds: 120,
    });
    said = { status: result.status, text: result.stdout + result.stderr };
  } else {
    const file = isMade && spec.kind !== "make" ? ["-f", join(outside, "build.mk")] : [];
    const result = await runProgram(
      "make",
      [
        "-k",
        "-s",
        ...file,
        `CC=${wrappers.cc}`,
        `CXX=${wrappers.cxx}`,
        `AR=${wrappers.ar}`,
        ...switches,
        ...(isLinked ? [`EXTRA=${extra}`] : []),
      ],
      { folder, environment, seconds: 120 },
    );
    said = { status: result.status, text: result.stdout + result.stderr };
  }
  const warnings = warningsIn(said.text, folder);
  if (said.status !== 0) return { failure: said.text, warnings, lines: new Map() };
  return { failure: undefined, warnings, lines: await runAll(place, variant, folder) };
}

async function compileOutside(folder: string, source: string, options: readonly string[]): Promise<void> {
  const result = await runProgram("gcc-12", ["-w", "-O1", source, ...options], { folder, seconds: 60 });
  if (result.status !== 0) throw new Error(`the generator's own ${source}: ${result.stderr}`);
}

async function runAll(place: Place, variant: Variant, folder: string): Promise<Map<string, string>> {
  const { spec, sources, outside } = place;
  const lines = new Map<string, string>();
  const library = join(outside, "preloaded.so");
  const isPreloaded = variant.isStrong && "preloaded.c" in sources.outside;
  if (isPreloaded && !existsSync(library))
    await compileOutside(outside, "preloaded.c", ["-shared", "-fPIC", "-o", library]);
  for (const { name } of sources.programs) {
    const path = isBuiltInPlace(spec)
      ? `build/${name}`
      : spec.kind === "kernel" && name === "tool"
        ? "drivers/tool.o"
        : name;
    const result = await runProgram(join(folder, path), [], {
      folder,
      environment: isPreloaded ? { LD_PRELOAD: library } : {},
      seconds: 20,
    });
    if (result.status !== 0)
      lines.set(`${name} ends`, `${result.status ?? "by a signal"} ${result.stderr}`.slice(0, 300));
    for (const line of result.stdout.split("\n")) {
      const colon = line.indexOf(": ");
      if (colon > 0) lines.set(`${name} ${line.slice(0, colon)}`, line.slice(colon + 2));
    }
  }
  return lines;
}

/** The warnings, without the places, which edits move. */
function warningsIn(text: string, folder: string): string[] {
  return text
    .split("\n")
    .filter((line) => /\bwarning:/.test(line))
    .map((line) =>
      line
        .replaceAll(`${folder}/`, "")
        .replace(/^(?:\.\/|\.\.\/)*/, "")
        .replace(/:\d+(?::\d+)?:/, ":"),
    )
    .sort();
}

export async function removePlace(place: Place): Promise<void> {
  await rm(dirname(place.root), { recursive: true, force: true });
}
