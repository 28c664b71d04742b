/**
 * What an assembly file says of linkage: one fact for each definition, with the binding that all its directives together
 * give, and one for each symbol that is only bound or declared. It knows no other file and no configuration.
 */

import { parseAsm } from "../../syntax/asm/parse-asm.ts";
import type { AsmCall, AsmFile, AsmItem, AsmMaker, CppMacro } from "../../syntax/asm/tree.ts";
import { type Source, sourceOfText } from "../../text/source.ts";
import type {
  ArgumentFact,
  Binding,
  FileFacts,
  HandoverFact,
  MacroFact,
  MadeSymbol,
  MakerFact,
  Role,
  SymbolFact,
  SymbolKind,
} from "./facts.ts";
import { pasteFactsOfText } from "./paste-facts.ts";

/** What directives, wherever they stand in the file, say of one symbol (GNU as manual, Global, Weak, Local, Type). */
interface Nature {
  binding: Binding | undefined;
  kind: SymbolKind;
  visibility: string | undefined;
  isDefined: boolean;
  /** What a `.symver` leaves of a name that is defined (GNU as manual, Symver); undefined where it stays as it is. */
  plain: "gone" | "local" | undefined;
  isCommon: boolean;
}

/** The facts of a parsed assembly file. */
export function factsOfAsm(file: AsmFile): FileFacts {
  return {
    language: "asm",
    symbols: symbolFacts(file.items),
    includes: file.includes,
    macros: file.defines.flatMap((define) => macroFact(define) ?? []),
    makers: file.makers.flatMap(makerFact),
    handovers: [...file.makers.flatMap(handoverFacts), ...pasteFactsOfText(file.source)],
    arguments: argumentFacts(file.calls),
    exports: [...new Set(file.items.flatMap((item) => (item.kind === "export" ? [item.name] : [])))],
    references: [],
  };
}

/** What the `.macro`s of a C header make, which assembly includes; its #defines and all else are for the reader of C. */
export function factsOfGasMacros(source: Source): Pick<FileFacts, "makers" | "handovers"> {
  const { gasMacros, makers } = parseAsm(source);
  const starts = new Set(gasMacros.map(({ start }) => start));
  const gas = makers.filter(({ start }) => starts.has(start));
  return { makers: gas.flatMap(makerFact), handovers: gas.flatMap(handoverFacts) };
}

/** What a macro makes of its parameters, as C's macros do (c-facts.ts). */
function makerFact({ name, start, end, condition, parameters, items }: AsmMaker): MakerFact[] {
  const symbols: MadeSymbol[] = [];
  for (const fact of symbolFacts(items)) {
    const made = fillHoles(fact.name, parameters);
    if (made === undefined || made === fact.name) continue;
    // A label called as what it is given is bound by those who call the macro: `.weak start` and `func start`.
    if (fact.binding === "local" && (fact.role !== "definition" || !parameters.includes(made))) continue;
    const { kind, role, binding, words, section, visibility } = fact;
    const target = fact.target === undefined ? undefined : fillHoles(fact.target, parameters);
    const symbol = { name: made, kind, role, binding, words, section, visibility };
    symbols.push({ ...symbol, target } as MadeSymbol);
  }
  return symbols.length === 0 ? [] : [{ name, start, end, condition, parameters, symbols }];
}

function handoverFacts({ name: macro, start, end, condition, parameters, calls }: AsmMaker): HandoverFact[] {
  return calls.map(({ name, arguments: given }) => ({
    name,
    macro,
    start,
    end,
    condition,
    parameters,
    arguments: given.map((text) => fillHoles(text, parameters) ?? ""),
  }));
}

/** The words among the operands of what may be calls; what is written alike says the same. */
function argumentFacts(calls: readonly AsmCall[]): ArgumentFact[] {
  const found: ArgumentFact[] = [];
  const seen = new Set<string>();
  for (const { name, arguments: given, condition } of calls) {
    const call = `${name}(${given.map(({ text }) => text).join(",")})`;
    if (seen.has(`${call}\0${condition}`)) continue;
    seen.add(`${call}\0${condition}`);
    for (const { text, start, end } of given) {
      if (text === "") continue;
      found.push({ name: /^\d/.test(text) ? `${name} ${text}` : text, start, end, condition, call });
    }
  }
  return found;
}

