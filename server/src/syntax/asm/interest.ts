/**
 * Tells macros whose expansion may name a symbol from those that only make instructions and data, so that the expansion of
 * the latter, which is most of the work in hand-written cryptography, is left out. It carries nothing out.
 */

import { isKnownSymbolDirective } from "./directives.ts";
import { isExportMacro } from "./linkage-macros.ts";
import type { AsmToken } from "./tree.ts";

/** What a macro's body may do. */
export interface Interest {
  /** It may define, bind or describe a symbol that other files see. */
  readonly namesSymbols: boolean;
  /** Constants that it assigns to, whose value is unknown once it has been passed over. */
  readonly assigned: readonly string[];
}

export interface InterestFinder {
  of(body: readonly AsmToken[]): Interest;
}

const DEEPEST = 32;

/**
 * @param bodyOf the body of a macro by its name, of either kind
 */
export function interestFinder(bodyOf: (name: string) => readonly AsmToken[] | undefined): InterestFinder {
  const known = new Map<readonly AsmToken[], Interest>();
  const find = (body: readonly AsmToken[], depth: number): Interest => {
    const found = known.get(body);
    if (found !== undefined) return found;
    // While it is being looked at, a macro that names itself adds nothing.
    known.set(body, { namesSymbols: false, assigned: [] });
    let namesSymbols = false;
    const assigned = new Set<string>();
    for (let i = 0; i < body.length && !namesSymbols; i++) {
      const { text } = body[i]!;
      const next = body[i + 1]?.text;
      if (text === ":" || text === ":\n") {
        namesSymbols = makesLabel(body, i);
      } else if (
        isKnownSymbolDirective(text) ||
        text.startsWith("SYM_") ||
        isExportMacro(text) ||
        isOldAnnotation(text)
      ) {
        namesSymbols = true;
      } else if (text === "=" || next === undefined) {
        if (text === "=" && i > 0) assigned.add(body[i - 1]!.text);
      } else if (/^\.(?:set|equ|equiv|eqv)$/.test(text)) {
        assigned.add(next);
        // An alias is a symbol by name; a value is the assembler's own business.
        if (next.startsWith("\\")) namesSymbols = true;
      }
      const inner = depth < DEEPEST ? bodyOf(text) : undefined;
      if (inner !== undefined) {
        const interest = find(inner, depth + 1);
        if (interest.namesSymbols) namesSymbols = true;
        for (const name of interest.assigned) assigned.add(name);
      }
    }
    const interest = { namesSymbols, assigned: [...assigned] };
    known.set(body, interest);
    return interest;
  };
  return { of: (body) => find(body, 0) };
}

function isOldAnnotation(text: string): boolean {
  return text === "ENTRY" || text === "GLOBAL" || text === "WEAK" || text === "ENDPROC";
}

/** True for `name:` but not for `1:` and `.Lname:`. */
function makesLabel(body: readonly AsmToken[], colon: number): boolean {
  let first = colon - 1;
  while (first > 0 && !body[first]!.spaced && body[first]!.text !== "\n" && /^[\w.\\]/.test(body[first - 1]!.text))
    first--;
  const text = body[first]?.text ?? "";
  return text !== "" && !/^(?:\d|\.L|\\@|[^\w.\\"])/.test(text);
}
