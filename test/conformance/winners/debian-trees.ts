/**
 * Trees of Debian's sources, built once into the cache with a linker's map. Their sources are unpacked twice: one copy is built, the
 * other stays as it is.
 */

import { join } from "node:path";
import { cachedFolder } from "../../support/cached-folder.ts";
import { fetchDebianSource, SOURCE_TOOLS } from "../../support/debian-source.ts";
import { needTools, type Tool } from "../../support/needed-tools.ts";
import { runOrThrow } from "../../support/run-program.ts";
import type { BuiltTree } from "./map-winners.ts";

interface Recipe {
  readonly name: string;
  /** Debian's name of the source package. */
  readonly package: string;
  readonly tools: readonly Tool[];
  /** Shell commands, in the sources. */
  readonly commands: readonly string[];
  readonly image: string;
  readonly map: string;
  readonly prefix?: string;
  readonly architecture?: string;
  readonly configuration?: string;
}

const CC: Tool = { command: "gcc", debianPackage: "gcc" };
const ARM64_CC: Tool = { command: "aarch64-linux-gnu-gcc", debianPackage: "gcc-aarch64-linux-gnu" };
const KCONFIG: readonly Tool[] = [
  { command: "flex", debianPackage: "flex" },
  { command: "bison", debianPackage: "bison" },
];

/** The first is quick, for continuous integration: two minutes of one core. */
const RECIPES: readonly Recipe[] = [
  {
    name: "musl",
    package: "musl",
    tools: [CC],
    commands: ["LDFLAGS=-Wl,-Map=lib/libc.so.map ./configure", "make -j2 lib/libc.so"],
    image: "lib/libc.so",
    map: "lib/libc.so.map",
  },
  {
    name: "busybox",
    package: "busybox",
    tools: [CC],
    commands: ["make defconfig", "sed -i s/CONFIG_TC=y/CONFIG_TC=n/ .config", "make -j2 busybox_unstripped"],
    image: "busybox_unstripped",
    map: "busybox_unstripped.map",
    configuration: ".config",
  },
  {
    name: "u-boot",
    package: "u-boot",
    tools: [ARM64_CC, ...KCONFIG],
    commands: ["make qemu_arm64_defconfig", "make -j2 CROSS_COMPILE=aarch64-linux-gnu- u-boot"],
    image: "u-boot",
    map: "u-boot.map",
    prefix: "aarch64-linux-gnu-",
    architecture: "arm",
    configuration: ".config",
  },
  {
    name: "arm-trusted-firmware",
    package: "arm-trusted-firmware",
    tools: [ARM64_CC],
    // As Debian's own rules have it: what newer linkers warn of is an error there.
    commands: ["TF_LDFLAGS=--no-warn-rwx-segments make -j2 PLAT=qemu CROSS_COMPILE=aarch64-linux-gnu- bl31"],
    image: "build/qemu/release/bl31/bl31.elf",
    map: "build/qemu/release/bl31/bl31.map",
    prefix: "aarch64-linux-gnu-",
  },
];

export const TREE_NAMES: readonly string[] = RECIPES.map(({ name }) => name);

const FETCHING: readonly Tool[] = [...SOURCE_TOOLS, { command: "make", debianPackage: "make" }];

/** The tree out of the cache, fetched and built when it is not there yet. Throws MissingToolError when it can't be built here. */
export async function builtTree(name: string): Promise<BuiltTree> {
  const recipe = RECIPES.find((one) => one.name === name);
  if (recipe === undefined) throw new Error(`there is no tree ${name}: ${TREE_NAMES.join(", ")}`);
  await needTools([...FETCHING, ...recipe.tools]);
  const folder = await cachedFolder(`debian-${name}`, async (partial, final) => {
    await fetchDebianSource(recipe.package, join(partial, "source"));
    await runOrThrow("cp", ["-a", join(partial, "source"), join(partial, "build")]);
    const folder = join(partial, "build");
    for (const command of recipe.commands) await runOrThrow("nice", ["sh", "-c", command], { folder, seconds: 3000 });
    // The folder is renamed when it is whole, and the map may name it.
    await runOrThrow("sed", ["-i", `s#${partial}#${final}#g`, recipe.map], { folder });
  });
  const { image, map, prefix = "", architecture, configuration } = recipe;
  return {
    name,
    source: join(folder, "source"),
    build: join(folder, "build"),
    image,
    map,
    nm: `${prefix}nm`,
    ...(architecture === undefined ? {} : { architecture }),
    ...(configuration === undefined ? {} : { configuration }),
  };
}
