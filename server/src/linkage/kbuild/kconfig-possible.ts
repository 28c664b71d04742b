/**
 * Which values a configuration symbol can have where the kernel is built for one architecture, by its Kconfig files: what only
 * another architecture's files define is unset, and so is what depends on it. It decides no configuration and reads no file.
 */

import { type Condition, conditionOf } from "../../syntax/condition/condition.ts";
import { decide } from "../../syntax/condition/evaluate.ts";
import { type PossibleValues, VALUE_N } from "../../syntax/kbuild/guard.ts";
import { type KconfigEntry, type KconfigSymbols, possibleValues } from "../../syntax/kbuild/kconfig.ts";
import { architectureOf } from "../facts/architecture.ts";

/** Dependencies are followed this far; further on, a symbol is taken to be possible. */
const DEEPEST = 16;

/** Answers with a mask of the classes of values (guard.ts). It remembers what it has found. */
export function possibleOnArchitecture(symbols: KconfigSymbols, architecture: string): PossibleValues {
  const selected = selectedSymbols(symbols);
  const known = new Map<string, number>();
  let depth = 0;

  function possible(symbol: string): number {
    let values = known.get(symbol);
    if (values !== undefined) return values;
    // Whoever comes back here by a circle finds the symbol possible.
    known.set(symbol, possibleValues(symbols, symbol));
    values = canBeSet(symbol) ? possibleValues(symbols, symbol) : VALUE_N;
    known.set(symbol, values);
    return values;
  }

  function canBeSet(symbol: string): boolean {
    const name = symbol.replace(/^CONFIG_/, "");
    const entries = (symbols.get(name) ?? []).filter((entry) => isReadFor(entry, architecture));
    if (entries.length === 0) return false;
    // A select sets a symbol whatever it depends on (Documentation/kbuild/kconfig-language.rst).
    if (depth >= DEEPEST || selected.has(name)) return true;
    depth++;
    const isPossible = entries.some((entry) => entry.dependsOn.every(mayHold));
    depth--;
    return isPossible;
  }

  function mayHold(expression: string): boolean {
    const condition = toCondition(expression);
    return condition === undefined || decide(condition, { possible }) !== "no";
  }

  return possible;
}

const selectedOf = new WeakMap<KconfigSymbols, ReadonlySet<string>>();

/** The symbols that any other selects. */
function selectedSymbols(symbols: KconfigSymbols): ReadonlySet<string> {
  let selected = selectedOf.get(symbols);
  if (selected === undefined) {
    const found = new Set<string>();
    for (const entries of symbols.values()) {
      for (const entry of entries) for (const { symbol } of entry.selects) found.add(symbol);
    }
    selected = found;
    selectedOf.set(symbols, selected);
  }
  return selected;
}

/** False for an entry that only another architecture's Kconfig has; user-mode Linux reads that of x86. */
function isReadFor(entry: KconfigEntry, architecture: string): boolean {
  const own = architectureOf(entry.path);
  return own === undefined || own === architecture || (own === "x86" && architecture === "um");
}

/** `X86 && !PCI` as a condition of C; undefined where it compares values or holds what is not known. */
function toCondition(expression: string): Condition | undefined {
  if (!/^[\w\s()&|!]+$/.test(expression)) return undefined;
  const inC = expression.replace(/\w+/g, (name) =>
    name === "y" ? "1" : name === "n" ? "0" : name === "m" ? "unknown" : `IS_ENABLED(CONFIG_${name})`,
  );
  return conditionOf(inC.trim());
}
