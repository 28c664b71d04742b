/** What became of a symbol in the linked images, in words for hover: kept by what, or dropped. */

import type { InputPlace } from "../linkage/objects/link-graph.ts";
import type { DroppedFate, KeptFate, SymbolFate } from "../linkage/objects/symbol-fates.ts";
import { hexAddress } from "../text/hex.ts";
import { codeSpan } from "../text/markdown.ts";
import { baseName } from "../text/path.ts";

/** A symbol in one image. */
export interface FateInImage {
  /** The image, relative to the root where it lies below. */
  readonly image: string;
  readonly fates: readonly SymbolFate[];
  /** All objects of the image were read. */
  readonly isWhole: boolean;
}

/** How many definitions of one name are told in each image. */
const TOLD = 3;

/** Markdown; "" where no image has the symbol. */
export function describeFates(found: readonly FateInImage[]): string {
  return found
    .map(({ image, fates, isWhole }) => {
      const lines = fates.slice(0, TOLD).map((fate) => `- ${describeFate(fate, isWhole)}`);
      if (fates.length > TOLD) lines.push(`- and ${fates.length - TOLD} more`);
      return [`In ${codeSpan(image)}:`, ...lines].join("\n");
    })
    .join("\n\n");
}

function describeFate(fate: SymbolFate, isWhole: boolean): string {
  return fate.kind === "kept" ? describeKept(fate, isWhole) : describeDropped(fate);
}

const ROOTS: Readonly<Record<KeptFate["why"], string>> = {
  entry: "the image starts there",
  keep: "the script has it in a `KEEP`",
  "asked for": "its symbol is asked for by name",
  always: "it is of a kind that is always kept",
  itself: "nothing refers to it",
};

function describeKept({ place, address, referrer, root, why }: KeptFate, isWhole: boolean): string {
  const where = `${nameOf(place)} at \`${hexAddress(address)}\``;
  // What was not read may refer to it.
  const reason = why === "itself" && !isWhole ? undefined : ROOTS[why];
  if (referrer === undefined) return reason === undefined ? where : `${where}: ${reason}`;
  const isRoot = referrer.file === root.file && referrer.section === root.section;
  const kept = `${where}, kept by ${nameOf(referrer)}`;
  if (reason === undefined || why === "itself") return kept;
  return isRoot ? `${kept}: ${reason}` : `${kept} and so on, from ${nameOf(root)}: ${reason}`;
}

function describeDropped({ place, size, referrers, referrerCount }: DroppedFate): string {
  const dropped = `**dropped**: ${nameOf(place)}, ${size} bytes`;
  if (referrerCount === 0) return `${dropped}; nothing refers to it, or the script has it in \`/DISCARD/\``;
  const named = referrers.map(nameOf).join(", ");
  const more = referrerCount > referrers.length ? ` and ${referrerCount - referrers.length} more` : "";
  return `${dropped}; ${named}${more} ${referrerCount === 1 ? "refers to it, and was dropped too" : "refer to it, and were dropped too"}`;
}

/** Objects by their last name: their folders are the build's. */
function nameOf({ file, section }: InputPlace): string {
  return `${codeSpan(section)} of ${codeSpan(baseName(file))}`;
}
