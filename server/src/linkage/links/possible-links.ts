/**
 * Links that a file may be a part of besides those that are known to take it: of inputs that are not known, and of commands that are
 * not read. They are no links that anything is concluded from; what they may take is open. It knows no generator.
 */

import { type Glob, readGlob } from "../../text/glob.ts";
import { baseName } from "../../text/path.ts";
import type { Link, LinkInput, OpenReason } from "./link.ts";

export interface PossibleLink {
  /** The link's name; that of a known link where more may be in it than is known. */
  readonly unit: string;
  readonly reasons: readonly OpenReason[];
  /** Whether the source's object may be a part of it. */
  mayHold(source: string): boolean;
}

/** What a link with inputs that are not known may take; undefined where all of them are known. */
export function possibleOfInputs(link: Link): PossibleLink | undefined {
  const patterns = [...unknownTexts(link.inputs ?? [])].map(sourcePattern);
  if (patterns.length === 0) return undefined;
  return {
    unit: link.unit,
    reasons: link.whyOpen,
    mayHold: (source) => patterns.some((pattern) => pattern.matches(stemOf(source))),
  };
}

function* unknownTexts(inputs: readonly LinkInput[]): Generator<string> {
  for (const input of inputs) {
    if (input.kind === "group") yield* unknownTexts(input.inputs);
    else if (input.kind === "unknown") yield input.text;
    else if (input.kind === "library" && hasUnknownPart(input.name)) yield "*";
  }
}

/** A part of a word that is not known: a mark of the evaluator, a variable, a shell's substitution. */
const UNKNOWN_PART = /[\u0001\u0002*]+|\$\([^)]*\)|\$\{[^}]*\}|\$\w+|`[^`]*`/g;

function hasUnknownPart(text: string): boolean {
  return text.search(UNKNOWN_PART) >= 0;
}

/** The names without endings of sources that an input may be made of: `port_….o` of port_a.c. Archives may hold anything. */
function sourcePattern(text: string): Pick<Glob, "matches"> {
  const name = baseName(text);
  if (/\.(?:a|lib|so)\b/.test(name) || name.startsWith("@") || /[$(`)]/.test(name.replaceAll(UNKNOWN_PART, "")))
    return ANYTHING;
  const parts = name
    .replace(/\.\w+$/, "")
    .split(UNKNOWN_PART)
    .map((part) => part.replaceAll(/[\\*?[]/g, "\\$&"));
  const glob = readGlob(parts.join("*"), "make");
  return typeof glob === "string" ? ANYTHING : glob;
}

const ANYTHING: Pick<Glob, "matches"> = { matches: () => true };

function stemOf(path: string): string {
  return baseName(path).replace(/\.\w+$/, "");
}
