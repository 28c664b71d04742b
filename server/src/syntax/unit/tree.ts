/**
 * The tree of a preprocessed translation unit as linkage needs it: what is declared at file scope, and the code between as
 * ranges of tokens. Types and statements are not kept.
 */

import type { UnitTokens } from "./unit-tokens.ts";

/** Tokens [start, end), by index. */
export interface TokenRange {
  readonly start: number;
  readonly end: number;
}

/** An attribute that has to do with linkage or emission. */
export interface UnitAttribute {
  /** Without underscores around it. */
  readonly name: string;
  /** The string literal that is its argument, decoded and joined; undefined where it has none. */
  readonly argument: string | undefined;
}

export type UnitStorage = "extern" | "static" | "typedef" | "register" | "none";

/** One declarator with what its specifiers say. */
export interface UnitDeclaration {
  /** The name, by spelling. */
  readonly name: number;
  /** The name's token. */
  readonly token: number;
  readonly scope: "file" | "block";
  readonly storage: UnitStorage;
  readonly isInline: boolean;
  /** It declares a function, by its declarator or by the typedef or typeof that is its type. */
  readonly isFunction: boolean;
  readonly attributes: readonly UnitAttribute[];
  /** `asm("name")` behind the declarator. */
  readonly asmName: string | undefined;
  readonly initializer: TokenRange | undefined;
  readonly body: TokenRange | undefined;
}

/** An asm at file scope or an asm statement; its template's strings, decoded and joined. */
export interface UnitAsm {
  readonly text: string;
  readonly token: number;
}

/** `#pragma weak name`, `#pragma weak name = target` and `#pragma redefine_extname name target`. */
export interface UnitPragma {
  readonly kind: "weak" | "rename";
  readonly name: string;
  readonly target: string | undefined;
  /** The name's token in the preprocessor's output. */
  readonly origin: number;
}

export interface TranslationUnit {
  readonly tokens: UnitTokens;
  readonly declarations: readonly UnitDeclaration[];
  readonly asms: readonly UnitAsm[];
  readonly pragmas: readonly UnitPragma[];
}
