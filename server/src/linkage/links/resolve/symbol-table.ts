/**
 * The linker's table of global symbols while it reads its inputs: what each name stands for so far, and what one more definition or
 * reference makes of it. The rules are those of bfd's link_action (bfd/linker.c) with _bfd_elf_merge_symbol (bfd/elflink.c), and of
 * Symbol::resolve (lld/ELF/Symbols.cpp), which agree but for what they do with archives.
 */

import type { InputSymbol, Linker, ResolvableObject, ResolvableShared } from "./inputs.ts";

/** A definition that some input has. */
export interface Definition {
  readonly input: ResolvableObject | ResolvableShared;
  readonly symbol: InputSymbol;
}

export interface Reference {
  /** The name as the input has it; under --wrap another than what it is bound by. */
  readonly name: string;
  readonly input: ResolvableObject | ResolvableShared;
  readonly isWeak: boolean;
}

/** What a name stands for so far. */
export interface Entry {
  readonly name: string;
  /**
   * - undefined, undefined-weak: referred to only
   * - lazy: an archive read so far has it (lld alone keeps that); nothing has taken it
   * - defined, weak, common: an object's definition
   * - shared: a shared library's
   * - script: a linker script's, before any input was read
   * - unseen: nothing yet; --wrap and scripts may speak of it all the same
   */
  state: "unseen" | "undefined" | "undefined-weak" | "lazy" | "defined" | "weak" | "common" | "shared" | "script";
  definition: Definition | undefined;
  /** Every definition that was read, in the order of the link; the winner's among them. */
  readonly definitions: Definition[];
  readonly references: Reference[];
  /** Strong definitions behind the first, in objects: what "multiple definition" is about. */
  readonly rivals: Definition[];
  /** True once an object, not only a shared library, refers to it or defines it. */
  isSeenByObjects: boolean;
  /** -u asks for it. */
  isDemanded: boolean;
}

export interface SymbolTable {
  readonly entries: Map<string, Entry>;
  /** Signatures of the groups whose sections are part of the link, by the object that brought them. */
  readonly groups: Map<string, ResolvableObject>;
}

export function createSymbolTable(): SymbolTable {
  return { entries: new Map(), groups: new Map() };
}

export function entryOf({ entries }: SymbolTable, name: string): Entry {
  let entry = entries.get(name);
  if (entry === undefined) {
    entry = {
      name,
      state: "unseen",
      definition: undefined,
      definitions: [],
      references: [],
      rivals: [],
      isSeenByObjects: false,
      isDemanded: false,
    };
    entries.set(name, entry);
  }
  return entry;
}

export function isUndefined({ state }: Entry): boolean {
  return state === "unseen" || state === "undefined" || state === "undefined-weak" || state === "lazy";
}

/**
 * Whether a definition of a shared library is what the name stands for from here on. The first library that has it counts, weak or
 * not: the dynamic linker goes by the order of libraries (ELF gABI, "Shared Object Dependencies"). What an object defines goes
 * before all of them; a common symbol does in lld, and in GNU ld unless the library has strong data (_bfd_elf_merge_symbol).
 */
export function isTakenFromLibrary(entry: Entry, symbol: InputSymbol, linker: Linker): boolean {
  return isUndefined(entry) || (entry.state === "common" && linker === "bfd" && isStrongData(symbol));
}

function isStrongData({ binding, place, isFunction }: InputSymbol): boolean {
  return binding === "global" && place === "defined" && isFunction !== true;
}

/** Enters a definition of an object, or of a shared library. */
export function define(entry: Entry, definition: Definition, linker: Linker): void {
  entry.definitions.push(definition);
  const { input, symbol } = definition;
  if (input.kind === "shared") {
    if (!isTakenFromLibrary(entry, symbol, linker)) return;
    entry.state = "shared";
    entry.definition = definition;
    return;
  }
  entry.isSeenByObjects = true;
  const state = symbol.place === "common" ? "common" : symbol.binding === "weak" ? "weak" : "defined";
  if (entry.state === "script") {
    const isStrong = (one: Definition) => one.input.kind === "object" && one.symbol.binding === "global";
    if (state === "defined" && entry.definitions.find(isStrong) !== definition) entry.rivals.push(definition);
    return;
  }
  const staysShared =
    linker === "bfd" && entry.state === "shared" && state === "common" && isStrongData(entry.definition!.symbol);
  if (staysShared) return;
  if (isUndefined(entry) || entry.state === "shared" || outranks(state, entry.state)) {
    entry.state = state;
    entry.definition = definition;
  } else if (state === "defined" && entry.state === "defined") {
    entry.rivals.push(definition);
  } else if (state === "common" && entry.state === "common") {
    const largest = entry.definition?.symbol.size ?? 0;
    if ((symbol.size ?? 0) > largest) entry.definition = definition;
  }
}

/** Whether a definition of an object takes the place of another one's: strong over common and weak, common over weak. */
function outranks(state: "defined" | "weak" | "common", before: Entry["state"]): boolean {
  return ranks[state] > (ranks[before as keyof typeof ranks] ?? 0);
}

/** Whether an object refers to it, and no shared library. */
export function isOfObject({ input }: Reference): boolean {
  return input.kind === "object";
}

const ranks = { weak: 1, common: 2, defined: 3 } as const;

/**
 * Enters a reference. Whether it takes a member of an archive is up to who reads the archives. In lld the references of shared libraries
 * count where no object has any, whichever come first (Symbol::resolve: "Undefined symbols in a SharedFile do not change the binding").
 */
export function refer(entry: Entry, reference: Reference, linker: Linker): void {
  const isFirstOfObjects = reference.input.kind === "object" && !entry.references.some(isOfObject);
  const isByLibraries = entry.references.length > 0 && isFirstOfObjects && !entry.isDemanded;
  entry.references.push(reference);
  if (reference.input.kind === "object") entry.isSeenByObjects = true;
  if (linker === "lld" && entry.state !== "unseen") {
    if (reference.input.kind === "shared") return;
    if (entry.state === "undefined" && isByLibraries && reference.isWeak) entry.state = "undefined-weak";
  }
  if (entry.state === "unseen" || (entry.state === "undefined-weak" && !reference.isWeak)) {
    entry.state = reference.isWeak ? "undefined-weak" : "undefined";
  }
}
