/**
 * Writes weak fallback definitions in C or as file-scope assembly. It is told what to define and knows nothing of where the
 * file stands, who uses the symbol, or whether a fallback is safe.
 */

import { OPEN_BRACE, OPEN_BRACKET, STAR } from "../../syntax/c/codes.ts";
import { KEYWORD } from "../../syntax/c/keywords.ts";
import { type CToken, depthStep, isWord, joinTokens, listTokens, tokensOutside } from "../../syntax/c/token-list.ts";
import type { CDeclaration, CDeclarator } from "../../syntax/c/tree.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import { nameParameters } from "./parameters.ts";
import { isScalarType, isTextType, rangeOf, SCALAR_WORDS } from "./type-words.ts";

/** How fallbacks of objects are written: C definitions, or file-scope assembly that no compiler looks into. */
export type FallbackLanguage = "c" | "asm";

/** A declaration to define a fallback for, in the file where it stands. */
export interface Declared {
  readonly source: Source;
  readonly declaration: CDeclaration;
  readonly declarator: CDeclarator;
  readonly isPointerByName?: boolean;
}

/** What a fallback function returns: "" is nothing. */
export type ReturnValue = string;

/** The text of a definition, or why none can be written. */
export type WrittenDefinition = { readonly text: string } | { readonly refusal: string };

/** What a definition is written with. */
export interface DefinitionStyle {
  /** How the tree spells the attribute: `__weak` or `__attribute__((weak))`. */
  readonly weak: string;
  /** Parameters that are not used must be said to be: the tree may be compiled with -Wunused-parameter. */
  readonly usesParameters?: boolean;
  /** What makes the declaration weak, which may stand before a function's name. */
  readonly removals?: readonly Span[];
  /** How a function is called, said before its type with a blank behind it: "__attribute__((ms_abi)) "; "" for the usual. */
  readonly conventions?: string;
  /** The type is a typedef of an array of unknown bound, which only an initializer gives one. */
  readonly isUnboundArray?: boolean;
}

/**
 * A weak definition of the declared object that says nothing but zeros: `const u8 names[1] __weak;`. Arrays of unknown bound
 * get one element, other bounds stay. It is a tentative definition on purpose: fewer compilers believe those (forms.ts).
 */
export function defineObject(declared: Declared, style: DefinitionStyle): WrittenDefinition {
  const { source, declaration, declarator } = declared;
  if (isVoidObject(declared)) {
    return { refusal: `'${declarator.name}' is declared void, and no C definition can have that type` };
  }
  const odd = nestedBounds(declared) ?? oddObject(declared);
  if (odd !== undefined) return { refusal: odd };
  const core = coreOf(declared);
  if (core === undefined) return { refusal: `the declarator of '${declarator.name}' is not understood` };
  const [first] = declarator.bounds;
  const hasNoBound = first !== undefined && isEmptyBound(source, first);
  const tokens = listTokens(source, core.start, core.end);
  const name = hasNoBound ? boundByOne(tokens, first) : joinTokens(tokens);
  const initializer = style.isUnboundArray === true ? " = { 0 }" : "";
  return { text: `${joinType(declaration.type, name)} ${style.weak}${initializer};\n` };
}

function joinType(type: string, name: string): string {
  const joined = type.replaceAll("* ", "*");
  return `${joined}${joined.endsWith("*") ? "" : " "}${name}`;
}

/** The declarator with 1 between the brackets of its first bound. */
function boundByOne(tokens: readonly CToken[], bound: Span): string {
  const open = tokens.findLastIndex(({ kind, end }) => kind === OPEN_BRACKET && end <= bound.start);
  return `${joinTokens(tokens.slice(0, open + 1))}1${joinTokens(tokens.slice(open + 1))}`;
}

/** The declarator up to the attributes behind it. undefined where attributes stand in the midst of it. */
function coreOf({ source, declarator }: Declared): Span | undefined {
  const tokens = listTokens(source, declarator.start, declarator.end);
  const marks = [
    ...[...declarator.attributes, ...declarator.words].map(({ start }) => start),
    ...tokens
      .filter(({ kind }, at) => kind === KEYWORD.attribute || isAttributeBracket(tokens, at))
      .map(({ start }) => start),
  ].filter((start) => start < declarator.end);
  if (marks.some((start) => start < declarator.nameSpan.end)) return undefined;
  const end = Math.min(declarator.end, ...marks);
  return declarator.bounds.some((bound) => bound.end >= end) ? undefined : { start: declarator.start, end };
}

/** `[[` of an attribute. */
function isAttributeBracket(tokens: readonly CToken[], at: number): boolean {
  const [one, two] = [tokens[at]!, tokens[at + 1]];
  return one.kind === OPEN_BRACKET && two?.kind === OPEN_BRACKET && !two.isSpaced;
}

