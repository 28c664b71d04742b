/**
 * Builds a random link with the real assembler and linkers and runs what they made: which word each reference reads tells which
 * definition it is bound to.
 */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  flattenInputs,
  type Linker,
  type ResolvableInput,
  type ResolvableObject,
  type ResolvableShared,
} from "../../../server/src/linkage/links/resolve/inputs.ts";
import { type ProgramResult, runOrThrow, runProgram } from "../../support/run-program.ts";
import type { RandomLink } from "./generate.ts";

/** What a reference reads: a definition's number, 0 for a common symbol, or nothing where it is null. */
export interface Observation {
  readonly input: string;
  readonly symbol: string;
  readonly value: number | undefined;
}

/** The words that stand at definitions: each input's number; what a script assigns has its own. */
export const SCRIPT_VALUE = 5000;
export const SECTION_VALUE = 7000;
export const STUB_VALUE = 9999;

/** Each object and library of the link by name, with its number: what its definitions hold. */
export function numberInputs(link: RandomLink): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const input of flattenInputs(link.inputs)) {
    for (const one of input.kind === "archive" ? input.members : [input]) numbers.set(one.name, numbers.size + 1);
  }
  return numbers;
}

/** Prints each table's rows: input, symbol, and the word at the symbol's address. It must not need a C library. */
const RUNTIME = `
struct row { int input, symbol; int *at; };
extern struct row __start_zz_rows[], __stop_zz_rows[];
extern struct { long count; struct row rows[]; } *const zz_libraries[];
static long write_(const char *s, long n) { long r; __asm__ volatile("syscall" : "=a"(r) : "a"(1L), "D"(1L), "S"(s), "d"(n) : "rcx", "r11", "memory"); return r; }
static void number(int v, char end) { char b[16]; int i = 16; b[--i] = end; unsigned u = v < 0 ? -v : v; do b[--i] = '0' + u % 10; while (u /= 10); if (v < 0) b[--i] = '-'; write_(b + i, 16 - i); }
static void print(struct row *r) { number(r->input, ' '); number(r->symbol, ' '); number(r->at ? *r->at : -1, 10); }
void zz_main(void) {
  for (struct row *r = __start_zz_rows; r < __stop_zz_rows; r++) print(r);
  for (int i = 0; zz_libraries[i] != (void *)1; i++) if (zz_libraries[i]) for (long k = 0; k < zz_libraries[i]->count; k++) print(&zz_libraries[i]->rows[k]);
  __asm__ volatile("syscall" : : "a"(231L), "D"(0L) : "memory");
}
__asm__(".globl zz_start\\nzz_start: xor %ebp,%ebp; and $-16,%rsp; call zz_main; hlt");
int zz_script_value = ${SCRIPT_VALUE};
`;

/** Compiles what every program is linked with, once. */
export async function buildRuntime(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "runtime.c"), RUNTIME);
  await runOrThrow(
    "gcc",
    ["-O1", "-fno-pic", "-mcmodel=large", "-ffreestanding", "-fno-stack-protector", "-c", "runtime.c"],
    { folder },
  );
}

/** All symbols that the link speaks of, in an order: their numbers in tables. */
export function namesOf(link: RandomLink): string[] {
  const names = new Set<string>();
  for (const input of flattenInputs(link.inputs)) {
    for (const one of input.kind === "archive" ? input.members : [input])
      for (const { name } of one.symbols) names.add(name);
  }
  return [...names];
}

function assembly(
  input: ResolvableObject | ResolvableShared,
  link: RandomLink,
  numbers: ReadonlyMap<string, number>,
): string {
  const names = namesOf(link);
  const number = numbers.get(input.name)!;
  const lines: string[] = [];
  for (const { name, binding, place, group } of input.symbols) {
    if (place === "undefined") {
      if (binding === "weak") lines.push(`.weak ${name}`);
      continue;
    }
    if (place === "common") {
      lines.push(`.comm ${name},4,4`);
      continue;
    }
    lines.push(group === undefined ? ".data" : `.section .data.${name},"awG",@progbits,${group},comdat`);
    lines.push(binding === "weak" ? `.weak ${name}` : `.globl ${name}`, `.type ${name},@object`, `.size ${name},4`);
    lines.push(`${name}: .long ${number}`);
  }
  if (input.kind === "object") {
    for (const section of input.sections ?? [])
      lines.push(`.section ${section},"aw",@progbits`, `.long ${SECTION_VALUE}`);
    lines.push('.section zz_rows,"aw",@progbits', ".balign 8");
  } else {
    lines.push(
      `.data`,
      ".balign 8",
      `.globl zz_table_${input.name}`,
      `zz_table_${input.name}: .quad ${input.symbols.length}`,
    );
  }
  for (const { name } of input.symbols) lines.push(`.long ${number}, ${names.indexOf(name)}`, `.quad ${name}`);
  lines.push('.section .note.GNU-stack,"",@progbits', "");
  return lines.join("\n");
}

