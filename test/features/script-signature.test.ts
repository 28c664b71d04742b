import assert from "node:assert/strict";
import { type ScriptSignatures, signatureAt } from "../../server/src/features/script-signature.ts";
import { scriptOf } from "../../server/src/linkage/facts/parsed.ts";
import { parseFixture } from "../support/fixture.ts";
import { loadFixture } from "../support/fixture-program.ts";

function signatures(text: string, path = "a.lds"): ScriptSignatures | undefined {
  const { files, cursor } = parseFixture(text.startsWith("//-") ? text : `//- /${path}\n${text}\n`);
  assert.ok(cursor !== undefined);
  const { program } = loadFixture(files);
  return signatureAt(
    cursor.path,
    scriptOf(cursor.path, program.texts.source(cursor.path)!),
    cursor.span.start,
    program,
  );
}

/** The label with the active parameter in brackets. */
function shown(text: string, path?: string): string | undefined {
  const found = signatures(text, path);
  if (found === undefined) return undefined;
  const { label, parameters } = found.signatures[found.activeSignature]!;
  const active = parameters[found.activeParameter];
  if (active === undefined) return label;
  return `${label.slice(0, active[0])}[${label.slice(...active)}]${label.slice(active[1])}`;
}

describe("signature help in linker scripts", () => {
  it("shows the parameter that is being typed", () => {
    assert.equal(shown("x = MAX(<|>"), "MAX([a], b)");
    assert.equal(shown("x = MAX(1, <|>"), "MAX(a, [b])");
    assert.equal(shown("x = MAX(ALIGN(8), <|>"), "MAX(a, [b])");
  });

  it("takes the form that has as many parameters", () => {
    assert.equal(shown("x = ALIGN(<|>"), "ALIGN([align])");
    assert.equal(shown("x = ALIGN(., <|>"), "ALIGN(expression, [align])");
    assert.equal(shown("OUTPUT_FORMAT(a, b, <|>"), "OUTPUT_FORMAT(default, big, [little])");
  });

  it("knows commands, and stays on the last parameter of a list", () => {
    assert.equal(shown("SECTIONS { PROVIDE(<|>"), "PROVIDE([symbol = expression])");
    assert.equal(shown("INPUT(a, b, c, <|>"), "INPUT(file, file, […])");
  });

  it("shows the innermost call that it knows", () => {
    assert.equal(shown("x = MIN(1, (2 + <|>"), "MIN(a, [b])");
  });

  it("knows the macros of the script and of the headers it includes", () => {
    assert.equal(shown("#define F(one, two) one\nx = F(1, <|>", "a.lds.S"), "F(one, [two])");
    const header = "//- /include/b.lds.h\n#define G(a) a\n";
    assert.equal(shown(`//- /a.lds.S\n#include <b.lds.h>\nx = G(<|>\n${header}`), "G([a])");
  });

  it("shows nothing outside of calls, in comments and for too many arguments no parameter", () => {
    assert.equal(shown("x = <|>"), undefined);
    assert.equal(shown("x = MAX(1, 2) <|>"), undefined);
    assert.equal(shown("x = MAX( /* <|>"), undefined);
    assert.equal(shown("x = MAX(1, 2, <|>"), "MAX(a, b)");
  });
});
