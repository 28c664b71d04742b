/** The outline of a linker script as a tree: blocks, what they hold, symbols, and the macros of a script's header. */

import { KEYWORDS } from "../syntax/ld/keywords.ts";
import type {
  LdAssignment,
  LdMacro,
  LdMacroCall,
  LdOutputSection,
  LdRegion,
  LdScript,
  LdSegment,
  LdVersion,
  LdVersionPattern,
} from "../syntax/ld/tree.ts";
import { type LdNode, nodesOf } from "../syntax/ld/walk.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../text/span.ts";

export type ScriptOutlineKind =
  | "memory"
  | "region"
  | "segments"
  | "segment"
  | "sections"
  | "section"
  | "overlay"
  | "group"
  | "symbol"
  | "macro"
  | "macro-call"
  | "version";

export interface ScriptOutlineNode {
  readonly name: string;
  /** What else a glance should tell: a region's bounds, where a section goes, a symbol's value. */
  readonly detail: string;
  readonly kind: ScriptOutlineKind;
  /** All of it. */
  readonly span: Span;
  /** Its name, within the span. */
  readonly selection: Span;
  readonly children: readonly ScriptOutlineNode[];
}

interface Entry extends Omit<ScriptOutlineNode, "children"> {
  readonly children: Entry[];
}

const LONGEST_DETAIL = 60;

/** What a script holds, in the order of the text, each within what encloses it. */
export function outlineScript(script: LdScript): ScriptOutlineNode[] {
  const entries = script.macros.map((macro) => macroEntry(macro, script.source));
  const statements = statementsOf(script);
  for (const node of nodesOf(script)) {
    if (node.kind === "version") {
      entries.push(...versionEntries(node, script));
      continue;
    }
    const found = entryOf(node, script.source, statements);
    if (found !== undefined) entries.push(found);
  }
  return nest(entries);
}

function entryOf(node: LdNode, source: Source, statements: ReadonlySet<object>): Entry | undefined {
  switch (node.kind) {
    case "memory":
      return entry("MEMORY", "", "memory", node, { start: node.start, end: node.start + "MEMORY".length });
    case "segments":
      return entry("PHDRS", "", "segments", node, { start: node.start, end: node.start + "PHDRS".length });
    case "sections":
      return entry(node.keyword.text, "", "sections", node, node.keyword);
    case "overlay":
      return entry(node.keyword.text, textOf(source, node.address), "overlay", node, node.keyword);
    case "section-group":
      return entry(node.name?.text ?? node.keyword.text, node.keyword.text, "group", node, node.name ?? node.keyword);
    case "region":
      return node.name.text === "" ? undefined : regionEntry(node, source);
    case "segment":
      return node.name.text === "" ? undefined : segmentEntry(node, source);
    case "output-section":
      return node.name.text === "" ? undefined : sectionEntry(node);
    case "assignment":
      return symbolEntry(node, source);
    case "macro-call":
      return statements.has(node) ? callEntry(node, source) : undefined;
    default:
      return undefined;
  }
}

function entry(name: string, detail: string, kind: ScriptOutlineKind, span: Span, selection: Span): Entry {
  const start = Math.max(selection.start, span.start);
  const end = Math.max(start, Math.min(selection.end, span.end));
  return {
    name: name === "" ? kind : name,
    detail: detail.trim(),
    kind,
    span: { start: span.start, end: Math.max(span.end, end) },
    selection: { start, end },
    children: [],
  };
}

/** `VERSION`, its versions, and the symbols of each; of a version script the versions alone. */
function versionEntries(version: LdVersion, script: LdScript): Entry[] {
  const keyword = { start: version.start, end: version.start + "VERSION".length };
  const entries = script.kind === "script" ? [entry("VERSION", "", "version", version, keyword)] : [];
  for (const node of version.nodes) {
    if (node.body === undefined) continue;
    const name = node.tag?.text ?? (script.kind === "dynamic-list" ? "dynamic list" : "no version");
    const parents = node.parents.map((parent) => parent.text).join(" ");
    entries.push(entry(name, parents, "version", node, node.tag ?? node.body));
    for (const pattern of node.global) entries.push(patternEntry(pattern, "global"));
    for (const pattern of node.local) entries.push(patternEntry(pattern, "local"));
  }
  return entries;
}

