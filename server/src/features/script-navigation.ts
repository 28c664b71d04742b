/**
 * Regions, segments and output sections: where they are declared and used, and their renaming. Such a name is known to one
 * link's script alone: the file, the headers of scripts that it includes, and the scripts that include it.
 */

import { scriptOf } from "../linkage/facts/parsed.ts";
import { describePlace } from "../linkage/facts/texts.ts";
import { includersOf } from "../linkage/index/includers.ts";
import { readWithIncludes } from "../linkage/scripts/script-assignments.ts";
import { type ScriptName, type ScriptNameKind, scriptModelOf } from "../linkage/scripts/script-model.ts";
import { piecesOf } from "../linkage/scripts/script-pieces.ts";
import type { Program } from "../linkage/symbols/program.ts";
import { commentsOf } from "../syntax/ld/comments.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import { nodesOf } from "../syntax/ld/walk.ts";
import type { Span } from "../text/span.ts";
import type { Place } from "./navigation.ts";
import type { RenamePlan } from "./symbol-rename.ts";

/** A name that scripts alone know; symbols are everybody's. */
export type OwnName = ScriptName & { readonly kind: "region" | "segment" | "section" };

/** The name under a cursor. */
export function ownNameAt(script: LdScript, offset: number): OwnName | undefined {
  const name = scriptModelOf(script).nameAt(offset);
  return name === undefined || name.kind === "symbol" ? undefined : (name as OwnName);
}

export interface Member {
  readonly path: string;
  readonly script: LdScript;
}

/** The script and those that share names with it; it comes first. */
export function familyOf(path: string, program: Program): Member[] {
  const { index, texts } = program;
  const members = new Map<string, Member>();
  for (const { path: one, script } of readWithIncludes(path, index, texts)) members.set(one, { path: one, script });
  const source = texts.source(path);
  if (source !== undefined) {
    for (const piece of piecesOf(path, scriptOf(path, source), index, texts).pieces) {
      if (!members.has(piece.path)) members.set(piece.path, piece);
    }
  }
  for (const includer of includersOf(index, path)) {
    if (members.has(includer) || !/\.(?:lds|ld|x)(?:\.[hS])?$/.test(includer)) continue;
    const text = texts.source(includer);
    if (text !== undefined) members.set(includer, { path: includer, script: scriptOf(includer, text) });
  }
  return [...members.values()];
}

/** Where the name is declared: in the file itself if it is there, else in the scripts that share its names. */
export function findOwnDefinitions(name: OwnName, path: string, program: Program): Place[] {
  const all = places(name, familyOf(path, program)).filter(({ place }) => place.isDefinition);
  const here = all.filter((one) => one.path === path);
  return (here.length > 0 ? here : all).map(toPlace);
}

/** Every use, and every declaration where asked for, in all scripts that share the name. */
export function findOwnReferences(
  name: OwnName,
  path: string,
  program: Program,
  includeDeclarations: boolean,
): Place[] {
  return places(name, familyOf(path, program))
    .filter(({ place }) => includeDeclarations || !place.isDefinition)
    .map(toPlace);
}

/** The places of the name under a cursor within its file, for highlighting; of symbols, too. */
export function highlightName(script: LdScript, offset: number): readonly ScriptName[] {
  const model = scriptModelOf(script);
  const name = model.nameAt(offset);
  return name === undefined ? [] : model.placesOf(name.kind, name.text);
}

interface NamedPlace {
  readonly path: string;
  readonly place: ScriptName;
}

function places({ kind, text }: OwnName, members: readonly Member[]): NamedPlace[] {
  return members.flatMap(({ path, script }) =>
    scriptModelOf(script)
      .placesOf(kind, text)
      .map((place) => ({ path, place })),
  );
}

function toPlace({ path, place }: NamedPlace): Place {
  return { path, span: { start: place.start, end: place.end } };
}

// Renaming

/** Characters of names in every state of ld's lexer (ldlex.l: FILENAMECHAR, SYMBOLNAMECHAR), but for those that end names. */
const PLAIN_NAME = /^[A-Za-z_.$][\w.$]*(?:-[\w.$]+)*$/;

