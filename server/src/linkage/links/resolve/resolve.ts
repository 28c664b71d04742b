/**
 * ld's rules of who wins a link, as a pure function over its inputs: which objects it takes, and which definition each name is bound
 * to. It knows no files and no build system; links are fed to it from objects where there is a build, else from sources.
 */

import type { Assignment, Linker, LinkRequest, ResolvableObject, ResolvableShared } from "./inputs.ts";
import { loadInputs } from "./load-inputs.ts";
import {
  type Definition,
  type Entry,
  entryOf,
  isOfObject,
  isUndefined,
  type Reference,
  refer,
  type SymbolTable,
} from "./symbol-table.ts";

/** What all references to a name are bound to. */
export type BoundTo =
  | { readonly kind: "object" | "common" | "shared"; readonly definition: Definition }
  /** A linker script's assignment or PROVIDE, or --defsym. */
  | { readonly kind: "script"; readonly assignment: Assignment }
  /** A symbol that the linker makes: `__start_` or `__stop_` of a section. */
  | { readonly kind: "linker"; readonly section: string }
  /** Weak references alone, and nothing that defines it: its address is 0. */
  | { readonly kind: "null" }
  /** The link fails, unless it is partial or makes a shared library, whose user may define it. */
  | { readonly kind: "undefined" };

export interface ResolvedSymbol {
  readonly name: string;
  readonly binding: BoundTo;
  /** Definitions of objects and libraries in the link that are not what the name is bound to. */
  readonly lost: readonly Definition[];
  /** More than one strong definition: the link fails, or takes the first where it is told to. */
  readonly rivals: readonly Definition[];
  readonly references: readonly Reference[];
}

export interface ResolvedLink {
  /** In the order in which the linker read them. */
  readonly objects: readonly ResolvableObject[];
  /** Those whose DT_NEEDED entry the output gets. */
  readonly libraries: readonly ResolvableShared[];
  /** For each archive member that was taken on demand, the symbol that it was taken for. */
  readonly takenFor: ReadonlyMap<ResolvableObject, string>;
  readonly symbols: ReadonlyMap<string, ResolvedSymbol>;
}

/** Does the link. Cost: linear in the symbols of the inputs, times the rounds that archives which refer to each other need. */
export function resolve(request: LinkRequest): ResolvedLink {
  const { table, objects, libraries, takenFor } = loadInputs(request);
  if (request.linker === "lld") for (const name of request.wrap) redirect(table, name);
  const isKept = (library: ResolvableShared) =>
    request.linker === "bfd" || library.isAsNeeded !== true || isNeeded(library, table);
  const needed = libraries.filter(isKept);
  const isLeftOut = (definition: Definition | undefined) =>
    definition?.input.kind === "shared" && !needed.includes(definition.input);
  const assignments = effectiveAssignments(request, table);
  const sections = new Set(objects.flatMap((object) => object.sections ?? []));
  const symbols = new Map<string, ResolvedSymbol>();
  for (const entry of table.entries.values()) {
    const binding = bindingOf(entry, { linker: request.linker, assignments, sections, isLeftOut });
    symbols.set(entry.name, resolved(entry, binding));
  }
  for (const [name, assignment] of assignments) {
    if (!symbols.has(name)) symbols.set(name, resolved(undefined, { kind: "script", assignment }, name));
  }
  return { objects, libraries: needed, takenFor, symbols };
}

/**
 * What --wrap=f makes of references in lld: it redirects them when all inputs are read, those in the object that defines f as well.
 * What is left of f is as weak as __real_f was, and __wrap_f as f was (lld/ELF/Driver.cpp, addWrappedSymbols, redirectSymbols). GNU ld
 * redirects as it reads.
 */
function redirect(table: SymbolTable, name: string): void {
  const wrapped = table.entries.get(name);
  if (wrapped === undefined) return;
  const wasWeak = wrapped.state === "weak" || wrapped.state === "undefined-weak";
  const own = wrapped.references.splice(0);
  const real = table.entries.get(`__real_${name}`)?.references.splice(0) ?? [];
  table.entries.delete(`__real_${name}`);
  const wrapper = entryOf(table, `__wrap_${name}`);
  for (const reference of own) refer(wrapper, { ...reference, isWeak: wasWeak }, "lld");
  if (isUndefined(wrapped)) wrapped.state = "unseen";
  for (const reference of real) refer(wrapped, reference, "lld");
}

