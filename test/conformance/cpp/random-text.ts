/** Makes texts full of macros and directives from a seed, to be preprocessed by two preprocessors. */

export type Random = (limit: number) => number;

const NAMES = ["a", "b", "f", "g", "h", "m", "E", "L", "u8", "defined", "__LINE__", '_Pragma("weak b")', "__VA_OPT__"];
const MACROS = ["a", "b", "f", "g", "h", "m", "E"];
const PARAMETERS = ["x", "y", "z"];
const OTHER_TOKENS = [
  "1",
  "0x1e+2",
  ".5",
  "1.",
  "'c'",
  '"s\\\\\\n"',
  '"t"',
  "'\"'",
  "+",
  "-",
  "++",
  "->",
  "=",
  "==",
  "<",
  "<<",
  "<<=",
  ">",
  "&",
  "&&",
  "|",
  "^",
  "!",
  "~",
  ".",
  "...",
  "..",
  ":",
  ";",
  "?",
  "/",
  "%",
  "*",
  "@",
  "\\",
  "`",
  "$",
  "[",
  "]",
  "{",
  "}",
  "#",
  "##",
  "<:",
  "%:",
  "L'x'",
  'R"(r)"',
  "k",
  "xx",
];

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)]!;
}

function space(random: Random): string {
  const choice = random(20);
  if (choice < 9) return "";
  if (choice < 17) return " ";
  if (choice === 17) return "/* c */";
  if (choice === 18) return "\\\n";
  return "\t";
}

/** Tokens in a row; parentheses are closed most of the time. */
function tokens(random: Random, count: number, names: readonly string[], isAcrossLines: boolean): string {
  let text = "";
  let depth = 0;
  for (let i = 0; i < count; i++) {
    const choice = random(20);
    if (choice < 8) text += pick(random, names);
    else if (choice < 12) {
      text += `${pick(random, names) + (random(6) === 0 ? " " : "")}(`;
      depth++;
    } else if (choice < 14 && depth > 0) {
      text += ")";
      depth--;
    } else if (choice < 16) text += ",";
    else text += pick(random, OTHER_TOKENS);
    text += isAcrossLines && random(25) === 0 ? "\n" : space(random);
  }
  if (random(30) > 0) text += ")".repeat(depth);
  return text;
}

function definition(random: Random): string {
  const name = pick(random, MACROS);
  if (random(3) === 0) return `#define ${name} ${body(random, MACROS, false)}\n`;
  const count = random(4);
  let parameters = PARAMETERS.slice(0, count);
  const names = [...parameters];
  const variadic = random(4);
  if (variadic === 0) {
    parameters = [...parameters, "..."];
    names.push("__VA_ARGS__", "__VA_ARGS__");
  } else if (variadic === 1 && count > 0) {
    parameters[count - 1] += "...";
  }
  const hasOptional = variadic < 2 && random(3) === 0;
  return `#define ${name}(${parameters.join(random(2) === 0 ? "," : ", ")}) ${body(random, [...MACROS, ...names, ...names, ...names], hasOptional)}\n`;
}

function body(random: Random, names: readonly string[], hasOptional: boolean): string {
  const parts: string[] = [];
  const count = random(8);
  for (let i = 0; i < count; i++) {
    const choice = random(12);
    if (choice === 0 && i > 0) parts.push("##");
    else if (choice === 1) parts.push(`#${pick(random, names)}`);
    else if (choice === 2 && hasOptional) parts.push(`__VA_OPT__(${inLine(tokens(random, random(4), names, false))})`);
    else if (choice === 3 && i > 0) parts.push(`,##${pick(random, names)}`);
    else parts.push(inLine(tokens(random, 1 + random(3), names, false)));
    if (random(3) > 0) parts.push(" ");
    else if (random(3) === 0 && i + 1 < count) parts.push("##");
  }
  // A paste operator at an end makes no macro, which now and then is enough.
  const text = parts.join("").trim();
  return random(20) === 0 ? text : text.replace(/^[#\s]+/, "").replace(/(?:\s|##)+$/, "");
}

/** A body's stray `#` would make most definitions of C wrong, and a backslash at its end joins lines. */
function inLine(text: string): string {
  return text
    .replace(/\\\n/g, " ")
    .replace(/(?:%:|#)+/g, "")
    .replace(/\\$/, "");
}

const CONDITIONS = [
  "1",
  "0",
  "defined(a)",
  "defined f",
  "!defined(E)",
  "a",
  "f(1)",
  "f(1,2) > 0",
  "a + b == 2",
  "-1 > 0u",
  "1 ? 2 : 0",
  "(1 || 1/0)",
  "0x10 >> 2",
  "'a' == 97",
  "'\\377' < 0",
  "1 << 63 < 0",
  "~0u == ~0",
  "a ? f : g",
  "5 % 3 - 2",
  "-5 / 2 == -2",
  "1 == 1 == 1",
  "2 - 1 - 1",
  "10 / 0",
  "(1",
  "1 +",
  "__LINE__ > 10",
  "1 ? 0 : 1 ? 1 : 0",
  "0 ? 1 : 0 ? 2 : 3",
  "(2, 0)",
  "1 && 0 || 1",
  "1 | 2 ^ 2 & 0",
  "-1 >> 63 == -1",
  "1u - 2 > 0",
  "077 == 63",
  "0b11 == 3",
  "9223372036854775807 + 1 < 0",
  "18446744073709551615 == -1",
  "!a && !b",
];

function line(random: Random): string {
  const choice = random(24);
  if (choice < 7) return definition(random);
  if (choice === 7) return `#undef ${pick(random, MACROS)}\n`;
  if (choice === 8) return `#if ${pick(random, CONDITIONS)}\n${line(random)}#else\n${line(random)}#endif\n`;
  if (choice === 9)
    return `#ifdef ${pick(random, MACROS)}\n${line(random)}#elif ${pick(random, CONDITIONS)}\n${line(random)}#endif\n`;
  if (choice === 10) return `#ifndef ${pick(random, MACROS)}\n${line(random)}#endif\n`;
  if (choice === 11) return '_Pragma("weak a")\n';
  if (choice === 12) return "#pragma weak a = b\n";
  const indentation = " ".repeat(random(3) === 0 ? random(6) : 0);
  return `${indentation}${tokens(random, 1 + random(12), [...NAMES, ...MACROS, ...MACROS, ...MACROS], true)}\n`;
}

/** A text of some dozen lines. Assembly gets no pragmas, which are not passed on to assemblers. */
export function randomText(random: Random, mode: "c" | "assembler"): string {
  const text = randomLines(random);
  return mode === "c" ? text : text.replace(/_Pragma\("[^"]*"\)|#pragma/g, "#x");
}

function randomLines(random: Random): string {
  let text = "";
  for (let i = 0; i < 4; i++) text += definition(random);
  const count = 4 + random(12);
  for (let i = 0; i < count; i++) text += line(random);
  return text;
}
