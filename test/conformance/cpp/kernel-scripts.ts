/**
 * The linker scripts of a kernel, preprocessed by the kernel's own build for each architecture's defconfig: prepared once
 * with `make prepare` and a cross compiler, and kept in the cache.
 */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { cachedFolder } from "../../support/cached-folder.ts";
import { kernelTree } from "../../support/kernel-tree.ts";
import { needTools } from "../../support/needed-tools.ts";
import { runOrThrow } from "../../support/run-program.ts";

/** One architecture's defconfig, and the Makefiles that preprocess its scripts: `directory:target`. */
export interface Architecture {
  /** ARCH for make. */
  readonly name: string;
  /** The folders below arch/ whose scripts belong to it. */
  readonly folders: readonly string[];
  readonly crossPrefix: string;
  readonly debianPackage: string;
  readonly targets: readonly string[];
}

const target = (directory: string, ...names: string[]): string[] =>
  names.map((name) => `${directory}:${directory}/${name}`);

export const ARCHITECTURES: readonly Architecture[] = [
  {
    name: "x86_64",
    folders: ["arch/x86/boot", "arch/x86/entry", "arch/x86/kernel", "arch/x86/realmode"],
    crossPrefix: "",
    debianPackage: "gcc",
    targets: [
      ...target("arch/x86/kernel", "vmlinux.lds"),
      ...target("arch/x86/boot/compressed", "vmlinux.lds"),
      ...target("arch/x86/realmode/rm", "realmode.lds"),
      ...target("arch/x86/entry/vdso", "vdso.lds", "vdsox32.lds", "vdso32/vdso32.lds"),
    ],
  },
  {
    name: "um",
    folders: ["arch/x86/um"],
    crossPrefix: "",
    debianPackage: "gcc",
    targets: target("arch/x86/um/vdso", "vdso.lds"),
  },
  {
    name: "arm64",
    folders: ["arch/arm64"],
    crossPrefix: "aarch64-linux-gnu-",
    debianPackage: "gcc-aarch64-linux-gnu",
    targets: [
      ...target("arch/arm64/kernel", "vmlinux.lds"),
      ...target("arch/arm64/kernel/vdso", "vdso.lds"),
      ...target("arch/arm64/kernel/vdso32", "vdso.lds"),
      ...target("arch/arm64/kvm/hyp/nvhe", "hyp.lds"),
    ],
  },
  {
    name: "arm",
    folders: ["arch/arm"],
    crossPrefix: "arm-linux-gnueabi-",
    debianPackage: "gcc-arm-linux-gnueabi",
    targets: [
      ...target("arch/arm/kernel", "vmlinux.lds"),
      ...target("arch/arm/vdso", "vdso.lds"),
      ...target("arch/arm/boot/compressed", "vmlinux.lds"),
    ],
  },
  {
    name: "powerpc",
    folders: ["arch/powerpc"],
    crossPrefix: "powerpc64-linux-gnu-",
    debianPackage: "gcc-powerpc64-linux-gnu",
    targets: [
      ...target("arch/powerpc/kernel", "vmlinux.lds"),
      ...target("arch/powerpc/kernel/vdso", "vdso64.lds", "vdso32.lds"),
      ...target("arch/powerpc/boot", "zImage.lds"),
    ],
  },
  {
    name: "riscv",
    folders: ["arch/riscv"],
    crossPrefix: "riscv64-linux-gnu-",
    debianPackage: "gcc-riscv64-linux-gnu",
    targets: [
      ...target("arch/riscv/kernel", "vmlinux.lds"),
      ...target("arch/riscv/kernel/vdso", "vdso.lds"),
      ...target("arch/riscv/kernel/compat_vdso", "compat_vdso.lds"),
      ...target("arch/riscv/boot", "loader.lds"),
    ],
  },
  {
    name: "s390",
    folders: ["arch/s390"],
    crossPrefix: "s390x-linux-gnu-",
    debianPackage: "gcc-s390x-linux-gnu",
    targets: [
      ...target("arch/s390/kernel", "vmlinux.lds"),
      ...target("arch/s390/kernel/vdso64", "vdso64.lds"),
      ...target("arch/s390/kernel/vdso32", "vdso32.lds"),
      ...target("arch/s390/boot", "vmlinux.lds"),
      ...target("arch/s390/purgatory", "purgatory.lds"),
    ],
  },
  {
    name: "mips",
    folders: ["arch/mips"],
    crossPrefix: "mipsel-linux-gnu-",
    debianPackage: "gcc-mipsel-linux-gnu",
    targets: [...target("arch/mips/kernel", "vmlinux.lds"), ...target("arch/mips/vdso", "vdso.lds")],
  },
];

/**
 * Makes the scripts once the tree is prepared. MAKEFILES brings it into the top Makefile, and only there does it act. Since Linux 6.5
 * two inner makes follow one another, of which the first has no rule for `prepare` and hands all on to the second.
 */
