/** The links of plain Makefiles: what is in them, and what makes them open. */

import assert from "node:assert/strict";
import { describeReasons, objectsOf } from "../../../server/src/linkage/links/link.ts";
import type { Links } from "../../../server/src/linkage/links/links.ts";
import { loadFixture } from "../../support/fixture-program.ts";

const C = ["main.c", "core.c", "strong.c", "port_a.c", "port_b.c", "src/x.c", "src/y.c"];

function linksOf(makefile: string, others: Readonly<Record<string, string>> = {}): Links {
  const files = [
    { path: "Makefile", text: makefile },
    ...Object.entries(others).map(([path, text]) => ({ path, text })),
    ...C.map((path) => ({ path, text: "int unused;\n" })),
  ];
  return loadFixture(files, "c", { compiled: undefined, named: [] }).program.links;
}

/** The sources of a link, in order. */
function sourcesOf(links: Links, unit = "target fw"): (string | undefined)[] {
  return [...objectsOf(links.linkOf(unit)?.inputs ?? [])].map(({ object }) => object.source);
}

const LINK = "\t$(CC) -nostdlib -o $@ $^\n";

describe("the links of plain Makefiles", () => {
  const closed: readonly (readonly [string, string, readonly string[]])[] = [
    ["objects by the built-in rule", `fw: main.o core.o\n${LINK}`, ["main.c", "core.c"]],
    [
      "objects in another folder",
      `OBJS := $(addprefix build/,$(patsubst %.c,%.o,main.c core.c))\nfw: $(OBJS)\n${LINK}build/%.o: %.c\n\t$(CC) -c -o $@ $<\n`,
      ["main.c", "core.c"],
    ],
    [
      "objects of sources by a wildcard",
      `SRC := $(wildcard src/*.c)\nfw: $(SRC:.c=.o)\n${LINK}`,
      ["src/x.c", "src/y.c"],
    ],
    [
      "a pattern with what must be there before",
      `OBJ = $(addprefix build/,$(notdir $(patsubst %.c,%.o,src/x.c src/y.c)))\nvpath %.c $(sort $(dir src/x.c src/y.c))\nfw: $(OBJ)\n${LINK}build/%.o: %.c Makefile | build\n\t$(CC) -c $< -o $@\nbuild:\n\tmkdir $@\n`,
      ["src/x.c", "src/y.c"],
    ],
    ["sources that VPATH finds", `VPATH = src\nfw: x.o y.o\n${LINK}`, ["src/x.c", "src/y.c"]],
    ["sources that vpath finds", `vpath %.c src\nfw: x.o y.o\n${LINK}`, ["src/x.c", "src/y.c"]],
    [
      "a static pattern",
      `O = main.o core.o\nfw: $(O)\n${LINK}$(O): %.o: %.c\n\tgcc -c $< -o $@\n`,
      ["main.c", "core.c"],
    ],
    ["an archive", `fw: main.o lib.a\n${LINK}lib.a: core.o\n\t$(AR) rcs $@ $^\n`, ["main.c", "core.c"]],
    ["flags and tools that callers choose", `CC ?= gcc\nCFLAGS ?= -O2\nfw: main.o\n${LINK}`, ["main.c"]],
    [
      "a folder of objects that callers choose",
      `OUT ?= build\nfw: $(OUT)/main.o\n${LINK}$(OUT)/%.o: %.c\n\t$(CC) -c -o $@ $<\n`,
      ["main.c"],
    ],
    [
      "flags of the target's own",
      "LDFLAGS =\nfw: LDFLAGS += -nostdlib\nfw: main.o\n\tcc $(LDFLAGS) -o $@ $^\n",
      ["main.c"],
    ],
  ];
  for (const [what, makefile, sources] of closed) {
    it(`are closed with ${what}`, () => {
      const links = linksOf(makefile);
      assert.deepEqual(sourcesOf(links), sources);
      assert.equal(describeReasons(links.whyOpen("target fw")), "");
    });
  }

  const open: readonly (readonly [string, string, RegExp])[] = [
    ["an object named by a variable", `fw: main.o port_$(PORT).o\n${LINK}`, /chooses by \$\(PORT\)/],
    ["a default", `PORT ?= a\nfw: main.o port_$(PORT).o\n${LINK}`, /chooses by \$\(PORT\)/],
    [
      "a rule without a recipe",
      "fw: main.o core.o port_$(PORT).o\n",
      /\$\(PORT\).*does not say|does not say how fw is linked.*\$\(PORT\)/,
    ],
    ["words that callers give", `fw: main.o $(EXTRA)\n${LINK}`, /chooses by \$\(EXTRA\)/],
    ["words that callers may add to", `EXTRA ?= core.o\nfw: main.o $(EXTRA)\n${LINK}`, /chooses by \$\(EXTRA\)/],
    [
      "words that callers give where another variable is set",
      `ifdef A\nOBJS = $(EXTRA)\nendif\nfw: main.o $(OBJS)\n${LINK}`,
      /chooses by \$\(A\) and \$\(EXTRA\)/,
    ],
    [
      "an object of a source that a variable chooses",
      `DIR ?= src\nfw: main.o x.o\n${LINK}x.o: $(DIR)/x.c\n\t$(CC) -c -o $@ $<\n`,
      /chooses by \$\(DIR\)/,
    ],
    [
      "an object of one of two sources",
      `ifdef A\nx.o: src/x.c\nelse\nx.o: core.c\nendif\n\t$(CC) -c -o $@ $<\nfw: main.o x.o\n${LINK}`,
      /chooses by \$\(A\)/,
    ],
    [
      "a C library in some configurations",
      "LDFLAGS = -nostdlib\nifdef HOSTED\nLDFLAGS =\nendif\nfw: main.o\n\tcc $(LDFLAGS) -o $@ $^\n",
      /chooses by \$\(HOSTED\)/,
    ],
    [
      "a library in some configurations",
      `ifdef MATH\nLIBS = -lm\nendif\nfw: main.o\n\tcc -nostdlib -o $@ $^ $(LIBS)\n`,
      /linked with -lm/,
    ],
    [
      "a script in some configurations",
      `ifdef ROM\nS = -T rom.ld\nendif\nfw: main.o\n\tld -o $@ $^ $(S)\n`,
      /chooses by \$\(ROM\)/,
    ],
    [
      "a symbol that the command line defines in some configurations",
      `ifdef ROM\nS = --defsym=f=1\nendif\nfw: main.o\n\tld -o $@ $^ $(S)\n`,
      /chooses by \$\(ROM\)/,
    ],
    [
      "recipes that a variable chooses",
      `fw: main.o core.o\nifdef A\n\tld -o $@ main.o\nelse\n\tld -o $@ $^\nendif\n`,
      /chooses by \$\(A\)/,
    ],
    ["a shell's answer", `fw: main.o $(shell cat list)\n${LINK}`, /is linked into fw, and it is not known what/],
    ["a file that is not there", `-include local.mk\nfw: main.o\n${LINK}`, /includes local\.mk, which is not there/],
    ...["-lhook", "-Wl,--defsym,f=g", "-T other.ld", "-Wl,--wrap=f"].flatMap((word) => {
      const rule = "fw: main.o\n\t$(CC) -nostdlib $(LDFLAGS) -o $@ $^ $(LDLIBS)\n";
      const tests = [
        "ifdef CROSS_COMPILE",
        "ifeq ($(CC),clang)",
        "ifneq ($(CFLAGS),)",
        "ifeq ($(DEBUG),1)",
        "ifdef EXTRA",
      ];
      return tests.flatMap((test) => {
        const name = /[A-Z_]+/.exec(test)![0];
        return ["LDFLAGS", "LDLIBS", "BASE_FLAGS"].map((list) => {
          const all = list === "BASE_FLAGS" ? `${rule.replace("$(LDFLAGS)", "$(BASE_FLAGS)")}` : rule;
          return [
            `${word} in ${list} by ${test}`,
            `${test}\n${list} += ${word}\nendif\n${all}`,
            word === "-lhook" ? /linked with -lhook/ : new RegExp(`by \\$\\(${name}\\)`),
          ] as const;
        });
      });
    }),
    ["a C library", "fw: main.o\n\t$(CC) -o $@ $^\n", /the C library/],
    ["what another make builds", `fw: main.o lib/l.a\n${LINK}lib/l.a:\n\t$(MAKE) -C lib\n`, /made elsewhere/],
    [
      "a member of an archive that a variable chooses",
      `fw: main.o l.a\n${LINK}l.a: core.o $(EXTRA)\n\tar rcs $@ $^\n`,
      /chooses by \$\(EXTRA\)/,
    ],
  ];
  for (const [what, makefile, reason] of open) {
    it(`are open with ${what}`, () => {
      assert.match(describeReasons(linksOf(makefile).whyOpen("target fw")), reason);
    });
  }

  /** What is linked: always, and in some configurations alone. */
  const chosen: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
    ["ifdef", "OBJS = main.o\nifdef HOOK\nOBJS += strong.o\nendif\nfw: $(OBJS)\n", ["main.c"], ["strong.c"]],
    ["ifeq", "OBJS = main.o\nifeq ($(B),y)\nOBJS += strong.o\nendif\nfw: $(OBJS)\n", ["main.c"], ["strong.c"]],
    [
      "else",
      "ifeq ($(B),y)\nOBJS = main.o strong.o\nelse\nOBJS = main.o core.o\nendif\nfw: $(OBJS)\n",
      ["main.c"],
      ["core.c", "strong.c"],
    ],
    [
      "both branches of ifdef",
      "ifdef A\nOBJS = main.o\nelse\nOBJS = main.o core.o\nendif\nfw: $(OBJS)\n",
      ["main.c"],
      ["core.c"],
    ],
    [
      "a default that is tested",
      "B ?= a\nOBJS = main.o\nifeq ($(B),a)\nOBJS += port_a.o\nelse ifeq ($(B),b)\nOBJS += port_b.o\nendif\nfw: $(OBJS)\n",
      ["main.c"],
      ["port_a.c", "port_b.c"],
    ],
    ["a configuration", "OBJS-$(CONFIG_A) += core.o\nfw: main.o $(OBJS-y)\n", ["main.c"], ["core.c"]],
    ...["ifdef CROSS_COMPILE", "ifeq ($(CC),clang)", "ifneq ($(CFLAGS),)", "ifdef V"].map(
      (test) => [test, `OBJS = main.o\n${test}\nOBJS += core.o\nendif\nfw: $(OBJS)\n`, ["main.c"], ["core.c"]] as const,
    ),
    ["a list's suffix", "obj-$(A) += core.o\nfw: main.o $(obj-y)\n", ["main.c"], ["core.c"]],
    [
      "a list's name",
      "OBJS_a = port_a.o\nOBJS_b = port_b.o\nfw: main.o $(OBJS_$(B))\n",
      ["main.c"],
      ["port_a.c", "port_b.c"],
    ],
    ["a list of another name", "OBJS_$(B) = port_a.o\nfw: main.o $(OBJS_a)\n", ["main.c"], ["port_a.c"]],
    ["$(if)", "fw: main.o $(if $(A),core.o,strong.o)\n", ["main.c"], ["core.c", "strong.c"]],
    ["a prerequisite", "ifdef A\nfw: core.o\nendif\nfw: main.o\n", ["main.c"], ["core.c"]],
    ["$(filter-out)", "fw: $(filter-out $(SKIP),main.o core.o)\n", [], ["main.c", "core.c"]],
    [
      "a condition within another",
      "OBJS = main.o\nifdef A\nifdef B\nOBJS += core.o\nendif\nendif\nfw: $(OBJS)\n",
      ["main.c"],
      ["core.c"],
    ],
    [
      "a condition on objects of a folder that callers choose",
      "OUT ?= out\nO = main.o\nifdef A\nO += core.o\nendif\n$(OUT)/%.o: %.c\n\t$(CC) -c -o $@ $<\nfw: $(patsubst %,$(OUT)/%,$(O))\n",
      ["main.c"],
      ["core.c"],
    ],
  ];
  for (const [what, makefile, always, sometimes] of chosen) {
    it(`are closed where ${what} chooses among known objects, which are there in some configurations alone`, () => {
      const links = linksOf(`${makefile}${LINK}`);
      const linked = sourcesOf(links).map(String);
      assert.equal(describeReasons(links.whyOpen("target fw")), "");
      const isAlways = (path: string) => links.membershipsOf(path).every(({ guard }) => guard?.length === 0);
      assert.deepEqual([...new Set(linked.filter(isAlways))].sort(), [...always].sort());
      assert.deepEqual([...new Set(linked.filter((path) => !isAlways(path)))].sort(), [...sometimes].sort());
      assert.equal(links.mayMeet("main.c", linked.at(-1)!), true);
    });
  }

  it("hold members of an archive, and objects of a partial link, that a condition chooses", () => {
    const links = linksOf(
      `ifdef A\nM = core.o\nP = strong.o\nendif\nfw: main.o l.a p.o\n\tld -o $@ main.o --whole-archive l.a p.o\nl.a: port_a.o $(M)\n\tar rcs $@ $^\np.o: port_b.o $(P)\n\tld -r -o $@ $^\n`,
    );
    assert.equal(describeReasons(links.whyOpen("target fw")), "");
    const guards = ["port_a.c", "core.c", "port_b.c", "strong.c"].map((path) => links.membershipsOf(path)[0]?.guard);
    assert.deepEqual(guards, [[], undefined, [], undefined]);
  });

  it("are two for two programs", () => {
    const links = linksOf(`all: one two\none: main.o\n${LINK}two: core.o\n${LINK}`);
    assert.deepEqual(
      links.all().map(({ unit }) => unit),
      ["target one", "target two"],
    );
    assert.equal(links.mayMeet("main.c", "core.c"), false);
  });

  it("read what is included, and Makefiles of folders", () => {
    const links = linksOf(`include rules.mk\nfw: $(O) lib/l.a\n${LINK}lib/l.a:\n\t$(MAKE) -C lib\n`, {
      "rules.mk": "O = main.o\n",
      "lib/Makefile": "l.a: in.o\n\tar rcs $@ $^\n",
      "lib/in.c": "int in;\n",
    });
    assert.deepEqual(sourcesOf(links), ["main.c", "lib/in.c"]);
    assert.deepEqual(links.whyOpen("target fw"), []);
  });

  it("say nothing of a file that no Makefile builds", () => {
    const links = linksOf(`fw: main.o\n${LINK}`);
    assert.match(describeReasons(links.whyOpenAt("core.c")), /Makefile does not build core\.c/);
  });

  const unread: readonly (readonly [string, string, RegExp])[] = [
    [
      "a script",
      "two: core.o\n\t./link.sh $@ $^\n",
      /Makefile:4 makes two by a command that is not read: \.\/link\.sh/,
    ],
    ["a tool that the caller names", "two: core.o\n\t$(LINK) -o $@ $^\n", /Makefile:4 makes two/],
    ["a function that is not there", "two: core.o\n\t$(call link,$@,$^)\n", /Makefile:4 makes two/],
    ["what the rule needs", "two: core.o\n\t./link.sh\n", /Makefile:4 makes two/],
    ["a shell's condition", "two: core.o\n\tif test -f x; then ld -o $@ core.o; fi\n", /Makefile:4 makes two/],
    ["another build tool", "two:\n\tscons two\n", /Makefile:4 makes two by a command that is not read: scons/],
    ["a script without arguments", "two:\n\t./build.sh\n", /Makefile:4 makes two/],
    [
      "an input that is not known",
      "two: main.o $(shell cat list)\n\tld -o $@ $^\n",
      /linked into two, and it is not known/,
    ],
    ["an input that a variable names", "two: main.o co$(X).o\n\tld -o $@ $^\n", /chooses by \$\(X\)/],
    ["an archive that nothing takes", "libtwo.a: core.o\n\tar rcs $@ $^\n", /is a part of libtwo\.a too/],
  ];
  for (const [what, rest, reason] of unread) {
    it(`leave a file open that may be in another one by ${what}`, () => {
      const links = linksOf(`fw: core.o\n\tld -o $@ $^\n${rest}`);
      assert.deepEqual(links.whyOpen("target fw"), []);
      assert.match(describeReasons(links.whyOpenAt("core.c")), reason);
      assert.ok(links.membershipsOf("core.c").length > 1);
    });
  }

  it("are found by rules for files whose names are not known", () => {
    const links = linksOf("fw: core.o\n\tld -o $@ $^\n$(shell date)/two: core.o\n\tld -o $@ $^\n");
    assert.deepEqual(
      links.membershipsOf("core.c").map(({ unit }) => unit),
      ["target fw", "target …/two"],
    );
  });

  const harmless: readonly (readonly [string, string])[] = [
    ["a step behind the link", "all: two\ntwo: strong.o\n\tld -o $@ $^\n\t./sign.sh $@\n"],
    ["a program that is run", ".PHONY: run\nrun: fw\n\tqemu-system-arm -kernel fw\n\t./show.sh\n"],
    ["another file's input that is not known", "two: main.o st$(X).o\n\tld -o $@ $^\n"],
    ["what is shown", "two: core.o\n\t@echo core.o\n\tsize core.o\n"],
    ["make in a folder", "two: core.o\n\t$(MAKE) -C lib\n"],
  ];
  for (const [what, rest] of harmless) {
    it(`leave a file closed beside ${what}`, () => {
      const links = linksOf(`fw: core.o\n\tld -o $@ $^\n${rest}`);
      assert.deepEqual(links.whyOpenAt("core.c"), []);
    });
  }

  it("leave files open where there are more Makefiles than are followed", () => {
    const more = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`d${i}/Makefile`, "x:\n"]));
    const links = linksOf("fw: core.o\n\tld -o $@ $^\n", more);
    assert.match(describeReasons(links.whyOpenAt("core.c")), /not followed: there are too many/);
  });

  it("are open where two commands write one file", () => {
    const links = linksOf("fw: core.o strong.o\n\tld -o $@ core.o\n\tld -o $@ strong.o\n");
    assert.match(describeReasons(links.whyOpen("target fw")), /links fw in more than one way/);
    assert.deepEqual(sourcesOf(links), ["core.c", "strong.c"]);
  });

  it("ask of a header the links of those who include it", () => {
    const header = { "include/t.h": "int t(void);\n", "closed.c": '#include "include/t.h"\n' };
    const closed = linksOf("fw: closed.o\n\tld -o $@ $^\n", header);
    assert.deepEqual(closed.whyOpenAt("include/t.h"), []);
    const open = linksOf("fw: closed.o\n\tcc -o $@ $^\n", header);
    assert.match(describeReasons(open.whyOpenAt("include/t.h")), /linked with the C library/);
    const alone = linksOf("fw: core.o\n\tld -o $@ $^\n", { "include/t.h": "int t(void);\n" });
    assert.match(describeReasons(alone.whyOpenAt("include/t.h")), /is part of whatever includes it/);
  });

  it("are followed ahead in steps, one for each time that a Makefile is carried out", () => {
    const text = `ifeq ($(BOARD),a)\nOBJ := port_a.o\nelse\nOBJ := port_b.o\nendif\nfw: main.o $(OBJ)\n${LINK}`;
    const ahead = linksOf(text);
    let steps = 1;
    while (ahead.prepare("all")) steps++;
    assert.ok(steps > 2, `${steps} steps`);
    assert.equal(ahead.prepare("all"), false);
    assert.deepEqual(ahead.all(), linksOf(text).all());
    assert.deepEqual(sourcesOf(ahead), sourcesOf(linksOf(text)));
  });

  it("are not looked for in lists that Kbuild's scripts read, whose links are not known then", () => {
    const links = linksOf(`fw: main.o\n${LINK}`, {
      "scripts/Makefile": "hostprogs-y := one two\nalways := $(hostprogs-y)\n$(addprefix $(obj)/,two): $(obj)/one\n",
      "scripts/one.c": "int main(void) { return 0; }\n",
      "scripts/two.c": "int main(void) { return 0; }\n",
    });
    assert.deepEqual(
      links.all().map(({ unit }) => unit),
      ["target fw"],
    );
    assert.match(
      describeReasons(links.whyOpenAt("main.c")),
      /scripts\/Makefile lists programs for a Kbuild that is not followed/,
    );
  });

  for (const [what, path, text, reason] of [
    ["names", "other/CMakeLists.txt", "add_executable(two ../main.c)", /other\/CMakeLists\.txt names main\.c too/],
    ["takes all of", "meson.build", "s = run_command('ls', 'src')", /meson\.build takes the sources of a folder/],
    ["takes by a pattern", "CMakeLists.txt", "file(GLOB_RECURSE all *.c)", /takes the sources of a folder/],
    ["names", "SConstruct", "Program('two', ['main.c'])", /SConstruct names main\.c too/],
    ["takes all of", "BUILD.bazel", "cc_binary(srcs = glob(['*.c']))", /BUILD\.bazel takes the sources of a folder/],
    ["names", "MDK-ARM/two.uvprojx", "<FilePath>..\\main.c</FilePath>", /two\.uvprojx names main\.c too/],
    ["names", "scripts/build-two.sh", "gcc -o two main.c", /build-two\.sh names main\.c too/],
  ] as const) {
    it(`are not all where another description ${path} ${what} the sources`, () => {
      const links = linksOf(`fw: main.o core.o\n${LINK}`, { [path]: text });
      assert.match(describeReasons(links.whyOpenAt("main.c")), reason);
    });
  }

  it("are all where a description speaks of other files", () => {
    const links = linksOf(`fw: main.o core.o\n${LINK}`, {
      "other/CMakeLists.txt": "file(GLOB all *.c)\nadd_executable(two other_main.c main.c.in)",
    });
    assert.deepEqual(links.whyOpenAt("main.c"), []);
  });

  it("change symbols of the objects below a Makefile that has objcopy do it", () => {
    const links = linksOf(`fw: main.o src/x.o\n${LINK}`, {
      "src/Makefile": "x.o: x.c\n\tcc -c x.c\n\tobjcopy --redefine-syms=names.txt x.o\n",
    });
    assert.match(
      links.changeOfSymbolsAt("src/x.c") ?? "",
      /^src\/Makefile:3 changes the symbols of objects by --redefine-syms/,
    );
    assert.equal(links.changeOfSymbolsAt("main.c"), undefined);
  });
});
