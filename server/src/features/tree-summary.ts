/** What kind of tree this is, and what answers on it are narrowed to: a few words for a status line. */

import type { Program } from "../linkage/symbols/program.ts";

export interface TreeSummary {
  /** "kernel", "3 links", "no build known". */
  readonly kind: string;
  /** The configuration that answers are narrowed to, as people know it: ".config". */
  readonly configuration?: string;
  readonly architecture?: string;
  /** The architectures that a kernel can be narrowed to. */
  readonly architectures: readonly string[];
}

/** Sums up the tree as far as it is read by now. */
export function summarizeTree({ links, narrowing }: Program): TreeSummary {
  const { architectures } = links;
  return {
    kind: kindOf(architectures.length, links.all().length),
    ...(narrowing?.source === undefined ? {} : { configuration: narrowing.source }),
    ...(narrowing?.architecture === undefined ? {} : { architecture: narrowing.architecture }),
    architectures,
  };
}

function kindOf(architectures: number, links: number): string {
  if (architectures > 0) return "kernel";
  if (links === 0) return "no build known";
  return links === 1 ? "1 link" : `${links.toLocaleString("en")} links`;
}
