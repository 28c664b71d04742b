/**
 * What must hold around a fallback definition so that it compiles wherever it is built: the condition under which its header
 * declares the symbol, and the names that its value is made of. It decides neither the place nor the form of the definition.
 */

import type { Program } from "../../linkage/symbols/program.ts";
import { listDefineLines, listTokens, listWords } from "../../syntax/c/token-list.ts";
import { folderOf } from "../../text/path.ts";
import { type Source, sourceOfText } from "../../text/source.ts";
import type { LocatedDeclaration } from "./declaration.ts";
import { TRUTH } from "./definition.ts";
import { includeLines } from "./file-text.ts";
import type { FallbackHome } from "./home.ts";
import { enumeratorsIn, isConstantName } from "./named-constants.ts";
import { headersWith } from "./types-in-sight.ts";
import { isErrorName } from "./world-expression.ts";

/**
 * The condition under which the fallback may be compiled, "" where always: that of the declaration that its file sees, as
 * the header's other branch may hold a macro or an inline function of the same name.
 */
export function findCondition(
  first: LocatedDeclaration,
  declarations: readonly LocatedDeclaration[],
  home: FallbackHome,
  program: Program,
): { readonly text: string } | { readonly refusal: string } {
  const { name } = first.declarator;
  if (home.header === undefined && home.includes.length === 0) return { text: "" };
  const macro = findMacroOfName(name, first.path, ".h", program);
  if (macro !== undefined) return { refusal: `${macro} defines a macro '${name}' as well` };
  const beside = declarations.filter(({ path }) => path === first.path);
  const { condition } = first.declaration;
  if (condition === "") return { text: "" };
  if (beside.length > 1) return { refusal: `${first.path} declares '${name}' several times under conditions` };
  // Other names may be macros that the header itself defines further down.
  return isOfConfigurationAlone(condition)
    ? { text: condition }
    : { refusal: `${first.path} declares '${name}' only if ${condition}` };
}

const TESTS: ReadonlySet<string> = new Set(["defined", "IS_ENABLED", "IS_BUILTIN", "IS_MODULE", "IS_REACHABLE"]);

/** Whether the condition asks for configuration symbols alone, which are the same in every file. */
export function isOfConfigurationAlone(condition: string): boolean {
  const source = sourceOfText(condition);
  return listWords(source, 0, source.length).every((word) => word.startsWith("CONFIG_") || TESTS.has(word));
}

/** A file that makes the name a macro which stands for something else, where it may be in force for a use or the fallback. */
export function findMacroOfName(
  name: string,
  declaring: string,
  end: ".h" | ".c",
  program: Program,
): string | undefined {
  return program.index.filesWithWord(name).find((path) => {
    if (!path.endsWith(end) || !program.links.canLink(declaring, path)) return false;
    const source = program.texts.source(path);
    return (
      source !== undefined &&
      listDefineLines(source, 0, source.length).some(
        (line) => line.name === name && !line.isUndef && !(line.words.length === 1 && line.words[0] === name),
      )
    );
  });
}

/** The value as the fallback's file can say it, with the headers that it needs. */
export function spellValue(
  {
    value,
    number,
    valuePath,
  }: {
    readonly value: string | undefined;
    readonly number: string | undefined;
    readonly valuePath: string | undefined;
  },
  declaring: LocatedDeclaration,
  home: FallbackHome,
  program: Program,
): { readonly text: string | undefined; readonly includes: readonly string[] } | { readonly refusal: string } {
  const name = value?.startsWith("-") ? value.slice(1) : (value ?? "");
  const known = NUMBERS.get(name);
  const isError = isErrorName(name) && value?.startsWith("-") === true;
  if (known === undefined && !isError) {
    // Another name is taken where the header of the declaration makes it, and else its value.
    const isNamed = !isConstantName(name) || (home.header !== undefined && isSeenFrom(declaring.path, name, program));
    return { text: isNamed ? value : number, includes: [] };
  }
  const header = known === undefined ? "linux/errno.h" : "linux/stddef.h";
  if (program.links.includeFolders.some((folder) => program.index.hasFile(`${folder}/${header}`))) {
    return { text: value, includes: [`#include <${header}>\n`] };
  }
  if (known !== undefined) return { text: known, includes: [] };
  // The file that says so has the name from its includes, if it does not define it itself.
  const source = valuePath === undefined ? undefined : program.texts.source(valuePath);
  const includes = source === undefined ? [] : includeLines(source);
  if (includes.length === 0 || folderOf(valuePath!) !== folderOf(home.path) || makesName(source!, name)) {
    return { refusal: `which header defines ${name} is not known` };
  }
  return { text: value, includes };
}

/** Whether the header makes the constant, or one that it includes. */
function isSeenFrom(header: string, name: string, program: Program): boolean {
  const headers = [header, ...(headersWith(name, header, program) ?? [])];
  return headers.some((path) => {
    const source = program.texts.source(path);
    return source !== undefined && makesName(source, name);
  });
}

/** Whether the file itself makes the constant: by a #define, or in an enumeration. */
function makesName(source: Source, name: string): boolean {
  if (listDefineLines(source, 0, source.length).some((line) => line.name === name)) return true;
  const tokens = listTokens(source, 0, source.length);
  return (
    enumeratorsIn(source).some((one) => one.name === name) ||
    tokens.some(({ text }, at) => text === name && tokens[at + 1]?.text === "=" && tokens[at + 2]?.text !== "=")
  );
}

/** What names that no header needs to be included for stand for. */
const NUMBERS: ReadonlyMap<string, string> = new Map([["NULL", "0"], ...TRUTH]);
