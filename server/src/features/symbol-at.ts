/**
 * The name under a cursor that has a linkage, as opposed to a local variable, a member, a word of a comment or a keyword that is
 * spelled the same. It knows one file and nothing of the others.
 */

import { languageOf, readFacts } from "../linkage/facts/extract.ts";
import type { SymbolFact } from "../linkage/facts/facts.ts";
import { scriptOf, treeOf } from "../linkage/facts/parsed.ts";
import { isUseAt } from "../syntax/c/uses.ts";
import { macroAt } from "../syntax/ld/walk.ts";
import type { Source } from "../text/source.ts";
import { type Word, wordAt } from "./word.ts";

export interface SymbolPlace extends Word {
  /** What the file says of the symbol at this very place, where it declares or defines it here. */
  readonly fact: SymbolFact | undefined;
  /** The one architecture on which a macro makes the symbol here. */
  readonly architecture?: string;
}

/** A name with linkage; `isInternal` where the file itself says that it is its own. */
export interface LinkedName extends SymbolPlace {
  readonly isInternal: boolean;
}

/**
 * The symbol whose name the offset touches, one that a link sees; undefined where the word there is none.
 * @param isKnown whether any file declares or defines a symbol of this name; it spares a look at the code around the word
 */
export function symbolAt(
  path: string,
  source: Source,
  offset: number,
  isKnown: (name: string) => boolean = () => true,
): SymbolPlace | undefined {
  const name = linkedNameAt(path, source, offset, isKnown);
  if (name === undefined || name.isInternal) return undefined;
  const { isInternal: _, ...place } = name;
  return place;
}

/** The same with names of internal linkage. */
export function linkedNameAt(
  path: string,
  source: Source,
  offset: number,
  isKnown: (name: string) => boolean = () => true,
): LinkedName | undefined {
  const word = wordAt(source, offset);
  if (word === undefined) return undefined;
  const { symbols } = readFacts(path, source, { includeLocal: true });
  const fact = symbols.find((one) => one.start === word.start);
  // An asm label gives the linker another name than the word.
  if (fact !== undefined) return { ...word, text: fact.name, fact, isInternal: fact.binding === "local" };
  const language = languageOf(path, source);
  const own = language === "c" ? symbols.filter((one) => one.name === word.text) : [];
  const isInternal = own.length > 0 && own.every((one) => one.binding === "local");
  if (!isInternal && !isKnown(word.text)) return undefined;
  // Within a macro, its parameters are no symbols.
  if (language === "ld" && macroAt(scriptOf(path, source), word.start)?.parameters?.includes(word.text))
    return undefined;
  if (language === "c" && !isUseAt(treeOf(source), word) && !isPragmaAt(source, word)) return undefined;
  return { ...word, fact, isInternal };
}

/** Whether the word is the name in `#pragma weak name`, which speaks of the symbol as a declaration does. */
function isPragmaAt(source: Source, word: Word): boolean {
  return treeOf(source).weakPragmas.some(({ nameSpan }) => nameSpan.start === word.start);
}
