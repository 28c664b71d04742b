import assert from "node:assert/strict";
import { factsOfAsm, factsOfAsmText } from "../../../server/src/linkage/facts/asm-facts.ts";
import type { SymbolFact } from "../../../server/src/linkage/facts/facts.ts";
import { dialectOfArchitecture } from "../../../server/src/syntax/asm/dialect.ts";
import { parseAsm } from "../../../server/src/syntax/asm/parse-asm.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";

function facts(text: string, architecture?: string) {
  const options = architecture === undefined ? {} : { dialect: dialectOfArchitecture(architecture) };
  return factsOfAsm(parseAsm(sourceOfText(text), options));
}

/** One line for each fact: name, role, binding, and what else is said. */
function summary(symbols: readonly SymbolFact[]): string[] {
  return symbols.map((fact) =>
    [
      fact.name,
      fact.role,
      fact.binding,
      fact.kind === "unknown" ? "" : fact.kind,
      fact.target === undefined ? "" : `-> ${fact.target}`,
      fact.visibility ?? "",
      fact.condition === "" ? "" : `if ${fact.condition}`,
      fact.inMacro === undefined ? "" : `in ${fact.inMacro}`,
    ]
      .filter((part) => part !== "")
      .join(" "),
  );
}

function check(text: string, expected: readonly string[], architecture?: string): void {
  assert.deepEqual(summary(facts(text, architecture).symbols), expected);
}

describe("assembly facts", () => {
  it("takes a label that .globl names for a strong definition, whatever their order", () => {
    check("\t.globl a, b\na:\tret\nb:\n", ["a definition strong", "b definition strong"]);
    check("a:\n.global a\n", ["a definition strong"]);
  });

  it("takes a label alone for a local definition, and leaves out numbers and .L names", () => {
    check("a:\n1:\n.Lx: nop\n2: .L3: nop\n", ["a definition local"]);
  });

  it("gives a weak definition, and a weak reference where no label stands", () => {
    check(".weak a, b\na: ret\n", ["b declaration weak", "a definition weak"]);
  });

  it("lets .weak win over .globl", () => {
    check(".globl a\n.weak a\na:\n", ["a definition weak"]);
    check(".weak a\n.globl a\na:\n", ["a definition weak"]);
  });

  it("places a fact on the name", () => {
    const text = "/* x */ .globl\tfoo\nfoo:\n";
    const fact = facts(text).symbols[0]!;
    assert.equal(text.slice(fact.start, fact.end), "foo");
    assert.equal(fact.start, text.lastIndexOf("foo"));
  });

  it("counts UTF-16 units", () => {
    const text = "/* 💥 */ foo: ret\n";
    const fact = facts(text).symbols[0]!;
    assert.equal(text.slice(fact.start, fact.end), "foo");
  });

  it("tells aliases from assignments", () => {
    check(".globl a\n.set a, b\nc = 0x10\nd = . - a\n", [
      "a alias strong -> b",
      "c assignment local",
      "d assignment local",
    ]);
    assert.equal(facts("c = 0x10\n").symbols[0]!.constantValue, "0x10");
  });

  it("reads .comm, .lcomm, .symver and .weakref", () => {
    check(".comm a, 4\n.lcomm b, 4\n.weakref c, d\ne:\n.globl e\n.symver e, e@@V1\n", [
      "a definition strong object",
      "b definition local object",
      "d declaration weak",
      "e definition strong",
      "e@V1 alias strong -> e",
    ]);
  });

  it("takes kind and visibility from wherever they stand", () => {
    check(".globl f\nf:\n.hidden f\n.type f, @function\n", ["f definition strong function hidden"]);
    check(".type o, %object\n.globl o\no: .long 1\n", ["o definition strong object"]);
    check("f: nop\n.type f STT_FUNC\n", ["f definition local function"]);
  });

  it("keeps the section that is current", () => {
    const symbols = facts(
      '.text\na:\n.section ".init.text","ax"\nb:\n.pushsection .data\nc:\n.popsection\nd:\n.previous\n',
    ).symbols;
    assert.deepEqual(
      symbols.map((fact) => fact.section),
      [".text", ".init.text", ".data", ".init.text"],
    );
  });

  it("separates statements as the dialect does, and knows its comments", () => {
    check("nop; a: nop; b: nop\n", ["a definition local", "b definition local"]);
    check("nop # x; a: nop\nb: nop\n", ["b definition local"], "x86");
    check("mov r0, #1; a: nop @ ; c: nop\n", ["a definition local"], "arm");
    check("nop ! a: nop ; b: nop\n", ["a definition local"], "parisc");
    check("nop // a: nop; b: nop\n", [], "arm64");
    check('.ascii "x; a: "\n', []);
  });

  it("takes a label out of no comment and no string", () => {
    check("/* a:\n b: */ c: nop\n# d: e\n// f: g\n", ["c definition local"]);
  });
});

