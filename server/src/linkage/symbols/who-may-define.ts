/**
 * Who may define a symbol besides the definitions that the tree's files state: the linker, what is outside of the tree, what is not
 * read, what is there when the program is loaded. The one answer for rules, fixes, hover and the command. It has no IO.
 */

import { createAttached } from "../../text/attached.ts";
import { hasWord } from "../../text/has-word.ts";
import type { Source } from "../../text/source.ts";
import type { SymbolFact } from "../facts/facts.ts";
import type { Mention } from "../facts/link-index.ts";
import type { BuildPlace, OpenReason } from "../links/link.ts";
import { madeByLinker } from "./linker-made.ts";
import type { Program } from "./program.ts";
import { findUnseenDefiner } from "./unseen-definers.ts";

/** Somebody who may define a symbol, and no file of the tree that states it. */
export interface OtherDefiner {
  /**
   * - linker: the linker makes it
   * - outside: a library, a loader, a plugin's host
   * - unread: a file of the tree in a language that is not read
   * - load time: whatever loads the program
   * - unknown link: what is linked is not known, so neither is who defines it
   */
  readonly kind: "linker" | "outside" | "unread" | "load time" | "unknown link";
  /** A clause: "ld makes it from the sections named set_devs, where there are any". */
  readonly text: string;
  readonly place?: BuildPlace | undefined;
}

export interface Definers {
  /** The definitions that files of the tree state and that can be in a link with the file. */
  readonly definitions: readonly Mention[];
  readonly others: readonly OtherDefiner[];
  /** Nobody else may define it: what the definitions say is all that there is. */
  readonly isClosed: boolean;
}

/** Files that are named before "and N more". */
const NAMED_FILES = 3;

/**
 * Who may define the symbol for uses in a file. Until the tree is read, nobody can say.
 * @param path the file that refers to the symbol
 */
export function whoMayDefine(name: string, path: string, program: Program): Definers {
  const definitions = program.definitionsOf(name).filter((mention) => program.links.mayMeet(path, mention.path));
  const others = [...nameDefiners(name, path, program), ...unreadDefiners(name, path, program)];
  const isHidden = isHiddenReference(name, path, program);
  for (const reason of program.links.whyOpenAt(path))
    if (!(isHidden && reason.isDynamic === true)) others.push(asDefiner(reason));
  return { definitions, others, isClosed: others.length === 0 && program.index.isComplete };
}

/** Whether the file's own declarations say that the symbol is of its own link (ELF gABI, "Symbol Visibility": hidden and internal). */
function isHiddenReference(name: string, path: string, program: Program): boolean {
  const own = program.declarationsOf(name).filter((mention) => mention.path === path);
  return own.length > 0 && own.every(({ fact }) => fact.visibility === "hidden" || fact.visibility === "internal");
}

/** Who may define a symbol of this name whatever the link is: the linker, a build's options, and what loads the program. */
export function nameDefiners(name: string, path: string, program: Program): readonly OtherDefiner[] {
  const others: OtherDefiner[] = [];
  const made = madeByLinker(name);
  if (made !== undefined && (made.by !== "script" || hasBuiltinScript(path, program)))
    others.push({ kind: "linker", text: made.text });
  const meaning = program.links.meaningOf(name) ?? program.links.changeOfSymbolsAt(path);
  if (meaning !== undefined) others.push({ kind: "outside", text: meaning });
  const loaded = program.declarationsOf(name).find((mention) => isResolvedByLoader(mention.path, mention.fact));
  if (loaded !== undefined) {
    others.push({
      kind: "load time",
      text: "libbpf resolves it when the program is loaded",
      place: { path: loaded.path },
    });
  }
  return others;
}

/**
 * What is not read and may define it: files in other languages that have the word, what a macro names in an `#include`, and in a link
 * that is known whole what only a look through all of it finds.
 */
