/**
 * The symbols of the laboratory: one of every kind that a fallback may be needed for, how each is declared, how it is read,
 * and the strong definition, written in assembly so that no compiler ever sees its value.
 *
 * Every reader is a C function body that gets `n`, a number that the compiler does not know, and returns an unsigned long.
 */

export type SymbolKind = "scalar" | "pointer" | "struct" | "array" | "range" | "function";

/** One way to use a symbol, with what it must yield. */
export interface Reader {
  readonly name: string;
  readonly body: string;
  /** What `n` is when the reader is called. Where there is no strong definition, `n` says that there are no elements. */
  readonly argument: number;
  readonly fallbackArgument: number;
  /** The result when the strong definition is what the program reads. */
  readonly strong: bigint;
  /** The result when there is no strong definition: what a fallback of zeros, NULL and nothing amounts to. */
  readonly fallback: bigint;
}

export interface LaboratorySymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly isConst: boolean;
  /** The names that the declarations declare: two for a range. */
  readonly names: readonly string[];
  /** The strong declarations, as a header has them. */
  readonly declarations: readonly string[];
  readonly readers: readonly Reader[];
  /** The strong definition for GNU as, x86-64, usable in position-independent programs. */
  readonly assembly: string;
}

const STRUCT = "struct pair";

/** What the declarations need before them. */
export const HEADER_PROLOGUE = `#include <string.h>
${STRUCT} { unsigned int count; const char *name; };
`;

function reader(name: string, body: string, argument: number, strong: bigint, fallback: bigint): Reader {
  return { name, body, argument, fallbackArgument: argument, strong, fallback };
}

/** A reader that looks at `n` elements, of which the fallback has none. */
function elementReader(name: string, body: string, argument: number, strong: bigint, fallback: bigint): Reader {
  return { name, body, argument, fallbackArgument: 0, strong, fallback };
}

function dataAssembly(names: readonly string[], isConst: boolean, lines: readonly string[]): string {
  const section = isConst ? '.section .data.rel.ro,"aw"' : ".data";
  const globals = names.map((name) => `.globl ${name}\n.type ${name}, @object\n`).join("");
  return `${section}\n.balign 8\n${globals}${lines.join("\n")}\n`;
}

const TEXT = '.section .rodata.str1.1,"aMS",@progbits,1\n1: .string "strong"\n';

function scalar(isConst: boolean): LaboratorySymbol {
  const name = isConst ? "const_scalar" : "scalar";
  return {
    name,
    kind: "scalar",
    isConst,
    names: [name],
    declarations: [`extern ${isConst ? "const " : ""}unsigned int ${name};`],
    readers: [
      reader("value", `return ${name} + n;`, 1, 43n, 1n),
      reader("test", `return ${name} ? 5 : 3;`, 0, 5n, 3n),
      reader("limit", `unsigned long i, sum = 0; for (i = 0; i < ${name}; i++) sum += i; return sum;`, 0, 861n, 0n),
    ],
    assembly: dataAssembly([name], isConst, [`${name}: .long 42`]),
  };
}

function pointer(isConst: boolean): LaboratorySymbol {
  const name = isConst ? "const_pointer" : "pointer";
  return {
    name,
    kind: "pointer",
    isConst,
    names: [name],
    declarations: [`extern const char *${isConst ? "const " : ""}${name};`],
    readers: [
      reader("test", `return ${name} ? 5 : 3;`, 0, 5n, 3n),
      reader("target", `return ${name} ? ${name}[n] : 0;`, 2, 114n, 0n),
    ],
    assembly: TEXT + dataAssembly([name], isConst, [`${name}: .quad 1b`]),
  };
}

function structure(isConst: boolean): LaboratorySymbol {
  const name = isConst ? "const_struct" : "structure";
  return {
    name,
    kind: "struct",
    isConst,
    names: [name],
    declarations: [`extern ${isConst ? "const " : ""}${STRUCT} ${name};`],
    readers: [
      reader("member", `return ${name}.count + n;`, 1, 43n, 1n),
      reader("pointer", `return ${name}.name ? ${name}.name[n] : 0;`, 2, 114n, 0n),
    ],
    assembly: TEXT + dataAssembly([name], isConst, [`${name}: .long 42, 0`, ".quad 1b"]),
  };
}

