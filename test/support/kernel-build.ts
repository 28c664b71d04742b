/**
 * A small x86-64 kernel, configured and built once with gcc 12 into the cache: objects, .cmd files, System.map, bzImage.
 *
 * The tree that it is built from is a copy of hard links, and the build folder lies directly inside it. Kbuild then names
 * sources by relative paths, so that tree and build can be copied elsewhere together and still be rebuilt incrementally.
 * WEAKSPOT_KERNEL_BUILD names a build folder that exists already, for tests that only read one.
 */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedFolder } from "./cached-folder.ts";
import { copyKernelTree, kernelTree } from "./kernel-tree.ts";
import { MissingToolError, needTools, type Tool } from "./needed-tools.ts";
import { runOrThrow } from "./run-program.ts";

const COMPILER = "gcc-12";
const CONFIGURATION = join(import.meta.dirname, "small-kernel.config");
const IMAGE = "arch/x86/boot/bzImage";

const TOOLS: readonly Tool[] = [
  { command: COMPILER, debianPackage: "gcc-12" },
  { command: "make", debianPackage: "make" },
  { command: "flex", debianPackage: "flex" },
  { command: "bison", debianPackage: "bison" },
  { command: "bc", debianPackage: "bc" },
  { command: "/usr/include/stdio.h", debianPackage: "libc6-dev" },
  { command: "/usr/include/gelf.h", debianPackage: "libelf-dev" },
  { command: "/usr/include/openssl/opensslv.h", debianPackage: "libssl-dev" },
];

/** A kernel tree (hard links) with its build folder. */
export interface BuiltKernel {
  readonly tree: string;
  readonly build: string;
  /** What it is built for; x86-64, by the usual compiler, where this is left out. */
  readonly machine?: Machine;
}

/** A machine that kernels are compiled for elsewhere than on it. */
export interface Machine {
  /** As ARCH names it. */
  readonly architecture: string;
  /** Of the tools' names: "aarch64-linux-gnu-". */
  readonly prefix: string;
  readonly debianPackage: string;
}

export const ARM64: Machine = {
  architecture: "arm64",
  prefix: "aarch64-linux-gnu-",
  debianPackage: "gcc-aarch64-linux-gnu",
};

/** The path of a built kernel's output folder (O=). Throws MissingToolError when it can't be built here. */
export async function kernelBuild(): Promise<string> {
  const given = process.env.WEAKSPOT_KERNEL_BUILD;
  if (given === undefined || given === "") return (await smallKernel()).build;
  if (!existsSync(join(given, "vmlinux")))
    throw new MissingToolError(`WEAKSPOT_KERNEL_BUILD=${given} holds no vmlinux`);
  return given;
}

/** The small kernel out of the cache, built when it is not there yet: about four minutes on two cores. */
export async function smallKernel(): Promise<BuiltKernel> {
  const source = await kernelTree();
  await needTools(TOOLS);
  const configuration = await readFile(CONFIGURATION, "utf8");
  const compiler = await runOrThrow(COMPILER, ["--version"]);
  const makefile = await readFile(join(source, "Makefile"), "utf8");
  const key = createHash("sha256").update([source, configuration, compiler, makefile].join("\0")).digest("hex");
  const folder = await cachedFolder(`kernel-${key.slice(0, 12)}`, async (partial, final) => {
    const kernel = builtKernelIn(partial);
    await copyKernelTree(source, kernel.tree);
    await mkdir(kernel.build);
    await makeKernel(kernel, ["tinyconfig"]);
    const tiny = await readFile(join(kernel.build, ".config"), "utf8");
    await writeFile(join(kernel.build, ".config"), tiny + configuration);
    await makeKernel(kernel, ["olddefconfig"]);
    await makeKernel(kernel, ["bzImage"]);
    await renamePaths(kernel.build, partial, final);
  });
  return builtKernelIn(folder);
}

/**
 * Copies the built kernel, tree and objects, into a folder of its own for an incremental build. `change` gets the path of the
 * copied tree while it holds sources alone, to change some of them.
 */
export async function copyBuiltKernel(
  kernel: BuiltKernel,
  folder: string,
  change: (tree: string) => Promise<void>,
): Promise<BuiltKernel> {
  const copy = builtKernelIn(folder);
  await mkdir(folder, { recursive: true });
  await copyKernelTree(await kernelTree(), copy.tree);
  await change(copy.tree);
  // Objects are written in place by some of the tools, so they are copied in earnest.
  await runOrThrow("cp", ["-a", kernel.build, copy.build]);
  await renamePaths(copy.build, kernel.tree, copy.tree);
  return copy;
}

/** Builds the kernel after a change of its sources; returns the path of its image. Throws with make's messages. */
export async function rebuildKernel(kernel: BuiltKernel): Promise<string> {
  await makeKernel(kernel, ["bzImage"]);
  return join(kernel.build, IMAGE);
}

/** The same tree configured small for another machine, in a folder of its own: ready to compile some of its files, with -Werror. */
export async function configureFor(machine: Machine, { tree }: BuiltKernel): Promise<BuiltKernel> {
  await needTools([{ command: `${machine.prefix}gcc`, debianPackage: machine.debianPackage }]);
  const kernel = { tree, build: join(tree, `build-${machine.architecture}`), machine };
  await mkdir(kernel.build);
  await makeKernel(kernel, ["tinyconfig"]);
  const tiny = await readFile(join(kernel.build, ".config"), "utf8");
  await writeFile(join(kernel.build, ".config"), `${tiny}CONFIG_KALLSYMS=y\nCONFIG_SYSFS=y\nCONFIG_WERROR=y\n`);
  await makeKernel(kernel, ["olddefconfig"]);
  await makeKernel(kernel, ["prepare"]);
  return kernel;
}

/** Compiles one C file of the kernel, whether the configuration has it or not; false where it does not compile. */
export async function compileOne(kernel: BuiltKernel, path: string): Promise<boolean> {
  try {
    await makeKernel(kernel, [path.replace(/\.c$/, ".o")]);
    return true;
  } catch {
    return false;
  }
}

/** The path of a built kernel's image. */
export function kernelImage(kernel: BuiltKernel): string {
  return join(kernel.build, IMAGE);
}

function builtKernelIn(folder: string): BuiltKernel {
  const tree = join(folder, "linux");
  return { tree, build: join(tree, "build") };
}

async function makeKernel(kernel: BuiltKernel, targets: readonly string[]): Promise<void> {
  const { tree, build, machine } = kernel;
  const target =
    machine === undefined ? [`CC=${COMPILER}`] : [`ARCH=${machine.architecture}`, `CROSS_COMPILE=${machine.prefix}`];
  const options = ["-s", "-j2", "-C", tree, `O=${build}`, `HOSTCC=${COMPILER}`, ...target];
  await runOrThrow("nice", ["make", ...options, ...targets], {
    seconds: 1800,
    environment: { KBUILD_BUILD_USER: "weakspot", KBUILD_BUILD_HOST: "weakspot", MAKEFLAGS: "" },
  });
}

/**
 * Replaces the tree's path in the command files of the tools (objtool), which alone are built by absolute paths: otherwise
 * make would see other commands there, build objtool anew, and with it every object.
 */
async function renamePaths(build: string, from: string, to: string): Promise<void> {
  const listing = await runOrThrow("find", [join(build, "tools"), "-name", "*.cmd"]);
  for (const file of listing.split("\n").filter((line) => line !== "")) {
    const text = await readFile(file, "utf8");
    if (text.includes(from)) await writeFile(file, text.replaceAll(from, to));
  }
}
