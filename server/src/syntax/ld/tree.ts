/**
 * The tree of a linker script: every statement of GNU ld 2.40, of later GNU releases and of lld, with the place of each
 * name. It holds what was written, not what it means; it knows nothing of symbols, files or the link.
 *
 * Offsets are UTF-16 units, half-open. In a script that the C preprocessor has yet to see, macro calls are statements,
 * operands and patterns of their own, and `#define` bodies are trees beside the main one.
 */

import type { Source } from "../../text/source.ts";
import type { Span } from "../../text/span.ts";

/** A name as written: a symbol, section, file, region, segment, message or pattern. */
export interface LdName extends Span {
  /** Without its quotes; a name pasted with `##` has no blanks around the operator: `__start_##name`. */
  readonly text: string;
  readonly quoted: boolean;
  /** It has a part that only macro expansion knows: a `##`, or a macro call that stands for the name. */
  readonly pasted: boolean;
}

/** A mistake. ld stops at its first; each further one belongs to a statement of its own. */
export interface LdError extends Span {
  readonly message: string;
  /**
   * - syntax: ld says "syntax error" on the line of `start`
   * - comment: a comment that the file ends in, which stops ld too
   * - character: a character that ld warns of and skips
   */
  readonly kind: "syntax" | "comment" | "character";
}

// Expressions

/** `0x1000`, `64K`, `$ff`, `0ffh`. */
export interface LdNumber extends Span {
  readonly kind: "number";
  readonly text: string;
  /** Modulo 2^64, as ld computes. */
  readonly value: bigint;
}

/** A symbol, or the location counter `.`. */
export interface LdSymbol extends Span {
  readonly kind: "symbol";
  readonly name: LdName;
}

export interface LdUnary extends Span {
  readonly kind: "unary";
  readonly operator: "-" | "!" | "+" | "~";
  readonly operand: LdExpression;
}

export type LdBinaryOperator =
  | "*"
  | "/"
  | "%"
  | "+"
  | "-"
  | "<<"
  | ">>"
  | "=="
  | "!="
  | "<="
  | ">="
  | "<"
  | ">"
  | "&"
  | "^"
  | "|"
  | "&&"
  | "||";

export interface LdBinary extends Span {
  readonly kind: "binary";
  readonly operator: LdBinaryOperator;
  readonly operatorSpan: Span;
  readonly left: LdExpression;
  readonly right: LdExpression;
}

/** `condition ? then : otherwise`. */
export interface LdConditional extends Span {
  readonly kind: "conditional";
  readonly condition: LdExpression;
  readonly then: LdExpression;
  readonly otherwise: LdExpression;
}

export interface LdParenthesized extends Span {
  readonly kind: "parenthesized";
  readonly inner: LdExpression;
}

/** What a name stands for where it is the argument of a function; a constant is known to ld: MAXPAGESIZE, text-segment. */
export type LdArgumentRole = "symbol" | "section" | "region" | "segment" | "constant" | "message";

/** A name as argument: `.text` in `SIZEOF(.text)`. */
export interface LdNameArgument extends Span {
  readonly kind: "name";
  readonly role: LdArgumentRole;
  readonly name: LdName;
}

/** `ALIGN(8)`, `SIZEOF(.text)`, `ASSERT(x, "message")`, and `SIZEOF_HEADERS`, which has no parentheses. */
export interface LdCall extends Span {
  readonly kind: "call";
  readonly function: LdName;
  readonly arguments: readonly (LdExpression | LdNameArgument)[];
}

/** The operand that was expected and is not there. */
export interface LdMissing extends Span {
  readonly kind: "missing";
}

export type LdExpression =
  | LdNumber
  | LdSymbol
  | LdUnary
  | LdBinary
  | LdConditional
  | LdParenthesized
  | LdCall
  | LdMacroCall
  | LdMissing;

// Macros

/** Script text whose place in the script is not known: a macro's body, a macro's argument, a branch of `#else`. */
export interface LdFragment extends Span {
  /** What the text reads as. Text that reads as neither has no statements and no expression. */
  readonly statements: readonly LdStatement[];
  readonly expression: LdExpression | undefined;
}

