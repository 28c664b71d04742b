/**
 * Random C files of what compilers give symbols for and what only looks like it: attributes in every place, pragmas, aliases, labels,
 * tentative definitions, old-style functions, macros that hide all of these. What they make is not said here. Known to be read otherwise,
 * and left out: lists of calls handed to a macro (X(M)), typedefs of functions, bodies that are a macro, pasted names within a declaration,
 * a reserved name with a macro in capitals behind it, \u in names, %: for #, functions whose
 * head is a call with a body behind it and whose name the macro pastes, a backslash-newline within a comment's first two characters.
 */

import { createRandom } from "../../support/random.ts";

/** A compiler with its flags. */
export interface CDialect {
  readonly compiler: readonly string[];
  /** Clang takes no nested functions, and says nothing of late attributes. */
  readonly isClang: boolean;
  /** C23: attributes in double brackets everywhere, no old-style functions. */
  readonly isC23: boolean;
}

export const C_DIALECTS: readonly CDialect[] = [
  { compiler: ["gcc", "-std=gnu11"], isClang: false, isC23: false },
  { compiler: ["gcc", "-std=gnu99"], isClang: false, isC23: false },
  { compiler: ["gcc", "-std=gnu2x"], isClang: false, isC23: true },
  { compiler: ["clang-19", "-std=gnu11"], isClang: true, isC23: false },
  { compiler: ["clang-19", "-std=gnu23"], isClang: true, isC23: true },
];

/** A unit with its header. */
export interface RandomC {
  readonly unit: string;
  readonly files: Readonly<Record<string, string>>;
}

interface Writer {
  readonly dialect: CDialect;
  readonly random: (limit: number) => number;
  /** Names whose address is taken at the end, so that they are referred to. */
  readonly referred: string[];
  readonly header: string[];
  count: number;
}

type Piece = (writer: Writer) => string;

const pick = <T>({ random }: Writer, from: readonly T[]): T => from[random(from.length)]!;

const STEMS = [
  "f",
  "start",
  "data",
  "__irq",
  "handler",
  "x",
  "__weak_f",
  "attribute",
  "Reset_Handler",
  "foo_t",
  "é",
  "a$b",
];

function fresh(writer: Writer): string {
  return `${pick(writer, STEMS)}_${writer.count++}`;
}

function referred(writer: Writer): string {
  const name = fresh(writer);
  writer.referred.push(name);
  return name;
}

/** A way to say weak, as GNU's attribute or as a macro. */
const weakWord = (writer: Writer): string =>
  pick(writer, [
    "__attribute__((weak))",
    "__attribute__((__weak__))",
    "__attribute((weak))",
    "__attribute__ (( weak ))",
    "__attribute__((noinline, weak))".replace("noinline", "used"),
    "__attribute__((unused)) __attribute__((weak))",
    "OWN_WEAK",
    "HEADER_WEAK",
    "__header_weak",
    "TWICE_WEAK",
    "ATTRIBUTE(weak)",
    "__attri\\\nbute__((we\\\nak))",
  ]);

function weakFunction(writer: Writer): string {
  const name = fresh(writer);
  const weak = weakWord(writer);
  return pick(writer, [
    `${weak} void ${name}(void) { }`,
    `void ${weak} ${name}(void) { }`,
    `void *${weak} ${name}(void) { return 0; }`,
    `unsigned ${weak} long ${name}(int a, char *b)\n{\n\treturn a;\n}`,
    `void ${name}(void) ${weak};\nvoid ${name}(void) { }`,
    `extern ${weak} int ${name}(void);\nint ${name}(void)\n{\n\treturn '}';\n}`,
    `[[gnu::weak]] void ${name}(void) { }`,
    `void ${name} [[gnu::__weak__]] (void) { }`,
    `[[gnu::used, gnu::weak]] void ${name}(void) { }`,
    `_Noreturn ${weak} void ${name}(void) { for (;;) ; }`,
    `struct s_${name} { int a; } ${weak} ${name}(struct s_${name} s) { return s; }`,
    `int (${name})(void) ${weak};\nint (${name})(void) { return 0; }`,
    `int (*${name}(int a))(void) ${weak};\nint (*${name}(int a))(void) { return 0; }`,
  ]);
}

