/** Weakly referenced objects of all types, with uses of all forms. */

import type { Choice } from "./choose.ts";
import { declare } from "./declarations.ts";
import { type FunctionOptions, SAYABLE, spaced } from "./functions.ts";
import type { Presence, Specimen, Use } from "./specimen.ts";

interface ObjectType {
  readonly text: string;
  /** Behind the name: "[]", "[2][4]", an attribute. */
  readonly behind: string;
  readonly shape: "scalar" | "pointer" | "struct" | "array" | "table";
  /** What the strong definition starts with, and its bounds where the declaration has none. */
  readonly initializer: string;
  readonly definedBehind: string;
  /** A value in it as a long: $ is the object. */
  readonly value: string;
  /** The same for the nth; of arrays. */
  readonly element?: string;
  readonly data: string;
}

const scalar = (text: string, initializer = "42", data = "\t.quad 42\n"): ObjectType => ({
  text,
  behind: "",
  shape: "scalar",
  initializer,
  definedBehind: "",
  value: "(long)$",
  data,
});

const array = (text: string, behind: string, more: Partial<ObjectType> = {}): ObjectType => ({
  text,
  behind,
  shape: "array",
  initializer: "{ 3, 5, 7, 11 }",
  definedBehind: behind === "[]" ? "[4]" : behind,
  value: "$[0]",
  element: "$[n]",
  data: "\t.long 3, 5, 7, 11\n",
  ...more,
});

const BYTES = { initializer: '"abc"', data: '\t.string "abc"\n' };

const TYPES: readonly ObjectType[] = [
  ...["char", "signed char", "short", "unsigned short", "int", "unsigned int", "long", "unsigned long"].map((type) =>
    scalar(type),
  ),
  ...["long long", "u8", "u16", "u32", "u64", "size_t", "int", "const int", "const unsigned int"].map((type) =>
    scalar(type),
  ),
  ...["const long", "volatile int", "const u8", "const unsigned long"].map((type) => scalar(type)),
  scalar("bool", "1", "\t.byte 1\n"),
  scalar("const bool", "1", "\t.byte 1\n"),
  scalar("enum color", "BLUE", "\t.long 2\n"),
  scalar("const enum color", "BLUE", "\t.long 2\n"),
  scalar("float", "42", "\t.float 42\n"),
  scalar("double", "42", "\t.double 42\n"),
  scalar("const long double", "42", "\t.tfloat 42\n\t.zero 6\n"),
  scalar("long double", "42", "\t.tfloat 42\n\t.zero 6\n"),
  { ...scalar("int"), behind: " __attribute__((aligned(64)))" },
  { ...scalar("const int"), behind: " __attribute__((aligned(32)))" },
  ...["const char *", "void *", "struct pkt *", "const char *const ", "handler_t"].map(
    (text): ObjectType => ({
      text,
      behind: "",
      shape: "pointer",
      initializer: `(void *)&trace`,
      definedBehind: "",
      value: "($ ? 1 : -5)",
      data: "\t.quad trace\n",
    }),
  ),
  ...["struct rec", "const struct rec"].map(
    (text): ObjectType => ({
      text,
      behind: "",
      shape: "struct",
      initializer: '{ 42, "rec", 43 }',
      definedBehind: "",
      value: "$.id + $.weight",
      data: "\t.long 42, 0\n\t.quad trace, 43\n",
    }),
  ),
  ...["struct bits", "const struct bits"].map(
    (text): ObjectType => ({
      text,
      behind: "",
      shape: "struct",
      initializer: "{ 5, 9, 42 }",
      definedBehind: "",
      value: "$.low + $.high + $.rest",
      data: "\t.long 77, 42\n",
    }),
  ),
  {
    text: "union word",
    behind: "",
    shape: "struct",
    initializer: "{ 42 }",
    definedBehind: "",
    value: "$.bytes[0] + $.whole",
    data: "\t.long 42\n",
  },
  array("int", "[]"),
  array("int", "[4]"),
  array("const int", "[]"),
  array("const int", "[4]"),
  array("unsigned int", "[]"),
  array("const unsigned int", "[]"),
  array("char", "[]", BYTES),
  array("const char", "[]", BYTES),
  array("const char", "[4]", BYTES),
  array("const u8", "[]", { data: "\t.byte 3, 5, 7, 11\n" }),
  array("u16", "[4]", { data: "\t.short 3, 5, 7, 11\n" }),
  array("row_t", "", { definedBehind: "" }),
  array("row_t", "", { definedBehind: "" }),
  array("open_t", "", { definedBehind: "" }),
  array("const volatile int", "[4]"),
  array("const row_t", "", { definedBehind: "" }),
  array("open_t", "", { definedBehind: "" }),
  array("const open_t", "", { definedBehind: "" }),
  array("int", "[2][4]", {
    initializer: "{ { 3, 5, 7, 11 }, { 13, 17, 19, 23 } }",
    value: "$[1][2]",
    element: "$[1][n]",
    data: "\t.long 3, 5, 7, 11, 13, 17, 19, 23\n",
  }),
  array("const int", "[][4]", {
    initializer: "{ { 3, 5, 7, 11 }, { 13, 17, 19, 23 } }",
    definedBehind: "[2][4]",
    value: "$[1][2]",
    element: "$[1][n]",
    data: "\t.long 3, 5, 7, 11, 13, 17, 19, 23\n",
  }),
  ...["const char *const ", "const char *"].map(
    (text): ObjectType => ({
      ...array(text, "[]"),
      shape: "table",
      initializer: '{ "a", "b", "c", NULL }',
      value: "($[0] ? 3 : -5)",
      element: "($[n] ? n : -5)",
      data: "\t.quad trace, trace, trace, 0\n",
    }),
  ),
  ...["struct rec", "const struct rec"].map(
    (text): ObjectType => ({
      ...array(text, "[]"),
      shape: "table",
      initializer: '{ { 3, "a", 4 }, { 5, "b", 6 }, { 7, "c", 8 }, { 9, "d", 10 } }',
      value: "$[0].id",
      element: "$[n].id + $[n].weight",
      data: [3, 5, 7, 9].map((id) => `\t.long ${id}, 0\n\t.quad trace, ${id + 1}\n`).join(""),
    }),
  ),
  {
    ...array("handler_t", "[4]"),
    shape: "table",
    initializer: "{ 0 }",
    value: "($[0] ? 3 : -5)",
    element: "($[n] ? n : -5)",
    data: "\t.quad 0, 0, 0, 0\n",
  },
];

