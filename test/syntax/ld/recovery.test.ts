import assert from "node:assert/strict";
import { errorLines, first, kinds, parse } from "./script-text.ts";

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

  it("reports the missing opening brace of an output section once, and reads what stands in it", () => {
    check(
      "SECTIONS {\n .a : *(.a) x = .; }\n .b : { *(.b) }\n}\n",
      "2:7 syntax: syntax error: expected '{', found '*'",
      "sections(output-section(input-section assignment) output-section(input-section))",
    );
    check(
      "SECTIONS {\n .a :\n  KEEP(*(.a))\n }\n .b : { *(.b) }\n}\n",
      "3:3",
      "sections(output-section(input-section) output-section(input-section))",
    );
  });

  it("reads what an output section holds, though its header is being typed", () => {
    check(
      "SECTIONS {\n .a : AT( { *(.a) }\n .b : { *(.b) }\n}\n",
      "2:11",
      "sections(output-section(input-section) output-section(input-section))",
    );
    check("SECTIONS {\n .a :\n .b : { *(.b) }\n}\n", "3:2", "sections(output-section() output-section(input-section))");
  });

  it("reports the missing brace of an output section once, the next one's being on a line of its own", () => {
    check(
      "SECTIONS {\n .a : { *(.a)\n .b :\n {\n *(.b)\n }\n}\n",
      /^4:2 .*'}' is missing/,
      "sections(output-section(input-section) output-section(input-section))",
    );
  });

  it("reports a parenthesis in the place of a closing brace once", () => {
    check(
      "SECTIONS {\n .a : { *(.a) )\n .b : { *(.b) }\n .c : { *(.c) }\n}\n",
      "2:15",
      "sections(output-section(input-section invalid) output-section(input-section) output-section(input-section))",
    );
  });

  it("reports a second opening brace once", () => {
    check(
      "SECTIONS {\n .a : { { *(.a) }\n .b : { *(.b) }\n}\n",
      "2:9",
      "sections(output-section(invalid) output-section(input-section))",
    );
  });

  it("says nothing of what stands on the same line behind a mistake", () => {
    check("SECTIONS {\n PROVIDE(a = .;)\n b = 1;\n}\n", "2:15", "sections(assignment invalid assignment)");
    check(
      "SECTIONS {\n .a : { *(.a} )\n b = 1;\n}\n",
      "2:13",
      "sections(output-section(input-section) invalid assignment)",
    );
  });

  it("says nothing of braces that a mistake before them has put out of order", () => {
    check(
      "SECTIONS {\n . = };\n .b : { *(.b) }\n}\n",
      "2:6",
      "sections(assignment) empty output-section(input-section) invalid",
    );
    check("SECTIONS {\n PROVIDE(a { .);\n .b : { *(.b) }\n}\n", "2:12", "sections(assignment)");
  });

  it("reports the missing brace of a block at the top once", () => {
    check(
      "MEMORY {\n ram : ORIGIN = 0, LENGTH = 1\nSECTIONS {\n .a : { }\n}\nx = 1;\n",
      "3:1 syntax: syntax error: '}' is missing before 'SECTIONS'",
      "memory sections(output-section()) assignment",
    );
    check("PHDRS {\n a PT_LOAD;\nSECTIONS {\n}\n", "3:1", "segments sections()");
    check("SECTIONS {\n .a : { }\nSECTIONS {\n}\n", "3:1", "sections(output-section()) sections()");
  });

  it("reports each of two mistakes on lines that follow each other", () => {
    const script = parse("5;\n6;\n");
    assert.deepEqual(
      errorLines(script).map((line) => line.split(" ")[0]),
      ["1:1", "2:1"],
    );
  });
});

