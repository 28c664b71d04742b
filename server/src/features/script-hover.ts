/**
 * Hover in linker scripts: what is known of a region, segment or section, and the value of what is constant. What is known
 * of a symbol or command, hover.ts tells; this adds the value.
 */

import { type ScriptName, scriptModelOf } from "../linkage/scripts/script-model.ts";
import type { LdOutputSection, LdRegion, LdScript, LdSegment } from "../syntax/ld/tree.ts";
import { type LdNode, nodesOf } from "../syntax/ld/walk.ts";
import { bold, codeSpan } from "../text/markdown.ts";
import type { Span } from "../text/span.ts";
import { touches } from "../text/span.ts";
import { describeValue, unitsOf, valuesOf } from "./script-values.ts";

export interface ScriptHover {
  readonly span: Span;
  /** Markdown; undefined where there is no more to say than what is known of a symbol. */
  readonly text: string | undefined;
  /** It is a symbol or a command, of which the rest of the tree knows more. */
  readonly isSymbol: boolean;
}

/** What the script itself says of what stands at an offset; undefined where it says nothing. */
export function hoverScript(script: LdScript, offset: number): ScriptHover | undefined {
  const name = scriptModelOf(script).nameAt(offset);
  if (name !== undefined) return hoverName(name, script);
  const node = smallestAt(script, offset);
  if (node?.kind === "number") {
    return { span: spanOf(node), text: valueText(node.value), isSymbol: false };
  }
  if (node?.kind === "call" && touches(node.function, offset)) {
    const value = valuesOf(script).evaluate(node);
    return { span: spanOf(node.function), text: value === undefined ? undefined : valueText(value), isSymbol: true };
  }
  const macro = script.macros.find((one) => touches(one.nameSpan, offset));
  if (macro !== undefined) return hoverMacro(macro.name, macro.nameSpan, script);
  if (node?.kind === "macro-call" && touches(node.name, offset)) return hoverMacro(node.name.text, node.name, script);
  if (node?.kind === "symbol") return hoverMacro(node.name.text, node, script);
  return undefined;
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

function valueText(value: bigint): string {
  return `Value: ${codeSpan(describeValue(value))}`;
}

function smallestAt(script: LdScript, offset: number): LdNode | undefined {
  let found: LdNode | undefined;
  for (const node of nodesOf(script)) {
    if (!touches(node, offset) || node.end === node.start) continue;
    if (found === undefined || node.end - node.start < found.end - found.start) found = node;
  }
  return found;
}

function hoverName(name: ScriptName, script: LdScript): ScriptHover {
  const { kind, text } = name;
  const span = spanOf(name);
  switch (kind) {
    case "symbol": {
      const value = valuesOf(script).symbol(text);
      return { span, text: value === undefined ? undefined : valueText(value), isSymbol: true };
    }
    case "region":
      return { span, text: describeRegion(text, script), isSymbol: false };
    case "segment":
      return { span, text: describeSegment(text, script), isSymbol: false };
    case "section":
      return { span, text: describeSection(text, script), isSymbol: false };
  }
}

function describeRegion(name: string, script: LdScript): string {
  const region = nodesOf(script).find((node): node is LdRegion => node.kind === "region" && node.name.text === name);
  const { origin, length } = valuesOf(script).region(name);
  const attributes = region?.attributes.map((attribute) => attribute.text).join("") ?? "";
  const lines = [`${bold(name)} — memory region${attributes === "" ? "" : ` ${codeSpan(`(${attributes})`)}`}`];
  if (origin !== undefined) lines.push(`- origin ${codeSpan(describeValue(origin))}`);
  if (length !== undefined) lines.push(`- length ${codeSpan(describeValue(length))}`);
  if (origin !== undefined && length !== undefined && length > 0n) {
    const size = unitsOf(length);
    const last = BigInt.asUintN(64, origin + length - 1n);
    lines.push(
      `- from \`0x${origin.toString(16)}\` to \`0x${last.toString(16)}\`${size === undefined ? "" : `, ${size}`}`,
    );
  }
  if (region === undefined && origin === undefined) lines.push("Not declared in this file.");
  return lines.join("\n");
}

function describeSegment(name: string, script: LdScript): string {
  const segment = nodesOf(script).find((node): node is LdSegment => node.kind === "segment" && node.name.text === name);
  if (segment === undefined) return `${bold(name)} — segment\n\nNot declared in this file.`;
  return `${bold(name)} — segment: ${codeSpan(oneLine(script, segment))}`;
}

function describeSection(name: string, script: LdScript): string {
  const sections = nodesOf(script).filter(
    (node): node is LdOutputSection => node.kind === "output-section" && node.name.text === name,
  );
  const lines = [`${bold(name)} — output section`];
  for (const section of sections.slice(0, MOST_SECTIONS)) {
    const { trailer } = section;
    const places = [
      trailer?.region && `in region ${codeSpan(trailer.region.text)}`,
      trailer?.loadRegion && `loaded from region ${codeSpan(trailer.loadRegion.text)}`,
      ...(trailer?.segments ?? []).map((segment) => `in segment ${codeSpan(segment.text)}`),
    ];
    const told = places.filter((place) => place !== undefined).join(", ");
    lines.push(`- ${codeSpan(oneLine(script, section.header))}${told === "" ? "" : `, ${told}`}`);
  }
  if (sections.length === 0) lines.push("Not described in this file.");
  return lines.join("\n");
}

const MOST_SECTIONS = 6;
const LONGEST_LINE = 120;

function oneLine({ source }: LdScript, { start, end }: Span): string {
  const text = source
    .slice(start, Math.min(end, start + LONGEST_LINE * 4))
    .replace(/\\?\s+/g, " ")
    .trim();
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
}

/** What a macro stands for, script-macros.ts tells. */
function hoverMacro(name: string, span: Span, script: LdScript): ScriptHover | undefined {
  if (!script.macros.some((macro) => macro.name === name)) return undefined;
  const value = valuesOf(script).symbol(name);
  return { span: spanOf(span), text: value === undefined ? undefined : valueText(value), isSymbol: true };
}
