/** Which names a word under a cursor stands for, where macros make names of what they are given. */

import assert from "node:assert/strict";
import { describedNames, writeNamesPlain } from "../../server/src/features/hover.ts";
import { type NamesAt, namesAt } from "../../server/src/features/names-at.ts";
import { namesMadeOf, wordMadeNames } from "../../server/src/features/names-made-of.ts";
import { findDefinitions } from "../../server/src/features/navigation.ts";
import { planSymbolRename, refusalOfMadeNames } from "../../server/src/features/symbol-rename.ts";
import type { Program } from "../../server/src/linkage/symbols/program.ts";
import { loadFixture } from "../support/fixture-program.ts";

/** The names at `<|>` in one of the files. */
function at(files: Readonly<Record<string, string>>): { readonly at: NamesAt | undefined; readonly program: Program } {
  const [path, marked] = Object.entries(files).find(([, text]) => text.includes("<|>"))!;
  const { program } = loadFixture(
    Object.entries(files).map(([path, text]) => ({ path, text: text.replace("<|>", "") })),
  );
  const source = program.texts.source(path)!;
  const isKnown = (name: string) => program.index.mentions(name).length > 0;
  return { at: namesAt(path, source, marked.indexOf("<|>"), program, isKnown), program };
}

/** "name: role" of each, "used" where the word is used. */
function names(macros: string, text: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  const found = at({ "m.h": macros, "a.c": `#include "m.h"\n${text}`, ...others }).at;
  return (found?.names ?? []).map(({ text: name, fact }) => `${name}: ${fact?.role ?? "used"}`);
}

const CALL = `#define CALL3(name, ...) CALLx(3, _##name, __VA_ARGS__)
#define CALLx(x, name, ...) META(name, x) long sys##name(int); long __do_sys##name(int) { return x; }
#define META(sname, nb) static const char *name_##sname = #sname;
`;