describe("assembly facts of the kernel's annotations", () => {
  it("reads START, with LOCAL, WEAK and NOALIGN", () => {
    check(
      "SYM_FUNC_START(a)\nSYM_FUNC_START_WEAK(b)\nSYM_FUNC_START_LOCAL_NOALIGN(c)\nSYM_CODE_START(d)\nSYM_TYPED_FUNC_START(e)\n",
      [
        "a definition strong function",
        "b definition weak function",
        "c definition local function",
        "d definition strong",
        "e definition strong function",
      ],
    );
  });

  it("reads data, whose arguments may reach over lines", () => {
    check(
      "SYM_DATA(a,\n  .long 1;\n  .long 2)\nSYM_DATA_LOCAL(b, .quad a)\nSYM_DATA_START(c)\nSYM_DATA_END_LABEL(c, SYM_L_LOCAL, c_end)\n",
      [
        "a definition strong object",
        "b definition local object",
        "c definition strong object",
        "c_end definition local",
      ],
    );
  });

  it("reads inner labels and aliases by their linkage", () => {
    check(
      "SYM_INNER_LABEL(a, SYM_L_GLOBAL)\nSYM_INNER_LABEL(b, SYM_L_LOCAL)\nSYM_FUNC_ALIAS_WEAK(c, a)\nSYM_FUNC_ALIAS(d, a)\nSYM_ALIAS(e, a, SYM_L_WEAK)\n",
      ["a definition strong", "b definition local", "c alias weak -> a", "d alias strong -> a", "e alias weak -> a"],
    );
  });

  it("reads the older names, and takes ENTRY without an argument for no annotation", () => {
    check("ENTRY(a)\nENDPROC(a)\nWEAK(b)\nGLOBAL(c)\nEND(c)\n", [
      "a definition strong function",
      "b definition weak",
      "c definition strong",
    ]);
    check("ENTRY (a)\n", ["a definition strong"]);
  });

  it("reads what architectures have of their own, with their arguments", () => {
    check("_GLOBAL(a)\nLEAF(b)\nNESTED(c, 16, sp)\nEXPORT(d)\nENTRY_CFI(e,CALLS)\n", [
      "a definition strong function",
      "b definition strong function",
      "c definition strong function",
      "d definition strong",
      "e definition strong",
    ]);
  });

  it("collects exports", () => {
    assert.deepEqual(facts("EXPORT_SYMBOL(a)\nEXPORT_SYMBOL_GPL(b); EXPORT_SYMBOL_NS(c, N)\n").exports, [
      "a",
      "b",
      "c",
    ]);
  });

  it("prefers the file's own macro to the built-in reading", () => {
    check("#define ENTRY(n) .weak n; n:\nENTRY(a)\n", ["a definition weak"]);
  });
});

