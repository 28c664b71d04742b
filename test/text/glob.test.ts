/** Patterns of paths: what they match, beside a well-known matcher, and that none costs more than its length times the path's. */

import assert from "node:assert/strict";
import picomatch from "picomatch";
import { readGlob } from "../../server/src/text/glob.ts";
import { createRandom } from "../support/random.ts";

function matches(pattern: string, path: string, syntax?: "make"): boolean {
  const glob = readGlob(pattern, syntax);
  assert.ok(typeof glob !== "string", `${pattern}: ${String(glob)}`);
  return glob.matches(path);
}

describe("patterns of paths", () => {
  const cases: Record<string, { readonly yes: string; readonly no: string }> = {
    "*.c": { yes: "a.c .c", no: "x/a.c a.cc" },
    "**/*.c": { yes: "a.c x/a.c x/.y/a.c", no: "a.h" },
    "x/**": { yes: "x x/a x/y/a.c", no: "xx/a y/x" },
    "*/**": { yes: "x/a x/y/a", no: "x" },
    "x/**/y": { yes: "x/y x/a/y x/a/b/y", no: "xy x/y/a" },
    "x{a,b/c}?": { yes: "xad xb/cd", no: "xa xb/c/d" },
    "@(a|b)c+(d)": { yes: "acd bcdd", no: "ac abcd" },
    "[!a-c]\\*": { yes: "d*", no: "a* dx" },
    "!x/**": { yes: "y", no: "x/a" },
    "{x": { yes: "{x", no: "x" },
  };
  for (const [pattern, { yes, no }] of Object.entries(cases)) {
    it(pattern, () => {
      for (const path of yes.split(" ")) assert.ok(matches(pattern, path), path);
      for (const path of no.split(" ")) assert.ok(!matches(pattern, path), path);
    });
  }

  it("of Makefiles know stars, marks and classes alone", () => {
    assert.ok(matches("{a,b}*[0-9]?.c", "{a,b}x7y.c", "make"));
    assert.ok(!matches("**/a.c", "x/y/a.c", "make"));
  });

  it("say the same as picomatch", () => {
    const pieces = ["a", "b", "ab", "*", "?", "/", "[ab]", "{a,b}", "{a,b/c}", "*.c", ".x", "/**", "**/", "@(a|b)"];
    const names = ["a", "b", "ab", "c", "a.c", ".x", "b.c"];
    const random = createRandom(7);
    const pick = (from: readonly string[], most: number, between: string) =>
      Array.from({ length: 1 + random(most) }, () => from[random(from.length)]!).join(between);
    let compared = 0;
    while (compared < 5000) {
      const pattern = pick(pieces, 5, "");
      // It reads `)?` and repeated `**` in a way of its own.
      if (/\/\/|^\/|\/$|\*\*[^/]|[^/]\*\*|\*\*\*|\*\*\/\*\*|\)\?/.test(pattern)) continue;
      const path = pick(names, 4, "/");
      assert.equal(matches(pattern, path), picomatch(pattern, { dot: true })(path), `${pattern} on ${path}`);
      compared++;
    }
  });

  it("cost their length times the path's at most", () => {
    const folder = "a".repeat(4000);
    assert.ok(!matches(`${"*a".repeat(400)}*b/**`, `${folder}/x.c`));
    assert.ok(!matches(`${"+(a|aa)".repeat(100)}b`, folder));
    assert.ok(!matches(`${"**/".repeat(300)}b`, "a/".repeat(1000)));
    assert.ok(!matches(`${"*a".repeat(400)}b`, folder, "make"));
  });

  it("are refused where they are too long or too deep", () => {
    assert.equal(readGlob("a".repeat(1001)), "it is longer than 1000 characters");
    assert.match(String(readGlob(`${"{a,".repeat(30)}b${"}".repeat(30)}`)), /nested/);
    assert.match(String(readGlob("!(a)")), /not supported/);
  });
});
