import assert from "node:assert/strict";
import { planSymbolRename } from "../../server/src/features/symbol-rename.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";
import { unlike } from "../support/unlike.ts";

/** The files that change, as they are afterwards; or the reason why none does. */
function rename(fixture: string, newName = "fresh", name = "table"): Record<string, string> | string {
  const { files } = parseFixture(fixture);
  const { program } = loadFixture(files);
  const plan = planSymbolRename(name, files[0]!.path, newName, program);
  if (plan.kind === "refusal") return plan.reason;
  return Object.fromEntries(
    plan.edits.map((edit) => {
      const { text } = files.find((file) => file.path === edit.path)!;
      assert.ok("edits" in edit);
      return [edit.path, applyEdits(text, edit.edits) ?? "overlapping edits"];
    }),
  );
}

function refuses(fixture: string, reason: RegExp, newName?: string): void {
  const result = rename(fixture, newName);
  assert.ok(typeof result === "string", `renamed: ${JSON.stringify(result)}`);
  assert.match(result, reason);
}

const C = "//- /a.c\nint table[4];\n";

describe("renaming a symbol", () => {
  it("goes through C, assembly and linker scripts", () => {
    const fixture =
      "//- /a.h\nextern int table[];\n" +
      '//- /a.c\n#include "a.h"\nint table[4];\nint *f(void) { return table; }\n' +
      "//- /b.S\n#include <table.h>\n\t.globl start\nstart:\n\tlea table(%rip), %rax\n\t.quad table + 4\n" +
      "//- /c.lds\nENTRY(table)\nend = table + 4;\n" +
      "//- /d.c\nint other;\n";
    assert.deepEqual(rename(fixture), {
      "a.h": "extern int fresh[];\n",
      "a.c": '#include "a.h"\nint fresh[4];\nint *f(void) { return fresh; }\n',
      "b.S": "#include <table.h>\n\t.globl start\nstart:\n\tlea fresh(%rip), %rax\n\t.quad fresh + 4\n",
      "c.lds": "ENTRY(fresh)\nend = fresh + 4;\n",
    });
  });

  it("goes from a script's assignment to its users, labels and bindings of assembly included", () => {
    const fixture =
      "//- /c.lds\nSECTIONS { .a : { table = .; *(.a) PROVIDE(other = table); } }\n" +
      "//- /a.c\nextern char table[];\nchar *f(void) { return table; }\n";
    assert.deepEqual(Object.keys(rename(fixture)), ["a.c", "c.lds"]);
    const assembly = "//- /b.S\n\t.globl table\n\t.type table, @function\ntable:\n\tret\n\t.size table, . - table\n";
    assert.deepEqual(rename(assembly), {
      "b.S": "\t.globl fresh\n\t.type fresh, @function\nfresh:\n\tret\n\t.size fresh, . - fresh\n",
    });
  });

  it("leaves members, locals, parameters, labels and comments alone", () => {
    const other =
      "struct s { int table; };\n/* table */\nint g(struct s *s) { return s->table; }\n" +
      "int h(int table) { return table; }\nint i(void) { int table = 1; return table; }\n";
    const result = rename(`${C}extern int table[];\n//- /b.c\n${other}`);
    assert.deepEqual(Object.keys(result), ["a.c"]);
  });

  it("renames the use beside a member of the same name", () => {
    const result = rename(`${C}struct s { int *table; };\nvoid f(struct s *s) { s->table = table; }\n`);
    assert.deepEqual(result, {
      "a.c": "int fresh[4];\nstruct s { int *table; };\nvoid f(struct s *s) { s->table = fresh; }\n",
    });
  });

  it("renames what macros' bodies use", () => {
    assert.deepEqual(rename(`${C}#define FIRST (table[0])\n`), { "a.c": "int fresh[4];\n#define FIRST (fresh[0])\n" });
  });

  it("renames exports, aliases' targets and what typeof asks about", () => {
    const text = "EXPORT_SYMBOL(table);\nextern typeof(table) other;\nint *p = &table[1];\n";
    assert.deepEqual(rename(`${C}${text}`), { "a.c": `int fresh[4];\n${text.replaceAll("table", "fresh")}` });
    refuses(`${C}extern int other[] __attribute__((alias("table")));\n`, /a\.c:2: 'table' stands in a string/);
  });

  it("leaves names alone that go on with a dot", () => {
    const fixture = `${C}//- /b.S\n\t.quad table.5, .Ltable, table\n//- /c.lds\nSECTIONS { .table : { *(.data.table) } }\n`;
    assert.deepEqual(rename(fixture), { "a.c": "int fresh[4];\n", "b.S": "\t.quad table.5, .Ltable, fresh\n" });
  });

  it("changes nothing where the name stays", () => {
    assert.deepEqual(rename(C, "table"), {});
  });

  it("refuses names that are none", () => {
    refuses(C, /no identifier/, "a-b");
    refuses(C, /no identifier/, "");
    refuses(C, /keyword/, "while");
  });

  it("refuses a name that is taken", () => {
    refuses(`${C}//- /b.c\nvoid fresh(void) { }\n`, /'fresh' is taken: b\.c:1/);
    refuses(`${C}int f(int fresh) { return table[fresh]; }\n`, /a\.c:2: 'fresh' means something else/);
  });

  it("refuses where another file has a local symbol of that name", () => {
    refuses(`${C}//- /b.c\nstatic int table;\nint f(void) { return table; }\n`, /b\.c:1: another 'table' is local/);
    refuses(`${C}//- /b.S\ntable:\n\tret\n`, /b\.S:1: another 'table' is local|b\.S:1: it can't be told/);
  });

  it("refuses names in strings", () => {
    refuses(`${C}const char *n = "the table";\n`, /a\.c:2: 'table' stands in a string/);
    refuses(`${C}//- /b.c\nasm(".globl table\\ntable:");\n`, /b\.c:1: 'table' /);
    refuses(`${C}//- /c.lds\nASSERT(table, "table")\n`, /c\.lds:1: 'table' stands in a string/);
  });

  it("refuses names that are pasted, or that macros have", () => {
    refuses(`${C}#define X(a) a##table\n`, /pasted/);
    refuses(`${C}#define X(a) table ## a\n`, /pasted/);
    refuses(`${C}//- /b.c\n#define table 4\nint x = table;\n`, /b\.c:1/);
    refuses(`${C}#ifdef table\n#endif\n`, /a\.c:2/);
    refuses(`${C}//- /b.S\n.macro m table\n\tmov \\table, %eax\n.endm\n`, /b\.S:1/);
  });

  it("refuses what nobody defines, as a macro or a program may", () => {
    refuses("//- /a.c\nextern int table[];\nint *f(void) { return table; }\n", /No file that was read defines/);
  });

  it("refuses what it can't read in a script", () => {
    refuses(`${C}//- /c.lds\nVERSION { V { extern "C++" { table; }; }; }\n`, /c\.lds:1: it can't be told/);
  });

  it("refuses while the tree is still being read", () => {
    const { files } = parseFixture(C);
    const { program } = loadFixture(files);
    const reading = { ...program, index: unlike(program.index, { isComplete: false }) };
    const plan = planSymbolRename("table", "a.c", "fresh", reading);
    assert.equal(plan.kind, "refusal");
  });

  describe("refuses where something else links by the name:", () => {
    for (const option of [
      "-Wl,--wrap=table",
      "-Wl,--wrap,table",
      "-Wl,-u,table",
      "-u table",
      "-Wl,--undefined=table",
      "-Wl,--defsym=other=table",
      "-Wl,--defsym,table=other",
      "-Wl,-e,table",
      "-Wl,--require-defined=table",
    ]) {
      it(option, () => {
        refuses(`${C}//- /Makefile\nfw: a.o\n\tgcc ${option} -o $@ $^\n`, /'table' is named by a build: Makefile:2/);
        refuses(
          `${C}//- /CMakeLists.txt\ntarget_link_options(fw PRIVATE ${option})\n`,
          /named by a build: CMakeLists\.txt:1/,
        );
      });
    }

    it("objcopy's options, and wrappers of a name that is wrapped", () => {
      refuses(`${C}//- /Makefile\nx:\n\tobjcopy --redefine-sym table=y a.o\n`, /named by a build/);
      const wrapper = "//- /a.c\nint __wrap_table(void) { return 0; }\n//- /Makefile\nL = -Wl,--wrap=table\n";
      assert.match(String(rename(wrapper, "fresh", "__wrap_table")), /named by a build: Makefile:1/);
    });

    it("version scripts, dynamic lists, EXTERN", () => {
      for (const [path, text] of [
        ["a.map", "{ global: table; local: *; };\n"],
        ["exports.dynamic_list", "{ table; };\n"],
      ]) {
        const result = rename(`${C}//- /${path}\n${text}`);
        assert.ok(
          typeof result === "string" || result[path!] === text!.replace("table", "fresh"),
          JSON.stringify(result),
        );
      }
      assert.deepEqual(rename(`${C}//- /a.ld\nEXTERN(table)\n`), {
        "a.c": "int fresh[4];\n",
        "a.ld": "EXTERN(fresh)\n",
      });
    });

    it("files of other languages, strings of assembly, pasted names", () => {
      refuses(`${C}//- /b.cpp\nextern "C" int table[4];\nnamespace n { int *f() { return table; } }\n`, /b\.cpp/);
      refuses(`${C}//- /b.rs\nextern "C" { static table: [i32; 4]; }\n`, /b\.rs/);
      refuses(`${C}//- /b.c\nvoid f(void) { asm("call table"); }\n`, /b\.c:1: 'table' stands in a string/);
    });
  });

  it("does not take a file's name in a build file for the symbol", () => {
    const result = rename(
      `${C}//- /Makefile\nfw: table.o\n\tgcc -u other -o $@ table.o src/table.c\n# --wrap=tables\n`,
    );
    assert.deepEqual(result, { "a.c": "int fresh[4];\n" });
  });
});
