/**
 * Symbols that linkers make where nothing else defines them. A definition, even a weak one, keeps the linker from making them.
 * The names that built-in scripts provide are those of `ld --verbose` of GNU ld 2.40, for every emulation of its builds for x86,
 * aarch64, arm, riscv, s390, powerpc, mips, avr and xtensa; those of lld are in lld/ELF/Writer.cpp, addReservedSymbols and
 * addStartEndSymbols.
 */

/** What makes a symbol. */
export interface LinkerMade {
  /**
   * - sections: ld and lld make it from the input sections of a name, whatever script there is (ld(1), "Input Section Example")
   * - always: made where something refers to it, whatever script there is
   * - script: by the built-in script, where the link is given none
   */
  readonly by: "sections" | "always" | "script";
  /** A clause: "ld makes it from the sections named set_devs". */
  readonly text: string;
}

/** Whatever script there is: bfd's and lld's own symbols for what they generate (bfd/elflink.c, ld/ldelf.c). */
const ALWAYS = new Set(
  "_GLOBAL_OFFSET_TABLE_ _DYNAMIC _PROCEDURE_LINKAGE_TABLE_ __ehdr_start __dso_handle _TLS_MODULE_BASE_ .TOC. _gp_disp __gnu_local_gp _SDA_BASE_".split(
    " ",
  ),
);

/** Of every machine. */
const COMMON =
  "_end end _etext etext __etext _edata edata __bss_start __executable_start __preinit_array_start __preinit_array_end __init_array_start __init_array_end __fini_array_start __fini_array_end __tdata_start __rela_iplt_start __rela_iplt_end __rel_iplt_start __rel_iplt_end __data_start __end";

/** Of some: arm, aarch64, riscv; mips, powerpc; avr, xtensa. */
const OF_MACHINES =
  "__bss_start__ __bss_end__ _bss_end__ __end__ __exidx_start __exidx_end __persistent_start __persistent_end __noinit_start __noinit_end __global_pointer$ __SDATA_BEGIN__ __DATA_BEGIN__ __BSS_END__ " +
  "_gp _ftext _fdata _fbss __sbss_start __sbss_end ___sbss_start ___sbss_end __stack ___stack _stack " +
  "__trampolines_start __trampolines_end __heap_start __dtors_start __dtors_end __ctors_start __ctors_end __data_load_start __data_load_end __data_end __bss_end __eeprom_end __TEXT_REGION_LENGTH__ __TEXT_REGION_ORIGIN__ __DATA_REGION_LENGTH__ __DATA_REGION_ORIGIN__ _lit4_start _lit4_end";

const BY_SCRIPT = new Set(`${COMMON} ${OF_MACHINES}`.split(" "));

/** How a linker makes the symbol, where its name is one of those. */
export function madeByLinker(name: string): LinkerMade | undefined {
  const section = /^__(?:start|stop)_([A-Za-z_]\w*)$/.exec(name)?.[1];
  if (section !== undefined) {
    return { by: "sections", text: `ld makes it from the sections named ${section}, where there are any` };
  }
  if (ALWAYS.has(name)) return { by: "always", text: "the linker makes it where something refers to it" };
  if (BY_SCRIPT.has(name))
    return { by: "script", text: "the linker's built-in script makes it where nothing else does" };
  return undefined;
}