const EXTRA_MAKEFILE = `ifeq ($(sub_make_done),1)
prepare: ;
weakspot-scripts: prepare
	$(Q)$(foreach pair,$(WEAKSPOT_SCRIPTS),$(MAKE) $(build)=$(firstword $(subst :, ,$(pair))) $(lastword $(subst :, ,$(pair))) &&) true
endif
`;

/** The folder (O=) in which Kbuild has preprocessed the architecture's scripts. Throws MissingToolError without the tools. */
export async function preparedBuild(architecture: Architecture): Promise<string> {
  const tree = await kernelTree();
  const { name, crossPrefix, debianPackage } = architecture;
  await needTools([
    { command: `${crossPrefix}gcc`, debianPackage },
    ...["make", "flex", "bison", "bc"].map((command) => ({ command, debianPackage: command })),
    { command: "/usr/include/gelf.h", debianPackage: "libelf-dev" },
    // The 32-bit vDSO of arm64 is arm's.
    ...(name === "arm64" ? [{ command: "arm-linux-gnueabi-gcc", debianPackage: "gcc-arm-linux-gnueabi" }] : []),
  ]);
  const compiler = await runOrThrow(`${crossPrefix}gcc`, ["--version"]);
  const key = createHash("sha256").update([tree, name, compiler, EXTRA_MAKEFILE, ...architecture.targets].join("\0"));
  return cachedFolder(`scripts-${name}-${key.digest("hex").slice(0, 12)}`, async (folder) => {
    console.log(`  preparing ${name}`);
    const makefile = join(folder, "weakspot.mk");
    await mkdir(folder, { recursive: true });
    await writeFile(makefile, EXTRA_MAKEFILE);
    const common = [
      "make",
      "-s",
      `-j${availableParallelism()}`,
      "-C",
      tree,
      `O=${folder}`,
      `ARCH=${name}`,
      `CROSS_COMPILE=${crossPrefix}`,
    ];
    if (name === "arm64") common.push("CROSS_COMPILE_COMPAT=arm-linux-gnueabi-");
    const options = { seconds: 1800, environment: { MAKEFLAGS: "", MAKEFILES: makefile } };
    await runOrThrow("nice", [...common, "defconfig"], options);
    const scripts = `WEAKSPOT_SCRIPTS=${architecture.targets.join(" ")}`;
    await runOrThrow("nice", [...common, scripts, "weakspot-scripts"], options);
  });
}

/** One script of the tree, and the text that gcc makes of it with the flags of the tree's Makefiles. */
export interface ReferenceScript {
  /** Relative to the tree. */
  readonly path: string;
  readonly text: string;
  /** The script that Kbuild preprocesses with these flags, where it never does so with this one alone. */
  readonly flagsOf: string | undefined;
}

/** Every *.lds.S of the architecture. Those that Kbuild only includes are preprocessed with the flags of one beside them. */
export async function referenceScripts(architecture: Architecture, build: string): Promise<ReferenceScript[]> {
  const tree = await kernelTree();
  const made = new Map<string, string>();
  for (const pair of architecture.targets) {
    const path = pair.slice(pair.indexOf(":") + 1);
    made.set(`${path}.S`, path);
  }
  const references: ReferenceScript[] = [];
  for (const path of architecture.folders.flatMap((folder) => scriptsBelow(tree, folder))) {
    const output = made.get(path);
    if (output !== undefined) {
      references.push({ path, text: await readFile(join(build, output), "utf8"), flagsOf: undefined });
      continue;
    }
    const sibling = [...made.keys()].find((other) => dirname(other) === dirname(path));
    if (sibling === undefined) throw new Error(`${path} stands beside no script that Kbuild preprocesses`);
    const command = commandOf(build, made.get(sibling)!);
    const end = command.indexOf(" -o ");
    const text = await runOrThrow("sh", ["-c", `${command.slice(0, end)} ${join(tree, path)}`], { folder: build });
    references.push({ path, text, flagsOf: sibling });
  }
  return references;
}

/** The command that Kbuild wrote down for a target, without what would write files. */
function commandOf(build: string, output: string): string {
  const text = readFileSync(join(build, dirname(output), `.${basename(output)}.cmd`), "utf8");
  const command = /^(?:saved)?cmd_\S+ := (.*)$/m.exec(text)?.[1];
  if (command === undefined) throw new Error(`${output}: Kbuild left no command`);
  return command.replace(/ -Wp,-MMD,\S+/, "");
}

function scriptsBelow(tree: string, folder: string): string[] {
  if (!existsSync(join(tree, folder))) return [];
  return readdirSync(join(tree, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return scriptsBelow(tree, path);
      return entry.name.endsWith(".lds.S") ? [path] : [];
    })
    .sort();
}
