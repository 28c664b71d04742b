/** Weakly referenced functions of all types, with uses of all forms. */

import type { Choice } from "./choose.ts";
import { declare } from "./declarations.ts";
import type { Presence, Specimen, Use } from "./specimen.ts";

interface ReturnType {
  readonly text: string;
  /** What callers take where the function is missing; none for void. */
  readonly defaults: readonly string[];
  /** The strong definition's result, of the number %; and the long that a caller makes of a result, $. */
  readonly result: string;
  readonly seen: string;
  /** The result in assembly, for the number 77; a bool is 0 or 1 (psABI x86-64, "Boolean Types"), which callers rely on. */
  readonly assembly: string | undefined;
  readonly isNumber: boolean;
}

const number = (text: string, defaults: readonly string[], result = `(${text})(% * 3 + 200)`): ReturnType => ({
  text,
  defaults,
  result,
  seen: "(long)$",
  assembly: "\tmov $77, %eax\n",
  isNumber: true,
});

const ONE = "\tmov $1, %eax\n";

const RETURN_TYPES: readonly ReturnType[] = [
  { text: "void", defaults: [], result: "", seen: "", assembly: "\taddq $77, trace(%rip)\n", isNumber: false },
  { text: "void", defaults: [], result: "", seen: "", assembly: "\taddq $77, trace(%rip)\n", isNumber: false },
  number("int", ["0", "-1", "-ENOENT", "7"]),
  number("int", ["0", "0", "-1"]),
  number("unsigned int", ["0", "0U", "1"]),
  number("long", ["0", "0L", "-1"]),
  number("unsigned long", ["0", "0UL"]),
  number("long long", ["0", "-1"]),
  number("char", ["0"]),
  number("signed char", ["0", "-1"]),
  number("unsigned char", ["0", "1"]),
  number("short", ["0", "-1"]),
  number("u8", ["0"]),
  number("u16", ["0"]),
  number("u32", ["0"]),
  number("u64", ["0"]),
  { ...number("bool", ["0", "1"], "% > 0"), assembly: ONE },
  { ...number("_Bool", ["0"], "% > 0"), assembly: ONE },
  number("enum color", ["RED", "0", "GREEN", "BLUE"], "(enum color)(% % 3)"),
  number("size_t", ["0"]),
  {
    text: "const char *",
    defaults: ["NULL", "0", '""', '"none"'],
    result: '% ? "strong" : "zero"',
    seen: "($ ? $[0] : -5)",
    assembly: "\tlea trace(%rip), %rax\n",
    isNumber: false,
  },
  {
    text: "void *",
    defaults: ["NULL"],
    result: "(void *)(long)(% + 4)",
    seen: "($ ? 1 : -5)",
    assembly: "\tlea trace(%rip), %rax\n",
    isNumber: false,
  },
  {
    text: "struct rec *",
    defaults: ["NULL"],
    result: "(struct rec *)(long)(% + 8)",
    seen: "($ ? 1 : -5)",
    assembly: "\tlea trace(%rip), %rax\n",
    isNumber: false,
  },
  {
    text: "handler_t",
    defaults: ["NULL"],
    result: "(handler_t)(long)(% + 8)",
    seen: "($ ? 1 : -5)",
    assembly: undefined,
    isNumber: false,
  },
  {
    text: "double",
    defaults: ["0", "0.0"],
    result: "% * 1.5 + 2",
    seen: "(long)$",
    assembly: undefined,
    isNumber: false,
  },
  { text: "float", defaults: ["0"], result: "% * 1.5f + 2", seen: "(long)$", assembly: undefined, isNumber: false },
];

interface Parameters {
  readonly text: string;
  /** Of the names a, b, c, what the definition counts with. */
  readonly named: string;
  readonly counted: string;
  readonly unused: string;
  readonly given: readonly string[];
}

const PARAMETERS: readonly Parameters[] = [
  { text: "void", named: "void", counted: "5", unused: "", given: [""] },
  { text: "void", named: "void", counted: "5", unused: "", given: [""] },
  { text: "int value", named: "int a", counted: "a", unused: "", given: ["n", "n + 1", "3"] },
  { text: "long", named: "long a", counted: "a", unused: "", given: ["n", "-n"] },
  { text: "int one, long two", named: "int a, long b", counted: "(a + b)", unused: "", given: ["n, 4", "n, n"] },
  { text: "const char *text", named: "const char *a", counted: "a[0]", unused: "", given: ['"x"'] },
  { text: "struct pkt *p", named: "struct pkt *a", counted: "9", unused: "\t(void)a;\n", given: ["NULL"] },
  {
    text: "struct rec *r, int n",
    named: "struct rec *a, int b",
    counted: "b",
    unused: "\t(void)a;\n",
    given: ["NULL, n"],
  },
  { text: "unsigned char byte", named: "unsigned char a", counted: "a", unused: "", given: ["n"] },
  { text: "enum color c", named: "enum color a", counted: "(int)a", unused: "", given: ["GREEN"] },
  { text: "handler_t done", named: "handler_t a", counted: "6", unused: "\t(void)a;\n", given: ["NULL"] },
  { text: "const int list[4]", named: "const int a[4]", counted: "8", unused: "\t(void)a;\n", given: ["NULL"] },
];

