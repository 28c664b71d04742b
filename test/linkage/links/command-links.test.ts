/** The links that a build's commands make: what is in them, by what, and which of them are closed. */

import assert from "node:assert/strict";
import type { BuildCommand, BuildCommands } from "../../../server/src/linkage/links/build-commands.ts";
import { describeReasons } from "../../../server/src/linkage/links/link.ts";
import type { Links } from "../../../server/src/linkage/links/links.ts";
import { parseToolCommands } from "../../../server/src/syntax/command/tool-command.ts";
import { fixesOf } from "../../support/apply-fix.ts";
import { parseFixture } from "../../support/fixture.ts";
import { type FixtureProgram, loadFixture } from "../../support/fixture-program.ts";

/** A build in the folder build/ that runs these lines. */
function build(lines: readonly string[]): BuildCommands {
  const place = { path: "build/build.ninja" };
  const commands = lines.flatMap((line) =>
    parseToolCommands(line).map(({ command }): BuildCommand => ({ command, folder: "build", place })),
  );
  return { folder: "build", commands, isConfigured: true, path: place.path };
}

function load(fixture: string, lines: readonly string[]): FixtureProgram {
  return loadFixture(parseFixture(fixture).files, "c", { compiled: undefined, named: [], builds: [build(lines)] });
}

const SOURCES = "//- /app.c\nint a;\n//- /hook.c\nint h;\n//- /start.c\nint main(void) { return 0; }\n";
const COMPILED = ["app", "hook", "start"].map((name) => `cc -c ../${name}.c -o ${name}.o`);

function linksOf(...lines: string[]): Links {
  return load(SOURCES, [...COMPILED, ...lines]).program.links;
}

describe("the links of a build's commands", () => {
  const twoArchives = [
    "ar qc libcore.a app.o",
    "ar qc libover.a hook.o",
    "cc -nostdlib -o fw start.o libcore.a -L. -lover",
  ];

  it("follow objects and archives to sources", () => {
    const links = linksOf(...twoArchives);
    assert.deepEqual(links.unitsOf("hook.c"), ["target fw"]);
    assert.deepEqual(links.membershipsOf("hook.c"), [{ unit: "target fw", reach: "archive", guard: undefined }]);
    assert.equal(links.membershipsOf("start.c")[0]?.reach, "object");
    assert.deepEqual(
      links.linkOf("target fw")?.inputs?.map(({ kind }) => kind),
      ["object", "archive", "archive"],
    );
    assert.deepEqual(links.whyOpen("target fw"), []);
  });

  it("take all of a whole archive, and what a partial link combined", () => {
    assert.equal(
      linksOf("ar qc l.a app.o", "ld -o fw start.o --whole-archive l.a").membershipsOf("app.c")[0]?.reach,
      "object",
    );
    const links = linksOf("ld -r -o both.o app.o hook.o", "ld -o fw start.o both.o");
    assert.deepEqual(
      links.all().map(({ unit }) => unit),
      ["target fw"],
    );
    assert.deepEqual(links.unitsOf("hook.c"), ["target fw"]);
  });

  it("meet only where one link has both", () => {
    const links = linksOf("cc -nostdlib -o one start.o app.o", "cc -nostdlib -o two start.o hook.o");
    assert.equal(links.canLink("app.c", "hook.c"), false);
    assert.equal(links.mayMeet("app.c", "start.c"), true);
    assert.equal(links.mayMeet("app.c", "unlisted.c"), true);
  });

  const open: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["a C library", ["cc -o fw start.o"], /fw is linked with the C library/],
    ["a C library's archive", ["cc -static -o fw start.o"], /fw is linked with the C library/],
    ["a library of elsewhere", ["cc -nostdlib -o fw start.o -lfoo"], /fw is linked with -lfoo$/],
    [
      "several",
      ["cc -o fw start.o -lc -lm -lfoo -lgcc -lbar -lfoo"],
      /fw is linked with the C library, -lfoo and -lbar$/,
    ],
    [
      "a shared library of the tree",
      ["cc -shared -nostdlib -o libx.so app.o", "cc -nostdlib -o fw start.o -L. -lx"],
      /shared library libx\.so/,
    ],
    ["an archive of elsewhere", ["cc -nostdlib -o fw start.o ../pre/built.a"], /built\.a, which is made elsewhere/],
    [
      "an object of elsewhere",
      ["cc -nostdlib -o fw start.o blob.o"],
      /blob\.o, which is linked into fw, is made of no file/,
    ],
    ["a list that is not there", ["cc -nostdlib -o fw start.o @objects"], /@objects is linked into fw/],
    ["a script that is not there", ["ld -T gone.ld -o fw start.o"], /gone\.ld of fw is not read/],
    ["symbols of another program", ["ld -R rom.elf -o fw start.o"], /takes symbols of build\/rom\.elf/],
  ];
  for (const [what, lines, reason] of open) {
    it(`are open for ${what}`, () => assert.match(describeReasons(linksOf(...lines).whyOpenAt("start.c")), reason));
  }

  it("are open for a shared library itself, and for a library that nothing links", () => {
    assert.match(
      describeReasons(linksOf("cc -shared -nostdlib -o l.so app.o").whyOpenAt("app.c")),
      /what loads l\.so may define/,
    );
    assert.match(
      describeReasons(linksOf("ar qc l.a app.o").whyOpenAt("app.c")),
      /links l\.a into nothing that is known/,
    );
    assert.match(describeReasons(linksOf().whyOpenAt("app.c")), /compiles app\.c and links it into nothing/);
    assert.match(describeReasons(linksOf("ld -o fw start.o").whyOpenAt("other.c")), /does not build other\.c/);
  });

  it("need nobody but the compiler for its own library", () => {
    assert.deepEqual(linksOf("cc -nostdlib -o fw start.o -lgcc").whyOpen("target fw"), []);
  });

  it("know which scripts they are given", () => {
    const links = load(`${SOURCES}//- /a.ld\nx = 1;\n//- /b.ld\nx = 2;\n`, [...COMPILED, "ld -T ../a.ld -o fw start.o"])
      .program.links;
    assert.deepEqual(links.unitsOfScript("a.ld"), ["target fw"]);
  });
});

