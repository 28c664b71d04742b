/** Facts of names that macros put together: by the part that is the macro's own, whatever stands around them. */

import assert from "node:assert/strict";
import { readFacts } from "../../../server/src/linkage/facts/extract.ts";
import { PASTING } from "../../../server/src/linkage/facts/facts.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

/** "own part: pattern of macro", in order. */
function pastes(path: string, text: string): string[] {
  return readFacts(path, sourceOfText(text))
    .handovers.filter(({ name }) => name.startsWith(PASTING))
    .map(({ name, macro, arguments: given }) => `${name.slice(PASTING.length)}: ${given[0]} of ${macro}`);
}

describe("names that macros put together", () => {
  const lines: readonly (readonly [string, string, readonly string[]])[] = [
    ["a.h", "#define CALL(n) hook_##n()\n", ["hook_: hook_##n of CALL"]],
    ["a.h", "#define HAS(n) (1 + (n ## _weak != 0))\n", ["_weak: n##_weak of HAS"]],
    ["a.h", "#define JOIN(a, b) a##b\n", [": a##b of JOIN"]],
    ["a.h", "#define MANY(...) do { x_ ## __VA_ARGS__; } while (0)\n", ["x_: x_##__VA_ARGS__ of MANY"]],
    ["a.h", '#define FIND(n) find("call hook_" #n "_end")\n', ["hook_: hook_##n##_end of FIND"]],
    ["a.h", "#define ONCE (hook_##probe)\n", ["hook_: hook_##probe of ONCE"]],
    ["a.h", '#define SAY(n) say("hook " #n)\n', []],
    ["a.h", "#define VALUE(n) ((n) * 0x10)\n", []],
    ["a.S", "\t.macro enter name\n\tcall \\name\\()_hook\n\t.endm\n", ["_hook: name##_hook of enter"]],
    ["a.S", "#define ENTER(n) call hook_##n\n", ["hook_: hook_##n of ENTER"]],
    ["a.cpp", "#define CALL(n) hook_##n()\n", ["hook_: hook_##n of CALL"]],
  ];
  for (const [path, text, expected] of lines) {
    it(`are facts of ${path}: ${text.trim().split("\n").join(" ")}`, () =>
      assert.deepEqual(pastes(path, text), expected));
  }
});
