/** What the fixes of PROVIDE write, and when they refuse. */

import assert from "node:assert/strict";
import { files, fixesOf, fixSymbol, refusalOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { KERNEL } from "../support/kernel-fixture.ts";

const USER = `//- /table.h
extern const unsigned int table[];
//- /user.c
#include "table.h"
unsigned int first(void) { return table[0]; }
`;

describe("the fix of a PROVIDE", () => {
  describe("that nobody refers to", () => {
    it("takes it away", () => {
      const after = fixSymbol(
        files("//- /a.ld\nSECTIONS { .text : { *(.text) PROVIDE(end_of_text = .); } }\n"),
        "end_of_text",
      );
      assert.equal(after.get("a.ld"), "SECTIONS { .text : { *(.text) } }\n");
    });

    it("takes its line, with the comment behind it", () => {
      const text = "SECTIONS {\n  .a : { *(.a) }\n  PROVIDE(end_of_a = .);  /* where a ends */\n}\n";
      const after = fixSymbol(files(`//- /a.ld\n${text}`), "end_of_a");
      assert.equal(after.get("a.ld"), "SECTIONS {\n  .a : { *(.a) }\n}\n");
    });

    it("ends a macro where it ended", () => {
      const text = "#define ENDS \\\n\ta_end = .; \\\n\tPROVIDE(finis = .);\nSECTIONS { .a : { *(.a) ENDS } }\n";
      const after = fixSymbol(files(`//- /a.lds.S\n${text}`), "finis");
      assert.equal(after.get("a.lds.S"), "#define ENDS \\\n\ta_end = .;\nSECTIONS { .a : { *(.a) ENDS } }\n");
    });

    it("takes the whole line where lines end as on Windows", () => {
      const after = fixSymbol([{ path: "a.ld", text: "ENTRY(start)\r\nPROVIDE(count = 0);\r\n" }], "count");
      assert.equal(after.get("a.ld"), "ENTRY(start)\r\n");
    });

    it("takes away all that belongs together", () => {
      const text = `SECTIONS {
  .tab : { PROVIDE(tab_start = .); *(.tab) PROVIDE(tab_end = .); }
  PROVIDE(tab_size = tab_end - tab_start);
}
`;
      const after = fixSymbol(files(`//- /a.ld\n${text}`), "tab_size");
      assert.equal(after.get("a.ld"), "SECTIONS {\n  .tab : { *(.tab) }\n}\n");
    });

    it("leaves it where something that belongs to it stays", () => {
      const script = "//- /a.ld\nSECTIONS { .t : { PROVIDE(tab_start = .); *(.t) PROVIDE(tab_end = .); } }\n";
      const user = "//- /a.c\nextern char tab_start[]; char *f(void) { return tab_start; }\n";
      assert.match(refusalOf(script + user, "tab_end"), /'tab_start', which belongs to it, stays: a\.c refers to/);
      const assigned = "//- /a.ld\nSECTIONS { .t : { tab_start = .; *(.t) PROVIDE(tab_end = .); } }\n";
      assert.match(refusalOf(assigned, "tab_end"), /'tab_start', which belongs to it, stays/);
      const letters = "//- /a.ld\nSECTIONS { .t : { _sramtab = .; *(.t) PROVIDE(_eramtab = .); } }\n";
      assert.match(refusalOf(letters, "_eramtab"), /'_sramtab', which belongs to it, stays/);
    });

    const SCRIPT = "//- /a.ld\nSECTIONS { .t : { *(.t) PROVIDE(foo_finis = .); } }\n";
    const users: readonly (readonly [string, string, RegExp])[] = [
      ["inline assembly", '//- /a.c\nvoid f(void) { asm("la a0, foo_finis"); }\n', /a\.c refers to 'foo_finis'/],
      ["an assembly file", "//- /a.S\n.ifdef X\n.quad foo_finis\n.endif\n", /a\.S refers to 'foo_finis'/],
      ["another piece of the script", "//- /b.ld\nINCLUDE a.ld\nlast = foo_finis;\n", /b\.ld refers to 'foo_finis'/],
      ["an option of the link", "//- /Makefile\nLDFLAGS += -Wl,-u,foo_finis\n", /Makefile names 'foo_finis'/],
      [
        "--defsym",
        "//- /Makefile\nLDFLAGS += --defsym=foo_finis=0x80000000\n",
        /Makefile:1 gives 'foo_finis' another meaning by --defsym/,
      ],
      ["what is not read", '//- /a.cpp\nextern "C" char foo_finis[64];\n', /a\.cpp, in a language that is not read/],
      [
        "a pasted name",
        "//- /a.S\n#define FIN(x) .quad x##_finis\n.globl go\ngo: FIN(foo)\n",
        /puts (?:its name|names) together/,
      ],
      [
        "a name that gas makes",
        "//- /a.S\n.macro fin x\n.quad \\x\\()_finis\n.endm\nfin foo\n",
        /puts (?:its name|names) together/,
      ],
      [
        "a name that C++ pastes",
        '//- /a.cpp\n#define FIN(x) extern "C" char x##_finis[]; char *g() { return x##_finis; }\nFIN(foo)\n',
        /puts (?:its name|names) together/,
      ],
      [
        "objcopy",
        "//- /Makefile\nx: y\n\tobjcopy --prefix-symbols=foo_ y x\n",
        /changes the symbols of objects by --prefix-symbols/,
      ],
    ];
    for (const [what, fixture, reason] of users) {
      it(`counts ${what} as a reference`, () => assert.match(refusalOf(SCRIPT + fixture, "foo_finis"), reason));
    }

    it("counts EXTERN as a reference", () => {
      const script = "//- /a.ld\nEXTERN(foo_finis)\nSECTIONS { .t : { *(.t) PROVIDE(foo_finis = .); } }\n";
      assert.match(refusalOf(script, "foo_finis"), /a\.ld refers to 'foo_finis'/);
    });

    it("is not disturbed by names that macros can't make of it", () => {
      const fixture = `${SCRIPT}//- /a.S\n#define FIN(x) .quad x##_ends\n.globl go\ngo: FIN(foo)\n`;
      assert.equal(fixSymbol(files(fixture), "foo_finis").get("a.ld"), "SECTIONS { .t : { *(.t) } }\n");
    });

    it("is not disturbed by a script that no link has together with this one", () => {
      const other = "//- /other.ld\nSECTIONS { .t : { *(.t) foo_finis = .; last = foo_finis; } }\n";
      assert.equal(fixSymbol(files(SCRIPT + other), "foo_finis").get("a.ld"), "SECTIONS { .t : { *(.t) } }\n");
    });

    for (const name of ["etext", "__end__", "_start", "__init_array_start", "__data_load_start", "__bss_start__"]) {
      it(`leaves ${name}, which others look for`, () => {
        const reason = refusalOf(`//- /a.ld\nSECTIONS { .t : { *(.t) PROVIDE(${name} = .); } }\n`, name);
        assert.match(reason, /C libraries, start files and debuggers look for/);
      });
    }

    it("leaves it where the link is not known whole", () => {
      const open = { compiled: undefined, named: [{ name: "all", holds: () => true, isClosed: false }] };
      const [fix] = fixesOf(loadFixture(files(SCRIPT), "c", open), "foo_finis");
      assert.match(fix?.refusal ?? "", /who refers to 'foo_finis' and who defines it is not known/);
    });
  });

  describe("that marks a place", () => {
    const USED = "//- /a.c\nextern char finis[]; char *f(void) { return finis; }\n";

    it("makes a plain assignment of it where something always refers to it", () => {
      const after = fixSymbol(files(`//- /a.ld\nSECTIONS { .t : { *(.t) PROVIDE(finis = .); } }\n${USED}`), "finis");
      assert.equal(after.get("a.ld"), "SECTIONS { .t : { *(.t) finis = .; } }\n");
    });

    it("counts assembly without conditions as such a reference", () => {
      const start = '//- /a.S\n#include "regs.h"\n.globl go\ngo: la a0, finis\n';
      const after = fixSymbol(files(`//- /a.ld\nSECTIONS { .t : { *(.t) PROVIDE(finis = .); } }\n${start}`), "finis");
      assert.equal(after.get("a.ld"), "SECTIONS { .t : { *(.t) finis = .; } }\n");
    });

    it("refuses where compilers may do without the reference", () => {
      const script = "//- /a.ld\nSECTIONS { .t : { *(.t) PROVIDE(finis = .); } }\n";
      const declared = "extern const char finis[]; int g(int);\n";
      const bodies = [
        "int f(void) { return finis != (const char *)f; }",
        "int f(void) { finis; return 1; }",
        "int f(void) { const char *p = finis; return 1; }",
        "int f(void) { return 0 && g((int)(long)finis); }",
        "static int h(const char *p) { return 1; }\nint f(void) { return h(finis); }",
        "int f(void) { return 1; g((int)(long)finis); }",
      ];
      for (const body of bodies) {
        const reason = refusalOf(`${script}//- /a.c\n${declared}${body}\n`, "finis");
        assert.match(reason, /would add 'finis' to those without one/, body);
      }
    });

    it("keeps the visibility of PROVIDE_HIDDEN", () => {
      const script = "//- /a.ld\nSECTIONS { .a : { PROVIDE_HIDDEN ( finis = . + 4 ); *(.a) } }\n";
      const after = fixSymbol(files(script + USED), "finis");
      assert.equal(after.get("a.ld"), "SECTIONS { .a : { HIDDEN ( finis = . + 4 ); *(.a) } }\n");
    });

    it("refuses where other objects may be in the link", () => {
      const open = { compiled: undefined, named: [{ name: "all", holds: () => true, isClosed: false }] };
      const fixture = files(`//- /a.ld\nSECTIONS { .t : { *(.t) PROVIDE(finis = .); } }\n${USED}`);
      const [fix] = fixesOf(loadFixture(fixture, "c", open), "finis");
      assert.match(fix?.refusal ?? "", /who refers to 'finis' and who defines it is not known/);
    });

    it("refuses where an assignment would add the symbol to some builds", () => {
      const script = "//- /a.ld\nSECTIONS { .t : { *(.t) PROVIDE(finis = .); } }\n";
      const sometimes = "//- /a.c\nextern char finis[];\n#ifdef DEBUG\nchar *f(void) { return finis; }\n#endif\n";
      assert.match(refusalOf(script + sometimes, "finis"), /would add 'finis' to those without one/);
      const idle = "//- /a.c\nextern char finis[]; static inline char *f(void) { return finis; }\n";
      assert.match(refusalOf(script + idle, "finis"), /would add 'finis' to those without one/);
    });

    it("treats what belongs together alike", () => {
      const text = "SECTIONS { .t : { PROVIDE(t_start = .); *(.t) PROVIDE(t_end = .); } }\n";
      const one = "//- /a.c\nextern char t_start[], t_end[]; long f(void) { return t_end - t_start; }\n";
      const after = fixSymbol(files(`//- /a.ld\n${text}${one}`), "t_end");
      assert.equal(after.get("a.ld"), "SECTIONS { .t : { t_start = .; *(.t) t_end = .; } }\n");
    });
  });

  describe("that stands in for a definition", () => {
    it("takes it away where that is always linked", () => {
      const board = '//- /board.c\n#include "table.h"\nconst unsigned int table[] = { 1 };\n';
      const after = fixSymbol(files(`//- /a.ld\nPROVIDE(table = 0);\nENTRY(start)\n${USER}${board}`), "table");
      assert.equal(after.get("a.ld"), "ENTRY(start)\n");
      assert.ok(!after.has("user_weak.c"));
    });

    it("writes a fallback where that may be missing", () => {
      const board = '//- /board.c\n#include "table.h"\n#ifdef BOARD\nconst unsigned int table[] = { 1 };\n#endif\n';
      const after = fixSymbol(files(`//- /a.ld\nPROVIDE(table = 0);\nENTRY(start)\n${USER}${board}`), "table");
      assert.equal(after.get("a.ld"), "ENTRY(start)\n");
      assert.match(after.get("user_weak.c")!, /const unsigned int table\[\d+\] __attribute__\(\(weak\)\);/);
    });

    it("says where zeros are read instead of what is at address 0", () => {
      const board = '//- /board.c\n#include "table.h"\n#ifdef BOARD\nconst unsigned int table[] = { 1 };\n#endif\n';
      const [fix] = fixesOf(loadFixture(files(`//- /a.ld\nPROVIDE(table = 0);\n${USER}${board}`)), "table");
      assert.equal(fix?.isPreferred, false);
      assert.match(fix?.title ?? "", /zeros are read instead of what is at address 0/);
    });

    it("refuses where programs may read what stands at its place", () => {
      const board = '//- /board.c\n#include "table.h"\n#ifdef BOARD\nconst unsigned int table[] = { 1 };\n#endif\n';
      const script = "//- /a.ld\nSECTIONS { .tab : { PROVIDE(table = .); KEEP(*(.tab)) } }\n";
      assert.match(refusalOf(script + USER + board, "table"), /programs may read what stands at its place/);
    });

    it("refuses where the address is asked for", () => {
      const board = "//- /board.c\n#ifdef BOARD\nconst unsigned int table[] = { 1 };\n#endif\n";
      const user = "//- /user.c\nextern const unsigned int table[]; const unsigned int *f(void) { return table; }\n";
      assert.match(refusalOf(`//- /a.ld\nPROVIDE(table = 0);\n${user}${board}`, "table"), /its address/);
    });
  });

  describe("that stands in for what a later link supplies", () => {
    const HEADER = `//- /include/asm-generic/vmlinux.lds.h
#define PRELIMINARY_SYMBOL_DEFINITIONS					\\
	PROVIDE(table_names = .);					\\
	PROVIDE(table_count = .);
#define RO_DATA								\\
	PRELIMINARY_SYMBOL_DEFINITIONS					\\
	.rodata : { *(.rodata) }
//- /arch/x86/kernel/vmlinux.lds.S
#include <asm-generic/vmlinux.lds.h>
SECTIONS { .text : { *(.text) } RO_DATA }
`;
    const USERS = `//- /kernel/Makefile
obj-y += table.o
//- /kernel/table.h
extern const unsigned char table_names[];
extern const unsigned int table_count;
//- /kernel/table.c
#include "table.h"
unsigned int sum(unsigned int i) { return table_count + table_names[i]; }
//- /scripts/Makefile
hostprogs-always-y += table
`;
    const TREE = KERNEL.replace(
      "modules: .\n.:\n",
      "modules: .\nprepare:\n\t$(Q)$(MAKE) $(build)=scripts\n.: prepare\n",
    );
    const WRITER = '//- /scripts/table.c\nint main(void) { puts("table_names:"); puts("table_count:"); return 0; }\n';

    it("becomes a fallback, with all that stands in at the same place", () => {
      const after = fixSymbol(files(TREE + HEADER + USERS + WRITER), "table_count");
      const fallbacks = after.get("kernel/table_weak.c")!;
      assert.match(fallbacks, /^const unsigned int table_count __attribute__\(\(weak\)\);$/m);
      assert.match(fallbacks, /^const unsigned char table_names\[1\] __attribute__\(\(weak\)\);$/m);
      assert.match(after.get("kernel/Makefile")!, /table_weak\.o/);
      assert.match(
        after.get("include/asm-generic/vmlinux.lds.h")!,
        /^#define PRELIMINARY_SYMBOL_DEFINITIONS\n#define RO_DATA/,
      );
    });

    it("becomes none where nothing writes it", () => {
      assert.match(refusalOf(TREE + HEADER + USERS, "table_count"), /may define it in a later link/);
    });

    it("becomes none where it alone stands at its place", () => {
      const alone = HEADER.replace(/\tPROVIDE\(table_names.*\n/, "");
      assert.match(refusalOf(TREE + alone + USERS + WRITER, "table_count"), /may read what stands at its place/);
    });
  });

  it("refuses where the script stands among the objects, whose order decides", () => {
    const board = '//- /board.c\n#include "table.h"\nconst unsigned int table[] = { 1 };\n';
    const makefile = "//- /Makefile\nfw: user.o board.o\n\tld -nostdlib -static -e first -o fw user.o a.ld board.o\n";
    const [fix] = fixesOf(
      loadFixture(files(`//- /a.ld\nPROVIDE(table = 0);\n${USER}${board}${makefile}`), "c", {
        compiled: undefined,
        named: [],
      }),
      "table",
    );
    assert.match(fix?.refusal ?? "", /is given a\.ld among its objects, whose order tells/);
  });

  it("refuses address 0 that may be meant", () => {
    assert.match(refusalOf(`//- /a.ld\nPROVIDE(table = 0);\n${USER}`, "table"), /address 0 may be meant/);
  });

  it("refuses where something else defines the symbol", () => {
    const reason = refusalOf("//- /a.ld\nSECTIONS { .a : { PROVIDE(end = .); } }\n//- /b.c\nint end = 1;\n", "end");
    assert.match(reason, /b\.c:1 defines 'end' as well/);
  });

  it("refuses one that another of the same name goes before", () => {
    const script = "//- /a.ld\nPROVIDE(table = 0);\nSECTIONS { .t : { *(.t) PROVIDE(table = .); } }\n";
    assert.match(refusalOf(script + USER, "table"), /a\.ld:2 provides 'table' as well/);
  });

  it("refuses an alias of another symbol", () => {
    const user = "//- /a.c\nvoid *copy(void *, const void *, unsigned long); void f(char *p) { copy(p, p, 1); }\n";
    assert.match(
      refusalOf(`//- /a.ld\nPROVIDE(copy = memcpy);\n${user}`, "copy"),
      /neither a place .* another name of 'memcpy'/,
    );
  });

  it("refuses an address that is meant as one", () => {
    const user = "//- /a.c\nextern char device[]; char f(void) { return device[0]; }\n";
    assert.match(refusalOf(`//- /a.ld\nPROVIDE(device = 0x3f000000);\n${user}`, "device"), /may be meant/);
  });

  it("refuses one that a macro makes", () => {
    const reason = refusalOf(
      "//- /a.lds.S\n#define PROVIDE32(x) PROVIDE(x)\nSECTIONS { .a : { PROVIDE32(etext = .); } }\n",
      "etext",
    );
    assert.match(reason, /macro/);
  });
});
