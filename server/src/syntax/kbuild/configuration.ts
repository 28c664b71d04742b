/**
 * Reads a configuration as Kconfig writes it: .config and include/config/auto.conf. It knows no Kconfig files, so no types
 * and no defaults.
 *
 *     line := "CONFIG_" name "=" ( "y" | "m" | "n" | number | string ) | "# CONFIG_" name " is not set" | comment
 */

import type { ConfigurationValue } from "./guard.ts";

export interface Configuration {
  /** Values by the symbol with its prefix: "CONFIG_SMP" to "y". Strings without their quotes. What is not set is absent. */
  readonly values: ReadonlyMap<string, string>;
  /** The architecture that the file's first comment names ("Linux/x86 6.1.0 Kernel Configuration"), where it does. */
  readonly architecture: string | undefined;
}

/** Parses a configuration. Total: lines that are none are passed over. */
export function parseConfiguration(text: string): Configuration {
  const values = new Map<string, string>();
  for (const match of text.matchAll(/^(CONFIG_\w+)=(.*?)\r?$/gm)) {
    const value = unquoted(match[2]!);
    if (value !== "n") values.set(match[1]!, value);
  }
  const architecture = /^# Linux\/(\S+) \S+ Kernel Configuration/m.exec(text.slice(0, 1000))?.[1];
  return { values, architecture };
}

/** `"a \"b\""` without quotes and backslashes; anything else as it stands. */
function unquoted(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value.trim();
  return value.slice(1, -1).replace(/\\(.)/g, "$1");
}

/** The configuration as guards ask it. */
export function configurationValue(configuration: Configuration): ConfigurationValue {
  return (symbol) => configuration.values.get(symbol);
}

/**
 * The directory below arch/ for a name that ARCH may have (the top Makefile's SRCARCH; `make ARCH=x86_64`).
 */
export function sourceArchitecture(name: string): string {
  if (name === "i386" || name === "x86_64") return "x86";
  if (name === "sparc32" || name === "sparc64") return "sparc";
  return name === "parisc64" ? "parisc" : name;
}
