/**
 * The tree of a C file as Weakspot needs it: file-scope declarations and `extern` declarations in blocks, each with the
 * places that an edit would touch. Function bodies are spans only. Offsets are UTF-16 units, half-open.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";

/** A mistake or something not understood; the declaration around it is left alone by every fix. */
export interface CError extends Span {
  readonly message: string;
}

/** `__attribute__((weak))`, `[[gnu::weak]]`: one attribute of a list, without underscores around its name. */
export interface CAttribute extends Span {
  readonly name: string;
  /** Its arguments as written, without the parentheses; undefined where it has none. */
  readonly argument: string | undefined;
  /**
   * What to delete so that this attribute is gone and the rest stays well-formed: the whole `__attribute__((…))` where it
   * is alone, else the attribute and one comma; with the blanks before it.
   */
  readonly removal: Span;
}

/** A word in attribute position that is no keyword: `__weak`, `__init`, `__section(".rodata")`. */
export interface CWord extends Span {
  readonly name: string;
  readonly argument: string | undefined;
  /** The word with its arguments and the blanks before it (or after it, where it is first). */
  readonly removal: Span;
}

export type Storage = "extern" | "static" | "typedef" | "none";

/** What the declarator makes of its name. A pointer to a function is "pointer". */
export type Shape = "function" | "array" | "pointer" | "plain";

export interface CDeclarator extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly shape: Shape;
  /** The object that it names is read-only: `const char x[]`, `char *const x`, but not `const char *x`. */
  readonly isConst: boolean;
  /** A star stands in the declarator: a pointer, an array of pointers, a function that gives one. */
  readonly hasPointer: boolean;
  /** The brackets of an array declarator, outermost first, with what stands between them. */
  readonly bounds: readonly Span[];
  /** Parameters of a function declarator, with the parentheses. */
  readonly parameters: Span | undefined;
  /** Attributes and words that stand with this declarator. */
  readonly attributes: readonly CAttribute[];
  readonly words: readonly CWord[];
  readonly asmName: string | undefined;
  /** What the name becomes by an object-like macro or #pragma redefine_extname of the file, before the linker sees it. */
  readonly renamedTo: string | undefined;
  /** The initializer without the `=`. */
  readonly initializer: Span | undefined;
}

export interface CDeclaration extends Span {
  readonly scope: "file" | "block";
  readonly storage: Storage;
  readonly isInline: boolean;
  /** The first declarator's `isConst`. */
  readonly isConst: boolean;
  /** The type specifier is `void`. */
  readonly isVoid: boolean;
  /** The type specifier is one of objects: a basic type, a struct, union or enum, a typedef that everybody knows. */
  readonly isObjectType: boolean;
  /** The specifiers as written, from the first to the first declarator. */
  readonly specifiers: Span;
  /** The `extern` keyword, where there is one. */
  readonly storageSpan: Span | undefined;
  /** The operand of `typeof`, where that is one name: the type may then be a function's. */
  readonly typeOf: string | undefined;
  /** The type without storage class, attributes and words, its tokens joined by one blank: "const unsigned long". */
  readonly type: string;
  readonly attributes: readonly CAttribute[];
  readonly words: readonly CWord[];
  readonly declarators: readonly CDeclarator[];
  /** The braces of a function's body, of which `declarators[0]` is the function. */
  readonly body: Span | undefined;
  readonly condition: string;
  /** For a declaration in a macro's body: the macro. */
  readonly inMacro: string | undefined;
  /** Preprocessor lines stand within the declaration, or something in it was not understood: no fix may edit it. */
  readonly isSplit: boolean;
}

export interface CInclude extends Span {
  readonly path: string;
  readonly angled: boolean;
  readonly condition: string;
}

/** What a #define's replacement says of linkage. */
export type CReplacement = Pick<CDefine, "attributes" | "words" | "isAnnotation" | "isStatic" | "isInline">;

