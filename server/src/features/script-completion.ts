// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are places of the cursor, as snippets have them.
/**
 * Completion in linker scripts: the words and names that the grammar allows where the cursor stands. What stands there is
 * context's affair (script-context.ts); this file knows which words each place takes.
 */

import { readWithIncludes } from "../linkage/scripts/script-assignments.ts";
import { type ScriptNameKind, scriptModelOf } from "../linkage/scripts/script-model.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { LdScript } from "../syntax/ld/tree.ts";
import { nodesOf } from "../syntax/ld/walk.ts";
import type { Span } from "../text/span.ts";
import { describeCommand } from "./script-commands.ts";
import { type Block, type CursorContext, contextAt } from "./script-context.ts";
import { type FileItem, headersBeside, headersOnPath, scriptsBeside } from "./script-files.ts";
import {
  ATTRIBUTES,
  CONSTANTS,
  DIRECTIVES,
  FORMATS,
  MACHINES,
  SECTION_FLAGS,
  SECTION_KINDS,
  SEGMENT_TYPES,
} from "./script-words.ts";

export type CompletionKind =
  | "command"
  | "function"
  | "symbol"
  | "section"
  | "region"
  | "segment"
  | "macro"
  | "constant"
  | "snippet"
  | "directive"
  | "file"
  | "folder";

export interface ScriptCompletion {
  readonly label: string;
  readonly kind: CompletionKind;
  readonly detail: string | undefined;
  /** Markdown; of symbols, whoever shows one asks for it then. */
  readonly documentation: string | undefined;
  /** What is typed instead of the label, with `$1`, `$0` for the places of the cursor. */
  readonly snippet: string | undefined;
}

export interface ScriptCompletions {
  readonly items: readonly ScriptCompletion[];
  /** What is replaced: the part of the word before the cursor. */
  readonly replaced: Span;
  /** More typing may bring items that are not among these. */
  readonly isIncomplete: boolean;
}

/** How many symbols of the tree are offered at once. */
const MOST_SYMBOLS = 100;

/** One letter fits half of the tree's symbols. */
const LEAST_PREFIX = 2;

const words = (list: string): readonly string[] => list.split(" ");

const ASSIGNING = words("PROVIDE PROVIDE_HIDDEN HIDDEN ASSERT");
const STATEMENTS: Readonly<Record<Block, readonly string[]>> = {
  file: [
    ...ASSIGNING,
    ...words(
      "SECTIONS MEMORY PHDRS ENTRY EXTERN INCLUDE INPUT GROUP OUTPUT OUTPUT_FORMAT OUTPUT_ARCH TARGET STARTUP SEARCH_DIR " +
        "REGION_ALIAS INSERT NOCROSSREFS NOCROSSREFS_TO VERSION FORCE_COMMON_ALLOCATION FORCE_GROUP_ALLOCATION " +
        "INHIBIT_COMMON_ALLOCATION LD_FEATURE OVERWRITE_SECTIONS",
    ),
  ],
  sections: [...ASSIGNING, ...words("ENTRY INCLUDE OVERLAY GROUP")],
  section: [
    ...ASSIGNING,
    ...words(
      "KEEP INCLUDE BYTE SHORT LONG QUAD SQUAD FILL ASCII ASCIZ CONSTRUCTORS CREATE_OBJECT_SYMBOLS LINKER_VERSION " +
        "SORT SORT_BY_NAME SORT_BY_ALIGNMENT SORT_BY_INIT_PRIORITY SORT_NONE EXCLUDE_FILE INPUT_SECTION_FLAGS",
    ),
  ],
  overlay: [],
  memory: ["INCLUDE"],
  segments: [],
  versions: [],
  version: words("global: local: extern"),
  macro: [],
};

const FUNCTIONS = words(
  "ABSOLUTE ADDR ALIGN ALIGNOF BLOCK CONSTANT DATA_SEGMENT_ALIGN DATA_SEGMENT_END DATA_SEGMENT_RELRO_END DEFINED LENGTH " +
    "LOADADDR LOG2CEIL MAX MIN NEXT ORIGIN SEGMENT_START SIZEOF SIZEOF_HEADERS",
);
const SORTS = words("SORT SORT_BY_NAME SORT_BY_ALIGNMENT SORT_BY_INIT_PRIORITY SORT_NONE REVERSE EXCLUDE_FILE");
const HEADER = words("AT ALIGN ALIGN_WITH_INPUT SUBALIGN ONLY_IF_RO ONLY_IF_RW");
const TYPES = words("NOLOAD READONLY DSECT COPY INFO OVERLAY TYPE");
/** Input sections that compilers make, so that patterns can be typed without knowing them by heart. */
const INPUT_SECTIONS = words(
  ".text .text.* .rodata .rodata.* .data .data.* .bss .bss.* COMMON .init .fini .init_array .fini_array .ctors .dtors .eh_frame " +
    ".tdata .tbss .note.gnu.build-id .comment",
);