/** A form of use: the body of `static T in(long n)`, with F the function, A its arguments, D what stands for it. */
interface Form {
  readonly form: string;
  readonly isPlain: boolean;
  /** Whether the body is for functions that return nothing. */
  readonly isVoid: boolean;
  readonly body: string;
  /** In the header; U is the use's name. */
  readonly header?: string;
  readonly above?: string;
  /** Only for functions that return numbers. */
  readonly onlyNumbers?: boolean;
  /** The body returns a long, whatever the function does. */
  readonly isLong?: boolean;
}

const plain = (form: string, body: string, more: Partial<Form> = {}): Form => ({
  form,
  isPlain: true,
  isVoid: false,
  body,
  ...more,
});
const plainVoid = (form: string, body: string, more: Partial<Form> = {}): Form =>
  plain(form, body, { isVoid: true, ...more });
const odd = (form: string, body: string, more: Partial<Form> = {}): Form => ({
  form,
  isPlain: false,
  isVoid: false,
  body,
  ...more,
});
const oddNumber = (form: string, body: string, more: Partial<Form> = {}): Form =>
  odd(form, body, { onlyNumbers: true, isLong: true, ...more });
const oddVoid = (form: string, body: string, more: Partial<Form> = {}): Form =>
  odd(form, body, { isVoid: true, ...more });

const NUMBER: Partial<Form> = { onlyNumbers: true, isLong: true };

