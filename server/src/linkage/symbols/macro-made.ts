/**
 * Whether a macro may define a symbol where no fact says so: facts name what files write out, and `DEFINE_TABLE(x)` writes out
 * nothing. It expands nothing and decides by where the symbol's name stands, so it errs towards "may". Names that a macro
 * pastes together are not seen.
 */

import type { CFile } from "../../syntax/c/tree.ts";
import { createAttached } from "../../text/attached.ts";
import type { Source } from "../../text/source.ts";
import { findLanguage } from "../facts/extract.ts";
import { treeOf } from "../facts/parsed.ts";
import { filesMentioning } from "../index/files-mentioning.ts";
import type { Program } from "./program.ts";

/** A word in more files than this is a word like any other: to look through all of them takes too long. */
const MOST_FILES = 200;

/**
 * True where a macro may define the symbol in another file than this one, and while that is not known. What the file itself
 * does with the name can't be another definition of it.
 */
export function mayBeMadeByMacro(name: string, path: string, { index, texts }: Program): boolean {
  const files = filesMentioning(name, index).filter((file) => file !== path);
  if (files.length > MOST_FILES) return true;
  // All are asked for before the first is looked at, so that they are read at once.
  const sources = files.map((file) => ({ file, source: texts.source(file) }));
  return sources.some(({ file, source }) =>
    source === undefined ? texts.isPending(file) : mayBeMadeIn(file, source, name),
  );
}

const answers = createAttached<Source, Map<string, boolean>>();

/** Whether a macro may define the symbol in a file; found once for each source. */
function mayBeMadeIn(path: string, source: Source, name: string): boolean {
  let known = answers.get(source);
  if (known === undefined) answers.set(source, (known = new Map()));
  let answer = known.get(name);
  if (answer === undefined) {
    const language = findLanguage(path);
    if (language === "c") answer = isArgument(treeOf(source), name) || isInReplacement(source, name);
    else answer = language === "asm" && (isAssemblyArgument(source, name) || isInReplacement(source, name));
    known.set(name, answer);
  }
  return answer;
}

/** An argument of a macro called at file scope: `DEFINE_TABLE(x);`, `SYSTEM_CALL(x, int, a) { … }`. */
function isArgument({ calls, source }: CFile, name: string): boolean {
  return calls.some((call) => holdsWord(source.slice(call.arguments.start, call.arguments.end), name));
}

/** A statement of assembly that is a macro with parentheses: no instruction has them right behind its name. */
function isAssemblyArgument(source: Source, name: string): boolean {
  const statement = new RegExp(`^[ \\t]*[A-Za-z_]\\w*\\([^\\n)]*(?<![\\w$.])${escapeName(name)}(?![\\w$.])`, "m");
  return statement.test(source.slice(0, source.length));
}

/**
 * A macro's replacement that may be part of the symbol's definition: one that is another name for it, pastes it, or has it
 * behind a type, as a declarator is. `return x()` and `(x)` are uses.
 */
function isInReplacement(source: Source, name: string): boolean {
  const text = source.slice(0, source.length);
  for (const [, line = ""] of text.matchAll(/^[ \t]*#[ \t]*define[ \t]+((?:[^\n\\]|\\(?:\r?\n|.))*)/gm)) {
    if (!line.includes(name)) continue;
    const replacement = line.replace(/^[A-Za-z_$][\w$]*(?:\([^)]*\))?/, "").replace(/\\\r?\n/g, " ");
    if (replacement.trim() === name) return true;
    for (const [, before = "", after = ""] of replacement.matchAll(aroundWord(name))) {
      if (before === "##" || after === "##") return true;
      if (
        before === "*" ||
        (/^[\w$]+$/.test(before) && !/^\d|^(?:return|else|do|case|sizeof|goto|typeof)$/.test(before))
      )
        return true;
    }
  }
  return false;
}

/** The name with the token before it, and "##" behind it. */
function aroundWord(name: string): RegExp {
  return new RegExp(`([\\w$]+|##|\\S|)\\s*(?<![\\w$])${escapeName(name)}(?![\\w$])\\s*(##|)`, "g");
}

function holdsWord(text: string, name: string): boolean {
  return text.includes(name) && new RegExp(`(?<![\\w$])${escapeName(name)}(?![\\w$])`).test(text);
}

function escapeName(name: string): string {
  return name.replace(/[.$]/g, "\\$&");
}