/** What may be typed at an offset of the script at `path`. */
export function completeScript(path: string, script: LdScript, offset: number, program: Program): ScriptCompletions {
  const context = contextAt(script.source, offset, script.preprocessed, script.kind);
  const typed = script.source.slice(context.prefix.start, context.prefix.end);
  const scope: Scope = { path, script, program, prefix: typed, symbolsCut: false };
  const isPath = PATHS.has(context.expects);
  const start = isPath ? context.prefix.start + typed.lastIndexOf("/") + 1 : context.prefix.start;
  const prefix = script.source.slice(start, context.prefix.end);
  const items = new Map<string, ScriptCompletion>();
  for (const item of itemsFor(context, scope)) {
    if (isPrefixOf(prefix, item.label) && !items.has(item.label)) items.set(item.label, item);
  }
  const replaced = { start, end: context.prefix.end };
  // The next part of a path comes once this one was taken.
  return { items: [...items.values()], replaced, isIncomplete: scope.symbolsCut || isPath };
}

const PATHS: ReadonlySet<string> = new Set(["script-file", "quoted-header", "angled-header"]);

interface Scope {
  readonly path: string;
  readonly script: LdScript;
  readonly program: Program;
  readonly prefix: string;
  /** There are symbols beyond those offered. */
  symbolsCut: boolean;
}

/** Both cases alike, as editors filter. */
function isPrefixOf(prefix: string, label: string): boolean {
  return label.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();
}

function itemsFor(context: CursorContext, scope: Scope): ScriptCompletion[] {
  switch (context.expects) {
    case "statement":
      return statementItems(context, scope);
    case "expression":
      return [...FUNCTIONS.map(functionItem), ...macroItems(scope), ...symbolItems(scope)];
    case "symbol":
      return symbolItems(scope);
    case "section":
      return names(scope, "section");
    case "region":
      return names(scope, "region");
    case "segment":
      return [...names(scope, "segment"), described("NONE", "segment", "puts the section into no segment")];
    case "constant":
      return table(CONSTANTS);
    case "section-header":
      return [...HEADER.map((word) => commandItem(word)), ...(context.mayBeTrailer ? names(scope, "segment") : [])];
    case "section-type":
      return [...TYPES.map(typeItem), ...FUNCTIONS.map(functionItem)];
    case "input":
      return [...SORTS, "INPUT_SECTION_FLAGS"].map((word) => commandItem(word));
    case "pattern":
      return [...SORTS.map((word) => commandItem(word)), ...inputSections(scope)];
    case "section-flags":
      return table(SECTION_FLAGS);
    case "region-attributes":
      return table(ATTRIBUTES);
    case "region-bounds":
      return [commandItem("ORIGIN", "ORIGIN = ${1:0}"), commandItem("LENGTH", "LENGTH = ${1:64K}")];
    case "segment-type":
      return table(SEGMENT_TYPES);
    case "segment-qualifier":
      return [
        ...["FILEHDR", "AT", "FLAGS"].map((word) => commandItem(word)),
        described("PHDRS", "constant", "puts the program headers into the segment"),
      ];
    case "insert-place":
      return words("AFTER BEFORE").map((word) => commandItem(word));
    case "input-files":
      return [commandItem("AS_NEEDED")];
    case "script-file":
      return files(scriptsBeside(scope.path, scope.prefix, scope.program.index.paths()));
    case "quoted-header":
      return files(headersBeside(scope.path, scope.prefix, scope.program.index.paths()));
    case "angled-header":
      return files(headersOnPath(scope.path, scope.prefix, scope.program.index.paths()));
    case "section-kind":
      return table(SECTION_KINDS);
    case "version-tag":
      return versionTags(scope);
    case "format":
      return table(FORMATS);
    case "machine":
      return table(MACHINES);
    case "directive":
      return Object.entries(DIRECTIVES).map(([label, detail]) => described(label, "directive", detail));
    case "macro":
      return [...macroItems(scope, false), ...optionItems(scope)];
    case "condition":
      return [
        described("defined", "function", "whether the macro is defined", "defined($1)$0"),
        ...macroItems(scope),
        ...optionItems(scope),
      ];
    case "none":
      return [];
  }
}