function weakReference(writer: Writer): string {
  const name = referred(writer);
  const weak = weakWord(writer);
  return pick(writer, [
    `extern void ${name}(void) ${weak};`,
    `${weak} void ${name}(void);`,
    `void ${weak} ${name}(int, ...);`,
    `extern int ${name} ${weak};`,
    `extern char ${name}[] ${weak};`,
    `extern ${weak} const char *const ${name};`,
    `extern struct opaque ${name} ${weak};`,
    `extern int ${name} [[gnu::weak]];`,
    `extern void ${name}(void);\n#pragma weak ${name}`,
    `#pragma weak ${name}\nextern void ${name}(void);`,
    `extern void ${name}(void);\n_Pragma("weak ${name}")`,
    `extern void ${name}(void);\n# pragma  weak  ${name} /* why */`,
    `extern __typeof__(int (int)) ${name} ${weak};`,
    `extern int ${name}(a_t, b_t) ${weak};`,
  ]);
}

function alias(writer: Writer): string {
  const [target, name] = [fresh(writer), fresh(writer)];
  const weak = weakWord(writer);
  const kind = pick(writer, ["", "static "]);
  return `${kind}int ${target}(int a) { return a; }\n${pick(writer, [
    `int ${name}(int) __attribute__((alias("${target}")));`,
    `int ${name}(int) __attribute__((weak, alias("${target}")));`,
    `extern __typeof__(${target}) ${name} __attribute__((__weak__, __alias__("${target}")));`,
    `extern __typeof(${target}) ${name} ${weak} __attribute__((alias("${target}")));`,
    `int ${name}(int) HEADER_ALIAS(${target});`,
    `HEADER_ALIAS(${target}) int ${name}(int);`,
    `weak_alias(${target}, ${name});`,
    `int ${name}(int) ${weak} __attribute__((alias("${target}"), visibility("hidden")));`,
    `[[gnu::alias("${target}")]] int ${name}(int);`,
  ])}`;
}

function object(writer: Writer): string {
  const name = fresh(writer);
  const n = writer.count++;
  return pick(writer, [
    `int ${name};`,
    `int ${name} = 1, *${name}_p, ${name}_a[3], (*${name}_f)(void), ${name}_d(void);`,
    `extern int ${name};\nint ${name};`,
    `extern int ${name} = 3;`,
    `static int ${name};\nextern int ${name};`,
    `int ${name}[];`,
    `int ${name}[] = { 1, 2, [4] = 3 };`,
    `const char ${name}[] = "int a; { } /* \\" */";`,
    `_Thread_local int ${name};`,
    `extern __thread int ${name}_e; __thread int ${name} = 1;`,
    `struct tag_${n} { int a; } ${name}, *${name}_p;`,
    `struct { int (*f)(void); } ${name} = { .f = 0 };`,
    `enum { A_${n}, B_${n} } ${name};`,
    `union u_${n} { int a; char b[4]; } __attribute__((packed)) ${name};`,
    `typedef int t_${n}; t_${n} ${name};`,
    `typedef int t_${n}, *p_${n}; static p_${n} ${name}; p_${n} ${name}_b;`,
    `_Alignas(8) int ${name};`,
    `_Static_assert(sizeof(int) > 1, "int ${name}; {");`,
    `__extension__ int ${name};`,
    `_Atomic int ${name}; _Atomic(long) ${name}_b;`,
    `double _Complex ${name}; unsigned long long int ${name}_b; __int128 ${name}_c;`,
    `int (${name}), (*(${name}_b));`,
    `long static ${name}; long int extern ${name}_e; short const ${name}_c = 1;`,
    `int ${name} __attribute__((section(".x"), aligned(4))) = 3;`,
    `__auto_type ${name} = 3;`,
    `int ${name} = sizeof(struct { int a; }) + _Alignof(int);`,
    `int *${name} = (int[]){ 1, 2 };`,
    `char *${name} = "a" "\\"" "b;";`,
    `int ${name} = ','; int ${name}_b = '\\'', ${name}_c = L'x';`,
    `volatile int *const volatile ${name} = 0;`,
    `int ${name}<:3:> = <% 1 %>;`,
    `int (*${name}[2])(int, void (*)(int)) = { 0, 0 };`,
    `extern int (*${name})(void); extern int (*const ${name}_b[])(void);`,
    `__typeof__(int *) ${name}; typeof(1 + 1) ${name}_b = 2;`,
    `int ${name} = ({ 3; });`.replace("({ 3; })", "1 ? 2 : 3"),
    `int ${name} __asm__("real_${n}");`,
    `extern int ${name} __asm__("real_${n}"); int ${name} = 1;`,
  ]);
}

