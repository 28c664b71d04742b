/**
 * Random assembly files for gas, of everything that says something of symbols: labels, bindings, assignments, the assembler's
 * macros, repetitions and conditions, comments and strings that only look like it. What they make is not said here.
 */

import { createRandom } from "../../support/random.ts";

/** An assembler, and how its files look. */
export interface AssemblyTarget {
  readonly name: string;
  /** The compiler that assembles `.s` and preprocesses `.S`. */
  readonly compiler: readonly string[];
  /** What begins a comment to the end of a line. */
  readonly comment: string;
  /** What parts statements. */
  readonly separator: string;
  /** A data directive that holds an address. */
  readonly word: string;
  /** Instructions; `%s` is a symbol. */
  readonly instructions: readonly string[];
  /** What stands before a symbol's type. */
  readonly typeSign: string;
}

export const ASSEMBLY_TARGETS: readonly AssemblyTarget[] = [
  {
    name: "x86",
    compiler: ["gcc"],
    comment: "#",
    separator: ";",
    word: ".quad",
    instructions: [
      "nop",
      "call %s",
      "lea %s(%rip), %rax",
      "movq $%s, %rax",
      "movl $1, %eax",
      "jmp *%rax",
      "rep; movsb",
    ],
    typeSign: "@",
  },
  {
    name: "arm",
    compiler: ["arm-none-eabi-gcc", "-mcpu=cortex-m3", "-mthumb"],
    comment: "@",
    separator: ";",
    word: ".word",
    instructions: ["nop", "bl %s", "mov r0, #1", "ldr r0, =%s", "ldmia r0!, {r1-r3}", "b ."],
    typeSign: "%",
  },
  {
    name: "aarch64",
    compiler: ["aarch64-linux-gnu-gcc"],
    comment: "//",
    separator: ";",
    word: ".quad",
    instructions: ["nop", "bl %s", "adrp x0, %s", "add x0, x0, #:lo12:%s", "mov x1, #1", "b ."],
    typeSign: "%",
  },
  {
    name: "riscv",
    compiler: ["riscv64-linux-gnu-gcc"],
    comment: "#",
    separator: ";",
    word: ".dword",
    instructions: ["nop", "call %s", "la a0, %s", "li a1, 1", "lw a2, 8(sp)", "j ."],
    typeSign: "@",
  },
  {
    name: "avr",
    compiler: ["avr-gcc", "-mmcu=atmega328p"],
    comment: ";",
    separator: "$",
    word: ".word",
    instructions: ["nop", "call %s", "ldi r24, lo8(%s)", "ldi r25, 1", "jmp %s"],
    typeSign: "@",
  },
  {
    name: "mips",
    compiler: ["mipsel-linux-gnu-gcc"],
    comment: "#",
    separator: ";",
    word: ".word",
    instructions: ["nop", "jal %s", "la $t0, %s", "li $t1, 1", "lw $t2, 8($sp)", "b ."],
    typeSign: "@",
  },
  {
    name: "powerpc",
    compiler: ["powerpc64-linux-gnu-gcc"],
    comment: "#",
    separator: ";",
    word: ".quad",
    // No instruction may stand at an odd place, as behind a `.byte`.
    instructions: ["nop", "bl %s", "lis 3, %s@ha", "li 4, 1", "lwz 5, 8(1)", "b ."].map((text) => `.balign 4; ${text}`),
    typeSign: "@",
  },
  {
    name: "s390",
    compiler: ["s390x-linux-gnu-gcc"],
    comment: "#",
    separator: ";",
    word: ".quad",
    instructions: ["nopr", "brasl %r14, %s", "larl %r1, %s", "lghi %r2, 1", "lg %r3, 8(%r15)", "j ."],
    typeSign: "@",
  },
  {
    name: "x86 in Intel's syntax",
    compiler: ["gcc"],
    comment: "#",
    separator: ";",
    word: ".quad",
    instructions: ["call %s", "lea rax, %s[rip]", "mov eax, 1", "jmp rax", "nop"].map(
      (text) => `.intel_syntax noprefix; ${text}; .att_syntax prefix`,
    ),
    typeSign: "@",
  },
];

/** A random file by its name. */
export interface RandomAssembly {
  readonly path: string;
  readonly text: string;
  /** Whether the C preprocessor sees it first. */
  readonly isPreprocessed: boolean;
}

