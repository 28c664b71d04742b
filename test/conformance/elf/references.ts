/**
 * Checks on compiled code that references to local symbols are found behind their sections, and that what goes through the
 * GOT is told apart, for every machine that the compilers here can make code for.
 */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { readObject } from "../../../server/src/host/elf/read-objects.ts";
import { type ObjectRelocations, relocationsOfName } from "../../../server/src/host/elf/relocation-counts.ts";
import { findTool } from "./corpora.ts";

const localNames = [
  "number",
  "byte_value",
  "short_value",
  "long_value",
  "one_record",
  "records",
  "in_zero",
  "texts",
  "first_function",
  "second_function",
  "functions",
  "pointers",
];

interface Target {
  readonly name: string;
  readonly options: readonly string[];
  /** What goes through the GOT, or through PowerPC's table of contents, when code is position independent, and when not. */
  readonly throughGot: { readonly pic: boolean; readonly noPic: boolean };
}

const usual = { pic: true, noPic: false };

/**
 * clang's targets. 64-bit MIPS without abicalls, as the kernel has it, has no GOT; 32-bit MIPS is left out, since its halves of
 * addresses have their addends in two instructions.
 */
const targets: readonly Target[] = [
  { name: "x86_64-linux-gnu", options: [], throughGot: usual },
  { name: "x86_64-linux-gnu", options: ["-mcmodel=large"], throughGot: usual },
  { name: "i386-linux-gnu", options: [], throughGot: usual },
  { name: "aarch64-linux-gnu", options: [], throughGot: { pic: true, noPic: true } },
  { name: "aarch64_be-linux-gnu", options: [], throughGot: { pic: true, noPic: true } },
  { name: "armv7-linux-gnueabi", options: [], throughGot: usual },
  { name: "thumbv7-linux-gnueabi", options: [], throughGot: usual },
  { name: "riscv32-linux-gnu", options: [], throughGot: usual },
  { name: "riscv64-linux-gnu", options: [], throughGot: usual },
  { name: "powerpc-linux-gnu", options: [], throughGot: usual },
  { name: "powerpc64-linux-gnu", options: [], throughGot: { pic: true, noPic: true } },
  { name: "powerpc64le-linux-gnu", options: [], throughGot: { pic: true, noPic: true } },
  { name: "s390x-linux-gnu", options: [], throughGot: usual },
  { name: "mips64-linux-gnuabi64", options: ["-mno-abicalls", "-G0"], throughGot: { pic: false, noPic: false } },
  { name: "mips64el-linux-gnuabi64", options: ["-mno-abicalls", "-G0"], throughGot: { pic: false, noPic: false } },
  { name: "loongarch64-linux-gnu", options: [], throughGot: { pic: true, noPic: true } },
];

export interface ReferenceCheck {
  compared: number;
  readonly differences: string[];
  readonly skipped: string[];
}

export async function checkReferences(folder: string): Promise<ReferenceCheck> {
  const check: ReferenceCheck = { compared: 0, differences: [], skipped: [] };
  const clang = findTool("clang-19", "clang");
  if (clang === undefined) return { ...check, skipped: ["clang-19 is not installed"] };
  for (const { name, options, throughGot } of targets) {
    for (const pic of [true, false]) {
      if (pic && options.includes("-mno-abicalls")) continue;
      const common = [`--target=${name}`, ...options, pic ? "-fPIC" : "-fno-pic"];
      await checkTarget(check, folder, clang, common, pic ? throughGot.pic : throughGot.noPic);
    }
  }
  for (const gcc of ["gcc", "aarch64-linux-gnu-gcc"]) {
    if (findTool(gcc) === undefined) {
      check.skipped.push(`${gcc} is not installed`);
      continue;
    }
    await checkTarget(check, folder, gcc, ["-fPIC"], true);
    await checkTarget(check, folder, gcc, ["-fno-pic"], gcc !== "gcc");
  }
  return check;
}

/** Compiles references.c twice, with local symbols and with hidden ones, for one target. */
async function checkTarget(
  check: ReferenceCheck,
  folder: string,
  compiler: string,
  options: readonly string[],
  throughGot: boolean,
): Promise<void> {
  const where = [compiler, ...options].join(" ");
  const local = join(folder, "references-local.o");
  const hidden = join(folder, "references-hidden.o");
  const compile = (path: string, storage: string) => {
    const source = join(import.meta.dirname, "references.c");
    const anchors = compiler.includes("clang") ? [] : ["-fno-section-anchors"];
    const fixed = ["-O2", "-ffunction-sections", ...anchors, "-w", `-DLOCAL=${storage}`];
    execFileSync(compiler, [...options, ...fixed, "-c", source, "-o", path], { stdio: ["ignore", "ignore", "pipe"] });
  };
  try {
    compile(local, "static __attribute__((used))");
    compile(hidden, '__attribute__((visibility("hidden"), used))');
  } catch (error) {
    check.skipped.push(`${where}: ${String((error as { stderr?: Buffer }).stderr ?? error).split("\n")[0]}`);
    return;
  }
  await compareReferences(check, where, local, hidden);
  check.compared++;
  const { total, got } = relocationsOfName(await count(local), "elsewhere");
  if (total === 0 || (throughGot ? got === 0 : got !== 0)) {
    check.differences.push(`${where}: ${got} of ${total} relocations for elsewhere go through the GOT`);
  }
  if (options.includes("-fno-pic")) await compareLinked(check, where, local, hidden);
}

/** The same for executables that keep their relocations, which have addresses where objects have offsets. */
async function compareLinked(check: ReferenceCheck, where: string, local: string, hidden: string): Promise<void> {
  const linker = findTool("ld.lld-19", "ld.lld");
  if (linker === undefined) {
    check.skipped.push(`${where}, linked: ld.lld-19 is not installed`);
    return;
  }
  const link = (path: string) => {
    const linked = path.replace(/\.o$/, ".x");
    const options = ["--emit-relocs", "-e", "all", "--unresolved-symbols=ignore-all", path, "-o", linked];
    execFileSync(linker, options, { stdio: ["ignore", "ignore", "pipe"] });
    return linked;
  };
  try {
    await compareReferences(check, `${where}, linked`, link(local), link(hidden));
  } catch (error) {
    const said = String((error as { stderr?: Buffer }).stderr ?? error).split("\n")[0];
    console.log(`  explained: ${where}: not linked: ${said}`);
  }
}

async function count(path: string): Promise<ObjectRelocations> {
  const read = await readObject({ path, member: undefined }, { relocations: "allocated" });
  return { symbols: read!.symbols, tables: read!.counts, problems: read!.relocationProblems };
}

/** As many relocations must lead to each local symbol as name the hidden one. */
async function compareReferences(check: ReferenceCheck, where: string, local: string, hidden: string): Promise<void> {
  const [behind, named] = [await count(local), await count(hidden)];
  for (const name of localNames) {
    check.compared++;
    const [ours, theirs] = [relocationsOfName(behind, name).total, relocationsOfName(named, name).total];
    if (ours !== theirs) check.differences.push(`${where}: ${ours} relocations lead to ${name}, not ${theirs}`);
  }
}
