/** The fallbacks that the product's fix writes, for the laboratory's symbols: parsed from their declarations as in a header. */

import {
  type Declared,
  defineFunction,
  defineObject,
  defineObjectInAssembly,
  returnsNothing,
  type WrittenDefinition,
} from "../../server/src/rules/fallback/definition.ts";
import { parseC } from "../../server/src/syntax/c/parser.ts";
import { sourceOfText } from "../../server/src/text/source.ts";
import { HEADER_PROLOGUE, type LaboratorySymbol } from "./symbols.ts";

const WEAK = "__attribute__((weak))";

/** The product's C definition of an object. */
export function writeObject(symbol: LaboratorySymbol): string | undefined {
  return writeAll(symbol, (declared) => defineObject(declared, { weak: WEAK }));
}

/** The product's file-scope assembly; undefined where it refuses to write any, as for structs. */
export function writeAssembly(symbol: LaboratorySymbol): string | undefined {
  return writeAll(symbol, defineObjectInAssembly);
}

/** The product's function that returns `value`, or nothing where the function is void. */
export function writeFunction(symbol: LaboratorySymbol, value = "0"): string | undefined {
  return writeAll(symbol, (declared) =>
    defineFunction(declared, returnsNothing(declared) ? "" : value, { weak: WEAK }),
  );
}

function writeAll(symbol: LaboratorySymbol, define: (declared: Declared) => WrittenDefinition): string | undefined {
  const source = sourceOfText(HEADER_PROLOGUE + symbol.declarations.join("\n").concat("\n"));
  let text = "";
  for (const declaration of parseC(source).declarations) {
    for (const declarator of declaration.declarators) {
      if (!symbol.names.includes(declarator.name)) continue;
      const definition = define({ source, declaration, declarator });
      if ("refusal" in definition) return undefined;
      text += definition.text;
    }
  }
  return text;
}