interface Writer {
  readonly target: AssemblyTarget;
  readonly random: (limit: number) => number;
  readonly isPreprocessed: boolean;
  readonly lines: string[];
  /** Names that something defines already. */
  readonly taken: Set<string>;
  /** Names that may be spoken of. */
  readonly names: string[];
  count: number;
}

type Piece = (writer: Writer) => readonly string[];

const pick = <T>({ random }: Writer, from: readonly T[]): T => from[random(from.length)]!;

/** A name that nothing defines so far. */
function fresh(writer: Writer): string {
  const stem = pick(writer, [
    "f",
    "_start",
    "data.x",
    "__irq",
    "Reset",
    ...(writer.target.separator === "$" ? [] : ["isr$"]),
    "weak",
    "set",
    "macro",
  ]);
  const name = `${stem}_${writer.count++}`;
  writer.names.push(name);
  return name;
}

/** A name that is spoken of: defined before, later or nowhere. */
const any = (writer: Writer): string =>
  writer.names.length > 0 && writer.random(4) > 0 ? pick(writer, writer.names) : fresh(writer);

const BINDING = [".globl", ".global", ".weak", ".weak", ".hidden", ".protected", ".internal", ".local"];

function instruction(writer: Writer): string {
  return pick(writer, writer.target.instructions).replace("%s", () => `ref_${writer.random(6)}`);
}

function bind(writer: Writer): string[] {
  const directive = pick(writer, BINDING);
  const names = Array.from({ length: 1 + writer.random(3) }, () => any(writer));
  return [`\t${directive}${pick(writer, [" ", "\t", "  "])}${names.join(pick(writer, [",", ", ", " , "]))}`];
}

function labels(writer: Writer): string[] {
  const { random } = writer;
  const name = fresh(writer);
  switch (random(6)) {
    case 0:
      return [`${name}: ${instruction(writer)}`];
    case 1:
      return [`${name}: ${fresh(writer)}:`, `\t${instruction(writer)}`];
    case 2:
      return [`"${name}":`, `\t${instruction(writer)}`];
    case 3:
      return ["1:", `${name}:`, `\t${instruction(writer)}`];
    case 4:
      return [`  ${name}: ${writer.target.separator} ${instruction(writer)}`];
    default:
      return [`${name}:`, `\t${instruction(writer)}`];
  }
}

/** A value: a constant, this place, or what is defined here. */
function valueText(writer: Writer, name: string): string {
  const { random } = writer;
  const label = fresh(writer);
  switch (random(6)) {
    case 0:
      return `\t.equ ${name}, 4 * (3 + 1)`;
    case 1:
      return `${name} = .`;
    case 2:
      return `${name} = ${label}\n${label}:\n\t${instruction(writer)}`;
    case 3:
      return `${label}:\n\t${instruction(writer)}\n\t.set ${name}, ${label}`;
    case 4:
      return `${label}:\n\t${instruction(writer)}\n\t.equiv ${name}, ${label} + 4`;
    default:
      return `\t.set\t${name},0x20`;
  }
}

function assigned(writer: Writer): string[] {
  const name = fresh(writer);
  return [valueText(writer, name), ...(writer.random(2) ? [`\t${pick(writer, BINDING)} ${name}`] : [])];
}

function common(writer: Writer): string[] {
  // No other statement speaks of it: gas takes none for weak.
  const name = `common_${writer.count++}`;
  return pick(writer, [
    [`\t.comm ${name}, 8`],
    [`\t.comm\t${name},8,4`],
    [`\t.local ${name}`, `\t.comm ${name},8,4`],
    [`\t.lcomm ${name}, 4`],
  ]);
}

function versioned(writer: Writer): string[] {
  if (writer.target.name === "avr") return labels(writer);
  const name = fresh(writer);
  const sign = pick(writer, ["@", "@@", "@@@"]);
  return [`\t.globl ${name}`, `${name}:`, `\t${instruction(writer)}`, `\t.symver ${name}, ${name}_v${sign}V_1`];
}

function weakReference(writer: Writer): string[] {
  const [local, target] = [`local_${writer.count++}`, `target_${writer.count++}`];
  return [`\t.weakref ${local}, ${target}`, `\t${writer.target.word} ${local}`];
}

