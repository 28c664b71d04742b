import assert from "node:assert/strict";
import { reportSymbol } from "../../../server/src/features/symbol-report.ts";
import { overridesOf } from "../../../server/src/linkage/symbols/overrides.ts";
import type { Program } from "../../../server/src/linkage/symbols/program.ts";
import { loadFixture } from "../../support/fixture-program.ts";
import { smallTree } from "../../support/small-tree.ts";

function open(more: Readonly<Record<string, string>>): Program {
  const { files } = smallTree({
    "arch/sh/Makefile": "",
    "arch/sh/Kbuild": "obj-y += kernel/\n",
    "arch/sh/kernel/Makefile": "obj-y += setup.o\n",
    "arch/sh/kernel/setup.c": "",
    ...more,
  });
  return loadFixture(Object.entries(files).map(([path, text]) => ({ path, text }))).program;
}

/** Each unit with its outcome and the file that wins. */
function outcomes(name: string, program: Program): string[] {
  return reportSymbol(name, program).linkUnits.map(({ unit, outcome, winner }) =>
    [unit, outcome, ...(winner === undefined ? [] : [winner.file])].join(": "),
  );
}

function guards(path: string, program: Program) {
  return program.links.membershipsOf(path).map(({ unit, reach, guard }) => ({ unit, reach, guard }));
}