/** A macro used as statement or operand: `NOTES`, `RO_DATA(4096)`; and the parameter of the macro it stands in. */
export interface LdMacroCall extends Span {
  readonly kind: "macro-call";
  readonly name: LdName;
  /** undefined without parentheses. */
  readonly arguments: readonly LdFragment[] | undefined;
  /** What follows a macro that ends in an output section: `NOTES :text :note`. */
  readonly trailer: LdTrailer | undefined;
}

/** A `#define`. */
export interface LdMacro extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  /** undefined for an object-like macro. */
  readonly parameters: readonly string[] | undefined;
  readonly body: LdFragment;
}

// Statements

export type LdAssignmentOperator = "=" | "+=" | "-=" | "*=" | "/=" | "<<=" | ">>=" | "&=" | "|=" | "^=";

/** `sym = 1;`, `PROVIDE(sym = .);`, `HIDDEN(sym = .);`, `PROVIDE_HIDDEN(sym = .);`. */
export interface LdAssignment extends Span {
  readonly kind: "assignment";
  readonly target: LdName;
  readonly operator: LdAssignmentOperator;
  readonly value: LdExpression;
  readonly provide: boolean;
  readonly hidden: boolean;
  /** PROVIDE, HIDDEN or PROVIDE_HIDDEN. */
  readonly keyword: LdName | undefined;
}

/** `ASSERT(condition, "message")` as a statement. */
export interface LdAssert extends Span {
  readonly kind: "assert";
  readonly keyword: LdName;
  readonly condition: LdExpression;
  readonly message: LdName | undefined;
}

/**
 * A command that has names as arguments, or none: ENTRY, OUTPUT_ARCH, EXTERN, REGION_ALIAS, NOCROSSREFS, CONSTRUCTORS,
 * LINKER_VERSION and their like.
 */
export interface LdCommand extends Span {
  readonly kind: "command";
  readonly keyword: LdName;
  readonly arguments: readonly LdName[];
}

/** A file of INPUT or GROUP. */
export interface LdInputFile extends Span {
  readonly name: LdName;
  /** Written `-lname`. */
  readonly isLibrary: boolean;
  readonly asNeeded: boolean;
}

/** `INPUT(…)`, `GROUP(…)`. */
export interface LdInput extends Span {
  readonly kind: "input";
  readonly keyword: LdName;
  readonly files: readonly LdInputFile[];
}

/** `INCLUDE file`, wherever it stands. */
export interface LdInclude extends Span {
  readonly kind: "include";
  readonly path: LdName;
}

/** `INSERT AFTER .text`. */
export interface LdInsert extends Span {
  readonly kind: "insert";
  readonly where: "AFTER" | "BEFORE";
  readonly section: LdName | undefined;
}

/** `SECTIONS { … }` and lld's `OVERWRITE_SECTIONS { … }`. */
export interface LdSections extends Span {
  readonly kind: "sections";
  readonly keyword: LdName;
  readonly body: Span | undefined;
  readonly statements: readonly LdStatement[];
}

/** `name (attributes) : ORIGIN = …, LENGTH = …`. */
export interface LdRegion extends Span {
  readonly kind: "region";
  readonly name: LdName;
  /** Each as written, the inverted ones with their `!`. */
  readonly attributes: readonly LdName[];
  readonly origin: LdExpression | undefined;
  readonly length: LdExpression | undefined;
}

/** `MEMORY { … }`. */
export interface LdMemory extends Span {
  readonly kind: "memory";
  readonly body: Span | undefined;
  readonly regions: readonly (LdRegion | LdInclude | LdMacroCall)[];
}

/** `name PT_LOAD FILEHDR PHDRS AT(…) FLAGS(…);`. */
export interface LdSegment extends Span {
  readonly kind: "segment";
  readonly name: LdName;
  readonly type: LdExpression;
  /** FILEHDR, PHDRS, FLAGS(x) and AT(x) in order. */
  readonly qualifiers: readonly { readonly name: LdName; readonly value: LdExpression | undefined }[];
}