/**
 * A name with holes as a pattern: "__key___hole_0__" as "__key_##name"; undefined where a hole holds no word.
 * @param holes what fills them, in order
 */
export function fillHoles(name: string, holes: readonly string[]): string | undefined {
  const parts = name.split(/__hole_(\d+)__/).map((part, i) => (i % 2 === 1 ? (holes[Number(part)] ?? "") : part));
  return parts.some((part, i) => i % 2 === 1 && part === "")
    ? undefined
    : parts.filter((part) => part !== "").join("##");
}

/** The makers and handovers of a C header's macro whose replacement is assembly, by its parameters and its text. */
export function factsOfAsmDefine(
  parameters: readonly string[],
  body: string,
): { readonly symbols: readonly MadeSymbol[]; readonly calls: AsmMaker["calls"] } {
  const { makers } = parseAsm(sourceOfText(`#define M(${parameters.join(", ")}) ${body}\n`));
  const [maker] = makers;
  if (maker === undefined) return { symbols: [], calls: [] };
  const calls = maker.calls.map(({ name, arguments: given }) => ({
    name,
    arguments: given.map((text) => fillHoles(text, parameters) ?? ""),
  }));
  return { symbols: makerFact(maker).flatMap(({ symbols }) => symbols), calls };
}

/** Where a C file's asm string stands: its facts take this place, as the string's own offsets are not the file's. */
export interface AsmTextPlace {
  readonly start: number;
  readonly end: number;
  readonly condition: string;
}

/**
 * The facts of an `asm("…")` at a C file's scope.
 * @param text the decoded and joined string literals
 */
export function factsOfAsmText(text: string, place: AsmTextPlace): readonly SymbolFact[] {
  return symbolFacts(parseAsm(sourceOfText(text)).items).map((fact) => ({ ...fact, ...place }));
}

function symbolFacts(items: readonly AsmItem[]): SymbolFact[] {
  const natures = naturesOf(items);
  const facts: SymbolFact[] = [];
  const declared = new Set<string>();
  for (const item of items) {
    const nature = natures.get(keyOf(item))!;
    const fact = factOf(item, nature);
    if (fact === undefined) continue;
    if (fact.role === "declaration" || (fact.binding === "local" && item.kind === "assign")) {
      // One fact says all that .globl, .weak and .hidden of the same symbol say together; another branch says it anew.
      // And a local constant that counts something is assigned to many times.
      const key = `${keyOf(item)}\0${item.condition}`;
      if (declared.has(key)) continue;
      declared.add(key);
    }
    facts.push(fact);
  }
  return facts;
}

/** A macro's body binds what it defines by itself; what it says is kept apart from the file's own statements. */
function keyOf(item: AsmItem): string {
  return item.inMacro === undefined ? item.name : `${item.name}\0${item.inMacro}`;
}

function naturesOf(items: readonly AsmItem[]): Map<string, Nature> {
  const natures = new Map<string, Nature>();
  for (const item of items) {
    const key = keyOf(item);
    let nature = natures.get(key);
    if (nature === undefined) {
      nature = {
        binding: undefined,
        kind: "unknown",
        visibility: undefined,
        isDefined: false,
        plain: undefined,
        isCommon: false,
      };
      natures.set(key, nature);
    }
    switch (item.kind) {
      case "global":
        // A symbol that any directive calls weak is weak, whatever else is said of it (gas, obj-elf.c: elf_frob_symbol).
        if (nature.binding !== "weak") nature.binding = "strong";
        break;
      case "weak":
        nature.binding = "weak";
        break;
      case "weakReference":
        // It is a plain definition where this file has it, and a plain reference where that is spoken of by its own name.
        if (nature.binding === undefined) nature.binding = "weak";
        break;
      case "common":
        // It is local where `.local` stood before it, and stays global where that comes later.
        if (nature.binding === undefined) nature.binding = "strong";
        nature.isCommon = true;
        nature.kind = "object";
        nature.isDefined = true;
        break;
      case "localCommon":
        nature.kind = "object";
        nature.isDefined = true;
        break;
      case "local":
        if (nature.binding !== "weak" && !nature.isCommon) nature.binding = "local";
        break;
      case "version":
        nature.plain = /@@@|,remove/.test(item.value ?? "")
          ? "gone"
          : /,local/.test(item.value ?? "")
            ? "local"
            : undefined;
        break;
      case "hidden":
      case "protected":
      case "internal":
        nature.visibility = item.kind;
        break;
      case "type":
        if (item.value === "function" || item.value === "object") nature.kind = item.value;
        break;
      case "label":
      case "assign":
        nature.isDefined = true;
        break;
    }
  }
  return natures;
}

