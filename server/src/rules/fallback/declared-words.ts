/**
 * What attributes and macros say of a declaration besides that it is weak: whether a definition without them would be another
 * thing. A fallback repeats the declaration above it, so that what compilers carry over from there is kept; what they don't carry
 * over, what may be a part of the type, and what nobody here knows ends the fix. It decides nothing about values.
 */

import { treeOf } from "../../linkage/facts/parsed.ts";
import { definitionsOf } from "../../linkage/symbols/macro-definitions.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import { KEYWORD } from "../../syntax/c/keywords.ts";
import { listTokens } from "../../syntax/c/token-list.ts";
import { sourceOfText } from "../../text/source.ts";
import type { LocatedDeclaration } from "./declaration.ts";

/** Attributes that a declaration hands on to the definition behind it (GCC manual, "Common Function Attributes"), or that say nothing of it. */
const HANDED_ON: ReadonlySet<string> = new Set(
  [
    "weak cold hot noinline noclone noipa used unused maybe_unused retain pure const nothrow leaf malloc warn_unused_result",
    "nodiscard deprecated unavailable section visibility format format_arg nonnull sentinel aligned externally_visible access",
    "no_instrument_function no_address_safety_analysis no_stack_protector stack_protect no_split_stack no_icf no_reorder",
    "no_profile_instrument_function noplt alloc_size alloc_align assume_aligned artificial flatten nocf_check nomerge",
    "no_sanitize no_sanitize_address no_sanitize_thread no_sanitize_memory no_sanitize_undefined no_sanitize_coverage",
    "disable_sanitizer_instrumentation patchable_function_entry zero_call_used_regs function_return indirect_branch",
    "error warning diagnose_as_builtin annotate btf_decl_tag btf_type_tag nocommon noinit nonstring latent_entropy",
    "null_terminated_string_arg fd_arg no_builtin minsize optnone nodebug not_tail_called disable_tail_calls",
    // What only sparse and other checkers are told.
    "noderef context bitwise force nocast safe acquires_capability release_capability requires_capability",
    // These have refusals of their own, which say more.
    "noreturn returns_nonnull mode vector_size address_space alias",
  ]
    .join(" ")
    .split(" "),
);

/** Ways of calling a function, which compilers take for a part of its type and a definition has to repeat. */
const CONVENTIONS: ReadonlySet<string> = new Set(
  "ms_abi sysv_abi regparm sseregparm cdecl stdcall fastcall thiscall vectorcall pcs aarch64_vector_pcs long_call short_call longcall shortcall syscall_linkage".split(
    " ",
  ),
);

/** Macros that stand for macros are followed this far. */
const MACRO_STEPS = 8;

/** What the words of one declaration come to. */
interface Said {
  readonly program: Program;
  readonly path: string;
  readonly name: string;
}

/**
 * Why a definition that looks like the declaration might be another thing; undefined where it is the same.
 * @param declared a weak declaration
 */