function array(isConst: boolean): LaboratorySymbol {
  const name = isConst ? "const_array" : "array";
  return {
    name,
    kind: "array",
    isConst,
    names: [name],
    declarations: [`extern ${isConst ? "const " : ""}int ${name}[];`],
    readers: [
      reader("first", `return ${name}[0] + n;`, 1, 4n, 1n),
      elementReader("index", `return n ? ${name}[n - 1] : 0;`, 4, 11n, 0n),
      elementReader(
        "loop",
        `unsigned long i, sum = 0; for (i = 0; i < n; i++) sum += ${name}[i]; return sum;`,
        5,
        39n,
        0n,
      ),
    ],
    assembly: dataAssembly([name], isConst, [`${name}: .long 3, 5, 7, 11, 13`]),
  };
}

function text(isConst: boolean): LaboratorySymbol {
  const name = isConst ? "const_string" : "string";
  return {
    name,
    kind: "array",
    isConst,
    names: [name],
    declarations: [`extern ${isConst ? "const " : ""}char ${name}[];`],
    readers: [
      reader("test", `return ${name}[0] ? 5 : 3;`, 0, 5n, 3n),
      reader("walk", `unsigned long i = 0; while (${name}[i]) i++; return i + n;`, 1, 7n, 1n),
      reader("compare", `return strcmp(${name}, "strong") == 0 ? 5 : 3;`, 0, 5n, 3n),
    ],
    assembly: dataAssembly([name], isConst, [`${name}: .string "strong"`]),
  };
}

function texts(): LaboratorySymbol {
  const name = "const_names";
  return {
    name,
    kind: "array",
    isConst: true,
    names: [name],
    declarations: [`extern const char *const ${name}[];`],
    readers: [
      reader("test", `return ${name}[0] ? 5 : 3;`, 0, 5n, 3n),
      reader("walk", `unsigned long i = 0; while (${name}[i]) i++; return i + n;`, 1, 4n, 1n),
      reader("target", `return n && ${name}[0] ? ${name}[n - 1][2] : 0;`, 3, 114n, 0n),
    ],
    assembly: TEXT + dataAssembly([name], true, [`${name}: .quad 1b, 1b, 1b, 0`]),
  };
}

function range(isConst: boolean): LaboratorySymbol {
  const name = isConst ? "const_range" : "range";
  const type = isConst ? "const int" : "int";
  const names = [`${name}_start`, `${name}_end`];
  const [start, end] = names;
  return {
    name,
    kind: "range",
    isConst,
    names,
    declarations: names.map((one) => `extern ${type} ${one}[];`),
    readers: [
      reader(
        "walk",
        `unsigned long sum = n; ${type} *p; for (p = ${start}; p < ${end}; p++) sum += *p; return sum;`,
        1,
        16n,
        1n,
      ),
      reader("count", `return ${end} - ${start} + n;`, 1, 4n, 1n),
      reader(
        "walk until equal",
        `unsigned long sum = n; ${type} *p; for (p = ${start}; p != ${end}; p++) sum += *p; return sum;`,
        1,
        16n,
        1n,
      ),
    ],
    assembly: dataAssembly(names, isConst, [`${start}: .long 3, 5, 7`, `${end}: .long 99`]),
  };
}

function functionSymbol(name: string, declaration: string, readers: readonly Reader[], body: string): LaboratorySymbol {
  return {
    name,
    kind: "function",
    isConst: false,
    names: [name],
    declarations: [declaration],
    readers,
    assembly: `.text\n.globl ${name}\n.type ${name}, @function\n${name}:\n${body}\n\tret\n`,
  };
}

/** All symbols, objects first. */
export const laboratorySymbols: readonly LaboratorySymbol[] = [
  scalar(true),
  scalar(false),
  pointer(true),
  pointer(false),
  structure(true),
  structure(false),
  array(true),
  array(false),
  text(true),
  text(false),
  texts(),
  range(true),
  range(false),
  functionSymbol(
    "int_function",
    "int int_function(int value);",
    [
      reader("call", "return int_function(n) + 1;", 20, 43n, 1n),
      reader("test", "return int_function(n) ? 5 : 3;", 2, 5n, 3n),
    ],
    "\tlea 22(%rdi), %eax",
  ),
  functionSymbol(
    "pointer_function",
    "const char *pointer_function(void);",
    [reader("call", "const char *p = pointer_function(); return p ? p[n] : 0;", 2, 114n, 0n)],
    '\tlea 1f(%rip), %rax\n\tret\n.section .rodata.str1.1,"aMS",@progbits,1\n1: .string "strong"\n.text',
  ),
  functionSymbol(
    "void_function",
    "void void_function(unsigned long *sum);",
    [reader("call", "unsigned long sum = n; void_function(&sum); return sum;", 1, 42n, 1n)],
    "\taddq $41, (%rdi)",
  ),
];