function statementItems({ block, isBehindSection }: CursorContext, scope: Scope): ScriptCompletion[] {
  // A macro's body may stand among sections or within one; which, only its callers know.
  const allowed = block === "macro" ? [...STATEMENTS.sections, ...STATEMENTS.section] : STATEMENTS[block];
  const items = allowed.map((word) => commandItem(word));
  if (isBehindSection) items.push({ ...commandItem("AT", "AT>${1:region}"), label: "AT>" });
  if (block === "version") {
    // A dynamic list has no labels.
    const labels = scope.script.kind === "dynamic-list" ? items.filter(({ label }) => label === "extern") : items;
    return [...labels, ...symbolItems(scope)];
  }
  if (block === "segments" || block === "overlay") return items;
  items.push(...macroItems(scope));
  if (block === "memory") return items;
  if (block === "sections" || block === "macro") {
    items.push(described("/DISCARD/", "section", "takes what is not to be linked", "/DISCARD/ : {\n\t$0\n}"));
  }
  if (block === "section" || block === "macro") items.push(described("COMMON", "section", "common symbols"));
  for (const text of definedNames(scope, "symbol")) items.push(described(text, "symbol", "assigned in this script"));
  return items;
}

function described(label: string, kind: CompletionKind, detail: string, snippet?: string): ScriptCompletion {
  return { label, kind, detail, documentation: undefined, snippet };
}

function table(entries: Readonly<Record<string, string>>): ScriptCompletion[] {
  return Object.entries(entries).map(([label, detail]) => described(label, "constant", detail));
}

/** What a command looks like when it is written; those that are words alone have none. */
const SNIPPETS: Readonly<Record<string, string>> = {
  SECTIONS: "SECTIONS\n{\n\t$0\n}",
  OVERWRITE_SECTIONS: "OVERWRITE_SECTIONS\n{\n\t$0\n}",
  MEMORY: "MEMORY\n{\n\t${1:ram} (${2:rwx}) : ORIGIN = ${3:0}, LENGTH = ${4:64K}$0\n}",
  PHDRS: "PHDRS\n{\n\t${1:text} PT_LOAD FLAGS(${2:5});$0\n}",
  VERSION: "VERSION\n{\n\t${1:V1} { global: $0; local: *; };\n}",
  OVERLAY: "OVERLAY ${1:.} : AT(${2:0})\n{\n\t$0\n}",
  ASSERT: 'ASSERT(${1:condition}, "${2:message}")',
  PROVIDE: "PROVIDE(${1:symbol} = ${2:.});",
  PROVIDE_HIDDEN: "PROVIDE_HIDDEN(${1:symbol} = ${2:.});",
  HIDDEN: "HIDDEN(${1:symbol} = ${2:.});",
  KEEP: "KEEP(*(${1:.section}))",
  INCLUDE: "INCLUDE ${1:file}",
  INSERT: "INSERT ${1|AFTER,BEFORE|} ${2:.section};",
  ASCIZ: 'ASCIZ "$1"',
  ASCII: 'ASCII (${1:size}) "$2"',
  TYPE: "TYPE = ${1:SHT_PROGBITS}",
};
const BARE = new Set(
  words(
    "CONSTRUCTORS CREATE_OBJECT_SYMBOLS LINKER_VERSION FORCE_COMMON_ALLOCATION FORCE_GROUP_ALLOCATION " +
      "INHIBIT_COMMON_ALLOCATION ALIGN_WITH_INPUT ONLY_IF_RO ONLY_IF_RW NOLOAD READONLY DSECT COPY INFO OVERLAY FILEHDR PHDRS " +
      "AFTER BEFORE SIZEOF_HEADERS global: local: extern",
  ),
);

function commandItem(word: string, snippet?: string): ScriptCompletion {
  const written = snippet ?? SNIPPETS[word] ?? (BARE.has(word) ? undefined : `${word}($1)$0`);
  return { label: word, kind: "command", detail: undefined, documentation: describeCommand(word), snippet: written };
}

