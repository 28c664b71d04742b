/**
 * How the items of the view "Linkage" are grouped, filtered and put into words.
 * Must not know VS Code: `linkage-view.ts` shows what this arranges.
 */

import type { LinkagePlace, LinkageViewItem } from "../../server/src/protocol/messages.ts";
import { l10n } from "./l10n.ts";

export type Grouping = "state" | "directory";

export interface LinkageGroup {
  readonly kind: "group";
  readonly label: string;
  /** Tells groups of one label apart from those of another grouping, so that the view remembers which are open. */
  readonly id: string;
  readonly items: readonly LinkageViewItem[];
}

/** The groups in the order in which there is something to do about them, or of the directories' names. */
export function groupItems(items: readonly LinkageViewItem[], grouping: Grouping): LinkageGroup[] {
  const labels = stateLabels();
  const groups = new Map<string, LinkageViewItem[]>();
  for (const item of items) {
    const label = grouping === "state" ? labels[item.kind][item.state] : directoryOf(item.path);
    const known = groups.get(label);
    if (known === undefined) groups.set(label, [item]);
    else known.push(item);
  }
  const compare = grouping === "state" ? byUrgencyOf(labels) : byName;
  return [...groups]
    .sort(([a], [b]) => compare(a, b))
    .map(([label, members]) => ({
      kind: "group",
      label,
      id: `${grouping} ${label}`,
      items: [...members].sort(byPlace),
    }));
}

type StateLabels = Readonly<Record<LinkageViewItem["kind"], Readonly<Record<LinkageViewItem["state"], string>>>>;

function stateLabels(): StateLabels {
  const alone = l10n.t("PROVIDE, alone");
  const notOverridden = l10n.t("Weak definitions, not overridden");
  return {
    "weak reference": {
      undefined: l10n.t("Weak references, undefined"),
      weak: l10n.t("Weak references, defined weakly"),
      provided: l10n.t("Weak references, provided"),
      strong: l10n.t("Weak references, defined"),
    },
    PROVIDE: {
      undefined: alone,
      provided: alone,
      weak: l10n.t("PROVIDE, beside weak"),
      strong: l10n.t("PROVIDE, beside strong"),
    },
    "weak definition": {
      undefined: notOverridden,
      provided: notOverridden,
      weak: notOverridden,
      strong: l10n.t("Weak definitions, overridden"),
    },
  };
}

/** Compares labels of states by what there is to do about them. */
function byUrgencyOf(labels: StateLabels): (a: string, b: string) => number {
  const urgency = [...new Set(Object.values(labels).flatMap((states) => Object.values(states)))];
  return (a, b) => urgency.indexOf(a) - urgency.indexOf(b);
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byPlace(a: LinkageViewItem, b: LinkageViewItem): number {
  return byName(a.symbol, b.symbol) || byName(a.path, b.path) || a.start - b.start;
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash);
}

/** Keeps the items of which every word of the filter is in the symbol, the path or the kind, both cases alike. */
export function filterItems(items: readonly LinkageViewItem[], filter: string): readonly LinkageViewItem[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return items;
  return items.filter((item) => {
    const text = `${item.symbol} ${item.path} ${item.kind}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** What stands behind an item's name. */
export function describeItem({ kind, path, overriders }: LinkageViewItem, grouping: Grouping): string {
  const where = grouping === "directory" ? path.slice(path.lastIndexOf("/") + 1) : path;
  const what = grouping === "directory" ? `${kind}, ` : "";
  const count = overriders.length;
  if (count === 0) return `${what}${where}`;
  return `${what}${where}, ${count === 1 ? l10n.t("1 overrider") : l10n.t("{0} overriders", count)}`;
}

/** "12 weak references, 3 weak definitions", or "2 of 15" while a filter hides some. */
export function describeCount(shown: number, all: number): string {
  const count = (number: number) => number.toLocaleString("en");
  return shown === all ? count(all) : l10n.t("{0} of {1}", count(shown), count(all));
}

export type { LinkagePlace, LinkageViewItem };
