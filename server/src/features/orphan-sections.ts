/**
 * Sections that no pattern of a script takes, which ld places by itself (ld manual, "Orphan Sections"), as the map shows them, and the edit that
 * places them in the script where they are.
 */

import type { Image, ImageSection } from "../linkage/objects/image.ts";
import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import type { LdOutputSection, LdScript } from "../syntax/ld/tree.ts";
import { nodesOf } from "../syntax/ld/walk.ts";
import type { Span } from "../text/span.ts";
import type { ShownImage } from "./image-words.ts";
import type { ScriptHint } from "./script-hints.ts";

export interface Orphan {
  readonly section: ImageSection;
  /** The output section of the script that ld placed it behind. */
  readonly behind: LdOutputSection;
  /** What describes it there, and all orphans between the two, so that addresses stay the same. */
  readonly edit: { readonly offset: number; readonly text: string };
}

/** A name that needs no quotes, in a pattern neither. */
const PLAIN = /^[A-Za-z_.$][\w.$-]*$/;

/** In the order of the image. None where the image is older than the script, or where other pieces may describe sections too. */
export function findOrphans(script: LdScript, { image, olderThan }: ShownImage, path: string): Orphan[] {
  const hasPatterns = image.sections.some(({ patterns }) => patterns.length > 0);
  if (!hasPatterns || olderThan === path || !isWhole(script)) return [];
  const described = new Set(scriptModelOf(script).defined("section"));
  const outputs = new Map<string, LdOutputSection[]>();
  for (const node of nodesOf(script)) {
    if (node.kind !== "output-section" || node.inOverlay) continue;
    outputs.set(node.name.text, [...(outputs.get(node.name.text) ?? []), node]);
  }
  const orphans: Orphan[] = [];
  let behind: LdOutputSection | undefined;
  let texts = "";
  for (const section of image.sections) {
    const own = outputs.get(section.name);
    if (own !== undefined) {
      behind = own.length === 1 ? own[0] : undefined;
      texts = "";
    } else if (behind !== undefined && isOrphan(section, described)) {
      const offset = placeBehind(script, behind, image);
      const regions = regionsFor(script, behind, section);
      if (offset === undefined || regions === undefined) continue;
      // Orphans behind one section follow each other; what is placed first must not move the next.
      texts += `\n${indentOf(script, behind)}${section.name} : { *(${section.name}) }${regions}`;
      orphans.push({ section, behind, edit: { offset, text: texts } });
    }
  }
  return orphans;
}

/**
 * Where ld puts an orphan behind a section (ldlang.c: insert_os_after): before the assignments that follow it if a section that occupies memory
 * comes next, behind them if none comes at all. undefined where that is not clear.
 */
function placeBehind(script: LdScript, behind: LdOutputSection, image: Image): number | undefined {
  const list = nodesOf(script).find((node) => node.kind === "sections" && node.statements.includes(behind));
  if (list?.kind !== "sections") return undefined;
  const after = list.statements.slice(list.statements.indexOf(behind) + 1);
  const next = after.find(({ kind }) => kind === "output-section");
  const between = after.slice(0, next === undefined ? after.length : after.indexOf(next));
  if (between.some(({ kind }) => kind !== "assignment" && kind !== "empty")) return undefined;
  const assignments = between.filter(({ kind }) => kind === "assignment");
  if (assignments.length === 0) return behind.end;
  if (next?.kind === "output-section") {
    return image.sections.some(({ name }) => name === next.name.text) ? behind.end : undefined;
  }
  return between.at(-1)!.end;
}

/** An orphan is loaded where the section that it follows is; described by itself it needs to be told. undefined where the script does not say how. */
function regionsFor(script: LdScript, { trailer }: LdOutputSection, section: ImageSection): string | undefined {
  if (!section.isLoaded || section.loadAddress === section.address) return "";
  if (trailer?.region === undefined || trailer.loadRegion === undefined) return undefined;
  return ` >${script.source.slice(trailer.region.start, trailer.region.end)} AT>${script.source.slice(trailer.loadRegion.start, trailer.loadRegion.end)}`;
}

/** Nothing but this text decides what is laid out. */
function isWhole(script: LdScript): boolean {
  const { kind, context, preprocessed, template, branches, macros, headers, errors } = script;
  if (kind !== "script" || context !== "file" || preprocessed || template !== undefined) return false;
  if (branches.length > 0 || macros.length > 0 || headers.length > 0 || errors.length > 0) return false;
  return !nodesOf(script).some((node) => ELSEWHERE.has(node.kind));
}

const ELSEWHERE = new Set(["include", "insert", "macro-call", "overlay"]);

function isOrphan({ name, inputs, patterns }: ImageSection, described: ReadonlySet<string>): boolean {
  const own = inputs.filter(({ file }) => file !== "");
  const isUntaken = own.length > 0 && own.every(({ pattern, section }) => pattern === undefined && section === name);
  return isUntaken && patterns.length === 0 && !described.has(name) && PLAIN.test(name);
}

/** One hint behind each section that orphans follow. */
export function hintOrphans(orphans: readonly Orphan[], range: Span): ScriptHint[] {
  const byPlace = new Map<LdOutputSection, Orphan[]>();
  for (const orphan of orphans) byPlace.set(orphan.behind, [...(byPlace.get(orphan.behind) ?? []), orphan]);
  return [...byPlace]
    .filter(([{ end }]) => end >= range.start && end <= range.end)
    .map(([{ end }, here]) => {
      const names = here.map(({ section: { name, size } }) => `${name}, ${size} bytes`);
      const tooltip = "No pattern of the script takes it, so the linker placed it here (an orphan section).";
      return { offset: end, label: `+ ${names.join("; ")}`, tooltip };
    });
}

function indentOf(script: LdScript, { start }: LdOutputSection): string {
  let line = start;
  while (line > 0 && script.source.codes[line - 1] !== LINE_FEED) line--;
  return /^[ \t]*/.exec(script.source.slice(line, start))![0];
}

const LINE_FEED = 10;
