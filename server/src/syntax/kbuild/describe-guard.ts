/** Guards in words, for people and tests. */

import { ANY_VALUE, type Guard, VALUE_M, VALUE_N, VALUE_Y } from "./guard.ts";

/** The guard in words: "CONFIG_A && !(CONFIG_B || CONFIG_C=m)"; "" for always. */
export function describeGuard(guard: Guard): string {
  switch (guard.kind) {
    case "always":
      return "";
    case "never":
      return "never";
    case "unknown":
      return "unknown";
    case "symbol":
      return describeMask(guard.symbol, guard.mask);
    case "value":
      return `${guard.symbol}="${guard.value}"`;
    case "not":
      return `!(${describeGuard(guard.part)})`;
    case "all":
    case "any": {
      const operator = guard.kind === "all" ? " && " : " || ";
      return guard.parts
        .map((part) => (part.kind === "all" || part.kind === "any" ? `(${describeGuard(part)})` : describeGuard(part)))
        .join(operator);
    }
  }
}

function describeMask(symbol: string, mask: number): string {
  switch (mask) {
    case VALUE_Y:
      return `${symbol}=y`;
    case VALUE_M:
      return `${symbol}=m`;
    case VALUE_Y | VALUE_M:
      return `${symbol}=y|m`;
    case VALUE_N:
      return `!${symbol}`;
    case ANY_VALUE & ~VALUE_N:
      return symbol;
    case ANY_VALUE & ~VALUE_Y:
      return `${symbol}!=y`;
    case ANY_VALUE & ~VALUE_M:
      return `${symbol}!=m`;
    default:
      return `${symbol}?`;
  }
}
