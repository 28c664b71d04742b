/**
 * What GNU make would build for a configuration, without building it: `make -n`, after the few programs and headers that
 * make needs to come so far. It knows nothing of our reading of Makefiles.
 */

import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, normalize, relative } from "node:path";
import { runOrThrow, runProgram } from "../../support/run-program.ts";

/** A configuration to plan. */
export interface PlannedConfiguration {
  /** What ARCH says, which is also the directory below arch/. */
  readonly architecture: string;
  /** "defconfig", "allmodconfig". */
  readonly target: string;
  readonly crossCompile: string | undefined;
}

export interface Plan {
  /** The text of its .config. */
  readonly configuration: string;
  /** The objects that make would make, or has made on the way, relative to the build folder. */
  readonly objects: ReadonlySet<string>;
  /** Where make stopped for want of what it had not made: what comes after is not in the plan. */
  readonly stop: string;
}

/** Files that only the last steps make. They are put there empty, so that make goes on to plan what comes after them. */
const PLACE_HOLDERS = ["vmlinux.a", "vmlinux.o", "vmlinux", "modules.order"];

/** Plans a configuration in an empty folder: minutes, most of them for what `make prepare` compiles. */
export async function planConfiguration(tree: string, folder: string, wanted: PlannedConfiguration): Promise<Plan> {
  const cross = wanted.crossCompile === undefined ? [] : [`CROSS_COMPILE=${wanted.crossCompile}`];
  const make = ["-n", "19", "make", "-C", tree, `O=${folder}`, `ARCH=${wanted.architecture}`, ...cross];
  if (!existsSync(join(folder, ".config"))) {
    await mkdir(folder, { recursive: true });
    await runOrThrow("nice", [...make, "-s", wanted.target], { seconds: 600 });
  }
  await runOrThrow("nice", [...make, "-s", "prepare"], { seconds: 3600 });
  for (const name of PLACE_HOLDERS) await writeFile(join(folder, name), "", { flag: "a" });
  // A plan of all modules is hundreds of megabytes of commands, of which only what they make is kept: what stands behind -o,
  // and objcopy's last argument.
  const keep = `"$@" | grep -oE -e ' -o [^ ;]+\\.o( |;|$)' -e 'objcopy [^;]*\\.o *(;|$)'`;
  const planned = await runProgram("sh", ["-c", keep, "sh", "nice", ...make, "-n", "-k", "vmlinux", "modules"], {
    seconds: 7200,
  });
  const objects = new Set(objectsUnder(folder));
  for (const line of planned.stdout.split("\n")) {
    const made = /(\S+\.o)[ ;]*$/.exec(line)?.[1];
    if (made === undefined) continue;
    const path = made.startsWith("/") ? relative(folder, made) : normalize(made);
    if (!path.startsWith("..")) objects.add(path);
  }
  const stop = planned.stderr.split("\n").find((line) => line.includes("***")) ?? "";
  return { configuration: await readFile(join(folder, ".config"), "utf8"), objects, stop };
}

/** The objects in a build folder, relative to it. */
export function objectsUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".o"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