describe("assembly facts under conditions", () => {
  it("leaves what follows #if 1 and #elif 1 to nobody", () => {
    check("#ifdef A\na:\n#elif 1\nb:\n#else\nc:\n#endif\n", [
      "a definition local if defined(A)",
      "b definition local if !defined(A)",
    ]);
  });

  it("joins #if, #ifdef, #elif and #else", () => {
    check(
      "#ifdef A\na:\n#else\nb:\n#if X || Y\nc:\n#elif Z\nd:\n#endif\n#endif\ne:\n#ifndef B\nf:\n#else\ng:\n#endif\n",
      [
        "a definition local if defined(A)",
        "b definition local if !defined(A)",
        "c definition local if !defined(A) && (X || Y)",
        "d definition local if !defined(A) && !(X || Y) && Z",
        "e definition local",
        "f definition local if !defined(B)",
        "g definition local if defined(B)",
      ],
    );
  });

  it("leaves an include guard out", () => {
    check("#ifndef G_H\n#define G_H\na:\n#endif\n", ["a definition local"]);
  });

  it("notes the assembler's own conditions that it can't decide, and decides those it can", () => {
    check(".if CONFIG_A\na:\n.else\nb:\n.endif\n.if 1 == 2\nc:\n.else\nd:\n.endif\n.ifdef X\ne:\n.endif\n", [
      "a definition local if CONFIG_A",
      "b definition local if !CONFIG_A",
      "d definition local",
      "e definition local if defined(X)",
    ]);
  });

  it("gives includes with their condition", () => {
    const { includes } = facts('#include <linux/a.h>\n#ifdef X\n# include "b.S"\n#endif\n.include "c.inc"\n');
    assert.deepEqual(
      includes.map(({ path, angled, condition }) => ({ path, angled, condition })),
      [
        { path: "linux/a.h", angled: true, condition: "" },
        { path: "b.S", angled: false, condition: "defined(X)" },
        { path: "c.inc", angled: false, condition: "" },
      ],
    );
  });

  it("binds as the last of .globl and .local say, but lets .weak stay, and .local behind .comm does nothing", () => {
    check("\t.globl a\n\t.local a\na:\n", ["a definition local"]);
    check("\t.local a\n\t.globl a\na:\n", ["a definition strong"]);
    check("\t.weak a\n\t.local a\na:\n", ["a definition weak"]);
    check("\t.comm a, 4\n\t.local a\n", ["a definition strong object"]);
    check("\t.local a\n\t.comm a, 4\n", ["a definition local object"]);
  });

  it("gives a symbol another name where .symver takes the plain one away", () => {
    check("\t.globl a\n\t.symver a, b@@@V1\na:\n", ["b@V1 alias strong -> a"]);
    check("\t.globl a\n\t.symver a, b@V1, remove\na:\n", ["b@V1 alias strong -> a"]);
    check("\t.globl a\n\t.symver a, b@V1, local\na:\n", ["b@V1 alias strong -> a", "a definition local"]);
  });

  it("reads directives and macros in capitals", () => {
    check("\t.GLOBL a\n\t.Weak b\na:\nb:\n", ["a definition strong", "b definition weak"]);
    check("\t.MACRO Make n\n\t.global \\n\n\\n:\n\t.endm\n\tMAKE a\n", ["a definition strong"]);
  });

  it("decides .ifdef of what is defined above, and conditions that every assembly file answers alike", () => {
    check("k = 1\n\t.ifdef k\n\t.weak a\n\t.else\n\t.globl a\n\t.endif\na:\n", [
      "k assignment local",
      "a definition weak",
    ]);
    check("#ifndef __ASSEMBLER__\n\t.weak a\n#else\n\t.globl a\n#endif\na:\n", ["a definition strong"]);
    check("#if 0\n\t.weak a\n#endif\n\t.globl a\na:\n", ["a definition strong"]);
    check("\t.if 'a == 97\n\t.globl a\n\t.endif\na:\n", ["a definition strong"]);
  });

  it("takes a semicolon for a comment beside instructions of AVR", () => {
    check("\t.globl a\na:\trjmp a ; b: .globl b\n", ["a definition strong"]);
  });
});

