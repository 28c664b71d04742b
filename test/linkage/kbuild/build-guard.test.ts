import assert from "node:assert/strict";
import { openKbuild } from "../../../server/src/linkage/kbuild/build-graph.ts";
import { type BuildGuard, buildGuardOf } from "../../../server/src/linkage/kbuild/build-guard.ts";
import { openWalk } from "../../../server/src/linkage/kbuild/build-walk.ts";
import { unitText } from "../../../server/src/linkage/kbuild/link-unit.ts";
import { describeGuard } from "../../../server/src/syntax/kbuild/describe-guard.ts";
import { type ConfigurationValue, type Guard, holds } from "../../../server/src/syntax/kbuild/guard.ts";
import { type SmallTree, smallTree } from "../../support/small-tree.ts";

function builds(path: string, tree: SmallTree = smallTree(), isWhole = false): readonly BuildGuard[] {
  return buildGuardOf(openWalk(openKbuild(tree, { architecture: "x86" })), path, isWhole ? "all" : []);
}

function described(path: string, isWhole = false): string[] {
  return builds(path, smallTree(), isWhole).map((build) => `${describeBuild(build)} (${build.reach})`);
}

/** Whether a file is built: in, as a module, not at all, or not known. */
type Decision = "y" | "m" | "n" | "unknown";

/** Decides a guard in a configuration. */
function decideGuard(guard: Guard, configuration: ConfigurationValue): "y" | "n" | "unknown" {
  const value = holds(guard, configuration);
  return value === undefined ? "unknown" : value ? "y" : "n";
}

/** Decides all ways in which a file is built: y wins over m, and what is known over what is not. */
function decideBuild(guards: readonly BuildGuard[], configuration: ConfigurationValue): Decision {
  let result: Decision = "n";
  for (const { guard, unit } of guards) {
    const decision = decideGuard(guard, configuration);
    if (decision === "y" && unit?.kind !== "module") return "y";
    if (decision === "y") result = "m";
    else if (decision === "unknown" && result === "n") result = "unknown";
  }
  return result;
}

/** "kernel/Makefile, obj-$(CONFIG_KALLSYMS), if CONFIG_KALLSYMS=y, in vmlinux": for people. */
function describeBuild({ unit, guard, listing }: BuildGuard): string {
  const parts: string[] = [];
  if (listing !== undefined) parts.push(listing.path, listing.variable);
  const condition = describeGuard(guard);
  if (condition !== "") parts.push(`if ${condition}`);
  if (unit !== undefined) parts.push(`in ${unitText(unit)}`);
  return parts.join(", ");
}

