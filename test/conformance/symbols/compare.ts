/** Compares the predicted symbols of one object with nm's, and counts. It reads and prints nothing. */

/** What a prediction says of one symbol. */
export interface Predicted {
  readonly name: string;
  readonly role: string;
  readonly binding: string;
  readonly isReferenced: boolean;
  /** Why it may be predicted and not be there. */
  readonly doubt?: string | undefined;
}

/** A symbol on which the prediction and nm differ. */
export interface Difference {
  readonly kind: "missed" | "predicted only";
  readonly object: string;
  readonly name: string;
  /** Why they may differ; undefined where that is not known. */
  readonly cause: string | undefined;
}

/** Agreement on one question. */
export interface Tally {
  readonly title: string;
  both: number;
  readonly differences: Difference[];
}

export interface Comparison {
  readonly definitions: Tally;
  /** Definitions that both have; a wrong binding is missed, and what was predicted instead is predicted only. */
  readonly bindings: Tally;
  readonly weakDefinitions: Tally;
  /** Undefined symbols that are weak. */
  readonly weakReferences: Tally;
}

export function newComparison(): Comparison {
  const tally = (title: string): Tally => ({ title, both: 0, differences: [] });
  return {
    definitions: tally("definitions"),
    bindings: tally("bindings of the definitions that both have"),
    weakDefinitions: tally("weak definitions"),
    weakReferences: tally("weak references"),
  };
}

/** One object's symbols, by nm and by us. */
export interface ObjectSymbols {
  /** Its name, for the differences. */
  readonly object: string;
  /** nm's letter for each of its external symbols. */
  readonly letters: ReadonlyMap<string, string>;
  readonly predicted: readonly Predicted[];
  /** Why symbols may be missed in this object. */
  readonly cause: string | undefined;
}

/** nm's letters of defined symbols that are not weak; "u" and "i" are unique symbols and indirect functions, "N" is in a section without flags. */
const STRONG = /^[ABCDGNRSTui]$/;

/** What can only be told after optimization. */
const OPTIMIZED = "no code of the object refers to it after optimization";

export function compareObject(into: Comparison, { object, letters, predicted, cause }: ObjectSymbols): void {
  const defined = new Map<string, string>();
  const weakUndefined = new Set<string>();
  for (const [name, letter] of letters) {
    if (letter === "W" || letter === "V") defined.set(name, "weak");
    else if (STRONG.test(letter)) defined.set(name, "strong");
    else if (letter === "w" || letter === "v") weakUndefined.add(name);
  }
  const ours = new Map<string, string>();
  // A weak declaration that nothing refers to makes no symbol, so only what is referred to is predicted.
  const references = new Set<string>();
  const doubts = new Map<string, string>();
  for (const { name, role, binding, isReferenced, doubt } of predicted) {
    if (doubt !== undefined) doubts.set(name, doubt);
    if (role !== "declaration") ours.set(name, binding);
    else if (binding === "weak" && isReferenced) references.add(name);
  }
  const compare = (tally: Tally, theirs: Iterable<string>, our: Iterable<string>, surplusCause?: string): void => {
    const nm = new Set(theirs);
    const predictedNames = new Set(our);
    for (const name of nm) {
      if (predictedNames.has(name)) tally.both++;
      else tally.differences.push({ kind: "missed", object, name, cause });
    }
    for (const name of predictedNames) {
      if (nm.has(name)) continue;
      const doubt = surplusCause ?? doubts.get(name.replace(/^.* /, ""));
      tally.differences.push({ kind: "predicted only", object, name, cause: doubt });
    }
  };
  const weak = (map: ReadonlyMap<string, string>): string[] =>
    [...map].flatMap(([name, binding]) => (binding === "weak" ? [name] : []));
  const bound = (map: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] =>
    [...map].flatMap(([name, binding]) => (other.has(name) ? [`${binding} ${name}`] : []));
  compare(into.definitions, defined.keys(), ours.keys());
  compare(into.bindings, bound(defined, ours), bound(ours, defined));
  compare(into.weakDefinitions, weak(defined), weak(ours));
  compare(into.weakReferences, weakUndefined, references, OPTIMIZED);
}
