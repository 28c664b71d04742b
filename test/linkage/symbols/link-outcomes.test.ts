import assert from "node:assert/strict";
import { reportSymbol, type SymbolReport } from "../../../server/src/features/symbol-report.ts";
import { joinArchitectures } from "../../../server/src/features/symbol-words.ts";
import { loadFixture } from "../../support/fixture-program.ts";
import { smallTree } from "../../support/small-tree.ts";

/** A small kernel of three architectures, with these files more. */
function report(name: string, more: Readonly<Record<string, string>>): SymbolReport {
  const files = smallTree({
    "arch/sh/Makefile": "",
    "arch/sh/Kbuild": "obj-y += kernel/\n",
    "arch/sh/kernel/Makefile": "obj-y += setup.o\n",
    ...more,
  }).files;
  const { program } = loadFixture(Object.entries(files).map(([path, text]) => ({ path, text })));
  return reportSymbol(name, program);
}

/** Each unit with its outcome and the file that wins. */
function outcomes(name: string, more: Readonly<Record<string, string>>): string[] {
  return report(name, more).linkUnits.map(({ unit, outcome, winner }) =>
    [unit, outcome, ...(winner === undefined ? [] : [winner.file])].join(": "),
  );
}

const weak = { "kernel/fork.c": "int __attribute__((weak)) f(void) { return 0; }\n" };

