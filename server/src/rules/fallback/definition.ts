/**
 * Writes weak fallback definitions in C or as file-scope assembly. It is told what to define and knows nothing of where the
 * file stands, who uses the symbol, or whether a fallback is safe.
 */

import type { CDeclaration, CDeclarator } from "../../syntax/c/tree.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";

/** How fallbacks of objects are written: C definitions, or file-scope assembly that no compiler looks into. */
export type FallbackForm = "c" | "asm";

/** A declaration to define a fallback for, in the file where it stands. */
export interface Declared {
  readonly source: Source;
  readonly declaration: CDeclaration;
  readonly declarator: CDeclarator;
}

/** What a fallback function returns: "" is nothing. */
export type ReturnValue = string;

/** The text of a definition, or why none can be written. */
export type Definition = { readonly text: string } | { readonly refusal: string };

/**
 * A weak definition of the declared object that says nothing but zeros: `const u8 names[1] __weak;`. Arrays of unknown bound
 * get one element, other bounds stay. It is a tentative definition on purpose: fewer compilers believe those (forms.ts).
 *
 * @param weak how the tree spells the attribute: `__weak` or `__attribute__((weak))`
 */
export function defineObject(declared: Declared, weak: string): Definition {
  const { source, declaration, declarator } = declared;
  if (isVoidObject(declared)) {
    return { refusal: `'${declarator.name}' is declared void, and no C definition can have that type` };
  }
  const odd = nestedBounds(declared) ?? oddObject(declared);
  if (odd !== undefined) return { refusal: odd };
  const core = coreOf(declared);
  if (core === undefined) return { refusal: `the declarator of '${declarator.name}' is not understood` };
  const first = declarator.bounds[0];
  const pieces = first !== undefined && isEmptyBound(source, first) ? [{ span: first, text: "1" }] : [];
  const name = replaceSpans(source, core, pieces);
  return { text: `${oneLine(`${declaration.type} ${name}`)} ${weak};\n` };
}