const FORMS: readonly Form[] = [
  plain("if return, return", "\tif (F)\n\t\treturn F(A);\n\treturn D;\n"),
  plain("if return else", "\tif (F)\n\t\treturn F(A);\n\telse\n\t\treturn D;\n"),
  plain("if return else, braces", "\tif (F) {\n\t\treturn F(A);\n\t} else {\n\t\treturn D;\n\t}\n"),
  plain("comment before return", "\tif (F)\n\t\treturn F(A);\n\n\t/* nobody there */\n\treturn D;\n"),
  plain("empty line before return", "\tif (F)\n\t\treturn F(A);\n\n\treturn D;\n"),
  plain("if not return", "\tif (!F)\n\t\treturn D;\n\treturn F(A);\n"),
  plain("if not return, line comment", "\tif (!F)\n\t\treturn D; // none\n\n\treturn F(A);\n"),
  plain("preset", "\tT r = D;\n\n\tif (F)\n\t\tr = F(A);\n\treturn r;\n"),
  plain("preset by assignment", "\tT r;\n\n\tr = D;\n\tif (F)\n\t\tr = F(A);\n\treturn r;\n"),
  plain("if else assignment", "\tT r;\n\n\tif (F)\n\t\tr = F(A);\n\telse\n\t\tr = D;\n\treturn r;\n"),
  plain("ternary", "\treturn F ? F(A) : D;\n"),
  plain("ternary in parentheses", "\treturn ((F) ? (F)(A) : (D));\n"),
  plain("negated ternary", "\treturn !F ? D : F(A);\n"),
  plain("ternary initializer", "\tT r = F ? F(A) : D;\n\n\treturn r;\n"),
  plain("compared with NULL", "\tif (F != NULL)\n\t\treturn F(A);\n\treturn D;\n"),
  plain("ampersand", "\tif (&F)\n\t\treturn F(A);\n\treturn D;\n"),
  plain("goto", "\tif (!F)\n\t\tgoto out;\n\treturn F(A);\nout:\n\treturn D;\n"),
  plain("goto and a value", "\tT r = D;\n\n\tif (!F)\n\t\tgoto out;\n\tr = F(A);\nout:\n\treturn r;\n"),
  plain(
    "goto behind another",
    "\tT r = D;\n\n\tif (n > 2)\n\t\tgoto out;\n\tif (!F)\n\t\tgoto out;\n\tr = F(A);\nout:\n\ttrace++;\n\treturn r;\n",
  ),
  plain("added", "\tlong r = n;\n\n\tif (F)\n\t\tr += F(A);\n\treturn r;\n", NUMBER),
  plain("or'ed", "\tlong r = n;\n\n\tif (F)\n\t\tr |= F(A);\n\treturn r;\n", NUMBER),
  plain("subtracted", "\tint r = (int)n;\n\n\tif (F)\n\t\tr -= F(A);\n\treturn r;\n", NUMBER),
  plain("summed", "\tlong r = n;\n\n\tif (F)\n\t\tr = r + F(A);\n\treturn r;\n", NUMBER),
  plain(
    "assigned in a condition behind",
    "\tT r;\n\n\tif (F && (r = F(A)) != 0)\n\t\treturn r;\n\treturn n;\n",
    NUMBER,
  ),
  plain("or else", "\treturn (F ? F(A) : 0) ?: n;\n", NUMBER),
  plain("static inline wrapper", "\treturn U_call(A0);\n", {
    header: "static inline T U_call(P0)\n{\n\treturn F ? F(A1) : D;\n}\n",
  }),
  plain("static inline wrapper with if", "\treturn U_call(A0);\n", {
    header: "static inline T U_call(P0)\n{\n\tif (F)\n\t\treturn F(A1);\n\treturn D;\n}\n",
  }),
  plainVoid("if", "\tif (F)\n\t\tF(A);\n"),
  plainVoid("if, braces", "\tif (F) {\n\t\tF(A);\n\t}\n\ttrace++;\n"),
  plainVoid("if in parentheses", "\tif ((F))\n\t\t(F)(A);\n"),
  plainVoid("if around if", "\tif (F) {\n\t\tif (n)\n\t\t\tF(A);\n\t}\n"),
  plainVoid("empty then", "\tif (!F)\n\t\t;\n\telse\n\t\tF(A);\n"),
  plainVoid("early return", "\tif (!F)\n\t\treturn;\n\tF(A);\n"),
  plainVoid("early return, braces", "\tif (!F) {\n\t\treturn;\n\t}\n\tF(A);\n"),
  plainVoid("not equal NULL", "\tif (F != NULL)\n\t\tF(A);\n"),
  plainVoid("static inline wrapper", "\tU_call(A0);\n", {
    header: "static inline void U_call(P0)\n{\n\tif (F)\n\t\tF(A1);\n}\n",
  }),
  odd("condition besides", "\tif (n && F)\n\t\treturn F(A);\n\treturn D;\n"),
  odd("condition behind", "\tif (F && n > 1)\n\t\treturn F(A);\n\treturn D;\n"),
  odd("nested ifs", "\tif (n)\n\t\tif (F)\n\t\t\treturn F(A);\n\treturn D;\n"),
  odd("other work else", "\tif (F)\n\t\treturn F(A);\n\ttrace += 3;\n\treturn D;\n"),
  odd("work with the call", "\tif (F) {\n\t\ttrace += 3;\n\t\treturn F(A);\n\t}\n\treturn D;\n"),
  odd("local pointer", "\tT (*p)(P) = F;\n\n\tif (p)\n\t\treturn p(A);\n\treturn D;\n"),
  odd("table of pointers", "\tif (U_table[0])\n\t\treturn U_table[0](A);\n\treturn D;\n", {
    above: "static T (*const U_table[])(P) = { F };\n",
  }),
  odd("loop", "\twhile (F) {\n\t\tif (n-- > 0)\n\t\t\tcontinue;\n\t\treturn F(A);\n\t}\n\treturn D;\n"),
  odd("for", "\tfor (; F; n++)\n\t\treturn F(A);\n\treturn D;\n"),
  odd("do while", "\tdo {\n\t\tif (!F)\n\t\t\tbreak;\n\t\treturn F(A);\n\t} while (0);\n\treturn D;\n"),
  odd("goto", "\tif (!F)\n\t\tgoto out;\n\treturn F(A);\nout:\n\treturn D;\n"),
  odd("macro around both", "\treturn U_CALL(F, F(A));\n", { above: "#define U_CALL(f, call) ((f) ? (call) : D)\n" }),
  odd("macro that tests", "\tif (U_HAVE(F))\n\t\treturn F(A);\n\treturn D;\n", {
    above: "#define U_HAVE(x) ((unsigned long)(x) != 0)\n",
  }),
  odd("macro that casts", "\tif (U_ADDRESS(F))\n\t\treturn F(A);\n\treturn D;\n", {
    above: "#define U_ADDRESS(x) ((unsigned long)(x))\n",
  }),
  odd("likely", "\tif (likely(F))\n\t\treturn F(A);\n\treturn D;\n"),
  odd("cast", "\tif ((unsigned long)F != 0)\n\t\treturn F(A);\n\treturn D;\n"),
  odd("passed on", "\treturn U_has((void *)F) ? F(A) : D;\n", {
    above: "static int U_has(const void *p)\n{\n\treturn p != NULL;\n}\n",
  }),
  odd(
    "configuration within",
    "\tif (F)\n#ifdef CONFIG_NEVER\n\t\treturn D;\n#else\n\t\treturn F(A);\n#endif\n\treturn D;\n",
  ),
  odd("chained ternary", "\treturn n > 1 ? D : F ? F(A) : D;\n"),
  odd("unguarded", "\treturn F(A);\n"),
  odd("unguarded where n", "\tif (n > 1)\n\t\treturn F(A);\n\treturn D;\n"),
  odd(
    "shadowed",
    "\tT r = D;\n\n\tif (F)\n\t\tr = F(A);\n\t{\n\t\tint F = 0;\n\n\t\tif (F)\n\t\t\ttrace++;\n\t}\n\treturn r;\n",
  ),
  odd("statement expression", "\treturn ({ T r = D; if (F) r = F(A); r; });\n"),
  odd("two tests", "\tT r = D;\n\n\tif (F)\n\t\tr = F(A);\n\tif (F)\n\t\ttrace += 2;\n\treturn r;\n"),
  odd("switch", "\tswitch (F != NULL) {\n\tcase 1:\n\t\treturn F(A);\n\t}\n\treturn D;\n"),
  odd("sizeof", "\ttrace += sizeof(F ? F(A) : D);\n\treturn F ? F(A) : D;\n"),
  odd("typeof", "\t__typeof__(F ? F(A) : D) r = F ? F(A) : D;\n\n\treturn r;\n"),
  odd("compared with zero", "\tif (0 == F)\n\t\treturn D;\n\treturn F(A);\n"),
  odd("negated twice, if", "\tif (!!F)\n\t\treturn F(A);\n\treturn D;\n"),
  odd("negated in parentheses", "\tif (!(F))\n\t\treturn D;\n\treturn F(A);\n"),
  odd("expected", "\tif (__builtin_expect(!!F, 1))\n\t\treturn F(A);\n\treturn D;\n"),
  odd("condition of a condition", "\tif (F ? n > 1 : n < 1)\n\t\treturn D;\n\treturn F ? F(A) : D;\n"),
  odd("chain", "\tif (n > 0 && F && n < 3)\n\t\treturn F(A);\n\treturn D;\n"),
  odd("chain of ors", "\tif (n > 1 || !F || n < 0)\n\t\treturn D;\n\treturn F(A);\n"),
  odd("address in a number", "\tunsigned long a = (unsigned long)F;\n\n\tif (a)\n\t\treturn F(A);\n\treturn D;\n"),
  odd("compared with another weak name", "\tif ((void *)F == (void *)U_twin)\n\t\treturn D;\n\treturn F(A);\n", {
    above: "extern void U_twin(void) __attribute__((weak));\n",
  }),
  odd("known to be none", "\tif (__builtin_constant_p(!F) && n < -5)\n\t\ttrace++;\n\treturn F ? F(A) : D;\n"),
  odd("chosen by its type", "\treturn __builtin_choose_expr(sizeof(&F) > 4, F ? F(A) : D, D);\n"),
  odd("inner function's test", "\tif (U_has(F != NULL))\n\t\treturn F(A);\n\treturn D;\n", {
    above: "static inline int U_has(int is)\n{\n\treturn is;\n}\n",
  }),
  odd("middle left out", "\treturn (F ?: U_other)(A);\n", {
    above: "static T U_other(P0)\n{\nQ\n\treturn D;\n}\n",
  }),
  odd("assigned in a condition", "\tT (*p)(P);\n\n\tif ((p = F) != NULL)\n\t\treturn p(A);\n\treturn D;\n"),
  odd("typeof of the function", "\t__typeof__(F) *p = F;\n\n\treturn p ? p(A) : D;\n"),
  odd("typeof of its address", "\t__typeof__(&F) p = &F;\n\n\tif (p)\n\t\treturn p(A);\n\treturn D;\n"),
  odd("static pointer", "\tstatic T (*const p)(P) = F;\n\n\treturn p ? p(A) : D;\n"),
  odd("structure of pointers", "\treturn U_ops.call ? U_ops.call(A) : D;\n", {
    above: "static const struct { int x; T (*call)(P); } U_ops = { .x = 1, .call = F };\n",
  }),
  odd("compound literal", "\tT (**list)(P) = (T (*[])(P)){ F, NULL };\n\n\treturn list[0] ? list[0](A) : D;\n"),
  odd("another name", "\tif (U_NAME)\n\t\treturn U_NAME(A);\n\treturn D;\n", { above: "#define U_NAME F\n" }),
  odd("pasted name", "\tif (U_PASTE(hook_, NUMBER))\n\t\treturn F(A);\n\treturn D;\n", {
    above: "#define U_PASTE(a, b) a##b\n",
  }),
  odd("pasted with a word of the macro's", "\tif (U_HAS(NUMBER))\n\t\treturn F(A);\n\treturn D;\n", {
    above: "#define U_HAS(n) (hook_##n != NULL)\n",
  }),
  odd("pasted in two steps", "\treturn U_HAS(U_WHICH) ? F(A) : D;\n", {
    above: "#define U_WHICH NUMBER\n#define U_HAS_(n) (hook_##n != NULL)\n#define U_HAS(n) U_HAS_(n)\n",
  }),
  odd(
    "assembly that names it",
    '\tvoid *p;\n\n\t__asm__(".pushsection .data\\n\\t.balign 8\\n1:\\t.quad F\\n\\t.popsection\\n\\tmov 1b(%%rip), %0" : "=r" (p));\n\treturn p ? F(A) : D;\n',
  ),
  odd("macro of assembly that names it", "\tvoid *p;\n\n\tU_ADDRESS(p, F);\n\treturn p ? F(A) : D;\n", {
    above:
      '#define U_ADDRESS(p, f) __asm__(".pushsection .data\\n\\t.balign 8\\n1:\\t.quad " #f "\\n\\t.popsection\\n\\tmov 1b(%%rip), %0" : "=r" (p))\n',
  }),
  odd("macro that returns", "\tU_TRY(F, F(A));\n\treturn D;\n", {
    above: "#define U_TRY(f, call) do { if (f) return call; } while (0)\n",
  }),
  odd("macro that opens an if", "\tU_UNLESS(F)\n\t\treturn D;\n\treturn F(A);\n", {
    above: "#define U_UNLESS(x) if (!(x))\n",
  }),
  odd("macro with else", "\tU_IF(F, return F(A), return D);\n", {
    above: "#define U_IF(x, a, b) do { if (x) a; else b; } while (0)\n",
  }),
  odd("macro that asks for the type", "\treturn U_OR(F, A0);\n", {
    above: "#define U_OR(f, ...) ((__typeof__(f(__VA_ARGS__)))((f) ? (f)(__VA_ARGS__) : D))\n",
  }),
  odd("called by a cast", "\tif (F)\n\t\treturn ((T (*)(P))F)(A);\n\treturn D;\n"),
  odd("called by its address", "\tif (F)\n\t\treturn (&F)(A);\n\treturn D;\n"),
  odd("called by a star", "\tif (F)\n\t\treturn (*F)(A);\n\treturn D;\n"),
  odd("comma in a condition", "\treturn (trace++, F) ? F(A) : D;\n"),
  odd("assembly's operand", '\tvoid *p = (void *)F;\n\n\t__asm__("" : "+r" (p));\n\treturn p ? F(A) : D;\n'),
  odd(
    "assembly's input",
    '\tlong there = 0;\n\n\t__asm__("test %1, %1\\n\\tsetnz %b0" : "+q" (there) : "r" (F));\n\treturn there ? F(A) : D;\n',
  ),
  odd("wrapper of a wrapper", "\treturn U_outer(A0);\n", {
    header:
      "static inline T U_inner(P0)\n{\n\treturn F ? F(A1) : D;\n}\n\nstatic inline T U_outer(P0)\n{\n\treturn U_inner(A1);\n}\n",
  }),
  odd("test in a wrapper", "\tif (U_there())\n\t\treturn F(A);\n\treturn D;\n", {
    header: "static inline bool U_there(void)\n{\n\treturn F;\n}\n",
  }),
  odd("compared with another", "\treturn (void *)F == (void *)&trace ? D : F ? F(A) : D;\n"),
  odd(
    "known while compiling",
    "\tif (__builtin_constant_p(F != NULL) && n < -5)\n\t\ttrace++;\n\treturn F ? F(A) : D;\n",
  ),
  odd("empty then, else", "\tif (F)\n\t\t;\n\telse\n\t\treturn D;\n\treturn F(A);\n"),
  odd("while not", "\twhile (!F)\n\t\treturn D;\n\treturn F(A);\n"),
  odd("cleanup", "\tT r = D;\n\n\ttrace++;\n\tif (!F)\n\t\tgoto out;\n\tr = F(A);\nout:\n\ttrace++;\n\treturn r;\n"),
  odd("variable of its truth", "\tbool there = F;\n\n\tif (there)\n\t\treturn F(A);\n\treturn D;\n"),
  odd("local class", "\tstruct { T (*call)(P); } s = { F };\n\n\treturn s.call ? s.call(A) : D;\n"),
  oddNumber("never below zero", "\tif ((F ? F(A) : 0) < 0)\n\t\treturn 4;\n\treturn n;\n"),
  oddNumber("always above", "\treturn (F ? F(A) : 0) >= 0 ? n : 3;\n"),
  oddNumber("more than a byte", "\treturn (F ? F(A) : 0) > 255;\n"),
  oddNumber("none that it can be", "\treturn (F ? F(A) : 0) == 65536 || n;\n"),
  oddNumber("complement compared", "\treturn ~(F ? F(A) : 0) == 0;\n"),
  oddNumber("and'ed", "\tlong r = n;\n\n\tif (F)\n\t\tr &= F(A);\n\treturn r;\n"),
  oddNumber("shifted by it", "\tlong r = n;\n\n\tif (F)\n\t\tr <<= F(A) & 3;\n\treturn r;\n"),
  oddNumber("added to a float", "\tfloat r = n;\n\n\tif (F)\n\t\tr += F(A);\n\treturn (long)(1 / (r + 0.5f));\n"),
  oddNumber("added to what is shared", "\tif (F)\n\t\ttrace += F(A);\n\treturn n;\n"),
  oddNumber(
    "added to what others see",
    "\tint r = (int)n;\n\tint *p = &r;\n\n\tif (F)\n\t\tr += F(A);\n\treturn *p;\n",
  ),
  oddNumber("constant of a macro", "\treturn F ? F(A) : U_LEVEL;\n", { above: "#define U_LEVEL (4 - 3)\n" }),
  oddNumber("constant of a macro's call", "\tif (F)\n\t\treturn F(A);\n\treturn U_BIT(3);\n", {
    above: "#define U_BIT(n) (1UL << (n))\n",
  }),
  oddNumber("constant of two macros' calls", "\treturn F ? F(A) : U_BIT(2);\n", {
    above: "#ifdef CONFIG_STRONG\n#define U_BIT(n) (1 << (n))\n#else\n#define U_BIT(n) (2 << (n))\n#endif\n",
  }),
  oddNumber("called while it says so", "\twhile (F && F(A) > 900 && n-- > 0)\n\t\ttrace++;\n\treturn n;\n"),
  oddNumber("switch over the call", "\tswitch (F ? F(A) : 0) {\n\tcase 0:\n\t\treturn 4;\n\t}\n\treturn n;\n"),
  oddNumber("address, and call", "\treturn &F != NULL && F(A);\n"),
  oddNumber("constant of an enumeration", "\treturn F ? F(A) : BLUE;\n"),
  oddNumber("computed constant", "\treturn F ? F(A) : 1 << 3;\n"),
  oddNumber("complement of nothing", "\tT r = ~0;\n\n\tif (F)\n\t\tr = F(A);\n\treturn (long)r;\n"),
  oddNumber(
    "assigned behind another condition",
    "\tT r = 0;\n\n\tif (n > 1 && F && (r = F(A)) > 5)\n\t\treturn 9;\n\treturn (long)r;\n",
  ),
  oddNumber(
    "jump over work",
    "\tif (!F)\n\t\tgoto out;\n\tif (F(A) > 1)\n\t\tgoto out;\n\ttrace++;\nout:\n\treturn n;\n",
  ),
  oddNumber("generic of the function", "\treturn _Generic(&F, T (*)(P): 5, default: 6) + n;\n"),
  oddNumber("size of the call", "\treturn sizeof(F(A)) + n;\n"),
  oddNumber("inner block", "\treturn ({ int there = F != NULL; there ? 3 : 4; }) + n;\n"),
  oddNumber("sum of truths", "\treturn (F != NULL) + (n != 0);\n"),
  oddNumber("index of a table", "\tstatic const int list[2] = { 6, 9 };\n\n\treturn list[F != NULL] + n;\n"),
  oddNumber("or of another", "\treturn F ? F(A) || n : n;\n"),
  oddVoid("chain", "\tif (n > 0 && F && n < 3)\n\t\tF(A);\n"),
  oddVoid("and as a statement", "\tif (F) { if (n > 1) F(A); else trace++; } else if (n) trace += 2;\n"),
  oddVoid("macro that opens an if", "\tU_WHEN(F)\n\t\tF(A);\n", { above: "#define U_WHEN(x) if (x)\n" }),
  oddVoid("macro with a declaration", "\tU_CALL(F, A);\n", {
    above: "#define U_CALL(f, ...) do { __typeof__(&f) _f = (f); if (_f) _f(__VA_ARGS__); } while (0)\n",
  }),
  oddVoid("while", "\twhile (F && n-- > 0)\n\t\tF(A);\n"),
  oddVoid("for", "\tlong i;\n\n\tfor (i = 0; F && i < n; i++)\n\t\tF(A);\n"),
  oddVoid("do", "\tdo {\n\t\tif (F)\n\t\t\tF(A);\n\t} while (--n > 0);\n"),
  oddVoid("else if", "\tif (n > 1)\n\t\ttrace++;\n\telse if (F)\n\t\tF(A);\n\telse\n\t\ttrace += 2;\n"),
  oddVoid("continue", "\tlong i;\n\n\tfor (i = 0; i < 2; i++) {\n\t\tif (!F)\n\t\t\tcontinue;\n\t\tF(A);\n\t}\n"),
  oddVoid(
    "break",
    "\tlong i;\n\n\tfor (i = 0; i < 2; i++) {\n\t\ttrace++;\n\t\tif (!F)\n\t\t\tbreak;\n\t\tF(A);\n\t}\n",
  ),
  oddNumber("auto type", "\treturn U_ADD(F ? F(A) : 0, 300);\n", {
    above: "#define U_ADD(x, y) ({ __auto_type _x = (x); _x += (y); (long)_x; })\n",
  }),
  oddNumber("typeof, added", "\t__typeof__(F ? F(A) : 0) r = F ? F(A) : 0;\n\n\tr += 300;\n\treturn (long)r;\n"),
  oddNumber("sizeof alone", "\t(void)n;\n\treturn sizeof(F ? F(A) : 0);\n"),
  oddNumber("generic", "\treturn _Generic(F ? F(A) : 0, int: 1, unsigned int: 2, long: 3, default: 4);\n"),
  oddNumber("shifted", "\treturn (F ? F(A) : 0) << 20;\n"),
  oddNumber("compared below zero", "\treturn (F ? F(A) : 0) - 400 < 0;\n"),
  oddNumber("other width", "\treturn (F ? F(A) : 0L) * 3000000000 > 0;\n"),
  oddNumber("other sign", "\treturn (F ? F(A) : 0U) - 300 > 100;\n"),
  oddNumber("complement", "\treturn ~(F ? F(A) : 0) > 0;\n"),
  oddNumber("variable arguments", "\treturn U_sum(2, F ? F(A) : 0, 4);\n", {
    above:
      "static long U_sum(int count, ...)\n{\n\t__builtin_va_list list;\n\tlong sum = 0;\n\n\t__builtin_va_start(list, count);\n\twhile (count-- > 0)\n\t\tsum += __builtin_va_arg(list, int);\n\t__builtin_va_end(list);\n\treturn sum;\n}\n",
  }),
  oddNumber("and", "\treturn F && F(A);\n"),
  oddNumber("or", "\treturn !F || F(A);\n"),
  oddNumber("truth of the address", "\treturn F != NULL ? n + 1 : n;\n"),
  oddNumber("negated twice", "\treturn !!F + n;\n"),
  oddNumber("array size", "\treturn sizeof(char[sizeof(F ? F(A) : 0)]) + n;\n"),
  oddVoid("dangling else", "\tif (F)\n\t\tif (n)\n\t\t\tF(A);\n\t\telse\n\t\t\ttrace++;\n"),
  oddVoid("else of another", "\tif (n)\n\t\tif (F)\n\t\t\tF(A);\n\t\telse\n\t\t\ttrace++;\n"),
  oddVoid("early return and more", "\tif (!F)\n\t\treturn;\n\tF(A);\n\ttrace += 4;\n"),
  oddVoid("early return with work", "\tif (!F) {\n\t\ttrace += 4;\n\t\treturn;\n\t}\n\tF(A);\n"),
  oddVoid("else with work", "\tif (F)\n\t\tF(A);\n\telse\n\t\ttrace += 4;\n"),
  oddVoid("comma", "\tif (F)\n\t\ttrace++, F(A);\n"),
  oddVoid("conditional operand", "\tF ? F(A) : (void)0;\n"),
  oddVoid("macro that calls", "\tU_CALL(F, A);\n", {
    above: "#define U_CALL(f, ...) do { if (f) (f)(__VA_ARGS__); } while (0)\n",
  }),
  oddVoid("branch of a loop", "\tint i;\n\n\tfor (i = 0; i < 2; i++)\n\t\tif (F)\n\t\t\tF(A);\n"),
  oddVoid("unguarded", "\tF(A);\n"),
  oddVoid(
    "case of a switch",
    "\tswitch (n) {\n\tcase 1:\n\t\tif (F)\n\t\t\tF(A);\n\t\tbreak;\n\tdefault:\n\t\ttrace++;\n\t}\n",
  ),
  oddVoid("label before", "\tif (n)\n\t\tgoto out;\n\ttrace++;\nout:\n\tif (F)\n\t\tF(A);\n"),
  oddVoid("returned", "\tif (F)\n\t\treturn F(A);\n\ttrace++;\n"),
  oddVoid(
    "maybe uninitialized",
    "\tint x;\n\n\tif (n)\n\t\tx = 3;\n\tif (F && n) {\n\t\tF(A);\n\t\ttrace += x;\n\t}\n",
  ),
];

