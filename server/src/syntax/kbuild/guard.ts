/**
 * Guards: under which configurations something is built. A guard is a formula over configuration symbols, each of which is y,
 * m, n (unset) or another value. Three-valued: what is not understood is unknown, never guessed. It knows no Makefile.
 */

/** Classes of values that a configuration symbol may have, as bits, so that a set of them is a mask. */
export const VALUE_N = 1;
export const VALUE_Y = 2;
export const VALUE_M = 4;
/** A number or a string. */
export const VALUE_OTHER = 8;

/** All classes of values: nothing is known of the symbol. */
export const ANY_VALUE = VALUE_N | VALUE_Y | VALUE_M | VALUE_OTHER;

export type Guard =
  | { readonly kind: "always" }
  | { readonly kind: "never" }
  | { readonly kind: "unknown" }
  /** The symbol's value is in one of the classes of the mask. */
  | { readonly kind: "symbol"; readonly symbol: string; readonly mask: number }
  /** The symbol's value is this number or string, without its quotes. */
  | { readonly kind: "value"; readonly symbol: string; readonly value: string }
  | { readonly kind: "not"; readonly part: Guard }
  | { readonly kind: "all"; readonly parts: readonly Guard[] }
  | { readonly kind: "any"; readonly parts: readonly Guard[] };

export const UNGUARDED: Guard = { kind: "always" };
export const UNREACHABLE: Guard = { kind: "never" };
export const UNKNOWN: Guard = { kind: "unknown" };

/** Formulas that grow beyond this say nothing to a reader; they become unknown. */
const MOST_PARTS = 96;

/** The guard that holds when the symbol's value is in one of the classes. */
export function symbolGuard(symbol: string, mask: number): Guard {
  if ((mask & ANY_VALUE) === 0) return UNREACHABLE;
  return (mask & ANY_VALUE) === ANY_VALUE ? UNGUARDED : { kind: "symbol", symbol, mask: mask & ANY_VALUE };
}

/** The guard that holds when the symbol has this value; a string stands without its quotes. */
export function valueGuard(symbol: string, value: string): Guard {
  const mask = classOfValue(value);
  return mask === VALUE_OTHER ? { kind: "value", symbol, value } : symbolGuard(symbol, mask);
}

export function notGuard(part: Guard): Guard {
  switch (part.kind) {
    case "always":
      return UNREACHABLE;
    case "never":
      return UNGUARDED;
    case "unknown":
      return UNKNOWN;
    case "symbol":
      return symbolGuard(part.symbol, ANY_VALUE & ~part.mask);
    case "value":
      return { kind: "not", part };
    case "not":
      return part.part;
    case "all":
    case "any": {
      let result = negations.get(part);
      if (result === undefined) {
        const parts = part.parts.map(notGuard);
        negations.set(part, (result = part.kind === "all" ? anyGuard(parts) : allGuard(parts)));
      }
      return result;
    }
  }
}

const negations = new WeakMap<Guard, Guard>();

export function bothGuard(a: Guard, b: Guard): Guard {
  if (a === b || b.kind === "always") return a;
  if (a.kind === "always") return b;
  if (a.kind === "never" || b.kind === "never" || demandTwoValues(a, b)) return UNREACHABLE;
  // A directory's guard meets the same other guard for each object of a line.
  const last = lastBoth.get(a);
  if (last !== undefined && last.other === b) return last.result;
  const result =
    joinSimple("all", a, b) ?? addValue(a, b) ?? addAlternatives(a, b) ?? joinLarge(a, b) ?? allGuard([a, b]);
  lastBoth.set(a, { other: b, result });
  return result;
}

/**
 * Whether one demands a value of a symbol of which the other demands another value. Of a thousand boards each excludes all others, and a
 * Makefile that goes through them asks that a million times.
 */
function demandTwoValues(a: Guard, b: Guard): boolean {
  if (a.kind === "value") return demandsOther(b, a.symbol, a.value);
  if (a.kind !== "all") return false;
  for (const part of a.parts) if (part.kind === "value" && demandsOther(b, part.symbol, part.value)) return true;
  return false;
}

function demandsOther(guard: Guard, symbol: string, value: string): boolean {
  if (guard.kind === "value") return guard.symbol === symbol && guard.value !== value;
  if (guard.kind !== "all") return false;
  for (const part of guard.parts)
    if (part.kind === "value" && part.symbol === symbol && part.value !== value) return true;
  return false;
}

