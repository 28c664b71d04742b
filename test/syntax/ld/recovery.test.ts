import assert from "node:assert/strict";
import { errorLines, kinds, parse } from "./script-text.ts";

/** A script with one mistake: where it is reported, and what of the rest is understood. */
function check(text: string, error: string | RegExp, statements: string): void {
  const script = parse(text);
  const errors = errorLines(script);
  assert.equal(errors.length, 1, `one error, not ${errors.length}:\n${errors.join("\n")}`);
  if (typeof error === "string") assert.ok(errors[0]!.startsWith(error), `${errors[0]} is not at ${error}`);
  else assert.match(errors[0]!, error);
  assert.equal(kinds(script.statements), statements);
}

describe("mistakes in linker scripts", () => {
  it("names what it expected and what it found", () => {
    check("x = ;", "1:5 syntax: syntax error: expected an expression, found ';'", "assignment");
    check("MEMORY { a : ORIGIN 0 }", "1:21 syntax: syntax error: expected '=', found '0'", "memory");
  });

  it("reports a missing semicolon on the line where ld does, and reads that line", () => {
    check("a = 1\nb = 2;\nc = 3;\n", "2:1", "assignment assignment assignment");
  });

  it("reports a missing parenthesis once", () => {
    check(
      "SECTIONS {\n . = ALIGN(8;\n .text : { *(.text) }\n}\n",
      "2:13",
      "sections(assignment output-section(input-section))",
    );
    check(
      "SECTIONS {\n .text : { *(.text }\n .data : { *(.data) }\n}\n",
      "2:20",
      "sections(output-section(input-section) output-section(input-section))",
    );
  });

  it("reports the missing brace of an output section once", () => {
    check(
      "SECTIONS {\n .text : { *(.text)\n .data : { *(.data) }\n .bss : { *(.bss) }\n}\nx = 1;\n",
      /^3:10 .*'}' is missing/,
      "sections(output-section(input-section) output-section(input-section) output-section(input-section)) assignment",
    );
  });

  it("reports a brace too many once, however many sections follow", () => {
    check(
      "SECTIONS {\n .a : { *(.a) } }\n .b : { *(.b) }\n .c : { *(.c) }\n}\nx = 1;\n",
      "3:5",
      "sections(output-section(input-section)) output-section(input-section) output-section(input-section) invalid assignment",
    );
  });

  it("reports a script that ends too early once", () => {
    check("SECTIONS {\n .text : {\n *(.text)", "3:10", "sections(output-section(input-section))");
    check("x = (1 + (2", "1:12", "assignment");
  });

  it("reads the statements around one that is none", () => {
    check("SECTIONS {\n a = 1;\n 5 6 7;\n .b : { }\n}\n", "3:2", "sections(assignment invalid output-section())");
    check("SECTIONS {\n .b : {\n  *(.a)\n  } }\n}\n", "5:1", "sections(output-section(input-section)) invalid");
  });

  it("reports each of several mistakes", () => {
    const script = parse("a = ;\nb = 1;\nc = (2;\nMEMORY { x y }\nd = 3;\n");
    assert.deepEqual(
      errorLines(script).map((line) => line.split(" ")[0]),
      ["1:5", "3:7", "4:12"],
    );
  });

  it("explains a name that swallowed its operator", () => {
    check(
      "foo = 1;\nbar=1 = 2;\nPROVIDE(x y=1);\n",
      /^3:11 .*found 'y=1' \(one name to ld/,
      "assignment assignment assignment",
    );
  });

  it("explains the short keywords that no symbol can be called", () => {
    check("l = 1;\n", /^1:1 .*found 'l' \(a keyword to ld, short for LENGTH\)/, "invalid");
  });

  it("reports a comment that is not closed, where it begins", () => {
    check("a = 1;\n/* b = 2;\n", "2:1 comment", "assignment");
  });

  it("reports characters that ld skips", () => {
    check("a @ = 1;", "1:3 character: invalid character '@'", "assignment");
  });

  it("keeps what was typed of a statement that is not finished", () => {
    const [statement] = parse("PROVIDE(foo = ").statements;
    assert.ok(statement?.kind === "assignment" && statement.provide);
    assert.equal(statement.target.text, "foo");
    assert.equal(statement.value.kind, "missing");
  });
});