describe("the names at a place", () => {
  it("are all that a macro makes of what it is given", () => {
    assert.deepEqual(names(CALL, "CALL3(re<|>ad, int, fd)\n"), ["__do_sys_read: definition", "sys_read: declaration"]);
  });

  it("hold no other symbol of the word's name where it is only pasted", () => {
    const others = { "tools/b.c": "int read(int fd) { return fd; }\n" };
    assert.deepEqual(names(CALL, "CALL3(re<|>ad, int, fd)\n", others), [
      "__do_sys_read: definition",
      "sys_read: declaration",
    ]);
    const weak = '#define COND(name) asm(".weak sys_" #name "\\n.set sys_" #name ", sys_none")\n';
    assert.deepEqual(names(weak, "COND(fu<|>tex);\n", { "t/b.c": "int futex;\n" }), ["sys_futex: alias"]);
  });

  it("are the linker's names where a declaration has an asm label", () => {
    const label = 'int f(void) __asm__("g");\n';
    const use = {
      "m.h": label,
      "a.c": '#include "m.h"\nint main(void) { return f<|>(); }\n',
      "g.c": "int g(void) { return 1; }\n",
    };
    const found = at(use);
    assert.deepEqual(
      found.at?.names.map(({ text }) => text),
      ["g"],
    );
    assert.match(
      writeNamesPlain(
        found.at!,
        describedNames(found.at!, "a.c", found.program, () => ""),
      ),
      /^f is g to the linker, by its declaration in m\.h:1:5\.\n\ng: function, external linkage\n {2}Strong definition in g\.c:1/,
    );
    assert.deepEqual(
      at({ "m.h": 'int f<|>(void) __asm__("g");\n' }).at?.names.map(({ text }) => text),
      ["g"],
    );
    assert.match(refusalOfMadeNames(found.at!) ?? "", /The linker knows 'f' as 'g'/);
    assert.deepEqual(namesMadeOf("f", found.program).map(wordMadeNames), [
      "m.h:1:5: it is g to the linker, by its declaration",
    ]);
    // A variable of a function is not meant, nor what another declaration of the name leaves as it is.
    assert.equal(at({ "m.h": label, "a.c": "int main(void) { int f = 1; return f<|>; }\n" }).at, undefined);
  });

  it("are those of each argument that is part of a name", () => {
    const macros = "#define STUB(abi, name) long __##abi##_##name(void) { return 0; }\n";
    assert.deepEqual(names(macros, "STUB(x<|>64, read)\n"), ["__x64_read: definition"]);
    assert.deepEqual(names(macros, "STUB(x64, re<|>ad)\n"), ["__x64_read: definition"]);
  });

  it("are the word itself where the macro declares or uses it", () => {
    const per = "#define DEFINE_PER(type, name) __section type name\n";
    assert.deepEqual(names(per, "DEFINE_PER(struct data, da<|>ta);\n"), ["data: tentative"]);
    const init =
      "#define module_init(f) static inline void *__inittest(void) { return f; } int init(void) __attribute__((alias(#f)));\n";
    assert.deepEqual(names(init, "int start(void) { return 0; }\nmodule_init(sta<|>rt);\n"), ["start: used"]);
  });

  it("are used through other macros and functions", () => {
    const macros = "#define A(f) B(1, f)\n#define B(n, g) C(n, g)\n#define C(n, h) static int x##n = sizeof(h);\n";
    assert.deepEqual(names(macros, "int start;\nA(sta<|>rt)\n"), ["start: used"]);
  });

  it("are none where a macro makes a string or a name without linkage of it", () => {
    const macros =
      "#define NOTE(name) static const char note_##name[] = STR(name);\n#define STR(x) STR2(x)\n#define STR2(x) #x\n";
    assert.deepEqual(names(macros, "int start;\nNOTE(sta<|>rt)\n"), []);
  });

  it("are one of both where a macro makes an alias", () => {
    const macros = "#define weak_alias(old, new) extern __typeof(old) new __attribute__((weak, alias(#old)))\n";
    const text = (call: string) => `int a(void) { return 0; }\n${call}\n`;
    assert.deepEqual(names(macros, text("weak_alias(a, b<|>);")), ["b: alias"]);
    assert.deepEqual(names(macros, text("weak_alias(a<|>, b);")), ["a: used"]);
  });

  it("are told together, with the macro that makes them", () => {
    const { at: found, program } = at({ "m.h": CALL, "a.c": '#include "m.h"\nCALL3(re<|>ad, int, fd)\n' });
    const text = writeNamesPlain(
      found!,
      describedNames(found!, "a.c", program, () => ""),
    );
    assert.match(text, /^read is given to CALL3, which makes of it:\n\n__do_sys_read: strong definition of a function/);
    assert.match(text, /\n\nsys_read: declaration of a function/);
    assert.doesNotMatch(text, /Nothing in the tree defines it: it is made by a macro/);
  });

  it("lead from what calls them to the argument", () => {
    const { program } = at({ "m.h": CALL, "a.c": '#include "m.h"\nCALL3(re<|>ad, int, fd)\n', "b.c": "int x;\n" });
    const { definitions } = findDefinitions("__do_sys_read", "b.c", program);
    assert.deepEqual(definitions, [{ path: "a.c", span: { start: 21, end: 25 } }]);
  });

  it("are not renamed where they are made", () => {
    const { at: found, program } = at({
      "m.h": CALL,
      "a.c": '#include "m.h"\nCALL3(re<|>ad, int, fd)\n',
      "b.c": "long __do_sys_read(int);\nlong f(void) { return __do_sys_read(1); }\n",
    });
    assert.equal(
      refusalOfMadeNames(found!),
      "CALL3 makes '__do_sys_read' of 'read' here: another word would make another name.",
    );
    assert.deepEqual(planSymbolRename("__do_sys_read", "b.c", "other", program), {
      kind: "refusal",
      reason: "a.c:2: CALL3 makes '__do_sys_read' of what it is given there.",
    });
  });
});

describe("what macros make of a word", () => {
  it("is told of every call, with its place", () => {
    const { program } = loadFixture([
      { path: "m.h", text: CALL },
      { path: "a.c", text: '#include "m.h"\nCALL3(read, int, fd)\n' },
      { path: "b.c", text: '#include "m.h"\nint read;\n' },
    ]);
    const [made, ...others] = namesMadeOf("read", program);
    assert.deepEqual(others, []);
    assert.equal(wordMadeNames(made!), "a.c:2:7: CALL3 makes sys_read, __do_sys_read of it");
  });

  it("is said to be so on the architecture that has the macro", () => {
    const { at: found, program } = at({
      "arch/arm/include/asm/m.h": "#define CALL(name) long __arm_##name(void) { return 0; }\n",
      "a.c": "#include <asm/m.h>\nCALL(re<|>ad)\n",
    });
    const text = writeNamesPlain(
      found!,
      describedNames(found!, "a.c", program, () => ""),
    );
    assert.match(text, /__arm_read: strong definition of a function, external linkage, on arm\n/);
  });
});
