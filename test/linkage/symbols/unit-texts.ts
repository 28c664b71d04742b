/**
 * C texts, and the external symbols of the object that gcc makes of each: "f" is a strong definition, "weak f" a weak one,
 * "weak f?" a weak reference. Tests hold our reading to them, and conformance:symbols holds them to gcc and nm.
 */

export interface UnitText {
  readonly text: string;
  readonly symbols: readonly string[];
  /** Flags of the compiler. */
  readonly flags?: readonly string[];
}

const one = (text: string, ...symbols: string[]): UnitText => ({ text, symbols });

export const UNIT_TEXTS: readonly UnitText[] = [
  // Linkage: C11 6.2.2.
  one("int x; static int y; extern int z; int f(void) { return y + z; }", "f", "x"),
  one("static int f(void); int f(void) { return 1; } int g(void) { return f(); }", "g"),
  one("static int f(void); int g(void) { extern int f(void); return f(); } int f(void) { return 1; }", "g"),
  one("typedef int t; t x; struct s { int m; } y, *z; enum e { A } w;", "w", "x", "y", "z"),
  one("int a, *b, c[3], (*d)(void), e(void);", "a", "b", "c", "d"),
  one("int (f)(void) { return 0; } int *(g(void)) { return 0; } int (*h(void))(int) { return 0; }", "f", "g", "h"),
  one("int (*(*p)(void))(int); int (*q[2])(void); int (*(r)[2])(void);", "p", "q", "r"),
  one("extern int x = 3;", "x"),
  one("typedef int function(void); function f; function *p; extern function g;", "p"),
  one("int f(void) { return 1; } typeof(f) g; typeof(f) *p; typeof(&f) q;", "f", "p", "q"),
  one("int f(a, b) int a; char *b; { return a; }", "f"),
  one('_Static_assert(1, "x"); ; int x;', "x"),
  one(
    "_Thread_local int x; _Alignas(16) int y; _Atomic(int) z; _Atomic int w; _Noreturn void f(void) { for (;;); }",
    "f",
    "w",
    "x",
    "y",
    "z",
  ),
  one("int f(void) { int f2(void); static int x; return f2() + x; }", "f"),
  one("const int x = 1; int y[] = { 1, 2, }, z = sizeof(int[2]);", "x", "y", "z"),
  one('register unsigned long sp asm("rsp"); unsigned long f(void) { return sp; }', "f"),
  one("struct { int (*f)(void); } s = { .f = 0 };", "s"),
  one('int x asm("y"); int f(void) asm("g"); int f(void) { return x; }', "g", "y"),
  one("__extension__ typedef struct { int n; } t; __extension__ int x;", "x"),

  // Inline functions: C11 6.7.4p7, and GCC, "An Inline Function is As Fast As a Macro".
  one("inline int f(void) { return 1; } static inline int g(void) { return 1; }"),
  one("inline int f(void) { return 1; } extern int f(void);", "f"),
  one("int f(void); inline int f(void) { return 1; }", "f"),
  one("extern inline int f(void) { return 1; }", "f"),
  one("extern inline __attribute__((gnu_inline)) int f(void) { return 1; }"),
  one("inline __attribute__((__gnu_inline__)) int f(void) { return 1; }", "f"),
  one("int f(void); extern inline __attribute__((gnu_inline)) int f(void) { return 1; }"),
  {
    text: "extern inline int f(void) { return 1; } inline int g(void) { return 1; }",
    symbols: ["g"],
    flags: ["-std=gnu89"],
  },
  {
    text: "extern inline int f(void) { return 1; } inline int g(void) { return 1; }",
    symbols: ["g"],
    flags: ["-fgnu89-inline"],
  },

  // Weak and other attributes.
  one("int x __attribute__((weak)); __attribute__((__weak__)) int f(void) { return 1; }", "weak f", "weak x"),
  one("int f(void) { return 1; } int f(void) __attribute__((weak));", "weak f"),
  one("[[gnu::weak]] int f(void) { return 1; } int g [[gnu::weak]];", "weak f", "weak g"),
  one(
    "struct s { int x; } __attribute__((packed)) a; struct t { int x; } __attribute__((packed)); struct t b;",
    "a",
    "b",
  ),
  one("extern int w __attribute__((weak)); int *f(void) { return &w; }", "f", "weak w?"),
  one("extern int w __attribute__((weak)); int f(void) { return 1; }", "f"),
  one(
    "extern int w[] __attribute__((weak)); static int *g(void) { return w; } int f(void) { return *g(); }",
    "f",
    "weak w?",
  ),
  one("extern int w __attribute__((weak)); static inline int *g(void) { return &w; } int x;", "x"),
  one("extern int w __attribute__((weak)); int *p = &w;", "p", "weak w?"),
  one("extern int w __attribute__((weak)); static int *p __attribute__((used)) = &w;", "weak w?"),
  one("int *f(void) { extern int w __attribute__((weak)); return &w; }", "f", "weak w?"),
  one("extern int w __attribute__((weak)); unsigned long f(void) { return sizeof(w) + sizeof(typeof(w)); }", "f"),
  one("extern int w __attribute__((weak)); struct s { int w; }; int f(struct s *s) { return s->w; }", "f"),
  one('int f(void) { return 1; } extern int g(void) __attribute__((alias("f")));', "f", "g"),
  one('static int f(void) { return 1; } extern typeof(f) g __attribute__((weak, alias("f")));', "weak g"),
  one('int f(void) { return 1; } static int g(void) __attribute__((alias("f")));', "f"),
  one('static int g(void) __attribute__((weakref("h"))); int f(void) { return g ? g() : 0; }', "f", "weak h?"),
  one('static int g(void) __attribute__((weakref("h"))); int f(void) { return 0; }', "f"),
  one('int x __attribute__((section(".data.a"), aligned(8), visibility("hidden"), unused));', "x"),

  // Statements that a constant condition leaves out.
  one("extern int w __attribute__((weak)); int *f(int a) { if (0) return &w; return 0; }", "f"),
  one("extern int w __attribute__((weak)); int *f(int a) { if (!(1 || 0)) { return &w; } return 0; }", "f"),
  one("extern int w __attribute__((weak)); int *f(int a) { if (1 && 1) return 0; else return &w; }", "f"),
  one("extern int w __attribute__((weak)); int *f(int a) { if (1) { return 0; } else { return &w; } }", "f"),
  one("extern int w __attribute__((weak)); int *f(int a) { if (a && 0) return &w; return 0; }", "f"),
  one(
    "extern int w __attribute__((weak)); int *f(int (*a)(void)) { if ((0x0UL || (0)) && a()) return &w; return 0; }",
    "f",
  ),
  one("extern int w __attribute__((weak)); int *f(int a) { if (0 || a) return &w; return 0; }", "f", "weak w?"),
  one("extern int w __attribute__((weak)); int *f(int a) { if (1) return &w; return 0; }", "f", "weak w?"),
  one("extern int w __attribute__((weak)); int *f(int a) { if (0) while (a) a++; return &w; }", "f", "weak w?"),
  one(
    "extern int w __attribute__((weak)); int *f(int a) { goto in; if (0) { in: return &w; } return 0; }",
    "f",
    "weak w?",
  ),
  one("extern int w __attribute__((weak)); int *f(int a) { if (0 == 0) return &w; return 0; }", "f", "weak w?"),
  one("extern int w __attribute__((weak)); int *f(int a) { if (0) ; else return &w; return 0; }", "f", "weak w?"),

  one(
    "extern int w __attribute__((weak)); int *f(int a) { if (0) do { if (a) return &w; } while (0); else a++; return 0; }",
    "f",
  ),
  one("extern int w __attribute__((weak)); int *f(int a) { if (0) a = (a ? w : 0); return 0; }", "f"),

  // Pragmas.
  one("#pragma weak f\nint f(void) { return 1; }", "weak f"),
  one("int f(void) { return 1; }\n#pragma weak f", "weak f"),
  one("int f(void) { return 1; }\n#pragma weak g = f", "f", "weak g"),
  one('_Pragma("weak f") int f(void) { return 1; }', "weak f"),
  one("#pragma redefine_extname f g\nint f(void); int f(void) { return 1; }", "g"),
  one("#pragma redefine_extname f g\nint f(void) { return 1; }", "f"),
  one("extern int w;\n#pragma weak w\nint *f(void) { return &w; }", "f", "weak w?"),

  // Macros.
  one("#define TWO(n) int n##_a; static int n##_b; int n(void) { return n##_b; }\nTWO(x)", "x", "x_a"),
  one(
    "#define ALIAS(a, b) extern typeof(b) a __attribute__((alias(#b)))\nint f(void) { return 1; } ALIAS(g, f);",
    "f",
    "g",
  ),

  // Assembly.
  one('asm(".globl a\\na:\\n.weak b\\nb:\\nc:\\n");', "a", "weak b"),
  one(
    '__attribute__((used)) static int f(void) { return 1; } asm(".globl g\\n.set g, f\\n"); int h(void) { return f(); }',
    "g",
    "h",
  ),
  one('int f(void) { return 1; } asm(".weak f");', "weak f"),
  one('asm(".macro m n\\n.globl \\\\n\\n\\\\n:\\n.endm"); asm("m a");', "a"),
  one('int f(void) { asm volatile(".globl a\\na:\\n" ::: "memory"); return 1; }', "a", "f"),
  one('static inline void g(void) { asm(".globl a\\na:\\n"); } int x;', "x"),
  one('int f(void) { asm goto("jmp %l0" :::: out); out: return 1; }', "f"),
];
