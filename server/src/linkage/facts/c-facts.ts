/**
 * What a C file says of linkage. Annotations that the file's own #defines explain are resolved; the others stay in `words`,
 * for the macros of the tree to say what they mean. It knows no other file and no configuration.
 */

import { isStatementWord } from "../../syntax/c/keywords.ts";
import { decodeString } from "../../syntax/c/literals.ts";
import { splitArguments } from "../../syntax/c/makers.ts";
import { parseC } from "../../syntax/c/parser.ts";
import { isStaticBefore } from "../../syntax/c/static-prototypes.ts";
import type {
  CAssemblyDefine,
  CAttribute,
  CDeclaration,
  CDeclarator,
  CDefine,
  CFile,
  CMacroCall,
  CMadeAsm,
  CMaker,
  CWeakPragma,
  CWord,
} from "../../syntax/c/tree.ts";
import { findUses } from "../../syntax/c/uses.ts";
import type { Source } from "../../text/source.ts";
import { addAsmFacts, factsOfAsmDefine, factsOfAsmText, fillHoles } from "./asm-facts.ts";
import {
  type ArgumentFact,
  type Binding,
  type FileFacts,
  type HandoverFact,
  type IncludeFact,
  type MacroFact,
  type MadeSymbol,
  type MakerFact,
  RENAMING,
  type Role,
  type SymbolFact,
  type SymbolKind,
} from "./facts.ts";
import { pasteFacts } from "./paste-facts.ts";

export interface CFactsOptions {
  /** Also give symbols with internal linkage, which no other file can see: for open documents. */
  readonly includeLocal?: boolean;
}

/** Reads a C file's text for its facts alone, faster than by its whole tree. */
export function readFactsOfC(source: Source): FileFacts {
  return factsOfC(parseC(source, { onlyLinkage: true }));
}

/** The facts of a parsed C file. */
export function factsOfC(parsed: CFile, options: CFactsOptions = {}): FileFacts {
  const file = withAsmNames(parsed);
  const macros = ownMacros(file.defines);
  const symbols: SymbolFact[] = [];
  const locals: SymbolFact[] = [];
  let targets: Set<string> | undefined;
  for (const declaration of file.declarations) {
    if (declaration.storage === "typedef") continue;
    for (const declarator of declaration.declarators) {
      const fact = factOf(file, declaration, declarator, macros);
      if (fact === undefined) continue;
      if (fact.target !== undefined) (targets ??= new Set()).add(fact.target);
      if (fact.binding === "local" && !options.includeLocal) locals.push(fact);
      else symbols.push(fact);
    }
  }
  const undeclared: CWeakPragma[] = [];
  for (const pragma of file.weakPragmas) {
    const { name, nameSpan, target, condition } = pragma;
    if (target !== undefined) {
      (targets ??= new Set()).add(target);
      const alias = { ...BARE, name, role: "alias" as const, ...nameSpan, condition, target };
      symbols.push(alias);
    } else undeclared.push(pragma);
  }
  if (undeclared.length > 0) applyWeakPragmas(file, symbols, undeclared);
  for (const asm of file.asms) addAsmFacts(symbols, factsOfAsmText(asm.text, asm));
  if (targets !== undefined) symbols.push(...localTargets(file, targets, locals, macros));
  if (file.weakPragmas.length > 0 || file.asms.length > 0 || targets !== undefined) {
    symbols.sort((a, b) => a.start - b.start);
  }
  const assembly = file.assembly.map((define) => assemblyFacts(file, define));
  return {
    language: "c",
    symbols,
    includes: file.includes as readonly IncludeFact[],
    macros: macroFacts(file.defines),
    makers: [
      ...file.makers.flatMap((maker) => makerFact(file, maker, macros)),
      ...assembly.flatMap(({ makers }) => makers),
    ],
    handovers: [
      ...file.makers.flatMap(handoversOf),
      ...file.defines.flatMap(renameOf),
      ...file.pastes.flatMap(({ name, nameSpan, condition, parameters, patterns }) =>
        pasteFacts({ macro: name, ...nameSpan, condition, parameters }, patterns),
      ),
      ...assembly.flatMap(({ handovers }) => handovers),
    ],
    arguments: file.calls.flatMap((call) => argumentFacts(file, call)),
    exports: exportsOf(file),
    references: [],
  };
}