/** Statements that only look like those that speak of symbols. */
function decoy(writer: Writer): string[] {
  const { target } = writer;
  const name = `decoy_${writer.count++}`;
  const comment = writer.isPreprocessed && target.comment === "#" ? "//" : target.comment;
  return pick(writer, [
    [`\t.ascii "${name}: .weak ${name}"`],
    [`\t.string "a \\" .globl ${name}"`],
    [`${comment} .weak ${name}`],
    [`\tnop ${comment} ${name}: .globl ${name}`],
    [`/* ${name}:`, `\t.weak ${name} */`],
    [`\t.file "${name}.c"`],
    [`\t.ident "${name}: 1"`],
    [`\t.byte ':', '"', ${name.length}`, "\t.balign 4"],
    [`\t${target.word} 0 ${comment} don't say ${name}:`],
    [`\t.size ., 0`].slice(1),
    [`1:\t${target.word} 1b`],
    [`.L${name}:`, `\t${target.word} .L${name}`],
  ]);
}

function section(writer: Writer): string[] {
  const inner = () => labels(writer);
  return pick<() => string[]>(writer, [
    () => ["\t.text"],
    () => ["\t.data", ...inner(), "\t.previous"],
    () => ['\t.pushsection .rodata.x, "a"', ...inner(), "\t.popsection"],
    () => ['\t.section ".text.y", "ax"', ...inner(), "\t.text"],
    () => ['\t.section .text.z,"ax"', "\t.subsection 1", ...inner(), "\t.previous", "\t.text"],
  ])();
}

function described(writer: Writer): string[] {
  const name = fresh(writer);
  const { typeSign } = writer.target;
  const type = pick(writer, ["function", "object", "notype"]);
  return [
    `\t.type ${name}, ${typeSign}${type}`,
    `\t.global ${name}`,
    `${name}:`,
    `\t${instruction(writer)}`,
    `\t.size ${name}, . - ${name}`,
  ];
}

/** What a macro's body does with the parameter that it is given, written `\name`. */
function bodyOf(writer: Writer, parameter: string): string[] {
  const { target } = writer;
  const p = `\\${parameter}`;
  return pick(writer, [
    [`\t.weak ${p}`, `\t.set ${p}, default_handler`],
    [`\t.globl ${p}`, `${p}:`, "\tnop"],
    [`${p}:`, "\tnop"],
    [`\t.weak ${p}\\()_end`, `${p}:`, "\tnop", `${p}\\()_end:`],
    [`\t.weak pre_${p}`, `pre_${p}: nop`],
    [`x${p}\\()_y = 4`, `\t.global x${p}\\()_y`],
    [`\t.hidden ${p}`, `\t.global ${p}`, `${p}${target.separator === ";" ? ":;" : ":"} nop`],
    [`\t.weak ${p}`, `\t${target.word} ${p}`],
    [`${p}_\\@:`, `\t.global ${p}_\\@`],
    [`\t.comm ${p}, 4, 4`],
  ]);
}

