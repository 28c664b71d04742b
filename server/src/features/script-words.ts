/**
 * Words of linker scripts that are no commands, and what each means in a few words: constants, types and flags, names of
 * formats and machines, directives of the preprocessor.
 */

type Words = Readonly<Record<string, string>>;

export const CONSTANTS: Words = {
  MAXPAGESIZE: "the target's maximum page size",
  COMMONPAGESIZE: "the target's common page size",
};

export const SEGMENT_TYPES: Words = {
  PT_NULL: "unused program header",
  PT_LOAD: "loaded from the file",
  PT_DYNAMIC: "dynamic linking information",
  PT_INTERP: "name of the program interpreter",
  PT_NOTE: "notes",
  PT_SHLIB: "reserved",
  PT_PHDR: "the program headers themselves",
  PT_TLS: "thread-local storage",
  PT_GNU_EH_FRAME: "index of the unwind tables",
  PT_GNU_STACK: "whether the stack is executable",
  PT_GNU_RELRO: "read-only after relocation",
};

export const ATTRIBUTES: Words = {
  r: "takes read-only sections",
  w: "takes writable sections",
  x: "takes executable sections",
  a: "takes allocatable sections",
  i: "takes initialized sections",
  rx: "takes read-only and executable sections",
  rw: "takes readable and writable sections",
  rwx: "takes any section that is loaded",
};

export const SECTION_FLAGS: Words = {
  SHF_WRITE: "writable",
  SHF_ALLOC: "takes memory at run time",
  SHF_EXECINSTR: "executable",
  SHF_MERGE: "may be merged",
  SHF_STRINGS: "holds strings",
  SHF_TLS: "thread-local",
};

/** The types that GNU ld knows by name (ldgram.y: section_type). */
export const SECTION_KINDS: Words = {
  SHT_PROGBITS: "contents of the program",
  SHT_NOBITS: "takes no space in the file",
  SHT_NOTE: "notes",
  SHT_STRTAB: "string table",
  SHT_INIT_ARRAY: "pointers to constructors",
  SHT_FINI_ARRAY: "pointers to destructors",
  SHT_PREINIT_ARRAY: "pointers to functions that run before constructors",
};

/** Of BFD's formats those of common targets (`objdump -i` lists what a build of binutils knows). */
export const FORMATS: Words = {
  binary: "raw contents",
  ihex: "Intel hex",
  srec: "Motorola S-records",
  "elf32-i386": "x86, 32 bits",
  "elf64-x86-64": "x86-64",
  "elf32-x86-64": "x86-64, x32",
  "elf64-littleaarch64": "AArch64, little-endian",
  "elf64-bigaarch64": "AArch64, big-endian",
  "elf32-littlearm": "Arm, little-endian",
  "elf32-bigarm": "Arm, big-endian",
  "elf64-littleriscv": "RISC-V, 64 bits",
  "elf32-littleriscv": "RISC-V, 32 bits",
  "elf64-powerpcle": "PowerPC, 64 bits, little-endian",
  "elf64-powerpc": "PowerPC, 64 bits, big-endian",
  "elf32-powerpc": "PowerPC, 32 bits, big-endian",
  "elf32-powerpcle": "PowerPC, 32 bits, little-endian",
  "elf64-s390": "s390, 64 bits",
  "elf32-s390": "s390, 31 bits",
  "elf32-tradbigmips": "MIPS, 32 bits, big-endian",
  "elf32-tradlittlemips": "MIPS, 32 bits, little-endian",
  "elf64-tradbigmips": "MIPS, 64 bits, big-endian",
  "elf64-tradlittlemips": "MIPS, 64 bits, little-endian",
  "elf64-loongarch": "LoongArch, 64 bits",
  "elf32-m68k": "68000",
  "elf64-sparc": "SPARC, 64 bits",
  "elf32-sparc": "SPARC, 32 bits",
  "elf32-avr": "AVR",
  "elf32-xtensa-le": "Xtensa",
  "pei-x86-64": "program of Windows and UEFI, x86-64",
  "pei-i386": "program of Windows, 32 bits",
};

export const MACHINES: Words = {
  i386: "x86, 32 bits",
  "i386:x86-64": "x86-64",
  "i386:x64-32": "x86-64, x32",
  aarch64: "AArch64",
  arm: "Arm",
  riscv: "RISC-V",
  powerpc: "PowerPC, 32 bits",
  "powerpc:common": "PowerPC, 32 bits",
  "powerpc:common64": "PowerPC, 64 bits",
  "s390:31-bit": "s390, 31 bits",
  "s390:64-bit": "s390, 64 bits",
  mips: "MIPS",
  loongarch: "LoongArch",
  m68k: "68000",
  sparc: "SPARC, 32 bits",
  "sparc:v9": "SPARC, 64 bits",
  avr: "AVR",
  xtensa: "Xtensa",
};

export const DIRECTIVES: Words = {
  include: "takes in a header",
  define: "defines a macro",
  undef: "ends a macro's definition",
  if: "where the expression is not zero",
  ifdef: "where the macro is defined",
  ifndef: "where the macro is not defined",
  elif: "else, where the expression is not zero",
  else: "where no branch before was taken",
  endif: "ends #if",
  error: "fails with a message",
  warning: "warns with a message",
};

const KINDS: readonly (readonly [Words, string])[] = [
  [SEGMENT_TYPES, "type of a segment"],
  [SECTION_KINDS, "type of a section"],
  [SECTION_FLAGS, "flag of input sections"],
  [CONSTANTS, "constant"],
];

/** What a constant, a type or a flag means, in Markdown; undefined for every other word. */
export function describeConstant(word: string): string | undefined {
  for (const [words, kind] of KINDS) {
    if (Object.hasOwn(words, word)) return `\`${word}\` — ${kind}: ${words[word]}.`;
  }
  return undefined;
}