/** A form: the body of `long use(long n)`, with X the object, V a value in it, E its nth element, AD its address. */
interface Form {
  readonly form: string;
  readonly isPlain: boolean;
  readonly body: string;
  readonly shapes: readonly ObjectType["shape"][];
  readonly above?: string;
  readonly header?: string;
  /** Writes to it, so it must not be const. */
  readonly writes?: boolean;
  /** Only for arrays of int. */
  readonly onlyInts?: boolean;
  readonly onlyBounded?: boolean;
}

const ALL = ["scalar", "pointer", "struct", "array", "table"] as const;
const ARRAYS = ["array", "table"] as const;

const form = (name: string, body: string, more: Partial<Form> = {}): Form => ({
  form: name,
  isPlain: false,
  body,
  shapes: ALL,
  ...more,
});
const plain = (name: string, body: string, more: Partial<Form> = {}): Form =>
  form(name, body, { isPlain: true, ...more });

const FORMS: readonly Form[] = [
  plain("read", "\treturn V;\n"),
  plain("read where n", "\tif (n > 1)\n\t\treturn V;\n\treturn -1;\n"),
  plain("read twice", "\tlong first = V;\n\n\treturn first + V;\n"),
  plain("indexed", "\treturn E;\n", { shapes: ARRAYS }),
  plain("indexed where n", "\treturn n ? E : 0;\n", { shapes: ARRAYS }),
  plain("loop", "\tlong i, sum = 0;\n\n\tfor (i = 0; i < n; i++)\n\t\tsum += X[i];\n\treturn sum;\n", {
    shapes: ["array"],
    onlyInts: true,
  }),
  plain("written", "\tX = (__typeof__(X))n;\n\treturn V;\n", { shapes: ["scalar"], writes: true }),
  plain("static inline reader", "\treturn U_get(n);\n", {
    header: "static inline long U_get(long n)\n{\n\treturn n ? V : 0;\n}\n",
  }),
  form("test of the address", "\tif (AD)\n\t\treturn V;\n\treturn -1;\n"),
  form("test of the address, zero", "\treturn AD ? V : 0;\n"),
  form("compared with NULL", "\tif (AD != NULL)\n\t\treturn V;\n\treturn -1;\n"),
  form("missing", "\tif (!AD)\n\t\treturn -1;\n\treturn V;\n"),
  form("address as a truth", "\treturn !!AD + n;\n"),
  form("macro that tests", "\tif (U_PRESENT(AD))\n\t\treturn V;\n\treturn -1;\n", {
    above: "#define U_PRESENT(x) ((unsigned long)(x) != 0)\n",
  }),
  form("macro that casts", "\tif (U_ADDRESS(AD))\n\t\treturn V;\n\treturn -1;\n", {
    above: "#define U_ADDRESS(x) ((unsigned long)(x))\n",
  }),
  form("macro that negates twice", "\tif (U_THERE(AD))\n\t\treturn V;\n\treturn -1;\n", {
    above: "#define U_THERE(x) (!!(long)(x))\n",
  }),
  form("macro that adds", "\treturn U_OFF(AD) == 16 ? -1 : 1;\n", {
    above: "#define U_OFF(x) ((unsigned long)(x) + 16)\n",
  }),
  form("macro of macros", "\tif (U_IF(AD))\n\t\treturn V;\n\treturn -1;\n", {
    above: "#define U_WORD(x) ((long)(x))\n#define U_IF(x) U_WORD(x)\n",
  }),
  form("macro that takes the address", "\tif (U_HAS(X))\n\t\treturn V;\n\treturn -1;\n", {
    above: "#define U_HAS(x) (&(x) != 0)\n",
  }),
  form("plain cast", "\tif ((unsigned long)AD)\n\t\treturn V;\n\treturn -1;\n"),
  form("pointer to it", "\tconst void *p = AD;\n\n\tif (!p)\n\t\treturn -1;\n\treturn V;\n"),
  form("pointer to an element", "\tconst void *p = &X[n];\n\n\tif (!p)\n\t\treturn -1;\n\treturn 1;\n", {
    shapes: ARRAYS,
  }),
  form("added", "\tconst void *p = X + n;\n\n\treturn p ? 1 : -1;\n", { shapes: ARRAYS }),
  form("row", "\tconst void *p = X[n];\n\n\treturn p ? 1 : -1;\n", { shapes: ["array"], onlyInts: false }),
  form("distance", "\tconst char *p = (const char *)4096;\n\n\treturn p - (const char *)AD > 4000;\n"),
  form("address as a number", "\treturn (unsigned long)AD % 2;\n"),
  form("initializer", "\tif (U_pointer)\n\t\treturn V;\n\treturn -1;\n", {
    above: "static const void *const U_pointer = AD;\n",
  }),
  form("table of addresses", "\treturn U_table[0] ? V : -1;\n", { above: "static const void *U_table[] = { AD };\n" }),
  form("passed on", "\treturn U_is_there(AD) ? V : -1;\n", {
    above: "static int U_is_there(const void *p)\n{\n\treturn p != NULL;\n}\n",
  }),
  form("summed by a function", "\treturn add_up(X, n);\n", { shapes: ["array"], onlyInts: true }),
  form("size", "\treturn sizeof(X) + n;\n", { shapes: ["scalar", "pointer", "struct"] }),
  form("size of an array", "\treturn sizeof(X) / sizeof(X[0]) + n;\n", { shapes: ARRAYS, onlyBounded: true }),
  form("type", "\t__typeof__(X) copy = X;\n\n\treturn sizeof(copy);\n", { shapes: ["scalar", "struct"] }),
  form("type of the address", "\t__typeof__(AD) p = AD;\n\n\treturn p ? 1 : -1;\n", { shapes: ["scalar", "struct"] }),
  form("member's address", "\treturn &X.weight ? 1 : -1;\n", { shapes: [] }),
  form("or", "\tif (n > 1 || AD)\n\t\treturn 3;\n\treturn -1;\n"),
  form("switch", "\tswitch ((unsigned long)AD) {\n\tcase 0:\n\t\treturn -1;\n\t}\n\treturn V;\n"),
  form("while", "\twhile (AD && n-- > 0)\n\t\ttrace += V;\n\treturn n;\n"),
  form("target of the address", "\treturn &*AD ? V : -1;\n"),
  form("compared with another", "\treturn (const void *)AD == (const void *)&trace;\n"),
  form("string", "\treturn sizeof(U_STRING(X)) + n;\n", { above: "#define U_STRING(x) #x\n" }),
  form("assembly's operand", '\tconst void *p = AD;\n\n\t__asm__("" : "+r" (p));\n\treturn p ? V : -1;\n'),
  form("assembly's memory", '\t__asm__("" : : "m" (X));\n\treturn V;\n', { shapes: ["scalar", "struct"] }),
  form("another name", "\tif (U_NAME)\n\t\treturn V;\n\treturn -1;\n", { above: "#define U_NAME AD\n" }),
  form("its value as a truth", "\tif (X)\n\t\treturn 3;\n\treturn n;\n", { shapes: ["scalar", "pointer"] }),
  form("its value's choice", "\treturn X ? n : 7;\n", { shapes: ["scalar", "pointer"] }),
  form("generic of the address", "\treturn _Generic(AD, default: 4) + n;\n"),
  form("element's truth", "\treturn X[0] ? 2 : 3;\n", { shapes: ["array"], onlyInts: true }),
  form("range", "\tlong sum = 0;\n\tconst int *p;\n\n\tfor (p = X; p < X + n; p++)\n\t\tsum += *p;\n\treturn sum;\n", {
    shapes: ["array"],
    onlyInts: true,
  }),
  form(
    "walk to zero",
    "\tconst char *p;\n\tlong sum = 0;\n\n\tfor (p = (const char *)AD; p && *p && sum < 3; p++)\n\t\tsum++;\n\treturn sum;\n",
  ),
  form("difference of two addresses", "\treturn (X + n) - X;\n", { shapes: ["array"], onlyInts: true }),
  form("copied", "\tchar copy[4];\n\n\t__builtin_memcpy(copy, AD, 4);\n\treturn copy[0];\n", {
    // A pointer's bytes are the link's own.
    shapes: ["scalar", "struct", "array"],
  }),
  form("conditional address", "\tconst void *p = n > 1 ? (const void *)AD : NULL;\n\n\treturn p ? 1 : 2;\n"),
  form("address returned", "\treturn U_of() ? V : -1;\n", {
    above: "static const void *U_of(void)\n{\n\treturn AD;\n}\n",
  }),
  form("structure of addresses", "\treturn U_entry.at ? V : -1;\n", {
    above: "static const struct { int x; const void *at; } U_entry = { 1, AD };\n",
  }),
  form("static local", "\tstatic const void *const p = AD;\n\n\treturn p ? V : -1;\n"),
  form("expected", "\tif (__builtin_expect(AD != NULL, 1))\n\t\treturn V;\n\treturn -1;\n"),
  form("inequality in a loop", "\tlong i;\n\n\tfor (i = 0; i < 2 && AD; i++)\n\t\ttrace += V;\n\treturn i;\n"),
  form("ternary in parentheses", "\treturn ((AD) ? (V) : (n));\n"),
  form("alignment of it", "\treturn __alignof__(X) + n;\n"),
  form("statement expression", "\treturn ({ const void *p = AD; p ? 1 : 2; }) + n;\n"),
  form("bits of the address", "\treturn ((unsigned long)AD | 1) > 1;\n"),
  form("index of a table", "\tstatic const int list[2] = { 6, 9 };\n\n\treturn list[AD != NULL] + n;\n"),
  form("alignment", "\treturn ((unsigned long)AD & 1) < 2;\n"),
  form("pasted with a word of the macro's", "\treturn U_GET(NUMBER) ? V : -1;\n", {
    above: "#define U_GET(n) (&STEM_##n != NULL)\n",
  }),
  form("pasted in two steps", "\tif (U_GET(U_WHICH))\n\t\treturn V;\n\treturn -1;\n", {
    above: "#define U_WHICH NUMBER\n#define U_GET_(n) (&STEM_##n != NULL)\n#define U_GET(n) U_GET_(n)\n",
  }),
];

