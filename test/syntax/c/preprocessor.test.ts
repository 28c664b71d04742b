import assert from "node:assert/strict";
import { declared, names, parse, textOf } from "./read.ts";

describe("directives in C", () => {
  it("#include names a path, quoted or angled", () => {
    const text = '#include <linux/a.h>\n# include "b.h" // c\n#include_next <c.h>\n#include MACRO(x)\n';
    const { includes } = parse(text);
    assert.deepEqual(
      includes.map(({ path, angled }) => [path, angled]),
      [
        ["linux/a.h", true],
        ["b.h", false],
        ["c.h", true],
      ],
    );
    assert.equal(textOf(text, includes[1]), '"b.h"');
  });

  it("#include is found in a body and among declarations", () => {
    assert.equal(parse('int f(void)\n{\n#include "body.h"\n}\n').includes.length, 1);
  });

  it("#pragma weak names a symbol, and its target", () => {
    const text = "#pragma weak f\n#pragma weak g = h\n#pragma once\n#pragma weak 3\n";
    const { weakPragmas } = parse(text);
    assert.deepEqual(
      weakPragmas.map(({ name, target }) => [name, target]),
      [
        ["f", undefined],
        ["g", "h"],
      ],
    );
    assert.equal(textOf(text, weakPragmas[1]), "g = h");
    assert.equal(textOf(text, weakPragmas[1]!.nameSpan), "g");
  });

  it("_Pragma says the same", () => {
    const { weakPragmas } = parse('_Pragma("weak x")\nint y;\n_Pragma("once")\n');
    assert.deepEqual(
      weakPragmas.map(({ name }) => name),
      ["x"],
    );
    assert.deepEqual(names('_Pragma("weak x") int y;'), ["y"]);
  });

  it("others are stepped over, whatever they hold", () => {
    assert.deepEqual(names("#error don't { ( \"\n#warning it's /* over\n two lines */\n#line 3\n#\nint x;"), ["x"]);
  });

  it("a # in the middle of a line is none", () => {
    assert.deepEqual(names("int f(void) { a #define X }\n; }\nint x;"), ["f", "x"]);
  });
});

describe("macros in C", () => {
  const kept = (text: string) => parse(text).defines.map(({ name }) => name);
  const define = (text: string) => parse(text).defines[0]!;

  it("are kept where they may speak of linkage", () => {
    assert.deepEqual(kept("#define W __attribute__((weak))"), ["W"]);
    assert.deepEqual(kept("#define W [[gnu::weak]]"), ["W"]);
    assert.deepEqual(kept("#define my_weak __weak"), ["my_weak"]);
    assert.deepEqual(kept('#define __init __section(".init.text") __cold'), ["__init"]);
    assert.deepEqual(kept("#define __printf(a, b) __format(printf, a, b)"), ["__printf"]);
    assert.deepEqual(kept("#define get(x) ({ extern int x; &x; })"), ["get"]);
    assert.deepEqual(kept('#define weaken(x) _Pragma("weak x")'), ["weaken"]);
  });

  it("are dropped where they cannot", () => {
    const text = [
      "#define N 0x10 /* extern */",
      "#define F(x) ((x) + 1)",
      '#define S "extern __attribute__((weak))"',
      "#define to_foo(x) container_of(x, struct foo, y)",
      "#define EMPTY",
      "#define SHIFT(x) (1 << x) // extern",
      "#define a.b",
    ].join("\n");
    assert.deepEqual(kept(text), []);
  });

  it("have parameters, over several lines too", () => {
    assert.deepEqual(define("#define F(a, \\\n b, ...) __attribute__((weak))").parameters, ["a", "b", "..."]);
    assert.deepEqual(define("#define F() __attribute__((weak))").parameters, []);
    assert.equal(define("#define F (a) __attribute__((weak))").parameters, undefined);
  });

  it("have their replacement's attributes and words", () => {
    const macro = define("#define F(s) __attribute__((weak, __section__(s))) __used notrace");
    assert.deepEqual(
      macro.attributes.map(({ name, argument }) => [name, argument]),
      [
        ["weak", undefined],
        ["section", "s"],
      ],
    );
    assert.deepEqual(
      macro.words.map(({ name }) => name),
      ["__used", "notrace"],
    );
    assert.equal(macro.isAnnotation, true);
  });

  it("end where their line does", () => {
    const text = "#define W __attribute__((weak)) \\\n  __used /* a\n b */ __cold\nint x;";
    const macro = define(text);
    assert.deepEqual(
      macro.words.map(({ name }) => name),
      ["__used", "__cold"],
    );
    assert.deepEqual(names(text), ["x"]);
  });

  it("that only declare something are no annotations", () => {
    assert.equal(define("#define F(x) ({ extern int x __attribute__((weak)); &x; })").isAnnotation, false);
  });

  it("show the declared name among words", () => {
    assert.deepEqual(names("#define my_attr __attribute__((unused))\nint my_attr x;\nint y my_attr;"), ["x", "y"]);
  });

  it("declare what their replacement declares", () => {
    const text = "#define T(name) extern void test_##name(void) __weak; \\\n\textern int fixed;\n";
    assert.deepEqual(declared(text), ["extern test_##name function block in T", "extern fixed plain block in T"]);
  });
});
