/**
 * Facts: what one file says of the symbols it names. They are all that the index keeps of a file, so they are small, hold
 * no trees and no text of bodies, and can be sent between threads. This file knows no syntax and no other file's facts.
 */

/** What a symbol is, where its file shows it. */
export type SymbolKind = "function" | "object" | "unknown";

/**
 * How a file speaks of a symbol.
 * - declaration: says that it exists (`extern int x;`, a prototype, `.globl x` or `.weak x` of a symbol not defined there)
 * - tentative: `int x;` at file scope, a definition unless another follows (C11 6.9.2)
 * - definition: an initializer, a body, a label, `.comm`
 * - assignment, provide: `x = …` and `PROVIDE(x = …)` in a linker script; `.set x, …` in assembly is an alias or assignment
 * - alias: a definition that is another name of a definition (`__attribute__((alias("y")))`, `#pragma weak x = y`)
 */
export type Role = "declaration" | "tentative" | "definition" | "assignment" | "provide" | "alias";

/** ELF's bindings; "strong" is STB_GLOBAL, "local" is internal linkage or STB_LOCAL. */
export type Binding = "strong" | "weak" | "local";

export type Scope = "file" | "block";

/** "other": a language that can define symbols and is not read: its files are there with their words alone. */
export type Language = "c" | "asm" | "ld" | "other";

/** One mention of a symbol that declares or defines it. Offsets are UTF-16 units from 0, half-open, of the name. */
export interface SymbolFact {
  /**
   * The symbol's name. In a macro's body a name may depend on the macro's parameters; such a pattern is no symbol's name and
   * always holds `##`: "test_##name" as it is pasted there, "##x" where the parameter x itself is declared.
   */
  readonly name: string;
  readonly kind: SymbolKind;
  readonly role: Role;
  /** The binding as far as this file alone shows it; words of `words` that turn out to mean weak make it weak. */
  readonly binding: Binding;
  readonly scope: Scope;
  readonly start: number;
  readonly end: number;
  /** The enclosing #if conditions joined by " && ", a header's include guard left out; "" is unconditional. */
  readonly condition: string;
  /**
   * Words in attribute position that are no keyword and no attribute (`__weak`, `__init`, `asmlinkage`, `__ksym`), in
   * order. What they mean, the macros of the tree say.
   */
  readonly words: readonly string[];
  /** The section that an attribute names. */
  readonly section?: string;
  /** "hidden", "protected", "internal", as an attribute, HIDDEN() or PROVIDE_HIDDEN() says. */
  readonly visibility?: string;
  /** The symbol that an alias names. */
  readonly target?: string;
  /**
   * The symbol that a word of `words` has in its parentheses, `__alias(y)`. Where that word means an alias, the fact is one
   * of this symbol, and no declaration.
   */
  readonly wordTarget?: string;
  /** A plain object by its look, of the type `typeof(y)`: where y is a function, this is a declaration of one. */
  readonly typeOf?: string;
  /** Declared with an incomplete type that admits no definition in C: `extern const void x;`. */
  readonly isVoid?: boolean;
  readonly isArray?: boolean;
  readonly isPointer?: boolean;
  readonly isConst?: boolean;
  /** An inline definition that emits no external symbol by itself, or a function whose `extern inline` decides. */
  readonly isInline?: boolean;
  /** The fact stands in the body of this macro, and holds wherever the macro is used. */
  readonly inMacro?: string;
  /** A value that only fills the place: the right side of the assignment is a number, its text here. */
  readonly constantValue?: string;
  /** Of an assignment: the right side, comments left out, cut off behind 80 units. */
  readonly valueText?: string;
  /** Of an assignment: the value is a place in the output, relative to the location counter (`.`, `. + 4`, `ALIGN(8)`). */
  readonly isPlace?: boolean;
  /** Of an assignment: the output section within whose braces it stands, as the script names it. */
  readonly outputSection?: string;
}

/** An #include or INCLUDE. */
export interface IncludeFact {
  readonly path: string;
  readonly angled: boolean;
  readonly start: number;
  readonly end: number;
  readonly condition: string;
}

