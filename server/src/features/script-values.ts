/**
 * The values that names and expressions of one script have whatever is linked: what ld would compute without any address.
 * A name counts only where the script gives it one value; what other files say is not known here.
 */

import type { ImageRegion } from "../linkage/objects/image.ts";
import { conditionAt } from "../syntax/ld/directives.ts";
import { constantValue, type EvaluationContext, showValue } from "../syntax/ld/evaluate.ts";
import type { LdExpression, LdRegion, LdScript } from "../syntax/ld/tree.ts";
import { nodesOf } from "../syntax/ld/walk.ts";
import { createAttached } from "../text/attached.ts";
import type { Span } from "../text/span.ts";

export interface RegionBounds {
  readonly origin: bigint | undefined;
  readonly length: bigint | undefined;
}

export interface ScriptValues {
  /** The value of an expression of the script, modulo 2^64; undefined where it is not constant. */
  evaluate(expression: LdExpression): bigint | undefined;
  symbol(name: string): bigint | undefined;
  region(name: string): RegionBounds;
  /** True where a number is counted from the output section's start, and so is no value by itself. */
  isRelative(offset: number): boolean;
}

const valuesByScript = createAttached<LdScript, ScriptValues>();

/** The values of a script, computed when they are asked for and remembered with the tree. */
export function valuesOf(script: LdScript): ScriptValues {
  let values = valuesByScript.get(script);
  if (values === undefined) {
    values = createValues(script);
    valuesByScript.set(script, values);
  }
  return values;
}

/** Names that have one meaning are keys into `expressions`: `symbol x`, `origin ram`, `length ram`. */
function createValues(script: LdScript): ScriptValues {
  return new ScriptValueReader(script);
}

class ScriptValueReader implements ScriptValues {
  readonly #expressions = new Map<string, LdExpression | undefined>();
  readonly #aliases = new Map<string, string>();
  /** A name that is given two values has none. */
  readonly #add: (key: string, expression: LdExpression | undefined) => void;
  readonly #bodies: readonly Span[];
  readonly isRelative: (offset: number) => boolean;
  readonly #macros: readonly Span[];
  readonly #known = new Map<string, bigint | undefined>();
  readonly #regionNamed: (name: string) => string;

