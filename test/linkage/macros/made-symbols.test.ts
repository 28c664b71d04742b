import assert from "node:assert/strict";
import { readFacts } from "../../../server/src/linkage/facts/extract.ts";
import { createIndex } from "../../../server/src/linkage/index/stored-index.ts";
import { wordSignature } from "../../../server/src/linkage/index/word-signature.ts";
import { findMade } from "../../../server/src/linkage/macros/made-symbols.ts";
import type { Program } from "../../../server/src/linkage/symbols/program.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { loadFixture } from "../../support/fixture-program.ts";
import { smallTree } from "../../support/small-tree.ts";

function load(files: Readonly<Record<string, string>>): Program {
  return loadFixture(Object.entries(files).map(([path, text]) => ({ path, text }))).program;
}

/** "path binding role kind macro (condition)" of each mention. */
function brief(program: Program, name: string): string[] {
  return program.mentionsOf(name).map(({ path, fact, macro, architecture }) => {
    const where = architecture === undefined ? path : `${path}@${architecture}`;
    const binding = program.isWeak(fact) ? "weak" : fact.binding;
    const condition = fact.condition === "" ? "" : ` (${fact.condition})`;
    return `${where} ${binding} ${fact.role} ${fact.kind}${macro === undefined ? "" : ` ${macro}`}${condition}`;
  });
}

function madeIn(macros: string, text: string, name: string): string[] {
  return brief(load({ "m.h": macros, "a.c": text }), name);
}

