/** Finds the declaration behind a fact, and says what to delete to make it strong. */

import type { Mention } from "../../linkage/facts/link-index.ts";
import { treeOf } from "../../linkage/facts/parsed.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import type { CDeclaration, CDeclarator, CWeakPragma } from "../../syntax/c/tree.ts";
import type { TextEdit } from "../../text/edit.ts";
import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";
import type { RuleContext } from "../rule.ts";
import { findMoreThanWeak } from "./weak-words.ts";

/** A weak declaration in its file. */
export interface LocatedDeclaration {
  readonly path: string;
  readonly source: Source;
  readonly declaration: CDeclaration;
  readonly declarator: CDeclarator;
}

/** The declaration that states the fact, or why no fix may touch it. */
export function findDeclared(
  mention: Mention,
  context: RuleContext,
): LocatedDeclaration | { readonly refusal: string } {
  const { path, fact, macro } = mention;
  if (macro !== undefined) return { refusal: `${path} declares '${fact.name}' by the macro '${macro}'` };
  if (fact.inMacro !== undefined) return { refusal: `${path} declares '${fact.name}' in the macro '${fact.inMacro}'` };
  if (/\.[sS]$/.test(path))
    return { refusal: `${path} refers to '${fact.name}' weakly in assembly, which no fix edits` };
  const source = path === context.path ? context.source : context.program.texts.source(path);
  if (source === undefined) return { refusal: `${path} could not be read` };
  for (const declaration of treeOf(source).declarations) {
    const declarator = declaration.declarators.find((one) => one.nameSpan.start === fact.start);
    if (declarator === undefined) continue;
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
    return { path, source, declaration, declarator };
  }
  return { refusal: `the declaration in ${path} is not understood` };
}

/**
 * Deletes what makes the declaration weak: attributes, macros that mean weak and `#pragma weak` lines of the symbol. All else
 * stays, a section above all: it tells compilers that the symbol is not among the small data that a register points to, and
 * that is as true of a strong reference. Without it some machines' code reaches for the symbol where it is not.
 */
export function removeWeakness(located: LocatedDeclaration, program: Program): TextEdit[] {
  const { source, declarator } = located;
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
export function sectionOf({ source, declaration, declarator }: LocatedDeclaration): Span[] {
  const owners = declaration.declarators.length === 1 ? [declaration, declarator] : [declarator];
  const spans = owners.flatMap((owner) => [
    ...owner.attributes.filter(({ name }) => name === "section").map(({ removal }) => removal),
    ...owner.words.filter(({ name }) => name === "__section").map(({ removal }) => removal),
  ]);
  const comment = spans.length > 0 ? commentAbove(source, declaration.start) : undefined;
  if (comment !== undefined && /\bsection\b/.test(source.slice(comment.start, comment.end))) spans.push(comment);
  return spans;
}

/** The `#pragma weak` of the symbol, those that give it another symbol's definition left out. */
function pragmasOf(source: Source, name: string): readonly CWeakPragma[] {
  return treeOf(source).weakPragmas.filter((pragma) => pragma.name === name && pragma.target === undefined);
}

/** A comment, or nothing, up to the end of a line. */
const REST_OF_LINE = /^[ \t]*(?:\/\*(?:(?!\*\/)[^\n])*\*\/[ \t]*|\/\/[^\n\\]*)?\r?\n?$/;

/**
 * What goes with a `#pragma weak x`: its line with the comment behind it; of `_Pragma("weak x")` the operator, or its line
 * where nothing else is in it. undefined where something stands there that is not understood.
 */
function pragmaRemoval(source: Source, pragma: Span): Span | undefined {
  const line = wholeLine(source, pragma);
  const before = source.slice(line.start, pragma.start);
  const after = source.slice(pragma.end, line.end);
  if (/^[ \t]*#[ \t]*pragma[ \t]+weak[ \t]+$/.test(before)) return REST_OF_LINE.test(after) ? line : undefined;
  const head = /_Pragma[ \t]*\([ \t]*"[ \t]*weak[ \t]+$/.exec(before);
  const tail = /^[ \t]*"[ \t]*\)[ \t]*/.exec(after);
  if (head === null || tail === null) return undefined;
  if (before.slice(0, head.index).trim() === "" && REST_OF_LINE.test(after.slice(tail[0].length))) return line;
  return { start: line.start + head.index, end: pragma.end + tail[0].length };
}

/** The span of the whole lines that a span touches, with the last newline. */
function wholeLine(source: Source, span: Span): Span {
  let start = span.start;
  while (start > 0 && source.codes[start - 1] !== 10) start--;
  let end = span.end;
  while (end < source.length && source.codes[end] !== 10) end++;
  return { start, end: Math.min(end + 1, source.length) };
}

/**
 * A comment whose last line is the line above, of lines of its own and with a blank line, an opening brace or the file's start above it, as
 * whole lines. undefined where there is none: a comment that also heads other lines is left alone.
 */
export function commentAbove(source: Source, start: number): Span | undefined {
  const before = source.slice(0, start);
  const lineStart = before.lastIndexOf("\n") + 1;
  if (before.slice(lineStart).trim() !== "") return undefined;
  const above = before.slice(0, lineStart);
  const trimmed = above.trimEnd();
  if (!trimmed.endsWith("*/") || /\n[ \t]*\r?\n/.test(above.slice(trimmed.length))) return undefined;
  const open = trimmed.lastIndexOf("/*");
  if (open < 0) return undefined;
  const openLine = trimmed.lastIndexOf("\n", open) + 1;
  if (trimmed.slice(openLine, open).trim() !== "") return undefined;
  const ahead = before.slice(0, openLine);
  if (ahead !== "" && !/(?:\n[ \t]*|\{)\r?\n$/.test(ahead)) return undefined;
  return { start: openLine, end: lineStart };
}
