import assert from "node:assert/strict";
import { factsOfC, readFactsOfC } from "../../../server/src/linkage/facts/c-facts.ts";
import { parseC } from "../../../server/src/syntax/c/parser.ts";
import { findUses } from "../../../server/src/syntax/c/uses.ts";
import { type Source, sourceOfBytes, sourceOfText } from "../../../server/src/text/source.ts";
import type { Span } from "../../../server/src/text/span.ts";

/** C of all kinds that the reader knows, to be spoilt. */
const SEED = `/* c */
#ifndef SEED_H
#define SEED_H
#include <linux/init.h>
#define __weak __attribute__((weak))
#define symbol_get(x) ({ extern typeof(x) x __attribute__((weak, visibility("hidden"))); &(x); })
#define T(name) extern void test_##name(void) __weak; \\
	extern void other_##name(void);
#pragma weak pragmatic = target
extern const unsigned long names[] __weak, *more __aligned(8), (*fp)(int (*)(void));
asmlinkage __visible void __init start(void) { if (x && x(1)) return; }
int f(a, b) int a; char *b; { extern int inner __weak; for (int i = 0; i < 3; i++) x[i] = 'c'; }
#if defined(A) && B > 1
int split(int a)
#elif C
int split(int a, int b)
#else
static int split(void)
#endif
{ struct s { int m; } v = { .m = x, m: 1 }; return !x ? sizeof(x) : x->m; }
EXPORT_SYMBOL(start)
SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf) { return x == NULL; }
struct s { int a; } __packed instance = { .a = (int)&x }, table[] = { { 1 }, { 2 } };
static int hidden(void) __attribute__((alias("start"), section(".x")));
asm(".weak y\\n" "y:\\n"); [[gnu::weak]] int attr; _Pragma("weak z")
extern "C" { enum e { ONE, TWO } e; }
#endif
`;

/** Pieces that change what the text around them means. */
const PIECES =
  "( ) { } [ ] ; , = \" ' /* */ // \\ \\\n # #if #else #endif #define extern static __attribute__ asm ## * é \0 \r x".split(
    " ",
  );

/** A generator of numbers below 2^32 that is the same in every run (xorshift32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function spoil(text: string, random: (below: number) => number): string {
  let spoilt = text;
  for (let count = random(6) + 1; count > 0; count--) {
    const at = random(spoilt.length + 1);
    const length = random(3) === 0 ? random(40) : 0;
    const piece =
      random(4) === 0 ? text.slice(random(text.length)).slice(0, random(60)) : PIECES[random(PIECES.length)]!;
    spoilt = spoilt.slice(0, at) + piece + spoilt.slice(at + length);
  }
  return random(3) === 0 ? spoilt.slice(0, random(spoilt.length + 1)) : spoilt;
}

/** Reads a text in every way there is and checks that all spans lie within it. */
function readAll(text: string): void {
  const source = sourceOfText(text);
  const file = parseC(source);
  for (const span of spansOf(file)) {
    const isWithin = 0 <= span.start && span.start <= span.end && span.end <= text.length;
    if (!isWithin) assert.fail(JSON.stringify(span));
  }
  for (const fact of factsOfC(file, { includeLocal: true }).symbols) {
    assert.ok(fact.start <= fact.end && fact.end <= text.length && fact.name !== "");
  }
  readFactsOfC(source);
  for (const use of findUses(source, new Set(["x", "a"]))) assert.equal(text.slice(use.start, use.end), use.name);
}

function spansOf(value: unknown): Span[] {
  if (Array.isArray(value)) return value.flatMap(spansOf);
  if (typeof value !== "object" || value === null || "codes" in value) return [];
  const inner = Object.values(value).flatMap(spansOf);
  return "start" in value && "end" in value ? [value as Span, ...inner] : inner;
}