/** The file with the asm label of one declaration on all others of the same name: it belongs to the symbol (GCC, Asm Labels). */
function withAsmNames(file: CFile): CFile {
  let names: Map<string, string> | undefined;
  for (const { declarators, storage, inMacro } of file.declarations) {
    for (const { name, asmName } of declarators) {
      if (asmName === undefined || storage === "typedef" || inMacro !== undefined) continue;
      (names ??= new Map()).set(name, asmName);
    }
  }
  if (names === undefined) return file;
  const declarations = file.declarations.map((declaration) => ({
    ...declaration,
    declarators: declaration.declarators.map((declarator) => {
      const asmName = declarator.asmName ?? names.get(declarator.name);
      return asmName === declarator.asmName ? declarator : { ...declarator, asmName };
    }),
  }));
  return { ...file, declarations };
}

const NO_WORDS: readonly string[] = Object.freeze([]);

/** What `#pragma weak` says of a symbol by itself. */
const BARE = { kind: "unknown", binding: "weak", scope: "file", words: NO_WORDS } as const;

/**
 * `#pragma weak x` makes every declaration and definition of x in the file weak. Without one it is a declaration itself where the
 * file uses x, which a header then declares; by itself it makes no symbol.
 */
function applyWeakPragmas(file: CFile, symbols: SymbolFact[], pragmas: readonly CWeakPragma[]): void {
  const wanted = new Set(pragmas.map(({ name }) => name));
  const declared = new Set<string>();
  for (let i = 0; i < symbols.length; i++) {
    const fact = symbols[i]!;
    if (!wanted.has(fact.name) || fact.binding === "local") continue;
    declared.add(fact.name);
    symbols[i] = { ...fact, binding: "weak" };
  }
  const others = pragmas.filter(({ name }) => !declared.has(name));
  if (others.length === 0) return;
  // The whole tree tells of statics too. Files with such a pragma are few.
  const own = new Set(
    parseC(file.source).declarations.flatMap(({ declarators }) => declarators.map(({ name }) => name)),
  );
  const used = new Set(findUses(file.source, new Set(others.map(({ name }) => name))).map(({ name }) => name));
  for (const { name, nameSpan, condition } of others) {
    if (own.has(name) || !used.has(name)) continue;
    symbols.push({ ...BARE, name, role: "declaration", ...nameSpan, condition });
  }
}

/**
 * The targets of aliases that have internal linkage: an alias may name a static. They were not kept where only linkage was
 * asked for, so the file is read once more; few files have such an alias.
 */
function localTargets(
  file: CFile,
  targets: ReadonlySet<string>,
  locals: readonly SymbolFact[],
  macros: OwnMacros,
): SymbolFact[] {
  const found = locals.filter((fact) => targets.has(fact.name));
  const isMissing = [...targets].some((target) => {
    return !found.some((fact) => fact.name === target) && !hasDeclarator(file, target);
  });
  if (!isMissing) return found;
  const again: SymbolFact[] = [];
  for (const declaration of parseC(file.source).declarations) {
    if (declaration.storage !== "static") continue;
    for (const declarator of declaration.declarators) {
      if (!targets.has(declarator.name)) continue;
      const fact = factOf(file, declaration, declarator, macros);
      if (fact !== undefined) again.push(fact);
    }
  }
  return again;
}

function hasDeclarator(file: CFile, name: string): boolean {
  return file.declarations.some((declaration) =>
    declaration.declarators.some((declarator) => declarator.name === name),
  );
}

