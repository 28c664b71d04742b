/** A tree of any size in which each file says the same kinds of things: what work is counted over. It has no chance in it. */

/** Files of each of so many folders: weak references and their tests, a script's symbols, macros that make names, registers. */
export function generatedTree(folders: number): Record<string, string> {
  const files: Record<string, string> = { "link.ld": scriptOf(folders), Makefile: makefileOf(folders) };
  files["include/made.h"] = "#define MAKE(name) int made_##name(void) { return 0; }\n#define part_of(n) part_##n()\n";
  for (let i = 0; i < folders; i++) {
    files[`d${i}/part.c`] = sourceOf(i, folders);
    files[`d${i}/part.h`] =
      `extern int part_${i}(void) __attribute__((weak));\nextern char start_${i}[], end_${i}[];\n`;
    files[`d${i}/entry.S`] = `\t.globl entry_${i}\nentry_${i}:\n\tcall part_${i}\n\tret\n`;
    files[`d${i}/registers.h`] = lines(100, (n) => `#define REGISTER_${i}_${n} (0x${(n * 4).toString(16)})`);
  }
  return files;
}

export function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => `${line(i)}\n`).join("");
}

function sourceOf(i: number, folders: number): string {
  const next = (i + 1) % folders;
  const includes = `#include "part.h"\n#include "../include/made.h"\n#include "../d${next}/part.h"\n`;
  const hook = `extern int hook_${i}(void) __attribute__((weak));\n`;
  const bodies = lines(20, (n) => `/* A body. */\nstatic int local_${n}(int a)\n{\n\treturn a + part_${next}();\n}`);
  const tests = `int try_${i}(void) { return part_${next} ? part_${next}() : end_${i} - start_${i}; }\n`;
  return `${includes}${hook}MAKE(part_${i})\nint part_${i}(void) { return ${i}; }\n${bodies}${tests}`;
}

function scriptOf(folders: number): string {
  const sections = lines(folders, (i) => `  .part_${i} : { start_${i} = .; *(.part_${i}) end_${i} = .; }`);
  return `ENTRY(entry_0)\nSECTIONS\n{\n${sections}  PROVIDE(spare = .);\n}\n`;
}

function makefileOf(folders: number): string {
  const objects = Array.from({ length: folders }, (_, i) => `d${i}/part.o d${i}/entry.o`).join(" ");
  return `objects := ${objects}\nprogram: $(objects) link.ld\n\t$(LD) -T link.ld -o $@ $(objects)\n`;
}
