/** The text of hover, in Markdown: how a symbol is declared here, who defines it, and which definition wins. */

import type { SymbolFact } from "../linkage/facts/facts.ts";
import type { LinkOutcome } from "../linkage/symbols/link-outcomes.ts";
import type { Program } from "../linkage/symbols/program.ts";
import type { SymbolPlace } from "./symbol-at.ts";
import { type LinkUnitReport, type ReportedMention, reportSymbol, type SymbolReport } from "./symbol-report.ts";

/** How many declarations, definitions and tests are listed before "and N more". */
const LISTED = 6;

/** Files with the word beyond which tests against NULL are not looked for: people wait for hover. */
const SEARCHED = 150;

/** Describes a symbol of a file, or nothing where no file declares it with external linkage. */
export function describeSymbol(place: SymbolPlace, path: string, program: Program): string | undefined {
  const { fact: here } = place;
  const report = reportSymbol(place.text, program, { near: path, limit: LISTED, mostUsers: SEARCHED });
  if (report.linkUnits.length === 0 && here === undefined) return undefined;
  const parts = [`**${place.text}**${here === undefined ? "" : ` — ${describeFact(here, program)}`}`];
  if (here !== undefined && !program.isActive(path, here)) parts.push(`Left out by \`${report.narrowedTo}\`.`);
  const links = joinArchitectures(report.linkUnits);
  for (const link of links) parts.push(describeUnit(link, links.length > 1, report));
  if (report.linkUnits.length === 0) parts.push("No other file declares or defines it.");
  const tests = describeTests(report);
  if (tests !== "") parts.push(tests);
  parts.push(...describeHidden(report));
  if (report.narrowedTo !== undefined) parts.push(`*As \`${report.narrowedTo}\` has it.*`);
  if (!report.isComplete) parts.push("*The tree is still being indexed; more may come.*");
  return parts.join("\n\n");
}

/** "weak reference: object, external linkage, weak binding, section .rodata". */
function describeFact(fact: SymbolFact, program: Program): string {
  const isWeak = program.isWeak(fact);
  const role = fact.role === "declaration" && isWeak ? "weak reference" : roleNames[fact.role];
  const details = [
    fact.kind === "unknown" ? "" : fact.kind,
    fact.role === "assignment" || fact.role === "provide" ? "" : "external linkage",
    `${isWeak ? "weak" : "global"} binding`,
    fact.visibility === undefined ? "" : `${fact.visibility} visibility`,
    fact.section === undefined ? "" : `section \`${fact.section}\``,
    fact.target === undefined ? "" : `alias of \`${fact.target}\``,
    fact.condition === "" ? "" : `if \`${fact.condition}\``,
  ];
  return `${role}: ${details.filter((detail) => detail !== "").join(", ")}`;
}

const roleNames = {
  declaration: "declaration",
  tentative: "tentative definition",
  definition: "definition",
  assignment: "assignment in a linker script",
  provide: "PROVIDE in a linker script",
  alias: "alias",
} as const;

/** Links that architectures make differently as one: what is common to them is said once. */
export function joinArchitectures(units: readonly LinkUnitReport[]): readonly LinkUnitReport[] {
  const joined = new Map<string, LinkUnitReport>();
  for (const unit of units) {
    const known = joined.get(unit.link);
    if (known === undefined) joined.set(unit.link, { ...unit, unit: unit.link });
    else {
      joined.set(unit.link, {
        ...known,
        winner: undefined,
        definitions: joinMentions(known.definitions, unit.definitions),
        declarations: joinMentions(known.declarations, unit.declarations),
      });
    }
  }
  return [...joined.values()];
}

function joinMentions(some: readonly ReportedMention[], more: readonly ReportedMention[]): readonly ReportedMention[] {
  const key = ({ file, offset }: ReportedMention) => `${file}:${offset}`;
  const known = new Set(some.map(key));
  const all = [...some, ...more.filter((mention) => !known.has(key(mention)))];
  // Those whose lines are known come first, as the others are only counted.
  return all.sort((a, b) => Number(a.line === 0) - Number(b.line === 0));
}

function describeUnit(report: LinkUnitReport, isNamed: boolean, { summary }: SymbolReport): string {
  const { definitions, declarations, outcome } = report;
  const differs = report.link === "vmlinux" ? summary : undefined;
  const sentence = differs === undefined ? outcomes[outcome] : `${capitalize(differs)}.`;
  const reasons = report.whyOpen.length === 0 ? "" : ` It is not known: ${report.whyOpen.join("; ")}.`;
  const lines = [`${isNamed ? `*${report.unit}*: ` : ""}${sentence}${reasons}`];
  if (report.winner !== undefined && definitions.length > 1)
    lines.push(`- the winner: ${describeMention(report.winner)}`);
  lines.push(...listMentions("defined", definitions), ...listMentions("declared", declarations));
  return lines.join("\n");
}

const outcomes: Record<LinkOutcome, string> = {
  strong: "A strong definition wins the link.",
  several: "Several strong definitions: the configuration chooses.",
  weak: "Weak definitions only: the first one that is linked wins.",
  provided: "A linker script provides it where something refers to it and nothing else defines it.",
  null: "No source file defines it: it is generated at link time, or its address is NULL where the reference is weak.",
  missing: "No source file defines it: it is generated, or the link fails where something refers to it.",
  depends: "What is linked decides which definition is used.",
};

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function listMentions(verb: string, mentions: readonly ReportedMention[]): string[] {
  const lines = mentions.slice(0, LISTED).map((mention) => `- ${verb} ${describeMention(mention)}`);
  if (mentions.length > LISTED) lines.push(`- ${verb} in ${mentions.length - LISTED} more places`);
  return lines;
}

function describeMention({ file, line, binding, role, condition, macro, dependsOn }: ReportedMention): string {
  const what = role === "declaration" ? (binding === "weak" ? ", weak" : "") : `, ${binding} ${role}`;
  const by = macro === undefined ? "" : `, by the macro \`${macro}\``;
  return `\`${file}${line === 0 ? "" : `:${line}`}\`${what}${by}${condition === "" ? "" : `, if \`${condition}\``}${dependsOn === undefined ? "" : `, ${dependsOn}`}`;
}

function describeTests({ nullTests }: SymbolReport): string {
  if (nullTests.length === 0) return "";
  const places = nullTests.slice(0, LISTED).map(({ file, line }) => `\`${file}:${line}\``);
  const more = nullTests.length > LISTED ? ` and ${nullTests.length - LISTED} more` : "";
  return `Tested against NULL at ${places.join(", ")}${more}.`;
}

/** "Weak reference through `get` at `a.c:3`.", once for each macro. */
function describeHidden({ hiddenReferences }: SymbolReport): string[] {
  return [...new Set(hiddenReferences.map(({ macro }) => macro))].map((macro) => {
    const here = hiddenReferences.filter((reference) => reference.macro === macro);
    const places = here.slice(0, LISTED).map(({ file, line }) => `\`${file}:${line}\``);
    const more = here.length > LISTED ? ` and ${here.length - LISTED} more` : "";
    return `Weak ${here.length === 1 ? "reference" : "references"} through \`${macro}\` at ${places.join(", ")}${more}.`;
  });
}