/** `a && x="v"` of a run of symbols and values that says nothing of x. undefined for others. */
function addValue(run: Guard, added: Guard): Guard | undefined {
  if (added.kind !== "value") return undefined;
  const parts = run.kind === "all" ? run.parts : [run];
  if (parts.length >= MOST_PARTS / 2) return undefined;
  const isOther = (part: Guard) => (part.kind === "symbol" || part.kind === "value") && part.symbol !== added.symbol;
  const hasUnknown = parts[parts.length - 1]?.kind === "unknown";
  const known = hasUnknown ? parts.slice(0, -1) : parts;
  return known.every(isOther) ? { kind: "all", parts: [...known, added, ...(hasUnknown ? [UNKNOWN] : [])] } : undefined;
}

const lastBoth = new WeakMap<Guard, { readonly other: Guard; readonly result: Guard }>();

/**
 * `a && … && (b || c)`: one more part for a run that is joined already, such as "and this is not that board either". Only the
 * new part is held against the others. undefined where it changes one of them, or is changed itself.
 */
function addAlternatives(run: Guard, added: Guard): Guard | undefined {
  if (run.kind !== "all" || added.kind !== "any" || run.parts[run.parts.length - 1]?.kind === "unknown")
    return undefined;
  const masks = new Map<string, number>();
  for (const part of run.parts) if (part.kind === "symbol") masks.set(part.symbol, part.mask);
  if (assume(added, masks, 0) !== added) return undefined;
  for (const part of run.parts) {
    if (part.kind !== "any") continue;
    if (sameGuard(part, added)) return run;
    if (saysLess(part.parts, added.parts) || saysLess(added.parts, part.parts)) return undefined;
    if (mergeSymbols(part.parts, added.parts, "any") !== undefined) return undefined;
  }
  const parts = [...run.parts, added];
  return sizeOf(parts) > MOST_PARTS ? UNKNOWN : { kind: "all", parts };
}

/** Guards of so many parts are joined once: a variable that hangs on each of fifty boards is expanded again and again. */
const LARGE = 8;

const joinedLarge = new WeakMap<Guard, WeakMap<Guard, Guard>>();

function joinLarge(a: Guard, b: Guard): Guard | undefined {
  if (!isLarge(a) && !isLarge(b)) return undefined;
  let known = joinedLarge.get(a);
  if (known === undefined) joinedLarge.set(a, (known = new WeakMap()));
  let result = known.get(b);
  if (result === undefined) known.set(b, (result = allGuard([a, b])));
  return result;
}

function isLarge(guard: Guard): boolean {
  return (guard.kind === "all" || guard.kind === "any") && guard.parts.length >= LARGE;
}

export function eitherGuard(a: Guard, b: Guard): Guard {
  if (a === b || b.kind === "never") return a;
  if (a.kind === "never") return b;
  if (a.kind === "always" || b.kind === "always") return UNGUARDED;
  if ((a.kind === "unknown" && hasValue(b)) || (b.kind === "unknown" && hasValue(a))) return UNKNOWN;
  return joinSimple("any", a, b) ?? anyGuard([a, b]);
}

/**
 * Joins symbols, and symbols with runs of symbols of the same operator, which is nearly all that Makefiles ask for, without
 * the work that combine() does for other formulas. undefined where that work is needed.
 */
function joinSimple(kind: "all" | "any", a: Guard, b: Guard): Guard | undefined {
  if (b.kind !== "symbol") return undefined;
  if (a.kind === "symbol") {
    if (a.symbol !== b.symbol) return { kind, parts: [a, b] };
    const mask = kind === "all" ? a.mask & b.mask : a.mask | b.mask;
    return mask === a.mask ? a : mask === b.mask ? b : symbolGuard(a.symbol, mask);
  }
  if (a.kind !== kind || a.parts.length >= MOST_PARTS / 2) return undefined;
  for (let i = 0; i < a.parts.length; i++) {
    const part = a.parts[i]!;
    if (part.kind !== "symbol") return undefined;
    if (part.symbol !== b.symbol) continue;
    const mask = kind === "all" ? part.mask & b.mask : part.mask | b.mask;
    return mask === part.mask ? a : undefined;
  }
  return { kind, parts: [...a.parts, b] };
}

export function allGuard(guards: readonly Guard[]): Guard {
  return combine("all", guards);
}

export function anyGuard(guards: readonly Guard[]): Guard {
  return combine("any", guards);
}

