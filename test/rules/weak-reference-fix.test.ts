/** What the fix of a weak reference writes, and when it refuses. */

import assert from "node:assert/strict";
import { checkFixed, files, fixesOf, fixSymbol, refusalOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { KERNEL } from "../support/kernel-fixture.ts";

const TABLES = `//- /table.h
#define __section(name) __attribute__((__section__(name)))
extern const unsigned char names[] __attribute__((weak));
extern const int offsets[] __attribute__((weak));

/*
 * Keep the count out of the small data section.
 */
extern const unsigned int count
__section(".rodata") __attribute__((weak));
//- /table.c
// SPDX-License-Identifier: GPL-2.0-only
#include "table.h"

unsigned long find(unsigned int i)
{
	/* Nobody boots this without tables. */
	if (!IS_ENABLED(CONFIG_RELATIVE))
		BUG_ON(!names);
	else
		BUG_ON(!offsets);

	return i < count ? names[i] + offsets[i] : 0;
}
`;

describe("the fix of a weak reference to an object", () => {
  it("drops the attribute and defines a fallback in a file that never reads it", () => {
    const after = fixSymbol(files(TABLES), "names");
    assert.match(after.get("table.h")!, /^extern const unsigned char names\[\];$/m);
    assert.match(after.get("table.h")!, /^extern const int offsets\[\] __attribute__\(\(weak\)\);$/m);
    const fallback = after.get("table_weak.c")!;
    assert.ok(fallback.startsWith("// SPDX-License-Identifier: GPL-2.0-only\n"));
    assert.match(fallback, /^#include "table\.h"$/m);
    assert.match(fallback, /^const unsigned char names\[1\] __attribute__\(\(weak\)\);$/m);
  });

  it("takes an assertion of the symbol's presence away, and leaves the branch beside it", () => {
    const after = fixSymbol(files(TABLES), "names").get("table.c")!;
    assert.match(after, /if \(!IS_ENABLED\(CONFIG_RELATIVE\)\)\n\t\t\{ \}\n\telse\n\t\tBUG_ON\(!offsets\);/);
  });

  // Without it, a machine with a register that points to small data (mips -G8) looks for the symbol there: "relocation
  // truncated to fit: R_MIPS_GPREL16".
  it("keeps a section, which keeps compilers from looking for the symbol among the small data", () => {
    const after = fixSymbol(files(TABLES), "count").get("table.h")!;
    assert.match(after, / \*\/\nextern const unsigned int count\n__section\(".rodata"\);\n$/);
  });

  it("drops the section too where that is asked for, with the reason not to beside that edit", () => {
    const loaded = loadFixture(files(`${TABLES}//- /Makefile\nobj-y += table.o\n`));
    const fixes = fixesOf(loaded, "count");
    assert.deepEqual(
      fixes.map(({ isPreferred }) => isPreferred),
      [true, false],
    );
    assert.match(fixes[1]!.title, /^Make count strong and drop its section, with /);
    const reasons = fixes[1]!.edits.flatMap((change) => ("edits" in change ? change.edits.map(({ why }) => why) : []));
    assert.ok(reasons.includes("drops the section: wrong where small data lies apart"), reasons.join());
    assert.ok(reasons.includes("lists the file in the build"), reasons.join());
    const all = files(`${TABLES}//- /Makefile\nobj-y += table.o\n`);
    const after = checkFixed(loaded, all, fixes[1]!, (name) => name === "count").get("table.h")!;
    assert.match(after, /__attribute__\(\(weak\)\);\n\nextern const unsigned int count;\n$/);
  });

  it("fixes all of a file at once, assertions with their if and comment included", () => {
    const all = files(`${TABLES}//- /Makefile\nobj-y += table.o\n`);
    const loaded = loadFixture(all);
    const findings = loaded.findings().get("table.h")!;
    const [fix] = loaded.ruleOf("weak-reference").fixAll!(findings, loaded.context("table.h"));
    assert.equal(
      fix?.title.startsWith(
        "Make all 3 weak references of this file strong, with weak fallback definitions in table_weak.c",
      ),
      true,
    );
    const after = checkFixed(loaded, all, fix!, () => true);
    assert.match(after.get("table.c")!, /\{\n\treturn i < count/);
    assert.doesNotMatch(after.get("table.h")!, /weak/);
    assert.match(
      after.get("table_weak.c")!,
      /names\[1\].*\nconst int offsets\[1\].*\nconst unsigned int count __attribute__/,
    );
  });

  it("writes file-scope assembly where the user wants that", () => {
    const fallback = fixSymbol(files(TABLES), "offsets", "asm").get("table_weak.c")!;
    assert.match(fallback, /asm\("\\t\.pushsection \.rodata\\n"\n\s+"\\t\.weak offsets\\n"/);
  });

  it("extends a fallback file that is there", () => {
    const before = `${TABLES}//- /table_weak.c
#include "table.h"

const int offsets[1] __attribute__((weak));
`;
    const after = fixSymbol(files(before), "names").get("table_weak.c")!;
    assert.match(after, /offsets\[1\].*;\nconst unsigned char names\[1\] __attribute__\(\(weak\)\);\n$/);
  });

  it("only drops the attribute where a linker script always assigns the symbol", () => {
    const after = fixSymbol(
      files(`//- /notes.c
extern const char __start_notes[] __attribute__((weak));
int first(void) { return __start_notes[0]; }
//- /link.lds
SECTIONS { .notes : { __start_notes = .; *(.note.*) } }
`),
      "__start_notes",
    );
    assert.match(after.get("notes.c")!, /^extern const char __start_notes\[\];$/m);
    assert.equal(after.has("notes_weak.c"), false);
  });

  it("changes every declaration of the symbol", () => {
    const after = fixSymbol(
      files(`//- /a.c
extern int level __attribute__((weak));
int a(void) { return level; }
//- /b.c
extern int level __attribute__((weak));
int b(void) { return level; }
`),
      "level",
    );
    assert.match(after.get("a.c")!, /^extern int level;$/m);
    assert.match(after.get("b.c")!, /^extern int level;$/m);
  });

  it("refuses a void object", () => {
    const reason = refusalOf(
      `//- /a.c
extern const void start __attribute__((weak));
const void *where(void) { return 0; }
int first(void) { return *(const char *)(&start + 1); }
`,
      "start",
    );
    assert.match(reason, /void/);
  });

  it("refuses where a NULL test decides what the program does", () => {
    const reason = refusalOf(
      `//- /a.c
extern const char table[] __attribute__((weak));
int first(void) { if (!table) return -1; return table[0]; }
`,
      "table",
    );
    assert.match(reason, /NULL test at a\.c:2/);
  });

  it("refuses where the address is passed on", () => {
    const reason = refusalOf(
      `//- /a.c
extern const char table[] __attribute__((weak));
void take(const char *);
void give(void) { take(table); }
`,
      "table",
    );
    assert.match(reason, /passed on at a\.c:3/);
  });

  it("refuses where two such addresses are subtracted", () => {
    const reason = refusalOf(
      `//- /a.c
extern const char start[] __attribute__((weak));
extern const char stop[] __attribute__((weak));
long size(void) { return stop - start; }
`,
      "start",
    );
    assert.match(reason, /a\.c:3/);
  });

  it("takes the distance from its start to a local pointer for a look inside", () => {
    const after = fixSymbol(
      files(`//- /a.c
extern const char table[] __attribute__((weak));
long where(int i)
{
	const char *name;
	name = &table[i];
	return name - table;
}
//- /b.c
char name[10];
`),
      "table",
    );
    assert.ok(after.has("a_weak.c"));
  });

  it("refuses where a PROVIDE would not take effect beside a fallback", () => {
    const reason = refusalOf(
      `//- /a.c
extern const char table[] __attribute__((weak));
int first(void) { return table[0]; }
//- /link.lds
PROVIDE(table = 0x1000);
`,
      "table",
    );
    assert.match(reason, /PROVIDE at link\.lds:1/);
  });

  it("refuses where another weak definition is linked", () => {
    const reason = refusalOf(
      `//- /a.c
extern int level __attribute__((weak));
int get(void) { return level; }
//- /b.c
int level __attribute__((weak)) = 3;
//- /Kbuild
obj-y += a.o
obj-$(CONFIG_B) += b.o
`,
      "level",
    );
    assert.match(reason, /another weak definition/);
  });

  it("refuses a declaration that preprocessor lines split", () => {
    const reason = refusalOf(
      `//- /a.c
extern const int
#ifdef WIDE
	wide_
#endif
table[] __attribute__((weak));
int first(void) { return table[0]; }
`,
      "table",
    );
    assert.match(reason, /preprocessor lines/);
  });
});

describe("the fix of a weak reference to a function", () => {
  it("defines one that does nothing, and takes the test away", () => {
    const after = fixSymbol(
      files(`//- /setup.h
extern void setup(int) __attribute__((weak));
//- /main.c
#include "setup.h"
void start(void)
{
	if (setup)
		setup(1);
}
`),
      "setup",
    );
    assert.match(after.get("main.c")!, /\{\n\tsetup\(1\);\n\}/);
    assert.match(
      after.get("main_weak.c")!,
      /void __attribute__\(\(weak\)\) setup\(int unused1\)\n\{\n\t\(void\)unused1;\n\}\n/,
    );
  });

  it("returns what the callers did without it", () => {
    const after = fixSymbol(
      files(`//- /main.c
extern int probe(int id) __attribute__((weak));
int start(void)
{
	if (probe)
		return probe(1);
	return -1;
}
int again(void)
{
	return probe ? probe(2) : -1;
}
`),
      "probe",
    );
    assert.match(after.get("main.c")!, /\{\n\treturn probe\(1\);\n\}/);
    assert.match(after.get("main.c")!, /\treturn probe\(2\);/);
    assert.match(
      after.get("main_weak.c")!,
      /int __attribute__\(\(weak\)\) probe\(int id\)\n\{\n\t\(void\)id;\n\treturn -1;\n\}/,
    );
  });

  it("refuses where callers disagree on what to do without it", () => {
    const reason = refusalOf(
      `//- /main.c
extern int probe(int id) __attribute__((weak));
int start(void) { return probe ? probe(1) : -1; }
int again(void) { return probe ? probe(2) : 0; }
`,
      "probe",
    );
    assert.match(reason, /different results/);
  });

  it("refuses where the guarded code does more than call it", () => {
    const reason = refusalOf(
      `//- /main.c
extern void setup(void) __attribute__((weak));
int ready;
void start(void) { if (setup) { setup(); ready = 1; } }
`,
      "setup",
    );
    assert.match(reason, /not understood/);
  });

  it("refuses where arguments would be evaluated now that were not before", () => {
    const reason = refusalOf(
      `//- /main.c
extern void setup(int) __attribute__((weak));
void start(int i) { if (setup) setup(i++); }
`,
      "setup",
    );
    assert.match(reason, /not understood/);
  });
});

describe("the fix of a weak reference in a kernel tree", () => {
  it("does not take one architecture's definition for every architecture's", () => {
    const loaded = loadFixture(
      files(`${KERNEL}//- /drivers/Makefile
obj-$(CONFIG_EFI) += efi.o
//- /drivers/efi.c
extern int vendor __attribute__((weak));
int get(void) { return vendor; }
//- /arch/x86/kernel/efi.c
int vendor = 1;
//- /kernel/Makefile
`),
    );
    const [fix] = fixesOf(loaded, "vendor");
    assert.equal(fix?.title, "Make vendor strong, with a weak fallback definition in drivers/efi_weak.c");
  });

  it("lists the fallback under the condition of its neighbour, out of link-time optimization", () => {
    const tree = files(`${KERNEL}//- /kernel/Makefile
obj-$(CONFIG_TABLES) += tables.o
obj-y += fork.o
//- /drivers/Makefile
//- /kernel/tables.c
extern const int table[] __attribute__((weak));
int first(void) { return table[0]; }
`).map((file) => (file.path === "Makefile" ? { ...file, text: `${file.text}CC_FLAGS_LTO := -flto\n` } : file));
    const after = fixSymbol(tree, "table").get("kernel/Makefile")!;
    assert.equal(
      after,
      "obj-$(CONFIG_TABLES) += tables.o\nobj-$(CONFIG_TABLES) += tables_weak.o\nCFLAGS_REMOVE_tables_weak.o := $(CC_FLAGS_LTO)\nobj-y += fork.o\n",
    );
  });

  it("builds the fallback always where a user is that has not the neighbour's condition", () => {
    const after = fixSymbol(
      files(`${KERNEL}//- /kernel/Makefile
obj-$(CONFIG_TABLES) += tables.o
obj-y += fork.o
//- /drivers/Makefile
//- /kernel/tables.h
extern const int table[] __attribute__((weak));
//- /kernel/tables.c
#include "tables.h"
int first(void) { return table[0] + table[1]; }
//- /kernel/fork.c
#include "tables.h"
int second(void) { return table[1]; }
`),
      "table",
    );
    assert.match(after.get("kernel/Makefile")!, /obj-y \+= tables_weak\.o/);
  });

  it("refuses where the user may be a module", () => {
    const reason = refusalOf(
      `${KERNEL}//- /drivers/Makefile
obj-$(CONFIG_DRIVER) += driver.o
//- /kernel/Makefile
//- /drivers/driver.c
extern const int table[] __attribute__((weak));
int first(void) { return table[0]; }
`,
      "table",
    );
    assert.match(reason, /module|which link/);
  });

  it("refuses where the strong definition is in an archive", () => {
    const reason = refusalOf(
      `${KERNEL}//- /drivers/Makefile
//- /kernel/Makefile
obj-y += user.o
//- /kernel/user.c
extern int level __attribute__((weak));
int get(void) { return level; }
//- /lib/Makefile
lib-y += level.o
//- /lib/level.c
int level = 3;
`,
      "level",
    );
    assert.match(reason, /archive/);
  });

  it("lists the fallback beside the file that includes the user as source", () => {
    const after = fixSymbol(
      files(`${KERNEL}//- /kernel/Makefile
obj-$(CONFIG_TABLES) += all.o
//- /drivers/Makefile
//- /kernel/all.c
#ifdef CONFIG_EFI
#include "tables.c"
#endif
//- /kernel/tables.c
extern const int table[] __attribute__((weak));
int first(void) { return table[0]; }
`),
      "table",
    );
    const listed = "obj-$(CONFIG_TABLES) += all.o\nobj-$(CONFIG_TABLES) += tables_weak.o\n";
    assert.equal(after.get("kernel/Makefile"), listed);
  });

  it("refuses where a file of another or of no known link includes the user as source", () => {
    const reason = (more: string) =>
      refusalOf(
        `${KERNEL}//- /kernel/Makefile
obj-y += tables.o
//- /drivers/Makefile
obj-$(CONFIG_DRIVER) += driver.o
//- /kernel/tables.c
extern const int table[] __attribute__((weak));
int first(void) { return table[0]; }
${more}`,
        "table",
      );
    assert.match(
      reason('//- /drivers/driver.c\n#include "../kernel/tables.c"\n'),
      /linked into vmlinux and module drivers\/driver/,
    );
    assert.match(reason('//- /drivers/unlisted.c\n#include "../kernel/tables.c"\n'), /not known which link/);
  });

  it("takes no file for the fallback that includes a user as source", () => {
    const reason = refusalOf(
      `${KERNEL}//- /kernel/Makefile
obj-y += tables.o tables_weak.o
//- /drivers/Makefile
//- /kernel/tables.h
extern const int table[] __attribute__((weak));
//- /kernel/tables.c
#include "tables.h"
int first(void) { return table[0] + table[1]; }
//- /kernel/part.c
#include "tables.h"
int second(void) { return table[1]; }
//- /kernel/tables_weak.c
#include "part.c"
`,
      "table",
    );
    assert.match(reason, /tables_weak\.c, where the fallback would go, uses 'table' itself/);
  });
});

describe("what makes a declaration weak", () => {
  function withWord(...defines: string[]): string {
    return `//- /a.h
${defines.join("\n")}
extern int MAYBE limit;
//- /a.c
#include "a.h"
int t(void) { return limit; }
`;
  }

  it("is a macro that goes alone, whatever other macros it goes through", () => {
    const defines = ["#define WEAK [[gnu::weak]] /* may be missing */", "#define MAYBE \\", "\tWEAK"];
    const after = fixSymbol(files(withWord(...defines)), "limit");
    assert.match(after.get("a.h")!, /^extern int limit;$/m);
  });

  it("stays where it is a macro that says more", () => {
    for (const body of ['__attribute__((weak, visibility("hidden")))', "__attribute__((weak)) const", "WEAK HIDDEN"]) {
      const defines = ["#define WEAK __attribute__((weak))", `#define MAYBE ${body}`];
      assert.match(refusalOf(withWord(...defines), "limit"), /the macro 'MAYBE' says more than weak in a\.h/);
    }
  });

  const rest = "int t(void) { return limit; }\n";
  const kept: readonly (readonly [string, string])[] = [
    ["#pragma weak limit\nextern int limit;\n", "extern int limit;\n"],
    ["#pragma weak limit /* may be missing */\nextern int limit;\n", "extern int limit;\n"],
    ['_Pragma("weak limit")\nextern int limit;\n', "extern int limit;\n"],
    ['_Pragma("weak limit") extern int limit;\n', "extern int limit;\n"],
    ['extern int limit; _Pragma("weak limit")\n', "extern int limit; \n"],
  ];
  for (const [before, after] of kept) {
    it(`takes nothing else along: ${before.replaceAll("\n", " ")}`, () => {
      assert.equal(fixSymbol(files(`//- /a.c\n${before}${rest}`), "limit").get("a.c"), after + rest);
    });
  }

  it("stays where a pragma goes on over lines", () => {
    for (const pragma of ["#pragma weak limit /* may\nbe missing */", "#pragma weak \\\n limit"]) {
      const tree = `//- /a.c\n${pragma}\nextern int limit;\n${rest}`;
      assert.match(refusalOf(tree, "limit"), /something else stands beside the #pragma weak/);
    }
  });
});
