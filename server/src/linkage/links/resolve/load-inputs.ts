/**
 * Reads a link's inputs in their order, as ld and lld do, and takes out of archives what they would: bfd searches an archive where it
 * stands for what is undefined by then (bfd/elflink.c, elf_link_add_archive_symbols; ld manual, "-l namespec"), lld remembers what
 * archives have and takes it at the first reference, before or behind (lld/ELF/Symbols.cpp, Symbol::extract).
 */

import type { InputSymbol, LinkRequest, ResolvableArchive, ResolvableObject, ResolvableShared } from "./inputs.ts";
import {
  createSymbolTable,
  define,
  type Entry,
  entryOf,
  isTakenFromLibrary,
  refer,
  type SymbolTable,
} from "./symbol-table.ts";

export interface Loaded {
  readonly table: SymbolTable;
  /** The objects that are part of the link, in the order in which they were read. */
  readonly objects: readonly ResolvableObject[];
  readonly libraries: readonly ResolvableShared[];
  /** For each archive member that was taken on demand, the symbol that it was taken for. */
  readonly takenFor: ReadonlyMap<ResolvableObject, string>;
}

interface Loading {
  readonly request: LinkRequest;
  readonly table: SymbolTable;
  readonly objects: ResolvableObject[];
  readonly taken: Set<ResolvableObject>;
  readonly libraries: ResolvableShared[];
  readonly takenFor: Map<ResolvableObject, string>;
  /** Of lld: for each name that is lazy, the member that has it. */
  readonly lazy: Map<string, ResolvableObject>;
  /** The names that --wrap names. */
  readonly wrapped: ReadonlySet<string>;
  /** Counts the names that were put on bfd's list of undefined ones, so that a search knows when another round is needed. */
  demands: number;
}

/** Reads the inputs of a link. */
export function loadInputs(request: LinkRequest): Loaded {
  const loading: Loading = {
    request,
    table: createSymbolTable(),
    objects: [],
    taken: new Set(),
    libraries: [],
    takenFor: new Map(),
    lazy: new Map(),
    wrapped: new Set(request.wrap),
    demands: 0,
  };
  for (const name of request.undefined) demand(loading, name);
  // GNU ld looks for the entry from the start (ldlang.c, lang_place_undefineds); lld once all is read (Driver.cpp, handleUndefined).
  if (request.linker === "bfd" && request.entry !== undefined) demand(loading, request.entry);
  if (request.linker === "bfd") defineEarly(loading);
  for (const input of request.inputs) {
    if (input.kind !== "group") read(loading, input);
    else if (request.linker === "lld") for (const one of input.inputs) read(loading, one);
    else readGroup(loading, input.inputs);
  }
  if (request.linker === "lld") demandLast(loading);
  return loading;
}

/** Defines what scripts assign before there are addresses. */
function defineEarly({ request, table }: Loading): void {
  for (const { name, how, isKnownEarly } of request.assignments) {
    if (isKnownEarly !== true || (how === "provide" && table.entries.get(name)?.state !== "undefined")) continue;
    entryOf(table, name).state = "script";
  }
}

/**
 * What lld refers to when all inputs are read: the entry, what scripts refer to, __wrap_x, and x where anything refers to __real_x
 * (addWrappedSymbols).
 */
function demandLast(loading: Loading): void {
  const { entry, assignments, wrap } = loading.request;
  if (entry !== undefined && loading.table.entries.has(entry)) extractLazy(loading, entry);
  for (const { refersTo } of assignments) for (const name of refersTo) extractLazy(loading, name);
  for (const name of wrap) {
    const entry = loading.table.entries.get(name);
    if (entry === undefined) continue;
    if (!isWeakYet(entry)) {
      extractLazy(loading, `__wrap_${name}`);
      const wrapper = loading.table.entries.get(`__wrap_${name}`);
      if (wrapper?.state === "undefined-weak") wrapper.state = "undefined";
    }
    if (loading.table.entries.has(`__real_${name}`) && !isWeakYet(entry)) extractLazy(loading, name);
  }
}

/** Whether lld has the name as weak: of what archives alone have, where it was referred to, and so weakly (Symbol::resolve). */
function isWeakYet({ state, references }: Entry): boolean {
  return state === "weak" || state === "undefined-weak" || (state === "lazy" && references.length > 0);
}

/** Searches the archives of a group again until a whole round makes nothing more undefined. */
function readGroup(
  loading: Loading,
  inputs: readonly (ResolvableObject | ResolvableArchive | ResolvableShared)[],
): void {
  const atStart = loading.demands;
  for (const input of inputs) read(loading, input);
  for (let before = atStart; before !== loading.demands; ) {
    before = loading.demands;
    for (const input of inputs) if (input.kind !== "object") read(loading, input);
  }
}

function read(loading: Loading, input: ResolvableObject | ResolvableArchive | ResolvableShared): void {
  if (input.kind === "object") addObject(loading, input);
  else if (input.kind === "shared") addLibrary(loading, input);
  else if (input.take === "all") for (const member of input.members) addObject(loading, member);
  else if (loading.request.linker === "bfd") searchArchive(loading, input);
  else rememberArchive(loading, input);
}

