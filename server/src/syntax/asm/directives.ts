/** The assembler's directives that say something of symbols (GNU as manual, "Pseudo Ops"). It knows no statements. */

import type { AsmItemKind } from "./tree.ts";

/** Directives that bind, show or hide the symbols they list. */
export const BINDINGS: ReadonlyMap<string, AsmItemKind> = new Map([
  [".globl", "global"],
  [".global", "global"],
  [".export", "global"],
  [".weak", "weak"],
  [".local", "local"],
  [".hidden", "hidden"],
  [".protected", "protected"],
  [".internal", "internal"],
  [".extern", "extern"],
  [".import", "extern"],
]);

export const ASSIGNMENTS: ReadonlySet<string> = new Set([".set", ".equ", ".equiv", ".eqv", ".thumb_set"]);
export const REPETITIONS: ReadonlySet<string> = new Set([".rept", ".rep", ".irp", ".irpc"]);
export const PLAIN_SECTIONS: ReadonlySet<string> = new Set([".text", ".data", ".bss", ".rodata"]);

const SYMBOLS: ReadonlySet<string> = new Set([
  ".type",
  ".comm",
  ".common",
  ".lcomm",
  ".symver",
  ".weakref",
  ".tls_common",
]);

const FURTHER: ReadonlySet<string> = new Set([
  ".section",
  ".pushsection",
  ".popsection",
  ".previous",
  ".macro",
  ".purgem",
  ".include",
  ".else",
  ".elseif",
  ".endif",
]);

/** True for a directive that names a symbol and says something of it, assignments left out. */
export function isKnownSymbolDirective(name: string): boolean {
  return BINDINGS.has(name) || SYMBOLS.has(name);
}

/** True for a directive that matters for symbols at all; `.if` covers `.ifdef`, `.ifb` and the others. */
export function isKnownDirective(name: string): boolean {
  return (
    isKnownSymbolDirective(name) ||
    ASSIGNMENTS.has(name) ||
    PLAIN_SECTIONS.has(name) ||
    FURTHER.has(name) ||
    REPETITIONS.has(name) ||
    name.startsWith(".if")
  );
}
