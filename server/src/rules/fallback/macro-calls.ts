/**
 * Expands calls of the tree's own macros, by each definition that the file may see: which of them is in force is not known, so
 * whoever asks must be content with all of them. One macro at a time: calls within the result are left as they are.
 */

import type { Program } from "../../linkage/symbols/program.ts";
import type { Code, Expression } from "../../syntax/c/code-tree.ts";
import { findDefines } from "../../syntax/c/find-defines.ts";
import { readReplacementCode } from "../../syntax/c/read-statement.ts";
import { formatPreprocessed } from "../../syntax/cpp/format.ts";
import { preprocess } from "../../syntax/cpp/preprocess.ts";
import { createPreprocessorCache } from "../../syntax/cpp/state.ts";
import { createAttached } from "../../text/attached.ts";
import { type Source, sourceOfText } from "../../text/source.ts";

/** A word in more headers than this is not looked up to find out whether it is a macro. */
const MOST_HEADERS = 200;

/** A macro whose definitions are more than these is not looked into. */
const MOST_DEFINITIONS = 16;

/** The definitions of a macro that a file may see, as lines; "unknown" where the word is too common to look for them. */
export type Definitions = readonly string[] | "unknown";

interface Known {
  readonly definitions: Map<string, readonly string[]>;
}

const knownBySource = createAttached<Source, Known>();

/** What the tree defines the word as, in the file itself and in headers. */
export function definitionsOf(word: string, user: string, program: Program): Definitions {
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

/** What a call, or a word alone, becomes: the code of each definition; undefined where one of them gives none that is understood. */
export function expandBy(definitions: readonly string[], text: string): readonly Code[] | undefined {
  const codes: Code[] = [];
  for (const definition of definitions) {
    const source = sourceOfText(expandText(definition, text));
    const code = readReplacementCode(source, { start: 0, end: source.length });
    if (code === undefined) return undefined;
    codes.push(code);
  }
  return codes;
}

/** The text of a call with one definition of its macro put in. */
export function expandText(definition: string, text: string): string {
  const line = text.split("\n").join(" ");
  const source = sourceOfText(`${definition}\n${line}\n`);
  const preprocessed = preprocess("<expression>", source, {
    mode: "c",
    // Spellings are never forgotten, so that each text has a cache of its own.
    cache: createPreprocessorCache(),
    readFile: () => undefined,
    limits: { steps: 100_000, tokens: 20_000 },
  });
  return formatPreprocessed(preprocessed).text;
}

/** The name that a call calls, where it is called by its name alone. */
export function calleeOf(node: Expression): string | undefined {
  return node.kind === "call" && node.callee.kind === "name" ? node.callee.name : undefined;
}