/** The declarator up to the attributes behind it. undefined where attributes stand in the midst of it. */
function coreOf({ source, declarator }: Declared): Span | undefined {
  const marks = [
    ...[...declarator.attributes, ...declarator.words].map((one) => one.start),
    ...[...source.slice(declarator.start, declarator.end).matchAll(/\b__attribute(?:__)?\b|\[\[/g)].map(
      (match) => declarator.start + match.index,
    ),
  ].filter((start) => start < declarator.end);
  if (marks.some((start) => start < declarator.nameSpan.end)) return undefined;
  const end = Math.min(declarator.end, ...marks);
  return declarator.bounds.some((bound) => bound.end >= end) ? undefined : { start: declarator.start, end };
}

/** What no plain definition could be, or undefined where nothing is in the way. */
function oddObject({ source, declaration, declarator }: Declared): string | undefined {
  const { name } = declarator;
  const specifiers = source.slice(declaration.specifiers.start, declaration.specifiers.end);
  if (/\b(?:__thread|_Thread_local|thread_local)\b/.test(specifiers)) {
    return `'${name}' is thread-local, and its storage in a fallback would be of another kind`;
  }
  if (/\{/.test(specifiers) && !/\b(?:struct|union|enum)\s+\w+\s*\{/.test(specifiers)) {
    return `the type of '${name}' has no name`;
  }
  if (/\b(?:__)?(?:typeof|auto_type)(?:__)?\b/.test(specifiers)) {
    return `the type of '${name}' is that of something else`;
  }
  if (/\b(?:_Alignas|alignas)\b/.test(specifiers)) {
    return `'${name}' is declared with _Alignas, which its definition would have to repeat`;
  }
  const typed = attributesOf(declaration, declarator).find(({ name }) =>
    /^(?:mode|vector_size|address_space)$/.test(name),
  );
  if (typed !== undefined) return `the attribute '${typed.name}' is a part of the type of '${name}'`;
  const section = sectionOf(declaration, declarator);
  if (section !== undefined && /rodata/.test(section) && !declarator.isConst) {
    return `'${name}' is to stand in ${section} and is not const, so that its fallback could not stand there`;
  }
  return undefined;
}

function attributesOf(declaration: CDeclaration, declarator: CDeclarator) {
  return [declaration, declarator].flatMap((owner) => [...owner.attributes, ...owner.words]);
}

function sectionOf(declaration: CDeclaration, declarator: CDeclarator): string | undefined {
  return attributesOf(declaration, declarator).find(({ name }) => name === "section" || name === "__section")?.argument;
}

/** Sizes of C's own types and the fixed ones that kernels use, in bytes on 64-bit machines; the largest is what counts. */
export const SCALAR_WORDS =
  /^(const|volatile|signed|unsigned|char|short|int|long|_Bool|bool|float|double|[us](8|16|32|64)|__[us](8|16|32|64)|u?int(8|16|32|64)_t|u?intptr_t|size_t|ssize_t|ptrdiff_t|phys_addr_t|dma_addr_t|resource_size_t)$/;

/** Bytes that hold any scalar or pointer. */
const SCALAR_BYTES = 8;

/**
 * The same as file-scope assembly, which every compiler and link-time optimizer takes as it is. Only for scalars, pointers
 * and arrays of them, as the size of anything else is not known without compiling.
 */
export function defineObjectInAssembly(declared: Declared): Definition {
  const { source, declaration, declarator } = declared;
  if (isVoidObject(declared)) {
    // Assembly could define it, but nothing would check that its users mean what it holds.
    return { refusal: `'${declarator.name}' is declared void, and no type says what it holds` };
  }
  const odd = oddObject(declared);
  if (odd !== undefined) return { refusal: odd };
  if (attributesOf(declaration, declarator).some(({ name }) => /align/.test(name))) {
    return { refusal: `how '${declarator.name}' is to be aligned is not known without compiling` };
  }
  const isLongDouble = /\blong\b/.test(declaration.type) && /\bdouble\b/.test(declaration.type);
  const isScalar =
    source.slice(declarator.start, declarator.nameSpan.start).includes("*") ||
    (!isLongDouble && declaration.type.split(" ").every((word) => SCALAR_WORDS.test(word) || word === "*"));
  if (!isScalar) return { refusal: `the size of '${declarator.name}' is not known without compiling` };
  let count = 1;
  for (const bound of declarator.bounds) {
    const text = source.slice(bound.start, bound.end).trim();
    if (text === "") continue;
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 1) {
      return { refusal: `the bound of '${declarator.name}' is not a plain number` };
    }
    count *= value;
  }
  const { name } = declarator;
  const section = declaration.isConst ? ".rodata" : ".data";
  const lines = [
    `.pushsection ${section}`,
    `.weak ${name}`,
    `.balign ${SCALAR_BYTES}`,
    `${name}:`,
    `.zero ${SCALAR_BYTES * count}`,
    ".popsection",
  ];
  return { text: `asm(${lines.map((line) => `"${line.endsWith(":") ? line : `\\t${line}`}\\n"`).join("\n    ")});\n` };
}

/** A weak function that returns the value, or nothing for "". Parameters get names where the declaration gives none. */
export function defineFunction(declared: Declared, value: ReturnValue, weak: string): Definition {
  const { source, declaration, declarator } = declared;
  if (declarator.parameters === undefined)
    return { refusal: `the parameters of '${declarator.name}' are not understood` };
  if (/noreturn|returns_nonnull/i.test(source.slice(declaration.start, declaration.end))) {
    return { refusal: `'${declarator.name}' promises what a fallback could not keep` };
  }
  if (declaration.isInline) return { refusal: `'${declarator.name}' is inline, and its users may have a body of it` };
  const parameters = nameParameters(source.slice(declarator.parameters.start + 1, declarator.parameters.end - 1));
  if (parameters === undefined) return { refusal: `the parameters of '${declarator.name}' are not understood` };
  const stars = withoutComments(source.slice(declarator.start, declarator.nameSpan.start)).trim();
  if (!/^[*\s]*$/.test(stars)) return { refusal: `the declarator of '${declarator.name}' is not understood` };
  const result = `${declaration.type}${stars === "" ? "" : ` ${stars}`}`;
  const body = value === "" ? "" : `\treturn ${value};\n`;
  const space = result.endsWith("*") ? "" : " ";
  return {
    text: `${result.replace(/\s+\*/g, " *")}${space}${weak} ${declarator.name}(${parameters})\n{\n${body}}\n`.replace(
      "*__",
      "* __",
    ),
  };
}

/**
 * The declaration by itself, without what makes it weak, for a file that includes no header with it: so that the definition
 * has the attributes that its users count on, and compilers that ask for a declaration before each definition are content.
 *
 * @param removals what to leave out
 */
export function repeatDeclaration({ source, declaration, declarator }: Declared, removals: readonly Span[]): string {
  const pieces = removals.map((span) => ({ span, text: "" }));
  const specifiers = replaceSpans(source, declaration.specifiers, pieces);
  const named = replaceSpans(source, wholeOf(source, declarator.start), pieces);
  const text = oneLine(`${specifiers} ${named}`);
  return `${/\bextern\b/.test(text) ? "" : "extern "}${text};\n`;
}

/** A declarator with all of its attributes: up to the comma or semicolon behind it. */
function wholeOf(source: Source, start: number): Span {
  const tokens = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\]|\\.)*"|[()[\]{},;]/g;
  const text = source.slice(start, Math.min(source.length, start + LONGEST_DECLARATOR));
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if ("([{".includes(token)) depth++;
    else if (")]}".includes(token)) depth--;
    else if (depth === 0 && (token === "," || token === ";")) return { start, end: start + index };
  }
  return { start, end: start + text.length };
}

