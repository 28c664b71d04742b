import assert from "node:assert/strict";
import { describeGuard } from "../../../server/src/syntax/kbuild/describe-guard.ts";
import { runMakefile } from "../../../server/src/syntax/kbuild/evaluate.ts";
import { variableWords } from "../../../server/src/syntax/kbuild/expand.ts";
import type { ConfigurationValue } from "../../../server/src/syntax/kbuild/guard.ts";
import { type Make, newMake, normalizePath } from "../../../server/src/syntax/kbuild/make.ts";
import { MARK } from "../../../server/src/syntax/kbuild/value.ts";

function run(files: Readonly<Record<string, string>>, configuration?: ConfigurationValue): Make {
  const make = newMake({
    host: { readText: (path) => files[path], hasFile: (path) => path in files },
    configuration,
    possible: undefined,
    inherited: new Map(),
    undefinedIsEmpty: true,
    parsed: new Map(),
    fixed: new Set(),
  });
  runMakefile(make, "Makefile");
  return make;
}

/** The words of a variable, each with its guard. */
function words(text: string, name: string, configuration?: ConfigurationValue): string[] {
  return variableWords(run({ Makefile: text }, configuration), name).map((word) => {
    const guard = describeGuard(word.guard);
    const shown = word.text.replaceAll(MARK, "?");
    return guard === "" ? shown : `${shown} if ${guard}`;
  });
}

