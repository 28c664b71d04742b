/**
 * Functions whose callers test them against NULL: the weak reference with its test, and what the fix makes of it, a strong
 * declaration and a weak function that does what happened where the test failed. Both must do the same, whether a strong
 * definition is linked or not.
 */

import type { Trial } from "./laboratory.ts";
import { writeFunction } from "./product-fallbacks.ts";
import { type LaboratorySymbol, laboratorySymbols } from "./symbols.ts";

interface GuardedFunction {
  readonly name: string;
  readonly guarded: string;
  readonly plain: string;
  /** What the fallback returns. */
  readonly value: string;
  readonly argument: number;
  readonly strong: bigint;
  readonly missing: bigint;
}

const GUARDED: readonly GuardedFunction[] = [
  {
    name: "int_function",
    guarded: "if (int_function) return int_function(n); return -5;",
    plain: "return int_function(n);",
    value: "-5",
    argument: 20,
    strong: 42n,
    missing: 2n ** 64n - 5n,
  },
  {
    name: "pointer_function",
    guarded: "const char *p = pointer_function ? pointer_function() : 0; return p ? p[n] : 1;",
    plain: "const char *p = pointer_function(); return p ? p[n] : 1;",
    value: "0",
    argument: 2,
    strong: 114n,
    missing: 1n,
  },
  {
    name: "void_function",
    guarded: "unsigned long sum = n; if (void_function) void_function(&sum); return sum;",
    plain: "unsigned long sum = n; void_function(&sum); return sum;",
    value: "",
    argument: 1,
    strong: 42n,
    missing: 1n,
  },
];

/** The callers with weak references and NULL tests, and no fallback. */
export function guardedTrials(): Trial[] {
  return GUARDED.map((one) => {
    const symbol = withReader(one, one.guarded);
    const declarations = symbol.declarations.map((text) => text.replace(";", " __attribute__((weak));"));
    return { symbol: { ...symbol, declarations }, text: "" };
  });
}

/** The same callers after the fix: no tests, and the fallback as the product writes it. */
export function fixedTrials(): Trial[] {
  return GUARDED.map((one) => {
    const symbol = withReader(one, one.plain);
    return { symbol, text: writeFunction(symbol, one.value) ?? "" };
  });
}

function withReader(one: GuardedFunction, body: string): LaboratorySymbol {
  const symbol = laboratorySymbols.find((known) => known.name === one.name)!;
  const { argument, strong, missing } = one;
  const reader = { name: "call", body, argument, fallbackArgument: argument, strong, fallback: missing };
  return { ...symbol, readers: [reader] };
}
