/**
 * The project's own settings, `weakspot.json` at the top of a tree: the same for everybody who works on it, in the editor and in CI.
 * It is part of the tree, so it is trusted no more than that: what it names lies below the root. It reads no file but that one.
 */

import { join } from "node:path";
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { createExclusion } from "../host/list-files.ts";
import { isReallyBelow, readRegular } from "../host/open-regular.ts";
import type { Severity } from "../rules/rule.ts";
import { findLines, lineColumnAt } from "../text/lines.ts";
import { type Source, sourceOfText } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import {
  type Complain,
  readGlobs,
  readRecord,
  readRules,
  readShared,
  type SettingPath,
  type SharedSettings,
} from "./shared-settings.ts";

/** The file's name, at the top of the tree. */
export const PROJECT_FILE = "weakspot.json";

/** Nobody writes more settings than this. */
const MOST_BYTES = 1024 * 1024;

export interface ProjectSettings extends SharedSettings {
  /** Folders relative to the root in which headers are found by their names alone. */
  readonly includeFolders: readonly string[];
  /** Severities for some paths; of several that hold a path and name a rule the last counts. */
  readonly overrides: readonly {
    readonly holds: (path: string) => boolean;
    readonly rules: ReadonlyMap<string, Severity>;
  }[];
}

/** What is wrong in the file. */
export interface ProjectProblem {
  /** "rules.weak-refrence: there is no rule weak-refrence". */
  readonly message: string;
  /** Counted from 1, for people. */
  readonly line: number;
  readonly span: Span;
  /** The text that the span is in; empty where it can't be read. */
  readonly source: Source;
}

export interface Project {
  readonly settings: ProjectSettings;
  readonly problems: readonly ProjectProblem[];
}

export const NO_PROJECT: Project = {
  settings: {
    fallbackForm: undefined,
    exclude: [],
    linkUnits: [],
    rules: new Map(),
    kernelConfig: undefined,
    kernelArch: undefined,
    includeFolders: [],
    overrides: [],
  },
  problems: [],
};

/** The keys of each object; a key that is none of these is a slip. */
const KEYS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^$/, ["$schema", "rules", "overrides", "exclude", "linkUnits", "includeFolders", "kernel", "fallbackForm"]],
  [/^kernel$/, ["config", "arch"]],
  [/^linkUnits\.\d+$/, ["name", "files", "closed"]],
  [/^overrides\.\d+$/, ["files", "rules"]],
];

/** Reads the file of a tree; without one nothing is set. A file that can't be read is a problem on line 1. */
export function readProject(root: string): Project {
  let text: string;
  try {
    text = readRegular(join(root, PROJECT_FILE), { most: MOST_BYTES, below: [root] }).toString("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return NO_PROJECT;
    const message = `it can't be read: ${error instanceof Error ? error.message : String(error)}`;
    return { ...NO_PROJECT, problems: [{ message, line: 1, span: { start: 0, end: 0 }, source: sourceOfText("") }] };
  }
  return parseProject(text, (path) => isReallyBelow(join(root, path), [root]));
}

/**
 * Reads the file's text: JSON, in which comments may stand and commas behind last values.
 * @param isBelow whether a path relative to the root leads to something that lies below it
 */
export function parseProject(text: string, isBelow: (path: string) => boolean): Project {
  const source = sourceOfText(text);
  const lines = findLines(source);
  const problems: ProjectProblem[] = [];
  const note = (message: string, span: Span) => {
    problems.push({ message, line: lineColumnAt(lines, span.start).line + 1, span, source });
  };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  for (const { error, offset, length } of errors)
    note(`it is no JSON: ${printParseErrorCode(error)}`, { start: offset, end: offset + length });
  if (tree === undefined || errors.length > 0) return { ...NO_PROJECT, problems };
  const complain: Complain = (path, problem) => {
    const name = path.length === 0 ? "" : `${path.filter((part) => typeof part === "string").join(".")}: `;
    note(`${name}${problem}`, spanOf(tree, path));
  };
  complainOfKeys(tree, [], complain);
  return { settings: readSettings(plainValue(tree), isBelow, complain), problems };
}

function readSettings(values: unknown, isBelow: (path: string) => boolean, complain: Complain): ProjectSettings {
  const record = readRecord(values, [], complain);
  const shared = readShared(record, complain);
  const overrides = Array.isArray(record["overrides"]) ? record["overrides"] : [];
  if (record["overrides"] !== undefined && !Array.isArray(record["overrides"]))
    complain(["overrides"], "it is no list");
  const config = shared.kernelConfig;
  const isConfigBelow = config === undefined || isBelow(config);
  if (!isConfigBelow) complain(["kernel", "config"], "there is no such file below the root");
  return {
    ...shared,
    kernelConfig: isConfigBelow ? config : undefined,
    includeFolders: readFolders(record["includeFolders"], isBelow, complain),
    overrides: overrides.map((entry, i) => {
      const { files, rules } = readRecord(entry, ["overrides", i], complain);
      return {
        holds: createExclusion(readGlobs(files, ["overrides", i, "files"], complain)),
        rules: readRules(rules, ["overrides", i, "rules"], complain),
      };
    }),
  };
}

function readFolders(value: unknown, isBelow: (path: string) => boolean, complain: Complain): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    complain(["includeFolders"], "it is no list of folders");
    return [];
  }
  return value.flatMap((folder, i) => {
    const path = typeof folder === "string" ? folder.replace(/^(?:\.\/)+|\/+$/g, "") : "";
    if (path !== "" && isBelow(path)) return [path];
    complain(["includeFolders", i], "there is no such folder below the root");
    return [];
  });
}

function complainOfKeys(node: Node, path: SettingPath, complain: Complain): void {
  const where = path.join(".");
  const known = KEYS.find(([pattern]) => pattern.test(where))?.[1];
  for (const [i, child] of (node.children ?? []).entries()) {
    if (node.type === "array") complainOfKeys(child, [...path, i], complain);
    else if (child.type === "property") {
      const [key, value] = child.children ?? [];
      const here = [...path, String(key?.value)];
      if (known !== undefined && !known.includes(String(key?.value)))
        complain(here, `there is no such setting; there are ${known.filter((one) => one !== "$schema").join(", ")}`);
      else if (value !== undefined) complainOfKeys(value, here, complain);
    }
  }
}

/** The span of a value with its key, or of the nearest value around where it is missing. */
function spanOf(tree: Node, path: SettingPath): Span {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length) as (string | number)[]);
    const whole = node?.parent?.type === "property" ? node.parent : node;
    if (whole !== undefined) return { start: whole.offset, end: whole.offset + whole.length };
  }
  return { start: tree.offset, end: tree.offset + 1 };
}

/** The node's value. A key such as `__proto__` is one like any other. */
function plainValue(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(plainValue);
  if (node.type !== "object") return node.value;
  const record: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { children: [key, value] = [] } of node.children ?? []) {
    if (key !== undefined && value !== undefined) record[String(key.value)] = plainValue(value);
  }
  return record;
}

/** The severity that the project gives a rule in a file; undefined where it says nothing of it. */
export function projectSeverity(
  { rules, overrides }: ProjectSettings,
  rule: string,
  path: string,
): Severity | undefined {
  for (const override of [...overrides].reverse()) {
    const severity = override.rules.get(rule);
    if (severity !== undefined && override.holds(path)) return severity;
  }
  return rules.get(rule);
}