describe("what a link makes of a symbol", () => {
  it("is said once where all architectures agree", () => {
    const { linkUnits, summary } = report("f", weak);
    assert.deepEqual(
      linkUnits.map(({ unit, outcome, architectures }) => [unit, outcome, architectures]),
      [["vmlinux", "weak", ["arm", "sh", "x86"]]],
    );
    assert.equal(summary, undefined);
  });

  it("is said for each architecture that overrides a weak definition", () => {
    const more = { ...weak, "arch/x86/vdso/vma.c": "int f(void) { return 1; }\n" };
    assert.deepEqual(outcomes("f", more), [
      "vmlinux (arm, sh): weak: kernel/fork.c",
      "vmlinux (x86): strong: arch/x86/vdso/vma.c",
    ]);
    assert.equal(report("f", more).summary, "overridden on x86; weak definition in kernel/fork.c on arm, sh");
  });

  it("names the other architectures as the rest where they are many", () => {
    const many = Object.fromEntries(["alpha", "arc", "csky", "mips"].map((name) => [`arch/${name}/Makefile`, ""]));
    const more = { ...many, ...weak, "arch/x86/vdso/vma.c": "int f(void) { return 1; }\n" };
    assert.deepEqual(outcomes("f", more).sort(), [
      "vmlinux (other architectures): weak: kernel/fork.c",
      "vmlinux (x86): strong: arch/x86/vdso/vma.c",
    ]);
    assert.equal(report("f", more).summary, "overridden on x86; weak definition in kernel/fork.c elsewhere");
  });

  it("counts a file that only one architecture can configure", () => {
    const more = {
      ...weak,
      "arch/arm/Kconfig": "config ARM_ONLY\n\tbool\n",
      "kernel/Makefile": "obj-y := fork.o\nobj-$(CONFIG_ARM_ONLY) += a.o\n",
      "kernel/a.c": "int f(void) { return 1; }\n",
    };
    assert.equal(report("f", more).summary, "overridden on arm; weak definition in kernel/fork.c on sh, x86");
  });

  it("counts a definition whose condition only one architecture can meet", () => {
    const more = {
      "arch/arm/Kconfig": "config ARM_ONLY\n\tbool\n",
      "kernel/fork.c": "#ifdef CONFIG_ARM_ONLY\nint f;\n#endif\nextern int f;\n",
    };
    assert.equal(report("f", more).summary, "strong definition in kernel/fork.c on arm; no definition on sh, x86");
  });

  it("tells PROVIDE, NULL, missing and several", () => {
    const script = { "arch/x86/kernel/vmlinux.lds.S": "SECTIONS { .text : { *(.text) PROVIDE(p = .); } }\n" };
    const uses = "extern int n __attribute__((weak));\nextern int m;\nextern int p;\nint s;\n";
    const more = { ...script, "kernel/fork.c": uses, "kernel/exit.c": "int s = 1;\n" };
    assert.deepEqual(outcomes("p", more), [
      "vmlinux (x86): provided: arch/x86/kernel/vmlinux.lds.S",
      "vmlinux (arm, sh): missing",
    ]);
    assert.deepEqual(outcomes("n", more), ["vmlinux: null"]);
    assert.deepEqual(outcomes("m", more), ["vmlinux: missing"]);
    assert.deepEqual(outcomes("s", more), ["vmlinux: several"]);
  });

  it("takes a script for the links that use it", () => {
    const more = {
      "arch/x86/kernel/vmlinux.lds.S": '#include "common.lds"\n',
      "arch/x86/kernel/common.lds": "_end = .;\n",
      "arch/x86/vdso/vdso.lds.S": "_end = 1;\n",
      "arch/x86/vdso/time.c": "extern char _end[];\n",
      "kernel/fork.c": "extern char _end[];\n",
    };
    assert.deepEqual(outcomes("_end", more), [
      "vmlinux (x86): strong: arch/x86/kernel/common.lds",
      "vdso arch/x86/vdso/vdso.so.dbg: strong: arch/x86/vdso/vdso.lds.S",
      "vmlinux (arm, sh): missing",
    ]);
  });

  it("counts what a module declares in the link that defines it", () => {
    const more = { "net/only.c": "extern int f(void);\n", "kernel/fork.c": "int f(void) { return 0; }\n" };
    assert.deepEqual(outcomes("f", more), ["vmlinux: strong: kernel/fork.c"]);
    assert.deepEqual(outcomes("g", { "net/only.c": "int g;\n", "kernel/fork.c": "extern int g;\n" }), [
      "module net/only: strong: net/only.c",
    ]);
  });

  it("takes no inline function of a header for a definition", () => {
    const more = {
      "include/f.h": "inline int f(void) { return 0; }\n",
      "kernel/fork.c": "int f(void) { return 0; }\n",
    };
    assert.deepEqual(outcomes("f", more), ["vmlinux: strong: kernel/fork.c"]);
  });

  it("takes no function of a header for a definition that a macro makes inline", () => {
    const more = {
      "include/f.h":
        "#define __always_inline inline __attribute__((__always_inline__))\n#define FORTIFY extern __always_inline\nFORTIFY int f(void) { return 0; }\n",
      "kernel/fork.c": "int f(void) { return 0; }\n",
    };
    assert.deepEqual(outcomes("f", more), ["vmlinux: strong: kernel/fork.c"]);
  });

  it("takes no function for a definition that a macro of its file makes static", () => {
    const here = { "kernel/fork.c": "#define LOCAL static noinline\nLOCAL int f(void) { return 0; }\n" };
    assert.deepEqual(outcomes("f", here), []);
    const header = {
      "include/local.h": "#define LOCAL static\n",
      "kernel/fork.c": '#include "../include/local.h"\nLOCAL int f(void) { return 0; }\n',
      "kernel/exit.c": "LOCAL int f(void) { return 0; }\n",
    };
    assert.deepEqual(outcomes("f", header), ["vmlinux: strong: kernel/exit.c"]);
    const sometimes = {
      "kernel/fork.c": "#ifdef DEBUG\n#define LOCAL static\n#endif\nLOCAL int f(void) { return 0; }\n",
    };
    assert.deepEqual(outcomes("f", sometimes), ["vmlinux: strong: kernel/fork.c"]);
  });

  it("takes no file of another architecture for part of a link, though it may be part of any", () => {
    const more = {
      "arch/arm/boot/lost.c": "int f(void) { return 0; }\n",
      "arch/x86/boot/main.c": "extern int f(void);\n",
    };
    assert.deepEqual(outcomes("f", more), ["boot arch/x86/boot/setup.elf: missing"]);
  });

  it("takes a definition for weak that sees a weak declaration of a header", () => {
    const header = { "include/f.h": "extern int f(void) __attribute__((weak));\n" };
    const seeing = { ...header, "kernel/fork.c": '#include "../include/f.h"\nint f(void) { return 0; }\n' };
    assert.deepEqual(outcomes("f", seeing), ["vmlinux: weak: kernel/fork.c"]);
    assert.deepEqual(
      report("f", seeing).linkUnits[0]?.definitions.map(({ binding }) => binding),
      ["weak"],
    );
    const blind = { ...header, "kernel/fork.c": "int f(void) { return 0; }\n" };
    assert.deepEqual(outcomes("f", blind), ["vmlinux: strong: kernel/fork.c"]);
    const conditional = { "include/f.h": "#ifdef CONFIG_A\nextern int f(void) __attribute__((weak));\n#endif\n" };
    assert.deepEqual(outcomes("f", { ...seeing, ...conditional }), ["vmlinux: strong: kernel/fork.c"]);
  });

  it("is one block for people, whatever architectures differ in", () => {
    const more = { ...weak, "arch/x86/vdso/vma.c": "int f(void) { return 1; }\n" };
    const [one, ...others] = joinArchitectures(report("f", more).linkUnits);
    assert.deepEqual(others, []);
    assert.equal(one?.unit, "vmlinux");
    assert.deepEqual(one?.definitions.map(({ file }) => file).sort(), ["arch/x86/vdso/vma.c", "kernel/fork.c"]);
  });

  it("is told of a source that no known link has, beside the links of those that only use the name", () => {
    const files = [
      { path: "Makefile", text: "tool: tool.o\n\t$(CC) -o $@ tool.o\n" },
      { path: "tool.c", text: '#include "mem.h"\nint main(void) { copy(); return 0; }\n' },
      { path: "mem.h", text: "void copy(void);\n" },
      { path: "firmware/mem.c", text: '#include "../mem.h"\nvoid copy(void) {}\n' },
    ];
    const { program } = loadFixture(files, "c", { compiled: undefined, named: [] });
    const units = reportSymbol("copy", program).linkUnits;
    assert.deepEqual(
      units.map(({ unit, definitions }) => [unit, definitions.map(({ file }) => file)]),
      [
        ["unknown link", ["firmware/mem.c"]],
        ["target tool", []],
      ],
    );
  });

  it("is told of a source that no known link has, beside a link that has a definition of its own", () => {
    const files = [
      { path: "Makefile", text: "tool: tool.o\n\t$(CC) -o $@ tool.o\n" },
      { path: "tool.c", text: "int boot(void) { return 0; }\nint main(void) { return boot(); }\n" },
      { path: "firmware/start.c", text: "int boot(void) { return 1; }\nstatic int main(void) { return boot(); }\n" },
      { path: "firmware/boot.h", text: "static inline int boot(void) { return 2; }\n" },
    ];
    const { program } = loadFixture(files, "c", { compiled: undefined, named: [] });
    const unitsOf = (name: string) =>
      reportSymbol(name, program).linkUnits.map(({ unit, outcome, definitions }) => [
        unit,
        outcome,
        ...definitions.map(({ file }) => file),
      ]);
    assert.deepEqual(unitsOf("boot"), [
      ["target tool", "strong", "tool.c"],
      ["unknown link", "strong", "firmware/start.c"],
    ]);
    assert.deepEqual(unitsOf("main"), [["target tool", "strong", "tool.c"]]);
  });

  it("counts what C++ files define with C linkage, and nothing else of theirs", () => {
    const { program } = loadFixture([
      {
        path: "startup.c",
        text: "void __attribute__((weak)) usb(void) {}\nvoid __attribute__((weak)) uart(void) {}\n",
      },
      { path: "handlers.cpp", text: 'void usb() {}\nextern "C" void uart() {}\n' },
    ]);
    const winnerOf = (name: string) => reportSymbol(name, program).linkUnits.map(({ winner }) => winner?.file);
    assert.deepEqual([winnerOf("usb"), winnerOf("uart")], [["startup.c"], ["handlers.cpp"]]);
  });
});

