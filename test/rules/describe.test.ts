/** What findings say of who defines a symbol. */

import assert from "node:assert/strict";
import { loadFixture } from "../support/fixture-program.ts";

/** The message of the weak reference to `hook` in main.c, where hook.c is linked by these lines of a Makefile. */
function messageWith(
  makefile: string,
  definition = "int hook(void) { return 1; }",
  others: readonly { readonly path: string; readonly text: string }[] = [],
): string {
  const files = [
    { path: "Makefile", text: makefile },
    {
      path: "main.c",
      text: "extern int hook(void) __attribute__((weak));\nint _start(void) { return hook ? hook() : 0; }\n",
    },
    { path: "hook.c", text: `${definition}\n` },
    ...others,
  ];
  const findings = loadFixture(files, "c", { compiled: undefined, named: [] }).findings().get("main.c") ?? [];
  return findings.find(({ rule }) => rule === "weak-reference")!.message;
}

describe("the definition that a finding names", () => {
  it("is said to be in an archive where it is linked as a member alone: a weak reference takes nothing from it", () => {
    const archived = "fw: main.o lib.a\n\tld -o $@ main.o lib.a\nlib.a: hook.o\n\tar rcs $@ $^\n";
    assert.match(
      messageWith(archived),
      /defined strongly at hook\.c:1, in an archive, which a weak reference takes nothing from/,
    );
    const whole = "fw: main.o lib.a\n\tld -o $@ main.o --whole-archive lib.a\nlib.a: hook.o\n\tar rcs $@ $^\n";
    assert.doesNotMatch(messageWith(whole), /in an archive/);
    assert.doesNotMatch(messageWith("fw: main.o hook.o\n\tld -o $@ main.o hook.o\n"), /in an archive/);
  });

  it("that a header makes weak is said to be in an archive, too", () => {
    const makefile = "fw: main.o lib.a\n\tld -o $@ main.o lib.a\nlib.a: hook.o\n\tar rcs $@ $^\n";
    const messageOf = (text: string) =>
      loadFixture(
        [
          { path: "Makefile", text },
          { path: "hook.h", text: "__attribute__((weak)) int hook(void);\n" },
          { path: "main.c", text: '#include "hook.h"\nint _start(void) { return hook ? hook() : 0; }\n' },
          { path: "hook.c", text: '#include "hook.h"\nint hook(void) { return 1; }\n' },
        ],
        "c",
        { compiled: undefined, named: [] },
      )
        .findings()
        .get("hook.h")![0]!.message;
    assert.match(
      messageOf(makefile),
      /makes the definition in hook\.c:2 weak, and takes nothing from the archive that has it/,
    );
    assert.match(messageOf("fw: main.o hook.o\n\tld -o $@ main.o hook.o\n"), /in hook\.c:2 weak$/);
  });

  it("is said to be inline, where it is: it may make no symbol", () => {
    const makefile = "fw: main.o hook.o\n\tld -o $@ main.o hook.o\n";
    const message = messageWith(makefile, "inline int hook(void) { return 1; }");
    assert.match(message, /defined strongly at hook\.c:1, inline, which may make no symbol/);
    assert.doesNotMatch(messageWith(makefile), /inline/);
  });

  it("is the strong one, where there are weak ones besides", () => {
    const makefile = "fw: main.o hook.o weak.o\n\tld -o $@ main.o weak.o hook.o\n";
    const weak = { path: "weak.c", text: "int __attribute__((weak)) hook(void) { return 0; }\n" };
    const message = messageWith(makefile, undefined, [weak]);
    assert.match(message, /defined strongly at hook\.c:1/);
    assert.doesNotMatch(message, /weak\.c/);
  });
});