/** Renames a region, segment or section within its file; refuses where other files have the name as well. */
export function planOwnRename(name: OwnName, path: string, newName: string, program: Program): RenamePlan {
  const reason = refusalOfOwn(name, path, newName, program);
  if (reason !== undefined) return { kind: "refusal", reason };
  if (newName === name.text) return { kind: "edits", edits: [] };
  const own = places(name, familyOf(path, program)).filter((one) => one.path === path);
  const edits = own.map(({ place }) => ({ start: place.start, end: place.end, text: newName }));
  return { kind: "edits", edits: [{ path, edits: edits.sort((a, b) => a.start - b.start) }] };
}

function refusalOfOwn(name: OwnName, path: string, newName: string, program: Program): string | undefined {
  const what = { region: "memory region", segment: "segment", section: "output section" }[name.kind];
  if (!PLAIN_NAME.test(newName)) return `'${newName}' is no name for a ${what}.`;
  const members = familyOf(path, program);
  const all = places(name, members);
  const elsewhere = all.find((one) => one.path !== path);
  if (elsewhere !== undefined) {
    const place = describePlace(program.texts, elsewhere.path, elsewhere.place.start);
    return `${place} has the ${what} '${name.text}' too, and other scripts may share that file.`;
  }
  if (!all.some(({ place }) => place.isDefinition)) return `This file does not declare the ${what} '${name.text}'.`;
  for (const member of members) {
    if (scriptModelOf(member.script).placesOf(name.kind, newName).length > 0 && newName !== name.text) {
      return `'${newName}' is taken: ${member.path} has a ${what} of that name.`;
    }
    const unknown = findUnexplained(name, member.script);
    if (unknown !== undefined) {
      const place = describePlace(program.texts, member.path, unknown.start);
      return `${place}: it can't be told what '${name.text}' means here.`;
    }
  }
  return undefined;
}

/** A place that has the name as a word of code and is none that the tree explains: a macro's argument, a part of a name. */
function findUnexplained({ kind, text }: { kind: ScriptNameKind; text: string }, script: LdScript): Span | undefined {
  const { source } = script;
  const explained: Span[] = [...commentsOf(script), ...script.headers];
  for (const node of nodesOf(script)) {
    if (node.kind === "input-section") {
      if (node.file !== undefined) explained.push(node.file);
      explained.push(...(node.sections ?? []));
    } else if (node.kind === "input") explained.push(...node.files);
    else if (node.kind === "assert" && node.message !== undefined) explained.push(node.message);
    else if (node.kind === "name" && node.role === "message") explained.push(node);
  }
  // A symbol of that name is another thing, unless a macro makes of its argument what it likes.
  const calls = nodesOf(script).filter((node) => node.kind === "macro-call");
  const isInCall = coverageOf(calls);
  for (const name of scriptModelOf(script).names) {
    if (name.text !== text) continue;
    if (name.kind === kind || !isInCall(name)) explained.push(name);
  }
  const isExplained = coverageOf(explained);
  const code = source.slice(0, source.length);
  for (let at = code.indexOf(text); at >= 0; at = code.indexOf(text, at + 1)) {
    const end = at + text.length;
    if (/[\w.$]/.test(code.charAt(at - 1)) || /[\w.$]/.test(code.charAt(end))) continue;
    // `-` and `/` are parts of names of sections and files.
    if (/[-/*]/.test(code.charAt(at - 1)) && kind === "section") continue;
    if (!isExplained({ start: at, end })) return { start: at, end };
  }
  return undefined;
}

/** Tells whether one of the spans encloses a place. Places must be asked about in the order of the text. */
function coverageOf(spans: readonly Span[]): (place: Span) => boolean {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  let next = 0;
  let reach = 0;
  return ({ start, end }) => {
    for (; next < sorted.length && sorted[next]!.start <= start; next++) reach = Math.max(reach, sorted[next]!.end);
    return end <= reach;
  };
}