function libraryTable(link: RandomLink): string {
  const lines = [".data", ".balign 8", ".globl zz_libraries", "zz_libraries:"];
  for (const input of flattenInputs(link.inputs)) {
    if (input.kind === "shared") lines.push(`.weak zz_table_${input.name}`, `.quad zz_table_${input.name}`);
  }
  lines.push(".quad 1", '.section .note.GNU-stack,"",@progbits', "");
  return lines.join("\n");
}

function argumentOf(input: ResolvableInput): string[] {
  if (input.kind === "group") return ["--start-group", ...input.inputs.flatMap(argumentOf), "--end-group"];
  if (input.kind === "object") return [`${input.name}.o`];
  if (input.kind === "archive") {
    const file = `lib${input.name}.a`;
    return input.take === "all" ? ["--whole-archive", file, "--no-whole-archive"] : [file];
  }
  const file = `lib${input.name}.so`;
  return input.isAsNeeded === true ? ["--as-needed", file, "--no-as-needed"] : [file];
}

/** Writes and assembles the inputs of the link in the folder. */
export async function buildInputs(link: RandomLink, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const numbers = numberInputs(link);
  const commands: string[] = [];
  const add = async (input: ResolvableObject | ResolvableShared) => {
    await writeFile(join(folder, `${input.name}.s`), assembly(input, link, numbers));
    commands.push(`as -o ${input.name}.o ${input.name}.s`);
  };
  for (const input of flattenInputs(link.inputs)) {
    if (input.kind === "archive") {
      for (const member of input.members) await add(member);
      commands.push(`ar rcs lib${input.name}.a ${input.members.map(({ name }) => `${name}.o`).join(" ")}`);
    } else {
      await add(input);
      if (input.kind === "shared") commands.push(`ld -shared -o lib${input.name}.so ${input.name}.o`);
    }
  }
  await writeFile(join(folder, "table.s"), libraryTable(link));
  commands.push("as -o table.o table.s");
  await writeFile(join(folder, "script.ld"), scriptOf(link));
  await runOrThrow("sh", ["-ec", commands.join("\n")], { folder, seconds: 60 });
}

function scriptOf({ assignments }: RandomLink): string {
  const lines = assignments.map(({ name, how, refersTo }) => {
    const value = refersTo[0] ?? "zz_script_value";
    return how === "assign" ? `${name} = ${value};` : `PROVIDE(${name} = ${value});`;
  });
  return `${lines.join("\n")}\n`;
}

/** Links in the folder; `more` are further arguments, or objects behind all others. */
export function linkWith(
  linker: Linker,
  program: string,
  link: RandomLink,
  folder: string,
  more: readonly string[] = [],
): Promise<ProgramResult> {
  const hasLibraries = [...flattenInputs(link.inputs)].some(({ kind }) => kind === "shared");
  const args = ["-o", `${linker}.out`, "-e", "zz_start", "-z", "notext"];
  if (hasLibraries) args.push("-dynamic-linker", "/lib64/ld-linux-x86-64.so.2", "-rpath", "$ORIGIN");
  for (const name of link.undefined) args.push("-u", name);
  for (const name of link.wrap) args.push(`--wrap=${name}`);
  args.push("../runtime.o", "table.o");
  if (link.assignments.length > 0) args.push("script.ld");
  args.push(...link.inputs.flatMap(argumentOf), ...more);
  return runProgram(program, args, { folder, seconds: 60 });
}

/** Runs what was linked and reads what every reference reads. Undefined where it does not run. */
export async function observe(linker: Linker, link: RandomLink, folder: string): Promise<Observation[] | undefined> {
  const { status, stdout } = await runProgram(join(folder, `${linker}.out`), [], { folder, seconds: 20 });
  if (status !== 0) return undefined;
  const names = namesOf(link);
  const inputs = [...numberInputs(link).keys()];
  return stdout
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [input, symbol, value] = line.split(" ").map(Number);
      return { input: inputs[input! - 1]!, symbol: names[symbol!]!, value: value === -1 ? undefined : value! };
    });
}
