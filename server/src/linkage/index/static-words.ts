/**
 * Macros that give internal linkage: `#define STATIC static`, under which a file includes another one as source, so that what the
 * other defines is no symbol there. What hangs on a condition is not concluded.
 */

import type { SymbolFact } from "../facts/facts.ts";
import type { LinkIndex } from "../facts/link-index.ts";
import { includersOf } from "./includers.ts";

/** Whether a word of the fact is `static` for sure in a translation unit: by a macro of it, or of a header that it includes. */
export function isStaticIn({ words }: SymbolFact, unit: string, index: LinkIndex): boolean {
  return words.some((word) => {
    const macros = index.macros(word);
    const isStatic = macros.some(({ fact }) => fact.isStatic);
    if (!isStatic) return false;
    const seen = macros.filter(
      ({ path }) => path === unit || (path.endsWith(".h") && includersOf(index, path).has(unit)),
    );
    // Its own macros come before those of headers, which ask whether there is one.
    const own = seen.filter(({ path }) => path === unit);
    const deciding = own.length > 0 ? own : seen;
    return deciding.length > 0 && deciding.every(({ fact }) => fact.isStatic === true && fact.condition === "");
  });
}
