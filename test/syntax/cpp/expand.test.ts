import assert from "node:assert/strict";
import { expand, messagesOf, preprocessText } from "./run.ts";

/** What C11 6.10.3.5 says of its own examples. */
describe("macro expansion, by the examples of the C standard", () => {
  it("rescans with further macros (EXAMPLE 3)", () => {
    const definitions = `
      #define x 3
      #define f(a) f(x * (a))
      #undef x
      #define x 2
      #define g f
      #define z z[0]
      #define h g(~
      #define m(a) a(w)
      #define w 0,1
      #define t(a) a
      #define p() int
      #define q(x) x
      #define r(x,y) x ## y
      #define str(x) # x
    `;
    assert.equal(
      expand(`${definitions}
        f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);
        g(x+(3,4)-w) | h 5) & m
            (f)^m(m);
        p() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };
        char c[2][6] = { str(hello), str() };`),
      "f(2 * (y+1)) + f(2 * (f(2 * (z[0])))) % f(2 * (0)) + t(1); " +
        "f(2 * (2 +(3,4)-0,1)) | f(2 * (~ 5)) & f(2 * (0,1))^m(0,1); " +
        'int i[] = { 1, 23, 4, 5, }; char c[2][6] = { "hello", "" };',
    );
  });

  it("makes strings and pastes tokens (EXAMPLE 4)", () => {
    assert.equal(
      expand(String.raw`
        #define str(s) # s
        #define xstr(s) str(s)
        #define debug(s, t) printf("x" # s "= %d, x" # t "= %s", \
              x ## s, x ## t)
        #define INCFILE(n) vers ## n
        #define glue(a, b) a ## b
        #define xglue(a, b) glue(a, b)
        #define HIGHLOW "hello"
        #define LOW LOW ", world"
        debug(1, 2);
        fputs(str(strncmp("abc\0d", "abc", '\4') // this goes away
              == 0) str(: @\n), s);
        xstr(INCFILE(2).h)
        glue(HIGH, LOW);
        xglue(HIGH, LOW)`),
      'printf("x" "1" "= %d, x" "2" "= %s", x1, x2); ' +
        String.raw`fputs("strncmp(\"abc\\0d\", \"abc\", '\\4') == 0" ": @\n", s); ` +
        '"vers2.h" "hello"; "hello" ", world"',
    );
  });

  it("pastes placemarkers (EXAMPLE 5)", () => {
    assert.equal(
      expand(`
        #define t(x,y,z) x ## y ## z
        int j[] = { t(1,2,3), t(,4,5), t(6,,7), t(8,9,), t(10,,), t(,11,), t(,,12), t(,,) };`),
      "int j[] = { 123, 45, 67, 89, 10, 11, 12, };",
    );
  });

  it("does not take # ## # for a paste operator (EXAMPLE of 6.10.3.3)", () => {
    assert.equal(
      expand(`
        #define hash_hash # ## #
        #define mkstr(a) # a
        #define in_between(a) mkstr(a)
        #define join(c, d) in_between(c hash_hash d)
        char p[] = join(x, y);`),
      'char p[] = "x ## y";',
    );
  });

  it("tells a redefinition that differs from one that does not (EXAMPLE 6)", () => {
    const same = preprocessText(`
      #define OBJ_LIKE (1-1)
      #define OBJ_LIKE /* white space */ (1-1) /* other */
      #define FUNC_LIKE(a) ( a )
      #define FUNC_LIKE( a )( /* note the white space */ \\
        a /* other stuff on this line
        */ )`);
    assert.deepEqual(messagesOf(same), []);
    for (const other of ["#define OBJ_LIKE (0)", "#define OBJ_LIKE (1 - 1)", "#define OBJ_LIKE(b) (1-1)"]) {
      const differs = preprocessText(`#define OBJ_LIKE (1-1)\n${other}`);
      assert.deepEqual(messagesOf(differs), ['warning: "OBJ_LIKE" redefined']);
    }
  });

  it("passes variable arguments on (EXAMPLE 7)", () => {
    assert.equal(
      expand(`
        #define debug(...) fprintf(stderr, __VA_ARGS__)
        #define showlist(...) puts(#__VA_ARGS__)
        #define report(test, ...) ((test)?puts(#test):\\
              printf(__VA_ARGS__))
        debug("Flag");
        debug("X = %d\\n", x);
        showlist(The first, second, and third items.);
        report(x>y, "x is %d but y is %d", x, y);`),
      'fprintf(stderr, "Flag"); fprintf(stderr, "X = %d\\n", x); puts("The first, second, and third items."); ' +
        '((x>y)?puts("x>y"): printf("x is %d but y is %d", x, y));',
    );
  });
});

