/** Reads the facts of a file, in whichever language its name says it is. It knows the languages' parsers and no IO. */

import { parseAsm } from "../../syntax/asm/parse-asm.ts";
import { languageLinkageOf } from "../../syntax/cxx/language-linkage.ts";
import { isOtherLinkersScript, looksLikeScript, scriptKindOf } from "../../syntax/ld/detect.ts";
import type { Source } from "../../text/source.ts";
import { factsOfAsm, factsOfGasMacros } from "./asm-facts.ts";
import { factsOfC, readFactsOfC } from "./c-facts.ts";
import type { FileFacts, HandoverFact, Language, SymbolFact } from "./facts.ts";
import { isCxx, kindOfName } from "./file-kinds.ts";
import { factsOfLinkerScript } from "./ld-facts.ts";
import { scriptOf, treeOf } from "./parsed.ts";
import { pasteFactsOfText } from "./paste-facts.ts";
import { toldLanguage } from "./told-language.ts";

/** The language that a file may be in by its name, or undefined where it is none of ours. */
export function findLanguage(path: string): Language | undefined {
  return kindOfName(path)?.language;
}

/**
 * The language of a file by its name and, where that does not settle it, its text. A header that provides symbols, by itself or in
 * the macros of scripts, is read by ld, as arch/arm64/kernel/image-vars.h of Linux is; a `.map` may be a version script, a table of
 * keys or what a linker wrote. What somebody told of an open buffer (tellLanguage) goes first.
 */
export function languageOf(path: string, source: Source): Language | undefined {
  const told = toldLanguage(source);
  if (told !== undefined) return told;
  const kind = kindOfName(path);
  const language = kind?.language;
  if (language === "ld" && scriptKindOf(path, source) === "script") {
    if (kind?.isDoubtful === true && !looksLikeScript(source)) return undefined;
    if (isOtherLinkersScript(source)) return undefined;
  }
  if (language !== "c" || !path.endsWith(".h")) return language;
  const { buffer, byteOffset, length } = source.codes;
  if (!Buffer.from(buffer, byteOffset, length).includes("PROVIDE")) return "c";
  return PROVIDES.test(source.slice(0, source.length)) ? "ld" : "c";
}

/** An assignment in a call's parentheses, which no macro of C has for an argument. */
const PROVIDES = /^[ \t]*PROVIDE(?:_HIDDEN)?[ \t]*\([ \t]*[\w.$#]+[ \t]*=|^PROVIDE\(/m;

export interface ReadOptions {
  /** Also give symbols with internal linkage, which no other file can see: for open documents. */
  readonly includeLocal?: boolean;
  /** The file's whole tree is wanted by others too, as an open document's is; it is made and kept (parsed.ts). */
  readonly keepTree?: boolean;
}

/** What a file says of linkage. A path of no language of ours gives no facts. */
export function readFacts(path: string, source: Source, options: ReadOptions = {}): FileFacts {
  const language = languageOf(path, source);
  if (language === "asm") return factsOfAsm(parseAsm(source));
  if (language === "ld") return factsOfLinkerScript(scriptOf(path, source));
  if (language === "c") {
    const facts = options.includeLocal || options.keepTree ? factsOfC(treeOf(source), options) : readFactsOfC(source);
    return path.endsWith(".h") ? withGasMacros(facts, source) : facts;
  }
  return {
    language: language ?? "c",
    symbols: language === "other" && isCxx(path) ? definitionsOfCxx(source) : [],
    includes: [],
    macros: [],
    makers: [],
    handovers: language === "other" && isCxx(path) ? pastesOfCxx(source) : [],
    arguments: [],
    exports: [],
    references: [],
  };
}

/** Names that a C++ file's macros put together. */
function pastesOfCxx(source: Source): readonly HandoverFact[] {
  const { buffer, byteOffset, length } = source.codes;
  return Buffer.from(buffer, byteOffset, length).includes("##") ? pasteFactsOfText(source) : [];
}

/** With what the assembler's macros of a header make, which assembly includes. */
function withGasMacros(facts: FileFacts, source: Source): FileFacts {
  const { buffer, byteOffset, length } = source.codes;
  if (!Buffer.from(buffer, byteOffset, length).includes(".macro")) return facts;
  if (!/^[ \t]*\.macro[ \t]/m.test(source.slice(0, source.length))) return facts;
  const { makers, handovers } = factsOfGasMacros(source);
  return makers.length + handovers.length === 0
    ? facts
    : { ...facts, makers: [...facts.makers, ...makers], handovers: [...facts.handovers, ...handovers] };
}

/** Symbols that a C++ file defines with C linkage; what it uses and declares is not read. */
function definitionsOfCxx(source: Source): readonly SymbolFact[] {
  // Most files of such trees have no word of it.
  const { buffer, byteOffset, length } = source.codes;
  if (!Buffer.from(buffer, byteOffset, length).includes('"C"')) return [];
  return readFactsOfC(languageLinkageOf(source).c).symbols.filter(
    // Each file that has an inline function may have it, and the linker keeps one.
    ({ role, isInline }) => role !== "declaration" && isInline !== true,
  );
}
