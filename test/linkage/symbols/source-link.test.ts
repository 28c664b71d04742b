/** Who wins links whose inputs a build's commands list, as sources tell: ld's rules, with archives, libraries and options. */

import assert from "node:assert/strict";
import { reportSymbol } from "../../../server/src/features/symbol-report.ts";
import type { BuildCommand, BuildCommands } from "../../../server/src/linkage/links/build-commands.ts";
import { overridesOf } from "../../../server/src/linkage/symbols/overrides.ts";
import type { Program } from "../../../server/src/linkage/symbols/program.ts";
import { parseToolCommands } from "../../../server/src/syntax/command/tool-command.ts";
import { parseFixture } from "../../support/fixture.ts";
import { loadFixture } from "../../support/fixture-program.ts";

/** The program of these files, of which every C file is compiled, and which these commands link in the folder build/. */
function load(fixture: string, ...lines: string[]): Program {
  const { files } = parseFixture(fixture);
  const place = { path: "build/build.ninja" };
  const compiled = files
    .filter(({ path }) => path.endsWith(".c"))
    .map(({ path }) => `cc -c ../${path} -o ${path.slice(0, -2)}.o`);
  const commands = [...compiled, ...lines].flatMap((line) =>
    parseToolCommands(line).map(({ command }): BuildCommand => ({ command, folder: "build", place })),
  );
  const builds: BuildCommands[] = [{ folder: "build", commands, isConfigured: true, path: place.path }];
  return loadFixture(files, "c", { compiled: undefined, named: [], builds }).program;
}

/** "strong hook.c": the outcome in the link `fw`, and the file that wins. */
function winner(name: string, program: Program): string {
  const unit = reportSymbol(name, program).linkUnits.find(({ link }) => link === "target fw");
  return [unit?.outcome ?? "not there", unit?.winner?.file ?? ""].join(" ").trim();
}

const MAIN = "//- /main.c\nint f(void);\nint main(void) { return f(); }\n";
const WEAK = "//- /weak.c\n__attribute__((weak)) int f(void) { return 0; }\n";
const STRONG = "//- /strong.c\nint f(void) { return 1; }\n";
const LINK = "cc -nostdlib -o fw main.o";