describe("what a link makes of a symbol that a Makefile's variables choose", () => {
  /** The outcome, the file that wins, and what it hangs on. */
  function said(makefile: string, files: Readonly<Record<string, string>>): string {
    const texts = Object.entries({
      Makefile: makefile,
      "main.c": "int f(void);\nint main(void) { return f(); }\n",
      ...files,
    });
    const loaded = loadFixture(
      texts.map(([path, text]) => ({ path, text })),
      "c",
      { compiled: undefined, named: [] },
    );
    return reportSymbol("f", loaded.program)
      .linkUnits.map(({ outcome, winner, whyOpen, notes }) =>
        [outcome, winner?.file ?? "nobody", ...whyOpen, ...notes].join(", "),
      )
      .join("; ");
  }

  const LINK = "fw: $(OBJS)\n\tld -o $@ $^\n";
  const WEAK = "__attribute__((weak)) int f(void) { return 0; }\n";
  const STRONG = "int f(void) { return 1; }\n";
  const CHOSEN = /, nobody, Makefile links strong\.c into target fw in some configurations alone$/;

  it("depends where a strong definition is linked in some configurations alone", () => {
    const makefile = `OBJS = main.o weak.o\nifdef A\nOBJS += strong.o\nendif\n${LINK}`;
    assert.match(said(makefile, { "weak.c": WEAK, "strong.c": STRONG }), new RegExp(`^depends${CHOSEN.source}`));
  });

  it("has no winner where the only definition is chosen", () => {
    const makefile = `OBJS = main.o\nifdef A\nOBJS += strong.o\nendif\n${LINK}`;
    assert.match(said(makefile, { "strong.c": STRONG }), CHOSEN);
  });

  it("depends where one of two is linked", () => {
    const makefile = `ifdef A\nOBJS = main.o a.o\nelse\nOBJS = main.o b.o\nendif\n${LINK}`;
    assert.match(
      said(makefile, { "a.c": STRONG, "b.c": STRONG }),
      /^depends, nobody, (?=.*links a\.c )(?=.*links b\.c )/,
    );
  });

  it("is known where what is chosen does not define it", () => {
    const makefile = `OBJS = main.o weak.o\nifdef A\nOBJS += other.o\nendif\n${LINK}`;
    assert.equal(said(makefile, { "weak.c": WEAK, "other.c": "int other;\n" }), "weak, weak.c");
  });

  it("depends where what is chosen may take a member out of an archive", () => {
    const makefile = `OBJS = main.o weak.o\nifdef A\nOBJS += strong.o\nendif\nfw: $(OBJS) l.a\n\tld -o $@ $^\nl.a: m.o\n\tar rcs $@ $^\n`;
    const files = { "weak.c": WEAK, "strong.c": "int g(void);\nint x(void) { return g(); }\n" };
    assert.match(
      said(makefile, { ...files, "m.c": `int g(void) { return 2; }\n${STRONG}` }),
      new RegExp(`^depends${CHOSEN.source}`),
    );
  });
});