describe("which Makefile builds a file", () => {
  it("names the list, the guard and the link", () => {
    assert.deepEqual(described("kernel/fork.c"), ["kernel/Makefile, obj-y, in vmlinux (object)"]);
    assert.deepEqual(described("kernel/a.c"), [
      "kernel/Makefile, obj-$(CONFIG_A), if CONFIG_A=y, in vmlinux (object)",
      "kernel/Makefile, obj-$(CONFIG_A), if CONFIG_A=m, in module kernel/a (object)",
    ]);
  });

  it("adds the guards of the directories above", () => {
    assert.deepEqual(described("kernel/sub/deep.c"), [
      "kernel/sub/Makefile, obj-y, if CONFIG_A=y, in vmlinux (object)",
    ]);
  });

  it("takes composite objects apart", () => {
    assert.deepEqual(described("kernel/mix_a.c"), [
      "kernel/Makefile, mix-$(CONFIG_A), if CONFIG_T=y && CONFIG_A=y, in vmlinux (object)",
      "kernel/Makefile, mix-$(CONFIG_A), if CONFIG_T=m && CONFIG_A=y|m, in module kernel/mix (object)",
    ]);
  });

  it("builds no module out of obj-m where the directory is entered for what is built in alone", () => {
    assert.deepEqual(described("net/only.c"), ["net/Makefile, obj-m, if CONFIG_NET=y|m, in module net/only (object)"]);
  });

  it("tells members of libraries, whole with modules and by need without", () => {
    assert.deepEqual(described("lib/ctype.c"), [
      "lib/Makefile, lib-y, if CONFIG_MODULES, in vmlinux (object)",
      "lib/Makefile, lib-y, if !CONFIG_MODULES, in vmlinux (archive)",
    ]);
    assert.deepEqual(described("lib/sort.c"), ["lib/Makefile, obj-y, in vmlinux (object)"]);
  });

  it("uses what the architecture's Makefile exports", () => {
    assert.deepEqual(described("arch/x86/kernel/head_32.S"), [
      "arch/x86/kernel/Makefile, obj-y, if CONFIG_X86_32, in vmlinux (object)",
    ]);
    assert.deepEqual(described("arch/x86/kernel/head_64.S"), [
      "arch/x86/kernel/Makefile, obj-y, if !CONFIG_X86_32, in vmlinux (object)",
    ]);
  });

  it("follows rules to what is linked apart: vDSOs, boot code, host programs", () => {
    assert.deepEqual(described("arch/x86/vdso/time.c"), [
      "arch/x86/vdso/Makefile, vobjs-y, in vdso arch/x86/vdso/vdso.so.dbg (object)",
    ]);
    assert.deepEqual(described("arch/x86/vdso/vma.c"), ["arch/x86/vdso/Makefile, obj-y, in vmlinux (object)"]);
    assert.deepEqual(described("arch/x86/boot/main.c"), [
      "arch/x86/boot/Makefile, setup-y, in boot arch/x86/boot/setup.elf (object)",
    ]);
    assert.deepEqual(described("scripts/helper.c"), [
      "scripts/Makefile, tool-objs, in host program scripts/tool (object)",
    ]);
  });

  it("finds what a Makefile elsewhere lists only when the whole tree is read", () => {
    assert.deepEqual(described("net/far.c"), []);
    assert.deepEqual(described("net/far.c", true), ["kernel/sub/Makefile, obj-y, if CONFIG_A=y, in vmlinux (object)"]);
  });

  it("says nothing of files that are not listed, and of headers", () => {
    assert.deepEqual(described("kernel/unlisted.c"), []);
    assert.deepEqual(described("kernel/a.h"), []);
  });

  it("reads the Makefiles above the file alone", () => {
    const tree = smallTree();
    builds("kernel/sub/deep.c", tree);
    assert.deepEqual(tree.read.sort(), [
      "Kbuild",
      "Makefile",
      "arch/x86/Makefile",
      "kernel/Makefile",
      "kernel/sub/Makefile",
    ]);
  });
});

describe("where a Makefile lists a file", () => {
  it("gives the word, and the place for a line behind the assignment", () => {
    const tree = smallTree();
    const text = tree.files["kernel/Makefile"]!;
    const { listing } = builds("kernel/exit.c", tree)[0]!;
    assert.equal(listing?.path, "kernel/Makefile");
    assert.equal(text.slice(listing?.start, listing?.end), "exit.o");
    assert.equal(text.slice(listing?.insertAt).split("\n")[0], "obj-$(CONFIG_A) += a.o");
    assert.equal(listing?.variable, "obj-y");
    assert.equal(listing?.isConditional, false);
  });

  it("says when the assignment stands within ifdef", () => {
    assert.equal(builds("kernel/inner.c")[0]?.listing?.isConditional, true);
  });

  it("gives no word where the object's name is put together", () => {
    const { listing } = builds("arch/x86/kernel/head_64.S")[0]!;
    assert.equal(listing?.start, listing?.end);
  });
});

describe("deciding in a configuration", () => {
  const decide = (path: string, values: Readonly<Record<string, string>>) =>
    decideBuild(builds(path), (symbol) => values[symbol]);

  it("tells y, m and n apart", () => {
    assert.equal(decide("kernel/t.c", { CONFIG_T: "y" }), "y");
    assert.equal(decide("kernel/t.c", { CONFIG_T: "m" }), "m");
    assert.equal(decide("kernel/t.c", {}), "n");
    assert.equal(decide("kernel/sub/deep.c", { CONFIG_A: "y" }), "y");
  });

  it("does not guess what hangs on a compiler", () => {
    const tree = smallTree({ "kernel/Makefile": "ifneq ($(call cc-option,-x),)\nobj-y += fork.o\nendif\n" });
    assert.equal(
      decideBuild(builds("kernel/fork.c", tree), () => undefined),
      "unknown",
    );
  });

  it("says the same with the configuration given as with it left open", () => {
    const values: Readonly<Record<string, string>> = { CONFIG_A: "y", CONFIG_T: "m", CONFIG_MODULES: "y" };
    const configuration = (symbol: string) => values[symbol];
    const tree = smallTree();
    const given = openWalk(openKbuild(tree, { architecture: "x86", configuration }));
    const open = openWalk(openKbuild(tree, { architecture: "x86" }));
    for (const path of Object.keys(tree.files)) {
      assert.equal(
        decideBuild(buildGuardOf(given, path, "all"), configuration),
        decideBuild(buildGuardOf(open, path, "all"), configuration),
        path,
      );
    }
  });
});
