/** What was offered and what was refused, in a table, and whether that is enough. */

import { specimensOf, type TreeKind, type TreeSpec } from "./layout.ts";
import type { Offer } from "./product.ts";
import { isPlain, type Presence, type Specimen } from "./specimen.ts";

export interface Counts {
  readonly offered: Map<string, number>;
  readonly refused: Map<string, number>;
  /** Of symbols whose uses are plain, whose link is closed and which nothing stands in the way of: all, and the fixed ones. */
  plain: number;
  plainFixed: number;
  readonly plainRefused: Map<string, number>;
  symbols: number;
}

export function newCounts(): Counts {
  return { offered: new Map(), refused: new Map(), plain: 0, plainFixed: 0, plainRefused: new Map(), symbols: 0 };
}

/** Where these define a symbol, nothing keeps a fix from being right. */
const FIXABLE: ReadonlySet<Presence> = new Set([
  "absent",
  "always",
  "configured",
  "conditional",
  "assembly",
  "switched",
  "aliased",
]);

export function countOffers(counts: Counts, spec: TreeSpec, offers: readonly Offer[]): void {
  const add = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  for (const group of spec.groups) {
    for (const specimen of group.specimens) {
      counts.symbols++;
      const of = offers.filter(({ rule, symbol }) => rule === "weak-reference" && symbol === specimen.name);
      const fixes = of.flatMap((offer) => offer.fixes);
      const preferred = fixes.find((fix) => fix.preferred && fix.refusal === undefined);
      const other = fixes.find((fix) => fix.refusal === undefined);
      const reason = fixes.find((fix) => fix.refusal !== undefined)?.refusal;
      const said = preferred ?? other;
      if (said !== undefined) {
        const manner = /always defined/.test(said.title) ? "strong, always defined" : "strong, with a fallback";
        add(counts.offered, preferred !== undefined ? manner : `${manner}, not preferred`);
      } else
        add(
          counts.refused,
          reason === undefined ? (of.length === 0 ? "(no finding)" : "(no fix)") : withoutNames(reason),
        );
      if (!isEasy(spec, group.reach, specimen)) continue;
      counts.plain++;
      if (preferred !== undefined) counts.plainFixed++;
      else {
        const forms = [...new Set(specimen.uses.map(({ form }) => form))].join(", ");
        add(
          counts.plainRefused,
          `${reason === undefined ? "(none)" : withoutNames(reason)} [${spec.kind}; ${specimen.label}; ${forms}]`,
        );
      }
    }
  }
}

/** Trees whose links are known. */
const BUILT: ReadonlySet<TreeKind> = new Set(["kernel", "make", "cmake", "meson"]);

/** Whether the symbol must get its fix: see the table. */
function isEasy(spec: TreeSpec, reach: string, specimen: Specimen): boolean {
  return (
    BUILT.has(spec.kind) &&
    !spec.isOpen &&
    !spec.hasBoard &&
    (spec.kind === "kernel" || !spec.isOptimized) &&
    // A definition that sees the weak declaration is weak itself, and where it is there is no reference.
    !(spec.definesWithHeaders && specimen.presence !== "absent") &&
    // A module is no link that is known by itself.
    !(reach === "both" && spec.kind === "kernel") &&
    isPlain(specimen) &&
    // What no fallback in C can be.
    !/renamed|thread-local/.test(specimen.label) &&
    specimen.cxxUse === undefined &&
    FIXABLE.has(specimen.presence)
  );
}

/** A reason without what is this tree's own in it, so that equal reasons are counted together. */
export function withoutNames(reason: string): string {
  return reason
    .replaceAll(
      /[\w./-]*\b(?:g\d+|always|configured|conditional|weakly|port_[ab]|tool_\w+|extra|sets|shared|board|vmlinux|main|a_\w+|tables)(?:_weak)?\.(?:c|h|S|cpp|lds\.S|ld)(?::\d+)*/g,
      "FILE",
    )
    .replaceAll(/\b(?:hook|table|(?:__start_)?set)_\d+\b|'[^']*'/g, "NAME")
    .replaceAll(/\bstands? for .*?(?=,|$)/g, "stands for …")
    .replaceAll(/:\d+/g, "");
}

export function printCounts(counts: Counts, print: (line: string) => void): void {
  const list = (title: string, map: ReadonlyMap<string, number>) => {
    if (map.size === 0) return;
    print(title);
    for (const [key, count] of [...map].sort((a, b) => b[1] - a[1])) print(`${String(count).padStart(6)}  ${key}`);
  };
  list(`offered, of ${counts.symbols} symbols:`, counts.offered);
  list("refused:", counts.refused);
  if (counts.plain > 0) {
    print(
      `of ${counts.plain} symbols with plain uses in closed links ${counts.plainFixed} get a fix (${Math.round((counts.plainFixed / counts.plain) * 100)} %)`,
    );
    list("the others:", counts.plainRefused);
  }
}

/** A tree's peculiarities in a line. */
export function describeSpec(spec: TreeSpec): string {
  const marks = [
    spec.kind,
    spec.isOpen ? "dynamic" : "closed",
    ...(spec.isOptimized ? ["LTO"] : []),
    ...(spec.flags.compile === "" ? [] : [spec.flags.compile]),
    `${specimensOf(spec).length} symbols`,
  ];
  return marks.join(", ");
}