function macro(writer: Writer): string[] {
  const { random, target } = writer;
  const name = `make_${writer.count++}`;
  const call = (...given: string[]) => `\t${name} ${given.join(pick(writer, [", ", ",", " "]))}`;
  const [a, b] = [fresh(writer), fresh(writer)];
  const callName = random(5) === 0 ? name.toUpperCase() : name;
  const calls = [call(a), call(b)].map((line) => line.replace(name, callName));
  switch (random(12)) {
    case 0:
      return [`.macro ${name} n`, ...bodyOf(writer, "n"), "\t.endm", ...calls];
    case 1:
      return [
        `\t.macro ${name} n:req, bind=.globl`,
        "\t\\bind \\n",
        "\\n:",
        "\tnop",
        "\t.endm",
        call(a),
        `\t${name} ${b}, .weak`,
      ];
    case 2:
      return [
        `\t.macro\t${name}, n, k=3`,
        "\t.if \\k > 2",
        "\t.weak \\n",
        "\t.else",
        "\t.global \\n",
        "\t.endif",
        "\\n:\tnop",
        "\t.endm",
        call(a),
        `\t${name} n=${b}, k=1`,
      ];
    case 3:
      return [
        `.macro ${name} all:vararg`,
        "\t.irp one, \\all",
        "\t.weak \\one",
        "\t.set \\one, default_handler",
        "\t.endr",
        ".endm",
        call(a, b),
      ];
    case 4:
      return [
        `.macro ${name} n, more:vararg`,
        ...bodyOf(writer, "n"),
        "\t.ifnb \\more",
        `\t${name} \\more`,
        "\t.endif",
        ".endm",
        `\t${name} ${a}, ${b}`,
      ];
    case 5:
      return [
        `.macro ${name} n`,
        ".macro inner_\\n m",
        "\t.weak \\m",
        "\\m:\tnop",
        ".endm",
        ".endm",
        `\t${name} ${name}`,
        `\tinner_${name} ${a}`,
      ];
    case 6:
      return [
        `.macro ${name} n`,
        "\t.global \\n",
        "\\n:\tnop",
        ".endm",
        call(a),
        `.purgem ${name}`,
        `.macro ${name} n`,
        "\t.weak \\n",
        "\\n:\tnop",
        ".endm",
        call(b),
      ];
    case 7:
      return [
        `.macro ${name} n, kind`,
        "\t.ifc \\kind,weak",
        "\t.weak \\n",
        "\t.elseif 1",
        "\t.globl \\n",
        "\t.endif",
        "\\n:\tnop",
        ".endm",
        `\t${name} ${a} weak`,
        `\t${name} ${b} strong`,
      ];
    case 8:
      return [
        `.macro ${name} n`,
        "\t.ifb \\n",
        "\t.exitm",
        "\t.endif",
        "\t.global \\n",
        "\\n:\tnop",
        ".endm",
        `\t${name}`,
        call(a),
      ];
    case 9:
      return [
        ".altmacro",
        `.macro ${name} n, v`,
        "\tLOCAL skip",
        "skip:\tnop",
        "\t.global \\n\\()_\\v",
        "\\n\\()_\\v:\tnop",
        ".endm",
        `\t${name} ${a}, %(2 + 3)`,
        ".noaltmacro",
      ];
    case 10:
      return [
        `.macro ${name} n`,
        `\t.globl "\\n"`,
        `"\\n":`,
        "\tnop",
        ".endm",
        ...calls.slice(0, 1),
        `\t${name} "${b}"`,
      ];
    default:
      return [
        `.macro ${name} n from=0 to=2`,
        "\t.if \\to - \\from",
        "\t.weak \\n\\()_\\from",
        "\\n\\()_\\from:\tnop",
        `\t${name} \\n, "(\\from+1)", \\to`.replace('"(\\from+1)"', "%\\from+1"),
        "\t.endif",
        ".endm",
        ...(target.name === "none" ? [] : []),
      ].slice(0, 0);
  }
}

function repetition(writer: Writer): string[] {
  const { random } = writer;
  const [a, b] = [fresh(writer), fresh(writer)];
  const n = writer.count++;
  switch (random(6)) {
    case 0:
      return [`\t.irp n, ${a}, ${b}`, ...bodyOf(writer, "n"), "\t.endr"];
    case 1:
      return [`\t.irp n,${a} ${b}`, ...bodyOf(writer, "n"), ".endr"];
    case 2:
      return ["\t.irpc c, 0a9", `\t.global ${a}_\\c`, `${a}_\\c:\tnop`, "\t.endr"];
    case 3:
      return [
        `count_${n} = 0`,
        "\t.rept 3",
        `count_${n} = count_${n} + 1`,
        "\t.endr",
        `\t.if count_${n} == 3`,
        `\t.weak ${a}`,
        "\t.endif",
        `${a}:\tnop`,
      ];
    case 4:
      return ["\t.rept 0", `\t.globl ${a}`, `${a}:`, "\t.endr"];
    default:
      return [`\t.irp n, ${n}`, "\t.irp b, .weak, .globl", `\t\\b ${a}_\\n`, "\t.endr", `${a}_\\n:\tnop`, "\t.endr"];
  }
}

