/**
 * Quick fixes that the rules on linker scripts share. What was meant is guessed, so that none of them is made unasked. A fix of syntax is only offered where the script then reads without that mistake.
 */

import { KEYWORDS } from "../syntax/ld/keywords.ts";
import { readScript } from "../syntax/ld/read-script.ts";
import type { LdError, LdScript } from "../syntax/ld/tree.ts";
import { applyEdits, type TextEdit } from "../text/edit.ts";
import { findNearest } from "../text/nearest.ts";
import { sourceOfText } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import type { Finding, Fix, RuleContext } from "./rule.ts";

/** Writes another name in the place of the finding's. */
export function changeName({ span }: Finding, { path }: RuleContext, name: string | undefined): readonly Fix[] {
  if (name === undefined) return [];
  const edits = [{ start: span.start, end: span.end, text: name }];
  return [{ title: `Change to '${name}'`, isPreferred: false, edits: [{ path, edits }] }];
}

/** The same with the one of these names that is nearest to the finding's. */
export function changeToNearest(finding: Finding, context: RuleContext, names: Iterable<string>): readonly Fix[] {
  return changeName(finding, context, findNearest(finding.symbol, names));
}

/** Takes out a part of a script, and the line with it where nothing else stands there. */
export function removeFrom(
  { path, source }: RuleContext,
  span: Span,
  title: string,
  isPreferred: "preferred" | "not",
): Fix {
  const text = source.slice(0, source.length);
  let { start, end } = span;
  while (start > 0 && /[ \t]/.test(text[start - 1]!)) start--;
  const isOwnLine = start === 0 || text[start - 1] === "\n";
  const rest = /^[ \t]*\r?\n/.exec(text.slice(end, end + 200));
  if (isOwnLine && rest !== null) end += rest[0].length;
  else if (isOwnLine) start = span.start;
  return { title, isPreferred: isPreferred === "preferred", edits: [{ path, edits: [{ start, end, text: "" }] }] };
}

/** The same of a statement, with the semicolon behind it. */
export function removeStatement(
  context: RuleContext,
  { start, end }: Span,
  title: string,
  isPreferred: "preferred" | "not",
): Fix {
  const behind = context.source.slice(end, Math.min(context.source.length, end + AROUND));
  const semicolon = context.source.slice(end - 1, end) === ";" ? null : /^\s*;/.exec(behind);
  return removeFrom(context, { start, end: end + (semicolon?.[0].length ?? 0) }, title, isPreferred);
}

/** One way to mend a text. */
interface Attempt {
  readonly title: string;
  readonly edit: TextEdit;
}

/** The fixes of a mistake of syntax that make it go away and no other one come up. */
export function mendSyntax(finding: Finding, context: RuleContext): readonly Fix[] {
  const { path, source, script } = context;
  const error = script?.errors.find(({ start, end }) => start === finding.span.start && end === finding.span.end);
  if (script === undefined || error === undefined) return [];
  const text = source.slice(0, source.length);
  const fixes: Fix[] = [];
  for (const { title, edit } of attempts(text, error)) {
    if (!mends(text, edit, script, path)) continue;
    fixes.push({ title, isPreferred: false, edits: [{ path, edits: [edit] }] });
  }
  return fixes.slice(0, MOST_FIXES);
}

const MOST_FIXES = 3;

function mends(text: string, edit: TextEdit, script: LdScript, path: string): boolean {
  const after = applyEdits(text, [edit]);
  if (after === undefined) return false;
  const read = readScript(path, sourceOfText(after), { mayBePreprocessed: script.preprocessed });
  return read.errors.length < script.errors.length;
}

function* attempts(text: string, error: LdError): Generator<Attempt> {
  yield* numbers(text, error);
  yield* keywords(text, error);
  yield* gluedOperators(text, error);
  yield* missingCharacters(text, error);
  yield* surplusCharacters(text, error);
}

/** How far around a mistake a number or word is looked for, in UTF-16 units. */
const AROUND = 40;

