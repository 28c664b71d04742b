/** Who may define a symbol besides the definitions that files state. */

import assert from "node:assert/strict";
import type { KnownTexts } from "../../../server/src/linkage/facts/texts.ts";
import type { TreeLinkSources } from "../../../server/src/linkage/links/target-links.ts";
import { whoMayDefine } from "../../../server/src/linkage/symbols/who-may-define.ts";
import { parseToolCommands } from "../../../server/src/syntax/command/tool-command.ts";
import { refusalOf } from "../../support/apply-fix.ts";
import { parseFixture } from "../../support/fixture.ts";
import { loadFixture } from "../../support/fixture-program.ts";
import { KERNEL } from "../../support/kernel-fixture.ts";

const NO_BUILD: TreeLinkSources = { compiled: undefined, named: [] };

function others(fixture: string, name: string, path: string, links?: TreeLinkSources): string[] {
  const { program } = loadFixture(parseFixture(fixture).files, "c", links);
  return whoMayDefine(name, path, program).others.map(({ kind, text }) => `${kind}: ${text}`);
}

function messageOf(fixture: string, name: string, links?: TreeLinkSources): string {
  const findings = [...loadFixture(parseFixture(fixture).files, "c", links).findings().values()].flat();
  return findings.find(({ symbol, rule }) => symbol === name && rule === "weak-reference")?.message ?? "";
}

const user = (name: string, declaration = `extern const char ${name}[] __attribute__((weak));`) =>
  `//- /user.c\n${declaration}\nint user(int i) { return ${name}[i]; }\n`;

