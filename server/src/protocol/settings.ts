/** The user's settings, as the client sends them: checked, with defaults for whatever is missing or not understood. */

import type { NavigationScope } from "../features/navigation-scope.ts";
import type { Severity } from "../rules/rule.ts";
import type { LinkSetting } from "../session/tree-links.ts";
import { readGlob } from "../text/glob.ts";
import { printable } from "../text/printable.ts";

export interface Settings {
  readonly fallbackForm: "c" | "asm";
  readonly exclude: readonly string[];
  /** What is not taken of the settings, and why: a sentence for people each. */
  readonly refused: readonly string[];
  /** The links of a tree that is no kernel, where the user names them. */
  readonly linkUnits: readonly LinkSetting[];
  readonly rules: ReadonlyMap<string, Severity>;
  readonly kernelConfig: string | undefined;
  readonly kernelArch: string | undefined;
  /** Shows the values of constant expressions in linker scripts. */
  readonly inlayHints: boolean;
  /** The build folder, absolute or relative to the workspace folder; undefined: it is looked for. */
  readonly kernelBuild: string | undefined;
  /** The linker's map of vmlinux, absolute or relative to the workspace folder; undefined: it is looked for in the build. */
  readonly kernelMap: string | undefined;
  /** The linked image whose memory use scripts show, absolute or relative to the workspace folder; undefined: that of the script's link. */
  readonly image: string | undefined;
  /** Which code lenses are shown. */
  readonly codeLens: { readonly weakReferences: boolean; readonly weakDefinitions: boolean; readonly provide: boolean };
  /** For which symbols of C files navigation answers. */
  readonly navigation: NavigationScope;
  /** Code that the configuration leaves out is told to the editor. */
  readonly inactiveCode: boolean;
}

export const defaultSettings: Settings = {
  fallbackForm: "c",
  exclude: [],
  refused: [],
  linkUnits: [],
  rules: new Map(),
  kernelConfig: undefined,
  kernelArch: undefined,
  inlayHints: true,
  kernelBuild: undefined,
  kernelMap: undefined,
  image: undefined,
  codeLens: { weakReferences: true, weakDefinitions: true, provide: true },
  navigation: "linkage",
  inactiveCode: false,
};

const navigationScopes: ReadonlySet<unknown> = new Set(["all", "linkage", "off"] satisfies NavigationScope[]);

const severities = new Set<unknown>(["error", "warning", "information", "hint", "off"] satisfies Severity[]);

/**
 * Reads the `weakspot` section. Anything may be in it: people type it.
 * @param isOnlyCServer the client has said that no other server answers for C, so that nothing we say is said twice
 */
export function readSettings(section: unknown, isOnlyCServer = false): Settings {
  const values = asRecord(section);
  const kernel = asRecord(values["kernel"]);
  const lenses = asRecord(values["codeLens"]);
  const refused: string[] = [];
  const rules = new Map<string, Severity>();
  for (const [id, severity] of Object.entries(asRecord(values["rules"]))) {
    if (severities.has(severity)) rules.set(id, severity as Severity);
  }
  return {
    fallbackForm: values["fallbackForm"] === "asm" ? "asm" : "c",
    exclude: readGlobs(values["exclude"], "weakspot.exclude", refused),
    linkUnits: readLinkUnits(values["linkUnits"], refused),
    refused,
    rules,
    kernelConfig: asText(kernel["config"]),
    kernelArch: asText(kernel["arch"]),
    inlayHints: values["inlayHints"] !== false,
    kernelBuild: asText(kernel["build"]),
    kernelMap: asText(kernel["map"]),
    image: asText(values["image"]),
    codeLens: {
      weakReferences: lenses["weakReferences"] !== false,
      weakDefinitions: lenses["weakDefinitions"] !== false,
      provide: lenses["provide"] !== false,
    },
    navigation: navigationScopes.has(values["navigation"])
      ? (values["navigation"] as NavigationScope)
      : isOnlyCServer
        ? "all"
        : "linkage",
    inactiveCode: values["inactiveCode"] === "on" || (values["inactiveCode"] !== "off" && isOnlyCServer),
  };
}

/** Entries that lack a name or have no glob are passed over. */
function readLinkUnits(value: unknown, refused: string[]): readonly LinkSetting[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => {
    const { name, files, closed } = asRecord(entry);
    const before = refused.length;
    const globs = readGlobs(files, "weakspot.linkUnits", refused).filter((glob) => glob !== "");
    // Without one of its patterns the link would be said to hold less than it does.
    if (refused.length > before) return [];
    return typeof name === "string" && name !== "" && globs.length > 0
      ? [{ name, files: globs, isClosed: closed === true }]
      : [];
  });
}

/** The patterns that can be matched; of the others it is said which setting has them and what is wrong. */
function readGlobs(value: unknown, setting: string, refused: string[]): readonly string[] {
  if (!Array.isArray(value)) return [];
  const texts = value.filter((glob): glob is string => typeof glob === "string");
  return texts.filter((glob) => {
    const read = readGlob(glob);
    if (typeof read === "string")
      refused.push(`${setting}: the pattern ${printable(glob.slice(0, 60))} is not used: ${read}`);
    return typeof read !== "string";
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