/** What no plain definition could be, or undefined where nothing is in the way. */
function oddObject({ source, declaration, declarator }: Declared): string | undefined {
  const { name } = declarator;
  const specifiers = listTokens(source, declaration.specifiers.start, declaration.specifiers.end);
  const has = (kind: number) => specifiers.some((token) => token.kind === kind);
  if (has(KEYWORD.threadLocal)) {
    return `'${name}' is thread-local, and its storage in a fallback would be of another kind`;
  }
  const brace = specifiers.findIndex(({ kind }) => kind === OPEN_BRACE);
  if (brace >= 0 && specifiers[brace - 2]?.kind !== KEYWORD.tag) return `the type of '${name}' has no name`;
  if (has(KEYWORD.typeof) || specifiers.some(({ text }) => text === "__auto_type")) {
    return `the type of '${name}' is that of something else`;
  }
  if (has(KEYWORD.alignas)) {
    return `'${name}' is declared with _Alignas, which its definition would have to repeat`;
  }
  const typed = attributesOf(declaration, declarator).find(({ name }) => TYPE_ATTRIBUTES.has(name));
  if (typed !== undefined) return `the attribute '${typed.name}' is a part of the type of '${name}'`;
  const section = sectionOf(declaration, declarator);
  if (section?.includes("rodata") && !declarator.isConst) {
    return `'${name}' is to stand in ${section} and is not const, so that its fallback could not stand there`;
  }
  return undefined;
}

const TYPE_ATTRIBUTES: ReadonlySet<string> = new Set(["mode", "vector_size", "address_space"]);

function attributesOf(declaration: CDeclaration, declarator: CDeclarator) {
  return [declaration, declarator].flatMap((owner) => [...owner.attributes, ...owner.words]);
}

function sectionOf(declaration: CDeclaration, declarator: CDeclarator): string | undefined {
  return attributesOf(declaration, declarator).find(({ name }) => name === "section" || name === "__section")?.argument;
}

/** Bytes that hold any scalar or pointer of a 64-bit machine. */
const SCALAR_BYTES = 8;

/**
 * The same as file-scope assembly, which every compiler and link-time optimizer takes as it is. Only for scalars, pointers
 * and arrays of them, as the size of anything else is not known without compiling.
 */
