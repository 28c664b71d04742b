/**
 * The symbols that the object of a translation unit has: what it defines, with which binding, and what it refers to weakly,
 * by the rules of C (C11 6.2.2, 6.7.4, 6.9.2), GNU C and the assembler. All macros are expanded and all conditions decided,
 * so nothing is left open but what the optimizer drops. It reads no file.
 */

import type { AsmDialect } from "../../syntax/asm/dialect.ts";
import { parseAsm } from "../../syntax/asm/parse-asm.ts";
import { spellingText } from "../../syntax/cpp/spellings.ts";
import { liveRanges } from "../../syntax/unit/dead-code.ts";
import { readUnitBody } from "../../syntax/unit/parse-unit.ts";
import type { TokenRange, TranslationUnit, UnitAsm, UnitDeclaration } from "../../syntax/unit/tree.ts";
import { behind, CLASS } from "../../syntax/unit/unit-tokens.ts";
import { sourceOfText } from "../../text/source.ts";
import { factsOfAsm } from "../facts/asm-facts.ts";
import type { Binding, Role, SymbolFact, SymbolKind } from "../facts/facts.ts";

/** A symbol as it stands in the object's symbol table. */
export interface UnitSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** "declaration" is an undefined symbol. */
  readonly role: Role;
  readonly binding: Binding;
  readonly scope: "file" | "block";
  /** The token, in the preprocessor's output, at which it is declared or defined. */
  readonly token: number;
  /** Code or data that goes into the object refers to it, as far as that shows before optimization. */
  readonly isReferenced: boolean;
  readonly target?: string;
  readonly section?: string;
}

export interface UnitOptions {
  /**
   * `inline` means what it meant to GNU C before C99 (-fgnu89-inline, -std=gnu89): alone it defines, with `extern` it does
   * not.
   */
  readonly isGnuInline?: boolean;
  readonly dialect?: AsmDialect;
}

/** All that the declarations of one name at file scope say together. */
interface Entity {
  readonly name: number;
  readonly declarations: UnitDeclaration[];
  isInternal: boolean;
  isFunction: boolean;
  isWeak: boolean;
  /** An attribute keeps it even if nothing refers to it. */
  isKept: boolean;
  isGnuInline: boolean;
  /** A declaration without `inline`, or with `extern`: it makes an inline definition an external one (C11 6.7.4p7). */
  isPlainlyDeclared: boolean;
  /** A definition that is `extern inline` in GNU's meaning. */
  alias: string | undefined;
  weakTarget: string | undefined;
  section: string | undefined;
  /** The name that the assembler sees, where an asm label or a pragma gives another one. */
  label: string | undefined;
  isReferenced: boolean;
}

interface Unit {
  readonly tree: TranslationUnit;
  readonly entities: Map<number, Entity>;
  readonly bySymbol: Map<string, Entity>;
  /** Block-scope declarations of names that the file scope does not declare, and asm of bodies that are emitted. */
  readonly asms: UnitAsm[];
}

/** The symbols with external linkage, in the order of their places, and weak references. */
export function symbolsOfUnit(tree: TranslationUnit, options: UnitOptions = {}): UnitSymbol[] {
  const unit: Unit = { tree, entities: new Map(), bySymbol: new Map(), asms: [...tree.asms] };
  for (const declaration of tree.declarations) addDeclaration(unit, declaration, options);
  const pragmaAliases = applyPragmas(unit);
  for (const entity of unit.entities.values()) unit.bySymbol.set(symbolName(unit, entity), entity);
  visitEmitted(unit, options);
  const symbols = new Map<string, UnitSymbol>();
  for (const entity of unit.entities.values()) {
    const symbol = symbolOf(unit, entity);
    if (symbol !== undefined) symbols.set(symbol.name, symbol);
  }
  for (const symbol of pragmaAliases) symbols.set(symbol.name, symbol);
  addAsm(unit, symbols, options);
  return [...symbols.values()].filter((symbol) => symbol.binding !== "local").sort((a, b) => a.token - b.token);
}

