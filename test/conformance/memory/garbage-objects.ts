/** Writes random objects, of which a linker that collects garbage keeps some sections, and the script that lays them out. */

import { randomNumbers } from "./random-numbers.ts";

export interface Garbage {
  /** Assembly, one text for each object. */
  readonly objects: readonly string[];
  readonly script: string;
}

type Pick = (limit: number) => number;

/** Those of a seed, always the same ones. */
export function makeGarbage(seed: number): Garbage {
  const next = randomNumbers(seed);
  const pick: Pick = (limit) => Math.floor(next() * limit);
  const count = 2 + pick(4);
  const names = Array.from({ length: count * 6 }, (_, at) => `f${at}`);
  const objects = Array.from({ length: count }, (_, at) => makeObject(at, names, pick));
  // A file's plain name in a script loads it there, before those of the command, which no map tells.
  const kept = ["*(.keep .keep.*)", "*o1.o(.data.f*)", "*(EXCLUDE_FILE(*0.o) .late)", "*o[2-3].o(.rodata.?1)"].filter(
    () => pick(2) === 0,
  );
  const script = `ENTRY(_start)
SECTIONS
{
  . = 0x10000;
  .text : { *(.text .text.*) }
  .rodata : { ${kept.map((pattern) => `KEEP(${pattern})`).join(" ")} *(.rodata .rodata.*) *(.keep .keep.* .late) }
  .init_array : { *(.init_array .init_array.*) }
  .data : { *(.data .data.*) ${pick(2) === 0 ? "KEEP(*(.data.f1*))" : ""} }
  set_a : { *(set_a) }
  .bss : { *(.bss .bss.*) *(COMMON) }
${pick(2) === 0 ? "  where = f3;\n" : ""}  /DISCARD/ : { *(.note.gnu*) }
}
`;
  return { objects, script };
}

/** Six sections with a symbol in each, and now and then one of the kinds that linkers treat in ways of their own. */
function makeObject(at: number, names: readonly string[], pick: Pick): string {
  const own = names.slice(at * 6, at * 6 + 6);
  const lines =
    at === 0 ? ['.section .text._start,"ax"', ".globl _start", "_start:", ...references(names, pick, 3)] : [];
  for (const name of own) lines.push(...makeSection(name, at, names, pick));
  const extra: readonly (() => string[])[] = [
    () => ['.section .init_array,"aw",@init_array', `.quad ${any(names, pick)}`],
    () => ['.section .data.retained,"awR"', "  .long 5", ...references(names, pick, 1)],
    () => ['.section .keep.it,"a"', "  .long 6", ...references(names, pick, 1)],
    () => ['.section .late,"a"', "  .long 7", ...references(names, pick, 1)],
    () => ['.section set_a,"a"', "  .long 8", ...references(names, pick, 1)],
    () => [
      `.section .text.once,"axG",@progbits,once,comdat`,
      ".weak once",
      "once:",
      `  .long ${at}`,
      ...references(names, pick, 1),
    ],
    () => ['.section .text.useset,"ax"', "  .quad __start_set_a"],
    () => [
      `.section .text.shared,"ax"`,
      ".weak shared",
      "shared:",
      `  .long ${at + 50}`,
      ...references(names, pick, 1),
    ],
    () => [
      `.section .data.order,"ao",@progbits,.text.base${at}`,
      "  .long 9",
      `.section .text.base${at},"ax"`,
      `base${at}: .long 3`,
    ],
    () => [`.section .rodata.note,"a",@note`, "  .long 0, 0, 1"],
    () => [".comm pool, 64, 8", ...references(["pool"], pick, 1).map((line) => `.section .data.usepool,"aw"\n${line}`)],
  ];
  for (const make of extra) if (pick(3) === 0) lines.push(...make());
  return `${lines.join("\n")}\n.weak f3\n`;
}

function makeSection(name: string, object: number, names: readonly string[], pick: Pick): string[] {
  const kind = [`.text.${name},"ax"`, `.data.${name},"aw"`, `.rodata.${name},"a"`][pick(3)];
  const isBss = pick(6) === 0;
  if (isBss) return [`.section .bss.${name},"aw",@nobits`, `.globl ${name}`, `${name}: .skip ${4 + pick(60)}`];
  const local = pick(3) === 0 ? [`  .quad .Lown${object}`] : [];
  const frame = kind!.startsWith(".text") && pick(2) === 0;
  return [
    `.section ${kind}`,
    `.globl ${name}`,
    `${name}:`,
    ...(frame ? [".cfi_startproc"] : []),
    "  .long 1",
    ...(pick(2) === 0 ? references(names, pick, 2) : []),
    ...(frame ? [".cfi_endproc"] : []),
    ...(local.length > 0 ? [...local, `.section .rodata.own${object}${name},"a"`, "  .long 2"] : []),
    ...(local.length > 0 ? [`.ifndef .Lown${object}`, `.Lown${object}:`, ".endif", "  .long 4"] : []),
  ];
}

function references(names: readonly string[], pick: Pick, most: number): string[] {
  return Array.from({ length: pick(most + 1) }, () => {
    const name = any([...names, "once", "shared", "absent"], pick);
    return ["absent", "once", "shared"].includes(name) ? `  .weak ${name}\n  .quad ${name}` : `  .quad ${name}`;
  });
}

function any(names: readonly string[], pick: Pick): string {
  return names[pick(names.length)]!;
}
