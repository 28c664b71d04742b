/** Names that macros put together are uses that no search for the name finds: a fix must know of them. */

import assert from "node:assert/strict";
import { files, fixesOf, refusalOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";

/** A weak hook with one plain use, and other text in the same file and behind it. */
function tree(line: string, more = ""): string {
  return `//- /a.c
extern int hook_probe(void) __attribute__((weak));
int t(void) { return hook_probe ? hook_probe() : 0; }
${line}
${more}`;
}

const PASTED = /puts the name 'hook_probe' together at /;

describe("a name of which a macro has a part in its own words", () => {
  const found: readonly (readonly [string, string])[] = [
    ["the first part", "#define CALL(n) hook_##n()\nint u(void) { return CALL(probe); }"],
    ["the last part", "#define CALL(n) n##_probe()\nint u(void) { return CALL(hook); }"],
    ["the middle", "#define CALL(a, b) a##ook_pro##b()\nint u(void) { return CALL(h, be); }"],
    ["a part that no underscore ends", "#define CALL(n) hook##n()\nint u(void) { return CALL(_probe); }"],
    ["compared", "#define HAS(n) (hook_##n != 0)\nint u(void) { return HAS(probe); }"],
    ["behind a number", "#define SUM(n) 1 + hook_##n()\nint u(void) { return SUM(probe); }"],
    ["in two steps", "#define CALL_(n) hook_##n()\n#define CALL(n) CALL_(n)\nint u(void) { return CALL(probe); }"],
    [
      "in two steps, of a macro",
      "#define BOARD probe\n#define CALL_(n) hook_##n()\n#define CALL(n) CALL_(n)\nint u(void) { return CALL(BOARD); }",
    ],
    [
      "of another macro's call",
      "#define ID(x) x\n#define CALL_(n) hook_##n()\n#define CALL(n) CALL_(n)\nint u(void) { return CALL(ID(probe)); }",
    ],
    [
      "in a statement of another macro",
      "#define HAS(n) (hook_##n != 0)\n#define TRY(n) do { if (HAS(n)) return 3; } while (0)\nint u(void) { TRY(probe); return 4; }",
    ],
    [
      "in another macro's replacement",
      "#define HAS(n) (hook_##n != 0)\n#define IS_THERE HAS(probe)\nint u(void) { return IS_THERE; }",
    ],
    [
      "by a replacement that is pasted whole",
      "#define IS_THERE (hook_ ## probe != 0)\nint u(void) { return IS_THERE; }",
    ],
    ["by variable arguments", "#define HAS(...) (hook_##__VA_ARGS__ != 0)\nint u(void) { return HAS(probe); }"],
    [
      "as a string",
      'void *find(const char *);\n#define FIND(n) find("hook_" #n)\nint u(void) { return FIND(probe) != 0; }',
    ],
    [
      "as a string, behind",
      'void *find(const char *);\n#define FIND(n) find(#n "_probe")\nint u(void) { return FIND(hook) != 0; }',
    ],
    ["in inline assembly", '#define CALL(n) __asm__ volatile("call hook_" #n)\nvoid u(void) { CALL(probe); }'],
    ["at file scope", "#define ENTRY(n) int (*const entry_##n)(void) = hook_##n;\nENTRY(probe)"],
  ];
  for (const [what, line] of found) {
    it(`is found: ${what}`, () => assert.match(refusalOf(tree(line), "hook_probe"), PASTED));
  }

  it("is found in another file, by a header's macro", () => {
    const more =
      '//- /h.h\n#define HAS(n) (hook_##n != 0)\n//- /b.c\n#include "h.h"\nint u(void) { return HAS(probe); }\n';
    assert.match(refusalOf(tree("", more), "hook_probe"), /together at b\.c:2/);
  });

  for (const [what, more] of [
    [
      "by a macro that is handed over to a list",
      "#define ENTRY(n) __attribute__((weak)) int hook_##n(void); int hook_##n(void) { return 1; }\n#define LIST(X) X(start) X(probe)\nLIST(ENTRY)\n",
    ],
    [
      "by a macro that is defined before a list is included",
      '#define X(n) int (*const p_##n)(void) = hook_##n;\n#include "list.h"\n//- /list.h\nX(probe)\n',
    ],
    [
      "in a template that is included",
      '#define SUFFIX probe\n#include "template.h"\n//- /template.h\n#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\n__attribute__((weak)) int CAT(hook_, SUFFIX)(void) { return 1; }\n',
    ],
  ] as const) {
    it(`is found ${what}`, () => assert.match(refusalOf(tree("", `//- /b.c\n${more}`), "hook_probe"), PASTED));
  }

  it("is found in assembly", () => {
    for (const more of [
      "//- /b.S\n.macro enter name\n\tcall hook_\\name\n.endm\n\tenter probe\n",
      "//- /b.S\n.macro enter name\n\tcall \\name\\()_probe\n.endm\n\tenter hook\n",
      "//- /b.S\n#define ENTER(name) call hook_##name\n\tENTER(probe)\n",
      '//- /b.S\n#include "h.h"\n\tENTER(probe)\n//- /h.h\n#define ENTER(name) call hook_##name\n',
    ]) {
      // What may be a label is taken for one.
      assert.match(refusalOf(tree("", more), "hook_probe"), /hook_probe' together at |'ENTER' defines it/);
    }
  });

  it("is found where a build may say the other part", () => {
    const more =
      "//- /Makefile\nCFLAGS += -DBOARD=$(PORT)\nprog: a.o\n\tgcc -static -nostdlib -o $@ $^\n//- /b.c\n#define CALL_(n) hook_##n()\n#define CALL(n) CALL_(n)\nint u(void) { return CALL(BOARD); }\n";
    assert.match(refusalOf(tree("", more), "hook_probe"), PASTED);
  });

  const others: readonly (readonly [string, string])[] = [
    [
      "other calls",
      "#define CALL(n) hook_##n()\nint hook_start(void);\nint probe;\nint u(void) { return CALL(start) + probe; }",
    ],
    [
      "an argument that is pasted as it stands",
      "#define BOARD probe\n#define CALL(n) hook_##n()\nint hook_BOARD(void);\nint u(void) { return CALL(BOARD); }",
    ],
    ["a macro that nobody calls", "#define CALL(n) hook_##n()\nint probe;"],
    [
      "another macro's parameter",
      "#define CALL(n) chip_##n()\nint chip_probe(void);\nint u(void) { return CALL(probe); }",
    ],
    ["a definition", "#define DEFINE(n) int n##_probe(void) { return 1; }\nDEFINE(chip)"],
    [
      "a string that is another word",
      'void put(const char *);\n#define SAY(n) put("hook " #n)\nvoid u(void) { SAY(probe); }',
    ],
  ];
  for (const [what, line] of others) {
    it(`is none: ${what}`, () => {
      const [fix] = fixesOf(loadFixture(files(tree(line))), "hook_probe");
      assert.equal(fix?.refusal, undefined);
    });
  }

  it("is no use where a call defines it", () => {
    const more = "//- /b.c\n#define DEFINE(n) int hook_##n(void) { return 1; }\nDEFINE(probe)\n";
    const [fix] = fixesOf(loadFixture(files(tree("", more))), "hook_probe");
    assert.doesNotMatch(fix?.refusal ?? "", PASTED);
  });

  it("is one where the call uses what it defines, too", () => {
    const more =
      "//- /b.c\n#define DEFINE(n) int hook_##n(void) { return 1; } int (*const p_##n)(void) = hook_##n;\nDEFINE(probe)\n";
    assert.match(refusalOf(tree("", more), "hook_probe"), PASTED);
  });
});

describe("a name in inline assembly", () => {
  const used: readonly (readonly [string, string])[] = [
    ["as it is", 'void u(void) { __asm__ volatile("call hook_probe"); }'],
    ["behind others", 'void u(void) { asm("nop\\n\\tlea hook_probe(%rip), %rax\\n\\t" "nop" ::: "rax"); }'],
    ["at file scope", '__asm__(".globl zz\\nzz: jmp hook_probe");'],
    ["in a macro", '#define CALL() __asm__ volatile("call hook_probe")\nvoid u(void) { CALL(); }'],
    ["by a macro", '#define CALL(n) __asm__ volatile("call " #n)\nvoid u(void) { CALL(hook_probe); }'],
  ];
  for (const [what, line] of used) {
    it(`is a use that is not followed: ${what}`, () => {
      assert.match(refusalOf(tree(line), "hook_probe"), /inline assembly names|passed on|not understood/);
    });
  }

  it("is no use where it is part of a word, or no assembly", () => {
    for (const line of [
      'void u(void) { __asm__ volatile("call my_hook_probe"); }',
      'void put(const char *);\nvoid u(void) { put("hook_probe"); }',
      "void put(const char *);\n#define SAY(n) put(#n)\nvoid u(void) { SAY(hook_probe); }",
    ]) {
      const [fix] = fixesOf(loadFixture(files(tree(line))), "hook_probe");
      assert.equal(fix?.refusal, undefined, line);
    }
  });
});