function patternEntry({ name, language, start, end }: LdVersionPattern, list: string): Entry {
  const detail = language === undefined ? list : `${list}, ${language.text}`;
  return entry(name.text, detail, "symbol", { start, end }, { start, end });
}

function macroEntry(macro: LdMacro, source: Source): Entry {
  const parameters = macro.parameters === undefined ? "" : `(${macro.parameters.join(", ")})`;
  const { expression } = macro.body;
  return entry(`${macro.name}${parameters}`, textOf(source, expression), "macro", macro, macro.nameSpan);
}

function regionEntry(region: LdRegion, source: Source): Entry {
  const bounds = [textOf(source, region.origin), textOf(source, region.length)].filter((text) => text !== "");
  return entry(region.name.text, bounds.join(", "), "region", region, region.name);
}

function segmentEntry(segment: LdSegment, source: Source): Entry {
  return entry(segment.name.text, textOf(source, segment.type), "segment", segment, segment.name);
}

function sectionEntry(section: LdOutputSection): Entry {
  const { trailer } = section;
  const parts = [
    trailer?.region === undefined ? "" : `>${trailer.region.text}`,
    trailer?.loadRegion === undefined ? "" : `AT>${trailer.loadRegion.text}`,
    ...(trailer?.segments ?? []).map((segment) => `:${segment.text}`),
  ];
  return entry(section.name.text, parts.filter((part) => part !== "").join(" "), "section", section, section.name);
}

function callEntry(call: LdMacroCall, source: Source): Entry | undefined {
  // In a branch that was read by itself, an operand looks like a statement.
  if (KEYWORDS.has(call.name.text)) return undefined;
  const written = call.arguments?.map((argument) => textOf(source, argument)).join(", ");
  const name = written === undefined ? call.name.text : `${call.name.text}(${written})`;
  return entry(name, "macro", "macro-call", call, call.name);
}

function symbolEntry(assignment: LdAssignment, source: Source): Entry | undefined {
  const { target } = assignment;
  if (target.text === "." || target.text === "") return undefined;
  const value = textOf(source, assignment.value);
  const detail = assignment.keyword === undefined ? value : `${assignment.keyword.text} ${value}`;
  return entry(target.text, detail, "symbol", assignment, target);
}

function textOf(source: Source, span: Span | undefined): string {
  return span === undefined ? "" : oneLine(source, span);
}

function oneLine(source: Source, { start, end }: Span): string {
  const text = source
    .slice(start, Math.min(end, start + LONGEST_DETAIL * 4))
    .replace(/\\?\s+/g, " ")
    .trim();
  return text.length > LONGEST_DETAIL ? `${text.slice(0, LONGEST_DETAIL)}…` : text;
}

/** The statements of a script's blocks and macros: a macro call among them is no operand and no argument. */
function statementsOf(script: LdScript): ReadonlySet<object> {
  const found = new Set<object>(script.statements);
  const lists = [...script.branches, ...script.macros.map((macro) => macro.body)];
  for (const { statements } of lists) for (const one of statements) found.add(one);
  for (const node of nodesOf(script)) if ("statements" in node) for (const one of node.statements) found.add(one);
  return found;
}

/** Puts each entry within the innermost one that encloses it. */
function nest(entries: Entry[]): Entry[] {
  entries.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  const roots: Entry[] = [];
  const open: Entry[] = [];
  for (const one of entries) {
    while (open.length > 0 && (one.span.end > open.at(-1)!.span.end || one.span.start >= open.at(-1)!.span.end)) {
      open.pop();
    }
    // A call among sections stands for some of them; within a section or another macro it is a detail.
    if (one.kind === "macro-call" && open.some(({ kind }) => kind === "section" || kind === "macro")) continue;
    const around = open.at(-1);
    (around === undefined ? roots : around.children).push(one);
    if (open.length < DEEPEST) open.push(one);
  }
  return roots;
}

/** Editors draw the outline by recursion. */
const DEEPEST = 64;
