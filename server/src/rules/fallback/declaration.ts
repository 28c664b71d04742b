/** Finds the declaration behind a fact, and says what to delete to make it strong. */

import type { Mention } from "../../linkage/facts/link-index.ts";
import { treeOf } from "../../linkage/facts/parsed.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import { tokenTexts } from "../../syntax/c/code-reader.ts";
import { IS_WORD } from "../../syntax/c/codes.ts";
import { findDefines } from "../../syntax/c/find-defines.ts";
import { isWordAt } from "../../syntax/c/keywords.ts";
import type { CDeclaration, CDeclarator, CWeakPragma } from "../../syntax/c/tree.ts";
import { applyEdits, type TextEdit } from "../../text/edit.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import type { RuleContext } from "../rule.ts";
import { returnsPointerByName } from "./declared-shape.ts";
import { type ExpandedCall, expandDeclaration } from "./expanded-declaration.ts";
import { findMoreThanWeak } from "./weak-words.ts";

/** A weak declaration in its file. */
export interface LocatedDeclaration {
  readonly path: string;
  readonly source: Source;
  readonly declaration: CDeclaration;
  readonly declarator: CDeclarator;
  /** What a function returns is a pointer by its type's name: `typedef int (*handler_t)(int);`. */
  readonly isPointerByName?: boolean;
  /** A macro's call makes it: the source is the file's text with the call expanded, which an edit leaves in its place. */
  readonly expansion?: ExpandedCall;
}

/** The declaration that states the fact, or why no fix may touch it. */
export function findDeclared(
  mention: Mention,
  context: RuleContext,
): LocatedDeclaration | { readonly refusal: string } {
  const { path, fact, macro } = mention;
  if (fact.inMacro !== undefined && !isPlainMacro(fact.inMacro, path, context.program)) {
    return { refusal: `${path} declares '${fact.name}' in the macro '${fact.inMacro}'` };
  }
  if (path.endsWith(".s") || path.endsWith(".S"))
    return { refusal: `${path} refers to '${fact.name}' weakly in assembly, which no fix edits` };
  const source = path === context.path ? context.source : context.program.texts.source(path);
  if (source === undefined) return { refusal: `${path} could not be read` };
  if (macro !== undefined) {
    const expansion = expandDeclaration(mention, source, context.program);
    if (expansion === undefined) return { refusal: `${path} declares '${fact.name}' by the macro '${macro}'` };
    const declaration = { ...expansion.declaration, condition: fact.condition };
    const [declarator] = declaration.declarators;
    const located = { path, source: expansion.source, declaration, declarator: declarator!, expansion };
    if (weaknessOf(located, context.program).length === 0) {
      return { refusal: `${path} declares '${fact.name}' by the macro '${macro}'` };
    }
    return { ...located, isPointerByName: returnsPointerByName(located, context.program) };
  }
  for (const declaration of treeOf(source).declarations) {
    const declarator = declaration.declarators.find((one) => one.nameSpan.start === fact.start);
    if (declarator === undefined) continue;
    // Who looks for uses looks for the name that the linker sees.
    if (declarator.name !== fact.name)
      return { refusal: `${path} declares '${fact.name}' by the name '${declarator.name}'` };
    const makesAllWeak =
      declaration.attributes.some(({ name }) => name === "weak") ||
      declaration.words.some(({ name }) => context.program.isWeakWord(name));
    if (makesAllWeak && declaration.declarators.length > 1) {
      return { refusal: `one declaration in ${path} makes several symbols weak` };
    }
    for (const { name } of [...declaration.words, ...declarator.words]) {
      const more = context.program.isWeakWord(name) ? findMoreThanWeak(name, context.program) : undefined;
      if (more !== undefined) return { refusal: `the macro '${name}' says more than weak in ${more}` };
    }
    if (pragmasOf(source, fact.name).some((pragma) => pragmaRemoval(source, pragma) === undefined)) {
      return { refusal: `something else stands beside the #pragma weak in ${path}` };
    }
    if (declaration.isSplit) return { refusal: `preprocessor lines stand within the declaration in ${path}` };
    const located = { path, source, declaration, declarator };
    return { ...located, isPointerByName: returnsPointerByName(located, context.program) };
  }
  return { refusal: `the declaration in ${path} is not understood` };
}

/** Whether the macro has no parameters, of which the declaration in it may be made. */
function isPlainMacro(macro: string, path: string, { texts }: Program): boolean {
  const source = texts.source(path);
  return source !== undefined && findDefines(source, macro).every(({ isFunctionLike }) => !isFunctionLike);
}

/**
 * Deletes what makes the declaration weak: attributes, macros that mean weak and `#pragma weak` lines of the symbol. All else
 * stays, a section above all: it tells compilers that the symbol is not among the small data that a register points to, and
 * that is as true of a strong reference. Without it some machines' code reaches for the symbol where it is not.
 */
export function removeWeakness(located: LocatedDeclaration, program: Program): TextEdit[] {
  const { source, declarator, expansion } = located;
  if (expansion !== undefined) {
    const { call, span } = expansion;
    const edits = weaknessOf(located, program).map(({ start, end }) => ({
      start: start - span.start,
      end: end - span.start,
      text: "",
    }));
    return [{ ...call, text: applyEdits(source.slice(span.start, span.end), edits) ?? "" }];
  }
  const spans: Span[] = [...weaknessOf(located, program)];
  for (const pragma of pragmasOf(source, declarator.name)) {
    const removal = pragmaRemoval(source, pragma);
    if (removal !== undefined) spans.push(removal);
  }
  return spans.map((span) => ({ ...span, text: "" }));
}