const LONGEST_DECLARATOR = 4000;

/** True when the function's result type is void, so that its fallback returns nothing. */
export function returnsNothing({ source, declaration, declarator }: Declared): boolean {
  return declaration.type === "void" && !source.slice(declarator.start, declarator.nameSpan.start).includes("*");
}

/** True when the function returns a pointer. */
export function returnsPointer({ source, declaration, declarator }: Declared): boolean {
  return declaration.type.includes("*") || source.slice(declarator.start, declarator.nameSpan.start).includes("*");
}

/** True when 0 is surely a value of the function's result type. */
export function returnsScalar(declared: Declared): boolean {
  const words = declared.declaration.type.split(" ");
  return (
    returnsPointer(declared) ||
    words[0] === "enum" ||
    words.every((word) => SCALAR_WORDS.test(word) || SIGNED_WORDS.test(word))
  );
}

/** Other typedefs of signed integers, of 32 bits or more. */
const SIGNED_WORDS = /^(ssize_t|ptrdiff_t|intptr_t|off_t|loff_t|pid_t)$/;

/** The smallest negated error number, by which a function says that something is wrong. */
const LOWEST_ERROR = -4095;

/** True when the function can return the constant as it stands, for `f ? f() : -1` means -1, not 255. */
export function canReturn(declared: Declared, constant: string): boolean {
  if (returnsPointer(declared)) return constant === "NULL" || constant === "0";
  if (constant === "NULL") return false;
  const value = constant.startsWith("-E") ? LOWEST_ERROR : Number(TRUTH.get(constant) ?? constant);
  const [least, most] = rangeOf(declared.declaration.type.split(" "));
  return value >= least && value <= most;
}

/** Truth values as numbers. */
export const TRUTH: ReadonlyMap<string, string> = new Map([
  ["true", "1"],
  ["false", "0"],
]);

