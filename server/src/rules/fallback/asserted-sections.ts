/**
 * Finds scripts that assert that a section for data is empty, `ASSERT(SIZEOF(.data) == 0, "…")`: a fallback object there would end the
 * link. How large other sections may be is not looked into.
 */

import { scriptOf } from "../../linkage/facts/parsed.ts";
import { describePlace } from "../../linkage/facts/texts.ts";
import type { Program } from "../../linkage/symbols/program.ts";
import type { LdExpression, LdNameArgument } from "../../syntax/ld/tree.ts";
import { nodesOf } from "../../syntax/ld/walk.ts";
import type { Users } from "./users.ts";

/** Sections that zeros lie in: relocated data (`.data.rel.ro`) and tables of the linker's are no place for them. */
const DATA: ReadonlySet<string> = new Set([".data", ".bss", ".sdata", ".sbss", ".rodata", ".srodata"]);

/** Said as a refusal; undefined where no script of the users' links asserts it. */
export function findEmptyAsserted(name: string, { files, further }: Users, program: Program): string | undefined {
  const { index, links, texts } = program;
  const units = new Set([...files, ...further.flat()].map(({ membership }) => membership.unit));
  for (const path of index.filesWithWord("SIZEOF")) {
    if (index.languageOf(path) !== "ld") continue;
    const own = links.unitsOfScript(path);
    if (own !== undefined && !own.some((unit) => units.has(unit))) continue;
    const source = texts.source(path);
    if (source === undefined) continue;
    for (const node of nodesOf(scriptOf(path, source))) {
      if (node.kind !== "assert") continue;
      const section = emptySection(node.condition);
      if (section === undefined) continue;
      const where = describePlace(texts, path, node.start);
      return `${where} asserts that ${section} is empty, where a fallback of '${name}' may lie`;
    }
  }
  return undefined;
}

/** `SIZEOF(.data) == 0`, `!SIZEOF(.bss)`, by themselves or among other terms. */
function emptySection(node: LdExpression | LdNameArgument): string | undefined {
  switch (node.kind) {
    case "parenthesized":
      return emptySection(node.inner);
    case "unary":
      return node.operator === "!" ? sizedSection(node.operand) : undefined;
    case "binary":
      if (node.operator === "&&" || node.operator === "||") return emptySection(node.left) ?? emptySection(node.right);
      if (node.operator !== "==") return undefined;
      return isZero(node.right) ? sizedSection(node.left) : isZero(node.left) ? sizedSection(node.right) : undefined;
    default:
      return undefined;
  }
}

/** The section of data that a sum of sizes is about. */
function sizedSection(node: LdExpression | LdNameArgument): string | undefined {
  if (node.kind === "parenthesized") return sizedSection(node.inner);
  if (node.kind === "binary") return sizedSection(node.left) ?? sizedSection(node.right);
  if (node.kind !== "call" || node.function.text !== "SIZEOF") return undefined;
  const [section] = node.arguments;
  const text = section?.kind === "name" ? section.name.text : undefined;
  return text !== undefined && DATA.has(text) ? text : undefined;
}

function isZero(node: LdExpression): boolean {
  return node.kind === "number" && Number(node.value) === 0;
}
