/**
 * What kind of linker script a text is, by its name and its first lines: one that the C preprocessor has yet to see, a
 * version script, a dynamic list.
 */

import type { Source } from "../../text/source.ts";
import { mapFormatOf } from "../map/map-lines.ts";
import {
  findOtherLinker,
  findPlaceholder,
  hasDirectives,
  hasPreprocessorText,
  withoutTrivia,
} from "./preprocessor-signs.ts";
import type { ScriptKind } from "./tree.ts";

const NAME = /\.(?:S|h|in|cpp|pp)$/i;

/** How much of a text is looked at, in UTF-16 units. */
const PROBE = 64 * 1024;

/**
 * True for `vmlinux.lds.S`, `vmlinux.lds.h` and their like, and for a text that the C preprocessor has yet to see by what it
 * says: some trees pass all their scripts through it, whatever they are called.
 */
export function isUnexpandedScript(path: string, source: Source): boolean {
  if (NAME.test(path)) return true;
  const text = source.slice(0, Math.min(source.length, PROBE));
  return hasDirectives(text) || (hasPreprocessorText(text) && scriptKindOf(path, source) === "script");
}

/**
 * The first place of a text that a generator fills in before anybody else reads it, as in `link.ld.in` or `flash.template.ld`, or the
 * first word of one that is another linker's. In such a text anything may stand anywhere, so that nothing of it is judged.
 */
export function findTemplateMark(source: Source): string | undefined {
  const text = source.slice(0, Math.min(source.length, PROBE));
  return findPlaceholder(text) ?? findOtherLinker(text);
}

/**
 * Names that version scripts and dynamic lists have, and other things too: what a linker's map, a table of keys or a list of
 * symbols is called. JavaScript's maps are left out, as there are many and large ones.
 */
const VERSION_NAME =
  /(?<!\.[cm]?[jt]sx?|\.css)\.(?:map|ver|vers|version|versions|sym|syms|symbols|dyn|exports?|dynlist|vscript)$|(?:version|dynamic|dyn)[-_.]?(?:script|list|syms?|symbols)(?:\.txt)?$/i;

/** True for a name that a version script or a dynamic list may have; its text must say the rest. */
export function mayBeVersionScript(path: string): boolean {
  return VERSION_NAME.test(path);
}

const DYNAMIC_NAME = /\.dyn$|\.dynlist$|(?:dynamic|dyn)[-_.]?(?:script|list|syms?|symbols)(?:\.txt)?$/i;

/**
 * How a version script begins: a tag, a brace, and then a label or a pattern that a semicolon, a brace or the line's end is
 * behind. JSON has a colon behind its first string.
 */
const VERSION_BEGINNING =
  /^(?:([A-Za-z_.$][\w.$-]*)\s*)?\{\s*(?:$|\}\s*;|(?:global|local)\s*(?:[:;\n]|$)|extern\s+"|"[^"\n]*"\s*[;}]|[\w.$*?[\]:~^@-]+[ \t]*(?:[;}\r\n]|$))/;

/** The blocks of linker scripts, which have no tag for a name. */
const BLOCKS = /^(?:SECTIONS|MEMORY|PHDRS|VERSION|OVERWRITE_SECTIONS)$/;

/** What is no text to the linker; lines of the preprocessor are comments to it. */
const BEFORE_TEXT = /^(?:\uFEFF|\s|\/\*[\s\S]*?\*\/|#(?:[^\n]*\\\r?\n)*[^\n]*)+/;

/** How much of the text behind that says what it is, in UTF-16 units. */
const BEGINNING = 2000;

/** What kind of script a text is, if it is any: `-T`, `--version-script=` and `--dynamic-list=` read different languages. */
export function scriptKindOf(path: string, source: Source): ScriptKind {
  const text = source
    .slice(0, Math.min(source.length, PROBE))
    .replace(BEFORE_TEXT, "")
    .slice(0, BEGINNING)
    .replace(/\/\*[\s\S]*?\*\/|#[^\n]*/g, " ");
  const beginning = VERSION_BEGINNING.exec(text);
  if (beginning === null || BLOCKS.test(beginning[1] ?? "")) return "script";
  return DYNAMIC_NAME.test(path) && beginning[1] === undefined ? "dynamic-list" : "version";
}

/** Commands and blocks that a script alone has, at the start of a line. */
const SCRIPT_TEXT =
  /^[ \t]*(?:(?:SECTIONS|MEMORY|PHDRS|VERSION)\s*\{|(?:OUTPUT_FORMAT|OUTPUT_ARCH|ENTRY|EXTERN|INPUT|GROUP|SEARCH_DIR|STARTUP|REGION_ALIAS|PROVIDE(?:_HIDDEN)?)\s*\(|INCLUDE\s+["\w./-]+\s*;?[ \t]*$|INSERT\s+(?:AFTER|BEFORE)\b|(?:KEEP\s*\()?\*\(\.|[\w.]+\s*(?:\([rwxail!]+\)\s*)?:\s*ORIGIN\s*=)/im;

/** What only other languages have: XDR, C, Perl, shells. */
const OTHER_TEXT =
  /^(?:[ \t]*(?:struct|union|enum|typedef|program|namespace|class|use|my|package|sub|const)\s+[\w:<]|%|#!|xof )/m;

/** True for a text that is a linker script, by what it says: its name is one that other languages' files have, too. */
export function looksLikeScript(source: Source): boolean {
  const start = source.slice(0, Math.min(source.length, PROBE));
  // A map repeats the patterns of the script that it was made with.
  if (mapFormatOf(start) !== undefined) return false;
  const text = withoutTrivia(start);
  return SCRIPT_TEXT.test(text) && !OTHER_TEXT.test(text);
}

/** `.text : > ROM`, a section without braces, as the linkers of Green Hills and Texas Instruments have it. */
const BRACELESS = /^[ \t]*[\w.]+[^\n;{}]*:\s*(?:\{\s*\}\s*)?>\s*(?:\.|\w+)/gm;

/** True for a script of a linker that is none of ours, whose names end as ld's do. */
export function isOtherLinkersScript(source: Source): boolean {
  const text = withoutTrivia(source.slice(0, Math.min(source.length, PROBE)));
  let count = 0;
  for (const [found] of text.matchAll(BRACELESS)) if (!found.includes("{") && ++count >= 2) return true;
  return OTHER_TEXT.test(text) && !SCRIPT_TEXT.test(text);
}
