import assert from "node:assert/strict";
import type { FileFacts, SymbolFact } from "../../../server/src/linkage/facts/facts.ts";
import { factsOfLinkerScript } from "../../../server/src/linkage/facts/ld-facts.ts";
import { UNTOLD } from "../../../server/src/syntax/condition/condition.ts";
import { parseLinkerScript } from "../../../server/src/syntax/ld/parser.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

function factsOf(text: string, preprocessed = false): FileFacts {
  return factsOfLinkerScript(parseLinkerScript(sourceOfText(text), { preprocessed }));
}

function unexpanded(text: string): FileFacts {
  return factsOf(text, true);
}

function symbol(facts: FileFacts, name: string): SymbolFact {
  const found = facts.symbols.filter((each) => each.name === name);
  assert.equal(found.length, 1, `one fact of ${name} among ${facts.symbols.map((each) => each.name).join(" ")}`);
  return found[0]!;
}

function names(facts: FileFacts): string[] {
  return facts.symbols.map((each) => each.name);
}

describe("facts of linker scripts", () => {
  it("has assignments and what is provided, with the names' places", () => {
    const text = "a = 1;\nPROVIDE(b = .);\nHIDDEN(c = 2);\nPROVIDE_HIDDEN(d = c);\n";
    const facts = factsOf(text);
    assert.deepEqual(
      facts.symbols.map(({ name, role, visibility, binding }) => ({ name, role, visibility, binding })),
      [
        { name: "a", role: "assignment", visibility: undefined, binding: "strong" },
        { name: "b", role: "provide", visibility: undefined, binding: "strong" },
        { name: "c", role: "assignment", visibility: "hidden", binding: "strong" },
        { name: "d", role: "provide", visibility: "hidden", binding: "strong" },
      ],
    );
    for (const { name, start, end } of facts.symbols) assert.equal(text.slice(start, end), name);
  });

  it("leaves the location counter out", () => {
    assert.deepEqual(names(factsOf(". = 0x1000;\nSECTIONS { . = 4; .text : { . += 8; a = .; } }")), ["a"]);
  });

  it("knows a plain number from an expression", () => {
    const facts = factsOf("a = 0x10;\nb = (64K);\nc = 1 + 1;\nd = a;\n");
    assert.deepEqual(
      facts.symbols.map((each) => each.constantValue),
      ["0x10", "64K", undefined, undefined],
    );
    assert.equal(symbol(facts, "c").valueText, "1 + 1");
  });

  it("tells places from distances and numbers", () => {
    const facts = factsOf(
      "a = .;\nb = . + 4;\nc = ALIGN(8);\nd = . - a;\ne = ABSOLUTE(.);\nf = ALIGN(4, 8);\ng = a;\nh = . - 0x1000;\ni = 1;\n",
    );
    const places = facts.symbols.filter((each) => each.isPlace).map((each) => each.name);
    assert.deepEqual(places, ["a", "b", "c", "e", "h"]);
  });

  it("says in which output section an assignment stands", () => {
    const facts = factsOf("SECTIONS {\n  a = .;\n  .text : { b = .; }\n  OVERLAY : { .o1 { c = .; } }\n}\n");
    assert.equal(symbol(facts, "a").outputSection, undefined);
    assert.equal(symbol(facts, "b").outputSection, ".text");
    assert.equal(symbol(facts, "c").outputSection, ".o1");
  });

  it("takes quotes off names", () => {
    const text = 'PROVIDE("strange name" = 1);';
    const fact = symbol(factsOf(text), "strange name");
    assert.equal(text.slice(fact.start, fact.end), "strange name");
  });

  it("has the symbols that the script refers to", () => {
    const facts = factsOf("ENTRY(start)\nEXTERN(a b)\nx = y + SIZEOF(.text) + DEFINED(z) ? x : ORIGIN(ram);\n");
    assert.deepEqual(
      facts.references.map((each) => each.name),
      ["start", "a", "b", "y", "z", "x"],
    );
  });

  it("has what the script includes, at every level", () => {
    const facts = factsOf('INCLUDE a.ld\nMEMORY { INCLUDE "b.ld" }\nSECTIONS { INCLUDE c.ld\n .t : { INCLUDE d.ld } }');
    assert.deepEqual(
      facts.includes.map(({ path, angled }) => ({ path, angled })),
      ["a.ld", "b.ld", "c.ld", "d.ld"].map((path) => ({ path, angled: false })),
    );
  });
});