/** The least and the greatest value that a type surely has. Of types that are not known, it may be bool. */
function rangeOf(words: readonly string[]): readonly [number, number] {
  const type = words.filter((word) => word !== "const" && word !== "volatile");
  const isUnsigned = type.some((word) => /^(?:__)?u|^size_t$|_addr_t$|^resource_size_t$/.test(word));
  const isInteger = type.every((word) => SCALAR_WORDS.test(word) || SIGNED_WORDS.test(word));
  if (!isInteger || type.some((word) => /bool|float|double/i.test(word))) return [0, 1];
  if (type.some((word) => word === "char" || /8(?:_t)?$/.test(word))) return [0, 127];
  if (isUnsigned) return [0, 32767];
  if (type.some((word) => word === "short" || /16(?:_t)?$/.test(word))) return [-32768, 32767];
  return [-2147483648, 2147483647];
}

function isVoidObject({ source, declaration, declarator }: Declared): boolean {
  const isPointer =
    source.slice(declarator.start, declarator.nameSpan.start).includes("*") || declaration.type.includes("*");
  return /\bvoid\b/.test(declaration.type) && !isPointer && declarator.shape !== "function";
}

function nestedBounds({ source, declarator }: Declared): string | undefined {
  const unknown = declarator.bounds.slice(1).some((bound) => isEmptyBound(source, bound));
  return unknown ? `an inner bound of '${declarator.name}' is missing` : undefined;
}

function isEmptyBound(source: Source, bound: Span): boolean {
  return source.slice(bound.start, bound.end).trim() === "";
}

/** The text of a span with some stretches inside it replaced. Stretches that reach outside of it are cut to it. */
function replaceSpans(source: Source, whole: Span, pieces: readonly { span: Span; text: string }[]): string {
  let text = "";
  let done = whole.start;
  for (const piece of [...pieces].sort((a, b) => a.span.start - b.span.start)) {
    const start = Math.max(piece.span.start, done);
    const end = Math.min(piece.span.end, whole.end);
    if (end < start) continue;
    text += source.slice(done, start) + piece.text;
    done = end;
  }
  return text + source.slice(done, whole.end);
}

function oneLine(text: string): string {
  return withoutComments(text).replace(/\s+/g, " ").replace(/\* /g, "*").trim();
}

/** The text with blanks for its comments. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, " ");
}

/**
 * The parameter list with a name for every parameter, as a definition before C23 needs. undefined where a parameter is not
 * understood.
 */
function nameParameters(list: string): string | undefined {
  const text = oneLine(list);
  if (text === "" || text === "void") return "void";
  if (/[{}#"]/.test(text)) return undefined;
  const named: string[] = [];
  let depth = 0;
  let from = 0;
  const parts: string[] = [];
  for (let i = 0; i <= text.length; i++) {
    const char = text[i];
    if (char === "(" || char === "[") depth++;
    else if (char === ")" || char === "]") depth--;
    else if ((char === "," && depth === 0) || i === text.length) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  for (const [index, part] of parts.entries()) {
    if (part === "...") named.push(part);
    else if (/\(\s*\*\s*\w+\s*\)/.test(part)) named.push(part);
    else if (part.includes("(")) return undefined;
    else {
      const bare = part.replace(/(\s*\[[^\]]*\])+$/, "");
      const bounds = part.slice(bare.length);
      const words = bare.match(/\w+|\*/g) ?? [];
      const last = words.at(-1);
      if (last === undefined) return undefined;
      const typeWords = words.filter((word) => !QUALIFIERS.has(word));
      const isTagged = TAGS.has(typeWords[0] ?? "");
      const hasName =
        last !== "*" && !TYPE_WORDS.has(last) && !QUALIFIERS.has(last) && typeWords.length > (isTagged ? 2 : 1);
      named.push(hasName ? part : `${bare}${bare.endsWith("*") ? "" : " "}unused${index + 1}${bounds}`);
    }
  }
  return named.join(", ");
}

const TAGS = new Set(["struct", "union", "enum"]);
const QUALIFIERS = new Set(["const", "volatile", "restrict", "register"]);
const TYPE_WORDS = new Set([
  "void",
  "char",
  "short",
  "int",
  "long",
  "float",
  "double",
  "signed",
  "unsigned",
  "_Bool",
  "bool",
]);
