/** Types as far as a fix asks for them: what a cast makes of an address, what a function's result is to the operators around it. */

import type { TypeExpression } from "../../syntax/c/code-tree.ts";
import type { LocatedDeclaration } from "./declaration.ts";

/** Integers that hold a pointer on every machine that is built for here. */
const ADDRESS_SIZED: ReadonlySet<string> = new Set([
  "unsigned long",
  "long unsigned",
  "long",
  "long int",
  "unsigned long int",
  "long unsigned int",
  "unsigned long long",
  "long long",
  "unsigned long long int",
  "uintptr_t",
  "intptr_t",
  "size_t",
  "ssize_t",
  "ptrdiff_t",
  "ulong",
]);

/** What a cast to the type makes of an address. */
export function castOf(type: TypeExpression): "pointer" | "address-sized" | "void" | "other" {
  if (type.isPointer) return "pointer";
  if (type.text === "void") return "void";
  return ADDRESS_SIZED.has(withoutQualifiers(type.text)) ? "address-sized" : "other";
}

function withoutQualifiers(text: string): string {
  return text
    .split(" ")
    .filter((word) => word !== "const" && word !== "volatile")
    .join(" ");
}

/** Smaller ones first: what holds all values of one holds those of the ones before (C11 6.2.5). */
export const FLOATING = ["float", "double", "long double"] as const;
export type FloatingName = (typeof FLOATING)[number];

/** What a function's result is, as an operand. */
export type Result =
  | { readonly sort: "void" | "pointer" | "unknown" }
  | { readonly sort: "floating"; readonly name: FloatingName }
  /** bool. */
  | { readonly sort: "truth" }
  /** Smaller than int, so that operators turn it into one. */
  | { readonly sort: "narrow"; readonly isSigned: boolean; readonly bits: 8 | 16 }
  /**
   * @param name the type by its rank: "int", "long", "long long", each perhaps "unsigned"; undefined where the type is one of
   *   them and which is not known
   */
  | { readonly sort: "wide"; readonly isSigned: boolean; readonly name: string | undefined };

const NAMED: ReadonlyMap<string, Result> = new Map<string, Result>([
  ...["bool", "_Bool"].map((name): [string, Result] => [name, { sort: "truth" }]),
  ...FLOATING.map((name): [string, Result] => [name, { sort: "floating", name }]),
  ...["u8", "__u8", "uint8_t"].map((name): [string, Result] => [name, narrow(false, 8)]),
  ...["s8", "__s8", "int8_t"].map((name): [string, Result] => [name, narrow(true, 8)]),
  ...["u16", "__u16", "uint16_t"].map((name): [string, Result] => [name, narrow(false, 16)]),
  ...["s16", "__s16", "int16_t"].map((name): [string, Result] => [name, narrow(true, 16)]),
  ...["u32", "__u32", "uint32_t"].map((name): [string, Result] => [name, wide(false, "unsigned int")]),
  ...["s32", "__s32", "int32_t"].map((name): [string, Result] => [name, wide(true, "int")]),
  ...["u64", "__u64", "uint64_t", "size_t", "uintptr_t"].map((name): [string, Result] => [
    name,
    wide(false, undefined),
  ]),
  ...["s64", "__s64", "int64_t", "ssize_t", "intptr_t", "ptrdiff_t", "off_t", "loff_t"].map(
    (name): [string, Result] => [name, wide(true, undefined)],
  ),
  ["pid_t", wide(true, "int")],
]);

function narrow(isSigned: boolean, bits: 8 | 16): Result {
  return { sort: "narrow", isSigned, bits };
}

function wide(isSigned: boolean, name: string | undefined): Result {
  return { sort: "wide", isSigned, name };
}

/** C's own integer types by their words, in any order (C11 6.7.2). undefined for other types. */
function ownInteger(words: readonly string[]): Result | undefined {
  const count = (word: string) => words.filter((one) => one === word).length;
  const known = ["signed", "unsigned", "char", "short", "int", "long"];
  if (words.length === 0 || !words.every((word) => known.includes(word))) return undefined;
  const isSigned = count("unsigned") === 0;
  // Whether plain char is signed depends on the machine: it holds 0 to 127 in any case.
  if (count("char") > 0) return narrow(isSigned && count("signed") > 0, 8);
  if (count("short") > 0) return narrow(isSigned, 16);
  const rank = ["int", "long", "long long"][count("long")];
  return rank === undefined ? undefined : wide(isSigned, isSigned ? rank : `unsigned ${rank}`);
}

/** What a declaration's type is, its declarator's stars besides. */
export function resultOf(type: string, stars: number): Result {
  const words = type.split(" ").filter((word) => word !== "const" && word !== "volatile" && word !== "");
  if (stars > 0 || words.includes("*")) return { sort: "pointer" };
  if (words.length === 1 && words[0] === "void") return { sort: "void" };
  return NAMED.get(words.join(" ")) ?? ownInteger(words) ?? { sort: "unknown" };
}

/** What a call of the declared function gives. */
export function resultOfFunction({ source, declaration, declarator, isPointerByName }: LocatedDeclaration): Result {
  if (isPointerByName === true) return { sort: "pointer" };
  const before = source.slice(declarator.start, declarator.nameSpan.start);
  return resultOf(declaration.type, before.split("*").length - 1);
}

/** The type of a function's result as it is written, to see whether two are the same. */
export function textOfResult({ source, declaration, declarator }: LocatedDeclaration): string {
  const stars = source.slice(declarator.start, declarator.nameSpan.start).split("*").length - 1;
  return `${declaration.type}${"*".repeat(stars)}`;
}

/** The least and the greatest value that an integer of the type surely holds. Of an unknown type, it may be bool. */
export function rangeOfResult(result: Result): readonly [number, number] {
  if (result.sort === "narrow") {
    if (result.bits === 8) return result.isSigned ? [-128, 127] : [0, 127];
    return result.isSigned ? [-32768, 32767] : [0, 65535];
  }
  if (result.sort !== "wide") return [0, 1];
  return result.isSigned ? [-2147483648, 2147483647] : [0, 2147483647];
}