  constructor(script: LdScript) {
    this.#add = (key: string, expression: LdExpression | undefined): void => {
      this.#expressions.set(key, this.#expressions.has(key) ? undefined : expression);
    };
    this.#bodies = sectionBodies(script);
    this.isRelative = (offset: number): boolean => isWithin(this.#bodies, offset);
    this.#macros = macroBodies(script);
    for (const node of nodesOf(script)) {
      if (node.kind === "assignment") {
        const isFixed =
          node.operator === "=" &&
          !node.provide &&
          !this.isRelative(node.start) &&
          !isWithin(this.#macros, node.start) &&
          conditionAt(script.conditions, node.start) === "";
        this.#add(`symbol ${node.target.text}`, isFixed ? node.value : undefined);
      } else if (node.kind === "region") {
        const isFixed = conditionAt(script.conditions, node.start) === "" && !isWithin(this.#macros, node.start);
        this.#add(`origin ${node.name.text}`, isFixed ? node.origin : undefined);
        this.#add(`length ${node.name.text}`, isFixed ? node.length : undefined);
      } else if (node.kind === "command" && node.keyword.text === "REGION_ALIAS") {
        const [alias, region] = node.arguments;
        if (alias !== undefined && region !== undefined) this.#aliases.set(alias.text, region.text);
      }
    }
    for (const macro of script.macros) {
      const isFixed = macro.parameters === undefined && conditionAt(script.conditions, macro.start) === "";
      this.#add(`symbol ${macro.name}`, isFixed ? macro.body.expression : undefined);
    }
    this.#regionNamed = (name: string): string => this.#aliases.get(name) ?? name;
  }

  symbol(name: string) {
    return this.#compute(`symbol ${name}`);
  }

  region(name: string) {
    return {
      origin: this.#compute(`origin ${this.#regionNamed(name)}`),
      length: this.#compute(`length ${this.#regionNamed(name)}`),
    };
  }

  evaluate(expression: LdExpression) {
    const missing = new Set<string>();
    const value = constantValue(expression, this.#contextNoting(missing));
    if (missing.size === 0) return value;
    for (const key of missing) this.#compute(key);
    return constantValue(expression, this.#contextNoting(new Set()));
  }

  /** A context that answers from what is known, and notes what it would have to know. */
  #contextNoting(missing: Set<string>): EvaluationContext {
    const lookUp = (key: string): bigint | undefined => {
      if (this.#known.has(key)) return this.#known.get(key);
      if (this.#expressions.get(key) !== undefined) missing.add(key);
      return undefined;
    };
    return {
      symbol: (name) => lookUp(`symbol ${name}`),
      region: (name) => ({
        origin: lookUp(`origin ${this.#regionNamed(name)}`),
        length: lookUp(`length ${this.#regionNamed(name)}`),
      }),
    };
  }

  /** Computes one name after the names it depends on, without recursion: a script may chain thousands of them. */
  #compute(key: string): bigint | undefined {
    const waiting = [key];
    const begun = new Set<string>();
    for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
      const expression = this.#expressions.get(next);
      const missing = new Set<string>();
      const value =
        this.#known.has(next) || expression === undefined
          ? this.#known.get(next)
          : constantValue(expression, this.#contextNoting(missing));
      // What was begun before and is still missing depends on itself.
      const open = begun.has(next) ? [] : [...missing].filter((one) => !begun.has(one));
      begun.add(next);
      if (open.length > 0) {
        waiting.push(...open);
        continue;
      }
      this.#known.set(next, value);
      waiting.pop();
    }
    return this.#known.get(key);
  }
}

/** The regions of a script whose bounds it says in numbers. */
export function regionsOf(script: LdScript): readonly ImageRegion[] {
  const values = valuesOf(script);
  const regions = nodesOf(script).filter((node): node is LdRegion => node.kind === "region");
  return regions
    .sort((a, b) => a.start - b.start)
    .flatMap(({ name, attributes }) => {
      const { origin, length } = values.region(name.text);
      if (origin === undefined || length === undefined) return [];
      return [{ name: name.text, origin, length, attributes: attributes.map(({ text }) => text).join("") }];
    });
}

function sectionBodies(script: LdScript): readonly Span[] {
  const bodies = nodesOf(script).flatMap((node) => (node.kind === "output-section" && node.body ? [node.body] : []));
  return bodies.sort((a, b) => a.start - b.start);
}

function macroBodies(script: LdScript): readonly Span[] {
  return script.macros.map((macro) => macro.body).sort((a, b) => a.start - b.start);
}

/** The last span that begins before the offset decides: none of these lie within one another. */
function isWithin(spans: readonly Span[], offset: number): boolean {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (spans[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  const span = spans[low - 1];
  return span !== undefined && offset < span.end;
}

const UNITS = [
  { size: 1n << 20n, letter: "M", most: 1n << 40n },
  // Nobody gives a size as 524416K: such a number is an address.
  { size: 1n << 10n, letter: "K", most: 1n << 26n },
] as const;

/** `64K`, `2M`, as ld reads them; undefined where the value is no whole number of either, or too large to say anything. */
export function unitsOf(value: bigint): string | undefined {
  if (value <= 0n || value >= 1n << 40n) return undefined;
  const unit = UNITS.find(({ size, most }) => value % size === 0n && value < most);
  return unit === undefined ? undefined : `${value / unit.size}${unit.letter}`;
}

/** `0x10000 = 65536 = 64K`. */
export function describeValue(value: bigint): string {
  const parts = [`0x${value.toString(16)}`, value.toString()];
  const units = unitsOf(value);
  if (units !== undefined) parts.push(units);
  else if (showValue(value).includes("(")) parts.push(`${value - (1n << 64n)}`);
  return parts.join(" = ");
}

/** `0x10000 (64K)`: what a glance should tell. */
export function shortValue(value: bigint): string {
  const units = unitsOf(value);
  return units === undefined ? showValue(value) : `${showValue(value)} (${units})`;
}