export function defineObjectInAssembly(declared: Declared): WrittenDefinition {
  const { source, declaration, declarator } = declared;
  if (isVoidObject(declared)) {
    // Assembly could define it, but nothing would check that its users mean what it holds.
    return { refusal: `'${declarator.name}' is declared void, and no type says what it holds` };
  }
  const odd = oddObject(declared);
  if (odd !== undefined) return { refusal: odd };
  if (attributesOf(declaration, declarator).some(({ name }) => name.includes("align"))) {
    return { refusal: `how '${declarator.name}' is to be aligned is not known without compiling` };
  }
  const type = declaration.type.split(" ");
  const isLongDouble = type.includes("long") && type.includes("double");
  const isScalar = hasStar(declared) || (!isLongDouble && type.every((word) => SCALAR_WORDS.has(word) || word === "*"));
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
export function defineFunction(declared: Declared, value: ReturnValue, style: DefinitionStyle): WrittenDefinition {
  const { source, declaration, declarator } = declared;
  const { name } = declarator;
  if (declarator.parameters === undefined) return { refusal: `the parameters of '${name}' are not understood` };
  if (promisesTooMuch(declared)) return { refusal: `'${name}' promises what a fallback could not keep` };
  if (declaration.isInline) return { refusal: `'${name}' is inline, and its users may have a body of it` };
  const { start, end } = declarator.parameters;
  const parameters = nameParameters(listTokens(source, start + 1, end - 1));
  if (parameters === undefined) return { refusal: `the parameters of '${name}' are not understood` };
  const before = tokensOutside(listTokens(source, declarator.start, declarator.nameSpan.start), style.removals ?? []);
  if (before.some(({ kind }) => kind !== STAR)) return { refusal: `the declarator of '${name}' is not understood` };
  const type = declaration.type.replaceAll(" *", "*").replaceAll("*", " *").replaceAll("* *", "**");
  const result =
    before.length === 0 ? type : `${type}${type.endsWith("*") ? "" : " "}${before.map(() => "*").join("")}`;
  const unused =
    style.usesParameters === true ? parameters.names.map((unnamed) => `\t(void)${unnamed};\n`).join("") : "";
  const body = value === "" ? unused : `${unused}\treturn ${value};\n`;
  return { text: `${style.conventions ?? ""}${result} ${style.weak} ${name}(${parameters.text})\n{\n${body}}\n` };
}

/** `noreturn`, `returns_nonnull` and the macros named for them. */
function promisesTooMuch({ source, declaration }: Declared): boolean {
  return listTokens(source, declaration.start, declaration.end).some((token) => {
    const word = isWord(token) ? token.text.toLowerCase() : "";
    return word.includes("noreturn") || word.includes("returns_nonnull");
  });
}

/**
 * The declaration by itself, without what makes it weak, for a file that includes no header with it: so that the definition
 * has the attributes that its users count on, and compilers that ask for a declaration before each definition are content.
 *
 * @param removals what to leave out
 */
export function repeatDeclaration({ source, declaration, declarator }: Declared, removals: readonly Span[]): string {
  const { specifiers } = declaration;
  const whole = wholeOf(source, declarator.start);
  const tokens = tokensOutside(
    [...listTokens(source, specifiers.start, specifiers.end), ...listTokens(source, whole.start, whole.end)],
    removals,
  );
  // What stood before a declarator further on in a list is no part of what stands before it here.
  const text = joinTokens(tokens.map((token) => (token.start === whole.start ? { ...token, isSpaced: true } : token)));
  if (tokens.some(({ kind }) => kind === KEYWORD.extern)) return `${text};\n`;
  // C23's attributes of a declaration stand before everything else.
  const head = joinTokens(tokens.slice(0, countLeadingAttributes(tokens)));
  return `${head === "" ? "" : `${head} `}extern ${text.slice(head.length).trimStart()};\n`;
}

/** How many tokens stand in `[[…]]` before everything else. */
function countLeadingAttributes(tokens: readonly CToken[]): number {
  let depth = 0;
  let count = 0;
  for (const [at, token] of tokens.entries()) {
    if (depth === 0 && !isAttributeBracket(tokens, at)) break;
    depth += depthStep(token);
    if (depth === 0) count = at + 1;
  }
  return count;
}

/** A declarator with all of its attributes: up to the comma or semicolon behind it. */
function wholeOf(source: Source, start: number): Span {
  const limit = Math.min(source.length, start + LONGEST_DECLARATOR);
  let depth = 0;
  for (const token of listTokens(source, start, limit)) {
    depth += depthStep(token);
    if (depth === 0 && (token.text === "," || token.text === ";")) return { start, end: token.start };
  }
  return { start, end: limit };
}

const LONGEST_DECLARATOR = 4000;

/** True when the function's result type is void, so that its fallback returns nothing. */
export function returnsNothing(declared: Declared): boolean {
  return declared.declaration.type === "void" && !hasStar(declared);
}

/** True when the function returns a pointer. */
export function returnsPointer(declared: Declared): boolean {
  return declared.isPointerByName === true || declared.declaration.type.includes("*") || hasStar(declared);
}

/** A star stands before the name. */
function hasStar({ source, declarator }: Declared): boolean {
  return listTokens(source, declarator.start, declarator.nameSpan.start).some(({ kind }) => kind === STAR);
}

/** True when 0 is surely a value of the function's result type. */
export function returnsScalar(declared: Declared): boolean {
  return returnsPointer(declared) || isScalarType(declared.declaration.type.split(" "));
}

/** The smallest negated error number, by which a function says that something is wrong. */
const LOWEST_ERROR = -4095;

/** True when the function can return the constant as it stands, for `f ? f() : -1` means -1, not 255. */
export function canReturn(declared: Declared, constant: string): boolean {
  if (constant.startsWith('"')) return returnsText(declared);
  if (returnsPointer(declared)) return constant === "NULL" || constant === "0";
  if (constant === "NULL") return false;
  const value = constant.startsWith("-E") ? LOWEST_ERROR : Number(TRUTH.get(constant) ?? constant);
  const [least, most] = rangeOf(declared.declaration.type.split(" "));
  return value >= least && value <= most;
}

/** True for a function that gives text which nobody writes to: a literal may stand for it. */
function returnsText(declared: Declared): boolean {
  const { source, declaration, declarator } = declared;
  const stars = listTokens(source, declarator.start, declarator.nameSpan.start).filter(({ kind }) => kind === STAR);
  return isTextType(declaration.type + "*".repeat(stars.length));
}

/** Truth values as numbers. */
export const TRUTH: ReadonlyMap<string, string> = new Map([
  ["true", "1"],
  ["false", "0"],
]);

function isVoidObject(declared: Declared): boolean {
  const { declaration, declarator } = declared;
  const isPointer = hasStar(declared) || declaration.type.includes("*");
  return declaration.type.split(" ").includes("void") && !isPointer && declarator.shape !== "function";
}

function nestedBounds({ source, declarator }: Declared): string | undefined {
  const unknown = declarator.bounds.slice(1).some((bound) => isEmptyBound(source, bound));
  return unknown ? `an inner bound of '${declarator.name}' is missing` : undefined;
}

function isEmptyBound(source: Source, bound: Span): boolean {
  return source.slice(bound.start, bound.end).trim() === "";
}
