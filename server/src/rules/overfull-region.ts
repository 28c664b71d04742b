/** Finds memory regions into which a script itself puts more than they hold. */

import { constantsOf } from "../linkage/scripts/script-constants.ts";
import { scriptModelOf } from "../linkage/scripts/script-model.ts";
import { statementsOf } from "../linkage/scripts/script-walk.ts";
import { constantValue, type EvaluationContext, showValue } from "../syntax/ld/evaluate.ts";
import type { LdAssignment, LdExpression, LdOutputSection, LdScript, LdStatement } from "../syntax/ld/tree.ts";
import type { Rule } from "./rule.ts";
import { findingAt, placeHere, unquoted } from "./script-findings.ts";

export const overfullRegion: Rule = {
  id: "overfull-region",
  severity: "error",
  scope: "file",
  docs: {
    summary: "A script puts more into a memory region than it holds, whatever is linked.",
    why: `Room that a script reserves itself, by \`. += size\`, \`. = size\` or QUAD, counts before anything is linked. Where that
alone is more than the region's LENGTH, ld rejects every link: "will not fit in region". Input sections come on top, so that the finding
tells the least that is needed.`,
    whenToIgnore: "Never: ld fails. Where the region is larger than it says, correct its length.",
    bad: [
      `//- /link.ld
MEMORY { ram : ORIGIN = 0x20000000, LENGTH = 16K }
stack_size = 12K;
SECTIONS {
  .stack : { . += stack_size; } >ram
  .heap : { . = . + 0x2000; } >ram
//                             ^^^ error(overfull-region): need at least 0x5000 bytes
}
`,
    ],
    good: [
      `//- /link.ld
MEMORY { ram : ORIGIN = 0x20000000, LENGTH = 20K }
SECTIONS {
  .stack : { . += 12K; } >ram
  .heap : { . = . + 0x2000; } >ram
}
`,
      `//- /link.ld
MEMORY { ram : ORIGIN = 0x20000000, LENGTH = 16K }
SECTIONS { .data : { . = ORIGIN(ram); *(.data) . = 0x20001000; } >ram }
`,
    ],
  },
  *check(context) {
    const { script } = context;
    if (script === undefined) return;
    const { context: known, regions } = constantsOf(script);
    const model = scriptModelOf(script);
    const inner = statementsBySection(script);
    const least = new Map<string, bigint>();
    const reported = new Set<string>();
    for (const { statement, condition } of statementsOf(script)) {
      if (statement.kind !== "output-section" || condition !== "" || statement.constraint !== undefined) continue;
      const name = statement.trailer?.region;
      // Members of an OVERLAY share their memory, and a section with an address may lie outside of its region.
      if (name === undefined || statement.inOverlay || statement.address !== undefined) continue;
      const region = regions.find((one) => one.region.name.text === name.text);
      if (region?.length === undefined || model.definitionsOf("region", name.text).length !== 1) continue;
      const needed = (least.get(name.text) ?? 0n) + leastSize(inner.get(statement) ?? [], known, region.origin);
      least.set(name.text, needed);
      if (needed <= region.length || reported.has(name.text)) continue;
      reported.add(name.text);
      yield findingAt(
        overfullRegion.id,
        unquoted(name),
        `the sections in '${name.text}' need at least ${showValue(needed)} bytes, it has ${showValue(region.length)}`,
        [placeHere(context, unquoted(region.region.name), "declared here")],
      );
    }
  },
};

const DATA_SIZES: ReadonlyMap<string, bigint> = new Map([
  ["BYTE", 1n],
  ["SHORT", 2n],
  ["LONG", 4n],
  ["QUAD", 8n],
  ["SQUAD", 8n],
]);

/** The unconditional statements within each section. */
function statementsBySection(script: LdScript): Map<LdOutputSection, LdStatement[]> {
  const found = new Map<LdOutputSection, LdStatement[]>();
  for (const { statement, section, condition } of statementsOf(script)) {
    if (section === undefined || condition !== "") continue;
    const list = found.get(section);
    if (list === undefined) found.set(section, [statement]);
    else list.push(statement);
  }
  return found;
}

/** The least size of a section, in bytes: what its own statements reserve, without input and alignment. */
function leastSize(statements: readonly LdStatement[], known: EvaluationContext, origin: bigint | undefined): bigint {
  let size = 0n;
  for (const statement of statements) {
    if (statement.kind === "data") size += DATA_SIZES.get(statement.keyword.text) ?? 0n;
    else if (statement.kind === "assignment" && statement.target.text === ".") {
      size += reservedBy(statement, size, known, origin);
    }
  }
  return size;
}

/** What an assignment to the location counter adds to a section that has this size so far, at least. */
function reservedBy(
  { operator, value }: LdAssignment,
  size: bigint,
  known: EvaluationContext,
  origin: bigint | undefined,
): bigint {
  if (operator === "+=") return small(constantValue(value, known));
  if (operator !== "=") return 0n;
  const added = addedToDot(value);
  if (added !== undefined) return small(constantValue(added, known));
  // An address, as in `. = ORIGIN(ram)`, is no offset within the section, whatever was meant by it.
  if (hasCall(value)) return 0n;
  const until = small(constantValue(value, known));
  if (origin !== undefined && origin > 0n && until >= origin) return 0n;
  return until > size ? until - size : 0n;
}

/** True for a value in which a function has a part: ORIGIN and ADDR give addresses. */
function hasCall(value: LdExpression): boolean {
  switch (value.kind) {
    case "call":
    case "macro-call":
      return true;
    case "unary":
      return hasCall(value.operand);
    case "binary":
      return hasCall(value.left) || hasCall(value.right);
    case "parenthesized":
      return hasCall(value.inner);
    case "conditional":
      return hasCall(value.condition) || hasCall(value.then) || hasCall(value.otherwise);
    default:
      return false;
  }
}

/** n in `. + n`. */
function addedToDot(value: LdExpression): LdExpression | undefined {
  let at = value;
  while (at.kind === "parenthesized") at = at.inner;
  if (at.kind !== "binary" || at.operator !== "+" || at.left.kind !== "symbol") return undefined;
  return at.left.name.text === "." ? at.right : undefined;
}

/** No value, and a negative one, reserve nothing that could be counted. */
function small(value: bigint | undefined): bigint {
  return value === undefined || value >= 1n << 63n ? 0n : value;
}