/** The attributes and words within the declaration that make it weak. */
export function weaknessOf({ declaration, declarator }: LocatedDeclaration, program: Program): Span[] {
  const owners = declaration.declarators.length === 1 ? [declaration, declarator] : [declarator];
  return owners.flatMap((owner) => [
    ...owner.attributes.filter(({ name }) => name === "weak").map(({ removal }) => removal),
    ...owner.words.filter(({ name }) => program.isWeakWord(name)).map(({ removal }) => removal),
  ]);
}

/**
 * The section that the declaration names, which served the weak reference as well, with a comment right above that speaks of
 * it alone. Where nothing names one, there are no spans.
 */
export function sectionOf({ source, declaration, declarator, expansion }: LocatedDeclaration): Span[] {
  if (expansion !== undefined) return [];
  const owners = declaration.declarators.length === 1 ? [declaration, declarator] : [declarator];
  const spans = owners.flatMap((owner) => [
    ...owner.attributes.filter(({ name }) => name === "section").map(({ removal }) => removal),
    ...owner.words.filter(({ name }) => name === "__section").map(({ removal }) => removal),
  ]);
  const comment = spans.length > 0 ? commentAbove(source, declaration.start) : undefined;
  if (comment !== undefined && speaksOfSection(source, comment)) spans.push(comment);
  return spans;
}

/** The `#pragma weak` of the symbol, those that give it another symbol's definition left out. */
function pragmasOf(source: Source, name: string): readonly CWeakPragma[] {
  return treeOf(source).weakPragmas.filter((pragma) => pragma.name === name && pragma.target === undefined);
}

/**
 * What goes with a `#pragma weak x`: its line with the comment behind it; of `_Pragma("weak x")` the operator, or its line
 * where nothing else is in it. undefined where something stands there that is not understood.
 */
function pragmaRemoval(source: Source, pragma: Span): Span | undefined {
  const line = wholeLine(source, pragma);
  const before = { start: line.start, end: pragma.start };
  const after = { start: pragma.end, end: line.end };
  if (tokenTexts(source, before).join(" ") === "# pragma weak") return endsLine(source, after) ? line : undefined;
  const head = source.slice(before.start, before.end).lastIndexOf("_Pragma");
  const tail = source.slice(after.start, after.end).indexOf(")");
  if (head < 0 || tail < 0) return undefined;
  const start = line.start + head;
  const end = pragma.end + tail + 1;
  const isAlone =
    withoutBlanks(source.slice(start, pragma.start)) === '_Pragma("weak' &&
    withoutBlanks(source.slice(pragma.end, end)) === '")';
  if (!isAlone) return undefined;
  const startsLine = withoutBlanks(source.slice(line.start, start)) === "";
  if (startsLine && endsLine(source, { start: end, end: line.end })) return line;
  const { codes } = source;
  let behind = end;
  while (codes[behind] === 32 || codes[behind] === 9) behind++;
  return { start, end: behind };
}

/** Whether nothing but a whole comment stands up to the line's end, and the line does not go on in the next. */
function endsLine(source: Source, rest: Span): boolean {
  const text = source.slice(rest.start, rest.end);
  if (text.includes("\\") || text.lastIndexOf("/*") > text.lastIndexOf("*/")) return false;
  return tokenTexts(source, rest).length === 0;
}

function withoutBlanks(text: string): string {
  return [...text].filter((char) => char !== " " && char !== "\t").join("");
}

/** The span of the whole lines that a span touches, with the last newline. */
function wholeLine(source: Source, span: Span): Span {
  let start = span.start;
  while (start > 0 && source.codes[start - 1] !== 10) start--;
  let end = span.end;
  while (end < source.length && source.codes[end] !== 10) end++;
  return { start, end: Math.min(end + 1, source.length) };
}

function speaksOfSection(source: Source, { start, end }: Span): boolean {
  // The comment's own text, as words.
  const { codes } = source;
  for (let at = start; at < end; at++) {
    const stop = at + "section".length;
    if (IS_WORD[codes[at - 1] ?? 0] === 0 && stop <= end && isWordAt(codes, at, stop, "section")) {
      if (IS_WORD[codes[stop] ?? 0] === 0) return true;
    }
  }
  return false;
}

/**
 * A comment whose last line is the line above, of lines of its own and with a blank line, an opening brace or the file's start above it, as
 * whole lines. undefined where there is none: a comment that also heads other lines is left alone.
 */
export function commentAbove(source: Source, start: number): Span | undefined {
  const lineStart = startOfLine(source, start);
  if (!isBlankText(source.slice(lineStart, start))) return undefined;
  const above = source.slice(0, lineStart);
  const trimmed = above.trimEnd();
  if (!trimmed.endsWith("*/") || hasBlankLine(above.slice(trimmed.length))) return undefined;
  const open = trimmed.lastIndexOf("/*");
  if (open < 0) return undefined;
  const openLine = startOfLine(source, open);
  if (!isBlankText(source.slice(openLine, open))) return undefined;
  if (openLine === 0) return { start: 0, end: lineStart };
  const lineAbove = source.slice(startOfLine(source, openLine - 1), openLine).trim();
  const isHead = lineAbove === "" || lineAbove.endsWith("{");
  return isHead ? { start: openLine, end: lineStart } : undefined;
}

function startOfLine({ codes }: Source, offset: number): number {
  let at = offset;
  while (at > 0 && codes[at - 1] !== 10) at--;
  return at;
}

function isBlankText(text: string): boolean {
  return text.trim() === "";
}

/** Whether two line feeds stand there, with nothing but blanks between them. */
function hasBlankLine(blanks: string): boolean {
  return blanks.split("\n").length > 2;
}
