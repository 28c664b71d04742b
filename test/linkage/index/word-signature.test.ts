import assert from "node:assert/strict";
import { mayHaveWord, wordHashes, wordSignature } from "../../../server/src/linkage/index/word-signature.ts";
import { sourceOfText } from "../../../server/src/text/source.ts";
import { createRandom } from "../../support/random.ts";

function signatureOf(text: string): Uint32Array {
  const { codes, length } = sourceOfText(text);
  return wordSignature(codes, length);
}

function mayHave(signature: Uint32Array, word: string): boolean {
  return [...wordHashes(word)].every((hash) => mayHaveWord(signature, 0, signature.length, hash));
}

describe("word signature", () => {
  it("has the words of a text, and not others", () => {
    const signature = signatureOf('extern int foo[] __weak; /* about bar */ "baz"\n');
    for (const word of ["extern", "int", "foo", "__weak", "about", "bar", "baz"])
      assert.ok(mayHave(signature, word), word);
    for (const word of ["fo", "oo", "weak", "ba", "qux", "FOO"]) assert.ok(!mayHave(signature, word), word);
  });

  for (const [what, text] of [
    ["at the very end", "x = foo"],
    ["after a number with a suffix", "10UL foo 0x1f"],
    ["after a dollar or percent sign", "movl $foo, %eax"],
    ["after a percent sign", "%foo"],
    ["behind an escaped line end in a string", 'asm("nop\\nfoo:")'],
    ["behind an escaped tab in a string", 'asm("\\tfoo")'],
    ["behind an octal escape in a string", '"\\0foo"'],
    ["behind a backslash, as a whole", "\\foo"],
    ["between dots", ".data.foo.bar"],
  ] as const) {
    it(`sees a word ${what}`, () => assert.ok(mayHave(signatureOf(text), "foo")));
  }

  it("asks for each part of a name with dots", () => {
    const signature = signatureOf("foo bar");
    assert.ok(mayHave(signature, "foo.bar"));
    assert.ok(!mayHave(signature, "foo.baz"));
  });

  it("takes letters beyond ASCII for letters", () => {
    assert.ok(mayHave(signatureOf("int größe;"), "größe"));
    assert.ok(!mayHave(signatureOf("int größe;"), "gr"));
  });

  it("can say nothing of what is no word", () => {
    assert.deepEqual([...wordHashes("123")], []);
    assert.deepEqual([...wordHashes("")], []);
  });

  it("of a text without words has none", () => {
    assert.equal(signatureOf("123 + 4").length, 0);
    assert.ok(!mayHave(signatureOf(""), "foo"));
  });

  it("never overlooks one of a hundred thousand words, and is seldom wrong", () => {
    const random = createRandom(2);
    const words = Array.from({ length: 100_000 }, (_, i) => `reg${random(1 << 30).toString(36)}_${i}`);
    const signature = signatureOf(words.join(" "));
    assert.ok(signature.length * 32 <= 100_000 * 20 + 512, "twenty bits a word");
    assert.deepEqual(
      words.filter((word) => !mayHave(signature, word)),
      [],
    );
    const wrong = words.filter((word) => mayHave(signature, `${word}x`)).length;
    assert.ok(wrong < 1000, `${wrong} of 100,000 words that are not there`);
  });

  it("takes for words what a regular expression takes for them, wherever they stand", () => {
    const random = createRandom(5);
    const alphabet = 'azAZ09_@[`{/:+ \n."ö';
    for (let round = 0; round < 300; round++) {
      const text = Array.from({ length: random(60) }, () => alphabet[random(alphabet.length)]).join("");
      const words = new Set((text.match(/[\wö]+/g) ?? []).filter((word) => !/^\d/.test(word)));
      assert.equal(wordHashes(text).length, words.size, JSON.stringify(text));
      const signature = signatureOf(text);
      for (const word of words) assert.ok(mayHave(signature, word), `${word} in ${JSON.stringify(text)}`);
    }
  });

  it("sees every word when nearly every unit starts one", () => {
    const words: string[] = [];
    const letters = "abcdefghijklmnopqrstuvwxyz";
    for (const a of letters) for (const b of letters) words.push(a + b);
    const signature = signatureOf(words.join(" "));
    assert.deepEqual(
      words.filter((word) => !mayHave(signature, word)),
      [],
    );
  });
});
