/**
 * The definitions of a macro that a file may see, and what a text becomes with them put in. Which of them is in force is not known,
 * so whoever asks must be content with all of them. It has no IO.
 */

import { findDefines } from "../../syntax/c/find-defines.ts";
import { formatPreprocessed } from "../../syntax/cpp/format.ts";
import { preprocess } from "../../syntax/cpp/preprocess.ts";
import { createPreprocessorCache } from "../../syntax/cpp/state.ts";
import { createAttached } from "../../text/attached.ts";
import { type Source, sourceOfText } from "../../text/source.ts";
import type { Program } from "./program.ts";

/** A word in more headers than this is not looked up to find out whether it is a macro. */
const MOST_HEADERS = 200;

/** A macro whose definitions are more than these is not looked into. */
const MOST_DEFINITIONS = 16;

/** The definitions of a macro that a file may see, as lines; "unknown" where the word is too common to look for them. */
export type MacroDefinitions = readonly string[] | "unknown";

interface Known {
  readonly definitions: Map<string, readonly string[]>;
}

const knownBySource = createAttached<Source, Known>();

/** What the tree defines the word as, in the file itself and in headers. */
export function definitionsOf(word: string, user: string, program: Program): MacroDefinitions {
  const files = program.index.filesWithWord(word).filter((path) => path === user || path.endsWith(".h"));
  if (files.length > MOST_HEADERS) return "unknown";
  const found = new Set<string>();
  for (const path of files) {
    const source = program.texts.source(path);
    if (source !== undefined) for (const line of linesIn(source, word)) found.add(line);
  }
  return found.size > MOST_DEFINITIONS ? "unknown" : [...found];
}

function linesIn(source: Source, word: string): readonly string[] {
  let known = knownBySource.get(source);
  if (known === undefined) knownBySource.set(source, (known = { definitions: new Map() }));
  let lines = known.definitions.get(word);
  if (lines === undefined) {
    lines = findDefines(source, word).map(({ start, end }) => source.slice(start, end));
    known.definitions.set(word, lines);
  }
  return lines;
}

/** A text, as the lines of some definitions make it: the others' macros in it are left as they are. */
export function expandText(definitions: string, text: string): string {
  const line = text.replaceAll("\\\n", " ").split("\n").join(" ");
  const source = sourceOfText(`${definitions}\n${line}\n`);
  const preprocessed = preprocess("<expression>", source, {
    mode: "c",
    // Spellings are never forgotten, so that each text has a cache of its own.
    cache: createPreprocessorCache(),
    readFile: () => undefined,
    limits: { steps: 100_000, tokens: 20_000 },
  });
  return formatPreprocessed(preprocessed).text;
}