/** The fact of one declarator; undefined where it declares nothing that a linker sees. */
function factOf(
  file: CFile,
  declaration: CDeclaration,
  declarator: CDeclarator,
  macros: OwnMacros,
): SymbolFact | undefined {
  if (isStatementWord(declarator.name)) return undefined;
  const meaning: Meaning = {
    isWeak: false,
    isWeakref: false,
    target: undefined,
    weakTarget: undefined,
    section: undefined,
    visibility: undefined,
    wordTarget: undefined,
    words: undefined,
  };
  addMeaning(meaning, declaration.attributes, declaration.words, macros);
  addMeaning(meaning, declarator.attributes, declarator.words, macros);
  if (meaning.isWeakref && meaning.weakTarget === undefined) meaning.weakTarget = meaning.target;
  const role = roleOf(declaration, declarator, meaning);
  const isStatic = declaration.storage === "static" || isStaticBefore(file, declaration, declarator);
  const isLocal = isStatic && meaning.weakTarget === undefined;
  if (isLocal && declaration.scope === "block") return undefined;
  const binding: Binding = isLocal ? "local" : meaning.isWeak ? "weak" : "strong";
  const { nameSpan, shape } = declarator;
  const fact: Writable<SymbolFact> = {
    name: meaning.weakTarget === undefined ? nameOf(file, declaration, declarator) : patternOf(meaning.weakTarget),
    kind: kindOf(declaration, declarator),
    role,
    binding,
    scope: declaration.scope,
    start: nameSpan.start,
    end: nameSpan.end,
    condition: declaration.condition,
    words: meaning.words ?? NO_WORDS,
  };
  if (meaning.section !== undefined) fact.section = meaning.section;
  if (meaning.visibility !== undefined) fact.visibility = meaning.visibility;
  if (meaning.target !== undefined) fact.target = meaning.target;
  else if (meaning.wordTarget !== undefined && role !== "definition") fact.wordTarget = meaning.wordTarget;
  if (role === "tentative" && shape === "plain" && declaration.typeOf !== undefined) fact.typeOf = declaration.typeOf;
  if (declaration.isVoid && shape === "plain") fact.isVoid = true;
  if (shape === "array") fact.isArray = true;
  if (shape === "pointer") fact.isPointer = true;
  if (declarator.isConst) fact.isConst = true;
  if (declaration.isInline) fact.isInline = true;
  if (declaration.inMacro !== undefined) fact.inMacro = declaration.inMacro;
  return fact;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The name that the linker sees: that of an asm label, or of the declarator; a pattern where it hangs on a parameter. */
function nameOf(file: CFile, declaration: CDeclaration, declarator: CDeclarator): string {
  if (declarator.asmName !== undefined && declarator.asmName !== "") return declarator.asmName;
  const name = declarator.renamedTo ?? declarator.name;
  if (declaration.inMacro === undefined || name.includes("##")) return name;
  return defineAround(file.defines, declaration.start)?.parameters?.includes(name) ? `##${name}` : name;
}

/** In a macro, `weakref(#name)` names the symbol by a parameter. */
function patternOf(target: string): string {
  return target.startsWith("#") ? `##${target.slice(1).trim()}` : target;
}

/** The #define whose replacement holds the offset: they lie in the file's order. */
function defineAround(defines: readonly CDefine[], offset: number): CDefine | undefined {
  let low = 0;
  let high = defines.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (defines[middle]!.body.start <= offset) low = middle + 1;
    else high = middle;
  }
  return defines[low - 1];
}

/** C11 6.2.2 and 6.9.2, and GCC's alias attribute, which makes a definition of a declaration. */
function roleOf(declaration: CDeclaration, declarator: CDeclarator, meaning: Meaning): Role {
  if (meaning.weakTarget !== undefined) return "declaration";
  if (meaning.target !== undefined) return "alias";
  if (declaration.body !== undefined && declaration.declarators[0] === declarator) return "definition";
  if (declarator.initializer !== undefined) return "definition";
  if (declarator.shape === "function" || declaration.storage === "extern") return "declaration";
  return "tentative";
}

