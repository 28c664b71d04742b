/**
 * Reads a text as the kind of script that it is: whole or a fragment, plain or yet to be preprocessed, complete or a template.
 * All of that shows in its name and its text; what the tree's build says comes on top (ReadScriptOptions).
 */

import type { Source } from "../../text/source.ts";
import { findTemplateMark, isUnexpandedScript, scriptKindOf } from "./detect.ts";
import { parseLinkerScript } from "./parser.ts";
import type { LdScript, ScriptContext } from "./tree.ts";

export interface ReadScriptOptions {
  /** The build passes the file through the C preprocessor, or may do so, though its text has nothing that shows it. */
  readonly mayBePreprocessed?: boolean;
}

/** The tree of a linker script, a version script or a dynamic list. */
export function readScript(path: string, source: Source, options: ReadScriptOptions = {}): LdScript {
  const kind = scriptKindOf(path, source);
  const preprocessed = isUnexpandedScript(path, source) || options.mayBePreprocessed === true;
  const template = findTemplateMark(source);
  const read = (context: ScriptContext) => parseLinkerScript(source, { preprocessed, context, template });
  if (kind !== "script") return read(kind);
  if (isListOfRegions(source)) return read("memory");
  const whole = read("file");
  // A text that is no script by itself, and is one within a block, was written to stand there.
  if (preprocessed || !isBroken(whole) || hasBlocks(whole)) return whole;
  for (const context of ["sections", "section"] as const) {
    const fragment = read(context);
    if (!isBroken(fragment)) return fragment;
  }
  return whole;
}

function isBroken({ errors }: LdScript): boolean {
  return errors.some(({ kind }) => kind !== "character");
}

function hasBlocks({ statements }: LdScript): boolean {
  return statements.some(({ kind }) => kind === "sections" || kind === "memory" || kind === "segments");
}

/** How much of a text is looked at for its first statement, in UTF-16 units. */
const BEGINNING = 16 * 1024;

/** Comments, lines of the preprocessor and blanks before the first statement. */
const BEFORE_TEXT = /^(?:\uFEFF|\s|\/\*[\s\S]*?\*\/|#[^\n]*|\/\/[^\n]*)+/;

/** `rom (rx) : ORIGIN = …`, which stands within MEMORY alone. */
const REGION = /^(?:"[^"\n]*"|[^\s(){};:=,"]+)\s*(?:\([^(){};]*\)\s*)?:\s*(?:ORIGIN|org|o)\s*=/;

/** True for a text that begins with a region: what others INCLUDE within MEMORY. */
function isListOfRegions(source: Source): boolean {
  const text = source.slice(0, Math.min(source.length, BEGINNING)).replace(BEFORE_TEXT, "");
  return REGION.test(text);
}