function factOf(item: AsmItem, nature: Nature): SymbolFact | undefined {
  // The assembler makes a symbol global only when asked to, and local when it is defined without being asked.
  const binding = nature.binding ?? "local";
  if (item.kind !== "version" && nature.isDefined && nature.plain === "gone") return undefined;
  switch (item.kind) {
    case "label":
    case "common":
    case "localCommon": {
      const fact = newFact(item, nature, item.name, "definition", nature.plain === "local" ? "local" : binding);
      if (item.section !== undefined) fact.section = item.section;
      return fact;
    }
    case "assign":
      return withValue(newFact(item, nature, item.name, "assignment", binding), item.value ?? "");
    case "version": {
      const fact = newFact(item, nature, (item.value ?? "").replace(/,.*/, "").replace(/@+/, "@"), "alias", binding);
      fact.target = item.name;
      return fact;
    }
    case "type":
    case "export":
    case "local":
      return undefined;
    default:
      return nature.isDefined ? undefined : newFact(item, nature, item.name, "declaration", nature.binding ?? "strong");
  }
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const NO_WORDS: readonly string[] = [];

/** Facts are many: each is made as one literal, and gets further members only where it has them. */
function newFact(item: AsmItem, nature: Nature, name: string, role: Role, binding: Binding): Writable<SymbolFact> {
  const fact: Writable<SymbolFact> = {
    name,
    kind: nature.kind,
    role,
    binding,
    scope: "file",
    start: item.start,
    end: item.end,
    condition: item.condition,
    words: NO_WORDS,
  };
  if (nature.visibility !== undefined) fact.visibility = nature.visibility;
  if (item.inMacro !== undefined) fact.inMacro = item.inMacro;
  return fact;
}

/** `.set a, b` makes an alias where b is one symbol, and else an assignment. */
function withValue(fact: Writable<SymbolFact>, value: string): SymbolFact {
  if (/^[A-Za-z_.$][\w.$]*$/.test(value) && value !== ".") {
    fact.role = "alias";
    fact.target = value;
  } else if (/^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(value)) {
    fact.constantValue = value;
  }
  return fact;
}

/** Macros that say something of linkage: their body binds a symbol, or uses words that may. */
function macroFact(define: CppMacro): MacroFact | undefined {
  if (define.isPlain) return undefined;
  const words = define.body.flatMap((token) => (isLinkageWord(token.text) ? [token.text] : []));
  if (words.length === 0) return undefined;
  return {
    name: define.name,
    start: define.start,
    end: define.end,
    condition: define.condition,
    isWeak: words.includes(".weak"),
    words: [...new Set(words)],
  };
}

function isLinkageWord(text: string): boolean {
  return /^(?:\.(?:weak|globl|global|hidden|protected|internal)|SYM_\w+|ENTRY|WEAK|GLOBAL)$/.test(text);
}

/** `asm(".weak f")` at file scope weakens what the file itself defines, as the assembler joins the two (measured with gas 2.40). */
export function addAsmFacts(symbols: SymbolFact[], added: readonly SymbolFact[]): void {
  const weak = added.filter(({ role, binding }) => role === "declaration" && binding === "weak");
  for (const { name, condition } of weak) {
    if (condition !== "") continue;
    for (const [i, fact] of symbols.entries()) {
      const isDefinition = fact.role === "definition" || fact.role === "tentative";
      if (fact.name === name && isDefinition && fact.binding === "strong") symbols[i] = { ...fact, binding: "weak" };
    }
  }
  symbols.push(...added);
}