/** A typedef may be of a function, so a plain declarator of an unknown type tells nothing without const or a value. */
function kindOf(declaration: CDeclaration, declarator: CDeclarator): SymbolKind {
  if (declarator.shape === "function") return "function";
  if (declarator.shape !== "plain") return "object";
  const isObject =
    declaration.isObjectType || declaration.isVoid || declarator.isConst || declarator.initializer !== undefined;
  return isObject ? "object" : "unknown";
}

/** What all attributes and annotations of a declarator say together. */
interface Meaning {
  isWeak: boolean;
  /** A weakref without a target has that of an alias attribute (GCC, weakref). */
  isWeakref: boolean;
  target: string | undefined;
  /** The target of a weakref: the static itself is only a local name for a weak reference (GCC, weakref). */
  weakTarget: string | undefined;
  section: string | undefined;
  visibility: string | undefined;
  /** What the first word with a name alone in its parentheses has there. */
  wordTarget: string | undefined;
  /** Made when there is a first one: most declarations have none. */
  words: string[] | undefined;
}

/** The file's macros that explain annotations; several #defines of one name, in branches of an #if, count together. */
type OwnMacros = ReadonlyMap<string, readonly CDefine[]>;

const NO_MACROS: OwnMacros = new Map();

function ownMacros(defines: readonly CDefine[]): OwnMacros {
  let macros: Map<string, CDefine[]> | undefined;
  for (const define of defines) {
    if (define.attributes.length === 0 && define.words.length === 0) continue;
    // What is static or inline is kept as a word, for the whole tree's macros to say what it comes to.
    if (define.isStatic || define.isInline) continue;
    macros ??= new Map();
    const same = macros.get(define.name);
    if (same === undefined) macros.set(define.name, [define]);
    else same.push(define);
  }
  return macros ?? NO_MACROS;
}

function addMeaning(
  meaning: Meaning,
  attributes: readonly CAttribute[],
  words: readonly CWord[],
  macros: OwnMacros,
): void {
  for (const attribute of attributes) addAttribute(meaning, attribute.name, attribute.argument);
  for (const word of words) addWord(meaning, word.name, word.argument, macros, 0);
}

function addAttribute(meaning: Meaning, name: string, argument: string | undefined): void {
  switch (name) {
    case "weak":
      meaning.isWeak = true;
      break;
    case "alias":
      meaning.target = unquote(argument);
      break;
    case "ifunc":
      // The function that this attribute names chooses one; the symbol is defined all the same.
      meaning.target ??= unquote(argument) ?? "";
      break;
    case "weakref":
      meaning.isWeak = true;
      meaning.isWeakref = true;
      if (argument !== undefined) meaning.weakTarget = unquote(argument);
      break;
    case "section":
      meaning.section = unquote(argument);
      break;
    case "visibility":
      meaning.visibility = unquote(argument);
      break;
  }
}

/** The text of a string literal; other arguments, macros and pasted strings, as they are written. */
function unquote(argument: string | undefined): string | undefined {
  return argument?.startsWith('"') && argument.indexOf('"', 1) === argument.length - 1
    ? decodeString(argument)
    : argument;
}

/** How far one annotation may stand for another. */
const DEEPEST = 8;

const WEAK_ARGUMENT = /^(?:.*,)?\s*(?:weak|__weak__)\s*(?:,.*)?$/;

function addWord(meaning: Meaning, name: string, argument: string | undefined, macros: OwnMacros, depth: number): void {
  const defines = depth < DEEPEST ? macros.get(name) : undefined;
  if (defines === undefined) {
    (meaning.words ??= []).push(name);
    // `ATTRIBUTE(weak)`: whatever the macro is called, it stands for the attribute that it is given.
    if (argument !== undefined && WEAK_ARGUMENT.test(argument)) meaning.isWeak = true;
    const target = unquote(argument);
    if (target === undefined || !PATTERN.test(target)) return;
    // Of several words with a name in their parentheses, `__section("data") __alias(x)`, one may say what it is.
    if (meaning.wordTarget === undefined || /alias/i.test(name)) meaning.wordTarget = target;
    return;
  }
  for (const define of defines) {
    for (const attribute of define.attributes) {
      addAttribute(meaning, attribute.name, substitute(define, attribute.argument, argument));
    }
    for (const word of define.words) {
      if (word.name !== name)
        addWord(meaning, word.name, substitute(define, word.argument, argument), macros, depth + 1);
    }
  }
}

