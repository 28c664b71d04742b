/** Writes changes into a source so that each can be switched on while it runs. Pure: text in, text out. */

import type { Mutant } from "./mutants.ts";

export interface NumberedMutant extends Mutant {
  /** What `weakspotIsChanged` is asked with. */
  readonly id: number;
}

/** The source in which every one of `mutants` asks whether it is made. Ranges of mutants hold each other or lie apart. */
export function switchedSource(source: string, mutants: readonly NumberedMutant[]): string {
  const outermostFirst = [...mutants].sort((one, other) => one.start - other.start || other.end - one.end);
  return render(source, 0, source.length, outermostFirst);
}

function render(source: string, start: number, end: number, mutants: readonly NumberedMutant[]): string {
  let text = "";
  let offset = start;
  for (let i = 0; i < mutants.length; ) {
    const mutant = mutants[i]!;
    let next = i + 1;
    while (next < mutants.length && mutants[next]!.start < mutant.end) next++;
    const original = render(source, mutant.start, mutant.end, mutants.slice(i + 1, next));
    text += source.slice(offset, mutant.start) + switchBetween(mutant, original);
    offset = mutant.end;
    i = next;
  }
  return text + source.slice(offset, end);
}

function switchBetween({ id, replacement }: NumberedMutant, original: string): string {
  const asked = `globalThis.weakspotIsChanged?.(${id})`;
  // Only statements are replaced by an empty one.
  return replacement === ";"
    ? `{ if (${asked}) {} else { ${original} } }`
    : `(${asked} ? (${replacement}) : (${original}))`;
}
