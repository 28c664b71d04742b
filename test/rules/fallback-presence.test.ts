/** When a strong definition is taken to be there wherever a symbol is used, by the conditions of both. */

import assert from "node:assert/strict";
import { files, fixesOf } from "../support/apply-fix.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { KERNEL } from "../support/kernel-fixture.ts";

/** The title of the fix, for a definition and a use under these #if lines, in files that are always built. */
function titleFor(definition: string, use: string, makefile = "obj-y += def.o user.o\n"): string {
  const fixture = `${KERNEL}//- /drivers/Makefile
//- /kernel/Makefile
${makefile}//- /kernel/f.h
extern int f(void) __attribute__((weak));
//- /kernel/def.c
${definition}
int f(void) { return 1; }
#endif
//- /kernel/user.c
#include "f.h"
${use}
int t(void) { return f ? f() : 0; }
#endif
`;
  const [fix] = fixesOf(loadFixture(files(fixture)), "f");
  return fix?.refusal ?? fix?.title ?? "";
}

const ALWAYS_THERE = /^Make f strong: it is always defined/;

describe("a strong definition", () => {
  for (const [definition, use] of [
    ["#if 1", "#if 1"],
    ["#ifdef CONFIG_B", "#ifdef CONFIG_B"],
    ["#if IS_ENABLED(CONFIG_B)", "#ifdef CONFIG_B"],
    ["#if CONFIG_B", "#if defined(CONFIG_A) && defined(CONFIG_B)"],
    ["#ifdef CONFIG_B", "#if !(CONFIG_A || !IS_BUILTIN(CONFIG_B))"],
    ["#if defined(CONFIG_A) || defined(CONFIG_B)", "#if defined(CONFIG_B)"],
    ["#ifndef CONFIG_B", "#if !IS_ENABLED(CONFIG_B) && !defined(CONFIG_B)"],
  ] as const) {
    it(`under ${definition} is always there under ${use}`, () => {
      assert.match(titleFor(definition, use), ALWAYS_THERE);
    });
  }

  for (const [definition, use] of [
    ["#ifdef CONFIG_B", "#if 1"],
    ["#ifdef CONFIG_B", "#if defined(CONFIG_A) && CONFIG_B\n#else"],
    ["#ifdef CONFIG_B", "#if FOO || CONFIG_A && CONFIG_B"],
    ["#ifdef CONFIG_B", "#if FOO ? CONFIG_B : CONFIG_A"],
    ["#ifdef CONFIG_B", "#if IS_ENABLED(CONFIG_B)"],
    ["#ifdef CONFIG_B", "#if CONFIG_C\n#elif CONFIG_B\n#else"],
    ["#if defined(CONFIG_B) && FOO", "#if defined(CONFIG_B) && FOO"],
    ["#if CONFIG_B == 2", "#ifdef CONFIG_B"],
  ] as const) {
    it(`under ${definition} may be missing under ${use.replaceAll("\n", " ")}`, () => {
      assert.doesNotMatch(titleFor(definition, use), ALWAYS_THERE);
    });
  }

  it("that the build leaves out with its user is there wherever the user is", () => {
    const makefile = "obj-$(CONFIG_EFI) += user.o\nobj-$(CONFIG_EFI) += def.o\n";
    assert.match(titleFor("#if 1", "#if 1", makefile), ALWAYS_THERE);
    assert.match(titleFor("#ifdef CONFIG_EFI", "#if 1", makefile), ALWAYS_THERE);
    assert.doesNotMatch(titleFor("#ifdef CONFIG_B", "#if 1", makefile), ALWAYS_THERE);
  });
});
