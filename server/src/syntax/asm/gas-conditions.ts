/**
 * The assembler's conditions: `.if` and its kin (GNU as manual, section If). What hangs on nothing but what stands in the file is
 * decided here; what else may set is kept as a condition. It names no symbols.
 */

import { definedCondition, not, readCondition } from "../condition/condition.ts";
import { closeCondition, NOTHING, nextAsmBranch, openCondition, type Term } from "./conditions.ts";
import { evaluateGas } from "./gas-macros.ts";
import type { Interpreter } from "./interpret.ts";
import { commaOperands, isActive, textOfTokens } from "./statement-parts.ts";
import type { AsmToken } from "./tree.ts";

/** Reads an `.if…`, `.else`, `.elseif` or `.endif`, with what stands behind it. */
export function readIf(state: Interpreter, name: string, rest: readonly AsmToken[]): void {
  const { ifs, gasConditions } = state;
  if (name === ".endif") {
    if (ifs.pop() === "unknown") closeCondition(gasConditions);
    return;
  }
  if (name === ".else" || name === ".elseif") {
    const last = ifs.length - 1;
    const current = ifs[last];
    if (current === undefined) return;
    if (current === "unknown") {
      nextAsmBranch(gasConditions, name === ".else" ? undefined : testOf(".if", rest));
    } else if (current === "taken") {
      ifs[last] = "done";
    } else if (current === "waiting") {
      const value = name === ".else" ? 1 : evaluateGas(rest, state.constants);
      ifs[last] = value === 0 ? "waiting" : "taken";
    }
    return;
  }
  if (ifs.length > 1000) return;
  const value = isActive(state) ? conditionValue(state, name, rest) : false;
  ifs.push(value === undefined ? "unknown" : value ? "taken" : "waiting");
  if (value === undefined) openCondition(gasConditions, testOf(name, rest));
}

/** The value of an `.if…`, where it hangs on nothing but what stands there. */
function conditionValue(state: Interpreter, name: string, rest: readonly AsmToken[]): boolean | undefined {
  // A parameter, or the hole in its place (makers.ts).
  if (rest.some((token) => token.text.startsWith("\\") || token.text.includes("__hole_"))) return undefined;
  switch (name) {
    case ".ifb":
      return rest.length === 0;
    case ".ifnb":
      return rest.length > 0;
    case ".ifc":
    case ".ifnc":
    case ".ifeqs":
    case ".ifnes": {
      const [left, right] = commaOperands(rest);
      const same = textOfTokens(left ?? []).replace(/"/g, "") === textOfTokens(right ?? []).replace(/"/g, "");
      return name === ".ifc" || name === ".ifeqs" ? same : !same;
    }
    case ".ifdef":
    case ".ifndef":
    case ".ifnotdef":
      // What nothing above defines may be given by --defsym, or by an included file.
      return rest.length === 1 && state.defined.has(rest[0]!.text) ? name === ".ifdef" : undefined;
  }
  const value = evaluateGas(rest, state.constants);
  if (value === undefined) return undefined;
  switch (name) {
    case ".ifeq":
      return value === 0;
    case ".ifge":
      return value >= 0;
    case ".ifgt":
      return value > 0;
    case ".ifle":
      return value <= 0;
    case ".iflt":
      return value < 0;
    default:
      return value !== 0;
  }
}

/** What an `.if…` asks, in C's words; nothing where that hangs on a macro's argument. */
function testOf(name: string, rest: readonly AsmToken[]): Term {
  const text = textOfTokens(rest);
  if (text.includes("\\") || text.includes("__hole_")) return NOTHING;
  if (name === ".ifdef") return definedCondition(text);
  if (name === ".ifndef" || name === ".ifnotdef") return not(definedCondition(text));
  return readCondition(text);
}
