/**
 * Whether a call prints an address: its function is declared to take a format, as GCC's format attribute says (GCC, Common
 * Function Attributes), and the conversion at the address's place shows it as a pointer or a number.
 */

import { treeOf } from "../../linkage/facts/parsed.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import type { Code, Expression } from "../../syntax/c/code-tree.ts";
import { findDefines } from "../../syntax/c/find-defines.ts";
import type { CAttribute, CWord } from "../../syntax/c/tree.ts";
import { calleeOf } from "./macro-calls.ts";

/** Places of a format and of the first argument that it shows, counted from 1. */
interface FormatPlaces {
  readonly format: number;
  readonly first: number;
}

/** Functions of the C library (C11 7.21.6), which compilers know without an attribute. */
const OF_LIBRARY: ReadonlyMap<string, FormatPlaces> = new Map([
  ["printf", { format: 1, first: 2 }],
  ["fprintf", { format: 2, first: 3 }],
  ["sprintf", { format: 2, first: 3 }],
  ["snprintf", { format: 3, first: 4 }],
]);

/** Whether the call prints its argument as a pointer or a number. */
export function isPrinted(
  call: Extract<Expression, { kind: "call" }>,
  argument: Expression,
  code: Code,
  path: string,
  program: Program,
): boolean {
  const name = calleeOf(call);
  const places = name === undefined ? undefined : findFormatPlaces(name, path, program);
  const format = places === undefined ? undefined : call.arguments[places.format - 1];
  if (places === undefined || format?.kind !== "string") return false;
  const conversions = conversionsOf(code.source.slice(format.start, format.end));
  const conversion = conversions?.[call.arguments.indexOf(argument) - (places.first - 1)];
  return conversion !== undefined && (conversion === "p" || "diouxX".includes(conversion));
}

/** Where the function takes its format, as one of its declarations says. */
function findFormatPlaces(name: string, path: string, program: Program): FormatPlaces | undefined {
  const mentions = [...program.declarationsOf(name), ...program.definitionsOf(name)];
  const paths = new Set([path, ...mentions.map((mention) => mention.path)]);
  for (const at of paths) {
    const source = program.links.mayMeet(path, at) ? program.texts.source(at) : undefined;
    if (source === undefined) continue;
    for (const declaration of treeOf(source).declarations) {
      for (const declarator of declaration.declarators) {
        if (declarator.name !== name) continue;
        const attributes = [...declaration.attributes, ...declarator.attributes];
        const words = [...declaration.words, ...declarator.words];
        const places = placesOfAttributes(attributes) ?? placesOfWords(words, program);
        if (places !== undefined) return places;
      }
    }
  }
  const isOwn = mentions.length > 0 && program.definitionsOf(name).length > 0;
  return isOwn ? undefined : OF_LIBRARY.get(name);
}

/** `format(printf, 1, 2)` */
function placesOfAttributes(attributes: readonly Pick<CAttribute, "name" | "argument">[]): FormatPlaces | undefined {
  for (const { name, argument } of attributes) {
    if (name !== "format" && name !== "__format__") continue;
    const [archetype = "", format, first] = partsOf(argument);
    if (!archetype.includes("printf")) continue;
    const places = { format: Number(format), first: Number(first) };
    // 0 says that the arguments are in a va_list.
    if (places.format > 0 && places.first > places.format) return places;
  }
  return undefined;
}

function partsOf(argument: string | undefined): string[] {
  return (argument ?? "").split(",").map((part) => part.trim());
}

/** `__printf(1, 2)`, which a macro of the tree explains. */
function placesOfWords(words: readonly CWord[], program: Program): FormatPlaces | undefined {
  for (const { name, argument } of words) {
    for (const path of program.index.filesWithWord(name)) {
      if (!path.endsWith(".h")) continue;
      const source = program.texts.source(path);
      if (source === undefined || findDefines(source, name).length === 0) continue;
      for (const define of treeOf(source).defines) {
        if (define.name !== name) continue;
        const given = partsOf(argument);
        const substitute = (part: string): string => given[define.parameters?.indexOf(part) ?? -1] ?? part;
        const attributes = define.attributes.map((one) => ({
          name: one.name,
          argument: partsOf(one.argument).map(substitute).join(","),
        }));
        const places = placesOfAttributes(attributes);
        if (places !== undefined) return places;
      }
    }
  }
  return undefined;
}

/** What each argument of a format is shown as: the letter of its conversion, `*` for a width. */
function conversionsOf(literals: string): readonly string[] | undefined {
  const text = contentsOf(literals);
  if (text === undefined) return undefined;
  const found: string[] = [];
  for (let i = text.indexOf("%"); i >= 0; i = text.indexOf("%", i)) {
    i++;
    for (; "-+ #0'123456789.*".includes(text[i] ?? "?"); i++) if (text[i] === "*") found.push("*");
    while ("hlLqjzt".includes(text[i] ?? "?")) i++;
    const letter = text[i];
    if (letter === undefined) return undefined;
    i++;
    if (letter === "%") continue;
    // Linux shows what some pointers point to: `%pI4` (Documentation/core-api/printk-formats.rst).
    const isContents = letter === "p" && isLetterOrDigit(text[i] ?? " ") && !"xKSsB".includes(text[i]!);
    found.push(isContents ? "contents" : letter);
  }
  return found;
}

function isLetterOrDigit(character: string): boolean {
  const lower = character.toLowerCase();
  return (lower >= "a" && lower <= "z") || (lower >= "0" && lower <= "9");
}

/** What stands between the quotes of literals in a row; undefined where something else stands between them. */
function contentsOf(literals: string): string | undefined {
  let text = "";
  let isInside = false;
  for (let i = 0; i < literals.length; i++) {
    const character = literals[i]!;
    if (character === '"') isInside = !isInside;
    else if (!isInside && character.trim() !== "") return undefined;
    else if (isInside && character === "\\") text += literals[++i] === "%" ? "%" : " ";
    else if (isInside) text += character;
  }
  return text;
}