describe("macro expansion, as GNU cpp does it", () => {
  const cases: readonly [what: string, text: string, expected: string][] = [
    [
      "drops the comma before an omitted variable argument",
      "#define e(f, ...) p(f, ## __VA_ARGS__)\ne(1) e(1,) e(1,2)",
      "p(1) p(1,) p(1,2)",
    ],
    ["names the variable argument", "#define e(f, a...) p(f, ##a)\ne(1) e(1,2,3)", "p(1) p(1,2,3)"],
    [
      "keeps optional parts where there are variable arguments",
      "#define f(a, ...) a __VA_OPT__([) __VA_ARGS__ __VA_OPT__(])\nf(1) f(1, 2)",
      "1 1 [ 2 ]",
    ],
    [
      "counts an argument that expands to nothing as none for __VA_OPT__",
      "#define E\n#define f(...) (__VA_OPT__(x))\nf(E) f(E E) f(E 1)",
      "() () (x)",
    ],
    ["re-enables a macro whose replacement has been read", "#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)", "2*9*g"],
    ["leaves a function-like name alone without a call", "#define f(a) [a]\nf f; f\n(1)", "f f; [1]"],
    ["reads a call over lines and comments", "#define f(a,b) a-b\nf /* c */ (1, // d\n (2,\n3))", "1 -(2, 3)"],
    [
      "carries out directives among arguments",
      "#define f(a) <a>\nf(1\n#define X 2\nX\n#ifdef Y\n3\n#endif\n)",
      "<1 2>",
    ],
    ["does not see a call behind a directive", "#define f(a) <a>\nf\n#define X\n(1)", "f (1)"],
    ["keeps tokens apart that would read as one", "#define E\n#define m -\n-m -E- +E+ a E b", "- - - - + + a b"],
    ["treats digraphs as what they stand for", "%:define s(x) %:x\ns(a) <: :>", '"a" <: :>'],
    ["expands a paste's result", "#define ab 5\n#define p(x,y) x##y\np(a,b)", "5"],
    [
      "computes __COUNTER__, __LINE__ and __FILE__",
      "__COUNTER__ __COUNTER__\n__LINE__ __FILE__ __INCLUDE_LEVEL__",
      '0 1 2 "main.c" 0',
    ],
    [
      "gives a macro's __LINE__ the call's line and an argument's its own",
      "#define f(x) __LINE__ x\nf(\n__LINE__)",
      "2 3",
    ],
    [
      "joins lines anywhere, white space behind the backslash included",
      'de\\\nf "a\\\nb" /\\\n* c *\\\n/ -\\  \n>',
      'def "ab" ->',
    ],
  ];
  for (const [what, text, expected] of cases) it(what, () => assert.equal(expand(text), expected));

  it("keeps the comma for an empty variable argument in standard C", () => {
    const text = "#define e(...) p(1, ## __VA_ARGS__)\ne()";
    assert.equal(expand(text), "p(1)");
    assert.equal(expand(text, { isStrict: true }), "p(1,)");
  });

  it("reports calls with a wrong number of arguments and leaves the name", () => {
    const result = preprocessText("#define f(a,b) a b\nf(1) f(1,2,3) f(1");
    assert.deepEqual(messagesOf(result), [
      'error: macro "f" requires 2 arguments, but only 1 given',
      'error: macro "f" passed 3 arguments, but takes just 2',
      'error: unterminated argument list invoking macro "f"',
    ]);
    assert.equal(expand("#define f(a,b) a b\nf(1) x"), "f x");
  });
});

describe("macro expansion in assembly", () => {
  const cases: readonly [what: string, text: string, expected: string][] = [
    [
      "leaves # lines that are no directives",
      "# a comment's quote\n #1 x\n#define x 2\n# x",
      "# a comment's quote #1 x # 2",
    ],
    ["does not take $ for a letter", "#define x 1\n$x x$y", "$1 1$y"],
    ["allows # before anything in a function-like macro", "#define f(a) [#a|# b|#0]\nf(q)", '["q"|# b|#0]'],
    ["leaves tokens that cannot be pasted side by side", "#define s(n) *(.text. ## n ## .*)\ns(x)", "*(.text.x .*)"],
    ["does not know raw strings", '#define f(a) <a>\nR"(x" f(1) ")"', 'R"(x" <1> ")"'],
  ];
  for (const [what, text, expected] of cases) {
    it(what, () => assert.equal(expand(text, { mode: "assembler" }), expected));
  }

  it("reports no bad paste", () => {
    assert.deepEqual(messagesOf(preprocessText("#define f(a) .##a\nf(x)", { mode: "assembler" })), []);
  });
});