describe("the C reader on any input", function () {
  // It takes a second or two, but not on a machine that does ten other things.
  this.timeout(120_000);

  it("takes spoilt text", () => {
    const random = createRandom(20250101);
    for (let round = 0; round < 200; round++) {
      const text = spoil(SEED, random);
      try {
        readAll(text);
      } catch (error) {
        throw new Error(`on ${JSON.stringify(text)}`, { cause: error });
      }
    }
  });

  it("takes text that ends anywhere", () => {
    for (let end = 0; end <= SEED.length; end += 7) readAll(SEED.slice(0, end));
  });

  it("takes text that starts anywhere", () => {
    for (let start = 0; start <= SEED.length; start += 7) readAll(SEED.slice(start));
  });

  it("takes any bytes", () => {
    const random = createRandom(7);
    for (let round = 0; round < 300; round++) {
      const bytes = Uint8Array.from({ length: random(400) }, () => 1 + random(255));
      const source = sourceOfBytes(bytes);
      assert.ok(source);
      factsOfC(parseC(source));
      findUses(source, new Set(["x"]));
    }
  });

  describe("takes time in proportion to its length", () => {
    const repeated = [
      "(",
      "{",
      "[",
      ")",
      "}\n",
      "{\n}{",
      "f(){{\n}",
      "(;",
      "[;",
      "int x(;",
      "={;",
      "int x = {,",
      "#if x\n",
      "#if x\nint x;\n",
      "#elif x\nint x;\n",
      "#if x\n#else\n{",
      "#if 0\n",
      "#ifdef a\nint\n",
      "#endif\n",
      "#define x extern int x\n",
      "#define x __attribute__((\n",
      "#define x x x x\\\n",
      "extern ",
      "extern int x __weak;",
      "{extern int x",
      "int x",
      "x ",
      "x,",
      "x;",
      "x(",
      "x()",
      "x(a)\n",
      "x(a)int b;",
      "int x(a)int a;",
      "*",
      "int (*",
      "int (*x)(",
      "struct {",
      "struct s { int x; };",
      "__attribute__((",
      "__attribute__((weak)) ",
      "[[gnu::weak]] ",
      "/*",
      "/**/",
      "/**/ # ",
      "*/ # ",
      "# ",
      "\\ ",
      "\\\n",
      "a\\\nb",
      "'",
      '"',
      '"\n',
      '"\\',
      "1'",
      "x ? ",
      "x ? x : ",
      "x: ",
      "case x: ",
      "if (x) ",
      "if (x) a ",
      "if (!x) else ",
      "x && ",
      "!(",
      "{ int x; ",
      "{int x;}",
      "for (int x; ",
      "a##",
      "#pragma weak x\n",
      "asm(",
      "x = sizeof(",
      "x a, ",
      "é",
    ];
    for (const piece of repeated) {
      it(JSON.stringify(piece), () => {
        for (const before of ["", "int f(void) {", "#define F "]) {
          assertLinear(48_000, before, piece, (source) => factsOfC(parseC(source)));
        }
        for (const before of ["int f(void) {", "#define F "]) {
          assertLinear(12_000, before, piece, (source) => findUses(source, new Set(["x"])));
        }
      });
    }
  });
});

/**
 * Reads an eighth of a text, then all of it. What is linear takes eight times as long, what is quadratic 64 times; the
 * bound lies between, with room for a busy machine, and what is done in no time may grow as it likes.
 */
function assertLinear(length: number, before: string, piece: string, read: (source: Source) => unknown): void {
  const count = Math.ceil(length / piece.length);
  const short = secondsFor(before + piece.repeat(Math.ceil(count / 8)), read);
  const long = secondsFor(before + piece.repeat(count), read);
  assert.ok(long < 0.15 + 25 * short, `${long} s for all, ${short} s for an eighth`);
}

function secondsFor(text: string, read: (source: Source) => unknown): number {
  const source = sourceOfText(text);
  const before = process.cpuUsage();
  read(source);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
