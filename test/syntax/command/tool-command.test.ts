/** Commands that compile, archive and link. */

import assert from "node:assert/strict";
import { type LinkingCommand, parseToolCommands } from "../../../server/src/syntax/command/tool-command.ts";

function link(command: string): LinkingCommand {
  const [found] = parseToolCommands(command);
  assert.equal(found?.command.kind, "link");
  return found.command as LinkingCommand;
}

const inputs = (command: string) => link(command).inputs.map(({ path, kind }) => `${kind} ${path}`);

describe("the command of a link", () => {
  it("has its inputs in order", () => {
    assert.deepEqual(inputs("gcc -o fw a.o main.c -L. -lcore -l m libx.a liby.so.1 fw.ld @objects"), [
      "object a.o",
      "source main.c",
      "library core",
      "library m",
      "archive libx.a",
      "shared liby.so.1",
      "script fw.ld",
      "list @objects",
    ]);
  });

  it("opens the lists that can be read", () => {
    const [found] = parseToolCommands("ld -o x @l", (path) => (path === "l" ? "a.o 'b c.o'" : undefined));
    assert.ok(found?.command.kind === "link");
    assert.deepEqual(
      found.command.inputs.map(({ path }) => path),
      ["a.o", "b c.o"],
    );
  });

  it("says what holds for an input", () => {
    const states = link(
      "ld -o x --start-group a.a b.a --end-group --whole-archive c.a --no-whole-archive --as-needed -Bstatic -lz",
    ).inputs;
    assert.deepEqual(
      states.map(({ group, isWhole, isAsNeeded, isStatic }) => [group, isWhole, isAsNeeded, isStatic]),
      [
        [1, false, false, false],
        [1, false, false, false],
        [0, true, false, false],
        [0, false, true, true],
      ],
    );
  });

  const options: readonly (readonly [string, Partial<LinkingCommand>])[] = [
    [
      "gcc -nostdlib -static -Wl,-u,anchor,--wrap=alloc -Wl,--defsym,x=1 -T a.ld -Wl,-e,go -o f a.o",
      {
        hasStandardLibraries: false,
        isStatic: true,
        undefined: ["anchor"],
        wrap: ["alloc"],
        defined: [{ name: "x", value: "1" }],
        scripts: ["a.ld"],
        entry: "go",
        output: "f",
      },
    ],
    [
      "ld.lld -uhook -Ta.ld --version-script=v.map --dynamic-list d --gc-sections -z muldefs -o f a.o",
      {
        linker: "lld",
        undefined: ["hook"],
        scripts: ["a.ld"],
        versionScripts: ["v.map"],
        dynamicLists: ["d"],
        collectsGarbage: true,
        allowsMultipleDefinitions: true,
        hasStandardLibraries: false,
      },
    ],
    [
      "clang -shared -fuse-ld=gold -flto=thin -Wl,-R,other.elf -o f.so a.o",
      { isShared: true, linker: "gold", isLto: true, justSymbols: ["other.elf"], hasStandardLibraries: true },
    ],
    [
      "gcc -nostartfiles -Xlinker -Map -Xlinker f.map -o f a.o",
      { hasStandardLibraries: true, hasStartFiles: false, map: "f.map" },
    ],
    ["gcc -r -o f.o a.o b.o", { isPartial: true, hasStandardLibraries: false }],
    ["gcc -nolibc -o f a.o -lgcc", { hasStandardLibraries: false }],
    ["gcc -MMD -MF x.d -I inc -include c.h -o f a.c", { hasStandardLibraries: true }],
  ];
  for (const [command, expected] of options) {
    it(`says what it says: ${command}`, () => assert.deepEqual({ ...link(command), ...expected }, link(command)));
  }
});

describe("other commands", () => {
  const kinds = (command: string) =>
    parseToolCommands(command).map(({ command: found, folder }) => `${found.kind} ${folder}`);

  it("compile, archive, and stand in lists, behind launchers and in folders", () => {
    assert.deepEqual(kinds("cd sub && ccache arm-none-eabi-gcc-12 -O2 -c a.c -o a.o && ar rcs lib.a a.o"), [
      "compile sub",
      "archive sub",
    ]);
    assert.deepEqual(kinds("rm -f lib.a; @LC_ALL=C gcc-ar -rc lib.a x.o; ranlib lib.a"), ["archive "]);
    assert.deepEqual(kinds("as -o a.o a.s"), ["compile "]);
  });

  it("are nothing where a tool is an argument", () => {
    assert.deepEqual(kinds("echo cc -o a b.o"), []);
    assert.deepEqual(kinds("ar t lib.a"), []);
    assert.deepEqual(kinds("gcc --version"), []);
  });

  /** What generators write into their builds besides what is built. */
  const GENERATED = [
    "cd /b && /usr/bin/cmake -E echo No\\ interactive\\ CMake\\ dialog\\ available.",
    "/usr/bin/cmake --regenerate-during-build -S/a -B/a/b",
    "cmake -E rm -f liba.a",
    "/usr/bin/ninja -t clean",
    "/usr/bin/meson --internal regenerate /a /a/b",
    "meson test --no-rebuild",
  ];

  const unread: readonly (readonly [string, readonly string[], string])[] = [
    ["./link.sh fw.elf a.o lib.a", ["a.o", "lib.a"], "script"],
    ["sh tools/link.sh a.o", ["a.o"], "script"],
    ["mylink -o fw main.c", ["main.c"], "files"],
    ["-o fw a.o", ["a.o"], "files"],
    ["@if test -f x; then gcc -o fw a.o; fi", ["a.o"], "files"],
    ["(cd sub && mylink a.o)", ["a.o"], "files"],
    ["sh -c 'gcc -o fw a.o'", ["a.o"], "files"],
    ["for f in a.o b.o; do ld -o $f.elf c.o; done", ["$f.elf", "c.o"], "files"],
    ["scons -j4", [], "anything"],
    ["make -f other.mk", [], "anything"],
    ["cmake --build out", [], "anything"],
    ["cmake -P link.cmake", [], "anything"],
    ["cmake -E env A=b mylink a.o", ["a.o"], "files"],
    ["meson compile -C out", [], "anything"],
    ["meson --internal exe --capture log -- mylink a.o", ["a.o"], "files"],
    ["ninja -C out", [], "anything"],
    ["'\"\\", [], "files"],
  ];
  for (const [command, files, reach] of unread) {
    it(`are not read, and may link: ${command}`, () => {
      const found = parseToolCommands(command).map(({ command: one }) => one);
      assert.equal(found.length, 1);
      assert.ok(found[0]?.kind === "unread");
      assert.deepEqual(
        found[0].inputs.map(({ path }) => path),
        files,
      );
      assert.equal(found[0].reach, reach);
    });
  }

  for (const command of [
    "@echo a.o",
    "-rm -f a.o",
    "arm-none-eabi-objcopy -O binary a.o x",
    "make -C lib",
    "a=b.o",
    ...GENERATED,
  ]) {
    it(`link nothing: ${command}`, () => assert.deepEqual(parseToolCommands(command), []));
  }

  it("have no redirections among their inputs", () => {
    assert.deepEqual(inputs("gcc -o fw a.o > log 2> errors"), ["object a.o"]);
  });
});
