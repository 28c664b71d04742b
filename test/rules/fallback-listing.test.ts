/** How build files come to list a fallback's file: in every list that has its neighbour, in the same form. */

import assert from "node:assert/strict";
import { files, fixesOf, fixSymbol, refusalOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { KERNEL } from "../support/kernel-fixture.ts";

const USER = "extern int hook(void) __attribute__((weak));\nint main(void) { return hook ? hook() : 0; }\n";

/** A build file beside main.c, which uses the symbol, or above it, after the fix. */
function listed(path: string, text: string, user = "main.c", others = ""): string | undefined {
  const tree = files(`//- /${path}\n${text}//- /${user}\n${USER}//- /core.c\nint core;\n${others}`);
  return fixSymbol(tree, "hook").get(path);
}

/** The fix that leaves something to people: what, and that nothing applies it by itself. */
function toDoOf(path: string, text: string, user = "main.c", others = ""): string {
  const tree = files(`//- /${path}\n${text}//- /${user}\n${USER}//- /core.c\nint core;\n${others}`);
  const loaded = loadFixture(tree);
  const [fix] = fixesOf(loaded, "hook");
  assert.equal(fix?.refusal, undefined);
  assert.equal(fix?.isPreferred, false);
  assert.ok(fix.title.includes(`(${fix.toDo})`), fix.title);
  assert.ok(fix.edits.every((edit) => edit.path !== path));
  return fix.toDo ?? "";
}

describe("a plain Makefile", () => {
  const cases: readonly (readonly [what: string, before: string, after: string])[] = [
    ["prerequisites", "prog: main.o core.o\n", "prog: main.o main_weak.o core.o\n"],
    ["a variable of objects", "OBJS = core.o main.o\n", "OBJS = core.o main.o main_weak.o\n"],
    ["a variable of sources", "SRCS := main.c core.c\n", "SRCS := main.c main_weak.c core.c\n"],
    [
      "a list with a line for each",
      "OBJS := \\\n\tmain.o \\\n\tcore.o\n",
      "OBJS := \\\n\tmain.o \\\n\tmain_weak.o \\\n\tcore.o\n",
    ],
    [
      "the last of such a list",
      "OBJS := \\\n\tcore.o \\\n\tmain.o\n",
      "OBJS := \\\n\tcore.o \\\n\tmain.o \\\n\tmain_weak.o\n",
    ],
    ["a comment behind", "OBJS = main.o # main.o is first\n", "OBJS = main.o main_weak.o # main.o is first\n"],
    ["a folder of objects", "OBJS = $(O)/main.o build/core.o\n", "OBJS = $(O)/main.o $(O)/main_weak.o build/core.o\n"],
    [
      "a function of each word",
      "OBJS = $(addprefix $(O)/, main.o core.o)\n",
      "OBJS = $(addprefix $(O)/, main.o main_weak.o core.o)\n",
    ],
    ["a recipe", "prog: core.o\n\tcc -o $@ core.o main.o\n", "prog: core.o\n\tcc -o $@ core.o main.o main_weak.o\n"],
    [
      "a recipe that compiles and links",
      "prog:\n\tcc -O2 main.c core.c -o $@\n",
      "prog:\n\tcc -O2 main.c main_weak.c core.c -o $@\n",
    ],
    [
      "both branches",
      "ifdef A\nOBJS += main.o a.o\nelse\nOBJS += main.o\nendif\n",
      "ifdef A\nOBJS += main.o main_weak.o a.o\nelse\nOBJS += main.o main_weak.o\nendif\n",
    ],
    ["two programs", "one: main.o\ntwo: main.o core.o\n", "one: main.o main_weak.o\ntwo: main.o main_weak.o core.o\n"],
    [
      "what the neighbour's object depends on besides",
      "prog: main.o\nmain.o: main.h\n",
      "prog: main.o main_weak.o\nmain.o: main.h\n",
    ],
    [
      "a static pattern rule",
      "prog: main.o core.o\nmain.o core.o: %.o: %.c\n\tcc -c $<\n",
      "prog: main.o main_weak.o core.o\nmain.o main_weak.o core.o: %.o: %.c\n\tcc -c $<\n",
    ],
    [
      "a variable of the neighbour alone",
      "prog: main.o\nmain.o: CFLAGS += -Ideep\n",
      "prog: main.o main_weak.o\nmain.o: CFLAGS += -Ideep\nmain_weak.o: CFLAGS += -Ideep\n",
    ],
    [
      "flags by the object's name",
      "OBJS = main.o\nCFLAGS_main.o := -DX\n%.o: %.c\n\t$(CC) $(CFLAGS_$@) -c $<\n",
      "OBJS = main.o main_weak.o\nCFLAGS_main.o := -DX\nCFLAGS_main_weak.o := -DX\n%.o: %.c\n\t$(CC) $(CFLAGS_$@) -c $<\n",
    ],
  ];
  for (const [what, before, after] of cases) {
    it(`lists it in ${what}`, () => assert.equal(listed("Makefile", before), after));
  }

  it("lists it in a file without a last newline", () => {
    const tree = files(`//- /main.c\n${USER}//- /Makefile\nOBJS = main.o\n`).map((file) => ({
      ...file,
      text: file.path === "Makefile" ? file.text.trimEnd() : file.text,
    }));
    assert.equal(fixSymbol(tree, "hook").get("Makefile"), "OBJS = main.o main_weak.o");
  });

  it("names the folder of a source that lies below", () => {
    assert.equal(listed("Makefile", "SRCS = src/main.c\n", "src/main.c"), "SRCS = src/main.c src/main_weak.c\n");
    assert.equal(
      listed("Makefile", "SRCS = main.c\nVPATH = src\n", "src/main.c"),
      "SRCS = main.c main_weak.c\nVPATH = src\n",
    );
  });

  it("may be an included *.mk that names files from its own folder or from the top", () => {
    const top = "//- /Makefile\ninclude src/list.mk\n";
    assert.equal(listed("src/list.mk", "objs += main.o\n", "src/main.c", top), "objs += main.o main_weak.o\n");
    assert.equal(
      listed("src/list.mk", "objs += src/main.o\n", "src/main.c", top),
      "objs += src/main.o src/main_weak.o\n",
    );
  });

  it("needs no line where it takes in whatever is there", () => {
    const tree = files(`//- /Makefile\nSRCS := $(wildcard *.c)\n//- /main.c\n${USER}`);
    const [fix] = fixesOf(loadFixture(tree), "hook");
    assert.deepEqual([fix?.isPreferred, fix?.toDo], [true, undefined]);
    assert.equal(fixSymbol(tree, "hook").get("Makefile"), "SRCS := $(wildcard *.c)\n");
  });

  it("is not taken to mean a file of the same name elsewhere", () => {
    const other = "//- /test/main.c\nint other;\n";
    assert.equal(
      listed("Makefile", "A = src/main.o\nB = test/main.o\n", "src/main.c", other),
      "A = src/main.o src/main_weak.o\nB = test/main.o\n",
    );
    assert.match(toDoOf("Makefile", "B = test/main.o\n", "src/main.c", other), /^add src\/main_weak\.c to your build$/);
  });

  for (const [what, text, reason] of [
    ["a recipe of its own", "prog: main.o\nmain.o: main.c\n\tcc -DX -c main.c\n", /builds it by a recipe of its own/],
    ["a command of its own", "prog:\n\tcc -c main.c\n\tcc main.o -o prog\n", /compiles it by a command of its own/],
    ["the first prerequisite alone", "prog: main.c\n\tcc $< -o $@\n", /takes the first prerequisite alone/],
    ["filter-out", "OBJS := $(filter-out main.o, $(ALL))\n", /names it in \$\(filter-out …\)/],
    ["a define", "define OBJS\nmain.o\nendef\n", /in a define/],
  ] as const) {
    it(`leaves the line to people where the neighbour is built by ${what}`, () => {
      assert.match(toDoOf("Makefile", text), reason);
    });
  }

  it("leaves the line to people where nothing lists the neighbour, and what a generator wrote alone", () => {
    assert.equal(toDoOf("Makefile", "all:\n\t./build.sh\n"), "add main_weak.c to your build");
    const generated = "# CMAKE generated file: DO NOT EDIT!\nprog: main.o\n";
    assert.equal(toDoOf("Makefile", generated), "add main_weak.c to your build");
  });
});

describe("a CMake file", () => {
  const cases: readonly (readonly [what: string, before: string, after: string])[] = [
    ["an executable", "add_executable(fw main.c core.c)\n", "add_executable(fw main.c main_weak.c core.c)\n"],
    ["a quoted argument", 'set(S "main.c")\n', 'set(S "main.c" "main_weak.c")\n'],
    [
      "a line for each",
      "target_sources(fw PRIVATE\n  main.c\n  core.c\n)\n",
      "target_sources(fw PRIVATE\n  main.c\n  main_weak.c\n  core.c\n)\n",
    ],
    ["a list", "list(APPEND S main.c)\n", "list(APPEND S main.c main_weak.c)\n"],
    [
      "a variable's folder",
      "add_library(a ${CMAKE_CURRENT_SOURCE_DIR}/main.c)\n",
      "add_library(a ${CMAKE_CURRENT_SOURCE_DIR}/main.c ${CMAKE_CURRENT_SOURCE_DIR}/main_weak.c)\n",
    ],
    [
      "the flags of a source",
      "add_executable(fw main.c)\nset_source_files_properties(main.c PROPERTIES COMPILE_FLAGS -Ideep)\n",
      "add_executable(fw main.c main_weak.c)\nset_source_files_properties(main.c main_weak.c PROPERTIES COMPILE_FLAGS -Ideep)\n",
    ],
    ["a command of the project's own", "my_sources(main.c)\n", "my_sources(main.c main_weak.c)\n"],
    [
      "comments around",
      "# main.c\nadd_executable(fw # main.c\n main.c)\n",
      "# main.c\nadd_executable(fw # main.c\n main.c main_weak.c)\n",
    ],
  ];
  for (const [what, before, after] of cases) {
    it(`lists it in ${what}`, () => assert.equal(listed("CMakeLists.txt", before), after));
  }

  it("is found above the source's folder", () => {
    assert.equal(
      listed("CMakeLists.txt", "add_executable(fw src/main.c)\n", "src/main.c"),
      "add_executable(fw src/main.c src/main_weak.c)\n",
    );
  });

  it("has to look again where it looks for files only when it is run", () => {
    assert.equal(toDoOf("CMakeLists.txt", "file(GLOB S *.c)\nadd_executable(fw ${S})\n"), "run cmake again");
    const tree = files(`//- /CMakeLists.txt\nfile(GLOB S CONFIGURE_DEPENDS *.c)\n//- /main.c\n${USER}`);
    assert.equal(fixesOf(loadFixture(tree), "hook")[0]?.isPreferred, true);
  });

  it("leaves the line to people where it takes the neighbour out of a list", () => {
    assert.match(toDoOf("CMakeLists.txt", "list(REMOVE_ITEM S main.c)\n"), /list\(REMOVE_ITEM/);
  });
});

describe("a Meson file", () => {
  const cases: readonly (readonly [what: string, before: string, after: string])[] = [
    [
      "an executable",
      "executable('fw', 'main.c', 'core.c')\n",
      "executable('fw', 'main.c', 'main_weak.c', 'core.c')\n",
    ],
    ["a list", "s = ['main.c']\n", "s = ['main.c', 'main_weak.c']\n"],
    [
      "a list with a line for each",
      "s = [\n  'main.c',\n  'core.c',\n]\n",
      "s = [\n  'main.c',\n  'main_weak.c',\n  'core.c',\n]\n",
    ],
    ["files()", "s += files('core.c', 'main.c')\n", "s += files('core.c', 'main.c', 'main_weak.c')\n"],
    ["a value by itself", "s = 'main.c' # main.c\n", "s = ['main.c', 'main_weak.c'] # main.c\n"],
    [
      "an argument by name",
      "executable('fw', sources: 'main.c')\n",
      "executable('fw', sources: ['main.c', 'main_weak.c'])\n",
    ],
  ];
  for (const [what, before, after] of cases) {
    it(`lists it in ${what}`, () => assert.equal(listed("meson.build", before), after));
  }

  it("leaves the line to people where the name is compared", () => {
    assert.match(toDoOf("meson.build", "if f == 'main.c'\nendif\n"), /not understood/);
  });
});

describe("a Kbuild file", () => {
  const inKernel = (makefile: string) =>
    fixSymbol(
      files(`${KERNEL}//- /kernel/Makefile\n${makefile}//- /drivers/Makefile\n//- /kernel/main.c\n${USER}`),
      "hook",
    ).get("kernel/Makefile");

  it("lists it in every branch that lists the neighbour", () => {
    assert.equal(
      inKernel("ifdef CONFIG_EFI\nobj-y += main.o\nelse\nobj-y += main.o\nendif\n"),
      "ifdef CONFIG_EFI\nobj-y += main.o\nobj-y += main_weak.o\nelse\nobj-y += main.o\nobj-y += main_weak.o\nendif\n",
    );
  });

  it("says of it what is said of the neighbour alone, whatever that is", () => {
    assert.equal(
      inKernel(
        "obj-y += main.o\nCFLAGS_main.o += -I$(src)/deep\nKCOV_INSTRUMENT_main.o := n\nNEW_SETTING_main.o=y\nCFLAGS_other_main.o := -g\n",
      ),
      "obj-y += main.o\nobj-y += main_weak.o\nCFLAGS_main.o += -I$(src)/deep\nCFLAGS_main_weak.o += -I$(src)/deep\n" +
        "KCOV_INSTRUMENT_main.o := n\nKCOV_INSTRUMENT_main_weak.o := n\nNEW_SETTING_main.o=y\nNEW_SETTING_main_weak.o=y\nCFLAGS_other_main.o := -g\n",
    );
  });

  it("says so in the branch that says it of the neighbour", () => {
    assert.equal(
      inKernel("obj-y += main.o\nifdef CONFIG_EFI\nCFLAGS_REMOVE_main.o = $(CC_FLAGS_FTRACE)\nendif\n"),
      "obj-y += main.o\nobj-y += main_weak.o\nifdef CONFIG_EFI\nCFLAGS_REMOVE_main.o = $(CC_FLAGS_FTRACE)\nCFLAGS_REMOVE_main_weak.o = $(CC_FLAGS_FTRACE)\nendif\n",
    );
  });

  it("keeps link-time optimization out without undoing what is removed besides", () => {
    const tree = files(
      `${KERNEL.replace("//- /Kbuild", "CC_FLAGS_LTO := -flto\n//- /Kbuild")}//- /kernel/Makefile\nobj-y += main.o\nCFLAGS_REMOVE_main.o = $(CC_FLAGS_FTRACE)\n//- /drivers/Makefile\n//- /kernel/main.c\n${USER}`,
    );
    assert.equal(
      fixSymbol(tree, "hook").get("kernel/Makefile"),
      "obj-y += main.o\nobj-y += main_weak.o\nCFLAGS_REMOVE_main.o = $(CC_FLAGS_FTRACE)\n" +
        "CFLAGS_REMOVE_main_weak.o = $(CC_FLAGS_FTRACE)\nCFLAGS_REMOVE_main_weak.o += $(CC_FLAGS_LTO)\n",
    );
  });
});

describe("link-time optimization outside of Kbuild", () => {
  for (const [path, text] of [
    ["Makefile", "CFLAGS += -O2 -flto\nprog: main.o\n"],
    ["CMakeLists.txt", "set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)\nadd_executable(fw main.c)\n"],
    ["meson.build", "project('p', 'c', default_options: ['b_lto=true'])\nexecutable('fw', 'main.c')\n"],
  ] as const) {
    it(`is a reason against a fallback function where ${path} asks for it`, () => {
      assert.match(refusalOf(`//- /${path}\n${text}//- /main.c\n${USER}`, "hook"), /asks for link-time optimization/);
    });
  }

  it("leaves objects their form in assembly", () => {
    const user = "extern int limit __attribute__((weak));\nint main(void) { return limit; }\n";
    const tree = `//- /Makefile\nCFLAGS += -flto\nprog: main.o\n//- /main.c\n${user}`;
    assert.match(refusalOf(tree, "limit"), /in assembly would be safe/);
    assert.match(fixSymbol(files(tree), "limit", "asm").get("main_weak.c")!, /^asm\(/m);
  });
});