/**
 * Joins guards with one operator. Parts about the same symbol become one, repetitions go, and a part that another part of
 * the other operator already says is absorbed (`a && (a || b)` is `a`).
 */
function combine(kind: "all" | "any", guards: readonly Guard[]): Guard {
  const isAll = kind === "all";
  const neutral = isAll ? "always" : "never";
  const absorbing = isAll ? UNREACHABLE : UNGUARDED;
  const masks = new Map<string, number>();
  const others: Guard[] = [];
  let hasUnknown = false;
  const pending = [...guards].reverse();
  while (pending.length > 0) {
    const guard = pending.pop()!;
    if (guard.kind === neutral) continue;
    if (guard.kind === absorbing.kind) return absorbing;
    if (guard.kind === kind) {
      for (let i = guard.parts.length - 1; i >= 0; i--) pending.push(guard.parts[i]!);
    } else if (guard.kind === "unknown") {
      hasUnknown = true;
    } else if (guard.kind === "symbol") {
      const before = masks.get(guard.symbol);
      const mask = before === undefined ? guard.mask : isAll ? before & guard.mask : before | guard.mask;
      if (isAll ? mask === 0 : mask === ANY_VALUE) return absorbing;
      masks.set(guard.symbol, mask);
    } else if (!others.some((other) => sameGuard(other, guard))) {
      others.push(guard);
    }
  }
  if (!joinValues(isAll, masks, others)) return absorbing;
  const parts: Guard[] = [...masks].map(([symbol, mask]) => ({ kind: "symbol", symbol, mask }));
  // Within `m && …`, m holds; within `m || …`, what counts is what holds where m does not.
  const known = isAll ? masks : new Map([...masks].map(([symbol, mask]) => [symbol, ANY_VALUE & ~mask]));
  for (const other of others) {
    const reduced = known.size === 0 ? other : assume(other, known, 0);
    if (reduced.kind === absorbing.kind) return absorbing;
    if (reduced.kind === neutral || parts.some((part) => sameGuard(part, reduced))) continue;
    // What was reduced to this very operator, or to a symbol, is joined again.
    if (reduced !== other && (reduced.kind === kind || reduced.kind === "symbol")) {
      const rest = others.slice(others.indexOf(other) + 1);
      return combine(kind, [...parts, reduced, ...rest, ...(hasUnknown ? [UNKNOWN] : [])]);
    }
    parts.push(reduced);
  }
  const joined = mergeParts(parts, isAll);
  if (joined !== undefined) return combine(kind, hasUnknown ? [...joined, UNKNOWN] : joined);
  if (!isAll && parts.length > (hasUnknown ? 0 : MOST_VALUES)) {
    const valued = parts.filter(hasValue);
    if (hasUnknown && valued.length > 0) return UNKNOWN;
    if (valued.length > MOST_VALUES) return bothGuard(commonValues(valued), UNKNOWN);
  }
  if (hasUnknown) parts.push(UNKNOWN);
  if (parts.length === 0) return isAll ? UNGUARDED : UNREACHABLE;
  if (parts.length === 1) return parts[0]!;
  if (sizeOf(parts) <= MOST_PARTS) return { kind, parts };
  return isAll ? UNKNOWN : bothGuard(commonValues(parts), UNKNOWN);
}

/**
 * Leaves out what the values of symbols say already: `x="a" && x` is `x="a"`, and so are `x="a" && x!="b"` and `x="a" || x="a" && y`.
 * @param masks classes of values, by symbol; those that say nothing more are taken out
 * @param others the other parts, changed in the same way
 * @returns false where the whole is what absorbs: no symbol has two values
 */