describe("evaluating Makefiles", () => {
  it("leaves configuration symbols open: y and m go to different lists", () => {
    const text = "obj-$(CONFIG_A) += a.o\nobj-y += b.o\n";
    assert.deepEqual(words(text, "obj-y"), ["a.o if CONFIG_A=y", "b.o"]);
    assert.deepEqual(words(text, "obj-m"), ["a.o if CONFIG_A=m"]);
    assert.deepEqual(
      words(text, "obj-y", (name) => (name === "CONFIG_A" ? "m" : undefined)),
      ["b.o"],
    );
  });

  it("decides ifeq, ifneq, ifdef and ifndef by symbol", () => {
    const text = [
      "ifeq ($(CONFIG_A),y)\nx += eq\nelse\nx += else\nendif",
      "ifneq ($(CONFIG_A),)\nx += set\nendif",
      "ifdef CONFIG_A\nx += def\nendif",
      'ifndef CONFIG_A\nx += undef\nendif\nifeq "$(CONFIG_B)" "m"\nx += quoted\nendif',
      "ifeq ($(CONFIG_A)$(CONFIG_B),yy)\nx += both\nendif\n",
    ].join("\n");
    assert.deepEqual(words(text, "x"), [
      "eq if CONFIG_A=y",
      "else if CONFIG_A!=y",
      "set if CONFIG_A",
      "def if CONFIG_A",
      "undef if !CONFIG_A",
      "quoted if CONFIG_B=m",
      "both if CONFIG_A=y && CONFIG_B=y",
    ]);
  });

  it("keeps what a variable was where an assignment is conditional", () => {
    assert.deepEqual(words("B := 64\nifdef CONFIG_X\nB := 32\nendif\nobj-y := head_$(B).o\n", "obj-y"), [
      "head_64.o if !CONFIG_X",
      "head_32.o if CONFIG_X",
    ]);
  });

  it("expands = when it is used and := when it is assigned", () => {
    assert.deepEqual(words("a = $(b)\nc := $(b)\nb := 1\n", "a"), ["1"]);
    assert.deepEqual(words("a = $(b)\nc := $(b)\nb := 1\n", "c"), []);
  });

  it("assigns with ?= only where nothing has", () => {
    assert.deepEqual(words("a ?= 1\na ?= 2\n", "a"), ["1"]);
    assert.deepEqual(words("ifdef CONFIG_X\na = 1\nendif\na ?= 2\n", "a"), ["1 if CONFIG_X", "2 if !CONFIG_X"]);
  });

  it("calls the functions that Kbuild files use", () => {
    const of = (expression: string) => words(`l := a.o b.c d/e.o\nx := ${expression}\n`, "x");
    assert.deepEqual(of("$(filter %.o,$(l))"), ["a.o", "d/e.o"]);
    assert.deepEqual(of("$(filter-out %.o,$(l))"), ["b.c"]);
    assert.deepEqual(of("$(patsubst %.o,%.x,$(l)) $(l:.o=.y)"), ["a.x", "b.c", "d/e.x", "a.y", "b.c", "d/e.y"]);
    assert.deepEqual(of("$(subst .o,.p,$(l))"), ["a.p", "b.c", "d/e.p"]);
    assert.deepEqual(of("$(addprefix z/,$(addsuffix .q,$(l)))"), ["z/a.o.q", "z/b.c.q", "z/d/e.o.q"]);
    assert.deepEqual(of("$(notdir $(l)) $(basename $(l)) $(dir d/e.o)"), ["a.o", "b.c", "e.o", "a", "b", "d/e", "d/"]);
    assert.deepEqual(of("$(foreach f,$(l),pre-$f)"), ["pre-a.o", "pre-b.c", "pre-d/e.o"]);
    assert.deepEqual(of("$(sort b a b)"), ["a", "b"]);
    assert.deepEqual(of("$(firstword $(l)) $(lastword $(l)) $(words $(l)) $(word 2,$(l))"), [
      "a.o",
      "d/e.o",
      "3",
      "b.c",
    ]);
    assert.deepEqual(of("$(or ,$(n),c) $(and a,b) $(if $(n),t,e) $(if x,t,e)"), ["c", "b", "e", "t"]);
    assert.deepEqual(of("$(strip   a   b )"), ["a", "b"]);
  });

  it("carries guards through functions", () => {
    assert.deepEqual(
      words("l := a.o\nl += $(if $(CONFIG_A),b.o,c.o)\nx := $(patsubst %.o,%.n.o,$(filter-out a.o,$(l)))\n", "x"),
      ["b.n.o if CONFIG_A", "c.n.o if !CONFIG_A"],
    );
    assert.deepEqual(words("obj-$(subst m,y,$(CONFIG_A)) += a.o\n", "obj-y"), ["a.o if CONFIG_A=y|m"]);
  });

  it("calls what define and = have made into functions", () => {
    assert.deepEqual(words("f = $(1)-$(2)\nx := $(call f,a,b)\n", "x"), ["a-b"]);
  });

  it("says that it does not know what only running would tell", () => {
    assert.deepEqual(words("x := a $(shell ls) b\n", "x"), ["a", "?", "b"]);
    assert.deepEqual(words("ifeq ($(call cc-option,-m),)\nobj-y += a.o\nendif\nobj-y += b.o\n", "obj-y"), [
      "a.o if unknown",
      "b.o",
    ]);
  });

  it("knows what make itself defines in the make that another has started", () => {
    const of = (expression: string) => words(`x := ${expression}\n`, "x");
    assert.deepEqual(of("$(CURDIR) $(MAKE) $(MAKECMDGOALS) $(filter --no-print-directory,$(MAKEFLAGS))"), [
      ".",
      "make",
      "--no-print-directory",
    ]);
    assert.deepEqual(of("$(findstring s,$(firstword -$(MAKEFLAGS))) $(filter-out 0,$(MAKELEVEL))"), ["1"]);
    assert.deepEqual(of("$(MAKE_VERSION) $(filter output-sync,$(.FEATURES))"), ["4.?", "output-sync"]);
    assert.deepEqual(of("$(lastword $(MAKEFILE_LIST)) $(realpath $(dir $(lastword $(MAKEFILE_LIST))))"), [
      "Makefile",
      ".",
    ]);
    assert.deepEqual(of("$(origin CURDIR) $(origin MAKE) $(origin x) $(origin PATH)"), [
      "file",
      "default",
      "undefined",
      "environment",
    ]);
  });

  it("takes both branches of a test that it can't decide for possible, and remembers where", () => {
    const text =
      "ifeq ($(shell pwd),/)\nx += a\nelse\nx += b\nendif\nifneq ($(filter 3.%,$(MAKE_VERSION)),)\nx += c\nendif\n";
    assert.deepEqual(words(text, "x"), ["a if unknown", "b if unknown", "c if unknown"]);
    const { gaps } = run({ Makefile: text });
    assert.deepEqual(
      gaps.map(({ kind, path, offset }) => `${kind} ${path}:${text.slice(0, offset).split("\n").length}`),
      ["undecided test Makefile:1", "undecided test Makefile:6"],
    );
  });

  it("remembers branches that are not taken, and includes of which the name is not known", () => {
    const text = "ifdef nothing\nx := a\nelse\nx := b\nendif\ninclude $(shell pwd)/a.mk\n-include gone.mk\n";
    const { gaps } = run({ Makefile: text });
    assert.deepEqual(
      gaps.map(({ kind, offset }) => `${kind} ${text.slice(0, offset).split("\n").length}`),
      ["branch not taken 1", "not included 6", "not included 7"],
    );
  });

  it("goes into the make that counts, however top Makefiles ask which one it is", () => {
    const make = (text: string) => words(`${text}x := inner\nelse\nx := outer\nendif\n`, "x");
    // Linux 5.4 to 6.4 ask for a variable that the outer make exports, and in between for its result.
    assert.deepEqual(
      make("sub_make_done := 1\nifneq ($(sub_make_done),1)\nneed-sub-make := 1\nendif\nifeq ($(need-sub-make),)\n"),
      ["inner"],
    );
    // Since 6.5 for the folder and for make's own flags.
    const folders =
      "this-makefile := $(lastword $(MAKEFILE_LIST))\nabs_srctree := $(realpath $(dir $(this-makefile)))\nabs_objtree := $(CURDIR)\n";
    const asks =
      "ifneq ($(abs_objtree),$(CURDIR))\nneed-sub-make := 1\nendif\nifeq ($(filter --no-print-directory, $(MAKEFLAGS)),)\nneed-sub-make := 1\nendif\n";
    assert.deepEqual(make(`${folders}${asks}ifneq ($(need-sub-make),1)\n`), ["inner"]);
    assert.deepEqual(make(`${folders}ifeq ($(abs_srctree),$(abs_objtree))\n`), ["inner"]);
    // Older ones, and other trees, look at the output folder, or at the level.
    assert.deepEqual(
      make(
        'ifeq ($(KBUILD_SRC),)\nifeq ("$(origin O)", "command line")\nKBUILD_OUTPUT := $(O)\nendif\nendif\nifeq ($(KBUILD_OUTPUT),)\n',
      ),
      ["inner"],
    );
    assert.deepEqual(make("ifneq ($(MAKELEVEL),0)\n"), ["inner"]);
  });

  it("carries out what $(eval …) and lines of references make", () => {
    assert.deepEqual(words("$(eval x := a)\n$(foreach n,b c,$(eval x += $(n)))\n", "x"), ["a", "b", "c"]);
    assert.deepEqual(words("define t\nx += $(1).o\nendef\n$(eval $(call t,a))\n$(call t,b)\n", "x"), ["a.o", "b.o"]);
    assert.ok(Array.isArray(words("a = $(eval $(a))$(a)\n$(a)\nx := $(a)\n", "x")));
  });

  it("includes other files, and passes over what is not there", () => {
    const make = run({
      Makefile: "-include gone\ninclude $(d)/m.inc\nd := x\ninclude $(d)/m.inc\n",
      "x/m.inc": "obj-y += a.o\n",
    });
    assert.deepEqual(
      variableWords(make, "obj-y").map((word) => word.text),
      ["a.o"],
    );
  });

  it("remembers where a word was written", () => {
    const text = "obj-y := a.o \\\n\tb.o\n";
    const word = variableWords(run({ Makefile: text }), "obj-y")[1]!;
    assert.equal(word.offset, text.indexOf("b.o"));
    assert.equal(word.origin?.path, "Makefile");
  });

  it("ends with variables that hold themselves, and with includes of themselves", () => {
    assert.ok(words("a = $(b) x\nb = $(a) y\n", "a").length > 0);
    assert.ok(variableWords(run({ Makefile: "include Makefile\nobj-y += a.o\n" }), "obj-y").length > 0);
    const doubling = Array.from({ length: 40 }, (_, i) => `v${i + 1} = $(v${i}) $(v${i})`).join("\n");
    assert.ok(words(`v0 = x\n${doubling}\n`, "v40").length > 0);
  });

  it("normalizes paths", () => {
    assert.equal(normalizePath("./a/../b//c/."), "b/c");
    assert.equal(normalizePath("a/b.c"), "a/b.c");
    assert.equal(normalizePath("../a"), "../a");
  });

  it("evaluates any text", () => {
    const pieces =
      "obj-y|obj-$(CONFIG_A)| += | := | = |a.o |$(|)|$(if |$(foreach f,|$(call |,|\u0024{|}|\n|\n\t|ifeq (|ifdef X\n|else\n|endif\n|: |%|$(obj)/|\\\n|define f\n|endef\n|include |$$|#| ".split(
        "|",
      );
    let seed = 3;
    for (let round = 0; round < 300; round++) {
      let text = "";
      for (let i = 0; i < 40; i++) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        text += pieces[(seed >> 8) % pieces.length]!;
      }
      assert.ok(Array.isArray(words(text, "obj-y")), text);
    }
  });
});
