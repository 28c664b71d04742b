/**
 * The forms of a weak definition that the laboratory tries, and how each is written for each symbol. What the product offers
 * is written by the product itself (product-fallbacks.ts); the rest is known to be wrong with one compiler or another.
 */

import type { FallbackForm } from "../../server/src/rules/fallback/forms.ts";
import { writeAssembly, writeFunction, writeObject } from "./product-fallbacks.ts";
import type { LaboratorySymbol } from "./symbols.ts";

/** Writes the weak definition of a symbol, or undefined where the form does not fit the symbol. */
export type WriteFallback = (symbol: LaboratorySymbol) => string | undefined;

/** Where the definition stands: in the readers' file, in another, or in another that link-time optimization leaves out. */
export type DefinitionPlace = "same file" | "other file" | "other file without LTO";

export interface FormRecipe {
  /** As the tables name it. */
  readonly title: string;
  readonly place: DefinitionPlace;
  /** The product's evidence to hold the measurement against; "safe" where nobody may ever see through. */
  readonly evidence: FallbackForm | "safe";
  /** Whether the product writes fallbacks in this form, where its evidence calls it safe. */
  readonly isOffered: boolean;
  readonly write: WriteFallback;
}

const WEAK = "__attribute__((weak))";

const isArray = (symbol: LaboratorySymbol): boolean => symbol.kind === "array" || symbol.kind === "range";
const isScalar = (symbol: LaboratorySymbol): boolean => symbol.kind === "scalar" || symbol.kind === "pointer";
const isObject = (symbol: LaboratorySymbol): boolean => symbol.kind !== "function";
const isFunction = (symbol: LaboratorySymbol): boolean => symbol.kind === "function";

function onlyFor(fits: (symbol: LaboratorySymbol) => boolean, write: WriteFallback): WriteFallback {
  return (symbol) => (fits(symbol) ? write(symbol) : undefined);
}

function eachDeclaration(write: (declaration: string, name: string) => string): WriteFallback {
  return (symbol) => symbol.declarations.map((text, index) => write(text, symbol.names[index]!)).join("");
}

/** A declaration without `extern` and `;`, with a bound for arrays that have none. */
function definitionHead(declaration: string, bound: string): string {
  return declaration.replace("extern ", "").replace(";", "").replace("[]", `[${bound}]`);
}

const initialized = eachDeclaration((text) => {
  const initializer = /\[|^extern (const )?struct\b/.test(text) ? "{ 0 }" : "0";
  return `${definitionHead(text, "1")} ${WEAK} = ${initializer};\n`;
});
const tentative = eachDeclaration((text) => `${definitionHead(text, "1")} ${WEAK};\n`);
const zeroLength = eachDeclaration((text) => `${definitionHead(text, "0")} ${WEAK} = {};\n`);

function initializedInSection(symbol: LaboratorySymbol): string | undefined {
  return initialized(symbol)?.replaceAll(WEAK, '__attribute__((weak, section(".rodata.fallback")))');
}

/** An alias to a static object of zeros; the alias has the type that the header declares, of unknown bound for arrays. */
const aliasToDummy = eachDeclaration((text, name) => {
  const dummy = `dummy_of_${name}`;
  const definition = definitionHead(text, "1").replace(name, dummy);
  const alias = `${text.replace(";", "")} __attribute__((weak, alias("${dummy}")));`;
  return `static ${definition} __attribute__((used)) = { 0 };\n${alias}\n`;
});

const fileScopeAssembly = eachDeclaration((_text, name) => {
  const lines = [".pushsection .data", `.weak ${name}`, ".balign 8", `${name}:`, ".zero 16", ".popsection"];
  return `__asm__("${lines.join("\\n")}");\n`;
});

const weakFunction = eachDeclaration((text) => {
  const body = text.startsWith("void") ? "" : " return 0;";
  return `${WEAK} ${text.replace(";", "")} {${body} }\n`;
});

function sameFile(title: string, form: FallbackForm, write: WriteFallback): FormRecipe {
  return { title, place: "same file", evidence: form, isOffered: false, write };
}

/** Every form, in the order of the tables. */
export const formRecipes: readonly FormRecipe[] = [
  sameFile("function", "same-file function", onlyFor(isFunction, weakFunction)),
  sameFile(
    "scalar, pointer or struct that is not const",
    "same-file variable",
    onlyFor((symbol) => isObject(symbol) && !symbol.isConst && !isArray(symbol), initialized),
  ),
  sameFile(
    "array `T a[1]` that is not const",
    "same-file array",
    onlyFor((symbol) => isArray(symbol) && !symbol.isConst, initialized),
  ),
  sameFile(
    "const scalar or pointer with initializer",
    "same-file const scalar with initializer",
    onlyFor((symbol) => isScalar(symbol) && symbol.isConst, initialized),
  ),
  sameFile(
    "const scalar or pointer, tentative",
    "same-file tentative const scalar",
    onlyFor((symbol) => isScalar(symbol) && symbol.isConst, tentative),
  ),
  sameFile(
    "const struct",
    "same-file const struct",
    onlyFor((symbol) => symbol.kind === "struct" && symbol.isConst, initialized),
  ),
  sameFile(
    "const array",
    "same-file const array",
    onlyFor((symbol) => isArray(symbol) && symbol.isConst, initialized),
  ),
  sameFile("array of length zero", "same-file zero-length array", onlyFor(isArray, zeroLength)),
  sameFile(
    "const object with a section of its own",
    "same-file const with section",
    onlyFor((symbol) => symbol.isConst, initializedInSection),
  ),
  sameFile("array, weak alias to a static dummy", "same-file array alias", onlyFor(isArray, aliasToDummy)),
  sameFile("object, file-scope `asm()`", "same-file assembly", onlyFor(isObject, fileScopeAssembly)),
  {
    title: "const object",
    place: "other file",
    evidence: "other-file const object",
    isOffered: true,
    write: onlyFor((symbol) => isObject(symbol) && symbol.isConst, writeObject),
  },
  {
    title: "object that is not const",
    place: "other file",
    evidence: "other-file variable",
    isOffered: true,
    write: onlyFor((symbol) => isObject(symbol) && !symbol.isConst, writeObject),
  },
  {
    title: "object, file-scope `asm()`",
    place: "other file",
    evidence: "other-file assembly",
    isOffered: true,
    write: onlyFor(isObject, writeAssembly),
  },
  {
    title: "function",
    place: "other file",
    evidence: "other-file function",
    isOffered: true,
    write: onlyFor(isFunction, writeFunction),
  },
  {
    title: "object",
    place: "other file without LTO",
    evidence: "safe",
    isOffered: true,
    write: onlyFor(isObject, writeObject),
  },
  {
    title: "function",
    place: "other file without LTO",
    evidence: "safe",
    isOffered: true,
    write: onlyFor(isFunction, writeFunction),
  },
];