export function findUnkept(declared: LocatedDeclaration, program: Program): string | undefined {
  const { declaration, declarator, path } = declared;
  const said = { program, path, name: declarator.name };
  for (const { name } of [...declaration.attributes, ...declarator.attributes]) {
    const why = whyAttribute(name, said);
    if (why !== undefined) return why;
  }
  for (const { name } of [...declaration.words, ...declarator.words]) {
    const why = whyWord(name, said);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** A macro in a declaration that may give the symbol another name for the linker, said as a refusal. */
export function findRenaming(words: readonly string[], name: string, path: string, program: Program) {
  const said = { program, path, name };
  const renaming = words.find((word) =>
    textsOf(word, said).some(({ tokens }) => tokens.some(({ kind }) => kind === KEYWORD.asm)),
  );
  return renaming === undefined
    ? undefined
    : `the macro '${renaming}' in ${path} may give '${name}' another name, which the linker sees`;
}

function whyAttribute(attribute: string, { name }: Said, macro?: string): string | undefined {
  if (HANDED_ON.has(attribute) || CONVENTIONS.has(attribute)) return undefined;
  const where = macro === undefined ? "" : `, of the macro '${macro}',`;
  return `what the attribute '${attribute}'${where} makes of a definition of '${name}' is not known`;
}

function whyWord(word: string, said: Said): string | undefined {
  if (bodiesOf(word, said) === "unknown")
    return `'${word}' has too many definitions to know what it makes of a definition of '${said.name}'`;
  for (const text of textsOf(word, said)) {
    for (const { kind } of text.tokens) {
      if (kind === KEYWORD.threadLocal)
        return `'${said.name}' is thread-local by the macro '${word}', and its storage in a fallback would be of another kind`;
    }
    for (const attribute of text.attributes) {
      const why = whyAttribute(attribute, said, word);
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

/** How the function is called where the declaration says so: the words and attributes that its definition repeats, with a blank behind each. */
export function conventionsOf({ declaration, declarator, path }: LocatedDeclaration, program: Program): string {
  const said = { program, path, name: declarator.name };
  const attributes = [...declaration.attributes, ...declarator.attributes]
    .filter(({ name }) => CONVENTIONS.has(name))
    .map(({ name, argument }) => `__attribute__((${name}${argument === undefined ? "" : `(${argument})`})) `);
  const words = [...declaration.words, ...declarator.words]
    .filter(
      ({ name, argument }) =>
        argument === undefined &&
        textsOf(name, said).some((text) => text.attributes.some((one) => CONVENTIONS.has(one))),
    )
    .map(({ name }) => `${name} `);
  return [...attributes, ...words].join("");
}

interface MacroText {
  readonly tokens: ReturnType<typeof listTokens>;
  readonly attributes: readonly string[];
}

/** What a word stands for in the tree's definitions of it, and in those of the words that it stands for. */
function textsOf(word: string, said: Said, steps = MACRO_STEPS): MacroText[] {
  const bodies = bodiesOf(word, said);
  return (bodies === "unknown" ? [] : bodies).flatMap((body) => {
    const source = sourceOfText(`extern int declared ${body};`);
    const tokens = listTokens(source, 0, source.length);
    const declarators = treeOf(source).declarations.flatMap((one) => [one, ...one.declarators]);
    const attributes = declarators.flatMap((one) => one.attributes.map(({ name }) => name));
    const inner = declarators.flatMap((one) => one.words.map(({ name }) => name)).filter((name) => name !== word);
    return [{ tokens, attributes }, ...(steps === 0 ? [] : inner.flatMap((name) => textsOf(name, said, steps - 1)))];
  });
}

/** The replacements of a macro: those that speak of linkage wherever they stand, and else what the file may see. */
function bodiesOf(word: string, { program, path }: Said): string[] | "unknown" {
  const known = program.index.macros(word).flatMap((macro) => {
    const source = program.texts.source(macro.path);
    if (source === undefined) return [];
    const define = treeOf(source).defines.find(({ nameSpan }) => nameSpan.start === macro.fact.start);
    return define === undefined ? [] : [source.slice(define.body.start, define.body.end)];
  });
  if (known.length > 0) return [...new Set(known)].map(joinLines);
  const lines = definitionsOf(word, path, program);
  return lines === "unknown" ? lines : lines.map((line) => joinLines(replacementOf(line)));
}

function joinLines(text: string): string {
  return text.replaceAll("\\\n", " ").replaceAll("\\\r\n", " ");
}

/** What stands behind a #define's name and parameters. */
function replacementOf(line: string): string {
  const source = sourceOfText(line);
  const tokens = listTokens(source, line.indexOf("define") + "define".length, line.length);
  const [name, open] = tokens;
  if (name === undefined) return "";
  if (open?.text !== "(" || open.isSpaced) return line.slice(name.end);
  const close = tokens.find(({ text }) => text === ")");
  return close === undefined ? "" : line.slice(close.end);
}