function joinValues(isAll: boolean, masks: Map<string, number>, others: Guard[]): boolean {
  if (!others.some((guard) => askedValue(guard) !== undefined)) return true;
  // By De Morgan, `any` of values that are not these is as `all` of these.
  const isFixing = (guard: Guard) => (isAll ? guard.kind === "value" : isNoValue(guard));
  const fixing = others.filter(isFixing).flatMap((guard) => askedValue(guard) ?? []);
  const fixed = new Map<string, string>();
  for (const { symbol, value } of fixing) {
    const known = fixed.get(symbol);
    if (known !== undefined && known !== value) return false;
    fixed.set(symbol, value);
  }
  for (const [symbol] of fixed) {
    const mask = masks.get(symbol);
    if (mask === undefined) continue;
    if (((isAll ? mask : ~mask) & VALUE_OTHER) === 0) return false;
    masks.delete(symbol);
  }
  const single = others.filter((guard) => askedValue(guard) !== undefined);
  for (let i = others.length - 1; i >= 0; i--) {
    const other = others[i]!;
    if (
      other.kind === (isAll ? "any" : "all") &&
      other.parts.some((one) => single.some((own) => sameGuard(own, one)))
    ) {
      others.splice(i, 1);
      continue;
    }
    const part = askedValue(other);
    if (part === undefined || isFixing(other)) continue;
    const value = fixed.get(part.symbol);
    if (value === part.value) return false;
    const mask = masks.get(part.symbol);
    const isSaid = mask !== undefined && ((isAll ? mask : ~mask) & VALUE_OTHER) === 0;
    if (value !== undefined || isSaid) others.splice(i, 1);
  }
  return true;
}

function isNoValue(guard: Guard): boolean {
  return guard.kind === "not" && guard.part.kind === "value";
}

/**
 * Alternatives that hang on values, as each of a thousand boards is one, are told apart up to here; more say nothing to a reader, and
 * what they have in common would change with each of them.
 */
const MOST_VALUES = 8;

/** Some configurations that are not known, of those that either guard allows; what values both demand is kept. */
export function widenGuard(a: Guard, b: Guard): Guard {
  return bothGuard(commonValues([a, b]), UNKNOWN);
}

/** The values that all of the alternatives demand. */
function commonValues(alternatives: readonly Guard[]): Guard {
  const lists = alternatives.map((guard) => (guard.kind === "all" ? guard.parts : [guard]));
  const [first = [], ...others] = lists;
  const isShared = (part: Guard) =>
    part.kind === "value" && others.every((list) => list.some((other) => sameGuard(part, other)));
  return allGuard(first.filter(isShared));
}

function hasValue(guard: Guard): boolean {
  return guard.kind === "value" || (guard.kind === "all" && guard.parts.some(hasValue));
}

/** The symbol and value of `x="a"` and of its opposite. */
function askedValue(guard: Guard): { readonly symbol: string; readonly value: string } | undefined {
  if (guard.kind === "value") return guard;
  return guard.kind === "not" && guard.part.kind === "value" ? guard.part : undefined;
}

const DEEPEST_ASSUMPTION = 8;

/** What is left of a guard where each of these symbols is known to have a value of its mask. */
function assume(guard: Guard, masks: ReadonlyMap<string, number>, depth: number): Guard {
  if (guard.kind === "symbol") {
    const mask = masks.get(guard.symbol);
    if (mask === undefined) return guard;
    if ((mask & ~guard.mask) === 0) return UNGUARDED;
    return (mask & guard.mask) === 0 ? UNREACHABLE : guard;
  }
  const said = askedValue(guard);
  if (said !== undefined && ((masks.get(said.symbol) ?? ANY_VALUE) & VALUE_OTHER) === 0)
    return guard.kind === "value" ? UNREACHABLE : UNGUARDED;
  if ((guard.kind !== "all" && guard.kind !== "any") || depth >= DEEPEST_ASSUMPTION) return guard;
  const parts = guard.parts.map((part) => assume(part, masks, depth + 1));
  if (parts.every((part, index) => part === guard.parts[index])) return guard;
  return combine(guard.kind, parts);
}

/**
 * Makes one of two parts where one says what the other does and more (`a || a && b` is `a`), or where they differ in one
 * symbol's values (`a && x=y || a && x=m` is `a && x=y|m`).
 * @returns the parts after one such step, or undefined where there is none to make
 */
function mergeParts(parts: readonly Guard[], isAll: boolean): Guard[] | undefined {
  const inner = isAll ? "any" : "all";
  for (let i = 0; i < parts.length; i++) {
    const a = parts[i]!;
    if (a.kind !== inner) continue;
    for (let j = i + 1; j < parts.length; j++) {
      const b = parts[j]!;
      if (b.kind !== inner) continue;
      // It stays where the first one was: formulas that say the same in another order would count as new ones.
      const withOne = (one: Guard) => parts.flatMap((part, index) => (index === j ? [] : index === i ? [one] : [part]));
      if (saysLess(a.parts, b.parts)) return withOne(a);
      if (saysLess(b.parts, a.parts)) return withOne(b);
      const merged = mergeSymbols(a.parts, b.parts, inner);
      if (merged !== undefined) return withOne(merged);
    }
  }
  return undefined;
}

