/** Which input sections a script's KEEP holds back from --gc-sections (ld manual, "Input Section Keep"), by their files' and their own names. */

import type { LdCommand, LdInputSection, LdPattern, LdScript } from "../../syntax/ld/tree.ts";
import { nodesOf } from "../../syntax/ld/walk.ts";
import { readGlob } from "../../text/glob.ts";
import { scriptModelOf } from "./script-model.ts";

/** Takes a file as maps name it, "x.o" or "lib.a(x.o)", and the name of a section. */
export type KeepsSection = (file: string, section: string) => boolean;

/** A pattern that stands behind one without KEEP counts too. lld heeds EXCLUDE_FILE around the file's pattern alone (LinkerScript::shouldKeep). */
export function keptPatterns(script: LdScript, linker: "bfd" | "lld"): KeepsSection {
  const kept = nodesOf(script).filter(
    (node): node is LdInputSection => node.kind === "input-section" && node.keep !== undefined,
  );
  const tests = kept.map((node) => ({
    file: fileTest(node.file),
    sections: (node.sections ?? []).map((pattern) =>
      sectionTest(linker === "lld" ? { ...pattern, excluded: [] } : pattern),
    ),
    hasSections: node.sections !== undefined,
  }));
  return (file, section) =>
    tests.some((one) => one.file(file) && (!one.hasSections || one.sections.some((test) => test(file, section))));
}

/** The symbol of ENTRY, the last one, and those of EXTERN. */
export function askedSymbols(script: LdScript): {
  readonly entry: string | undefined;
  readonly asked: readonly string[];
} {
  const commands = nodesOf(script).filter((node): node is LdCommand => node.kind === "command");
  const named = (keyword: string) =>
    commands
      .filter((node) => node.keyword.text === keyword)
      .flatMap(({ arguments: words }) => words.map(({ text }) => unquoted(text)));
  return { entry: named("ENTRY").at(-1), asked: named("EXTERN") };
}

/** The symbols that expressions refer to: lld keeps what they are defined in (LinkerDriver: script->referencedSymbols). */
export function referredSymbols(script: LdScript): string[] {
  return scriptModelOf(script)
    .names.filter(({ kind }) => kind === "symbol")
    .map(({ text }) => text);
}

function sectionTest({ name, excluded }: LdPattern): KeepsSection {
  const matches = wildcard(unquoted(name.text));
  const not = excluded.map((one) => fileMatcher(unquoted(one.text)));
  return (file, section) => matches(section) && !not.some((test) => test(file));
}

function fileTest(pattern: LdPattern | undefined): (file: string) => boolean {
  if (pattern === undefined) return () => true;
  const matches = fileMatcher(unquoted(pattern.name.text));
  const not = pattern.excluded.map((one) => fileMatcher(unquoted(one.text)));
  return (file) => matches(file) && !not.some((test) => test(file));
}

/** "ARCHIVE:FILE" names a member, "ARCHIVE:" all of them, ":FILE" what is in none (ld manual, "Input Section Basics"). */
function fileMatcher(text: string): (file: string) => boolean {
  const colon = text.indexOf(":");
  const whole = wildcard(text);
  if (colon < 0) return (file) => whole(memberOf(file) ?? file);
  const archive = wildcard(text.slice(0, colon));
  const member = wildcard(text.slice(colon + 1));
  return (file) => {
    const own = memberOf(file);
    if (own === undefined) return colon === 0 && member(file);
    const isArchive = colon > 0 && archive(file.slice(0, file.lastIndexOf("(")));
    return isArchive && (colon === text.length - 1 || member(own));
  };
}

function memberOf(file: string): string | undefined {
  return /\(([^()]*)\)$/.exec(file)?.[1];
}

function unquoted(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}

/** What can't be read as a pattern matches nothing. */
function wildcard(pattern: string): (text: string) => boolean {
  const glob = readGlob(pattern, "ld");
  return typeof glob === "string" ? () => false : (text) => glob.matches(text);
}
