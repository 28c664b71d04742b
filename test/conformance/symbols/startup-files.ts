/**
 * Startup files in the manner of vendors of Cortex-M, RISC-V, AVR and Xtensa chips: vector tables of many weak handlers, in assembly
 * and in C, each written by a small generator. What they make is not said here.
 */

/** A startup file and how it is compiled. */
export interface StartupFile {
  readonly title: string;
  readonly unit: string;
  readonly compiler: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

/** How many handlers each table has. */
const COUNT = 80;

const HANDLERS = Array.from({ length: COUNT }, (_, i) => (i % 3 === 0 ? `TIM${i}_IRQHandler` : `irq_${i}_handler`));

const each = (line: (name: string) => string): string => HANDLERS.map(line).join("\n");

const MACROS = `.macro def_irq_handler handler
	.weak \\handler
	.set \\handler, default_handler
.endm
.macro weak_body handler
	.weak \\handler
	.type \\handler, %function
\\handler:
	b .
.endm
`;

const ATTRIBUTES = `#define WEAK __attribute__((weak))
#define ALIAS(f) __attribute__((weak, alias(#f)))
#define DEFAULTED __attribute__((weak, alias("default_handler")))
`;

/** The body of a C table: `declare` declares a handler, defaults come before. */
const inC = (declare: (name: string) => string): string =>
  `void default_handler(void) { for (;;) { } }\n${each(declare)}\nvoid (* const vectors[])(void) = {\n${each((name) => `  ${name},`)}\n};\n`;

const CORTEX = ["arm-none-eabi-gcc", "-mcpu=cortex-m3", "-mthumb"];
const RISCV = ["riscv64-linux-gnu-gcc"];
const AVR = ["avr-gcc", "-mmcu=atmega328p"];
const XTENSA = ["xtensa-lx106-elf-gcc"];

const THUMB = `	.syntax unified\n	.cpu cortex-m3\n	.thumb\n	.section .text.default_handler,"ax",%progbits\ndefault_handler:\n	b default_handler\n`;
const wordTable = `	.section .isr_vector,"a",%progbits\n	.global vectors\nvectors:\n${each((name) => `	.word ${name}`)}\n`;

/** All files. */
export function startupFiles(): readonly StartupFile[] {
  const c = (title: string, compiler: readonly string[], declare: (name: string) => string): StartupFile => ({
    title,
    unit: "startup.c",
    compiler,
    files: { "attributes.h": ATTRIBUTES, "startup.c": `#include "attributes.h"\n${inC(declare)}` },
  });
  const assembly = (title: string, compiler: readonly string[], text: string): StartupFile => ({
    title,
    unit: "startup.S",
    compiler,
    files: { "macros.inc.S": MACROS, "startup.S": text },
  });
  return [
    assembly(
      "Cortex-M, .weak and .thumb_set",
      CORTEX,
      `${THUMB}${wordTable}${each((name) => `	.weak ${name}\n	.thumb_set ${name},default_handler`)}\n`,
    ),
    assembly(
      "Cortex-M, macro of its own",
      CORTEX,
      `${MACROS}${THUMB}${wordTable}${each((name) => `	def_irq_handler ${name}`)}\n`,
    ),
    assembly(
      "Cortex-M, macro of an included file",
      CORTEX,
      `#include "macros.inc.S"\n${THUMB}${wordTable}${each((name) => `	def_irq_handler ${name}`)}\n`,
    ),
    assembly(
      "Cortex-M, weak bodies by an included macro",
      CORTEX,
      `	.include "macros.inc.S"\n${THUMB}${wordTable}${each((name) => `	weak_body ${name}`)}\n`,
    ),
    assembly(
      "Cortex-M, handlers that may be missing",
      CORTEX,
      `${THUMB}${wordTable}${each((name) => `	.weak ${name} @ may be missing`)}\n`,
    ),
    assembly(
      "RISC-V, .weak and .set",
      RISCV,
      `	.globl _start\n_start: # reset\n	j default_handler\ndefault_handler:\n	j default_handler\n${each((name) => `	.weak ${name}\n	.set ${name}, default_handler`)}\n${each((name) => `	.dword ${name}`)}\n`,
    ),
    assembly(
      "AVR, .weak and .set behind comments",
      AVR,
      `; vectors: all of them\n; .global nobody\n	.global __vectors\n__vectors:\n${each((name) => `	jmp ${name} ; to: it`)}\n__bad:\n	jmp 0\n${each((name) => `	.weak ${name}\n	.set ${name}, __bad`)}\n`,
    ),
    assembly(
      "Xtensa, repeated",
      XTENSA,
      `	.global _start\n_start:\ndflt:	nop\n	.irp n, ${HANDLERS.join(", ")}\n	.weak \\n\n	.set \\n, dflt\n	.endr\n	.weak missing\n	.word missing\n`,
    ),
    ...[CORTEX, RISCV, XTENSA].flatMap((compiler) => [
      c(
        `${compiler[0]}, aliases by a header's macro with a parameter`,
        compiler,
        (name) => `void ${name}(void) ALIAS(default_handler);`,
      ),
      c(
        `${compiler[0]}, aliases by a header's macro before the declarator`,
        compiler,
        (name) => `DEFAULTED void ${name}(void);`,
      ),
      c(`${compiler[0]}, pragmas`, compiler, (name) => `void ${name}(void);\n#pragma weak ${name} = default_handler`),
      c(`${compiler[0]}, weak bodies`, compiler, (name) => `WEAK void ${name}(void) { default_handler(); }`),
      c(`${compiler[0]}, references`, compiler, (name) => `extern void ${name}(void) WEAK;`),
    ]),
    c("AVR, weak bodies", AVR, (name) => `void ${name}(void) WEAK;\nvoid ${name}(void) { default_handler(); }`),
  ];
}
