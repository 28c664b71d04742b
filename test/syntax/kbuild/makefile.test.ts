import assert from "node:assert/strict";
import { type MakeStatement, parseMakefile, type RawText } from "../../../server/src/syntax/kbuild/makefile.ts";

/** One line for each statement, nested ones indented. */
function outline(text: string): string[] {
  const raw = (span: RawText) => text.slice(span.start, span.end);
  const lines = (statements: readonly MakeStatement[], indent: string): string[] =>
    statements.flatMap((statement): string[] => lineOf(statement, indent));
  const lineOf = (statement: MakeStatement, indent: string): string[] => {
    switch (statement.kind) {
      case "assignment":
        return [`${indent}${raw(statement.name)} ${statement.operator} ${JSON.stringify(raw(statement.value))}`];
      case "conditional":
        return statement.branches.flatMap((branch) => [
          `${indent}${branch.test === undefined ? "else" : `${branch.test.word} ${raw(branch.test.text)}`}`,
          ...lines(branch.body, `${indent}  `),
        ]);
      case "include":
        return [`${indent}include ${raw(statement.paths)}`];
      case "define":
        return [`${indent}define ${raw(statement.name)} ${JSON.stringify(raw(statement.body))}`];
      case "export":
        return [`${indent}export ${raw(statement.names)}`];
      case "vpath":
        return [`${indent}vpath ${raw(statement.text)}`];
      case "recipe":
        return [`${indent}recipe ${raw(statement.text).trim()}`];
      case "expansion":
        return [`${indent}expansion ${raw(statement.text)}`];
      case "rule": {
        const pattern = statement.pattern === undefined ? "" : `${raw(statement.pattern).trim()}:`;
        return [`${indent}rule ${raw(statement.targets)} <${pattern} ${raw(statement.prerequisites).trim()}`];
      }
    }
  };
  return lines(parseMakefile(text).statements, "");
}

describe("Makefiles", () => {
  it("reads every kind of assignment", () => {
    assert.deepEqual(outline("a = 1\nb := 2\nc ::= 3\nd += 4\ne ?= 5\nf != ls\nexport g := 6\noverride h = 7\n"), [
      'a = "1"',
      'b := "2"',
      'c := "3"',
      'd += "4"',
      'e ?= "5"',
      'f != "ls"',
      'g := "6"',
      'h = "7"',
    ]);
  });

  it("keeps references in names, and colons and equals signs within them", () => {
    assert.deepEqual(outline("obj-$(subst m,y,$(CONFIG_X)) += a.o\nb-$(x:%=%.o) := c\n"), [
      'obj-$(subst m,y,$(CONFIG_X)) += "a.o"',
      'b-$(x:%=%.o) := "c"',
    ]);
  });

  it("reads lines that are continued, and leaves comments out", () => {
    assert.deepEqual(outline("obj-y := a.o \\\n\tb.o # more\n# obj-y += c.o \\\n d.o\nobj-y += e.o#f\n"), [
      'obj-y := "a.o \\\\\\n\\tb.o"',
      'obj-y += "e.o"',
    ]);
  });

  it("says where a new line can go behind an assignment", () => {
    const text = "a := 1 \\\n 2 # x\nb := 3\n";
    const [first] = parseMakefile(text).statements;
    assert.ok(first?.kind === "assignment");
    assert.equal(text.slice(first.line.end), "b := 3\n");
  });

  it("nests conditionals, with else and else ifeq", () => {
    assert.deepEqual(
      outline("ifeq ($(A),y)\na := 1\nelse ifdef B\nifndef C\nb := 2\nendif\nelse\nc := 3\nendif\nd := 4\n"),
      ["ifeq ($(A),y)", '  a := "1"', "ifdef B", "  ifndef C", '    b := "2"', "else", '  c := "3"', 'd := "4"'],
    );
  });

  it("tells a tab in a recipe from a tab before an assignment", () => {
    assert.deepEqual(
      outline(
        "ifdef A\n\tobj-y += a.o\nendif\nall: b\n\t@echo obj-y += c.o # not a comment\n\nobj-y += d.o\n\tobj-y += e.o\n",
      ),
      [
        "ifdef A",
        '  obj-y += "a.o"',
        "rule all < b",
        "recipe @echo obj-y += c.o # not a comment",
        'obj-y += "d.o"',
        'obj-y += "e.o"',
      ],
    );
  });

  it("keeps a recipe's line in the conditional that it stands in", () => {
    assert.deepEqual(outline("all: b\nifdef A\n\techo a\nendif\n\techo b\n"), [
      "rule all < b",
      "ifdef A",
      "  recipe echo a",
      "recipe echo b",
    ]);
  });

  it("reads rules: static patterns, recipes behind a semicolon, variables of a target", () => {
    assert.deepEqual(outline("$(obj)/%.o: $(src)/%.c FORCE\na.o b.o: %.o: %.c\nc: d ; touch c\ne: F := g\nh :: i\n"), [
      "rule $(obj)/%.o < $(src)/%.c FORCE",
      "rule a.o b.o <%.o: %.c",
      "rule c < d",
      "recipe touch c",
      "rule  < ",
      "rule h < i",
    ]);
  });

  it("reads define, include and export", () => {
    assert.deepEqual(outline("define f\n  a $(1)\nendef\n-include x y\nexport A B\ninclude = z\n"), [
      'define f "  a $(1)"',
      "include x y",
      "export A B",
      'include = "z"',
    ]);
  });

  it("takes any text", () => {
    for (const text of [
      "ifeq",
      "endif\nelse\n",
      "define",
      "a\\",
      "$(((\n:",
      "\t",
      "ifdef A\n".repeat(300),
      "x: y: z: w\n",
      "\u0000=\r\n",
    ]) {
      assert.ok(Array.isArray(parseMakefile(text).statements));
    }
  });
});
