/**
 * The compiler's own macros for a target and its flags, as text for {@link preprocess}. It knows gcc, and no build system.
 */

import { COMMON, TARGETS } from "./predefined-macros.ts";
import type { Mode } from "./scan.ts";

export interface PredefinedOptions {
  readonly mode: Mode;
  /** Flags that change what is predefined; all others are passed over. */
  readonly flags?: readonly string[];
}

/** The targets that are known, by the names that {@link predefinedMacros} takes. */
export const KNOWN_TARGETS: readonly string[] = Object.keys(TARGETS);

/**
 * Lines of `#define NAME VALUE`. An unknown target gets what all have in common.
 */
export function predefinedMacros(target: string, options: PredefinedOptions): string {
  const macros = new Map<string, string>();
  addTarget(macros, targetFor(target, options.flags ?? []));
  for (const flag of options.flags ?? []) {
    // A standard is one of C, and changes nothing in assembly.
    if (options.mode === "c" || !/^-std=|^-ansi$/.test(flag)) applyFlag(macros, flag);
  }
  if (macros.has("__STRICT_ANSI__")) {
    for (const name of macros.keys()) if (!name.startsWith("_")) macros.delete(name);
    macros.delete("_Bool");
  }
  if (options.mode === "assembler") {
    for (const name of C_ALONE) macros.delete(name);
    macros.set("__ASSEMBLER__", "1");
    for (const name of ["LANGUAGE_C", "_LANGUAGE_C", "__LANGUAGE_C", "__LANGUAGE_C__"]) {
      if (macros.delete(name)) macros.set(name.replace("LANGUAGE_C", "LANGUAGE_ASSEMBLY"), "1");
    }
  } else if (!macros.has("__STDC_VERSION__")) macros.set("__STDC_VERSION__", "201710L");
  if (macros.get("__STDC_VERSION__") === "") macros.delete("__STDC_VERSION__");
  let text = "";
  for (const [name, value] of macros) text += `#define ${name} ${value}\n`;
  return text;
}

/** What gcc defines for C and not for assembly: the standard's own names, and AltiVec's keywords. */
const C_ALONE = [
  "__STDC_VERSION__",
  "__STDC_UTF_16__",
  "__STDC_UTF_32__",
  "_Bool",
  "bool",
  "pixel",
  "vector",
  "__bool",
  "__pixel",
  "__vector",
];

function addTarget(macros: Map<string, string>, name: string): void {
  const target = TARGETS[name];
  if (target === undefined) {
    addLines(macros, COMMON);
    return;
  }
  if (target.base === undefined) addLines(macros, COMMON);
  else addTarget(macros, target.base);
  for (const gone of target.undefined.split(" ")) macros.delete(gone);
  addLines(macros, target.defined);
}

function addLines(macros: Map<string, string>, lines: string): void {
  for (const line of lines.split("\n")) {
    const space = line.indexOf(" ");
    if (line !== "") macros.set(space < 0 ? line : line.slice(0, space), space < 0 ? "" : line.slice(space + 1));
  }
}

/** Flags that make one compiler compile for another target: `-m32` of x86, the byte order, the ABI. */
const SWITCHES: readonly (readonly [flag: string, from: RegExp, to: string])[] = [
  ["-m32", /^x86_64$|^x32$/, "i386"],
  ["-m16", /^x86_64$|^x32$/, "i386"],
  ["-mx32", /^x86_64$|^i386$/, "x32"],
  ["-m64", /^i386$|^x32$/, "x86_64"],
  ["-mbig-endian", /^aarch64$/, "aarch64_be"],
  ["-mlittle-endian", /^aarch64_be$/, "aarch64"],
  ["-mbig-endian", /^arm$/, "armeb"],
  ["-mlittle-endian", /^armeb$/, "arm"],
  ["-m32", /^powerpc64(?:le)?$/, "powerpc"],
  ["-m64", /^powerpc$/, "powerpc64"],
  ["-mbig-endian", /^powerpc64le$/, "powerpc64"],
  ["-mbig", /^powerpc64le$/, "powerpc64"],
  ["-mlittle-endian", /^powerpc64$/, "powerpc64le"],
  ["-mlittle", /^powerpc64$/, "powerpc64le"],
  ["-EB", /^mips(64|n32|)el$/, "mips$1"],
  ["-EL", /^mips(64|n32|)$/, "mips$1el"],
  ["-mabi=32", /^mips(?:64|n32)?(el|)$/, "mips$1"],
  ["-mabi=n32", /^mips(?:64|n32)?(el|)$/, "mipsn32$1"],
  ["-mabi=64", /^mips(?:64|n32)?(el|)$/, "mips64$1"],
  ["-mabi=ilp32", /^riscv64$/, "riscv32"],
  ["-mabi=lp64", /^riscv32$/, "riscv64"],
];

function targetFor(name: string, flags: readonly string[]): string {
  let target = name;
  for (const flag of flags) {
    const found = SWITCHES.find(([word, from]) => word === flag && from.test(target));
    if (found !== undefined) target = target.replace(found[1], found[2]);
  }
  return target;
}

type Changes = Readonly<Record<string, string | undefined>>;