describe("facts of scripts before the preprocessor", () => {
  it("has the conditions, the include guard left out", () => {
    const facts = unexpanded(
      "#ifndef GUARD_H\n#define GUARD_H\n#ifdef A\na = 1;\n# if B > 1\nb = 1;\n# elif defined(C) || D\nc = 1;\n# else\nd = 1;\n# endif\n" +
        "#else\ne = 1;\n#endif\nf = 1;\n#endif /* GUARD_H */\n",
    );
    assert.deepEqual(
      facts.symbols.map(({ name, condition }) => `${name}: ${condition}`),
      [
        "a: defined(A)",
        "b: defined(A) && B > 1",
        "c: defined(A) && !(B > 1) && (defined(C) || D)",
        "d: defined(A) && !(B > 1) && !(defined(C) || D)",
        "e: !defined(A)",
        "f: ",
      ],
    );
  });

  it("finds the symbols that macros' bodies assign", () => {
    const facts = unexpanded(
      "#define NOTES\t\\\n\t.notes : AT(ADDR(.notes) - OFFSET) { \\\n\t\t__start_notes = .; \\\n\t\tKEEP(*(.note.*)) \\\n\t} NOTES_HEADERS\n",
    );
    const fact = symbol(facts, "__start_notes");
    assert.equal(fact.inMacro, "NOTES");
    assert.equal(fact.outputSection, ".notes");
    assert.equal(fact.isPlace, true);
  });

  it("keeps the parts of pasted names, and leaves parameters out", () => {
    const facts = unexpanded(
      "#define T(name, sym) __start_ ## name = .; sym = .; __##name##_end = .; NAME(name) = .;\n",
    );
    assert.deepEqual(names(facts), ["__start_##name", "__##name##_end"]);
  });

  it("finds what a macro's argument assigns, and whether the macro provides it", () => {
    const facts = unexpanded(
      "#ifdef P64\n#define PROVIDE32(x) PROVIDE(__unused__##x)\n#else\n#define PROVIDE32(x) PROVIDE(x)\n#endif\n" +
        "SECTIONS {\n PROVIDE32 (etext = .);\n KEEP_IT(a = .; *(.b))\n}\n",
    );
    assert.equal(symbol(facts, "etext").role, "provide");
    assert.equal(symbol(facts, "a").role, "assignment");
    assert.deepEqual(names(facts), ["etext", "a"]);
  });

  it("reads both branches where #else splits a section", () => {
    const facts = unexpanded(
      "SECTIONS {\n#ifdef A\n .text ALIGN(0) : {\n  a = .;\n#else\n .text : {\n  b = .;\n#endif\n  c = .;\n }\n d = .;\n}\n",
    );
    assert.deepEqual(
      facts.symbols.map(({ name, condition }) => `${name}: ${condition}`),
      ["a: defined(A)", "b: !defined(A)", "c: ", "d: "],
    );
  });

  it("takes no C for script", () => {
    const facts = unexpanded(
      "#ifndef __ASSEMBLY__\nstatic inline int f(void) { int x = 1; return x; }\n#else\na = 1;\n#endif\n#if 0\nb = 1;\n#endif\n",
    );
    assert.deepEqual(names(facts), ["a"]);
  });

  it("refers to symbols, not to macros", () => {
    const facts = unexpanded(
      "#define size 8\n. = ALIGN(PAGE_SIZE);\nx = start + size;\nALIAS(target);\nLIMIT = 1;\ny = LIMIT;\n",
    );
    assert.deepEqual(
      facts.references.map((each) => each.name),
      ["start", "target", "LIMIT"],
    );
  });

  it("has the headers that it includes", () => {
    const facts = unexpanded('#include <asm/page.h>\n#ifdef A\n#include "b.lds.h"\n#endif\n');
    assert.deepEqual(
      facts.includes.map(({ path, angled, condition }) => ({ path, angled, condition })),
      [
        { path: "asm/page.h", angled: true, condition: "" },
        { path: "b.lds.h", angled: false, condition: "defined(A)" },
      ],
    );
  });

  it("does not know whether a section with a constraint makes its assignments", () => {
    const facts = factsOf("SECTIONS { .a : ONLY_IF_RW { *(.a) x = .; } .b : { *(.b) y = .; } }");
    assert.deepEqual(
      facts.symbols.map(({ name, condition }) => [name, condition]),
      [
        ["x", UNTOLD.text],
        ["y", ""],
      ],
    );
  });
});
