/**
 * The numbers of the ELF format that the readers need (System V gABI, chapters 4 and 5, and the GNU extensions), and the
 * names people know them by. It must not know how files are read.
 */

/** The file type of relocatable objects, e_type. */
export const ET_REL = 1;

/** Section types, sh_type. */
export const SHT_PROGBITS = 1;
export const SHT_SYMTAB = 2;
export const SHT_STRTAB = 3;
export const SHT_RELA = 4;
export const SHT_NOBITS = 8;
export const SHT_REL = 9;
export const SHT_DYNSYM = 11;
export const SHT_SYMTAB_SHNDX = 18;
/** The compact relocations that LLVM proposes; they cannot be counted here. */
export const SHT_CREL = 0x40000014;
export const SHT_ANDROID_REL = 0x60000001;
export const SHT_ANDROID_RELA = 0x60000002;
export const SHT_GNU_VERDEF = 0x6ffffffd;
export const SHT_GNU_VERNEED = 0x6ffffffe;
export const SHT_GNU_VERSYM = 0x6fffffff;

/** Section flags, sh_flags. */
export const SHF_WRITE = 0x1;
export const SHF_ALLOC = 0x2;
export const SHF_EXECINSTR = 0x4;
export const SHF_TLS = 0x400;

/** Section indexes with a meaning of their own, st_shndx. */
export const SHN_UNDEF = 0;
export const SHN_LORESERVE = 0xff00;
export const SHN_ABS = 0xfff1;
export const SHN_COMMON = 0xfff2;
export const SHN_XINDEX = 0xffff;

/** Symbol types, the low four bits of st_info. */
export const STT_OBJECT = 1;
export const STT_FUNC = 2;
export const STT_SECTION = 3;
export const STT_FILE = 4;
export const STT_COMMON = 5;
export const STT_TLS = 6;
export const STT_GNU_IFUNC = 10;

/** Symbol bindings, the high four bits of st_info. */
export const STB_LOCAL = 0;
export const STB_GLOBAL = 1;
export const STB_WEAK = 2;
export const STB_GNU_UNIQUE = 10;

/** Machines, e_machine. */
export const EM_386 = 3;
export const EM_MIPS = 8;
export const EM_PPC = 20;
export const EM_PPC64 = 21;
export const EM_S390 = 22;
export const EM_ARM = 40;
export const EM_SPARCV9 = 43;
export const EM_X86_64 = 62;
export const EM_AARCH64 = 183;
export const EM_RISCV = 243;
export const EM_LOONGARCH = 258;

/** What a linker sees of a symbol from outside its object. */
export type SymbolBinding = "local" | "global" | "weak" | "unique" | "other";

export type SymbolType =
  | "notype"
  | "object"
  | "function"
  | "section"
  | "file"
  | "common"
  | "tls"
  | "ifunc"
  | "relc"
  | "srelc"
  | "other";

export type SymbolVisibility = "default" | "internal" | "hidden" | "protected";

export type FileType = "none" | "relocatable" | "executable" | "shared" | "core" | "other";

const bindings = new Map<number, SymbolBinding>([
  [STB_LOCAL, "local"],
  [STB_GLOBAL, "global"],
  [STB_WEAK, "weak"],
  [STB_GNU_UNIQUE, "unique"],
]);

const types: readonly SymbolType[] = [
  "notype",
  "object",
  "function",
  "section",
  "file",
  "common",
  "tls",
  "relc",
  "srelc",
  "other",
  "ifunc",
];

const visibilities: readonly SymbolVisibility[] = ["default", "internal", "hidden", "protected"];

const fileTypes: readonly FileType[] = ["none", "relocatable", "executable", "shared", "core"];

const machineNames = new Map<number, string>([
  [EM_386, "i386"],
  [EM_MIPS, "mips"],
  [EM_PPC, "powerpc"],
  [EM_PPC64, "powerpc64"],
  [EM_S390, "s390"],
  [EM_ARM, "arm"],
  [EM_SPARCV9, "sparc64"],
  [EM_X86_64, "x86-64"],
  [EM_AARCH64, "arm64"],
  [EM_RISCV, "riscv"],
  [EM_LOONGARCH, "loongarch"],
]);

/** The binding in st_info. */
export function bindingName(info: number): SymbolBinding {
  return bindings.get(info >> 4) ?? "other";
}

/** The type in st_info. Number 10 is IFUNC, as it is wherever GNU's tools made the object. */
export function typeName(info: number): SymbolType {
  return types[info & 0xf] ?? "other";
}

/** The visibility in st_other, whose upper bits belong to the machine. */
export function visibilityName(other: number): SymbolVisibility {
  return visibilities[other & 3]!;
}

export function fileTypeName(fileType: number): FileType {
  return fileTypes[fileType] ?? "other";
}

/** What the machine is called, or its number where it is none that relocations are counted for. */
export function machineName(machine: number): string {
  return machineNames.get(machine) ?? `machine ${machine}`;
}

/**
 * What stands for a section in the section index of a symbol when the index is a reserved one. The names are those of
 * `readelf -s`, with COMMON written out.
 */
export function reservedSectionName(index: number, machine: number): string {
  if (index === SHN_UNDEF) return "UND";
  if (index === SHN_ABS) return "ABS";
  if (index === SHN_COMMON) return "COMMON";
  if (machine === EM_X86_64 && index === 0xff02) return "LARGE_COM";
  if (machine === EM_MIPS && index === 0xff03) return "SCOM";
  if (machine === EM_MIPS && index === 0xff04) return "SUND";
  if (index >= SHN_LORESERVE && index <= 0xff1f) return `PRC[0x${index.toString(16)}]`;
  if (index >= 0xff20 && index <= 0xff3f) return `OS[0x${index.toString(16)}]`;
  return `RSV[0x${index.toString(16)}]`;
}