/** What most forms do not tell: the type of an expression, and what compilers know by it. They are taken more often. */
const TELLING: ReadonlySet<string> = new Set([
  "auto type",
  "typeof, added",
  "sizeof alone",
  "generic",
  "shifted",
  "other sign",
  "other width",
  "array size",
  "never below zero",
  "always above",
  "more than a byte",
  "none that it can be",
  "complement compared",
]);

/** What operators turn into an int. */
const NARROW: ReadonlySet<string> = new Set([
  "char",
  "signed char",
  "unsigned char",
  "short",
  "u8",
  "u16",
  "bool",
  "_Bool",
]);

/** Arguments that do something, or that can't be evaluated where the function is missing. */
const BUSY: readonly { readonly form: string; readonly given: string; readonly above?: string }[] = [
  { form: "argument that counts", given: "n++" },
  {
    form: "argument that calls",
    given: "U_side()",
    above: "static int U_side(void)\n{\n\ttrace += 11;\n\treturn 3;\n}\n",
  },
  { form: "argument that divides", given: "100 / n" },
  { form: "argument that looks", given: "*(int *)(n ? &trace : NULL)" },
  { form: "argument that assigns", given: "trace = n + 2" },
];

export interface FunctionOptions {
  readonly onlyPlain: boolean;
  readonly isOptimized: boolean;
  readonly isOpen: boolean;
  readonly isC23: boolean;
}