describe("assembly facts through macros", () => {
  it("reads labels that a call names, and macros handed to a macro", () => {
    check("#define CAT(a, b) a ## b\n#define C(x) CAT(__, x)\n\t.weak C(f)\nC(f):\n", ["__f definition weak"]);
    check("#define ONE(x) .weak x ; x: ;\n#define EACH(X) X(f) X(g)\nEACH(ONE)\n", [
      "f definition weak",
      "g definition weak",
    ]);
  });

  it("puts arguments into strings of a macro's body", () => {
    check('\t.macro make n\n\t.globl "\\n"\n"\\n":\n\t.endm\n\tmake f\n\tmake "g"\n', [
      "f definition strong",
      "g definition strong",
    ]);
  });

  it("expands #define with arguments, pasting and conditions of each definition", () => {
    check("#define F(x) .globl f_##x; f_##x:\nF(a)\n", ["f_a definition strong"]);
    check("#ifdef W\n#define N wide\n#else\n#define N narrow\n#endif\nENTRY(N)\n", [
      "wide definition strong if defined(W)",
      "narrow definition strong if !defined(W)",
    ]);
  });

  it("takes what the compiler puts before C's names for nothing", () => {
    check(
      "#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\n#define FUNCTION(x) CAT(__USER_LABEL_PREFIX__, x)\n.weak FUNCTION(atexit)\n",
      ["atexit declaration weak"],
    );
  });

  it("expands .macro with positional, named and default arguments", () => {
    check(
      ".macro f name, suffix=x, bind=1\n.if \\bind\n.globl \\name\\()_\\suffix\n.endif\n\\name\\()_\\suffix:\n.endm\nf a\nf b, y\nf name=c bind=0\n",
      ["a_x definition strong", "b_y definition strong", "c_x definition local"],
    );
  });

  it("puts an argument's name where the argument stands", () => {
    const text = ".macro f n\n.globl \\n\n\\n:\n.endm\nf foo\n";
    const fact = facts(text).symbols[0]!;
    assert.deepEqual([fact.start, fact.end], [text.indexOf("foo"), text.indexOf("foo") + 3]);
  });

  it("marks what a macro's body names in full", () => {
    check(".macro f\n.globl a\na:\n.endm\n#define G .weak b\n", [
      "a definition strong in f",
      "b declaration weak in G",
    ]);
  });

  it("repeats .irp, .irpc and .rept, and decides .if within", () => {
    check(".irp n, a, b\n.globl \\n\n\\n:\n.endr\n.irpc c, 12\nx\\c:\n.endr\n", [
      "a definition strong",
      "b definition strong",
      "x1 definition local",
      "x2 definition local",
    ]);
    check("i = 0\n.rept 2\n.if i == 1\na:\n.endif\ni = i + 1\n.endr\n", ["i assignment local", "a definition local"]);
  });

  it("survives macros that call themselves or never end", () => {
    check(".macro a\n.globl z\na\na\n.endm\na\nb:\n", [
      "z declaration strong in a",
      "z declaration strong",
      "b definition local",
    ]);
    check("#define A(x) A(x) .globl x\nA(q)\nb:\n.macro never\nc:\n", [
      "b definition local",
      "c definition local in never",
    ]);
  });

  it("uses macros of headers that are handed in", () => {
    const header = parseAsm(sourceOfText("#define LEAF(s) .globl s; s:\n.macro proc n\n.weak \\n\n\\n:\n.endm\n"));
    const file = parseAsm(sourceOfText("LEAF(a)\nproc b\n"), {
      macros: {
        cpp: (name) => header.defines.find((define) => define.name === name),
        gas: (name) => header.gasMacros.find((macro) => macro.name === name),
      },
    });
    assert.deepEqual(summary(factsOfAsm(file).symbols), ["a definition strong", "b definition weak"]);
  });

  it("reports macros that bind", () => {
    const { macros } = facts("#define A(x) .weak x\n#define B 1\n#define C(x) SYM_FUNC_START(x)\n");
    assert.deepEqual(
      macros.map(({ name, isWeak, words }) => ({ name, isWeak, words })),
      [
        { name: "A", isWeak: true, words: [".weak"] },
        { name: "C", isWeak: false, words: ["SYM_FUNC_START"] },
      ],
    );
  });
});

describe("facts of file-scope asm strings", () => {
  it("reads statements parted by newlines and semicolons, all at the string's place", () => {
    const symbols = factsOfAsmText("\t.weak sys_x\n\t.set sys_x, sys_ni\n.globl a; a: ret", {
      start: 10,
      end: 50,
      condition: "defined(X)",
    });
    assert.deepEqual(summary(symbols), [
      "sys_x alias weak -> sys_ni if defined(X)",
      "a definition strong if defined(X)",
    ]);
    assert.deepEqual([symbols[0]!.start, symbols[0]!.end], [10, 50]);
  });
});

describe("any input", () => {
  it("neither throws nor hangs on bytes of all kinds", () => {
    const pieces = [
      "#define A(x",
      ".macro ",
      "\\",
      '"',
      "/*",
      ".if",
      ".rept 9",
      "\n",
      "SYM_FUNC_START(",
      ":",
      "'",
      "##",
      ".endm",
      "x",
      " ",
    ];
    let seed = 7;
    for (let round = 0; round < 300; round++) {
      let text = "";
      for (let i = 0; i < 60; i++) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        text += pieces[seed % pieces.length]!;
      }
      assert.ok(facts(text).symbols.length >= 0);
    }
  });

  it("bounds what expansions make", () => {
    const doublings = Array.from({ length: 30 }, (_, i) => `#define M${i}(x) M${i + 1}(x) M${i + 1}(x)`).join("\n");
    const named = (text: string) => facts(text).symbols.map((fact) => fact.name);
    assert.ok(named(`${doublings}\n#define M30(x) .globl x;\nM0(a)\nb:\n`).includes("b"));
    assert.deepEqual(named(`${".rept 1000000\n".repeat(5)}.globl a\n${".endr\n".repeat(5)}b:\n`), ["b"]);
    const nested = `${"#if A\n".repeat(20000)}a:\n`;
    assert.equal(facts(nested).symbols.length, 1);
  });
});