/** A macro's argument in the place of its parameter, where that is all of the text: `#symbol` or `section`. */
function substitute(define: CDefine, text: string | undefined, argument: string | undefined): string | undefined {
  if (text === undefined || argument === undefined || define.parameters === undefined) return text;
  const isString = text.startsWith("#");
  const place = define.parameters.indexOf(isString ? text.slice(1).trim() : text);
  if (place < 0) return text;
  const value = define.parameters.length === 1 ? argument : argument.split(",")[place]?.trim();
  return isString && value !== undefined ? `"${value}"` : value;
}

/** The facts of a file's #defines. Of one that means weak in a branch of an #if, what it is in the others is kept too. */
function macroFacts(defines: readonly CDefine[]): MacroFact[] {
  const facts = defines.flatMap((define) => macroFact(define));
  const weak = new Set(facts.flatMap(({ name, isWeak }) => (isWeak ? [name] : [])));
  return weak.size === 0 ? facts : defines.flatMap((define) => macroFact(define, weak));
}

/** The fact of a #define that may stand for attributes; none of one that only declares something, but for those to be kept. */
function macroFact(define: CDefine, kept?: ReadonlySet<string>): MacroFact[] {
  const { name, nameSpan, condition, attributes, isStatic, isInline } = define;
  const isWeak = attributes.some((attribute) => attribute.name === "weak");
  const isAlias = attributes.some((attribute) => attribute.name === "alias");
  const words = define.words.map((word) => word.name).filter((word) => word !== name);
  const isTold = isWeak || isAlias || isStatic || isInline || words.length > 0;
  if (!isTold && kept?.has(name) !== true) return [];
  const fact: Writable<MacroFact> = { name, start: nameSpan.start, end: nameSpan.end, condition, isWeak, words };
  if (isAlias) fact.isAlias = true;
  const target = unquote(attributes.find((attribute) => attribute.name === "alias")?.argument);
  if (target !== undefined && PATTERN.test(target) && !define.parameters?.includes(target)) fact.target = target;
  if (isStatic) fact.isStatic = true;
  if (isInline) fact.isInline = true;
  return [fact];
}

