/** Turns measurements into the Markdown tables of docs/fallback-forms.md. */

import type { ArchiveCase, Linker } from "./archives.ts";
import type { FormMeasurement } from "./measure-forms.ts";
import { NULL_TESTED, type NullTest } from "./null-tests.ts";
import type { Cost, CostCase } from "./reference-cost.ts";

/**
 * Forms down, toolchains across. Toolchains that agree in every row share a column, so that the table shows where compilers
 * differ.
 */
export function formTable(measurements: readonly FormMeasurement[]): string {
  const toolchains = unique(measurements.map((one) => one.toolchain.name));
  const rows = unique(measurements.map(rowTitle));
  const cells = new Map(measurements.map((one) => [`${one.toolchain.name} ${rowTitle(one)}`, cellOf(one)]));
  const columnOf = (toolchain: string): string[] => rows.map((row) => cells.get(`${toolchain} ${row}`) ?? "");
  const columns = new Map<string, string[]>();
  for (const toolchain of toolchains) {
    const key = columnOf(toolchain).join("|");
    columns.set(key, [...(columns.get(key) ?? []), toolchain]);
  }
  const groups = [...columns.values()];
  return table(
    ["form of the fallback", ...groups.map((names) => names.join(", "))],
    rows.map((row, index) => [row, ...groups.map((names) => columnOf(names[0]!)[index]!)]),
  );
}

function rowTitle({ recipe }: FormMeasurement): string {
  return `${recipe.place}: ${recipe.title}`;
}

function cellOf({ results }: FormMeasurement): string {
  const accepted = results.filter((result) => result.rejection === undefined);
  if (accepted.length === 0) return "rejected";
  const wrong = accepted.filter((result) => result.wrongReaders.length > 0);
  if (wrong.length === 0) return "ok";
  // A symbol that every one of its readers sees wrongly needs no more words.
  const details = wrong.map(({ symbol, wrongReaders }) =>
    wrongReaders.length === symbol.readers.length ? symbol.name : `${symbol.name} (${wrongReaders.join(", ")})`,
  );
  return `**wrong**: ${details.join("; ")}`;
}

export interface NullTestRow {
  readonly compiler: string;
  readonly binding: "weak" | "strong";
  readonly option: string;
  readonly results: readonly NullTest[];
}

export function nullTestTable(rows: readonly NullTestRow[]): string {
  return table(
    ["declaration", "compiler, option", ...NULL_TESTED.map(({ test }) => `\`${test}\``)],
    groupRows(rows.map((row) => ({ key: [row.binding], name: `${row.compiler}${row.option}`, cells: row.results }))),
  );
}

export function archiveTable(
  rows: readonly { readonly one: ArchiveCase; readonly results: readonly (readonly number[])[] }[],
  linkers: readonly Linker[],
): string {
  return table(
    ["link", ...linkers.map((linker) => linker.name)],
    rows.map(({ one, results }) => [one.title, ...results.map((pair) => pair.join(", "))]),
  );
}

export function costTable(
  rows: readonly { readonly one: CostCase; readonly weak: Cost; readonly strong: Cost }[],
): string {
  return table(
    ["compiler", "weak reference", "strong declaration"],
    rows.map(({ one, weak, strong }) => [one.title, describeCost(weak), describeCost(strong)]),
  );
}

function describeCost(cost: Cost): string {
  const got = [...cost.got].map(([type, count]) => `${count} ${type.replace(/^R_(AARCH64|X86_64)_/, "")}`);
  return `${got.length === 0 ? "no GOT" : got.join(" + ")}, text ${cost.text}`;
}

/** One row for all that agree, in the order of first appearance. */
function groupRows(
  rows: readonly { readonly key: readonly string[]; readonly name: string; readonly cells: readonly string[] }[],
): string[][] {
  const groups = new Map<string, { key: readonly string[]; names: string[]; cells: readonly string[] }>();
  for (const { key, name, cells } of rows) {
    const group = groups.get([...key, ...cells].join("|"));
    if (group === undefined) groups.set([...key, ...cells].join("|"), { key, names: [name], cells });
    else group.names.push(name);
  }
  return [...groups.values()].map(({ key, names, cells }) => [...key, names.join(", "), ...cells]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