/** A #define whose replacement speaks of linkage. */
export interface CDefine extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  /** undefined for an object-like macro. */
  readonly parameters: readonly string[] | undefined;
  readonly body: Span;
  /** Attributes of its replacement that stand in no parentheses of their own. */
  readonly attributes: readonly CAttribute[];
  /** Words of its replacement that may be attributes themselves, where nothing but words and attributes stands there. */
  readonly words: readonly CWord[];
  /** It stands for attributes: its replacement has one, or a word known as one, and nothing that is none. */
  readonly isAnnotation: boolean;
  /** `static` and `inline` stand there, among nothing but words, attributes and keywords of declarations. */
  readonly isStatic: boolean;
  readonly isInline: boolean;
  readonly condition: string;
}

/** A call of another macro in a macro's replacement. */
export interface CMakerCall {
  readonly name: string;
  readonly arguments: readonly string[];
  /** A function's body behind it; "end" where the replacement ends with the call and no semicolon. */
  readonly follows: "body" | "end" | undefined;
}

/**
 * A #define with parameters whose replacement declares symbols, or calls macros that may, where the macro is called at file
 * scope: `#define DEFINE_LOCK(name) struct lock name = LOCK_INIT(name)`.
 */
export interface CMaker {
  readonly name: string;
  readonly nameSpan: Span;
  /** As written; a variadic macro's last one is "..." or "args...". */
  readonly parameters: readonly string[];
  /** Declarations at file scope, not static, whose names depend on a parameter: "name", "sys_##name". */
  readonly declarations: readonly CDeclaration[];
  /** `asm("…")` at file scope, with what the macro puts into its text. */
  readonly asms: readonly CMadeAsm[];
  /** The prototype that ends the replacement without a semicolon: a body behind the macro's call is its own. */
  readonly unfinished: CDeclaration | undefined;
  /** Calls that stand where a declaration would. */
  readonly calls: readonly CMakerCall[];
  readonly condition: string;
}

/** A #define whose replacement puts names together. */
export interface CPastes {
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly string[];
  /** Words joined by "##", of which some are parameters, each as often as it stands there. */
  readonly patterns: readonly string[];
  readonly condition: string;
}

/** A #define with parameters whose replacement is assembly: `#define FUNC(name) .globl name; name:`. */
export interface CAssemblyDefine {
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly string[];
  readonly body: Span;
  readonly condition: string;
}

/** Code in a macro's replacement: string literals, and between them what only a call tells. */
export interface CMadeAsm {
  /** The literals' decoded, joined text, with `__hole_0__`, `__hole_1__` … for the holes. */
  readonly text: string;
  /** What fills them: "name" for `#name`, "STRING(name)" for a call, "" for what is no word. */
  readonly holes: readonly string[];
}

/** `#pragma weak name` and `#pragma weak name = target`. */
export interface CWeakPragma extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly target: string | undefined;
  readonly condition: string;
}

/** A macro call that stands as a declaration at file scope: `EXPORT_SYMBOL(x);`, `SYSCALL_DEFINE3(read, …) {…}`. */
export interface CMacroCall extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  /** Between the parentheses. */
  readonly arguments: Span;
  readonly body: Span | undefined;
  readonly condition: string;
}

/** File-scope `asm("…")`; the string literals' decoded, joined text. */
export interface CAsm extends Span {
  readonly text: string;
  readonly condition: string;
}

/** A function's declaration as `static`, without a body. */
export interface CStaticPrototype {
  /** Where the name stands. */
  readonly start: number;
  readonly condition: string;
}

export interface CFile {
  readonly source: Source;
  readonly declarations: readonly CDeclaration[];
  readonly includes: readonly CInclude[];
  readonly defines: readonly CDefine[];
  readonly makers: readonly CMaker[];
  readonly assembly: readonly CAssemblyDefine[];
  readonly pastes: readonly CPastes[];
  readonly weakPragmas: readonly CWeakPragma[];
  readonly calls: readonly CMacroCall[];
  readonly asms: readonly CAsm[];
  /** By the function's name, in order. */
  readonly staticPrototypes: ReadonlyMap<string, readonly CStaticPrototype[]>;
  readonly errors: readonly CError[];
}
