/**
 * Small sources in the manner of many trees, with the symbols that the object has by nm: what the index's facts must say without a
 * build. test/conformance/symbols holds what is said here to the compilers.
 */

export interface SourceText {
  readonly title: string;
  /** The file that is compiled. */
  readonly unit: string;
  /** The compiler and its flags. */
  readonly compiler: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** "f" is a definition, "weak f" a weak one, "weak f?" a weak reference. */
  readonly symbols: readonly string[];
}

export const SOURCE_TEXTS: readonly SourceText[] = [
  {
    title: "weak default macro header",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "d.h": `#define WEAK_DEFAULT __attribute__((weak, alias("dummy_handler")))
`,
      "a.c": `#include "d.h"
void dummy_handler(void) { }
WEAK_DEFAULT void isr_dma(void);
void WEAK_DEFAULT isr_usb(void);
void isr_x(void) WEAK_DEFAULT;
`,
    },
    symbols: ["dummy_handler", "weak isr_dma", "weak isr_usb", "weak isr_x"],
  },
  {
    title: "weak alias words",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "d.h": `#define __weak __attribute__((weak))
#define __alias(x) __attribute__((alias(x)))
#define alias_of(x) __attribute__((alias(#x)))
#define weak_alias_of(x) __attribute__((weak, alias(#x)))
#define both(x) weak_alias_of(x)
`,
      "a.c": `#include "d.h"
int __derive(int x) { return x; }
int derive(int) __weak __alias("__derive");
int derive2(int) __weak alias_of(__derive);
int derive3(int) weak_alias_of(__derive);
int derive4(int) both(__derive);
both(__derive) int derive5(int);
__weak __alias("__derive") int derive6(int);
`,
    },
    symbols: [
      "__derive",
      "weak derive",
      "weak derive2",
      "weak derive3",
      "weak derive4",
      "weak derive5",
      "weak derive6",
    ],
  },
  {
    title: "pragma nothing",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `#pragma weak f
int x;
`,
    },
    symbols: ["x"],
  },
  {
    title: "pragma used undeclared in file but header",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "f.h": `int f(void);
int g(void);
`,
      "a.c": `#include "f.h"
#pragma weak f
#pragma weak g
int x(void) { return f ? f() : 0; }
`,
    },
    symbols: ["weak f?", "x"],
  },
  {
    title: "pragma before static",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `#pragma weak f
static int f(void) { return 1; }
int x(void) { return f(); }
`,
    },
    symbols: ["x"],
  },
  {
    title: "pragma assign",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `int b(void) { return 1; }
#pragma weak a = b
`,
    },
    symbols: ["b", "weak a"],
  },
  {
    title: "pragma assign decl",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `extern int a(void);
#pragma weak a = b
int b(void) { return 1; }
`,
    },
    symbols: ["b", "weak a"],
  },
  {
    title: "redefine extname",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `#pragma redefine_extname f g
int f(void) { return 1; }
`,
    },
    symbols: ["f"],
  },
  {
    title: "redefine extname weak",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `#pragma redefine_extname f g
extern int f(void) __attribute__((weak));
int y(void) { return f ? f() : 0; }
`,
    },
    symbols: ["weak g?", "y"],
  },
  {
    title: "opt macro extern",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `#define __weak __attribute__((weak))
#define OPT(name) __weak extern char _##name[]
OPT(foo);
OPT(bar);
char *x(void) { return _foo ? _foo : _bar; }
`,
    },
    symbols: ["weak _bar?", "weak _foo?", "x"],
  },
  {
    title: "opt macro extern header",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "h.h": `#define __weak __attribute__((weak))
#define OPT(name) __weak extern char _##name[]
`,
      "a.c": `#include "h.h"
OPT(foo);
char *x(void) { return _foo; }
`,
    },
    symbols: ["weak _foo?", "x"],
  },
  {
    title: "opt asm",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `#define WEAK(X) extern int X(void); asm(".weak "#X)
WEAK(foo);
int y(void) { return foo ? foo() : 0; }
`,
    },
    symbols: ["weak foo?", "y"],
  },
  {
    title: "opt asm only",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `#define WEAK(X) asm(".weak "#X)
extern int foo(void);
WEAK(foo);
int y(void) { return foo ? foo() : 0; }
`,
    },
    symbols: ["weak foo?", "y"],
  },
  {
    title: "opt asm header",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "h.h": `#define WEAK(X) extern int X(void); __asm__(".weak " #X "\\n")
`,
      "a.c": `#include "h.h"
WEAK(foo);
int y(void) { return foo ? foo() : 0; }
`,
    },
    symbols: ["weak foo?", "y"],
  },
  {
    title: "gthr",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `extern int pthread_self(void);
#define GTHRW(n) static __typeof(n) gthr_##n __attribute__((weakref(#n)))
GTHRW(pthread_self);
int y(void) { return gthr_pthread_self ? gthr_pthread_self() : 0; }
`,
    },
    symbols: ["weak pthread_self?", "y"],
  },
  {
    title: "gthr header",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "h.h": `extern int pthread_self(void);
#define GTHRW(n) static __typeof(n) gthr_##n __attribute__((weakref(#n)))
#define GTHRW2(name, name2, type) static __typeof(type) name __attribute__ ((__weakref__(#name2), copy(type)))
#define GTHRW_(name) GTHRW2(__gthrw_ ## name, name, name)
extern int pthread_once(void);
`,
      "a.c": `#include "h.h"
GTHRW(pthread_self);
GTHRW_(pthread_once);
int y(void) { return gthr_pthread_self ? gthr_pthread_self() : __gthrw_pthread_once ? __gthrw_pthread_once() : 0; }
`,
    },
    symbols: ["weak pthread_once?", "weak pthread_self?", "y"],
  },
  {
    title: "weakref plain",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `static int l(void) __attribute__((weakref("t")));
static int l2(void) __attribute__((weakref, alias("t2")));
int y(void) { return l ? l() : l2 ? l2() : 0; }
`,
    },
    symbols: ["weak t2?", "weak t?", "y"],
  },
  {
    title: "gnu weak amid",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `void f [[gnu::weak]] (void);
[[gnu::weak]] void g(void);
void h(void) __attribute__((weak));
__attribute__((weak)) void i(void);
void __attribute__((weak)) j(void);
extern int k __attribute__((weak)), l;
extern int __attribute__((weak)) m[];
int *(o) __attribute__((weak));
extern void (*p)(void) __attribute__((weak));
extern void (* __attribute__((weak)) q)(void);
[[__gnu__::__weak__]] extern int r;
void *x[] = { f, g, h, i, j, &k, &l, m, &p, &q, &r };
`,
    },
    symbols: [
      "weak f?",
      "weak g?",
      "weak h?",
      "weak i?",
      "weak j?",
      "weak k?",
      "weak m?",
      "weak o",
      "weak p?",
      "weak q?",
      "weak r?",
      "x",
    ],
  },
  {
    title: "weak after definition",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `int account(int s) { return s; }
int account(int) __attribute__((weak));
`,
    },
    symbols: ["weak account"],
  },
  {
    title: "alias of weak stays",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `void __attribute__((weak)) body(void) { }
void al(void) __attribute__((alias("body")));
void wal(void) __attribute__((weak, alias("body")));
`,
    },
    symbols: ["al", "weak body", "weak wal"],
  },
  {
    title: "typeof",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `int f(int);
__typeof__(f) g;
__typeof__(f) w __attribute__((weak));
extern typeof(f) al __attribute__((alias("f2")));
int f2(int x) { return g(x) + (w ? w(1) : 0); }
typeof(int) obj;
__typeof__(obj) obj2;
`,
    },
    symbols: ["al", "f2", "obj", "obj2", "weak w?"],
  },
  {
    title: "typeof header",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "h.h": `int f(int);
int e;
`,
      "a.c": `#include "h.h"
__typeof__(f) g;
__typeof__(e) o;
`,
    },
    symbols: ["e", "o"],
  },
  {
    title: "weak alias macros glibc",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "h.h": `#define weak_alias(name, aliasname) _weak_alias (name, aliasname)
#define _weak_alias(name, aliasname) extern __typeof (name) aliasname __attribute__ ((weak, alias (#name)));
#define strong_alias(name, aliasname) extern __typeof (name) aliasname __attribute__ ((alias (#name)));
`,
      "a.c": `#include "h.h"
int __f(void) { return 1; }
weak_alias (__f, f)
strong_alias(__f, g)
`,
    },
    symbols: ["__f", "g", "weak f"],
  },
  {
    title: "object-like rename",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "r.h": `#define f my_f
`,
      "a.c": `#include "r.h"
int f(void) { return 1; }
`,
    },
    symbols: ["my_f"],
  },
  {
    title: "object-like rename",
    unit: "b.c",
    compiler: ["gcc"],
    files: {
      "r.h": `#define f my_f
`,
      "b.c": `#define g my_g
int g(void) { return 1; }
extern int f(void) __attribute__((weak));
#define f2 my_f2
extern int f2(void) __attribute__((weak));
int h(void) { return f ? f2 ? 1 : 0 : 2; }
`,
    },
    symbols: ["h", "my_g", "weak f?", "weak my_f2?"],
  },
  {
    title: "rename by the source that includes it",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "run.c": `int run_it(void) { return 1; }
`,
      "a.c": `#define run_it a_run
#include "run.c"
int f(void) { return a_run(); }
`,
    },
    symbols: ["a_run", "f"],
  },
  {
    title: "asm labels",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `int f(void) __asm__("g");
int f(void) { return 1; }
int v asm("w") = 1;
extern int q(void) __asm__("qq") __attribute__((weak));
extern int q2(void) __asm__("pre" "fix") __attribute__((weak));
int z(void) { return q ? q2 ? 1 : 2 : 3; }
`,
    },
    symbols: ["g", "w", "weak prefix?", "weak qq?", "z"],
  },
  {
    title: "asm label weak in other decl",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `extern int q(void) __asm__("qq");
extern int q(void) __attribute__((weak));
int z(void) { return q ? 1 : 3; }
`,
    },
    symbols: ["weak qq?", "z"],
  },
  {
    title: "file asm weak",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `extern int a1(void), a2(void);
asm(".weak a1, a2");
__asm__(".weak a3\\n\\t.set a3, z\\n.globl a4\\na4: .long 0");
void *z[] = { a1, a2 };
`,
    },
    symbols: ["a4", "weak a1?", "weak a2?", "weak a3", "z"],
  },
  {
    title: "file asm weak def",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `asm(".weak z");
int z(void) { return 1; }
`,
    },
    symbols: ["weak z"],
  },
  {
    title: "ifunc",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `static int (*res(void))(void) { return 0; }
int f(void) __attribute__((ifunc("res")));
`,
    },
    symbols: ["f"],
  },
  {
    title: "weak tentative & const",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `int t __attribute__((weak));
const int c __attribute__((weak)) = 1;
int arr[3] __attribute__((weak));
int plain;
static int s;
`,
    },
    symbols: ["plain", "weak arr", "weak c", "weak t"],
  },
  {
    title: "decl weak then def",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `int f(void) __attribute__((weak));
int f(void) { return 1; }
`,
    },
    symbols: ["weak f"],
  },
  {
    title: "decl weak in header then def",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "h.h": `int f(void) __attribute__((weak));
`,
      "a.c": `#include "h.h"
int f(void) { return 1; }
`,
    },
    symbols: ["weak f"],
  },
  {
    title: "weak words unknown attr",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "h.h": `#define ATTR_WEAK __attribute__((__weak__))
#define ZERO
#define PUBLIC __attribute__((visibility("default")))
`,
      "a.c": `#include "h.h"
ATTR_WEAK PUBLIC int f(void) { return 1; }
PUBLIC ATTR_WEAK extern int g(void);
int ATTR_WEAK v = 1;
int h(void) { return g ? 1 : 2; }
`,
    },
    symbols: ["h", "weak f", "weak g?", "weak v"],
  },
  {
    title: "musl style",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "h.h": `#define weak __attribute__((__weak__))
#define hidden __attribute__((__visibility__("hidden")))
#define weak_alias(old, new) extern __typeof(old) new __attribute__((__weak__, __alias__(#old)))
`,
      "a.c": `#include "h.h"
extern weak hidden void _init(void);
weak int x;
static void dummy(void) {}
weak_alias(dummy, flush_all);
weak_alias(dummy, _fini);
void r(void) { if (_init) _init(); flush_all(); }
`,
    },
    symbols: ["r", "weak _fini", "weak _init?", "weak flush_all", "weak x"],
  },
  {
    title: "ATOMIC attr in middle of pointer",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `extern int * __attribute__((weak)) pp;
extern int *f(void) __attribute__((weak));
int *(*fp)(void) = f;
int **q(void) { return &pp; }
`,
    },
    symbols: ["fp", "q", "weak f?", "weak pp?"],
  },
  {
    title: "K&R def & extern inline",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `int old(a, b) int a; int b; { return a; }
inline int inl(void) { return 1; }
static inline int sinl(void) { return 1; }
`,
    },
    symbols: ["old"],
  },
  {
    title: "Pragma operator",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `extern int f(void);
_Pragma("weak f")
int x(void) { return f ? 1 : 2; }
`,
    },
    symbols: ["weak f?", "x"],
  },
  {
    title: "vector table macro",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `#define IRQ(n) void n##_Handler(void) __attribute__((weak, alias("Default_Handler")))
void Default_Handler(void) { for (;;); }
IRQ(UART0);
IRQ(DMA);
void (* const vectors[])(void) = { UART0_Handler, DMA_Handler };
`,
    },
    symbols: ["Default_Handler", "vectors", "weak DMA_Handler", "weak UART0_Handler"],
  },
  {
    title: "pragma weak list IAR style in gcc",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "a.c": `void Default_Handler(void) { for (;;); }
#pragma weak UART_Handler = Default_Handler
#pragma weak DMA_Handler=Default_Handler
void UART_Handler(void);
void (* const vectors[])(void) = { UART_Handler };
`,
    },
    symbols: ["Default_Handler", "vectors", "weak DMA_Handler", "weak UART_Handler"],
  },
  {
    title: "thumb_set",
    unit: "startup.S",
    compiler: ["arm-none-eabi-gcc", "-mcpu=cortex-m3", "-mthumb"],
    files: {
      "startup.S": `	.syntax unified
	.cpu cortex-m3
	.thumb
	.section .text.Default_Handler,"ax",%progbits
Default_Handler:
	b Default_Handler
	.global g_pfnVectors
	.section .isr_vector,"a",%progbits
g_pfnVectors:
	.word _estack
	.word Reset_Handler
	.word UART_IRQHandler
	.weak UART_IRQHandler
	.thumb_set UART_IRQHandler,Default_Handler
	.weak      NMI_Handler
	.thumb_set NMI_Handler,Default_Handler @ comment: here
`,
    },
    symbols: ["g_pfnVectors", "weak NMI_Handler", "weak UART_IRQHandler"],
  },
  {
    title: "gas set forms",
    unit: "a.S",
    compiler: ["gcc"],
    files: {
      "a.S": `	.globl a, b, c , d
	.set a, 1
	.equ b, 2
	.equiv c, x
	d = x
	.weak e, f, g
	.set e, x
x:	.long 0
	.weakref wr, target
	.long wr
	.globl com
	.comm com, 4, 4
	.comm com2, 4
	.lcomm lc, 4
	.long f, g
	.globl t
t:	.type t, @function
	.symver vs, vs@V1
	.globl vs
vs:	.long 0
`,
    },
    symbols: ["a", "b", "c", "com", "com2", "d", "t", "vs", "vs@V1", "weak e", "weak f?", "weak g?", "weak target?"],
  },
  {
    title: "labels and separators x86",
    unit: "a.S",
    compiler: ["gcc"],
    files: {
      "a.S": `	.globl a; a: nop; .globl b; b: nop # comment: .globl c; d:
1:	jmp 1b
.Lx: .long .Lx
	.globl "quoted"
"quoted": .long 0
	/* .globl no; no: */ .globl e
e: // .globl no2
`,
    },
    symbols: ["a", "b", "e", "quoted"],
  },
  {
    title: "riscv separators",
    unit: "a.S",
    compiler: ["riscv64-linux-gnu-gcc"],
    files: {
      "a.S": `	.globl a; a: nop; .weak b; b: nop # c: 
	.weak c
	call c
`,
    },
    symbols: ["a", "weak b", "weak c?"],
  },
  {
    title: "avr comments",
    unit: "a.S",
    compiler: ["avr-gcc", "-mmcu=atmega328p"],
    files: {
      "a.S": `; .global nope : bla
; .weak nope2
	.global main ; .weak nope3
main:	ret ; nope4: text
	.weak __vector_1
	.set __vector_1, __bad
	.weak __vector_default
	.set __vector_default, __vectors
__bad:	jmp __vector_default
.macro vector name
	.weak \\name
	.set \\name, __bad
	jmp \\name
.endm
	.global __vectors
__vectors:
	vector __vector_2
	vector __vector_3
`,
    },
    symbols: ["__vectors", "main", "weak __vector_1", "weak __vector_2", "weak __vector_3", "weak __vector_default"],
  },
  {
    title: "arm comments",
    unit: "a.S",
    compiler: ["arm-none-eabi-gcc"],
    files: {
      "a.S": `	.globl a @ .weak no
a: mov r0, #1 @ .globl no2
	.weak w @ comment
	bl w
`,
    },
    symbols: ["a", "weak w?"],
  },
  {
    title: "include gas macro func",
    unit: "a.S",
    compiler: ["gcc"],
    files: {
      "macros.S": `.macro func name, align=2
	.globl \\name
	.type \\name, %function
\\name:
.endm
.macro weak_func name
	.weak \\name
\\name:
.endm
`,
      "a.S": `#include "macros.S"
	.weak f
	func f
	ret
weak_func w
	ret
func g, 4
	ret
`,
    },
    symbols: ["g", "weak f", "weak w"],
  },
  {
    title: ".include gas macro",
    unit: "a.s",
    compiler: ["gcc"],
    files: {
      "inc_macros.s": `.macro func name
	.globl \\name
\\name:
.endm
.macro isr_vec n
	.weak isr_\\n
	.set isr_\\n, dflt
.endm
.macro both a b
	func \\a
	isr_vec \\b
.endm
`,
      "a.s": `	.include "inc_macros.s"
dflt:
	func f
	isr_vec uart
	isr_vec 12
	both p q
`,
    },
    symbols: ["f", "p", "weak isr_12", "weak isr_q", "weak isr_uart"],
  },
  {
    title: "nested include macro defaults",
    unit: "a.S",
    compiler: ["gcc"],
    files: {
      "inc/m.S": `.macro _asm_func name, align=2
	.section .text.\\name, "ax"
	.align \\align
	.globl \\name
\\name:
.endm
.macro func name
	_asm_func \\name
.endm
.macro endfunc name
	.size \\name, . - \\name
.endm
`,
      "a.S": `#include "inc/m.S"
func start
	ret
endfunc start
`,
    },
    symbols: ["start"],
  },
  {
    title: "rept irp irpc",
    unit: "a.S",
    compiler: ["gcc"],
    files: {
      "a.S": `	.irp n, a, b, c
	.weak irq_\\n
	.set irq_\\n, d
	.endr
	.irpc n, 012
	.globl h\\n
h\\n:
	.endr
d:
	.set i, 0
	.rept 3
	.set i, i + 1
	.endr
.macro many from, to
	.weak v\\from
	.set v\\from, d
	.if \\to-\\from
	many "(\\from+1)",\\to
	.endif
.endm
.macro at
x\\@: .long 0
.endm
at
at
`,
    },
    symbols: ["h0", "h1", "h2", "weak irq_a", "weak irq_b", "weak irq_c"],
  },
  {
    title: "ifdef",
    unit: "a.S",
    compiler: ["gcc"],
    files: {
      "a.S": `#define HAVE 1
.ifdef NOTHERE
	.globl n
n:
.else
	.globl y
y:
.endif
.if HAVE
	.globl z
z:
.endif
.ifndef NOTHERE
	.weak q
q:
.endif
`,
    },
    symbols: ["weak q", "y", "z"],
  },
  {
    title: "cpp macros in header",
    unit: "a.S",
    compiler: ["gcc"],
    files: {
      "linkage.h": `#define FUNC(name) .globl name; .type name, @function; name:
#define PROC_WEAK(name) .weak name; name:
#define ENDF(name) .size name, .-name
#define WRAP(name) FUNC(name)
#define ALIAS_OF(n, o) .globl n; .set n, o
`,
      "a.S": `#include "linkage.h"
FUNC(f)
	ret
ENDF(f)
PROC_WEAK(w)
	ret
WRAP(wr)
	ret
ALIAS_OF(alias, f)
`,
    },
    symbols: ["alias", "f", "weak w", "wr"],
  },
  {
    title: "cpp macros in S file",
    unit: "a.S",
    compiler: ["gcc"],
    files: {
      "a.S": `#define FUNC(name) .globl name; name:
#define OBJ .globl obj; obj:
FUNC(f) ret
OBJ .long 0
#define VEC(n) .weak irq_##n; .set irq_##n, f
VEC(uart)
VEC(2)
`,
    },
    symbols: ["f", "obj", "weak irq_2", "weak irq_uart"],
  },
  {
    title: "musl asm weak",
    unit: "a.s",
    compiler: ["gcc"],
    files: {
      "a.s": `.global memcpy
.global __memcpy_fwd_alias_1
.hidden __memcpy_fwd_alias_1
.type memcpy,@function
memcpy:
__memcpy_fwd_alias_1:
	mov %rdi,%rax
	.weak _init
	.hidden _init
	call _init
`,
    },
    symbols: ["__memcpy_fwd_alias_1", "memcpy", "weak _init?"],
  },
  {
    title: "include file defining labels",
    unit: "a.S",
    compiler: ["gcc"],
    files: {
      "common.S": `	.globl base
base:	nop
	.weak hook
	call hook
`,
      "a.S": `#include "common.S"
	.globl a
a:
`,
    },
    symbols: ["a", "base", "weak hook?"],
  },
  {
    title: "xtensa",
    unit: "a.S",
    compiler: ["xtensa-lx106-elf-gcc"],
    files: {
      "a.S": `	.global _start
	.type _start,@function
_start:	nop ; nop # .weak bad
	.weak _xt_handler
	.set _xt_handler, _start
	.weak _ext
	.word _ext
`,
    },
    symbols: ["_start", "weak _ext?", "weak _xt_handler"],
  },
  {
    title: "weak func style extern",
    unit: "a.S",
    compiler: ["aarch64-linux-gnu-gcc"],
    files: {
      "a.S": `.macro WEAKSYM name
	.weak \\name
.endm
	.weak a
	WEAKSYM b
	bl a
	bl b
	.globl foo
foo: ret
`,
    },
    symbols: ["foo", "weak a?", "weak b?"],
  },
  {
    title: "c asm macro header",
    unit: "a.c",
    compiler: ["gcc"],
    files: {
      "h.h": `#define GLOBAL_ASM(n) __asm__(".globl " #n "\\n" #n ":\\n .long 0\\n");
#define WEAK_REF(n) __asm__(".weak " #n "\\n .long " #n "\\n");
`,
      "a.c": `#include "h.h"
GLOBAL_ASM(foo)
WEAK_REF(bar)
int x;
`,
    },
    symbols: ["foo", "weak bar?", "x"],
  },
  {
    title: "altmacro counter",
    unit: "a.S",
    compiler: ["arm-none-eabi-gcc"],
    files: {
      "a.S": `.altmacro
.macro isr_vec n
	.weak isr_irq\\n
	.set isr_irq\\n, dflt
.endm
dflt:	nop
	.set IRQN, 0
	.rept 3
	isr_vec %IRQN
	.set IRQN, IRQN + 1
	.endr
`,
    },
    symbols: ["weak isr_irq0", "weak isr_irq1", "weak isr_irq2"],
  },
];