/** What a flag changes: names that it defines, and names that it undefines (with no value); `when` a name is defined. */
const FLAGS: readonly (readonly [flag: RegExp, changes: Changes, when?: string])[] = [
  [/^-O(?:[123gs]?|fast)$/, { __OPTIMIZE__: "1", __NO_INLINE__: undefined }],
  [/^-Os$/, { __OPTIMIZE_SIZE__: "1" }],
  [/^-O0$/, { __OPTIMIZE__: undefined, __OPTIMIZE_SIZE__: undefined, __NO_INLINE__: "1" }],
  [/^-fno-(?:pie|PIE|pic|PIC)$/, { __pic__: undefined, __PIC__: undefined, __pie__: undefined, __PIE__: undefined }],
  [
    /^-fno-(?:pie|PIE|pic|PIC)$/,
    { __riscv_cmodel_pic: undefined, __riscv_cmodel_medany: undefined, __riscv_cmodel_medlow: "1" },
    "__riscv",
  ],
  [/^-mno-abicalls$/, { __pic__: undefined, __PIC__: undefined, __mips_abicalls: undefined }],
  [/^-mcmodel=medany$/, { __riscv_cmodel_medlow: undefined, __riscv_cmodel_medany: "1" }],
  [/^-fpic$/, { __pic__: "1", __PIC__: "1", __pie__: undefined, __PIE__: undefined }],
  [/^-fPIC$/, { __pic__: "2", __PIC__: "2", __pie__: undefined, __PIE__: undefined }],
  [/^-fpie$/, { __pic__: "1", __PIC__: "1", __pie__: "1", __PIE__: "1" }],
  [/^-fPIE$/, { __pic__: "2", __PIC__: "2", __pie__: "2", __PIE__: "2" }],
  // What abicalls need is position independent, whatever the flag says.
  [/^-f(?:no-)?(?:pie|PIE|pic|PIC)$/, { __pic__: "1", __PIC__: "1" }, "__mips_abicalls"],
  [
    /^-mno-sse$/,
    {
      __SSE__: undefined,
      __SSE2__: undefined,
      __SSE_MATH__: undefined,
      __SSE2_MATH__: undefined,
      __MMX_WITH_SSE__: undefined,
    },
  ],
  [/^-mno-sse2$/, { __SSE2__: undefined, __SSE2_MATH__: undefined, __MMX_WITH_SSE__: undefined }],
  [/^-mno-mmx$/, { __MMX__: undefined }],
  [/^-mno-80387$|^-msoft-float$/, { _SOFT_FLOAT: "1" }],
  [/^-fcf-protection=branch$/, { __CET__: "1" }],
  [/^-fcf-protection=return$/, { __CET__: "2" }],
  [/^-fcf-protection(?:=full)?$/, { __CET__: "3" }],
  [/^-mcmodel=kernel$/, { __code_model_small__: undefined, __code_model_kernel__: "1" }],
  [/^-mcmodel=large$/, { __code_model_small__: undefined, __code_model_large__: "1" }],
  [
    /^-fshort-wchar$/,
    {
      __WCHAR_TYPE__: "short unsigned int",
      __WCHAR_MAX__: "0xffff",
      __WCHAR_MIN__: "0",
      __WCHAR_WIDTH__: "16",
      __SIZEOF_WCHAR_T__: "2",
      __WCHAR_UNSIGNED__: undefined,
    },
  ],
  [/^-fshort-wchar$/, { __ARM_SIZEOF_WCHAR_T: "2" }, "__arm__"],
  [/^-fshort-wchar$/, { __GCC_ATOMIC_WCHAR_T_LOCK_FREE: "1" }, "__riscv"],
  [/^-fshort-wchar$/, { __GNUC_WIDE_EXECUTION_CHARSET_NAME: '"UTF-16LE"' }],
  [/^-fshort-wchar$/, { __GNUC_WIDE_EXECUTION_CHARSET_NAME: '"UTF-16BE"' }, "__BIG_ENDIAN__"],
  [/^-fshort-wchar$/, { __GNUC_WIDE_EXECUTION_CHARSET_NAME: '"UTF-16BE"' }, "__s390__"],
  [/^-fshort-wchar$/, { __GNUC_WIDE_EXECUTION_CHARSET_NAME: '"UTF-16BE"' }, "__MIPSEB__"],
  [/^-fstack-protector$/, { __SSP__: "1" }],
  [/^-fstack-protector-all$/, { __SSP_ALL__: "2" }],
  [/^-fstack-protector-strong$/, { __SSP_STRONG__: "3" }],
  [/^-ffreestanding$|^-fno-hosted$/, { __STDC_HOSTED__: "0" }],
  [/^-funsigned-char$/, { __CHAR_UNSIGNED__: "1" }],
  [/^-fsigned-char$/, { __CHAR_UNSIGNED__: undefined }],
  [/^-fsanitize=(?:kernel-)?address$/, { __SANITIZE_ADDRESS__: "1" }],
  [/^-fsanitize=thread$/, { __SANITIZE_THREAD__: "1" }],
  [/^-std=(?:gnu|c)(?:89|90)$|^-ansi$/, { __STDC_VERSION__: "" }],
  [
    /^-std=(?:gnu|c)(?:89|90)$|^-ansi$/,
    {
      __GNUC_STDC_INLINE__: undefined,
      __GNUC_GNU_INLINE__: "1",
      __STDC_UTF_16__: undefined,
      __STDC_UTF_32__: undefined,
    },
  ],
  [/^-std=(?:gnu|c)99$/, { __STDC_VERSION__: "199901L" }],
  [/^-std=(?:gnu|c)11$/, { __STDC_VERSION__: "201112L" }],
  [/^-std=(?:gnu|c)1[78]$/, { __STDC_VERSION__: "201710L" }],
  [/^-std=(?:gnu|c)2x$/, { __STDC_VERSION__: "202000L" }],
  [/^-std=c\d|^-ansi$/, { __STRICT_ANSI__: "1" }],
];

function applyFlag(macros: Map<string, string>, flag: string): void {
  for (const [pattern, changes, when] of FLAGS) {
    if (!pattern.test(flag) || (when !== undefined && !macros.has(when))) continue;
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) macros.delete(name);
      else macros.set(name, value);
    }
  }
}