function addDeclaration(unit: Unit, declaration: UnitDeclaration, options: UnitOptions): void {
  const { storage, attributes, isInline } = declaration;
  // A register variable is a name of a register and no symbol.
  if (storage === "register" || storage === "typedef") return;
  let entity = unit.entities.get(declaration.name);
  if (entity === undefined) {
    entity = {
      name: declaration.name,
      declarations: [],
      // What the first declaration says of linkage holds for all (C11 6.2.2p4, p7).
      isInternal: storage === "static",
      isFunction: false,
      isWeak: false,
      isKept: false,
      isGnuInline: options.isGnuInline === true,
      isPlainlyDeclared: false,
      alias: undefined,
      weakTarget: undefined,
      section: undefined,
      label: undefined,
      isReferenced: false,
    };
    unit.entities.set(declaration.name, entity);
  }
  entity.declarations.push(declaration);
  if (storage === "static") entity.isInternal = true;
  if (declaration.isFunction) entity.isFunction = true;
  if (declaration.scope === "file" && (!isInline || storage === "extern")) entity.isPlainlyDeclared = true;
  if (declaration.asmName !== undefined) entity.label ??= declaration.asmName;
  for (const { name, argument } of attributes) {
    switch (name) {
      case "weak":
        entity.isWeak = true;
        break;
      case "alias":
      case "ifunc":
        entity.alias = argument ?? "";
        break;
      case "weakref":
        entity.weakTarget = argument ?? entity.alias ?? "";
        break;
      case "gnu_inline":
        entity.isGnuInline = true;
        break;
      case "section":
        entity.section = argument;
        break;
      case "used":
      case "retain":
      case "constructor":
      case "destructor":
        entity.isKept = true;
        break;
    }
  }
  // `weakref` alone takes its target from `alias`.
  if (entity.weakTarget === "" && entity.alias !== undefined) entity.weakTarget = entity.alias;
}

/** Makes names weak, renames them, and gives the aliases that `#pragma weak a = b` makes. */
function applyPragmas(unit: Unit): UnitSymbol[] {
  const aliases: UnitSymbol[] = [];
  if (unit.tree.pragmas.length === 0) return aliases;
  const byName = new Map([...unit.entities.values()].map((entity) => [textOf(unit, entity.name), entity]));
  for (const { kind, name, target, origin } of unit.tree.pragmas) {
    const entity = byName.get(name);
    if (kind === "rename") {
      // gcc renames what is declared, and forgets it of a function whose definition is its only declaration.
      if (entity?.declarations.some(({ body }) => body === undefined)) entity.label ??= target;
    } else if (entity !== undefined) {
      entity.isWeak = true;
      if (target !== undefined) entity.alias = target;
    } else if (target !== undefined) {
      const isFunction = byName.get(target)?.isFunction === true;
      const made = { name, kind: isFunction ? "function" : "object", role: "alias", binding: "weak" } as const;
      aliases.push({ ...made, scope: "file", token: origin, isReferenced: false, target });
    }
  }
  return aliases;
}

function textOf(unit: Unit, spelling: number): string {
  return spellingText(unit.tree.tokens.names, spelling);
}

/** An asm label may begin with `*`, which only says that no prefix is put before it. */
function symbolName(unit: Unit, entity: Entity): string {
  return entity.label === undefined ? textOf(unit, entity.name) : entity.label.replace(/^\*/, "");
}

/** How a function or object is defined, if it is. */
interface Definition {
  readonly role: "definition" | "tentative" | "alias";
  readonly declaration: UnitDeclaration;
}

/** The definition that makes a symbol; undefined for one that is only declared or whose inline definition makes none. */
function definitionOf(entity: Entity): Definition | undefined {
  const { declarations } = entity;
  if (entity.weakTarget !== undefined) return undefined;
  if (entity.alias !== undefined) return { role: "alias", declaration: declarations.at(-1)! };
  const defined = declarations.find(({ body, initializer }) => body !== undefined || initializer !== undefined);
  if (defined !== undefined)
    return isEmitted(entity, defined) ? { role: "definition", declaration: defined } : undefined;
  const tentative = declarations.find(({ isFunction, storage, scope }) => {
    return scope === "file" && !isFunction && storage !== "extern";
  });
  return tentative && !entity.isFunction ? { role: "tentative", declaration: tentative } : undefined;
}

/**
 * Whether the definition of a function with external linkage is an external one. In GNU's meaning, `extern inline` is never
 * one and `inline` alone is ("An Inline Function is As Fast As a Macro"); in C's, it needs one declaration without `inline` or
 * with `extern`.
 */
function isEmitted(entity: Entity, definition: UnitDeclaration): boolean {
  if (definition.body === undefined || entity.isInternal) return true;
  if (!entity.declarations.some(({ isInline }) => isInline)) return true;
  if (entity.isGnuInline) return !(definition.isInline && definition.storage === "extern");
  return entity.isPlainlyDeclared;
}

function symbolOf(unit: Unit, entity: Entity): UnitSymbol | undefined {
  const definition = definitionOf(entity);
  const { tokens } = unit.tree;
  const first = entity.declarations[0]!;
  if (entity.weakTarget !== undefined) {
    return {
      name: entity.weakTarget,
      kind: kindOf(entity),
      role: "declaration",
      binding: "weak",
      scope: first.scope,
      token: tokens.origins[first.token]!,
      isReferenced: entity.isReferenced,
    };
  }
  const declaration = definition?.declaration ?? first;
  return {
    name: symbolName(unit, entity),
    kind: kindOf(entity),
    role: definition?.role ?? "declaration",
    binding: entity.isInternal ? "local" : entity.isWeak ? "weak" : "strong",
    scope: declaration.scope,
    token: tokens.origins[declaration.token]!,
    isReferenced: entity.isReferenced,
    ...(entity.alias === undefined ? {} : { target: entity.alias }),
    ...(entity.section === undefined ? {} : { section: entity.section }),
  };
}

