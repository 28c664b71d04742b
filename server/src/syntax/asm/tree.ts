/**
 * The tree of an assembly file as Weakspot needs it: the statements that name, bind, type or equate symbols, in the order
 * in which the assembler would see them. Instructions and data are not kept. Offsets are UTF-16 units, half-open.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";

/**
 * What a statement does with the symbol it names.
 * - label: `name:`
 * - global, weak, local: `.globl`, `.weak`, `.local`
 * - hidden, protected, internal: the visibility directives
 * - type: `.type name, @function`
 * - assign: `name = value`, `.set`, `.equ`, `.equiv`
 * - common, localCommon: `.comm`, `.lcomm`
 * - version: `.symver name, other@VERSION`
 * - weakReference: the symbol behind a `.weakref`
 * - extern: `.extern`, `.import`
 * - export: EXPORT_SYMBOL and its kin
 */
export type AsmItemKind =
  | "label"
  | "global"
  | "weak"
  | "local"
  | "hidden"
  | "protected"
  | "internal"
  | "type"
  | "assign"
  | "common"
  | "localCommon"
  | "version"
  | "weakReference"
  | "extern"
  | "export";

/** One thing said of one symbol. The span is the name's, or that of the macro call which composes the name. */
export interface AsmItem extends Span {
  readonly kind: AsmItemKind;
  readonly name: string;
  /** The enclosing #if and .if conditions joined by " && ". */
  readonly condition: string;
  /** The section that is current, where a directive has named one. */
  readonly section: string | undefined;
  /** The macro in whose body the statement stands. */
  readonly inMacro: string | undefined;
  /** Of `assign`: the right side; of `type`: "function", "object" or "none"; of `version`: the versioned name, and with
   * a comma what becomes of the plain one, as it is written. */
  readonly value: string | undefined;
}

export interface AsmInclude extends Span {
  readonly path: string;
  readonly angled: boolean;
  readonly condition: string;
}

/** A token of a statement or of a macro's body, with the place it came from. */
export interface AsmToken extends Span {
  readonly text: string;
  /** A blank, comment or line's start stands before it. */
  readonly spaced: boolean;
}

/** What a macro's body shows at a glance. */
export interface BodyOutline {
  /** A statement in it defines, binds or describes a symbol that other files may see. */
  readonly isDirect: boolean;
  /** It puts names together with a parameter: `start_\level`, `\level\()_end`. */
  readonly composes: boolean;
  /** Words in it that may be macros. */
  readonly words: readonly string[];
  /** What it assigns to. */
  readonly assigned: readonly string[];
}

/** A #define. Its body and outline are made when they are first asked for. */
export interface CppMacro extends Span {
  readonly name: string;
  /** undefined for an object-like macro. A variadic macro's last is its name (`args` of `args...`) or "__VA_ARGS__". */
  readonly parameters: readonly string[] | undefined;
  readonly isVariadic: boolean;
  /** The body holds no directive, no label and no call, so that it names no symbol by itself. */
  readonly isPlain: boolean;
  readonly body: readonly AsmToken[];
  readonly outline: BodyOutline;
  readonly condition: string;
}

/**
 * A statement whose first word is no directive and no macro that the file has: an instruction, or the call of a macro that some other
 * file defines, `func name, align` or `FUNC(name)`.
 */
export interface AsmCall {
  readonly name: string;
  /** The words among its operands, each with its place; "" for what is no symbol's name. */
  readonly arguments: readonly (Span & { readonly text: string })[];
  readonly condition: string;
}

/** What a macro with parameters makes of them. In names `__hole_0__` stands for the first parameter, and so on. */
export interface AsmMaker extends Span {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly items: readonly AsmItem[];
  readonly calls: readonly { readonly name: string; readonly arguments: readonly string[] }[];
  readonly condition: string;
}

export interface GasParameter {
  readonly name: string;
  readonly isVararg: boolean;
  readonly initial: readonly AsmToken[];
}

/** A `.macro`. Its body is made when it is first asked for. */
export interface GasMacro extends Span {
  readonly name: string;
  readonly parameters: readonly GasParameter[];
  readonly body: readonly AsmToken[];
  readonly outline: BodyOutline;
  readonly condition: string;
}

/** Macros by name, as one file or a set of headers defines them. */
export interface AsmMacros {
  cpp(name: string): CppMacro | undefined;
  gas(name: string): GasMacro | undefined;
}

export interface AsmFile {
  readonly source: Source;
  readonly items: readonly AsmItem[];
  readonly includes: readonly AsmInclude[];
  /** The file's own #defines, in order. */
  readonly defines: readonly CppMacro[];
  /** The file's own .macros, in order. */
  readonly gasMacros: readonly GasMacro[];
  /** What may be calls of other files' macros. */
  readonly calls: readonly AsmCall[];
  /** What the file's macros make. */
  readonly makers: readonly AsmMaker[];
}
