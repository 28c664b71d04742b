/**
 * Tells macros whose expansion may name a symbol from those that only make instructions and data, so that the expansion of
 * the latter, which is most of the work in hand-written cryptography, is left out. It carries nothing out.
 */

import { ASSIGNMENTS, isKnownSymbolDirective } from "./directives.ts";
import { isExportMacro, isOldAnnotation } from "./linkage-macros.ts";
import { headOf } from "./statement-parts.ts";
import type { AsmToken, BodyOutline, CppMacro, GasMacro } from "./tree.ts";

/** What a macro's expansion may do. */
export interface Interest {
  /** It may define, bind or describe a symbol that other files see. */
  readonly namesSymbols: boolean;
  /** Constants that it assigns to, whose value is unknown once it has been passed over. */
  readonly assigned: readonly string[];
}

export interface InterestFinder {
  ofMacro(macro: CppMacro | GasMacro): Interest;
  of(outline: BodyOutline): Interest;
}

const DEEPEST = 32;
const NOTHING: Interest = { namesSymbols: false, assigned: [] };

/** @param findMacro a macro by its name, of either kind */
export function interestFinder(findMacro: (name: string) => CppMacro | GasMacro | undefined): InterestFinder {
  const known = new Map<BodyOutline, Interest>();
  const find = (outline: BodyOutline, depth: number): Interest => {
    const found = known.get(outline);
    if (found !== undefined) return found;
    // While it is being looked at, a macro that names itself adds nothing.
    known.set(outline, NOTHING);
    let namesSymbols = outline.isDirect;
    const assigned = new Set(outline.assigned);
    for (const word of outline.words) {
      if (namesSymbols) break;
      const macro = depth < DEEPEST ? findMacro(word) : undefined;
      if (macro === undefined) continue;
      const inner = find(macro.outline, depth + 1);
      if (inner.namesSymbols) namesSymbols = true;
      for (const name of inner.assigned) assigned.add(name);
    }
    const interest = { namesSymbols, assigned: [...assigned] };
    known.set(outline, interest);
    return interest;
  };
  return { ofMacro: (macro) => find(macro.outline, 0), of: (outline) => find(outline, 0) };
}

/** True for a word that, at a statement's head, names a symbol by itself. */
export function speaksOfSymbols(word: string): boolean {
  if (word.startsWith(".")) return isKnownSymbolDirective(word);
  return word.startsWith("SYM_") || isOldAnnotation(word) || isExportMacro(word);
}

/** The outline of a macro's body; with what a #define has for parameters, one of which may be handed a macro: `X(name)`. */
export function outlineOf(body: readonly AsmToken[], parameters: readonly string[] = []): BodyOutline {
  const words: string[] = [];
  const assigned: string[] = [];
  let isDirect = false;
  for (let i = 0; i < body.length && !isDirect; i++) {
    const text = headOf(body[i]!.text);
    const next = body[i + 1]?.text;
    if (text === ":") isDirect = makesLabel(body, i);
    else if (text === "=" && i > 0) assigned.push(body[i - 1]!.text);
    else if (ASSIGNMENTS.has(text) && next !== undefined) {
      assigned.push(next);
      if (next.startsWith("\\")) isDirect = true;
    } else if (speaksOfSymbols(text)) isDirect = true;
    else if (next === "(" && parameters.includes(text)) isDirect = true;
    else if (/^[A-Za-z_]/.test(text)) words.push(text);
  }
  return { isDirect, composes: false, words, assigned };
}

/** True for `name:` but not for `1:` and `.Lname:`. */
function makesLabel(body: readonly AsmToken[], colon: number): boolean {
  let first = colon - 1;
  while (first > 0 && !body[first]!.spaced && /^[\w.#]/.test(body[first - 1]!.text)) first--;
  return /^(?:\.(?!L)|[A-Za-z_#"])/.test(body[first]?.text ?? "");
}
