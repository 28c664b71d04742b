import assert from "node:assert/strict";
import type { CFile } from "../../../server/src/syntax/c/tree.ts";
import { annotations, parse, textOf, without } from "./read.ts";

/** Every attribute and word of a file, by name. */
function find(file: CFile, name: string) {
  for (const declaration of file.declarations) {
    const lists = [declaration, ...declaration.declarators].flatMap((part) => [part.attributes, part.words]);
    for (const one of lists.flat()) if (one.name === name) return one;
  }
  return assert.fail(`no ${name}`);
}

function withoutAnnotation(text: string, name: string): string {
  return without(text, find(parse(text), name).removal);
}

describe("attributes and annotation words", () => {
  const cases: Record<string, string[]> = {
    "extern int x __attribute__((weak));": ["weak"],
    "__attribute__((weak)) int x;": ["weak"],
    "int __attribute__((__weak__)) x;": ["weak"],
    'int x __attribute__((weak, section(".a,b"), aligned(8)));': ["weak", 'section(".a,b")', "aligned(8)"],
    "int *__attribute__((weak)) x;": ["weak"],
    "[[gnu::weak]] int x;": ["weak"],
    "int x [[gnu::weak, __gnu__::__unused__]];": ["weak", "unused"],
    "int x __attribute__((weak)) __attribute((used));": ["weak", "used"],
    'void f(void) __attribute__((weak, alias("g")));': ["weak", 'alias("g")'],
    "asmlinkage __visible void __init f(void) {}": ["asmlinkage", "__visible", "__init"],
    'int __section(".rodata") x __weak;': ['__section(".rodata")', "__weak"],
    "void f(void) __weak __alias(g);": ["__weak", "__alias(g)"],
    "char * __weak x __aligned(8);": ["__weak", "__aligned(8)"],
    "void (*__weak x)(void);": ["__weak"],
    "int x __attribute__(());": [],
    "int x __attribute__(WEAK);": ["WEAK"],
    'int x asm("y") __weak;': ["__weak"],
  };
  for (const [text, wanted] of Object.entries(cases)) it(text, () => assert.deepEqual(annotations(text), wanted));

  it("belong to the declarator behind whose name they stand, and to the declaration otherwise", () => {
    const [declaration] = parse("extern __init int a __weak, __unused *b __attribute__((used));").declarations;
    assert.deepEqual(
      declaration!.words.map(({ name }) => name),
      ["__init"],
    );
    const [a, b] = declaration!.declarators;
    assert.deepEqual([a!.words.map(({ name }) => name), b!.words.map(({ name }) => name)], [["__weak"], ["__unused"]]);
    assert.deepEqual(
      b!.attributes.map(({ name }) => name),
      ["used"],
    );
  });

  it("have the span of their name and arguments", () => {
    const text = 'int x __attribute__((weak, __section__ (".x")));';
    assert.equal(textOf(text, find(parse(text), "section")), '__section__ (".x")');
  });
});

describe("taking an annotation away", () => {
  const cases: [string, string, string][] = [
    ["extern int x __weak;", "__weak", "extern int x;"],
    ["extern int __weak x;", "__weak", "extern int x;"],
    ["__weak int x;", "__weak", "int x;"],
    ["extern int x __attribute__((weak));", "weak", "extern int x;"],
    ["extern int x __attribute__((weak, used));", "weak", "extern int x __attribute__((used));"],
    ["extern int x __attribute__((used, weak));", "weak", "extern int x __attribute__((used));"],
    ["extern int x __attribute__((a, weak, b));", "weak", "extern int x __attribute__((a, b));"],
    ["[[gnu::weak]] int x;", "weak", "int x;"],
    ["int f(int a,\n      int b)\n      __weak;\n", "__weak", "int f(int a,\n      int b);\n"],
    ['extern const int x\n__weak __section(".rodata");', "__weak", 'extern const int x __section(".rodata");'],
    ['extern int x __weak __section(".rodata");', "__section", "extern int x __weak;"],
    ["extern int x /* why */ __weak;", "__weak", "extern int x /* why */;"],
    ["extern int x // why\n  __weak;", "__weak", "extern int x // why\n;"],
    ["void __weak (*fp)(void);", "__weak", "void (*fp)(void);"],
    ["void (*__weak fp)(void);", "__weak", "void (* fp)(void);"],
  ];
  for (const [text, name, wanted] of cases) {
    it(text.replace(/\n/g, " ⏎ "), () => assert.equal(withoutAnnotation(text, name), wanted));
  }
});
