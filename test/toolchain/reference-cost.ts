/** What a weak reference costs: the relocations that reach symbols through the GOT, and the size of the users' code. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tool } from "../support/needed-tools.ts";
import { runOrThrow } from "../support/run-program.ts";
import type { Laboratory } from "./laboratory.ts";

export interface CostCase {
  readonly title: string;
  readonly command: readonly string[];
  readonly tools: readonly Tool[];
  /** Whether weak references go through the GOT where strong ones do not. */
  readonly isCostly: boolean;
}

export interface Cost {
  /** Relocations through the GOT by their type, "R_AARCH64_ADR_GOT_PAGE", with their number. */
  readonly got: ReadonlyMap<string, number>;
  /** Bytes of .text. */
  readonly text: number;
}

const AARCH64_HEADERS = { command: "aarch64-linux-gnu-gcc-12", debianPackage: "gcc-12-aarch64-linux-gnu" };

export const costCases: readonly CostCase[] = [
  {
    title: "aarch64 gcc 12 -fno-pie",
    command: ["aarch64-linux-gnu-gcc-12", "-fno-pie"],
    tools: [AARCH64_HEADERS],
    isCostly: true,
  },
  {
    title: "aarch64 clang 19 -fno-pie",
    command: ["clang-19", "--target=aarch64-linux-gnu", "-fno-pie"],
    tools: [{ command: "clang-19", debianPackage: "clang-19" }],
    isCostly: true,
  },
  {
    title: "x86-64 gcc 12 -fPIE",
    command: ["gcc-12", "-fPIE"],
    tools: [{ command: "gcc-12", debianPackage: "gcc-12" }],
    isCostly: true,
  },
  {
    title: "x86-64 gcc 12 -fno-pie -mcmodel=kernel",
    command: ["gcc-12", "-fno-pie", "-mcmodel=kernel"],
    tools: [{ command: "gcc-12", debianPackage: "gcc-12" }],
    isCostly: false,
  },
];

/** Tables like those of kallsyms, and functions that look into them. */
function writeUsers(attribute: string): string {
  return `
extern const int offsets[]${attribute};
extern const unsigned char names[]${attribute};
extern const unsigned int count${attribute};
extern const unsigned long base${attribute};
extern const char tokens[]${attribute};
extern const unsigned short token_index[]${attribute};
extern const unsigned int markers[]${attribute};
extern const unsigned char sequence[]${attribute};
unsigned long address(int i) { return base + offsets[i]; }
const char *token(int i) { return &tokens[token_index[i]]; }
unsigned int name_at(unsigned int i) { return names[markers[i >> 8]]; }
int find(unsigned char wanted) { for (unsigned int i = 0; i < count; i++) if (sequence[i] == wanted) return i; return -1; }
`;
}

/** Compiles the users with one binding and counts. */
export async function measureCost(laboratory: Laboratory, one: CostCase, binding: "weak" | "strong"): Promise<Cost> {
  const folder = join(laboratory.folder, String(laboratory.count++));
  await mkdir(folder);
  await writeFile(join(folder, "users.c"), writeUsers(binding === "weak" ? " __attribute__((weak))" : ""));
  const [compiler, ...options] = one.command;
  await runOrThrow(compiler!, [...options, "-O2", "-c", "users.c"], { folder });
  const relocations = await runOrThrow("readelf", ["-rW", "users.o"], { folder });
  const got = new Map<string, number>();
  for (const [type] of relocations.matchAll(/\bR_\w*GOT\w*/g)) got.set(type, (got.get(type) ?? 0) + 1);
  const sections = await runOrThrow("readelf", ["-SW", "users.o"], { folder });
  const text = /\s\.text\s+PROGBITS\s+\S+\s+\S+\s+([0-9a-f]+)/.exec(sections);
  return { got, text: Number.parseInt(text?.[1] ?? "", 16) };
}
