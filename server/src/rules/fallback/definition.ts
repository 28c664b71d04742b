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
  const inner = nestedBounds(declared);
  if (inner !== undefined) return { refusal: inner };
  let name = source.slice(declarator.start, declarator.end);
  const first = declarator.bounds[0];
  const cuts = [...attributeSpans(declarator)];
  const pieces: { span: Span; text: string }[] = cuts.map((span) => ({ span, text: "" }));
  if (first !== undefined && isEmptyBound(source, first)) pieces.push({ span: first, text: "1" });
  name = replaceSpans(source, declarator, pieces);
  return { text: `${oneLine(`${declaration.type} ${name}`)} ${weak};\n` };
}

/** Sizes of C's own types and the fixed ones that kernels use, in bytes on 64-bit machines; the largest is what counts. */
const SCALAR_WORDS =
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
  const isScalar =
    source.slice(declarator.start, declarator.nameSpan.start).includes("*") ||
    declaration.type.split(" ").every((word) => SCALAR_WORDS.test(word) || word === "*");
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
  const parameters = nameParameters(source.slice(declarator.parameters.start + 1, declarator.parameters.end - 1));
  if (parameters === undefined) return { refusal: `the parameters of '${declarator.name}' are not understood` };
  const stars = source.slice(declarator.start, declarator.nameSpan.start).trim();
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
    words.every((word) => SCALAR_WORDS.test(word) || word.endsWith("_t"))
  );
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

function attributeSpans(declarator: CDeclarator): Span[] {
  return [...declarator.attributes, ...declarator.words].map((attribute) => attribute.removal);
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
  return text.replace(/\s+/g, " ").replace(/\* /g, "*").trim();
}

/**
 * The parameter list with a name for every parameter, as a definition before C23 needs. undefined where a parameter is not
 * understood.
 */
export function nameParameters(list: string): string | undefined {
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