/** A version script with one mistake: where it is reported, and the nodes that are understood. */
function checkVersions(
  text: string,
  error: string,
  nodes: string,
  context: "version" | "dynamic-list" = "version",
): void {
  const script = parse(text, { context });
  const errors = errorLines(script);
  assert.equal(errors.length, 1, `one error, not ${errors.length}:\n${errors.join("\n")}`);
  assert.ok(errors[0]!.startsWith(`${error} `), `${errors[0]} is not at ${error}`);
  const found = first(script, "version").nodes.map(({ tag, global, local }) => {
    const [left, right] = [global, local].map((list) => list.map(({ name }) => name.text).join(","));
    return `${tag?.text ?? ""}{${left}|${right}}`;
  });
  assert.equal(found.join(" "), nodes);
}

describe("mistakes in version scripts", () => {
  it("reports a wrong sign among the patterns once", () => {
    checkVersions("V1 { a, b; c; };\nV2 { d; };\n", "1:7", "V1{a,c|} V2{d|}");
    checkVersions("V1 { a b; c; };\nV2 { d; };\n", "1:8", "V1{a,c|} V2{d|}");
    checkVersions("V1 { global: ; local: *; };\nV2 { d; };\n", "1:14", "V1{|*} V2{d|}");
    checkVersions("V1 { a;; local: *; };\n", "1:8", "V1{a|*}");
    checkVersions("V1 { : a; b; c; local: *; };\n", "1:6", "V1{b,c|*}");
  });

  it("reports a missing semicolon once", () => {
    checkVersions("V1 { global: a; local: * };\nV2 { d; };\n", "1:26", "V1{a|*} V2{d|}");
    checkVersions("V1 { a; }\nV2 { d; };\nV3 { e; };\n", "2:4", "V1{a|} V2{d|} V3{e|}");
  });

  it("reports a language without quotes once", () => {
    checkVersions("V1 { extern C { a; }; b; };\nV2 { d; };\n", "1:13", "V1{extern,b|} V2{d|}");
  });

  it("reports global behind local once", () => {
    checkVersions("V1 { local: *; global: a; };\nV2 { d; };\n", "1:22", "V1{a|*} V2{d|}");
  });

  it("reports an empty list of a language once", () => {
    checkVersions('V1 { extern "C++" { }; b; };\n', "1:21", "V1{b|}");
  });

  it("reports a missing opening brace once", () => {
    checkVersions("V1 global: a; local: *; };\nV2 { d; };\n", "1:4", "V1{|} V2{d|}");
  });

  it("reports a tag that is none once", () => {
    checkVersions("V1 x { a; };\nV2 { d; };\n", "1:4", "V1{|} x{a|} V2{d|}");
  });

  it("reports a mistake in a dynamic list once", () => {
    checkVersions("{ a };\n{ b; };\n", "1:5", "{a|} {b|}", "dynamic-list");
    checkVersions("V1 { a; };\n{ b; };\n", "1:1", "{|} {a|} {b|}", "dynamic-list");
    checkVersions("{ a; }\n{ b; };\n", "2:1", "{a|} {b|}", "dynamic-list");
  });

  it("reads the commands behind a broken version", () => {
    check("VERSION { V1 { a, b; }; }\nx = 1;\n", "1:17", "version assignment");
    check("VERSION { V1 { a; } }\nx = 1;\n", "1:21", "version assignment");
    check("VERSION { V1 a; }; }\nx = 1;\n", "1:14", "version assignment");
  });
});

describe("what only GNU ld reads as it does", () => {
  it("is said of a name that is a number", () => {
    const [error] = errorLines(
      parse("MEMORY {\n OTP : ORIGIN = 0, LENGTH = 256\n FCB : ORIGIN = 512, LENGTH = 256\n}\n"),
    );
    assert.match(error ?? "", /^3:2 syntax: .*found 'FCB' \(a number to GNU ld/);
  });

  it("is said of a colon that is part of a name", () => {
    const [error] = errorLines(parse("SECTIONS {\n .text: { *(.text) }\n}\n"));
    assert.match(error ?? "", /^2:9 syntax: .*\(to GNU ld the colon is part of the name before it/);
  });

  it("is said of a comma that is part of a name", () => {
    const [error] = errorLines(parse("REGION_ALIAS(FLASH, ROM);\n"));
    assert.match(error ?? "", /found 'ROM' \(to GNU ld the comma is part of the name before it/);
  });
});