/** Those who define a symbol in C, and can say of it what its declaration says. */
export const SAYABLE: ReadonlySet<Presence> = new Set(["absent", "always", "configured", "conditional"]);

/** A function of the name, used so often. */
export function makeFunction(
  name: string,
  presence: Presence,
  { onlyPlain, isOptimized, isOpen, isC23 }: FunctionOptions,
  choice: Choice,
): Specimen {
  const needsAssembly = presence === "assembly" || presence === "switched";
  // A symbol that tells something by its one use: others would get it refused more often than not.
  const isTelling = !onlyPlain && choice.percent(20);
  const returned = choice.one(
    RETURN_TYPES.filter((type) => !needsAssembly || type.assembly !== undefined).filter(
      (type) => !isTelling || NARROW.has(type.text),
    ),
  );
  const parameters = choice.one(PARAMETERS);
  const isVoid = returned.text === "void";
  const standIn = isVoid ? "" : choice.one(returned.defaults);
  const usable = FORMS.filter(
    (form) =>
      form.isVoid === isVoid &&
      // What assembly in a function names, a linker that optimizes does not see (clang 14).
      !(isOptimized && form.form.endsWith("assembly that names it")) &&
      (!onlyPlain || form.isPlain) &&
      (form.onlyNumbers !== true || returned.isNumber),
  );
  const telling = usable.filter((one) => TELLING.has(one.form));
  const count = isTelling ? 1 : 1 + choice.below(onlyPlain ? 2 : 3);
  const uses = Array.from({ length: count }, (_, index): Use => {
    const form = choice.one(isTelling ? telling : usable);
    const busy =
      !onlyPlain && !isTelling && parameters.text === "int value" && form.header === undefined && choice.percent(25)
        ? choice.one(BUSY)
        : undefined;
    const id = `use_${name}_${index}`;
    const given = (busy?.given ?? choice.one(parameters.given)).replace("U_", `${id}_`);
    const replace = (text: string) =>
      text.replaceAll(/\b(?:F|NUMBER|Q|A0|A1|A|P0|P|D|T|U(?=_\w+)|U)\b|\bU(?=_)/g, (word) => {
        const words: Readonly<Record<string, string>> = {
          F: name,
          NUMBER: name.replace(/^hook_/, ""),
          A: given,
          A0: parameters.text === "void" ? "" : given,
          A1: namesIn(parameters),
          Q: quietParameters(parameters),
          P: parameters.text,
          P0: parameters.named,
          D: standIn,
          T: returned.text.trimEnd(),
          U: id,
        };
        return words[word] ?? word;
      });
    const inner = form.isLong === true ? "long" : returned.text;
    const call = isVoid
      ? `\t${id}_in(n);\n\treturn 1;\n`
      : form.isLong === true
        ? `\treturn ${id}_in(n);\n`
        : `\t${returned.text} r = ${id}_in(n);\n\n\treturn ${returned.seen.replaceAll("$", "r")};\n`;
    const body = replace(form.body);
    const quiet = /\bn\b/.test(body) ? "" : "\t(void)n;\n";
    const text = `${replace(busy?.above ?? "")}${replace(form.above ?? "")}static ${spaced(inner)}${id}_in(long n)\n{\n${insertQuiet(body, quiet)}}\n\nlong ${id}(long n)\n{\n${call}}\n`;
    return {
      id,
      form: `${form.form}${busy === undefined ? "" : `, ${busy.form}`}`,
      isPlain: form.isPlain && busy === undefined,
      text,
      header: replace(form.header ?? ""),
    };
  });
  const head = `${spaced(returned.text)}${name}`;
  const counted = parameters.counted;
  const body = isVoid ? `\ttrace += ${counted} + 50;\n` : `\treturn ${returned.result.replace("%", counted)};\n`;
  const isUsedInHeader = uses.some(({ header }) => header !== "");
  const allowsOdd = onlyPlain && !isOpen && SAYABLE.has(presence);
  const { definedWith, inBlock, ...declared } = declare(
    name,
    returned.text,
    `${name}(${parameters.text})`,
    { isFunction: true, isUsedInHeader, allowsOdd, isC23 },
    choice,
  );
  return {
    name,
    kind: "function",
    presence,
    uses: uses.map((use) => ({ ...use, text: use.text.replace(/_in\(long n\)\n\{\n/, (start) => start + inBlock) })),
    ...declared,
    definition: `${definedWith}${spaced(returned.text)}${name}(${parameters.named});\n${definedWith}${head}(${parameters.named})\n{\n${parameters.unused}${body}}\n`,
    assembly:
      returned.assembly === undefined
        ? undefined
        : `\t.text\n\t.globl ${name}\n\t.type ${name}, @function\n${name}:\n${returned.assembly}\tret\n`,
    naive: {
      declaration: `extern ${spaced(returned.text)}${name}(${parameters.text});\n`,
      definition: `${spaced(returned.text)}__attribute__((weak)) ${name}(${parameters.named})\n{\n${quietParameters(
        parameters,
      )}${isVoid ? "" : `\treturn ${standIn};\n`}}\n`,
    },
  };
}

/** `(void)n;` goes behind the declarations at the body's start. */
function insertQuiet(body: string, quiet: string): string {
  if (quiet === "") return body;
  const blank = /^(?:\t[^\n;]*;\n)+\n/.exec(body);
  const at = blank === null ? 0 : blank[0].length;
  return body.slice(0, at) + quiet + body.slice(at);
}

function quietParameters(parameters: Parameters): string {
  if (parameters.text === "void") return "";
  return namesIn(parameters)
    .split(", ")
    .map((one) => `\t(void)${one};\n`)
    .join("");
}

function namesIn(parameters: Parameters): string {
  if (parameters.text === "void") return "";
  return parameters.named
    .split(",")
    .map((one) => /(\w+)(?:\[\d*\])?$/.exec(one.trim())![1]!)
    .join(", ");
}

/** A type with the blank that parts it from a name. */
export function spaced(type: string): string {
  return type.endsWith("*") ? type : `${type} `;
}
