/** That fallback definitions compile, mean what their users count on, and are refused where they could not. */

import assert from "node:assert/strict";
import { files, fixesOf, fixSymbol, refusalOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { KERNEL } from "../support/kernel-fixture.ts";

function fallbackOf(fixture: string, symbol: string): string {
  return fixSymbol(files(fixture), symbol).get("a_weak.c")!;
}

describe("a fallback of what a C file declares", () => {
  it("is declared first, with the attributes that its users count on", () => {
    const after = fallbackOf(
      `//- /a.c
extern int table[4] __attribute__((weak, aligned(64)));
int t(void) { return table[1]; }
`,
      "table",
    );
    assert.match(
      after,
      /^extern int table\[4\] __attribute__\(\(aligned\(64\)\)\);\nint table\[4\] __attribute__\(\(weak\)\);$/m,
    );
  });

  it("is declared with its attributes wherever weak stands among them", () => {
    for (const list of ['visibility("hidden"), weak', 'weak, visibility("hidden")']) {
      const after = fallbackOf(
        `//- /a.c\nextern int f(int) __attribute__((${list}));\nint t(void) { return f(1); }\n`,
        "f",
      );
      assert.match(after, /^extern int f\(int\) __attribute__\(\(visibility\("hidden"\)\)\);$/m);
    }
  });

  it("is declared alone where the file declares others with it", () => {
    const after = fallbackOf(
      `//- /a.c
extern int *x, *table __attribute__((weak));
int t(void) { return *table; }
`,
      "table",
    );
    assert.match(after, /^extern int \*table;\nint \*table __attribute__\(\(weak\)\);$/m);
  });

  it("has no comment of the declaration in it", () => {
    const after = fallbackOf(
      `//- /a.c
extern int f(int x, // first
	int /* second */) __attribute__((weak));
int t(void) { return f(1, 2); }
`,
      "f",
    );
    assert.match(after, /f\(int x, int unused2\)\n\{/);
  });

  it("is not kept back by the words of the declaration's comments", () => {
    const after = fallbackOf(
      `//- /a.c
extern int /* in T */ limit // T is not known elsewhere
	__attribute__((weak));
typedef int T;
int t(void) { return limit; }
`,
      "limit",
    );
    assert.match(after, /^int limit __attribute__\(\(weak\)\);$/m);
  });

  const local: readonly (readonly [string, string])[] = [
    [
      "local_t",
      "typedef struct { int v; } local_t;\nextern local_t x __attribute__((weak));\nint t(void) { return x.v; }",
    ],
    ["COUNT", "enum { COUNT = 4 };\nextern int x[COUNT] __attribute__((weak));\nint t(void) { return x[1]; }"],
    ["x", "struct x\n{ int v; };\nextern struct x x __attribute__((weak));\nint t(void) { return x.v; }"],
    ["named", "extern struct named { int v; } x __attribute__((weak));\nint t(void) { return x.v; }"],
  ];
  for (const [word, text] of local) {
    it(`is refused where '${word}' is known there alone: ${text.split("\n")[0]}`, () => {
      assert.match(refusalOf(`//- /a.c\n${text}\n`, "x"), new RegExp(`'${word}' is declared in a\\.c alone`));
    });
  }

  const odd: readonly (readonly [string, RegExp])[] = [
    ["extern struct { int v; } x __attribute__((weak));\nint t(void) { return x.v; }", /no name/],
    ["extern __thread int x __attribute__((weak));\nint t(void) { return x; }", /thread-local/],
    [
      "extern int y[2];\nextern __typeof__(y) x __attribute__((weak));\nint t(void) { return x[1]; }",
      /that of something else/,
    ],
    ["extern _Alignas(16) int x __attribute__((weak));\nint t(void) { return x; }", /_Alignas/],
    ["extern int x __attribute__((weak, mode(DI)));\nint t(void) { return x; }", /'mode' is a part of the type/],
    ['extern int x __attribute__((weak, section(".rodata")));\nint t(void) { return x; }', /not const/],
    ["extern int x(void) __attribute__((weak, noreturn));\nint t(void) { return x(); }", /promises/],
    ["extern char *x(void) __attribute__((weak, returns_nonnull));\nchar *t(void) { return x(); }", /promises/],
    ["extern inline int x(void) __attribute__((weak));\nint t(void) { return x(); }", /inline/],
  ];
  for (const [text, reason] of odd) {
    it(`is refused for ${text.split("\n").find((line) => line.includes("weak"))}`, () => {
      assert.match(refusalOf(`//- /a.c\n${text}\n`, "x"), reason);
    });
  }
});

describe("a fallback of what a header declares", () => {
  it("has what the header's users include before it, where the header includes nothing", () => {
    const after = fallbackOf(
      `//- /types.h
typedef unsigned char u8;
//- /a.h
extern const u8 table[] __attribute__((weak));
//- /a.c
#include "types.h"
#include "a.h"
int t(void) { return table[0]; }
`,
      "table",
    );
    assert.match(after, /#include "types\.h"\n#include "a\.h"\n/);
  });

  it("has all that its user includes, where the header does not say how large the object is", () => {
    const after = fallbackOf(
      `//- /whole.h
struct whole { int v; };
//- /a.h
#include "other.h"
struct whole;
extern struct whole x __attribute__((weak));
//- /a.c
#include "a.h"
#ifdef HAVE_WHOLE
#include "whole.h"
#endif
int t(void) { return x.v; }
`,
      "x",
    );
    assert.match(after, /#include "a\.h"\n#if defined\(HAVE_WHOLE\)\n#include "whole\.h"\n#endif\n/);
  });

  it("is refused where the result may be a struct by another name", () => {
    const reason = refusalOf(
      `//- /a.h
typedef struct { int n; } f_t;
extern f_t f(void) __attribute__((weak));
//- /a.c
#include "a.h"
int t(void) { return f().n; }
`,
      "f",
    );
    assert.match(reason, /could return is not known/);
  });

  it("is refused beside a macro of the same name", () => {
    const reason = refusalOf(
      `//- /a.h
#ifdef CONFIG_F
extern int f(void) __attribute__((weak));
#else
#define f() 3
#endif
//- /a.c
#include "a.h"
int t(void) { return f(); }
`,
      "f",
    );
    assert.match(reason, /a\.h defines a macro 'f'/);
  });

  it("is compiled where the declaration is, as another branch may hold a stub", () => {
    const after = fallbackOf(
      `//- /a.h
#ifdef CONFIG_F
extern int f(void) __attribute__((weak));
#else
static inline int f(void) { return 3; }
#endif
//- /a.c
#include "a.h"
int t(void) { return f(); }
`,
      "f",
    );
    assert.match(
      after,
      /#if defined\(CONFIG_F\)\nint __attribute__\(\(weak\)\) f\(void\)\n\{\n\treturn 0;\n\}\n#endif\n/,
    );
  });

  it("is refused under a condition that the header may change", () => {
    const reason = refusalOf(
      `//- /a.h
#ifndef have_f
extern int f(void) __attribute__((weak));
#define have_f 1
#endif
//- /a.c
#include "a.h"
int t(void) { return f(); }
`,
      "f",
    );
    assert.match(reason, /declares 'f' only if/);
  });

  it("is refused where two definitions would no longer be weak", () => {
    const reason = refusalOf(
      `//- /a.c
extern int f(void) __attribute__((weak));
int t(void) { return f(); }
//- /a.h
extern int f(void) __attribute__((weak));
//- /b.c
#include "a.h"
int f(void) { return 1; }
//- /c.c
int f(void) { return 2; }
`,
      "f",
    );
    assert.match(reason, /where both are linked, b\.c:2 and c\.c:1 would define it strongly/);
  });

  it("is given where a choice of Kconfig's keeps the two definitions apart", () => {
    const tree = (choice: string, end: string) =>
      `${KERNEL.replace(
        "def_bool y\n",
        `def_bool y\n${choice}\nconfig BOARD_A\n\tbool "a"\nconfig BOARD_B\n\tbool "b"\n${end}\n`,
      )}//- /drivers/Makefile
//- /kernel/Makefile
obj-y += user.o
obj-$(CONFIG_BOARD_A) += a.o
obj-$(CONFIG_BOARD_B) += b.o
//- /include/board.h
int f(void) __attribute__((weak));
//- /kernel/user.c
#include <board.h>
int t(void) { return f ? f() : 0; }
//- /kernel/a.c
#include <board.h>
int f(void) { return 1; }
//- /kernel/b.c
#include <board.h>
int f(void) { return 2; }
`;
    assert.match(refusalOf(tree("", ""), "f"), /where both are linked/);
    assert.ok(fixSymbol(files(tree("choice", "endchoice")), "f").has("kernel/user_weak.c"));
  });
});

describe("a fallback's value", () => {
  it("has the includes that its name comes from", () => {
    const after = fallbackOf(
      `//- /a.h
extern int f(void) __attribute__((weak));
//- /a.c
#include <errno.h>
#include "a.h"
int t(void) { return f ? f() : -ENOSYS; }
`,
      "f",
    );
    assert.match(after, /#include <errno\.h>\n[\s\S]*return -ENOSYS;/);
  });

  it("is refused where its name comes from nowhere", () => {
    const tree = `//- /a.c
#define ENOSYS 38
extern int f(void) __attribute__((weak));
int t(void) { return f ? f() : -ENOSYS; }
`;
    assert.match(refusalOf(tree, "f"), /which header defines ENOSYS/);
  });

  it("is a number where a name would need a header", () => {
    const tree = "//- /a.c\nextern char *f(void) __attribute__((weak));\nchar *t(void) { return f ? f() : NULL; }\n";
    assert.match(fallbackOf(tree, "f"), /return 0;/);
  });

  it("has the kernel's header in a kernel", () => {
    const after = fixSymbol(
      files(`${KERNEL}//- /kernel/Makefile
obj-y += a.o
//- /drivers/Makefile
//- /include/linux/errno.h
//- /kernel/a.c
extern int f(void) __attribute__((weak));
int t(void) { return f ? f() : -ENOSYS; }
`),
      "f",
    );
    assert.match(after.get("kernel/a_weak.c")!, /#include <linux\/errno\.h>/);
  });
});

describe("a fallback in assembly", () => {
  for (const [declaration, reason] of [
    ["extern __thread int x __attribute__((weak));", /thread-local/],
    ["extern int x __attribute__((weak, mode(TI)));", /'mode' is a part of the type/],
    ["extern int x __attribute__((weak, aligned(64)));", /how 'x' is to be aligned/],
    ["extern _Alignas(64) int x __attribute__((weak));", /_Alignas/],
    ["extern long double x __attribute__((weak));", /the size of 'x' is not known/],
  ] as const) {
    it(`is refused for ${declaration}`, () => {
      const tree = files(`//- /a.c\n${declaration}\nint t(void) { return sizeof(x) + (x ? 1 : 0); }\n`);
      const [fix] = fixesOf(loadFixture(tree, "asm"), "x");
      assert.match(fix?.refusal ?? "", reason);
    });
  }
});

describe("what stands on top of a fallback", () => {
  const on = (text: string, others = "") => fallbackOf(`//- /Makefile\nobj-y += a.o\n//- /a.c\n${text}${others}`, "f");
  const USE = "int t(void) { if (f) f(0); return 0; }\n";

  it("declares a tag that is born among the parameters", () => {
    const after = on(`struct pkt;\nextern void f(struct pkt *p) __attribute__((weak));\n${USE}`);
    assert.match(
      after,
      /^struct pkt;\n\nextern void f\(struct pkt \*p\);\nvoid __attribute__\(\(weak\)\) f\(struct pkt \*p\)$/m,
    );
  });

  it("declares it before a header that does not", () => {
    const header = "//- /a.h\nextern void f(struct pkt *p) __attribute__((weak));\n";
    assert.match(on(`struct pkt;\n#include "a.h"\n${USE}`, header), /\*\/\nstruct pkt;\n#include "a\.h"\n/);
  });

  it("does not declare what a header makes known", () => {
    const header = "//- /a.h\nstruct pkt { int n; };\nextern void f(struct pkt *p) __attribute__((weak));\n";
    assert.doesNotMatch(on(`#include "a.h"\n${USE}`, header), /struct pkt;/);
  });

  it("has the macros that a header asks for, and no others", () => {
    const header = `//- /a.h
#ifdef NEED_REC
typedef struct rec { int n; } rec;
#else
typedef int rec;
#endif
extern int f(rec *r) __attribute__((weak));
`;
    const after = on(`#define NEED_REC\n#define OTHER 1\n#include "a.h"\n${USE}`, header);
    assert.match(after, /\*\/\n#define NEED_REC\n#include "a\.h"\n/);
    assert.doesNotMatch(after, /OTHER/);
  });

  it("has the macros that the declaration is made of", () => {
    const after = on(
      `#define ONE 1\n#define COUNT (ONE + 3)\nextern int f(int v[COUNT]) __attribute__((weak));\n${USE}`,
    );
    assert.match(after, /#define ONE 1\n#define COUNT \(ONE \+ 3\)\n\nextern int f\(int v\[COUNT\]\);\n/);
  });

  it("has the header that completes what is returned by value", () => {
    const others = "//- /color.h\nenum color { RED };\n//- /a.h\nextern enum color f(int) __attribute__((weak));\n";
    const after = on(`#include "color.h"\n#include "a.h"\n${USE}`, others);
    assert.match(after, /\*\/\n#include "color\.h"\n#include "a\.h"\n/);
    const below = on(`#include "a.h"\n#include "color.h"\n${USE}`, others);
    assert.match(below, /\*\/\n#include "a\.h"\n#include "color\.h"\n/);
  });

  it("is no line of more than 80 columns", () => {
    const after = on(`extern int f(int) __attribute__((weak));\n${USE}`);
    for (const line of after.split("\n")) assert.ok(line.length <= 80, line);
  });

  it("gives an array whose typedef has no bound an element, as it says that it is one", () => {
    const after = fallbackOf(
      '//- /Makefile\nobj-y += a.o\n//- /a.h\ntypedef int arr_t[];\nextern arr_t obj __attribute__((weak));\n//- /a.c\n#include "a.h"\nint t(void) { return obj[1]; }\n',
      "obj",
    );
    assert.match(after, /^arr_t obj __attribute__\(\(weak\)\) = \{ 0 \};$/m);
  });

  const parameters: readonly (readonly [declared: string, defined: string])[] = [
    ["int (*done)(int)", "int (*done)(int)"],
    ["int (*)(int), char *", "int (*unused1)(int), char *unused2"],
    ["unsigned long, long long n", "unsigned long unused1, long long n"],
    ["struct s *, const char __user *buf, void *__x", "struct s *unused1, const char __user *buf, void *__x"],
    ["char *[], int m[4]", "char *unused1[], int m[4]"],
    ["u32, size_t n", "u32 unused1, size_t n"],
    ["int first, ...", "int first, ..."],
  ];
  for (const [declared, defined] of parameters) {
    it(`names the parameters of f(${declared})`, () => {
      const after = on(`extern void f(${declared}) __attribute__((weak));\n${USE}`);
      assert.ok(after.includes(`f(${defined})\n{\n\t(void)`), after);
    });
  }
});
