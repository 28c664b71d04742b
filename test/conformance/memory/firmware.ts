/** Small firmware for several processors and C libraries, as people link it: with the toolchain's own scripts, or one of the usual shape. */

export interface Firmware {
  readonly name: string;
  readonly compiler: string;
  /** Of the binutils for it. */
  readonly prefix: string;
  readonly options: readonly string[];
  /** Written as image.ld beside the sources. */
  readonly script?: string;
}

export const SOURCES = {
  "main.c": `#if __STDC_HOSTED__ && __has_include(<string.h>)
#include <stdlib.h>
#include <string.h>
#else
#define strncpy(to, from, size) for (unsigned at = 0; at < (size); at++) (to)[at] = (from)[at % sizeof (from)]
#define strlen(text) sizeof (text)
#define atoi(text) (text)[0]
#endif

static char line[300];
int counts[17] = { 1, 2, 3 };
const char table[] = "a table that is only read";
static long samples[40];

__attribute__((weak)) void hook(void) { counts[1]++; }

int main(void)
{
	for (int i = 0; i < 17; i++)
		counts[i] += (int)samples[i];
	hook();
	strncpy(line, table, sizeof line - 1);
	return (int)strlen(line) + atoi(line) + counts[2];
}
`,
} as const;

function scriptFor(flash: string, ram: string): string {
  return `ENTRY(main)
MEMORY
{
  FLASH (rx) : ORIGIN = ${flash}, LENGTH = 256K
  RAM (rwx) : ORIGIN = ${ram}, LENGTH = 32K
}
SECTIONS
{
  .text : { KEEP(*(.vectors)) *(.text .text.*) *(.rodata .rodata.*) . = ALIGN(4); } >FLASH
  .ARM.extab : { *(.ARM.extab*) } >FLASH
  .ARM.exidx : { *(.ARM.exidx*) } >FLASH
  .preinit_array : { KEEP(*(.preinit_array*)) } >FLASH
  .init_array : { KEEP(*(.init_array*)) } >FLASH
  .fini_array : { KEEP(*(.fini_array*)) } >FLASH
  .eh_frame : { KEEP(*(.eh_frame*)) } >FLASH
  .data : ALIGN(8) { _sdata = .; *(.data .data.* .sdata .sdata.*) . = ALIGN(4); _edata = .; } >RAM AT> FLASH
  _sidata = LOADADDR(.data);
  .bss (NOLOAD) : { *(.sbss .sbss.* .bss .bss.*) *(COMMON) . = ALIGN(8); end = .; _end = .; __end__ = .; } >RAM
}
`;
}

const SPLIT = ["-Os", "-g", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"];

export const FIRMWARE: readonly Firmware[] = [
  {
    name: "Cortex-M4, newlib",
    compiler: "arm-none-eabi-gcc",
    prefix: "arm-none-eabi-",
    options: ["-mcpu=cortex-m4", "-mthumb", "--specs=nosys.specs", "-nostartfiles", "-T", "image.ld", ...SPLIT],
    script: scriptFor("0x08000000", "0x20000000"),
  },
  {
    name: "Cortex-M0, newlib-nano",
    compiler: "arm-none-eabi-gcc",
    prefix: "arm-none-eabi-",
    options: [
      "-mcpu=cortex-m0",
      "-mthumb",
      "--specs=nano.specs",
      "--specs=nosys.specs",
      "-nostartfiles",
      "-T",
      "image.ld",
      ...SPLIT,
    ],
    script: scriptFor("0x08000000", "0x20000000"),
  },
  {
    name: "Cortex-M3, picolibc",
    compiler: "arm-none-eabi-gcc",
    prefix: "arm-none-eabi-",
    options: [
      "-mcpu=cortex-m3",
      "-mthumb",
      "--specs=picolibc.specs",
      "-Wl,--defsym=__flash=0x08000000,--defsym=__flash_size=0x40000",
      "-Wl,--defsym=__ram=0x20000000,--defsym=__ram_size=0x8000",
      ...SPLIT,
    ],
  },
  {
    name: "RISC-V, no library",
    compiler: "riscv64-unknown-elf-gcc",
    prefix: "riscv64-unknown-elf-",
    options: ["-march=rv32imac", "-mabi=ilp32", "-nostdlib", "-ffreestanding", "-T", "image.ld", ...SPLIT],
    script: scriptFor("0x20400000", "0x80000000"),
  },
  ...["", "aarch64-linux-gnu-"].map((prefix) => ({
    name: `${prefix}gcc, no library`,
    compiler: `${prefix}gcc`,
    prefix,
    options: ["-nostdlib", "-ffreestanding", "-static", "-no-pie", "-Wl,--build-id=none", "-T", "image.ld", ...SPLIT],
    script: scriptFor("0x08000000", "0x20000000"),
  })),
  {
    name: "AVR, avr-libc",
    compiler: "avr-gcc",
    prefix: "avr-",
    options: ["-mmcu=atmega328p", ...SPLIT],
  },
];