/** A word, or in a macro's body words that are pasted. */
const PATTERN = /^[A-Za-z_$][\w$]*(?:##[\w$]+)*$/;

/** The fact of a macro that declares symbols. */
function makerFact(file: CFile, maker: CMaker, macros: OwnMacros): MakerFact[] {
  const { name, nameSpan, condition, parameters } = maker;
  const symbols: MadeSymbol[] = [];
  for (const declaration of maker.declarations) {
    for (const declarator of declaration.declarators) {
      const fact = factOf(file, declaration, declarator, macros);
      if (fact === undefined) continue;
      const name = fact.name.startsWith("##") ? fact.name.slice(2) : declarator.name;
      if (!name.endsWith(")") && !name.split("##").some((word) => parameters.includes(word))) continue;
      // An inline function is a body to be inlined, and defines nothing that is linked.
      if (fact.isInline && declaration.storage !== "extern") continue;
      const { kind, role, binding, words, section, visibility, wordTarget, isArray, isPointer, isConst } = fact;
      const target = fact.target !== undefined && PATTERN.test(fact.target) ? fact.target : undefined;
      const made = { name, kind, role, binding, words, section, visibility, target, wordTarget };
      const isUnfinished = declaration === maker.unfinished && role === "declaration" && kind === "function";
      const open = isUnfinished ? { isUnfinished } : {};
      symbols.push({ ...made, isArray, isPointer, isConst, ...open } as MadeSymbol);
    }
  }
  for (const asm of maker.asms) symbols.push(...symbolsOfAsm(asm));
  return symbols.length === 0 ? [] : [{ name, ...nameSpan, condition, parameters, symbols }];
}

/** The symbols that a macro's assembly binds or defines and whose names the macro's parameters are part of. */
function symbolsOfAsm({ text, holes }: CMadeAsm): MadeSymbol[] {
  return factsOfAsmText(text, { start: 0, end: 0, condition: "" }).flatMap((fact) => {
    const name = fillHoles(fact.name, holes);
    if (name === undefined || name === fact.name || fact.binding === "local") return [];
    const { kind, role, binding, words, section, visibility } = fact;
    const target = fact.target === undefined ? undefined : fillHoles(fact.target, holes);
    const made = { name, kind, role, binding, words, section, visibility };
    return [{ ...made, target: target !== undefined && PATTERN.test(target) ? target : undefined } as MadeSymbol];
  });
}

/** What a macro makes in assembly that includes the header. */
function assemblyFacts({ source }: CFile, define: CAssemblyDefine): Pick<FileFacts, "makers" | "handovers"> {
  const { name: macro, nameSpan, condition, parameters, body } = define;
  const { symbols, calls } = factsOfAsmDefine(parameters, source.slice(body.start, body.end));
  const place = { ...nameSpan, condition, parameters };
  return {
    makers: symbols.length === 0 ? [] : [{ name: macro, ...place, symbols }],
    handovers: calls.map((call) => ({ ...call, macro, ...place })),
  };
}

function handoversOf({ name: macro, nameSpan, parameters, calls, condition }: CMaker): HandoverFact[] {
  return calls.map(({ follows, ...call }) => ({
    ...call,
    macro,
    ...nameSpan,
    condition,
    parameters,
    ...(follows === undefined ? {} : { follows }),
  }));
}

/** An object-like macro of one word gives what is called so another name; see {@link RENAMING}. */
function renameOf(define: CDefine): HandoverFact[] {
  const { name, nameSpan, condition, words, attributes } = define;
  const [word] = words;
  if (define.parameters !== undefined || word === undefined || words.length > 1 || attributes.length > 0) return [];
  if (define.isStatic || define.isInline || word.argument !== undefined) return [];
  if (word.name === name) return [];
  const renaming = { name: `${RENAMING}${word.name}`, macro: name, ...nameSpan, condition };
  return [{ ...renaming, parameters: [], arguments: [word.name] }];
}

/** The words among a call's arguments; none of EXPORT_SYMBOL and its kin, which {@link exportsOf} tells. */
function argumentFacts(file: CFile, call: CMacroCall): ArgumentFact[] {
  if (call.name.startsWith("EXPORT_SYMBOL")) return [];
  const given = splitArguments(file.source, call.arguments.start, call.arguments.end, "part");
  const plain = given.filter(({ text }) => text !== "" && text !== "static");
  if (plain.length === 0) return [];
  const text = `${call.name}(${given.map((argument) => argument.text).join(",")})`;
  return plain.map((argument) => ({
    name: /^\d/.test(argument.text) ? `${call.name} ${argument.text}` : argument.text,
    start: argument.start,
    end: argument.end,
    condition: call.condition,
    call: text,
    ...(call.body === undefined ? {} : { hasBody: true as const }),
  }));
}

/** EXPORT_SYMBOL, EXPORT_SYMBOL_GPL, EXPORT_SYMBOL_NS(x, ns) and their kin: the first argument. */
function exportsOf(file: CFile): string[] {
  const exports: string[] = [];
  for (const call of file.calls) {
    if (!call.name.startsWith("EXPORT_SYMBOL")) continue;
    const name = firstArgument(file, call);
    if (name !== undefined && !exports.includes(name)) exports.push(name);
  }
  return exports;
}

function firstArgument(file: CFile, call: CMacroCall): string | undefined {
  const { start, end } = call.arguments;
  return /^\s*([A-Za-z_$][\w$]*)\s*(?:,|$)/.exec(file.source.slice(start, Math.min(end, start + 512)))?.[1];
}