function resolved(entry: Entry | undefined, binding: BoundTo, name = entry?.name ?? ""): ResolvedSymbol {
  const winner = "definition" in binding ? binding.definition : undefined;
  return {
    name,
    binding,
    lost: entry?.definitions.filter((definition) => definition !== winner) ?? [],
    // A script's assignment takes the place of an object's definition without a word (ld manual, "Simple Assignments").
    rivals: entry?.rivals ?? [],
    references: entry?.references ?? [],
  };
}

/** An --as-needed library is kept for a reference of an object that is not weak (ld manual, "--as-needed"). */
function isNeeded(library: ResolvableShared, { entries }: SymbolTable): boolean {
  for (const { definition, references } of entries.values()) {
    if (definition?.input !== library) continue;
    if (references.some(({ input, isWeak }) => input.kind === "object" && !isWeak)) return true;
  }
  return false;
}

interface Judging {
  readonly linker: Linker;
  readonly assignments: ReadonlyMap<string, Assignment>;
  readonly sections: ReadonlySet<string>;
  readonly isLeftOut: (definition: Definition | undefined) => boolean;
}

function bindingOf(entry: Entry, { linker, assignments, sections, isLeftOut }: Judging): BoundTo {
  const { name, state, definition } = entry;
  const assignment = assignments.get(name);
  if (assignment !== undefined) return { kind: "script", assignment };
  const section = sectionOfBound(name);
  const isMissing = isUndefined(entry) || state === "shared";
  if (isMissing && section !== undefined && sections.has(section)) return { kind: "linker", section };
  if (state === "shared" && linker === "lld" && isLeftOut(definition) && entry.references.some(isOfObject)) {
    // What lld took of a library that it does not keep is undefined and weak from then on (demoteSharedAndLazySymbols).
    return { kind: "null" };
  }
  if (state === "shared") {
    // The dynamic linker takes the first library that has it, whichever the link was made with.
    const first = entry.definitions.find((one) => one.input.kind === "shared" && !isLeftOut(one));
    if (first !== undefined) return { kind: "shared", definition: first };
  } else if (definition !== undefined && !isUndefined(entry)) {
    return { kind: state === "common" ? "common" : "object", definition };
  }
  // What -u alone asks for may be missing; what weak references ask for as well, may not.
  const counts = (reference: Reference) =>
    !reference.isWeak && (linker === "bfd" || isOfObject(reference) || !entry.references.some(isOfObject));
  const isReferred = entry.references.some((reference) => counts(reference) || state === "undefined");
  return { kind: isReferred ? "undefined" : "null" };
}

/** "set" of __start_set and __stop_set (ld manual, "Input Section Example": start and stop symbols). */
export function sectionOfBound(name: string): string | undefined {
  return /^__(?:start|stop)_([A-Za-z_]\w*)$/.exec(name)?.[1];
}

/**
 * What scripts and --defsym really define. `x = …` always does, over objects' definitions; PROVIDE only what is referred to and no
 * object defines (ld manual, "PROVIDE"); a shared library's definition does not count. What a PROVIDE's value refers to counts as
 * referred to. The first PROVIDE of a name takes effect, the last assignment.
 */
function effectiveAssignments(
  { assignments, linker }: LinkRequest,
  { entries }: SymbolTable,
): ReadonlyMap<string, Assignment> {
  const effective = new Map<string, Assignment>();
  for (const assignment of assignments) if (assignment.how === "assign") effective.set(assignment.name, assignment);
  const provided = assignments.filter(({ how }) => how === "provide");
  const isWanted = (name: string) => {
    const entry = entries.get(name);
    if (entry === undefined || entry.state === "unseen") return false;
    if (entry.state === "script") return true;
    // lld looks no further than whether anything has the name, an archive that it did not take included (shouldDefineSym).
    if (linker === "lld") return isUndefined(entry) || entry.state === "shared";
    return (isUndefined(entry) && entry.state !== "lazy") || entry.state === "shared";
  };
  const wanted = new Set<string>();
  for (const { refersTo } of effective.values()) for (const name of refersTo) wanted.add(name);
  for (let before = -1; before !== effective.size; ) {
    before = effective.size;
    for (const assignment of provided) {
      const { name, refersTo } = assignment;
      const isDefinedByObject = ["defined", "weak", "common"].includes(entries.get(name)?.state ?? "unseen");
      if (effective.has(name) || isDefinedByObject || !(isWanted(name) || wanted.has(name))) continue;
      effective.set(name, assignment);
      for (const other of refersTo) wanted.add(other);
    }
  }
  return effective;
}