export function unreadDefiners(name: string, path: string, program: Program): readonly OtherDefiner[] {
  const found = [...definersInOtherLanguages(name, path, program), ...includedByMacro(name, path, program)];
  if (found.length > 0 || !program.index.isComplete || program.links.whyOpenAt(path).length > 0) return found;
  const unseen = findUnseenDefiner(name, path, program);
  return unseen === undefined ? [] : [{ kind: "unread", text: unseen.text, place: { path: unseen.path } }];
}

/** `#include CONFIG_FILE` (C11 6.10.2p4). */
const MACRO_INCLUDE = /^[ \t]*#[ \t]*include[ \t]+([A-Za-z_]\w*)/m;

/** Files that declare or use the symbol and include what a macro names: that may define it. */
function includedByMacro(name: string, path: string, program: Program): readonly OtherDefiner[] {
  const { links, texts } = program;
  const declaring = program.declarationsOf(name).map((mention) => mention.path);
  const files = new Set([path, ...declaring.filter((file) => links.mayMeet(path, file))]);
  for (const file of files) {
    const source = texts.source(file);
    const found = source === undefined ? undefined : macroIncludeOf(source);
    if (found === undefined) continue;
    const text = `${file} includes the file that ${found.macro} names, which may define it`;
    return [{ kind: "unread", text, place: { path: file, offset: found.offset } }];
  }
  return [];
}

interface MacroInclude {
  readonly macro: string;
  readonly offset: number;
}

const macroIncludes = createAttached<Source, { readonly first: MacroInclude | undefined }>();

/** The first such line of a text, looked for once: a header may declare thousands of symbols. */
function macroIncludeOf(source: Source): MacroInclude | undefined {
  let known = macroIncludes.get(source);
  if (known === undefined) {
    const found = MACRO_INCLUDE.exec(source.slice(0, source.length));
    known = { first: found === null ? undefined : { macro: found[1]!, offset: found.index } };
    macroIncludes.set(source, known);
  }
  return known.first;
}

/** Files in languages that are not read that have the word; of many, some are named. */
export function definersInOtherLanguages(
  name: string,
  path: string,
  { index, links, texts }: Program,
): readonly OtherDefiner[] {
  const files = index.filesWithWord(name).filter((file) => {
    if (index.languageOf(file) !== "other" || !links.mayMeet(path, file)) return false;
    // The index remembers words with a few that are not there.
    const source = texts.source(file);
    return source === undefined || hasWord(source.slice(0, source.length), name);
  });
  const [first] = files;
  if (first === undefined) return [];
  const more = files.length > NAMED_FILES ? ` and ${files.length - NAMED_FILES} more` : "";
  const named = files.slice(0, NAMED_FILES).join(", ");
  const text = `${named}${more}, in a language that is not read, ${files.length === 1 ? "has" : "have"} the word and may define it`;
  return [{ kind: "unread", text, place: { path: first } }];
}

/**
 * Whether a declaration is one of a BPF program that its loader resolves: in the sections .ksyms and .kconfig, against the kernel
 * that it is loaded into (libbpf's bpf_helpers.h: __ksym, __kconfig).
 */
export function isResolvedByLoader(path: string, fact: Pick<SymbolFact, "section" | "words">): boolean {
  return (
    fact.section === ".ksyms" ||
    fact.section === ".kconfig" ||
    fact.words.some((word) => word === "__ksym" || word === "__kconfig") ||
    path.endsWith(".bpf.c")
  );
}

/** Whether a link that the file may be part of is given no script, so that the linker uses its own. */
function hasBuiltinScript(path: string, { links }: Program): boolean {
  const units = links.unitsOf(path);
  if (units.length === 0) return true;
  return units.some((unit) => {
    const link = links.linkOf(unit);
    if (link === undefined) return links.architectures.length === 0;
    return link.inputs !== undefined && link.options.scripts.length === 0;
  });
}

function asDefiner({ kind, text, place }: OpenReason): OtherDefiner {
  return { kind: kind === "outside" ? "outside" : "unknown link", text, place };
}

/** The clauses together, each once. */
export function describeOthers(others: readonly OtherDefiner[]): string {
  return [...new Set(others.map(({ text }) => text))].join("; ");
}
