/** Which arguments of macros are weak references, each fact by itself. */

import assert from "node:assert/strict";
import { wordsAt, writePlain } from "../../../server/src/features/hover.ts";
import { findReferences } from "../../../server/src/features/navigation.ts";
import { linkedNameAt } from "../../../server/src/features/symbol-at.ts";
import { findHiddenReferences } from "../../../server/src/linkage/symbols/hidden-references.ts";
import type { Program } from "../../../server/src/linkage/symbols/program.ts";
import { parseFixture } from "../../support/fixture.ts";
import { loadFixture } from "../../support/fixture-program.ts";

const GET = `//- /get.h
#define get(x) ({ extern typeof(x) x __attribute__((weak, visibility("hidden"))); &(x); })
#define get_second(how, x) (get(x) ?: how)
`;

/** The macros through which the files refer weakly to f. */
function macros(files: string): string[] {
  return findHiddenReferences("f", programOf(files)).map(({ macro }) => macro);
}

function programOf(files: string): Program {
  return loadFixture(parseFixture(GET + files).files).program;
}

const user = (body: string) => `//- /user.c\n#include "get.h"\nint f(int);\nvoid *user(int n)\n{\n\t${body}\n}\n`;

describe("hidden weak references", () => {
  it("are arguments that a macro declares weakly", () => {
    assert.deepEqual(macros(user("return get(f);")), ["get"]);
    assert.deepEqual(macros(user("return get( f );")), ["get"]);
  });

  it("are arguments that a macro passes on", () => {
    assert.deepEqual(macros(user("return get_second(call(n, 2), f);")), ["get_second"]);
    assert.deepEqual(
      macros(`//- /more.h\n#define more(f, ARGS...) ({ \\\n\tget_second(0, f); })\n${user("return more(f, 1);")}`),
      ["more"],
    );
  });

  it("are no other arguments, and no part of one", () => {
    assert.deepEqual(macros(user("return get_second(f, g);")), []);
    assert.deepEqual(macros(user("return get(f(1));")), []);
    assert.deepEqual(macros(user("return get(n + f);")), []);
    assert.deepEqual(macros(user("return other(f);")), []);
    assert.deepEqual(macros(user("return get(other(f));")), []);
  });

  it("are no locals, strings or comments", () => {
    assert.deepEqual(macros(user("int f = n;\n\treturn get(f);")), []);
    assert.deepEqual(macros(user('call("get(f)"); /* get(f) */ return f;')), []);
  });

  it("are none of a macro that declares its parameter strongly", () => {
    assert.deepEqual(
      macros(`//- /plain.h\n#define plain(x) ({ extern typeof(x) x; &(x); })\n${user("return plain(f);")}`),
      [],
    );
  });

  it("are told by hover, and are among the references", () => {
    const program = programOf(user("return get(f);"));
    const source = program.texts.source("user.c")!;
    const offset = source.slice(0, source.length).indexOf("(f)") + 1;
    const place = linkedNameAt("user.c", source, offset)!;
    assert.match(writePlain("f", wordsAt(place, "user.c", program)!), /Weak reference through get in user.c:5\./);
    assert.deepEqual(findReferences("f", "user.c", program, false), [
      { path: "user.c", span: { start: offset, end: offset + 1 } },
    ]);
  });
});
