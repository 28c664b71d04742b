/** The compilers that the laboratory knows, which of them are installed, and the options that each is tried with. */

import type { CompilerFamily } from "../../server/src/rules/fallback/forms.ts";
import { isInstalled, type Tool } from "../support/needed-tools.ts";

export type LinkTimeOptimization = "none" | "full" | "thin";

/** A compiler with or without link-time optimization. */
export interface Toolchain {
  /** As the tables name it: "clang-14 -flto=thin". */
  readonly name: string;
  readonly compiler: string;
  readonly family: CompilerFamily;
  readonly lto: LinkTimeOptimization;
  readonly compileOptions: readonly string[];
  readonly linkOptions: readonly string[];
  /** What has to be installed for it. */
  readonly tools: readonly Tool[];
}

/** One combination of optimization level and code model. */
export interface Variant {
  readonly optimization: "-O2" | "-Os";
  readonly codeModel: "-fno-pie" | "-fPIE";
}

export const variants: readonly Variant[] = (["-O2", "-Os"] as const).flatMap((optimization) =>
  (["-fno-pie", "-fPIE"] as const).map((codeModel) => ({ optimization, codeModel })),
);

function gcc(version: number): Toolchain[] {
  const compiler = `gcc-${version}`;
  const tools = [{ command: compiler, debianPackage: compiler }];
  const plain = { compiler, family: "gcc", tools } as const;
  return [
    { ...plain, name: compiler, lto: "none", compileOptions: [], linkOptions: [] },
    { ...plain, name: `${compiler} -flto`, lto: "full", compileOptions: ["-flto"], linkOptions: ["-flto"] },
  ];
}

function clang(version: number): Toolchain[] {
  const compiler = `clang-${version}`;
  const linker = `/usr/bin/ld.lld-${version}`;
  const tools = [{ command: compiler, debianPackage: compiler }];
  const plain = { compiler, family: version <= 14 ? "clang up to 14" : "clang from 15" } as const;
  const optimizing = (["full", "thin"] as const).map((lto) => ({
    ...plain,
    name: `${compiler} -flto=${lto}`,
    lto,
    compileOptions: [`-flto=${lto}`],
    linkOptions: [`-flto=${lto}`, `--ld-path=${linker}`],
    tools: [...tools, { command: linker, debianPackage: `lld-${version}` }],
  }));
  return [{ ...plain, name: compiler, lto: "none", compileOptions: [], linkOptions: [], tools }, ...optimizing];
}

/** Every toolchain of the tables; those without link-time optimization first. */
export const toolchains: readonly Toolchain[] = [gcc(11), gcc(12), clang(14), clang(15), clang(19)]
  .flat()
  .sort((a, b) => Number(a.lto !== "none") - Number(b.lto !== "none"));

/** Whether everything that the toolchain needs is installed. */
export function isToolchainInstalled(toolchain: Toolchain): boolean {
  return toolchain.tools.every((tool) => isInstalled(tool.command));
}