function typeItem(word: string): ScriptCompletion {
  const item = commandItem(word);
  return word === "OVERLAY" ? described(word, "constant", "an output section that takes no memory") : item;
}

function functionItem(word: string): ScriptCompletion {
  const snippet = BARE.has(word) ? undefined : `${word}($1)$0`;
  return { label: word, kind: "function", detail: undefined, documentation: describeCommand(word), snippet };
}

// Names

/** The script and the headers of scripts that it includes. A header that was not read yet is there the next time. */
function scriptsOf({ path, script, program }: Scope): readonly LdScript[] {
  const included = readWithIncludes(path, program.index, program.texts).filter((one) => one.path !== path);
  return [...new Set([script, ...included.map((one) => one.script)])];
}

function definedNames(scope: Scope, kind: ScriptNameKind): readonly string[] {
  const found = new Set<string>();
  for (const script of scriptsOf(scope)) for (const text of scriptModelOf(script).defined(kind)) found.add(text);
  // The word that is being typed is no name yet, though the script may read as if it were one.
  if (scriptModelOf(scope.script).placesOf(kind, scope.prefix).length === 1) found.delete(scope.prefix);
  return [...found];
}

function names(scope: Scope, kind: "section" | "region" | "segment"): ScriptCompletion[] {
  const details = { section: "output section", region: "memory region", segment: "segment" } as const;
  return definedNames(scope, kind).map((text) => described(text, kind, details[kind]));
}

/** The versions that the script names, for one that builds upon another. */
function versionTags({ script }: Scope): ScriptCompletion[] {
  const versions = nodesOf(script).flatMap((node) => (node.kind === "version" ? node.nodes : []));
  const tags = new Set(versions.flatMap(({ tag }) => tag?.text ?? []));
  return [...tags].map((tag) => described(tag, "region", "version"));
}

function inputSections(scope: Scope): ScriptCompletion[] {
  const own = names(scope, "section").filter(({ label }) => label !== "/DISCARD/");
  return [...own, ...INPUT_SECTIONS.map((text) => described(text, "section", "input section"))];
}

/** Options of Kconfig that the scripts at hand ask for; all of them are too many. */
function optionItems(scope: Scope): ScriptCompletion[] {
  const found = new Set<string>();
  for (const { source } of scriptsOf(scope)) {
    for (const [name] of source.slice(0, source.length).matchAll(/\bCONFIG_\w+/g)) {
      if (name !== scope.prefix) found.add(name);
    }
  }
  return [...found].sort().map((name) => described(name, "constant", "option of Kconfig"));
}

/** A path is completed folder by folder: what is replaced is its last part. */
function files(items: readonly FileItem[]): ScriptCompletion[] {
  return items.map(({ label, isFolder }) =>
    described(label, isFolder ? "folder" : "file", isFolder ? "folder" : "file"),
  );
}

/** The macros that are defined, with places for their arguments where they are called. */
function macroItems(scope: Scope, isCall = true): ScriptCompletion[] {
  return scriptsOf(scope).flatMap((script) =>
    script.macros.map((macro) => {
      const parameters = macro.parameters === undefined ? "" : `(${macro.parameters.join(", ")})`;
      const places = macro.parameters?.map((parameter, i) => `\${${i + 1}:${escapeSnippet(parameter)}}`).join(", ");
      const snippet = places === undefined || !isCall ? undefined : `${macro.name}(${places})$0`;
      return described(macro.name, "macro", `#define ${macro.name}${parameters}`, snippet);
    }),
  );
}

function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, "\\$&");
}

/** Symbols of this script first, then those of the tree that begin with what was typed. */
function symbolItems(scope: Scope): ScriptCompletion[] {
  const { program, prefix } = scope;
  const own = definedNames(scope, "symbol").map((text) => described(text, "symbol", "assigned in this script"));
  const isTooShort = prefix.length < LEAST_PREFIX;
  const found = isTooShort ? [] : program.index.symbolNames(prefix, MOST_SYMBOLS);
  if (isTooShort || found.length >= MOST_SYMBOLS || !program.index.isComplete) scope.symbolsCut = true;
  const far = found
    .filter((name) => name.startsWith(prefix) && name !== prefix && IDENTIFIER.test(name))
    .map((name) => described(name, "symbol", "symbol"));
  return [...own, ...far];
}

/** What the index knows of a name that macros paste together is a pattern, not a name. */
const IDENTIFIER = /^[A-Za-z_.$][\w.$]*$/;