describe("symbols that macros make", () => {
  it("are named by an argument", () => {
    const macros = "#define DEFINE_LOCK(name) struct lock name = LOCK_INIT(name)\n";
    assert.deepEqual(madeIn(macros, "DEFINE_LOCK(big);\n", "big"), ["a.c strong definition object DEFINE_LOCK"]);
  });

  it("are named by an array's name", () => {
    const macros = "#define DEFINE_LOCK(name) struct lock name\n";
    assert.deepEqual(madeIn(macros, "DEFINE_LOCK(all[COUNT]);\n", "all"), ["a.c strong tentative object DEFINE_LOCK"]);
  });

  it("are labels that the macro binds for its callers", () => {
    const macros = ".macro declare func\n.section .text.\\func\n.global \\func\n.endm\n";
    const program = load({ "m.S": macros, "a.S": '#include "m.S"\n\tdeclare a\na:\tnop\n\tdeclare b\n' });
    const said = (name: string) => program.mentionsOf(name).map(({ fact }) => `${fact.role} ${fact.binding}`);
    assert.deepEqual(["a", "b"].map(said), [["definition strong"], ["declaration strong"]]);
  });

  it("are names that a long macro of assembly puts together and hands on", () => {
    const macros = ".macro func _name\n.type \\_name, %function\n\\_name:\n.endm\n";
    const body = "mov x0, x1\nldr x1, [x2]\nstr x1, [x3]\nadd x0, x0, x1\nsub x0, x0, x1\norr x0, x1, x2\nret\n";
    const file = `#include "m.S"\n.global enable_el1\n.macro make el\nfunc enable_\\()el\\el\n${body}.endm\n\tmake 1\n`;
    const program = load({ "m.S": macros, "a.S": file });
    assert.deepEqual(
      program.definitionsOf("enable_el1").map(({ path, fact }) => `${path} ${fact.binding}`),
      ["a.S strong"],
    );
  });

  it("are labels that the macro leaves to its callers to bind", () => {
    const macros = ".macro func _name, _align=2\n.type \\_name, %function\n.align \\_align\n\\_name:\n.endm\n";
    const file = '#include "m.S"\n.weak a\n.globl b\nfunc a\nnop\nfunc b\nnop\nfunc c\nnop\n';
    const program = load({ "m.S": macros, "a.S": file });
    const defined = (name: string) => program.definitionsOf(name).map(({ path, fact }) => `${path} ${fact.binding}`);
    assert.deepEqual(["a", "b", "c"].map(defined), [["a.S weak"], ["a.S strong"], []]);
  });

  it("stand where the argument stands", () => {
    const macros = "#define DEFINE_LOCK(name) struct lock name = LOCK_INIT(name)\n";
    const [mention] = load({ "m.h": macros, "a.c": "DEFINE_LOCK(big);\n" }).definitionsOf("big");
    assert.deepEqual([mention?.fact.start, mention?.fact.end], [12, 15]);
  });

  it("are named by what is pasted to an argument", () => {
    const macros = "#define CALL(name) long sys_##name##_v2(void) { return 0; }\n";
    assert.deepEqual(madeIn(macros, "CALL(read)\n", "sys_read_v2"), ["a.c strong definition function CALL"]);
    assert.deepEqual(madeIn(macros, "CALL(read)\n", "sys_read"), []);
  });

  it("are made by another name of the macro, on its condition", () => {
    const macros = "#define MAKE_A(name) int a_##name = 1\n#ifdef X\n#define MAKE_B MAKE_A\n#endif\n";
    const made = ["a.c strong definition object MAKE_B (defined(X))"];
    assert.deepEqual(madeIn(macros, "MAKE_B(x);\n", "a_x"), made);
    const handed = `${macros}#define MAKE_C(name) MAKE_B(name##_c)\n`;
    const further = ["a.c strong definition object MAKE_C (defined(X))"];
    assert.deepEqual(madeIn(handed, "MAKE_C(x);\n", "a_x_c"), further);
  });

  it("are made by another name of a macro that hands its arguments on as they are", () => {
    const macros = "#define MAKE_A(name) int name = 1\n#define MAKE_B(name) MAKE_A(name)\n#define MAKE_C MAKE_B\n";
    assert.deepEqual(madeIn(macros, "MAKE_C(x);\n", "x"), ["a.c strong definition object MAKE_C"]);
  });

  it("are functions where the prototype's body stands behind the call", () => {
    const macros =
      "#define ENTRY(name) __visible void name(struct regs *regs)\n#define ENTRY_IST(name) ENTRY(ist_##name)\n";
    assert.deepEqual(madeIn(macros, "ENTRY(f)\n{\n}\n", "f"), ["a.c strong definition function ENTRY"]);
    assert.deepEqual(madeIn(macros, "ENTRY(f);\n", "f"), ["a.c strong declaration function ENTRY"]);
    assert.deepEqual(madeIn(macros, "ENTRY_IST(f)\n{\n}\n", "ist_f"), ["a.c strong definition function ENTRY_IST"]);
  });

  it("are declared where the body behind the call is another function's", () => {
    const macros =
      "#define ENTRY(name) void name(int regs)\n" +
      "#define DECLARED(name) ENTRY(name); void do_##name(int regs)\n" +
      "#define DEFINED(name) ENTRY(name) { do_##name(regs); } static void do_##name(int regs)\n";
    assert.deepEqual(madeIn(macros, "DECLARED(f)\n{\n}\n", "f"), ["a.c strong declaration function DECLARED"]);
    assert.deepEqual(madeIn(macros, "DECLARED(f)\n{\n}\n", "do_f"), ["a.c strong definition function DECLARED"]);
    assert.deepEqual(madeIn(macros, "DEFINED(f)\n{\n}\n", "f"), ["a.c strong definition function DEFINED"]);
  });

  it("are made by a macro's call that is annotated", () => {
    const macros =
      "#define LIST(type, name, list) type list_2_##list##_2_##name __aligned(4)\n" +
      "#define SPY(type, func) __used LIST(struct spy, type ## _3_ ## func, spies) = REC(type, func)\n";
    const made = ["a.c strong tentative unknown SPY"];
    assert.deepEqual(madeIn(macros, "SPY(EVT, f);\n", "list_2_spies_2_EVT_3_f"), made);
  });

  it("are named by several arguments", () => {
    const macros = "#define STUB(abi, name) long __##abi##_##name(void) { return 0; }\n";
    assert.deepEqual(madeIn(macros, "STUB(x64, sys_read)\n", "__x64_sys_read"), [
      "a.c strong definition function STUB",
    ]);
    assert.deepEqual(madeIn(macros, "STUB(x64, sys_read)\n", "__x32_sys_read"), []);
  });

  it("are named by a number, alone or beside a word", () => {
    const macros = "#define READ(size) int read##size(void) { return 0; }\n#define OP(n, name) int n##_##name = 1;\n";
    assert.deepEqual(madeIn(macros, "READ(8)\nREAD(16)\n", "read16"), ["a.c strong definition function READ"]);
    assert.deepEqual(madeIn(macros, "OP(first, 2)\n", "first_2"), ["a.c strong definition object OP"]);
  });

  const KEYS = `#define KEY_PREFIX __key__
#define KEY(name) PASTE(KEY_PREFIX, name)
#define PASTE(a, b) PASTE_NOW(a, b)
#define PASTE_NOW(a, b) a##b
`;

  it("are named by a macro, which pastes", () => {
    const macros = `${KEYS}#define DEFINE_KEY(name) struct key KEY(name) = { 1 }\n`;
    assert.deepEqual(madeIn(macros, "DEFINE_KEY(x);\n", "__key__x"), ["a.c strong definition object DEFINE_KEY"]);
    assert.deepEqual(madeIn(macros, "DEFINE_KEY(x);\n", "KEY_PREFIXx"), []);
    assert.deepEqual(madeIn(macros, "DEFINE_KEY(x);\n", "x"), []);
  });

  it("are functions, arrays and pointers by what stands around the macro that names them", () => {
    const made = (declarator: string) => madeIn(`${KEYS}#define MAKE(name) ${declarator}\n`, "MAKE(x)\n", "__key__x");
    assert.deepEqual(made("int KEY(name)(void) { return 1; }"), ["a.c strong definition function MAKE"]);
    assert.deepEqual(made("extern int KEY(name)(void);"), ["a.c strong declaration function MAKE"]);
    assert.deepEqual(made("extern struct key KEY(name);"), ["a.c strong declaration object MAKE"]);
    assert.deepEqual(made("struct key KEY(name)[3];"), ["a.c strong tentative object MAKE"]);
    assert.deepEqual(made("static struct key KEY(name) = { 1 };"), []);
    assert.deepEqual(made("int KEY(name)(void) __attribute__((weak));"), ["a.c weak declaration function MAKE"]);
  });

  it("are named through macros that are handed on, where nothing pastes the word first", () => {
    const macros = `${KEYS}#define NOW(name) int PASTE_NOW(KEY_PREFIX, name) = 1\n`;
    assert.deepEqual(madeIn(macros, "NOW(x);\n", "KEY_PREFIXx"), ["a.c strong definition object NOW"]);
    const late = `${KEYS}#define LATE(name) MAKE(KEY_PREFIX, name)\n#define MAKE(a, b) int PASTE(a, b) = 1\n`;
    assert.deepEqual(madeIn(late, "LATE(x);\n", "__key__x"), ["a.c strong definition object LATE"]);
  });

  it("have the conditions of what their names' prefixes mean", () => {
    const macros = `#ifdef CONFIG_A
#define PREFIX a_
#else
#define PREFIX b_
#endif
${KEYS}#define MAKE(name) int PASTE(PREFIX, name) = 1
`;
    assert.deepEqual(madeIn(macros, "MAKE(x);\n", "a_x"), ["a.c strong definition object MAKE (defined(CONFIG_A))"]);
    assert.deepEqual(madeIn(macros, "MAKE(x);\n", "b_x"), ["a.c strong definition object MAKE (!defined(CONFIG_A))"]);
  });

  it("are aliases where a word of the macro means it", () => {
    const macros = `#define __alias(symbol) __attribute__((__alias__(#symbol)))
#define STUB0(abi, name) long __##abi##_##name(void); long __##abi##_##name(void) __alias(__do_##name);
#define CALL0(name) STUB0(x64, sys_##name)
`;
    const program = load({ "m.h": macros, "a.c": "CALL0(sync)\n" });
    assert.deepEqual(brief(program, "__x64_sys_sync"), ["a.c strong alias function CALL0"]);
    assert.equal(program.definitionsOf("__x64_sys_sync")[0]?.fact.target, "__do_sys_sync");
  });

  const STRING = "#define STRING_NOW(x...) #x\n#define STRING(x...) STRING_NOW(x)\n";

  it("are defined by assembly in macros", () => {
    const macros = `${STRING}#define COND(x) asm(".weak " STRING(x) "\\n\\t" ".set  " STRING(x) "," STRING(nothing))
#define LABEL(x) asm(".globl key_" #x "\\n" "key_" #x ": .long 0")
#define COND_COMPAT(name) COND(compat_sys_##name)
`;
    assert.deepEqual(madeIn(macros, "COND(f);\n", "f"), ["a.c weak alias unknown COND"]);
    assert.deepEqual(madeIn(macros, "COND_COMPAT(ipc);\n", "compat_sys_ipc"), ["a.c weak alias unknown COND_COMPAT"]);
    assert.deepEqual(madeIn(macros, "LABEL(x);\n", "key_x"), ["a.c strong definition unknown LABEL"]);
  });

  it("are static where a macro hands another one the word, and no symbols then", () => {
    const macros = `#define DEFINE(name, is_static) is_static struct lock name = { 1 }
#define DEFINE_STATIC(name) \\
	DEFINE(name, static)
`;
    assert.deepEqual(madeIn(macros, "DEFINE_STATIC(a);\n", "a"), []);
  });

  it("hang on the branch that the call stands in, where several branches share one body", () => {
    const macros =
      "#define CALL(name, ...) long sys_##name(__VA_ARGS__)\n#define CALL2(name, ...) long sys2_##name(__VA_ARGS__)\n";
    const text =
      "#ifdef A\nCALL(f, int a)\n#elif defined(B)\nCALL2(f, long a)\n#else\nCALL(g, int a)\n#endif\n{\n\treturn a;\n}\n";
    assert.match(madeIn(macros, text, "sys_f").join(), /\(defined\(A\)\)$/);
    assert.match(madeIn(macros, text, "sys2_f").join(), /\(!defined\(A\) && defined\(B\)\)$/);
    assert.match(madeIn(macros, text, "sys_g").join(), /\(!defined\(A\) && !defined\(B\)\)$/);
  });

  it("are named by macros of which a tree has many alike", () => {
    const copies = Array.from({ length: 6 }, (_, i) => [`tools/t${i}/string.h`, STRING] as const);
    const program = load({
      ...Object.fromEntries(copies),
      "include/string.h": STRING,
      "include/cond.h": '#define COND(x) asm(".weak " STRING(x))\n',
      "a.c": "COND(f);\n",
    });
    assert.deepEqual(brief(program, "f"), ["a.c weak declaration unknown COND"]);
  });

  it("are named by calls in calls", () => {
    const macros = `${KEYS}${STRING}#define KEY_STRING(name) STRING(KEY(name))
#define MAKE(name, code) asm(".globl " KEY_STRING(name) "\\n" KEY_STRING(name) ":\\n" code "\\n.size " KEY_STRING(name) ", . - " KEY_STRING(name) "\\n")
#define LIST(name) ONE(KEY(name))
#define ONE(name) int list_##name
#define LATE(name) ONE_LATE(KEY(name))
#define ONE_LATE(name) ONE(name)
`;
    assert.deepEqual(madeIn(macros, 'MAKE(x, "nop");\n', "__key__x"), ["a.c strong definition unknown MAKE"]);
    assert.deepEqual(madeIn(macros, "LATE(x);\n", "list___key__x"), ["a.c strong tentative object LATE"]);
  });

  it("are none of assembly in functions", () => {
    const macros = `#define READ(x) asm(".globl " #x "\\n" : "=r" (y))\n`;
    assert.deepEqual(madeIn(macros, "READ(f);\n", "f"), []);
  });

  it("come through other macros", () => {
    const macros = `#define CALL_X(x, name, ...) STUB(abi, name, __VA_ARGS__)
#define CALL1(name, ...) CALL_X(1, _##name, __VA_ARGS__)
#define STUB(abi, name, ...) \\
	long __##abi##_sys##name(void); \\
	static long inner##name(__VA_ARGS__); \\
	long __##abi##_sys##name(void) { return inner##name(); } \\
	static inline long inner##name(__VA_ARGS__)
`;
    assert.deepEqual(madeIn(macros, "CALL1(read, int, fd) { return 0; }\n", "__abi_sys_read"), [
      "a.c strong definition function CALL1",
    ]);
    assert.deepEqual(madeIn(macros, "CALL1(read, int, fd) { return 0; }\n", "inner_read"), []);
  });

  it("come out of several calls in one macro, without semicolons", () => {
    const macros = `#define ONE(name) int one_##name;
#define TWO(name) int two_##name;
#define BOTH(name) ONE(name) TWO(name)
`;
    assert.deepEqual(madeIn(macros, "BOTH(x)\n", "one_x"), ["a.c strong tentative object BOTH"]);
    assert.deepEqual(madeIn(macros, "BOTH(x)\n", "two_x"), ["a.c strong tentative object BOTH"]);
  });

  it("are weak where the macro says so, by an attribute or by a word that means it", () => {
    const macros = `#define __weak __attribute__((weak))
#define COND(name) __weak long name(void) { return 0; }
#define COND2(name) long name(void) __attribute__((weak)); long name(void) { return 0; }
`;
    assert.deepEqual(madeIn(macros, "COND(f)\n", "f"), ["a.c weak definition function COND"]);
    assert.deepEqual(madeIn("#define EXT(x) extern int x __attribute__((weak))\n", "EXT(y);\n", "y"), [
      "a.c weak declaration object EXT",
    ]);
  });

  it("are annotated by words, of which typeof is a type", () => {
    const macros = "#define PERCPU(type, name) __PCPU_ATTRS(sec) __typeof__(type) name\n";
    assert.deepEqual(madeIn(macros, "PERCPU(struct rq, runqueues);\n", "runqueues"), [
      "a.c strong tentative unknown PERCPU",
    ]);
  });

  it("are declared where the macro declares them", () => {
    const macros = "#define DECLARE_LOCK(name) extern struct lock name\n";
    assert.deepEqual(madeIn(macros, "DECLARE_LOCK(big);\n", "big"), ["a.c strong declaration object DECLARE_LOCK"]);
  });

  it("have a definition for all that a macro which declares first makes of them", () => {
    const macros = "#define F(name) int name(void); int name(void) { return 1; }\n";
    assert.deepEqual(madeIn(macros, "F(f)\n", "f"), ["a.c strong definition function F"]);
  });

  it("are none where the macro, the call or an argument says static", () => {
    const macros = `#define HERE(name) static int name = 1
#define LOCK(name) int name = 1
#define TREE(STORAGE, name) STORAGE int name = 1
`;
    assert.deepEqual(madeIn(macros, "HERE(x);\n", "x"), []);
    assert.deepEqual(madeIn(macros, "static LOCK(x);\n", "x"), []);
    assert.deepEqual(madeIn(macros, "TREE(static, x);\n", "x"), []);
    assert.deepEqual(madeIn(macros, "TREE(, x);\n", "x"), ["a.c strong definition object TREE"]);
  });

  it("are none in bodies, where the same macros define variables", () => {
    const macros = "#define LIST(name) struct list name = { &name, &name }\n";
    assert.deepEqual(madeIn(macros, "void f(void) { LIST(todo); }\n", "todo"), []);
  });

  it("are none of macros that are expressions or statements", () => {
    const macros = "#define max(a, b) ((a) > (b) ? (a) : (b))\n#define swap(a, b) do { int t = a; } while (0)\n";
    assert.deepEqual(madeIn(macros, "max(x, y)\nswap(x, y)\n", "x"), []);
  });

  it("hold under the conditions of the call and of the macro", () => {
    const macros = "#ifdef CONFIG_A\n#define LOCK(name) int name = 1\n#endif\n";
    assert.deepEqual(madeIn(macros, "#ifdef CONFIG_B\nLOCK(x);\n#endif\n", "x"), [
      "a.c strong definition object LOCK (defined(CONFIG_B) && defined(CONFIG_A))",
    ]);
  });

  it("hold in any case where the macro is defined in both branches of an #if", () => {
    const macros = "#ifdef CONFIG_A\n#define LOCK(name) int name = 1\n#else\n#define LOCK(name) int name = 2\n#endif\n";
    assert.deepEqual(madeIn(macros, "LOCK(x);\n", "x"), ["a.c strong definition object LOCK"]);
  });

  it("hold where either of two unlike conditions does", () => {
    const macros = `#if defined(CONFIG_A)
#define LOCK(name) int name = 1
#elif defined(CONFIG_B)
#define LOCK(name) int name = 2
#else
#define LOCK(name)
#endif
`;
    assert.deepEqual(madeIn(macros, "LOCK(x);\n", "x"), [
      "a.c strong definition object LOCK (defined(CONFIG_B) || defined(CONFIG_A))",
    ]);
  });

  it("hold always where the macro is defined under a condition and in its #else, whatever that is", () => {
    const define = (value: number) => `#define LOCK(name) int name = ${value}\n`;
    for (const test of ["#if !X", "#ifndef X", "#if IS_ENABLED(CONFIG_X)", "#if X > 2 || defined(Y) && Z"]) {
      const macros = `${test}\n${define(1)}#else\n${define(2)}#endif\n`;
      assert.deepEqual(madeIn(macros, "LOCK(x);\n", "x"), ["a.c strong definition object LOCK"], test);
    }
    const opposites = `#if (!X)\n${define(1)}#endif\n#if (X)\n${define(2)}#endif\n`;
    assert.deepEqual(madeIn(opposites, "LOCK(x);\n", "x"), ["a.c strong definition object LOCK"]);
  });

  it("are not there under a condition and its opposite", () => {
    const test = "#if IS_ENABLED(CONFIG_X)\n";
    const macros = `${test}#define LOCK(name) int name = 1\n#else\n#define LOCK(name) long name = 1\n#endif\n`;
    const call = "LOCK(x);\n";
    assert.deepEqual(madeIn(macros, `${test}${call}#endif\n`, "x"), [
      "a.c strong definition object LOCK (IS_ENABLED(CONFIG_X))",
    ]);
    assert.deepEqual(madeIn(macros, `#ifndef CONFIG_X\n#ifndef CONFIG_X_MODULE\n${call}#endif\n#endif\n`, "x"), [
      "a.c strong definition object LOCK (!defined(CONFIG_X) && !defined(CONFIG_X_MODULE) && !IS_ENABLED(CONFIG_X))",
    ]);
    const one = `${test}#define LOCK(name) int name = 1\n#endif\n`;
    assert.deepEqual(madeIn(one, `#if !IS_ENABLED(CONFIG_X)\n${call}#endif\n`, "x"), []);
  });

  it("know macros of source files in those files alone", () => {
    const files = { "a.c": "#define M(x) int x = 1\nM(one);\n", "b.c": "M(two);\n" };
    assert.deepEqual(brief(load(files), "one"), ["a.c strong definition object M"]);
    assert.deepEqual(brief(load(files), "two"), []);
  });

  it("follow a macro that calls itself no further than it goes", () => {
    const macros = "#define A(x) B(x##_)\n#define B(x) A(x##_) int x = 1;\n";
    assert.deepEqual(madeIn(macros, "A(n)\n", "n_"), ["a.c strong definition object A"]);
  });

  it("differ by architecture where its headers define the macro", () => {
    const { files } = smallTree({
      "arch/x86/include/asm/wrap.h": "#define CALL(name) long __x64_##name(void) { return 0; }\n",
      "arch/arm64/Makefile": "",
      "arch/arm64/Kbuild": "obj-y += kernel/\n",
      "arch/arm64/include/asm/wrap.h": "#define CALL(name) long __arm64_##name(void) { return 0; }\n",
      "kernel/fork.c": "CALL(fork)\n",
    });
    const program = load(files);
    assert.deepEqual(brief(program, "__x64_fork"), ["kernel/fork.c@x86 strong definition function CALL"]);
    assert.deepEqual(brief(program, "__arm64_fork"), ["kernel/fork.c@arm64 strong definition function CALL"]);
  });

  it("are found by a search for names", () => {
    const program = load({
      "m.h": "#define DEFINE_LOCK(name) struct lock name = LOCK_INIT(name)\n#define SAY(text)\n",
      "a.c": "DEFINE_LOCK(tasklist);\nSAY(tasklists);\n",
    });
    assert.deepEqual(program.index.symbolNames("taskl", 10), ["tasklist"]);
  });

  it("are as before while the tree is changing, and as they are when it has changed", () => {
    const index = createIndex();
    const put = (path: string, text: string) => {
      const source = sourceOfText(text);
      index.replaceFile(path, readFacts(path, source), wordSignature(source.codes, source.length));
    };
    const found = (name: string) =>
      findMade(index, name, { canMeet: () => true, includes: () => true }, (fact) => fact).length;
    put("m.h", "#define DEFINE_LOCK(name) struct lock name = LOCK_INIT(name)\n");
    put("a.c", "DEFINE_LOCK(big);\n");
    index.setComplete(true);
    assert.equal(found("big"), 1);
    index.setChanging(true);
    put("m.h", "#define DEFINE_LOCK(name) struct lock name##_lock = LOCK_INIT(name)\n");
    assert.deepEqual([found("big"), found("big_lock")], [1, 0]);
    index.setChanging(false);
    assert.deepEqual([found("big"), found("big_lock")], [0, 1]);
  });
});
