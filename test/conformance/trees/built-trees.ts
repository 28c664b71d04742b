/** Trees as Debian has their sources, really built here with compilers that record. It compares nothing. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { cachedFolder } from "../../support/cached-folder.ts";
import { fetchDebianSource } from "../../support/debian-source.ts";
import type { Tool } from "../../support/needed-tools.ts";
import { runOrThrow, runProgram } from "../../support/run-program.ts";
import { makeRecorders } from "./recorded-commands.ts";

export interface TreeRecipe {
  readonly name: string;
  /** The Debian package whose source it is. */
  readonly source: string;
  readonly compilers: readonly Tool[];
  /** A script of sh that builds it in its folder. Where it goes on after errors, what it made is compared. */
  readonly script: string;
  readonly mayFail?: boolean;
}

const GCC: Tool = { command: "gcc", debianPackage: "gcc" };
const AARCH64: Tool = { command: "aarch64-linux-gnu-gcc", debianPackage: "gcc-aarch64-linux-gnu" };
const RISCV: Tool = { command: "riscv64-linux-gnu-gcc", debianPackage: "gcc-riscv64-linux-gnu" };

const trustedFirmware = (platform: string): TreeRecipe => ({
  name: `arm-trusted-firmware-${platform}`,
  source: "arm-trusted-firmware",
  compilers: [GCC, AARCH64],
  script: `make -k -j2 PLAT=${platform} CROSS_COMPILE=aarch64-linux-gnu- DEBUG=0 bl1 bl2 bl31`,
  // The last link fails where ld is newer than the tree.
  mayFail: true,
});

/** The first of them is quick. */
export const TREE_RECIPES: readonly TreeRecipe[] = [
  {
    name: "musl",
    source: "musl",
    compilers: [GCC],
    script: "./configure --disable-shared >/dev/null && make -j2 CC=gcc",
  },
  {
    name: "opensbi",
    source: "opensbi",
    compilers: [RISCV],
    script: "make -j2 PLATFORM=generic CROSS_COMPILE=riscv64-linux-gnu-",
  },
  trustedFirmware("qemu"),
  trustedFirmware("fvp"),
  { name: "seabios", source: "seabios", compilers: [GCC], script: "make -j2" },
  {
    name: "u-boot",
    source: "u-boot",
    compilers: [GCC, AARCH64],
    script:
      "make CROSS_COMPILE=aarch64-linux-gnu- qemu_arm64_defconfig && make -k -j2 CROSS_COMPILE=aarch64-linux-gnu-",
    mayFail: true,
  },
  {
    name: "busybox",
    source: "busybox",
    compilers: [GCC],
    script: "make defconfig >/dev/null && sed -i s/CONFIG_TC=y/CONFIG_TC=n/ .config && make -j2",
  },
];

export interface BuiltTree {
  readonly tree: string;
  /** Where the recorders wrote. */
  readonly record: string;
}

/** The tree, fetched and built once into the cache. */
export async function builtTree({ name, source, compilers, script, mayFail }: TreeRecipe): Promise<BuiltTree> {
  const folder = await cachedFolder(`tree-${name}`, async (partial, final) => {
    await fetchDebianSource(source, join(partial, "tree"));
    const record = join(partial, "record");
    await mkdir(record);
    await makeRecorders(join(partial, "bin"), ["cc", ...compilers.map(({ command }) => command)]);
    const environment = { WEAKSPOT_RECORD: record, PATH: `${join(partial, "bin")}:${process.env.PATH ?? ""}` };
    const built = await runProgram("nice", ["sh", "-c", script], {
      folder: join(partial, "tree"),
      environment,
      seconds: 3000,
    });
    if (built.status !== 0 && mayFail !== true) throw new Error(`${name}: ${built.stderr.slice(-2000)}`);
    // The folder is renamed when it is whole, and the commands name it.
    await runOrThrow("sh", ["-c", `sed -i "s#${partial}#${final}#g" record/*`], { folder: partial });
  });
  return { tree: join(folder, "tree"), record: join(folder, "record") };
}