/** `PHDRS { … }`. */
export interface LdSegments extends Span {
  readonly kind: "segments";
  readonly body: Span | undefined;
  readonly segments: readonly (LdSegment | LdMacroCall)[];
}

/** What stands behind the brace that closes an output section. */
export interface LdTrailer extends Span {
  /** `>region` */
  readonly region: LdName | undefined;
  /** `AT>region` */
  readonly loadRegion: LdName | undefined;
  /** `:segment`, each. */
  readonly segments: readonly LdName[];
  /** `=fill` */
  readonly fill: LdExpression | undefined;
}

/** `(NOLOAD)`, `(TYPE = SHT_NOTE)`, `(READONLY (TYPE = 7))`, `()`. */
export interface LdSectionType extends Span {
  readonly keywords: readonly LdName[];
  readonly value: LdExpression | undefined;
}

/** `.text 0x1000 (NOLOAD) : AT(…) ALIGN(…) SUBALIGN(…) ONLY_IF_RO { … } >region AT>region :segment =fill`. */
export interface LdOutputSection extends Span {
  readonly kind: "output-section";
  readonly name: LdName;
  readonly address: LdExpression | undefined;
  readonly type: LdSectionType | undefined;
  readonly loadAddress: LdExpression | undefined;
  readonly align: LdExpression | undefined;
  readonly alignWithInput: Span | undefined;
  readonly subalign: LdExpression | undefined;
  /** ONLY_IF_RO, ONLY_IF_RW, SPECIAL. */
  readonly constraint: LdName | undefined;
  /** The header, from the name to before the brace. */
  readonly header: Span;
  /** With its braces. */
  readonly body: Span | undefined;
  readonly statements: readonly LdStatement[];
  readonly trailer: LdTrailer | undefined;
  /** It is a member of an OVERLAY, and so has neither address nor attributes. */
  readonly inOverlay: boolean;
}

/** `OVERLAY start : NOCROSSREFS AT(…) { .a { … } .b { … } } >region :segment =fill`. */
export interface LdOverlay extends Span {
  readonly kind: "overlay";
  readonly keyword: LdName;
  readonly address: LdExpression | undefined;
  readonly noCrossReferences: Span | undefined;
  readonly loadAddress: LdExpression | undefined;
  readonly subalign: LdExpression | undefined;
  readonly body: Span | undefined;
  readonly statements: readonly LdStatement[];
  readonly trailer: LdTrailer | undefined;
}

/** `GROUP address : { … }` within SECTIONS, and lld's `CLASS(name) { … }`. */
export interface LdSectionGroup extends Span {
  readonly kind: "section-group";
  readonly keyword: LdName;
  readonly name: LdName | undefined;
  readonly address: LdExpression | undefined;
  readonly type: LdSectionType | undefined;
  readonly body: Span | undefined;
  readonly statements: readonly LdStatement[];
}

/** A pattern for files or sections: `SORT_BY_NAME(EXCLUDE_FILE(*crtend.o) .ctors)`. */
export interface LdPattern extends Span {
  /** SORT_BY_NAME, SORT, REVERSE … outermost first. */
  readonly sorts: readonly LdName[];
  readonly excluded: readonly LdName[];
  readonly name: LdName;
}

/** `KEEP(*(.init))`, `*crtbegin.o(.ctors)`, `foo.o`, `[ .text ]`. */
export interface LdInputSection extends Span {
  readonly kind: "input-section";
  readonly keep: LdName | undefined;
  /** INPUT_SECTION_FLAGS, each with its `!`. */
  readonly flags: readonly LdName[];
  /** undefined in the form `[ … ]`. */
  readonly file: LdPattern | undefined;
  /** undefined where the statement is a file's name alone. */
  readonly sections: readonly LdPattern[] | undefined;
}

/** `BYTE(1)`, `SHORT`, `LONG`, `QUAD`, `SQUAD`. */
export interface LdData extends Span {
  readonly kind: "data";
  readonly keyword: LdName;
  readonly value: LdExpression;
}

