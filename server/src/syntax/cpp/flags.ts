/**
 * What a compiler's command line tells the preprocessor: -I and its kin, -D, -U, -include ("The C Preprocessor", 12). It
 * knows no build system and reads no file.
 */

/** The command line as {@link preprocess} wants it, and the flags that change which macros the compiler predefines. */
export interface PreprocessorFlags {
  /** For `#include "…"` alone (-iquote). */
  readonly quotePaths: readonly string[];
  /** -I, then -isystem, then -idirafter. */
  readonly includePaths: readonly string[];
  /** -D and -U as lines of #define and #undef, in order. */
  readonly definitions: string;
  /** -imacros and -include, in order. */
  readonly forcedIncludes: readonly string[];
  /** -undef: the compiler predefines nothing of its own. */
  readonly isUndefined: boolean;
  /** -std=c… and -ansi, which are standard C without GNU's extensions. */
  readonly isStrict: boolean;
  /** Everything else, in order: machine flags, optimization, the language. */
  readonly others: readonly string[];
}

/** Flags whose operand is the next word where none is attached. */
const OPERANDS = ["-I", "-D", "-U", "-iquote", "-isystem", "-idirafter", "-include", "-imacros"] as const;
/** Flags of no concern here that take the next word with them. */
const IGNORED_OPERANDS = new Set([
  "-o",
  "-MF",
  "-MT",
  "-MQ",
  "-iprefix",
  "-iwithprefix",
  "-isysroot",
  "-x",
  "-Xassembler",
]);

/** Reads the words of a command line, quotes taken off (see {@link splitShellWords}). */
export function readFlags(words: readonly string[]): PreprocessorFlags {
  const quotePaths: string[] = [];
  const paths: string[] = [];
  const systemPaths: string[] = [];
  const afterPaths: string[] = [];
  const forcedIncludes: string[] = [];
  const others: string[] = [];
  let definitions = "";
  let isUndefined = false;
  let isStrict = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const flag = OPERANDS.find((name) => word.startsWith(name) && (name.length === 2 || word === name));
    if (flag === undefined) {
      if (word === "-undef") isUndefined = true;
      else if (IGNORED_OPERANDS.has(word)) i++;
      else others.push(word);
      if (word.startsWith("-std=")) isStrict = !word.startsWith("-std=gnu");
      if (word === "-ansi") isStrict = true;
      continue;
    }
    const operand = word.length > flag.length ? word.slice(flag.length) : (words[++i] ?? "");
    if (operand === "") continue;
    switch (flag) {
      case "-I":
        paths.push(operand);
        break;
      case "-iquote":
        quotePaths.push(operand);
        break;
      case "-isystem":
        systemPaths.push(operand);
        break;
      case "-idirafter":
        afterPaths.push(operand);
        break;
      case "-D":
        definitions += definitionLine(operand);
        break;
      case "-U":
        definitions += `#undef ${operand}\n`;
        break;
      default:
        forcedIncludes.push(operand);
    }
  }
  const includePaths = [...new Set([...paths, ...systemPaths, ...afterPaths])];
  return { quotePaths, includePaths, definitions, forcedIncludes, isUndefined, isStrict, others };
}

/** `NAME` is defined as 1, `NAME=text` as the text up to a newline. */
function definitionLine(operand: string): string {
  const equals = operand.indexOf("=");
  if (equals < 0) return `#define ${operand} 1\n`;
  const value = operand.slice(equals + 1).replace(/[\r\n][\s\S]*$/, "");
  return `#define ${operand.slice(0, equals)} ${value}\n`;
}

/** Splits a command line as a POSIX shell does, without expansions: blanks part words, quotes and backslashes keep them. */
export function splitShellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const unit = text[i]!;
    if (quote === "'") {
      if (unit === "'") quote = "";
      else word += unit;
    } else if (unit === "\\" && i + 1 < text.length) {
      const next = text[++i]!;
      if (next === "\n") continue;
      word = (word ?? "") + (quote === '"' && !'"\\$`'.includes(next) ? `\\${next}` : next);
    } else if (quote === '"') {
      if (unit === '"') quote = "";
      else word += unit;
    } else if (unit === "'" || unit === '"') {
      quote = unit;
      word ??= "";
    } else if (/\s/.test(unit)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + unit;
  }
  if (word !== undefined) words.push(word);
  return words;
}