describe("who wins a link of sources", () => {
  it("is the strong one of two objects, and the first one of weak ones", () => {
    assert.equal(winner("f", load(MAIN + WEAK + STRONG, `${LINK} weak.o strong.o`)), "strong strong.c");
    const two = "//- /also.c\n__attribute__((weak)) int f(void) { return 2; }\n";
    assert.equal(winner("f", load(MAIN + WEAK + two, `${LINK} weak.o also.o`)), "weak weak.c");
    assert.equal(winner("f", load(MAIN + WEAK + two, `${LINK} also.o weak.o`)), "weak also.c");
  });

  it("is the one that the archive has which comes first", () => {
    const archives = ["ar qc liba.a weak.o", "ar qc libb.a strong.o"];
    assert.equal(winner("f", load(MAIN + WEAK + STRONG, ...archives, `${LINK} liba.a libb.a`)), "weak weak.c");
    assert.equal(winner("f", load(MAIN + WEAK + STRONG, ...archives, `${LINK} libb.a liba.a`)), "strong strong.c");
  });

  it("is a member that the script's ENTRY or EXTERN asks for, main where there are start files, and none where -e names another", () => {
    const archive = "ar qc libs.a start.o";
    const start = "//- /start.c\nvoid reset(void) { }\n";
    const other = "//- /other.c\nint other;\n";
    const script = (text: string) => `//- /fw.ld\n${text}\nSECTIONS { .text : { *(.text) } }\n`;
    const link = "ld -T ../fw.ld -o fw other.o libs.a";
    assert.equal(winner("reset", load(start + other + script("ENTRY(reset)"), archive, link)), "strong start.c");
    assert.equal(winner("reset", load(start + other + script("EXTERN(reset)"), archive, link)), "strong start.c");
    assert.equal(winner("reset", load(start + other + script(""), archive, link)), "null");
    const chosen = load(start + other + script("ENTRY(reset)"), archive, `${link} -e other`);
    assert.equal(winner("reset", chosen), "null");
    // What an expression names may be asked for, too.
    assert.equal(winner("reset", load(start + other + script("first = reset;"), archive, link)), "depends");
    const provided = script("PROVIDE(reset = 0);\nEXTERN(reset)");
    assert.equal(winner("reset", load(start + other + provided, archive, link)), "provided fw.ld");
    const program = "//- /start.c\nint main(void) { return 0; }\n";
    assert.equal(winner("main", load(program + other, archive, "cc -o fw other.o libs.a")), "strong start.c");
    assert.equal(
      winner("main", load(program + other, archive, "cc -nodefaultlibs -o fw other.o libs.a")),
      "strong start.c",
    );
    assert.equal(winner("main", load(program + other, archive, "cc -nostartfiles -o fw other.o libs.a")), "null");
  });

  it("is nothing where weak references alone are there, and the member may be taken where a file sees a strong declaration", () => {
    const archive = "ar qc libs.a strong.o";
    const user =
      '//- /f.h\n__attribute__((weak)) int f(void);\n//- /main.c\n#include "f.h"\nint main(void) { return f ? f() : 0; }\n';
    assert.equal(winner("f", load(user + STRONG, archive, `${LINK} libs.a`)), "null");
    const also = "//- /also.c\nint f(void);\nint also(void) { return f(); }\n";
    assert.equal(winner("f", load(user + STRONG + also, archive, `${LINK} also.o libs.a`)), "depends");
  });

  it("is no member that nothing asks for, unless the archive is taken whole or the name is demanded", () => {
    const archive = "ar qc libs.a strong.o";
    const link = `${LINK} weak.o`;
    assert.equal(winner("f", load(MAIN + WEAK + STRONG, archive, `${link} libs.a`)), "weak weak.c");
    const whole = `${link} -Wl,--whole-archive libs.a -Wl,--no-whole-archive`;
    assert.equal(winner("f", load(MAIN + WEAK + STRONG, archive, whole)), "strong strong.c");
    const anchored = `${STRONG}int anchor;\n`;
    assert.equal(winner("f", load(MAIN + WEAK + anchored, archive, `${link} -Wl,-u,anchor libs.a`)), "strong strong.c");
  });

  it("is the strong object behind an archive that the weak one was taken of", () => {
    const program = load(MAIN + WEAK + STRONG, "ar qc libw.a weak.o", `${LINK} libw.a strong.o`);
    assert.equal(winner("f", program), "strong strong.c");
  });

  it("is the strong one beside one that its own file's assembly weakens", () => {
    const weakened = '//- /weak.c\n__asm__(".weak f");\nint f(void) { return 0; }\n';
    assert.equal(winner("f", load(MAIN + weakened + STRONG, `${LINK} weak.o strong.o`)), "strong strong.c");
  });

  it("knows an included script as a part of the links of those that INCLUDE it, and of others where one is in no known link", () => {
    const files =
      MAIN + STRONG + "//- /fw.ld\nINCLUDE part.ld\nSECTIONS { .text : { *(.text) } }\n//- /part.ld\nPROVIDE(x = 1);\n";
    const link = "ld -T ../fw.ld -o fw main.o strong.o";
    const { links } = load(files, link);
    assert.deepEqual([links.unitsOfScript("part.ld"), links.whyOpenAt("part.ld")], [["target fw"], []]);
    const other = load(`${files}//- /other.ld\nINCLUDE part.ld\nSECTIONS { .text : { *(.text) } }\n`, link);
    assert.equal(other.links.whyOpenAt("part.ld").length, 1);
  });

  it("hangs on what asks for a member where sources don't tell", () => {
    const unclear =
      "//- /main.c\nextern int f(void);\n#ifdef OPTIONAL\nextern int g(void) __attribute__((weak));\n#else\nextern int g(void);\n#endif\nint main(void) { return f() + g(); }\n";
    const asked = "//- /strong.c\nint f(void) { return 1; }\nint g(void) { return 1; }\n";
    const program = load(unclear + WEAK + asked, "ar qc libs.a strong.o", `${LINK} weak.o libs.a`);
    assert.equal(winner("f", program), "depends");
  });

  describe("with shared libraries", () => {
    const libraries = ["cc -shared -nostdlib -o liba.so weak.o", "cc -shared -nostdlib -o libb.so strong.o"];
    const files = MAIN + WEAK + STRONG;

    it("is what the first one has, weak or not", () => {
      assert.equal(winner("f", load(files, ...libraries, `${LINK} liba.so libb.so`)), "weak weak.c");
      assert.equal(winner("f", load(files, ...libraries, `${LINK} libb.so liba.so`)), "strong strong.c");
    });

    it("is an object's, before any library", () => {
      const own = "//- /own.c\n__attribute__((weak)) int f(void) { return 2; }\n";
      assert.equal(winner("f", load(files + own, ...libraries, `${LINK} own.o libb.so`)), "weak own.c");
    });

    it("is none that a version script keeps inside", () => {
      const map = "//- /lib.map\n{ global: g*; local: *; };\n";
      const hiding = "cc -shared -nostdlib -o liba.so weak.o -Wl,--version-script=../lib.map";
      assert.equal(winner("f", load(files + map, hiding, libraries[1]!, `${LINK} liba.so libb.so`)), "strong strong.c");
      const weakUser = "//- /main.c\nextern int f(void) __attribute__((weak));\nint main(void) { return f ? 1 : 0; }\n";
      assert.equal(winner("f", load(weakUser + WEAK + map, hiding, `${LINK} liba.so`)), "null");
      const shown = "//- /lib.map\n{ global: f; local: *; };\n";
      assert.equal(winner("f", load(files + shown, hiding, libraries[1]!, `${LINK} liba.so libb.so`)), "weak weak.c");
    });

    it("is none that is hidden", () => {
      const hidden = '//- /weak.c\n__attribute__((weak, visibility("hidden"))) int f(void) { return 0; }\n';
      assert.equal(
        winner("f", load(MAIN + hidden + STRONG, ...libraries, `${LINK} liba.so libb.so`)),
        "strong strong.c",
      );
    });
  });

  it("is the wrapper under --wrap, in whose place the wrapped one is not used", () => {
    const wrapper = "//- /wrap.c\nint __real_f(void);\nint __wrap_f(void) { return __real_f(); }\n";
    const program = load(MAIN + STRONG + wrapper, `${LINK} strong.o wrap.o -Wl,--wrap=f`);
    assert.equal(winner("f", program), "strong wrap.c");
    assert.equal(winner("__wrap_f", program), "strong wrap.c");
    assert.equal(winner("f", load(MAIN + STRONG, `${LINK} strong.o -Wl,--wrap=f`)), "missing");
  });

  it("takes the wrapper and what it wraps out of archives", () => {
    const wrapper = "//- /wrap.c\nint __real_f(void);\nint __wrap_f(void) { return __real_f(); }\n";
    const archives = ["ar qc libw.a wrap.o", "ar qc libs.a strong.o"];
    const program = load(MAIN + STRONG + wrapper, ...archives, `${LINK} libw.a libs.a -Wl,--wrap=f`);
    assert.equal(winner("f", program), "strong wrap.c");
  });

  it("is --defsym, whatever objects define", () => {
    const program = load(MAIN + WEAK, `${LINK} weak.o -Wl,--defsym=f=0x1000`);
    assert.equal(winner("f", program), "strong");
    const [unit] = reportSymbol("f", program).linkUnits.filter(({ link }) => link === "target fw");
    assert.deepEqual(unit?.notes, ["--defsym defines f"]);
  });

  it("is what the link's own script says, and no other one", () => {
    const scripts = "//- /a.ld\nSECTIONS { f = 1; }\n//- /b.ld\nSECTIONS { PROVIDE(f = 2); }\n";
    assert.equal(winner("f", load(MAIN + WEAK + scripts, `${LINK} weak.o -T ../a.ld`)), "strong a.ld");
    assert.equal(winner("f", load(MAIN + WEAK + scripts, `${LINK} weak.o -T ../b.ld`)), "weak weak.c");
    assert.equal(winner("f", load(MAIN + scripts, `${LINK} -T ../b.ld`)), "provided b.ld");
  });

  it("is the first strong one where several are allowed, else several are said", () => {
    const other = "//- /other.c\nint f(void) { return 2; }\n";
    assert.equal(winner("f", load(MAIN + STRONG + other, `${LINK} strong.o other.o`)), "several");
    const allowed = `${LINK} other.o strong.o -Wl,--allow-multiple-definition`;
    assert.equal(winner("f", load(MAIN + STRONG + other, allowed)), "strong other.c");
  });

  it("counts definitions that exclude each other as one", () => {
    const both = "//- /strong.c\n#ifdef X\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif\n";
    assert.equal(winner("f", load(MAIN + both, `${LINK} strong.o`)), "strong");
    const apart =
      "//- /strong.c\n#ifdef CONFIG_X\nint f(void) { return 1; }\n#endif\n//- /other.c\n#ifndef CONFIG_X\nint f(void) { return 2; }\n#endif\n";
    assert.equal(winner("f", load(MAIN + apart, `${LINK} strong.o other.o`)), "strong");
    const unrelated = apart.replaceAll("CONFIG_X", "X");
    assert.equal(winner("f", load(MAIN + unrelated, `${LINK} strong.o other.o`)), "several");
  });

  it("is the same for the lens", () => {
    const archives = ["ar qc liba.a weak.o", "ar qc libb.a strong.o"];
    const first = load(MAIN + WEAK + STRONG, ...archives, `${LINK} liba.a libb.a`);
    assert.deepEqual(overridesOf("f", "weak.c", first).strong, []);
    const linked = load(MAIN + WEAK + STRONG, `${LINK} weak.o strong.o`);
    assert.deepEqual(
      overridesOf("f", "weak.c", linked).strong.map(({ path }) => path),
      ["strong.c"],
    );
  });
});