/** `ASCIZ "text"`, `ASCII (size) "text"` (GNU ld 2.41 and 2.43). */
export interface LdText extends Span {
  readonly kind: "text";
  readonly keyword: LdName;
  readonly size: LdExpression | undefined;
  readonly text: LdName | undefined;
}

/** `FILL(0x90909090)`. */
export interface LdFill extends Span {
  readonly kind: "fill";
  readonly keyword: LdName;
  readonly value: LdExpression;
}

/** `"C_"*` of a version node, or a quoted name within extern "C++" { … }. */
export interface LdVersionPattern extends Span {
  readonly name: LdName;
  readonly language: LdName | undefined;
}

/** `TAG { global: …; local: *; } PARENT;`. */
export interface LdVersionNode extends Span {
  readonly tag: LdName | undefined;
  /** From its brace to the closing one; undefined where there is none. */
  readonly body: Span | undefined;
  /** `global`, `local` and `extern` where they are no patterns, in the order of the text. */
  readonly keywords: readonly LdName[];
  readonly global: readonly LdVersionPattern[];
  readonly local: readonly LdVersionPattern[];
  readonly parents: readonly LdName[];
}

/** `VERSION { … }`, or a whole version script or dynamic list. */
export interface LdVersion extends Span {
  readonly kind: "version";
  readonly nodes: readonly LdVersionNode[];
}

/** A lone `;`. */
export interface LdEmpty extends Span {
  readonly kind: "empty";
}

/** What was skipped to recover from an error, where nothing of it could be made into a statement. */
export interface LdInvalid extends Span {
  readonly kind: "invalid";
}

export type LdStatement =
  | LdAssignment
  | LdAssert
  | LdCommand
  | LdInput
  | LdInclude
  | LdInsert
  | LdSections
  | LdMemory
  | LdSegments
  | LdVersion
  | LdOutputSection
  | LdOverlay
  | LdSectionGroup
  | LdInputSection
  | LdData
  | LdText
  | LdFill
  | LdMacroCall
  | LdEmpty
  | LdInvalid;

// The file

/** An `#include` line. */
export interface LdHeader extends Span {
  /** As written, without quotes or brackets; a macro's name where the line names one. */
  readonly path: string;
  readonly angled: boolean;
  readonly pathSpan: Span;
}

/** From `start` to the next one's, the text is subject to this condition; "" is none. */
export interface LdCondition {
  readonly start: number;
  readonly condition: string;
}

/** A use of a name: what the features that follow names read, in the order of the text. */
export interface LdUse extends Span {
  readonly text: string;
  readonly role: LdArgumentRole;
  /** The name is defined here: an assigned symbol, an output section, a region, a segment. */
  readonly isDefinition: boolean;
  /** The macro in whose body it stands. */
  readonly inMacro: string | undefined;
}

/** What `-T`, `--version-script=` and `--dynamic-list=` read: each is a language of its own. */
export type ScriptKind = "script" | "version" | "dynamic-list";

/**
 * Where a text stands: by itself, or in the place of an INCLUDE at the top of a script, within SECTIONS, within the braces of an
 * output section, within MEMORY. A version script or a dynamic list is a language of its own.
 */
export type ScriptContext = "file" | "sections" | "section" | "memory" | "version" | "dynamic-list";

export interface LdScript {
  readonly source: Source;
  readonly kind: ScriptKind;
  /** Where the text stands, as far as itself tells: a fragment is what other scripts INCLUDE within a block. */
  readonly context: ScriptContext;
  /** It was read as a script that the C preprocessor has yet to see. */
  readonly preprocessed: boolean;
  /** The first place that a generator of text has yet to fill in, or a word of another linker's language; of such a text nothing is judged. */
  readonly template: string | undefined;
  readonly statements: readonly LdStatement[];
  /** Branches of `#elif` and `#else` that split a statement: the main tree has the first branch, these the others. */
  readonly branches: readonly LdFragment[];
  readonly macros: readonly LdMacro[];
  readonly headers: readonly LdHeader[];
  /** By start; the first begins at 0. */
  readonly conditions: readonly LdCondition[];
  readonly uses: readonly LdUse[];
  readonly errors: readonly LdError[];
}
