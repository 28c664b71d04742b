/** What a script itself says of the values of its symbols and regions, as far as that is constant. It knows no other file. */

import { constantValue, type EvaluationContext } from "../../syntax/ld/evaluate.ts";
import type { LdExpression, LdRegion, LdScript } from "../../syntax/ld/tree.ts";
import { createAttached } from "../../text/attached.ts";
import { scriptModelOf } from "./script-model.ts";
import { statementsOf } from "./script-walk.ts";

/** A region with what is constant of it. */
export interface KnownRegion {
  readonly region: LdRegion;
  readonly condition: string;
  /** In bytes; undefined where it depends on what this script does not say. */
  readonly origin: bigint | undefined;
  readonly length: bigint | undefined;
}

export interface ScriptConstants {
  readonly regions: readonly KnownRegion[];
  /** For {@link evaluate}: symbols and regions of this script. */
  readonly context: EvaluationContext;
}

/** Symbols that lead to symbols are followed this far; each step may go through an expression of any depth. */
const DEPTH = 6;

const constants = createAttached<LdScript, ScriptConstants>();

/** The constants of a script, found once for each tree. */
export function constantsOf(script: LdScript): ScriptConstants {
  let known = constants.get(script);
  if (known === undefined) {
    known = findConstants(script);
    constants.set(script, known);
  }
  return known;
}

function findConstants(script: LdScript): ScriptConstants {
  const model = scriptModelOf(script);
  const values = new Map<string, LdExpression>();
  const aliases = new Map<string, string>();
  const declared = new Map<string, LdRegion>();
  const regions: { region: LdRegion; condition: string }[] = [];
  for (const { statement, section, condition } of statementsOf(script)) {
    if (statement.kind === "assignment") {
      const { target, operator, provide, value } = statement;
      // Within an output section a number counts from the section's start.
      const isPlain = operator === "=" && !provide && condition === "" && section === undefined && !target.pasted;
      if (isPlain && model.definitionsOf("symbol", target.text).length === 1) values.set(target.text, value);
    } else if (statement.kind === "memory") {
      for (const region of statement.regions) {
        if (region.kind !== "region") continue;
        regions.push({ region, condition });
        declared.set(region.name.text, region);
      }
    } else if (statement.kind === "command" && statement.keyword.text === "REGION_ALIAS") {
      const [alias, target] = statement.arguments;
      if (alias !== undefined && target !== undefined) aliases.set(alias.text, target.text);
    }
  }

  /** Names that are being evaluated, so that x = y; y = x; ends. */
  const open = new Set<string>();
  const found = new Map<string, bigint | undefined>();
  function constantOf(key: string, expression: LdExpression | undefined): bigint | undefined {
    if (found.has(key)) return found.get(key);
    if (expression === undefined || open.has(key) || open.size >= DEPTH) return undefined;
    open.add(key);
    const value = constantValue(expression, context);
    open.delete(key);
    found.set(key, value);
    return value;
  }
  function regionOf(name: string): LdRegion | undefined {
    const target = declared.has(name) ? name : (aliases.get(name) ?? "");
    const isOnce = model.definitionsOf("region", target).length === 1;
    return isOnce ? declared.get(target) : undefined;
  }
  const context: EvaluationContext = {
    symbol: (name) => constantOf(`symbol ${name}`, values.get(name)),
    region(name) {
      const region = regionOf(name);
      if (region === undefined) return undefined;
      const key = region.name.text;
      return { origin: constantOf(`origin ${key}`, region.origin), length: constantOf(`length ${key}`, region.length) };
    },
  };
  return {
    context,
    regions: regions.map(({ region, condition }) => ({
      region,
      condition,
      origin: region.origin && constantValue(region.origin, context),
      length: region.length && constantValue(region.length, context),
    })),
  };
}