function plainFunction(writer: Writer): string {
  const { dialect } = writer;
  const name = fresh(writer);
  const n = writer.count++;
  const q = writer.count++;
  const old = dialect.isC23
    ? []
    : [
        `int ${name}(a, b) int a; char *b; { return a; }`,
        `int ${name}(a, f)\n\tint a;\n\tint (*f)();\n{\n\treturn f(a);\n}`,
      ];
  const nested = dialect.isClang
    ? []
    : [
        `int ${name}(int a) { int inner_${n}(int b) { return a + b; } return inner_${n}(1); }`,
        `int ${name}(int a) { auto int inner_${n}(void); int inner_${n}(void) { return a; } return inner_${n}(); }`,
      ];
  return pick(writer, [
    `int ${name}(void) { return 0; }`,
    `int static ${name}(void) { return 0; }`,
    `static inline int ${name}(void) { return 1; }`,
    `int ${name}(int (*cb)(void), int v[static 3]) { return cb() + v[0]; }`,
    `int ${name}(void) { extern int q_${q} __attribute__((weak)); return &q_${q} ? q_${q} : 0; }`,
    `int ${name}(void) { extern void q_${q}(void) HEADER_WEAK; if (q_${q}) q_${q}(); return 0; }`,
    `int ${name}(void) { static int counter_${n}; int local = ({ int y_${n} = 3; y_${n}; }); return counter_${n} + local; }`,
    `int ${name}(int a) { return _Generic(a, int: 1, default: 2); }`,
    `int ${name}(int a)\n{\n\tswitch (a) { case 1: { return 1; } default: break; }\nlabel_${n}:\n\tfor (int i = 0; i < 3; i++) ;\n\tif (a) goto label_${n};\n\treturn a;\n}`,
    `int ${name}(void) { int a = 1; __asm__ volatile("nop # int %0" : "+r"(a) : : "memory"); return a; }`,
    `struct r_${n} { int a; } ${name}(void) { struct r_${n} r = { 1 }; return r; }`,
    `__attribute__((constructor)) static void ${name}(void) { }`,
    `__attribute__((visibility("hidden"))) int ${name}(void) { return '"'; }`,
    `void ${name}(void), ${name}_b(void);\nvoid ${name}(void) { }`,
    `_Noreturn void ${name}(void) { for (;;) ; }`,
    `int ${name}(void) __asm__("label_${n}");\nint ${name}(void) { return 1; }`,
    `__inline__ static __attribute__((always_inline)) int ${name}(void) { return 1; }`,
    `int ${name}(int a) /* { */\n{ // }\n\treturn a; /* " */\n}`,
    ...old,
    ...nested,
  ]);
}

function assembly(writer: Writer): string {
  const name = fresh(writer).replace(/[é$]/g, "e");
  return pick(writer, [
    `__asm__(".globl ${name}\\n${name}:\\n\\tnop");`,
    `asm(".weak ${name}\\n"\n    "${name}: nop\\n");`,
    `__asm__(".data\\n\\t.global ${name}; ${name}: .long 1\\n\\t.text");`,
    `ASM_SYMBOL(${name});`,
    `__asm__(".macro m_${name} n\\n.globl \\\\n\\n\\\\n: nop\\n.endm\\nm_${name} ${name}");`,
    `__asm__(".set ${name}, 3\\n.globl ${name}");`,
    `__asm__("/* .globl ${name} */ nop");`,
    `__asm__(".pushsection .text.x, \\"ax\\"\\n.weak ${name}\\n${name}:\\n.popsection");`,
  ]);
}