describe("who may define a symbol", () => {
  it("is nobody but the tree in a link that is closed", () => {
    assert.deepEqual(others(user("hook"), "hook", "user.c"), []);
    assert.match(
      messageOf(user("hook"), "hook"),
      /no source file defines it: it is generated at link time, or always NULL/,
    );
  });

  it("of a hidden symbol is nobody who is there when the program runs alone", () => {
    const { files } = parseFixture(
      '//- /user.c\nvoid hook(void) __attribute__((weak, visibility("hidden")));\nvoid other(void) __attribute__((weak));\n',
    );
    const lines = ["cc -fPIC -c user.c -o user.o", "cc -shared -nostdlib -o libuser.so user.o"];
    const place = { path: "build.ninja" };
    const commands = lines.flatMap((line) =>
      parseToolCommands(line).map(({ command }) => ({ command, folder: "", place })),
    );
    const builds = [{ folder: "", commands, isConfigured: true, path: place.path }];
    const { program } = loadFixture(files, "c", { compiled: undefined, named: [], builds });
    const texts = (name: string) => whoMayDefine(name, "user.c", program).others.map(({ text }) => text);
    assert.deepEqual(texts("hook"), []);
    assert.deepEqual(texts("other"), ["what loads libuser.so may define symbols before it"]);
  });

  it("is not known where no build is", () => {
    assert.deepEqual(others(user("hook"), "hook", "user.c", NO_BUILD), [
      "unknown link: no build of this tree is known",
    ]);
    const message = messageOf(user("hook"), "hook", NO_BUILD);
    assert.match(
      message,
      /defined outside of the tree, generated at link time, or NULL \(no build of this tree is known\)/,
    );
    assert.doesNotMatch(message, /always NULL/);
  });

  for (const name of ["__start_set_devs", "__stop_set_devs"]) {
    it(`is the linker for ${name}, of sections named like identifiers`, () => {
      assert.deepEqual(others(user(name), name, "user.c"), [
        "linker: ld makes it from the sections named set_devs, where there are any",
      ]);
      assert.match(
        messageOf(user(name), name),
        /no source file defines it: ld makes it from the sections named set_devs/,
      );
      assert.match(refusalOf(user(name), name), /^ld makes it from the sections named set_devs.*stand in its way/);
    });
  }

  for (const name of ["__ehdr_start", "_DYNAMIC", "_GLOBAL_OFFSET_TABLE_", "__dso_handle"]) {
    it(`is the linker for ${name}, whatever script there is`, () => {
      assert.deepEqual(others(user(name), name, "user.c"), [
        "linker: the linker makes it where something refers to it",
      ]);
    });
  }

  for (const name of ["etext", "_edata", "end", "__bss_start", "__executable_start", "__init_array_start"]) {
    it(`is the linker's own script for ${name}`, () => {
      const found = others(user(name), name, "user.c", NO_BUILD);
      assert.ok(found.includes("linker: the linker's built-in script makes it where nothing else does"), found.join());
      const kernel = `${KERNEL}//- /kernel/Makefile\nobj-y += user.o\n${user(name).replace("/user.c", "/kernel/user.c")}`;
      assert.deepEqual(others(kernel, name, "kernel/user.c"), []);
    });
  }

  it("is no linker for names that only look so", () => {
    for (const name of ["__start_", "__stop_1st", "_start_set", "__ehdr_end"])
      assert.deepEqual(others(user(name), name, "user.c"), []);
  });

  for (const [path, text] of [
    ["over.cpp", 'extern "C" void hook(void) {}'],
    ["over.rs", '#[no_mangle] pub extern "C" fn hook() {}'],
    ["sketch.ino", "void hook() {}"],
    ["table.inc", "void hook(void) {}"],
  ] as const) {
    it(`is perhaps ${path}, which is not read`, () => {
      const declaration = "extern void hook(void) __attribute__((weak));";
      const fixture = `//- /user.c\n${declaration}\nvoid user(void) { if (hook) hook(); }\n//- /${path}\n${text}\n`;
      assert.deepEqual(others(fixture, "hook", "user.c"), [
        `unread: ${path}, in a language that is not read, has the word and may define it`,
      ]);
      assert.match(refusalOf(fixture, "hook"), /in a language that is not read/);
    });
  }

  for (const [option, said] of [
    ["-Wl,--defsym=hook=0x1000", /--defsym/],
    ["-Wl,--defsym,hook=0x1000", /--defsym/],
    ["-Wl,--wrap=hook", /--wrap/],
    ["-Dhook=real_hook", /another meaning by -Dhook/],
    ["-Dalias=hook", /another meaning by -Dalias/],
  ] as const) {
    it(`is perhaps whatever ${option} makes of the name, and no fix goes by the name then`, () => {
      const makefile = `//- /Makefile\nfw: user.o\n\tcc -ffreestanding -nostdlib -static ${option} -o $@ user.o\n`;
      const fixture = `${makefile}//- /user.c\nextern void hook(void) __attribute__((weak));\nvoid user(void) { if (hook) hook(); }\n`;
      assert.match(others(fixture, "hook", "user.c", NO_BUILD).join(), said);
      assert.match(refusalOf(fixture, "hook"), said);
      assert.deepEqual(
        others(
          fixture.replaceAll("=hook", "=hooks").replaceAll("-Dhook", "-Dhooks").replaceAll(",hook", ",hooks"),
          "hook",
          "user.c",
          NO_BUILD,
        ),
        [],
      );
    });
  }

  for (const [what, more, text] of [
    [
      "a macro that pastes a word of a table",
      '//- /list.c\n#define X(n) int hook_##n(void) { return 1; }\n#include "list.def"\n//- /list.def\nX(one)\n',
      /a macro .*list\.c/,
    ],
    [
      "a macro that pastes what the build names",
      "//- /list.c\n#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\nint CAT(PREFIX, _one)(void) { return 1; }\n//- /Makefile\nall:\n\tcc -DPREFIX=hook\n",
      /a macro .*list\.c/,
    ],
    [
      "a table that is included",
      '//- /list.c\n#include "hooks.tbl"\n//- /hooks.tbl\nint hook_one(void) { return 1; }\n',
      /list\.c includes hooks\.tbl, which is not read/,
    ],
  ] as const) {
    it(`is perhaps ${what}`, () => {
      const user =
        "extern int hook_one(void) __attribute__((weak));\nint user(void) { return hook_one ? hook_one() : 0; }";
      const fixture = `//- /user.c\n${user}\n${more}`;
      assert.match(others(fixture, "hook_one", "user.c").join(), text);
      assert.match(refusalOf(fixture, "hook_one"), text);
    });
  }

  it("is perhaps a macro that puts its name together", () => {
    const list = "//- /list.c\n#define X(n) int hook_##n(void) { return 1; }\n#define LIST(M) M(one) M(two)\nLIST(X)\n";
    assert.deepEqual(others(`${user("hook_one")}${list}`, "hook_one", "user.c"), [
      "unread: a macro puts its name together at list.c:3 and may define it",
    ]);
    assert.deepEqual(others(`${user("hook_three")}${list}`, "hook_three", "user.c"), []);
  });

  it("is perhaps a source that the build has yet to make", () => {
    const { program } = loadFixture(
      parseFixture(`${user("hook_one")}//- /list.c\n#include "gen/hooks.inc"\n#include "gen/config.h"\n`).files,
    );
    for (const path of ["gen/hooks.inc", "gen/config.h"]) (program.texts as KnownTexts).supply(path, undefined);
    assert.deepEqual(
      whoMayDefine("hook_one", "user.c", program).others.map(({ text }) => text),
      ["list.c includes gen/hooks.inc, which is not there and may define it"],
    );
  });

  it("is not known in a tree that is too large to be looked through", () => {
    const more = Array.from({ length: 2000 }, (_, i) => `//- /more/x${i}.h\nint x${i};\n`).join("");
    assert.match(
      others(`${user("hook_one")}${more}`, "hook_one", "user.c").join(),
      /^unread: the tree has more than 2000 files/,
    );
    assert.deepEqual(others(user("hook_one"), "hook_one", "user.c"), []);
  });

  it("is nobody where macros put other names together and headers are not there", () => {
    const user = "extern int hook(void) __attribute__((weak));\nint user(void) { return hook ? hook() : 0; }";
    const fixture = `//- /user.c\n#include "config.h"\n#include <any.tbl>\n${user}\n//- /list.c\n#define X(n) int my_##n(void) { return 1; }\n#include "other.tbl"\n//- /other.tbl\nX(hook)\n`;
    assert.deepEqual(others(fixture.replace("X(hook)", "X(hooks)"), "hook", "user.c"), []);
  });

  it("is perhaps what a file includes by a macro", () => {
    const declaration = "#include TABLE_FILE\nextern void hook(void) __attribute__((weak));";
    const fixture = `//- /user.c\n${declaration}\nvoid user(void) { if (hook) hook(); }\n`;
    assert.deepEqual(others(fixture, "hook", "user.c"), [
      "unread: user.c includes the file that TABLE_FILE names, which may define it",
    ]);
    assert.match(refusalOf(fixture, "hook"), /TABLE_FILE names/);
    assert.deepEqual(others(fixture.replace("TABLE_FILE", '"table.h"'), "hook", "user.c"), []);
  });

  for (const [declaration, path] of [
    ["extern void task_put(void *t) __ksym __weak;", "user.c"],
    ['extern void task_put(void *t) __attribute__((weak, section(".ksyms")));', "user.c"],
    ["extern int task_put(void *t) __attribute__((weak));", "prog.bpf.c"],
  ] as const) {
    it(`is what loads the program for ${declaration} in ${path}`, () => {
      const fixture = `//- /${path}\n${declaration}\nvoid user(void) { if (task_put) task_put(0); }\n`;
      assert.deepEqual(others(fixture, "task_put", path), ["load time: libbpf resolves it when the program is loaded"]);
      assert.match(messageOf(fixture, "task_put"), /libbpf resolves it/);
      assert.match(refusalOf(fixture, "task_put"), /libbpf resolves it/);
    });
  }
});