/** A macro whose replacement gives meaning to declarations: weak, alias, static, inline, or words that may. */
export interface MacroFact {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly condition: string;
  /** It expands to the weak attribute by itself. */
  readonly isWeak: boolean;
  /** It expands to the alias attribute, so that what it stands with is a definition. */
  readonly isAlias?: boolean;
  /** The symbol that the alias attribute names, where it is always the same. */
  readonly target?: string;
  /** `static` is part of it, so that what it stands with has internal linkage. */
  readonly isStatic?: boolean;
  /** `inline` is part of it. */
  readonly isInline?: boolean;
  /** Attribute words in its replacement, whose meaning it takes over. */
  readonly words: readonly string[];
}

/**
 * A macro with parameters that declares symbols where it is called at file scope:
 * `#define DEFINE_LOCK(name) struct lock name = LOCK_INIT(name)`. linkage/macros/made-symbols.ts tells what calls make of it.
 */
export interface MakerFact {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly condition: string;
  /** A variadic macro's last one is "..." or "args...". */
  readonly parameters: readonly string[];
  readonly symbols: readonly MadeSymbol[];
}

/**
 * Before the word that an object-like macro stands for, in the name of a handover: `#define f my_f` has "=my_f" for the macro that
 * it calls, so that who asks for my_f finds it.
 */
export const RENAMING = "=";

/**
 * Before the longest part that a macro itself gives a name it puts together, in the name of a handover: `hook_##n` has "##:hook_",
 * `a##b` "##:". Its one argument is the pattern, whatever stands around it in the replacement.
 */
export const PASTING = "##:";

/**
 * A macro that hands parameters to another one, which may make symbols of them: `#define A(x) B(x##_lock)`; or one whose
 * replacement is a name alone: `#define KEY(x) key_##x`.
 */
export interface HandoverFact {
  /** The macro that is called; "##" where the one argument is the name that the replacement is; see also {@link RENAMING} and {@link PASTING}. */
  readonly name: string;
  /** The macro whose replacement holds the call. */
  readonly macro: string;
  readonly start: number;
  readonly end: number;
  readonly condition: string;
  readonly parameters: readonly string[];
  /** Words, pasted ones with "##", and calls as in {@link MadeSymbol}; "" for anything else. */
  readonly arguments: readonly string[];
  /** A function's body behind the call; "end" where the replacement ends with the call and no semicolon. */
  readonly follows?: "body" | "end";
}

/**
 * A symbol that a macro makes. Its name is a pattern: words joined by "##", of which some are parameters and some calls of other
 * macros, which make names, with patterns for arguments: "KEY(name)". What an alias names is a pattern without calls.
 */
export type MadeSymbol = Pick<
  SymbolFact,
  | "name"
  | "kind"
  | "role"
  | "binding"
  | "words"
  | "section"
  | "visibility"
  | "target"
  | "wordTarget"
  | "isArray"
  | "isPointer"
  | "isConst"
  | "valueText"
  | "isPlace"
  | "outputSection"
> & {
  /** A prototype that ends the macro's replacement without a semicolon: with a body behind the call it is a definition. */
  readonly isUnfinished?: true;
};

/** One argument, a word or number, of a macro call at file scope. */
export interface ArgumentFact {
  /** The word; of a number, which many calls have, the macro's name and the number: "DECLARE_READ 8". */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly condition: string;
  /** The whole call, arguments that are no word left empty: "DEFINE_PER_CPU(,runqueues)". */
  readonly call: string;
  /** A function's body stands behind the call. */
  readonly hasBody?: true;
}

/** Everything that one file says of linkage. */
export interface FileFacts {
  readonly language: Language;
  readonly symbols: readonly SymbolFact[];
  readonly includes: readonly IncludeFact[];
  readonly macros: readonly MacroFact[];
  readonly makers: readonly MakerFact[];
  readonly handovers: readonly HandoverFact[];
  /** By the calls' places. */
  readonly arguments: readonly ArgumentFact[];
  /** Symbols that the file exports (EXPORT_SYMBOL and its kin, by the argument's name). */
  readonly exports: readonly string[];
  /** Symbols that the file refers to at link time without declaring them: ENTRY, EXTERN, ASSERT and expressions of scripts. */
  readonly references: readonly { readonly name: string; readonly start: number; readonly end: number }[];
}
