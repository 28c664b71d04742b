/** The user's settings, as the client sends them: checked, with defaults for whatever is missing or not understood. */

import type { NavigationScope } from "../features/navigation-scope.ts";
import { readShared, type SharedSettings } from "../session/shared-settings.ts";

export interface Settings extends SharedSettings {
  /** What is not taken of the settings, and why: a sentence for people each. */
  readonly refused: readonly string[];
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
  fallbackForm: undefined,
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

/**
 * Reads the `weakspot` section. Anything may be in it: people type it.
 * @param isOnlyCServer the client has said that no other server answers for C, so that nothing we say is said twice
 */
export function readSettings(section: unknown, isOnlyCServer = false): Settings {
  const values = asRecord(section);
  const kernel = asRecord(values["kernel"]);
  const lenses = asRecord(values["codeLens"]);
  const refused: string[] = [];
  const shared = readShared({ ...values, fallbackForm: chosen(values["fallbackForm"]) }, (path, problem) => {
    refused.push(`weakspot.${path.filter((part) => typeof part === "string").join(".")}: ${problem}`);
  });
  return {
    ...shared,
    refused,
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

/** What the user has chosen; "auto" leaves it to the project's file. */
function chosen(value: unknown): unknown {
  return value === "auto" ? undefined : value;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