function byMacros(writer: Writer): string {
  const name = fresh(writer);
  const n = writer.count++;
  return pick(writer, [
    `#define DEFINE_${n}(x) int x = 1\nDEFINE_${n}(${name});`,
    `#define STATIC_${n} static\nSTATIC_${n} int ${name};`,
    `#define EMPTY_${n}\nEMPTY_${n} int ${name} EMPTY_${n};`,
    `#define TYPE_${n} int\nTYPE_${n} ${name};\nTYPE_${n} ${name}_f(void) { return 1; }`,
    `#define ${name} renamed_${n}\nint ${name}(void) { return 1; }`,
    `HEADER_STATIC int ${name};`,
    `HEADER_TYPE ${name}, *${name}_p;`,
    `HEADER_EMPTY int ${name}(HEADER_TYPE a) { return a; }`,
    `HEADER_DECLARE(${name})\nint ${name}(void) { return 1; }`,
  ]);
}

function unseen(writer: Writer): string {
  const name = fresh(writer);
  const other = fresh(writer);
  return pick(writer, [
    `#if 0\nint ${name}(void) { don't "\n#else\nint ${other};\n#endif`,
    `#if 1\nint ${name};\n#else\nint ${name}_b = { ;\n#endif`,
    `#ifdef __cplusplus\nextern "C" {\n#endif\nint ${name};\n#ifdef __cplusplus\n}\n#endif`,
    `// int ${name}; \\\nint ${other};`,
    `in\\\nt ${name.slice(0, 1)}\\\n${name.slice(1)};`.replace("é\\\n", "é"),
    `#define UNUSED_${writer.count++} int ${name};\nint ${other};`,
    `#ifndef __ASSEMBLER__\nint ${name};\n#endif`,
    `#if 0\n'\n#elif 1\nint ${name};\n#endif`,
    `;;int ${name};;`,
    `int ${name}\n#if 1\n= 3\n#endif\n;`,
    `int ${name}(int a\n#if 1\n, int b\n#endif\n) { return a; }`,
    `extern int ${name}; typedef struct ${name} { int ${name}; } ${name}_t;`,
    `enum e_${name.replace("$", "")} { ${other} = 3 };`,
  ]);
}

const PIECES: readonly Piece[] = [
  weakFunction,
  weakFunction,
  weakReference,
  weakReference,
  alias,
  object,
  object,
  object,
  plainFunction,
  plainFunction,
  assembly,
  byMacros,
  byMacros,
  unseen,
];

const HEADER = `#ifndef HEADER_H
#define HEADER_H
#define HEADER_WEAK __attribute__((weak))
#define __header_weak HEADER_WEAK
#define TWICE_WEAK __attribute__((unused)) __header_weak
#define HEADER_STATIC static
#define HEADER_EMPTY
#define HEADER_TYPE int
#define ATTRIBUTE(x) __attribute__((x))
#define HEADER_DECLARE(x) extern int x(void) HEADER_WEAK;
#define HEADER_ALIAS(x) __attribute__((weak, alias(#x)))
#define weak_alias(old, new) extern __typeof(old) new __attribute__((__weak__, __alias__(#old)))
#define ASM_SYMBOL(x) __asm__(".globl " #x "\\n" #x ":")
typedef int a_t, b_t;
#endif
`;

/** The unit that the seed makes. */
export function randomC(dialect: CDialect, seed: number): RandomC {
  const writer: Writer = { dialect, random: createRandom(seed), referred: [], header: [], count: 0 };
  const pieces = Array.from({ length: 4 + writer.random(10) }, () => pick(writer, PIECES)(writer));
  const lines = [
    '#include "header.h"',
    "#define OWN_WEAK __attribute__((weak))",
    ...pieces,
    `const void *const referred[] = { ${writer.referred.map((name) => `&${name}`).join(", ")}${writer.referred.length > 0 ? "" : "0"} };`,
  ];
  return { unit: "unit.c", files: { "header.h": HEADER, "unit.c": `${lines.join("\n")}\n` } };
}