/** What people write behind numbers, and what ld has for it (ldlex.l: K and M alone). */
const SUFFIXES: Readonly<Record<string, string>> = { kb: "K", kib: "K", mb: "M", mib: "M" };

function* numbers(text: string, { start, end }: LdError): Generator<Attempt> {
  const from = Math.max(0, start - AROUND);
  const window = text.slice(from, end + AROUND);
  for (const match of window.matchAll(/(?<![\w.])(0[xX][\da-fA-F_]+|[\d_]+)[ \t]*([kmg]i?b?)?(?!\w)/gi)) {
    const [all, digits = "", suffix = ""] = match;
    const plain = digits.replace(/_/g, "");
    const isGiga = /^g/i.test(suffix);
    const number = isGiga ? `${Number(plain) * 1024}M` : `${plain}${SUFFIXES[suffix.toLowerCase()] ?? suffix}`;
    if (number === all || (isGiga && !Number.isSafeInteger(Number(plain) * 1024))) continue;
    const at = from + match.index;
    yield { title: `Write '${number}'`, edit: { start: at, end: at + all.length, text: number } };
  }
}

/** Keywords in capitals; the others are short spellings. */
const WORDS = [...KEYWORDS.keys()].filter((word) => /^[A-Z_]{4,}$/.test(word));

function* keywords(text: string, { start, end }: LdError): Generator<Attempt> {
  const from = Math.max(0, start - AROUND);
  const found = [...text.slice(from, end).matchAll(/[A-Za-z_]{3,}/g)].slice(-2).reverse();
  for (const match of found) {
    const [word] = match;
    const meant = KEYWORDS.has(word) ? undefined : findNearest(word, WORDS);
    if (meant === undefined) continue;
    const at = from + match.index;
    yield { title: `Change to '${meant}'`, edit: { start: at, end: at + word.length, text: meant } };
  }
}

function* gluedOperators(text: string, { start, end }: LdError): Generator<Attempt> {
  const match = /^([^\s=]+?)([-+*/]?=)(?!=)(?=.)/.exec(text.slice(start, end));
  if (match === null) return;
  const [all, name = "", operator = ""] = match;
  yield {
    title: `Put blanks around '${operator}'`,
    edit: { start, end: start + all.length, text: `${name} ${operator} ` },
  };
}

function* missingCharacters(text: string, { start, message }: LdError): Generator<Attempt> {
  const expected = /expected '([;:,(){}=])'/.exec(message)?.[1];
  const candidates = expected === undefined ? [")", ":", ";"] : [expected];
  const before = endOfCodeBefore(text, start);
  for (const character of candidates) {
    const isLineOfItsOwn = character === "}" && start >= text.trimEnd().length;
    // A name may have a colon in it.
    const inserted = isLineOfItsOwn ? "\n}" : character === ":" ? " :" : character;
    for (const at of [...(character === ";" ? beforePattern(text.slice(0, before)) : []), before]) {
      yield { title: `Insert '${character}'`, edit: { start: at, end: at, text: inserted } };
    }
  }
}

/** To ld, `x = 1 *(.text)` is a product: the pattern was to be a statement of its own. */
function beforePattern(text: string): readonly number[] {
  const match = /=[^;{}=]*?(\s\*\s*\([^;{}]*)$/.exec(text);
  return match === null ? [] : [text.length - match[1]!.length];
}

/** Behind the last character before the offset that is no blank and in no comment. */
function endOfCodeBefore(text: string, offset: number): number {
  let at = offset;
  for (;;) {
    while (at > 0 && /\s/.test(text[at - 1]!)) at--;
    if (!text.slice(0, at).endsWith("*/")) return at;
    const open = text.lastIndexOf("/*", at - 2);
    if (open < 0) return at;
    at = open;
  }
}

function* surplusCharacters(text: string, { start, end }: LdError): Generator<Attempt> {
  const character = text.slice(start, end);
  if (/^[;,:(){}]$/.test(character)) yield { title: `Remove '${character}'`, edit: { start, end, text: "" } };
}
