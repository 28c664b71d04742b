/**
 * The formatter, held against ld: a formatted script formatted again stays as it is, has the same characters but for white
 * space, and links to the same bytes.
 */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { formatLinkerScript } from "../../../server/src/syntax/ld/format.ts";
import { parseLinkerScript, type ScriptParseOptions } from "../../../server/src/syntax/ld/parser.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { runOrThrow, runProgram } from "../../support/run-program.ts";
import type { Script } from "./mutants.ts";

const STYLES = [
  { insertSpaces: true, tabSize: 2 },
  { insertSpaces: false, tabSize: 8 },
];

export interface Layouts {
  readonly compared: number;
  readonly linked: number;
  readonly problems: readonly string[];
}

function format(text: string, options: ScriptParseOptions, style: (typeof STYLES)[number]): string {
  const script = parseLinkerScript(sourceOfText(text), options);
  return applyEdits(text, formatLinkerScript(script, style)) ?? text;
}

/** Formats a script in each style. What is wrong with the result comes back in words. */
export function checkFormat(
  name: string,
  text: string,
  options: ScriptParseOptions = {},
): { formatted: string[]; problems: string[] } {
  const problems: string[] = [];
  const formatted = STYLES.map((style) => {
    const once = format(text, options, style);
    if (format(once, options, style) !== once) problems.push(`${name}: formatted twice is not formatted once`);
    if (once.replace(/\s/g, "") !== text.replace(/\s/g, ""))
      problems.push(`${name}: more than white space has changed`);
    return once;
  });
  return { formatted, problems };
}

/** One of everything that ld's own scripts place. */
const PROGRAM = [
  ".globl _start\n.text\n_start: nop",
  '.section .init,"ax",@progbits\nnop',
  '.section .data.rel.ro,"aw",@progbits\n.long 1',
  ".data\n.long 2",
  '.section .rodata.str1.1,"aMS",@progbits,1\n.string "x"',
  ".bss\n.skip 64",
  '.section .init_array,"aw",@init_array\n.balign 8\n.quad 0',
  '.section .ctors.65535,"aw",@progbits\n.quad 0',
  '.section .tdata,"awT",@progbits\n.long 1',
  '.section .note.x,"a",@note\n.long 0',
  '.section .debug_info,"",@progbits\n.long 0',
  ".comm c,16,8",
].join("\n");

/** How the assembler makes objects for an emulation of ld; scripts of others are not linked. */
const ASSEMBLERS: Readonly<Record<string, readonly string[]>> = {
  elf_x86_64: ["--64"],
  elf32_x86_64: ["--x32"],
  elf_i386: ["--32"],
  elf_iamcu: ["--32", "-march=iamcu"],
  // ld makes programs for Windows of ELF objects, too.
  i386pe: ["--32"],
  i386pep: ["--64"],
};

/** A program for Windows says when it was linked, unless it is told not to. */
const LINKER_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  i386pe: ["--no-insert-timestamp"],
  i386pep: ["--no-insert-timestamp"],
};

/** Formats each script, and links with those of ld's own, as they are and formatted. */
export async function compareLayouts(scripts: readonly Script[]): Promise<Layouts> {
  const folder = await mkdtemp(join(tmpdir(), "weakspot-layout-"));
  const problems: string[] = [];
  let linked = 0;
  try {
    await writeFile(join(folder, "program.s"), `${PROGRAM}\n`);
    for (const [emulation, options] of Object.entries(ASSEMBLERS)) {
      await runOrThrow("as", [...options, "-o", `${emulation}.o`, "program.s"], { folder });
    }
    for (const { name, text } of scripts) {
      const checked = checkFormat(name, text);
      problems.push(...checked.problems);
      const [emulation = ""] = basename(name).split(".");
      if (ASSEMBLERS[emulation] === undefined) continue;
      const options = ["-m", emulation, ...(LINKER_OPTIONS[emulation] ?? []), `${emulation}.o`];
      if (/\.x[ru]$/.test(name)) options.push("-r");
      const expected = await link(folder, text, options);
      if (expected === undefined) continue;
      linked++;
      for (const formatted of checked.formatted) {
        const actual = await link(folder, formatted, options);
        if (actual === undefined || !actual.equals(expected))
          problems.push(`${name}: links to other bytes when formatted`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { compared: scripts.length, linked, problems };
}

async function link(folder: string, script: string, options: readonly string[]): Promise<Buffer | undefined> {
  await writeFile(join(folder, "script.ld"), script, "latin1");
  const result = await runProgram("ld", ["-T", "script.ld", ...options, "-o", "linked"], { folder });
  return result.status === 0 ? readFile(join(folder, "linked")) : undefined;
}