describe("a fix in a build's link", () => {
  const user =
    "//- /user.c\nextern int hook(void) __attribute__((weak));\nint user(void) { return hook ? hook() : 0; }\n";
  const compiled = ["cc -c ../user.c -o user.o", "cc -c ../hook.c -o hook.o"];
  const fix = (more: string, ...lines: string[]) => fixesOf(load(user + more, [...compiled, ...lines]), "hook")[0]!;
  const hook = "//- /hook.c\nint hook(void) { return 1; }\n";

  it("is made where the link is closed; of one configuration nothing is always defined", () => {
    const { refusal, title } = fix(hook, "ld -o fw user.o hook.o");
    assert.equal(refusal, undefined);
    assert.match(title, /weak fallback/);
  });

  it("says that the symbol is always defined where the description chooses nothing", () => {
    const { title } = fix(`${hook}//- /CMakeLists.txt\nadd_executable(fw user.c hook.c)\n`, "ld -o fw user.o hook.o");
    assert.match(title, /always defined/);
    const choice = "option(A)\nif(A)\nadd_executable(fw user.c hook.c)\nendif()\n";
    assert.doesNotMatch(fix(`${hook}//- /CMakeLists.txt\n${choice}`, "ld -o fw user.o hook.o").title, /always defined/);
  });

  it("is refused with the C library, in an archive, in two links, with link-time optimization", () => {
    assert.match(fix(hook, "cc -o fw user.o hook.o").refusal!, /target fw: fw is linked with the C library/);
    assert.match(fix(hook, "ar qc l.a hook.o", "ld -o fw user.o l.a").refusal!, /in an archive/);
    assert.match(
      fix(hook, "ld -o one user.o", "ld -o two user.o hook.o").refusal!,
      /no build file is known to list user\.c for each of its links/,
    );
    assert.match(fix("", "ld -flto -o fw user.o").refusal!, /optimized when it is linked/);
  });
});
