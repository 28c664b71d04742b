/**
 * The names of one linker script: its regions, segments, output sections and symbols, where each is defined and where it
 * is used. It reads the tree of that script alone; no other file, no macro from elsewhere.
 */

import { looksLikeMacro } from "../../syntax/ld/characters.ts";
import { conditionAt } from "../../syntax/ld/directives.ts";
import type { LdScript, LdUse } from "../../syntax/ld/tree.ts";
import { createAttached } from "../../text/attached.ts";
import type { Span } from "../../text/span.ts";

/** What a script gives names to. */
export type ScriptNameKind = "region" | "segment" | "section" | "symbol";

/** A name at one place of a script. The span is that of the name, without quotes. */
export interface ScriptName extends Span {
  readonly kind: ScriptNameKind;
  readonly text: string;
  /**
   * It is defined here: a region of MEMORY or an alias of one, a segment of PHDRS, an output section, an assignment to a
   * symbol. Scripts may define symbols and sections several times; every place counts.
   */
  readonly isDefinition: boolean;
  /** The macro in whose body it stands. */
  readonly inMacro: string | undefined;
  /** The #if conditions around it, joined by " && "; "" is none. */
  readonly condition: string;
  /**
   * A symbol in capitals that this script does not assign, in a script that the C preprocessor has yet to see: a macro from
   * a header, as far as this file shows.
   */
  readonly mayBeMacro: boolean;
}

export interface ScriptModel {
  readonly script: LdScript;
  /** All names, in the order of the text. */
  readonly names: readonly ScriptName[];
  /** The name that an offset lies in or stands behind, else undefined. */
  nameAt(offset: number): ScriptName | undefined;
  /** Every place of a name, definitions first, then uses, each in the order of the text. */
  placesOf(kind: ScriptNameKind, text: string): readonly ScriptName[];
  definitionsOf(kind: ScriptNameKind, text: string): readonly ScriptName[];
  usesOf(kind: ScriptNameKind, text: string): readonly ScriptName[];
  /** The names of a kind that the script defines, each once, in the order of the text: what completion offers. */
  defined(kind: ScriptNameKind): readonly string[];
}

/** Names that ld itself gives a meaning, which no script declares. */
const BUILT_IN: Readonly<Record<ScriptNameKind, ReadonlySet<string>>> = {
  // lang_memory_region_lookup: a name for what no region holds.
  region: new Set(["*default*"]),
  // `:NONE` puts a section into no segment (ld manual, "PHDRS").
  segment: new Set(["NONE"]),
  section: new Set(["/DISCARD/", "*ABS*", "*COM*", "*UND*", "*IND*"]),
  symbol: new Set(["."]),
};

/** True for a name that ld knows by itself, such as the segment NONE and the section /DISCARD/. */
function isBuiltInName(kind: ScriptNameKind, text: string): boolean {
  return BUILT_IN[kind].has(text);
}

const models = createAttached<LdScript, ScriptModel>();

/** The model of a script, made once for each tree. */
export function scriptModelOf(script: LdScript): ScriptModel {
  let model = models.get(script);
  if (model === undefined) {
    model = createModel(script);
    models.set(script, model);
  }
  return model;
}

function createModel(script: LdScript): ScriptModel {
  const names = findNames(script);
  const byName = new Map<string, { readonly definitions: ScriptName[]; readonly uses: ScriptName[] }>();
  for (const name of names) {
    const key = `${name.kind} ${name.text}`;
    let places = byName.get(key);
    if (places === undefined) {
      places = { definitions: [], uses: [] };
      byName.set(key, places);
    }
    (name.isDefinition ? places.definitions : places.uses).push(name);
  }
  const placesOf = (kind: ScriptNameKind, text: string) => byName.get(`${kind} ${text}`);
  return {
    script,
    names,
    nameAt: (offset) => findAt(names, offset),
    placesOf(kind, text) {
      const places = placesOf(kind, text);
      return places === undefined ? [] : [...places.definitions, ...places.uses];
    },
    definitionsOf: (kind, text) => placesOf(kind, text)?.definitions ?? [],
    usesOf: (kind, text) => placesOf(kind, text)?.uses ?? [],
    defined: (kind) => [
      ...new Set(names.filter((name) => name.kind === kind && name.isDefinition).map((name) => name.text)),
    ],
  };
}

function findNames(script: LdScript): ScriptName[] {
  const { preprocessed, conditions } = script;
  const macros = new Set(script.macros.map((macro) => macro.name));
  const parameters = new Map<string, Set<string>>();
  for (const macro of script.macros) {
    const known = parameters.get(macro.name) ?? new Set();
    for (const parameter of macro.parameters ?? []) known.add(parameter);
    parameters.set(macro.name, known);
  }
  const assigned = new Set(script.uses.filter((use) => use.role === "symbol" && use.isDefinition).map(textOf));
  const names: ScriptName[] = [];
  for (const use of script.uses) {
    const { role, text } = use;
    if (role === "constant" || role === "message" || text === "" || isBuiltInName(role, text)) continue;
    // Only expansion knows a name that a macro makes, or that stands for a macro or a parameter.
    if (preprocessed) {
      if (/[#(]/.test(text) || macros.has(text)) continue;
      if (use.inMacro !== undefined && parameters.get(use.inMacro)?.has(text)) continue;
    }
    names.push({
      kind: role,
      text,
      isDefinition: use.isDefinition,
      inMacro: use.inMacro,
      condition: conditionAt(conditions, use.start),
      mayBeMacro: preprocessed && role === "symbol" && !assigned.has(text) && looksLikeMacro(text),
      start: use.start,
      end: use.end,
    });
  }
  return names;
}

function textOf(use: LdUse): string {
  return use.text;
}

/** The last name that begins at or before the offset, if it reaches there. */
function findAt(names: readonly ScriptName[], offset: number): ScriptName | undefined {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (names[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  const name = names[low - 1];
  return name !== undefined && offset <= name.end ? name : undefined;
}