/** An object of the name, used so often. */
export function makeObject(
  name: string,
  presence: Presence,
  { onlyPlain, isOpen, isC23 }: Omit<FunctionOptions, "isOptimized">,
  choice: Choice,
): Specimen {
  const isMade = presence === "assigned" || presence === "provided" || presence === "sections";
  const fitting = TYPES.filter(
    (type) =>
      !isMade || (type.shape === "array" && /^(?:const )?(?:int|char)$/.test(type.text) && type.behind === "[]"),
  );
  // What a type's name makes of an address shows in tests of it alone.
  const isByName = (type: ObjectType) => type.text.endsWith("row_t") || type.text.endsWith("open_t");
  const named = onlyPlain ? [] : fitting.filter(isByName);
  const isTelling = named.length > 0 && choice.percent(20);
  const type = choice.one(isTelling ? named : fitting);
  const isInt = /^(?:const )?int$/.test(type.text) && !type.behind.includes("[4]");
  const isConst = /\bconst\b(?!.*\*$)/.test(type.text) || type.text.includes("*const");
  const isBounded = type.behind.includes("[4]") && !type.behind.startsWith("[]");
  const usable = FORMS.filter(
    (one) =>
      one.shapes.includes(type.shape) &&
      (!onlyPlain || one.isPlain) &&
      (one.writes !== true || !isConst) &&
      (one.onlyInts !== true || isInt) &&
      (one.onlyBounded !== true || isBounded) &&
      (one.form !== "row" || (type.behind.endsWith("[4]") && type.behind.length > 4)) &&
      (one.form !== "loop" || !type.behind.includes("][")),
  );
  const address = type.shape === "array" || type.shape === "table" ? name : `&${name}`;
  const uses = Array.from({ length: isTelling ? 1 : 1 + choice.below(onlyPlain ? 2 : 3) }, (_, index): Use => {
    const one = choice.one(usable);
    const id = `use_${name}_${index}`;
    const words: Readonly<Record<string, string>> = {
      X: name,
      V: type.value.replaceAll("$", name),
      E: (type.element ?? type.value).replaceAll("$", name),
      AD: address,
      U: id,
      NUMBER: /\d+$/.exec(name)![0],
      STEM: name.replace(/_\d+$/, ""),
    };
    const replace = (text: string) =>
      text.replaceAll(/\b(?:X|V|E|AD|NUMBER)\b|\bU(?=_)|\bSTEM(?=_)/g, (word) => words[word] ?? word);
    const body = replace(one.body);
    const text = `${replace(one.above ?? "")}long ${id}(long n)\n{\n${/\bn\b/.test(body) ? "" : quiet(body)}${/\bn\b/.test(body) ? body : ""}}\n`;
    return { id, form: one.form, isPlain: one.isPlain, text, header: replace(one.header ?? "") };
  });
  const head = spaced(type.text);
  const strong = `${head}${name}${/^ /.test(type.behind) ? type.behind : type.definedBehind}`;
  const isUsedInHeader = uses.some(({ header }) => header !== "");
  const allowsOdd = onlyPlain && !isOpen && SAYABLE.has(presence);
  const {
    definedWith,
    inBlock: _,
    ...declared
  } = declare(
    name,
    type.text,
    `${name}${type.behind}`,
    { isFunction: false, isUsedInHeader, allowsOdd, isC23 },
    choice,
  );
  return {
    name,
    kind: "object",
    presence,
    uses,
    ...declared,
    definition: `extern ${definedWith}${strong};\n${definedWith}${strong} = ${type.initializer};\n`,
    assembly: `\t.data\n\t.balign 64\n\t.globl ${name}\n\t.type ${name}, @object\n${name}:\n${type.data}\t.size ${name}, . - ${name}\n`,
    naive: {
      declaration: `extern ${head}${name}${type.behind};\n`,
      definition: `${strong.replace(/\[4\]$/, type.behind === "[]" ? "[1]" : "[4]")} __attribute__((weak))${naiveValue(type)};\n`,
    },
  };
}

function naiveValue(type: ObjectType): string {
  return type.shape === "scalar" || type.shape === "pointer" ? " = 0" : " = { 0 }";
}

/** The body with a parameter that it does not look at. */
function quiet(body: string): string {
  const declarations = /^(?:\t[^\n;]*;\n)+\n/.exec(body);
  const at = declarations?.[0].length ?? 0;
  return `${body.slice(0, at)}\t(void)n;\n${body.slice(at)}`;
}