function saysLess(a: readonly Guard[], b: readonly Guard[]): boolean {
  return a.length <= b.length && a.every((part) => b.some((other) => sameGuard(part, other)));
}

function mergeSymbols(a: readonly Guard[], b: readonly Guard[], kind: "all" | "any"): Guard | undefined {
  if (a.length !== b.length) return undefined;
  const onlyA = a.filter((part) => !b.some((other) => sameGuard(part, other)));
  const onlyB = b.filter((part) => !a.some((other) => sameGuard(part, other)));
  const [left] = onlyA;
  const [right] = onlyB;
  if (onlyA.length !== 1 || onlyB.length !== 1 || left?.kind !== "symbol" || right?.kind !== "symbol") return undefined;
  if (left.symbol !== right.symbol) return undefined;
  const mask = kind === "all" ? left.mask | right.mask : left.mask & right.mask;
  return combine(kind, [...a.filter((part) => part !== left), symbolGuard(left.symbol, mask)]);
}

function sizeOf(parts: readonly Guard[]): number {
  let size = 0;
  for (const part of parts) {
    if (part.kind === "all" || part.kind === "any") size += sizeOf(part.parts);
    else size++;
    if (size > MOST_PARTS) break;
  }
  return size;
}

export function sameGuard(a: Guard, b: Guard): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "symbol":
      return b.kind === "symbol" && a.symbol === b.symbol && a.mask === b.mask;
    case "value":
      return b.kind === "value" && a.symbol === b.symbol && a.value === b.value;
    case "not":
      return b.kind === "not" && sameGuard(a.part, b.part);
    case "all":
    case "any": {
      const others = (b as typeof a).parts;
      return a.parts.length === others.length && a.parts.every((part, index) => sameGuard(part, others[index]!));
    }
    default:
      return true;
  }
}

/**
 * The classes of values that a configuration symbol can have, as a mask. Where a value is named, a number or a string, VALUE_OTHER
 * stands for that one alone.
 */
export type PossibleValues = (symbol: string, value?: string) => number;

/** What a whole configuration says is possible: one value of each symbol. */
export function possibleIn(configuration: ConfigurationValue): PossibleValues {
  return (symbol, value) => {
    const own = configuration(symbol);
    const mask = classOfValue(own);
    return value === undefined || value === own ? mask : mask & ~VALUE_OTHER;
  };
}

/** The values of a configuration: "y", "m", a number, a string without its quotes; undefined for what is not set. */
export type ConfigurationValue = (symbol: string) => string | undefined;

/** The class of a value. */
export function classOfValue(value: string | undefined): number {
  if (value === undefined || value === "" || value === "n") return VALUE_N;
  if (value === "y") return VALUE_Y;
  return value === "m" ? VALUE_M : VALUE_OTHER;
}

/** Whether the guard holds in the configuration; undefined where it hangs on something that is not understood. */
export function holds(guard: Guard, configuration: ConfigurationValue): boolean | undefined {
  switch (guard.kind) {
    case "always":
      return true;
    case "never":
      return false;
    case "unknown":
      return undefined;
    case "symbol":
      return (classOfValue(configuration(guard.symbol)) & guard.mask) !== 0;
    case "value":
      return configuration(guard.symbol) === guard.value;
    case "not": {
      const value = holds(guard.part, configuration);
      return value === undefined ? undefined : !value;
    }
    case "all":
    case "any": {
      const decisive = guard.kind === "any";
      let result: boolean | undefined = !decisive;
      for (const part of guard.parts) {
        const value = holds(part, configuration);
        if (value === decisive) return decisive;
        if (value === undefined) result = undefined;
      }
      return result;
    }
  }
}

/**
 * The symbols that must all be y, where the guard says just that.
 * @returns undefined for any other guard
 */
export function symbolsThatMustBeY(guard: Guard): readonly string[] | undefined {
  if (guard.kind === "always") return [];
  const parts = guard.kind === "all" ? guard.parts : [guard];
  const symbols: string[] = [];
  for (const part of parts) {
    // `ifdef CONFIG_X` asks whether it is set at all; being y is one way, and for a bool the only one.
    if (part.kind !== "symbol" || (part.mask & VALUE_Y) === 0 || (part.mask & VALUE_N) !== 0) return undefined;
    symbols.push(part.symbol);
  }
  return symbols;
}