function kindOf(entity: Entity): SymbolKind {
  return entity.isFunction ? "function" : "object";
}

/**
 * Goes through all code and data that has to be emitted, from what other units can see to what that refers to, and notes
 * which names it refers to, what its blocks declare and which asm it holds.
 */
function visitEmitted(unit: Unit, options: UnitOptions): void {
  const pending: Entity[] = [];
  const reach = (entity: Entity | undefined): void => {
    if (entity === undefined || entity.isReferenced) return;
    entity.isReferenced = true;
    pending.push(entity);
  };
  const roots = [...unit.entities.values()].filter((entity) => {
    return entity.isKept || (!entity.isInternal && definitionOf(entity) !== undefined);
  });
  const visited = new Set<Entity>();
  const visit = (entity: Entity): void => {
    if (visited.has(entity)) return;
    visited.add(entity);
    if (entity.alias !== undefined) reach(unit.bySymbol.get(entity.alias));
    for (const { initializer, body } of entity.declarations) {
      if (initializer !== undefined) visitRange(unit, initializer, reach);
      if (body === undefined) continue;
      for (const range of liveRanges(unit.tree.tokens, body)) {
        const contents = readUnitBody(unit.tree, range);
        for (const declaration of contents.declarations) addDeclaration(unit, declaration, options);
        unit.asms.push(...contents.asms);
        visitRange(unit, range, reach);
      }
    }
  };
  for (const root of roots) visit(root);
  for (let entity = pending.pop(); entity !== undefined; entity = pending.pop()) visit(entity);
}

/** Every name in the range that is no member's and whose value is asked for. */
function visitRange(unit: Unit, range: TokenRange, reach: (entity: Entity | undefined) => void): void {
  const { tokens } = unit.tree;
  const { classes, spellings } = tokens;
  for (let at = range.start; at < range.end; at++) {
    const kind = classes[at];
    if (kind === CLASS.name) {
      const before = classes[at - 1];
      if (before !== CLASS.dot && before !== CLASS.arrow) reach(unit.entities.get(spellings[at]!));
    } else if ((kind === CLASS.typeof || kind === CLASS.sizeof) && classes[at + 1] === CLASS.openParen) {
      at = behind(tokens, at + 1) - 1;
    }
  }
}

/** An asm statement that names no symbol for the linker is not read further; at file scope it may define a macro for others. */
const SPEAKS_OF_LINKAGE = /\.(?:globl|global|weak|comm|set|equ|symver|local)|=/;

/** Adds what asm defines and binds; what it says of the binding of C's symbols counts for those. */
function addAsm(unit: Unit, symbols: Map<string, UnitSymbol>, options: UnitOptions): void {
  const speaks = unit.asms.filter(({ text }) => SPEAKS_OF_LINKAGE.test(text));
  if (speaks.length === 0) return;
  const asms = [...new Set([...unit.tree.asms, ...speaks])];
  // One assembler reads them all, and macros of one hold in the next.
  const starts: number[] = [];
  let text = "";
  for (const asm of asms) {
    starts.push(text.length);
    text += `${asm.text}\n`;
  }
  const file = parseAsm(sourceOfText(text), options.dialect === undefined ? {} : { dialect: options.dialect });
  const tokenOf = (fact: SymbolFact): number => {
    const asm = asms[starts.findLastIndex((start) => start <= fact.start)];
    return asm === undefined ? 0 : unit.tree.tokens.origins[asm.token]!;
  };
  for (const fact of factsOfAsm(file).symbols) {
    if (fact.inMacro !== undefined || /[%\\]/.test(fact.name)) continue;
    const known = symbols.get(fact.name);
    const token = tokenOf(fact);
    const isWeak = known?.binding === "weak" && known.isReferenced;
    if (known === undefined) symbols.set(fact.name, symbolOfFact(fact, token));
    else if (fact.role === "declaration") {
      if (fact.binding === "weak" || known.binding === "local")
        symbols.set(fact.name, { ...known, binding: fact.binding });
    } else if (known.role === "declaration") {
      symbols.set(fact.name, { ...symbolOfFact(fact, token), ...(isWeak ? { binding: "weak" } : {}) });
    }
  }
}

function symbolOfFact(fact: SymbolFact, token: number): UnitSymbol {
  const { name, kind, role, binding, scope } = fact;
  const isReferenced = role === "declaration" && binding === "weak";
  const made = { name, kind, role, binding, scope, token, isReferenced };
  return fact.target === undefined ? made : { ...made, target: fact.target };
}
