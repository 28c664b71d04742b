import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { symbolsOfUnit } from "../../../server/src/linkage/symbols/unit-symbols.ts";
import { preprocess } from "../../../server/src/syntax/cpp/preprocess.ts";
import { createPreprocessorCache } from "../../../server/src/syntax/cpp/state.ts";
import { parseUnit } from "../../../server/src/syntax/unit/parse-unit.ts";
import type { TranslationUnit } from "../../../server/src/syntax/unit/tree.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { UNIT_TEXTS } from "../../linkage/symbols/unit-texts.ts";
import { createRandom } from "../../support/random.ts";

const cache = createPreprocessorCache();

function read(text: string): TranslationUnit {
  const tree = parseUnit(preprocess("a.c", sourceOfText(text), { mode: "c", cache, readFile: () => undefined }));
  symbolsOfUnit(tree);
  return tree;
}

/** C files of the sample tree. */
function sampleTexts(): string[] {
  const folder = "sample";
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.[chS]$/.test(path))
    .map((path) => readFileSync(join(folder, path), "utf8"));
}

/** Whatever can be inserted to upset a parser. */
const PIECES = [
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ";",
  ",",
  "=",
  "*",
  ":",
  "^",
  "extern",
  "static",
  "typedef",
  "inline",
  "struct",
  "enum",
  "typeof",
  "__attribute__",
  "((weak))",
  "((alias(",
  "asm",
  "asm(",
  '"',
  "\n#pragma weak",
  "\n#pragma weak a =",
  "x",
  "0",
  "[[",
  "]]",
  "_Atomic",
  "_Static_assert",
  "\0",
  "\u00e9",
  "\n#define x x(",
  "register",
  "sizeof",
]; // prettier-ignore

function mutate(text: string, random: (limit: number) => number): string {
  let mutated = text;
  for (let i = random(8); i >= 0; i--) {
    const at = random(mutated.length + 1);
    const length = random(3) === 0 ? random(40) : 0;
    const piece = random(4) === 0 ? "" : ` ${PIECES[random(PIECES.length)]} `;
    mutated = mutated.slice(0, at) + piece + mutated.slice(at + length);
  }
  return mutated;
}

describe("any preprocessed text", () => {
  it("is parsed, whatever is wrong with it", () => {
    const random = createRandom(4);
    const texts = [
      ...sampleTexts(),
      UNIT_TEXTS.map(({ text }) => text).join("\n"),
      ...UNIT_TEXTS.map(({ text }) => text),
    ];
    for (let round = 0; round < 1500; round++) {
      const text = mutate(texts[random(texts.length)]!, random);
      const { tokens, declarations } = read(text);
      for (const { token, initializer, body } of declarations) {
        for (const range of [initializer, body]) {
          if (range !== undefined)
            assert.ok(token < range.start && range.start <= range.end && range.end <= tokens.count);
        }
      }
    }
  });

  it("is parsed up to the last declaration that is whole", () => {
    const { declarations } = read("int a; int b = ) ; int c(; int d; } int e; ] foo bar( int f;");
    assert.ok(declarations.length > 0);
    assert.equal(read("int a; } ) ] int b;").declarations.length, 2);
    assert.equal(read("int f(void) { ( [ } int g;").declarations.length, 2);
  });

  it("takes time in proportion, however deep or long it is", () => {
    const many = 20_000;
    for (const piece of [
      "(",
      "{",
      "[",
      "int x(",
      "int (",
      "typeof(",
      "__attribute__((",
      "asm(",
      "*",
      "a ",
      "=",
      "struct {",
      "extern ",
    ]) {
      read(piece.repeat(many));
      read(`int f(void) { ${piece.repeat(many)}`);
    }
  });
});
