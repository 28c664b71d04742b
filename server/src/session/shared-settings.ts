/**
 * What the editor's settings and the project's file say alike: severities, links, what is left out, what answers are narrowed to.
 * Anything may be in either: people type it. What is not taken is said, by the setting's path.
 */

import { findRule } from "../rules/registry.ts";
import type { Severity } from "../rules/rule.ts";
import { readGlob } from "../text/glob.ts";
import { printable } from "../text/printable.ts";
import type { LinkSetting } from "./tree-links.ts";

export interface SharedSettings {
  /** undefined: nothing is said of it. */
  readonly fallbackForm: "c" | "asm" | undefined;
  /** Globs of paths relative to the root. */
  readonly exclude: readonly string[];
  readonly linkUnits: readonly LinkSetting[];
  readonly rules: ReadonlyMap<string, Severity>;
  readonly kernelConfig: string | undefined;
  readonly kernelArch: string | undefined;
}

/** Where a value stands: `["linkUnits", 0, "files"]`. */
export type SettingPath = readonly (string | number)[];

/** Told of a value that is not taken, and why: a clause for people. */
export type Complain = (path: SettingPath, problem: string) => void;

export const SEVERITIES: readonly Severity[] = ["error", "warning", "information", "hint", "off"];

/** Reads what stands in an object of settings; other keys of it are no concern of this. */
export function readShared(section: unknown, complain: Complain): SharedSettings {
  const values = readRecord(section, [], complain);
  const kernel = readRecord(values["kernel"], ["kernel"], complain);
  return {
    fallbackForm: readChoice(values["fallbackForm"], ["c", "asm"], ["fallbackForm"], complain),
    exclude: readGlobs(values["exclude"], ["exclude"], complain),
    linkUnits: readLinkUnits(values["linkUnits"], complain),
    rules: readRules(values["rules"], ["rules"], complain),
    kernelConfig: readText(kernel["config"], ["kernel", "config"], complain),
    kernelArch: readText(kernel["arch"], ["kernel", "arch"], complain),
  };
}

/** The severities of rules. */
export function readRules(value: unknown, path: SettingPath, complain: Complain): ReadonlyMap<string, Severity> {
  const rules = new Map<string, Severity>();
  for (const [id, severity] of Object.entries(readRecord(value, path, complain))) {
    const here = [...path, id];
    if (findRule(id) === undefined) complain(here, `there is no rule ${printable(id.slice(0, 60))}`);
    else {
      const known = readChoice(severity, SEVERITIES, here, complain);
      if (known !== undefined) rules.set(id, known);
    }
  }
  return rules;
}

/** The patterns that can be matched. */
export function readGlobs(value: unknown, path: SettingPath, complain: Complain): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    complain(path, "it is no list of patterns");
    return [];
  }
  return value.filter((glob, i): glob is string => {
    const here = [...path, i];
    if (typeof glob !== "string" || glob === "") {
      complain(here, "it is no pattern");
      return false;
    }
    const read = readGlob(glob);
    if (typeof read === "string") complain(here, `the pattern ${printable(glob.slice(0, 60))} is not used: ${read}`);
    return typeof read !== "string";
  });
}

/** Links without a name or files are passed over; so are those of which a pattern is not used, which would hold too little. */
function readLinkUnits(value: unknown, complain: Complain): readonly LinkSetting[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    complain(["linkUnits"], "it is no list of links");
    return [];
  }
  return value.flatMap((entry, i) => {
    const { name, files, closed } = readRecord(entry, ["linkUnits", i], complain);
    const globs = readGlobs(files, ["linkUnits", i, "files"], complain);
    if (typeof name !== "string" || name === "") {
      complain(["linkUnits", i], "it has no name");
      return [];
    }
    if (globs.length === 0 || (Array.isArray(files) && globs.length < files.length)) {
      if (files === undefined || globs.length === 0) complain(["linkUnits", i], "it names no files");
      return [];
    }
    return [{ name, files: globs, isClosed: closed === true }];
  });
}

/** An object; anything else counts as an empty one. */
export function readRecord(value: unknown, path: SettingPath, complain: Complain): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  if (value !== undefined && value !== null) complain(path, "it is no object");
  return {};
}

function readChoice<T extends string>(
  value: unknown,
  choices: readonly T[],
  path: SettingPath,
  complain: Complain,
): T | undefined {
  if (value === undefined || choices.includes(value as T)) return value as T | undefined;
  complain(path, `it is ${printable(JSON.stringify(value).slice(0, 60))}, and none of ${choices.join(", ")}`);
  return undefined;
}

/** A text; an empty one says nothing. */
export function readText(value: unknown, path: SettingPath, complain: Complain): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  complain(path, "it is no text");
  return undefined;
}