describe("files that others include as source", () => {
  it("have the links of the files that include them", () => {
    const program = open({ "kernel/fork.c": '#include "rt.c"\n', "kernel/rt.c": "int only_here;\n" });
    assert.deepEqual(program.links.unitsOf("kernel/rt.c"), ["vmlinux"]);
    assert.deepEqual(outcomes("only_here", program), ["vmlinux: strong: kernel/rt.c"]);
    assert.deepEqual(guards("kernel/rt.c", program), [{ unit: "vmlinux", reach: "object", guard: [] }]);
  });

  it("have them through other sources and headers", () => {
    const program = open({
      "arch/x86/boot/main.c": '#include "all.c"\n',
      "arch/x86/boot/all.c": '#include "all.h"\n',
      "arch/x86/boot/all.h": '#include "../../../lib/far/deep.c"\n',
      "lib/far/deep.c": "int deep;\n",
    });
    assert.deepEqual(outcomes("deep", program), ["boot arch/x86/boot/setup.elf: strong: lib/far/deep.c"]);
  });

  it("are not asked of the files on the way, which have no object", () => {
    const program = open({
      "kernel/fork.c": '#include "all.c"\n',
      "kernel/all.c": '#include "rt.c"\n',
      "kernel/rt.c": "",
    });
    assert.deepEqual(guards("kernel/rt.c", program), [{ unit: "vmlinux", reach: "object", guard: [] }]);
  });

  it("have them besides their own", () => {
    const program = open({
      "lib/sort.c": "int sort;\n",
      "arch/x86/boot/main.c": '#include "../../../lib/sort.c"\n',
      "arch/x86/vdso/time.c": "extern int sort;\n",
    });
    assert.deepEqual(program.links.unitsOf("lib/sort.c"), ["vmlinux", "boot arch/x86/boot/setup.elf"]);
    assert.deepEqual(outcomes("sort", program).slice(0, 2), [
      "vmlinux: strong: lib/sort.c",
      "boot arch/x86/boot/setup.elf: strong: lib/sort.c",
    ]);
  });

  it("are no part of a link that the including file is no part of", () => {
    const program = open({
      "arch/x86/boot/main.c": '#include "copy.c"\n',
      "arch/x86/boot/copy.c": "",
      "arch/x86/boot/both.c": "",
    });
    const { canLink } = program.links;
    assert.equal(canLink("arch/x86/boot/copy.c", "kernel/fork.c"), false);
    assert.equal(canLink("arch/x86/boot/copy.c", "arch/x86/boot/main.c"), true);
    assert.equal(canLink("kernel/fork.c", "arch/x86/boot/copy.c"), false);
  });

  it("are part of it on the architectures whose files include them", () => {
    const program = open({
      "arch/x86/vdso/vma.c": '#include "../../../lib/shared.c"\n',
      "lib/shared.c": "int shared;\n",
      "kernel/fork.c": "extern int shared;\n",
    });
    assert.deepEqual(outcomes("shared", program), [
      "vmlinux (x86): strong: lib/shared.c",
      "vmlinux (arm, sh): missing",
    ]);
  });

  it("are part of it under the condition of the #include line", () => {
    const program = open({
      "arch/arm/Kconfig": "config ARM_ONLY\n\tbool\n",
      "kernel/fork.c":
        '#ifdef CONFIG_ARM_ONLY\n#include "rt.c"\n#endif\nextern int rt;\n#if 0\n#include "never.c"\n#endif\n',
      "kernel/rt.c": "int rt;\n",
      "kernel/never.c": "",
      "kernel/exit.c": '#if IS_ENABLED(CONFIG_T)\n#include "t.inc.c"\n#endif\n',
      "kernel/t.inc.c": "",
    });
    assert.deepEqual(outcomes("rt", program), ["vmlinux (arm): strong: kernel/rt.c", "vmlinux (sh, x86): missing"]);
    assert.equal(reportSymbol("rt", program).linkUnits[0]?.winner?.condition, "defined(CONFIG_ARM_ONLY)");
    const [membership] = guards("kernel/rt.c", program);
    assert.deepEqual(membership, { unit: "vmlinux", reach: "object", guard: ["CONFIG_ARM_ONLY"] });
    assert.deepEqual(program.links.unitsOf("kernel/never.c"), []);
    assert.equal(guards("kernel/t.inc.c", program)[0]?.guard, undefined);
  });

  it("are not known to be linked where one of the including files is not", () => {
    const program = open({
      "lib/sort.c": "",
      "kernel/unlisted.c": '#include "../lib/sort.c"\n',
      "tools/thing/main.c": '#include "../../kernel/fork.c"\n',
    });
    assert.deepEqual(guards("lib/sort.c", program), []);
    assert.deepEqual(guards("kernel/fork.c", program), []);
    assert.deepEqual(program.links.unitsOf("kernel/fork.c"), ["vmlinux", "tools tools/thing"]);
  });

  it("may include themselves, as templates", () => {
    const program = open({ "kernel/fork.c": '#ifndef AGAIN\n#define AGAIN\n#include "fork.c"\n#endif\n' });
    assert.deepEqual(program.links.translationUnitsOf("kernel/fork.c"), [{ path: "kernel/fork.c", condition: "" }]);
  });

  it("override weak definitions of the link that they are part of", () => {
    const program = open({
      "kernel/exit.c": "int __attribute__((weak)) f(void) { return 0; }\n",
      "arch/x86/boot/main.c": '#include "copy.c"\n',
      "arch/x86/boot/copy.c": "int f(void) { return 1; }\n",
      "arch/x86/vdso/vma.c": '#include "part.c"\n',
      "arch/x86/vdso/part.c": "int f(void) { return 2; }\n",
    });
    const { strong, architectures } = overridesOf("f", "kernel/exit.c", program);
    assert.deepEqual([strong.map(({ path }) => path), architectures], [["arch/x86/vdso/part.c"], ["x86"]]);
  });

  it("define nothing for a unit that makes them static", () => {
    const program = open({
      "lib/sort.c": "STATIC int unpack(void) { return 1; }\n",
      "include/mm.h": "#ifndef STATIC\n#define STATIC\n#endif\n",
      "arch/x86/boot/main.c": '#define STATIC static\n#include "../../../lib/sort.c"\n',
      "arch/x86/vdso/time.c": '#ifdef CONFIG_A\n#define STATIC static\n#endif\n#include "../../../lib/sort.c"\n',
    });
    assert.deepEqual(outcomes("unpack", program), [
      "vmlinux: strong: lib/sort.c",
      "vdso arch/x86/vdso/vdso.so.dbg: strong: lib/sort.c",
    ]);
  });

  it("belong to the targets that a compile database has for the including files", () => {
    const links = {
      compiled: [
        { source: "app.c", object: "CMakeFiles/app.dir/app.c.o" },
        { source: "tool.c", object: "CMakeFiles/tool.dir/tool.c.o" },
      ],
      named: [],
    };
    const files = [
      { path: "app.c", text: '#include "part.c"\nint main(void) { return 0; }\n' },
      { path: "tool.c", text: "int main(void) { return 0; }\n" },
      { path: "part.c", text: "int part;\n" },
    ];
    const { links: build } = loadFixture(files, "c", links).program;
    assert.deepEqual(build.unitsOf("part.c"), ["target app"]);
    assert.equal(build.canLink("part.c", "tool.c"), false);
    assert.equal(build.canLink("part.c", "app.c"), true);
  });
});