function addObject(loading: Loading, object: ResolvableObject): void {
  if (loading.taken.has(object)) return;
  loading.taken.add(object);
  loading.objects.push(object);
  const { groups } = loading.table;
  const isDiscarded = ({ group }: InputSymbol) => group !== undefined && groups.get(group) !== object;
  for (const { group } of object.symbols) if (group !== undefined && !groups.has(group)) groups.set(group, object);
  const defined = object.symbols.filter((symbol) => symbol.place !== "undefined" && !isDiscarded(symbol));
  for (const symbol of defined) {
    loading.lazy.delete(symbol.name);
    // A common symbol that nobody spoke of before is on bfd's list of what archives are searched for.
    if (symbol.place === "common" && entryOf(loading.table, symbol.name).state === "unseen") loading.demands++;
    define(entryOf(loading.table, symbol.name), { input: object, symbol }, loading.request.linker);
  }
  // What lies in a section of a group that another object brought is a reference here (elflink.c: "Symbols from discarded
  // section are undefined").
  for (const symbol of object.symbols) {
    if (symbol.place === "undefined" || isDiscarded(symbol)) addReference(loading, object, symbol);
  }
}

function addReference(loading: Loading, input: ResolvableObject | ResolvableShared, symbol: InputSymbol): void {
  const name = referredName(loading, symbol.name);
  const entry = entryOf(loading.table, name);
  const isWeak = symbol.binding === "weak";
  const before = entry.state;
  refer(entry, { name: symbol.name, input, isWeak }, loading.request.linker);
  if (entry.state === "undefined" && before !== "undefined") loading.demands++;
  if (!isWeak && entry.state === "lazy") extractLazy(loading, name);
}

/**
 * Under --wrap=f a reference to f means __wrap_f, and one to __real_f means f (ld manual, "--wrap"). GNU ld does so as it reads;
 * lld when all is read, so that archives are searched for f (lld/ELF/Driver.cpp, addWrappedSymbols).
 */
function referredName({ request, wrapped }: Loading, name: string): string {
  if (request.linker === "lld" || wrapped.size === 0) return name;
  if (wrapped.has(name)) return `__wrap_${name}`;
  return name.startsWith("__real_") && wrapped.has(name.slice("__real_".length)) ? name.slice("__real_".length) : name;
}

function addLibrary(loading: Loading, library: ResolvableShared): void {
  if (loading.libraries.includes(library)) return;
  // GNU ld decides as it reads; lld when all is read (resolve.ts).
  if (loading.request.linker === "bfd" && library.isAsNeeded === true && !isAskedFor(loading, library)) return;
  loading.libraries.push(library);
  for (const symbol of library.symbols) {
    if (symbol.place === "undefined") continue;
    const entry = entryOf(loading.table, symbol.name);
    define(entry, { input: library, symbol }, loading.request.linker);
    if (entry.state === "shared") loading.lazy.delete(symbol.name);
  }
  for (const symbol of library.symbols) {
    if (symbol.place === "undefined") addReference(loading, library, symbol);
  }
}

/** Whether something that was read refers to what the library defines, not weakly (ld manual, "--as-needed"). */
function isAskedFor({ table, request }: Loading, library: ResolvableShared): boolean {
  return library.symbols.some((symbol) => {
    const entry = symbol.place === "undefined" ? undefined : table.entries.get(symbol.name);
    if (entry === undefined || !isTakenFromLibrary(entry, symbol, request.linker)) return false;
    return entry.state === "common" || entry.references.some(({ isWeak }) => !isWeak);
  });
}

/** Makes a name undefined, as -u does. */
function demand(loading: Loading, name: string): void {
  const entry = entryOf(loading.table, name);
  entry.isDemanded = true;
  if (entry.state === "unseen" || entry.state === "undefined-weak") {
    entry.state = "undefined";
    loading.demands++;
  }
}

/**
 * Goes through the archive's table of symbols, member by member, and takes each member that defines what is undefined by then; again
 * while members that were taken have made more undefined. A weak reference takes nothing; neither does what is defined already, weakly
 * or in a shared library. A common symbol takes a member that has the data.
 */
function searchArchive(loading: Loading, archive: ResolvableArchive): void {
  const { table, taken } = loading;
  for (let before = -1; before !== loading.demands; ) {
    before = loading.demands;
    for (const member of archive.members) {
      for (const symbol of member.symbols) {
        const { name, place } = symbol;
        if (place === "undefined" || taken.has(member)) continue;
        const entry = table.entries.get(name);
        if (entry === undefined || !isWanted(entry, symbol)) continue;
        loading.takenFor.set(member, name);
        addObject(loading, member);
      }
    }
  }
}

function isWanted({ state }: Entry, { place, binding, isFunction }: InputSymbol): boolean {
  if (state === "undefined") return true;
  // Strong data alone replaces a common symbol (elflink.c, is_global_data_symbol_definition).
  return state === "common" && place === "defined" && binding === "global" && isFunction !== true;
}

/** Of lld: notes what an archive has, and takes at once what is undefined. */
function rememberArchive(loading: Loading, archive: ResolvableArchive): void {
  for (const member of archive.members) {
    for (const { name, place } of member.symbols) {
      if (place === "undefined" || loading.taken.has(member)) continue;
      const entry = entryOf(loading.table, name);
      const { state } = entry;
      if (state === "unseen" || state === "undefined-weak") {
        // A weak reference stays weak: a later strong one takes the member.
        entry.state = "lazy";
        loading.lazy.set(name, member);
      } else if (state === "undefined") {
        loading.lazy.set(name, member);
        extractLazy(loading, name);
      }
    }
  }
}

function extractLazy(loading: Loading, name: string): void {
  const member = loading.lazy.get(name);
  if (member === undefined || loading.taken.has(member)) return;
  loading.lazy.delete(name);
  loading.takenFor.set(member, name);
  addObject(loading, member);
}