function condition(writer: Writer): string[] {
  const name = fresh(writer);
  const known = `known_${writer.count++}`;
  const [test, isTrue] = pick<readonly [string, boolean]>(writer, [
    [".if 1", true],
    [".if 0", false],
    [".if 3 > 2 && 1", true],
    [".if (1 << 3) != 8", false],
    [".ifeq 2 - 2", true],
    [".ifne 0", false],
    [".ifgt 1", true],
    [".iflt 1", false],
    [".ifge 0", true],
    [".ifle 1", false],
    [".ifc a,a", true],
    [".ifnc a, b", true],
    ['.ifeqs "a", "b"', false],
    ['.ifnes "a","b"', true],
    [".ifb", true],
    [".ifnb x", true],
    [`${known} = 1\n.ifdef ${known}`, true],
    [`${known} = 1\n.ifndef ${known}`, false],
    [`${known} = 1\n.ifnotdef ${known}`, false],
    [`.set ${known}, 7\n.if ${known} & 8`, false],
    [`.set ${known}, 7\n.if ${known} % 4 == 3`, true],
    [".if -1 == ~0", true],
    [".if 0x10 == 16", true],
    [".if 'a == 97", true],
  ]);
  const strong = [`\t.globl ${name}`, `${name}:\tnop`];
  const weak = [`\t.weak ${name}`, `${name}:\tnop`];
  const elsif = writer.random(3) === 0 ? [`.elseif ${isTrue ? 1 : 0}`, `\t.weak ${name}_b`, `${name}_b:`] : [];
  return [test, ...strong, ...elsif, "\t.else", ...weak, "\t.endif"];
}

function preprocessed(writer: Writer): string[] {
  const { random, target } = writer;
  const name = fresh(writer);
  const n = writer.count++;
  const separator = target.separator;
  switch (random(8)) {
    case 0:
      return [`#define ENTRY_${n}(x) .globl x ${separator} x:`, `ENTRY_${n}(${name}) nop`];
    case 1:
      return [
        `#define CAT_${n}(a, b) a ## b`,
        `#define C_${n}(x) CAT_${n}(__, x)`,
        `\t.weak C_${n}(${name})`,
        `C_${n}(${name}):`,
      ];
    case 2:
      return ["#if 0", `\t.globl ${name}`, "#else", `\t.weak ${name}`, "#endif", `${name}:\tnop`];
    case 3:
      return [`#define SECOND_${n} ${name}`, `\t.weak SECOND_${n}`, `SECOND_${n}:`];
    case 4:
      return [`#define WEAK_${n}(x) \\`, `\t.weak x ${separator} \\`, "x:", `WEAK_${n}(${name}) nop`];
    case 5:
      return [
        "#ifndef __ASSEMBLER__",
        `extern int ${name} __attribute__((weak));`,
        "#else",
        `\t.globl ${name}`,
        `${name}:`,
        "#endif",
      ];
    case 6:
      return [
        `#define A_${n} 1`,
        `#if A_${n} + 1 == 2 && !defined(NOTHING_${n})`,
        `\t.weak ${name}`,
        "#endif",
        `${name}: nop`,
      ];
    default:
      return [
        `#define TABLE_${n}(X) X(${name}) X(${name}_b)`,
        `#define ONE_${n}(x) .weak x ${separator} x:  ${separator}`,
        `TABLE_${n}(ONE_${n})`,
      ];
  }
}

const PIECES: readonly Piece[] = [
  labels,
  labels,
  bind,
  bind,
  bind,
  assigned,
  assigned,
  common,
  versioned,
  weakReference,
  decoy,
  decoy,
  section,
  described,
  macro,
  macro,
  macro,
  repetition,
  repetition,
  condition,
  condition,
];

/** The file that the seed makes. */
export function randomAssembly(target: AssemblyTarget, seed: number): RandomAssembly {
  const random = createRandom(seed);
  const isPreprocessed = random(2) === 0;
  const writer: Writer = { target, random, isPreprocessed, lines: [], taken: new Set(), names: [], count: 0 };
  const { lines } = writer;
  lines.push("\t.text");
  if (target.name === "arm") lines.push("\t.syntax unified", "\t.thumb");
  lines.push("default_handler:", target.name === "avr" ? "\trjmp default_handler" : "\tnop");
  const pieces = isPreprocessed ? [...PIECES, preprocessed, preprocessed, preprocessed] : PIECES;
  for (let i = 4 + random(12); i > 0; i--) {
    lines.push(...pick(writer, pieces)(writer));
    if (random(3) === 0) lines.push(`\t${instruction(writer)}`);
  }
  if (target.name === "arm" && random(2) === 0) {
    const name = fresh(writer);
    lines.push(`\t.weak ${name}`, `\t.thumb_set ${name},default_handler`);
  }
  // What nothing refers to makes no symbol where it is only bound.
  lines.push('\t.section .refs, "a"', ...writer.names.map((name) => `\t${target.word} ${name}`));
  const path = isPreprocessed ? "a.S" : "a.s";
  return { path, text: `${lines.join("\n")}\n`, isPreprocessed };
}
