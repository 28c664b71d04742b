/** What the objects of a build say of a symbol, in words: lines of Markdown for hover, and plain ones for a terminal. */

import { bold, codeSpan, plainText } from "../text/markdown.ts";
import type { ObjectsReport, ReportedLink, ReportedObject } from "./objects-report.ts";

/** How names and texts of the build are written. */
interface Wording {
  code(name: string): string;
  plain(text: string): string;
}

const AS_IT_IS: Wording = { code: (name) => name, plain: (text) => text };
const MARKDOWN: Wording = { code: codeSpan, plain: plainText };

/** How many objects hover lists for one link. */
const LISTED = 6;

/**
 * "kernel/kallsyms.o: weak undefined, 3 relocations, 3 through the GOT", or, of what was linked,
 * "vmlinux: D 0xffffffff81a00000, 8 bytes, .rodata".
 */
export function describeObject(object: ReportedObject, { code, plain }: Wording = AS_IT_IS): string {
  const { file, letter, binding, section, value, size, part, visibility, newer } = object;
  const details: string[] = [];
  if (section === "UND") details.push(binding === "weak" ? "weak undefined" : "undefined");
  else {
    details.push(part === "image" ? `${letter} ${value}` : `${letter}, ${binding} definition`);
    if (size > 0) details.push(bytes(size));
    details.push(plain(section));
  }
  if (visibility !== "default") details.push(visibility);
  if (part === "loses") details.push("overridden");
  if (part === "not taken") details.push("not taken out of its archive");
  details.push(...describeRelocations(object));
  if (newer !== undefined) details.push(`older than ${code(newer)}`);
  return `${code(file)}: ${details.join(", ")}`;
}

function describeRelocations({ relocations, section, part }: ReportedObject): string[] {
  const { total, got } = relocations;
  if (total === 0) return section === "UND" && part !== "image" ? ["no relocations"] : [];
  return [
    count(total, "relocation"),
    got === 0 ? "none through the GOT" : `${got.toLocaleString("en")} through the GOT`,
  ];
}

/** The part of hover's text that the objects add, in Markdown; "" where they know nothing of the symbol. */
export function describeObjects(report: ObjectsReport): string {
  const parts: string[] = [];
  for (const link of report.links) {
    const lines = [`*${plainText(link.unit)}, as it was built*: ${plainText(describeOutcome(link, report))}`];
    const objects = report.objects.filter(({ unit }) => unit === link.unit);
    for (const object of objects.slice(0, LISTED)) lines.push(`- ${describeObject(object, MARKDOWN)}`);
    if (objects.length > LISTED) lines.push(`- ${plainText(describeRest(link, objects.slice(LISTED)))}`);
    if (link.difference !== undefined) lines.push(`- ${bold(link.difference)}`);
    parts.push(lines.join("\n"));
  }
  if (parts.length > 0 && !report.isComplete) parts.push("*Objects are still being read; more may come.*");
  return parts.join("\n\n");
}

/** The symbols that one object has of a static: none where it is inlined everywhere. */
export interface LocalsOfObject {
  readonly object: string;
  readonly symbols: readonly { readonly name: string; readonly section: string; readonly size: number }[];
}

/** "kernel/fork.o: local, 5,104 bytes, .text", for each symbol that an object has of a static. */
export function listLocals(
  locals: readonly LocalsOfObject[],
  name: string,
  code: (text: string) => string = (text) => text,
): string[] {
  return locals.flatMap(({ object, symbols }) => {
    if (symbols.length === 0) return [`${code(object)} has no symbol of it: it is inlined everywhere, or not used.`];
    return symbols.map((symbol) => {
      const own = symbol.name === name ? "local" : `local ${code(symbol.name)}`;
      return `${code(object)}: ${own}, ${bytes(symbol.size)}, ${symbol.section}`;
    });
  });
}

/** The same for hover, in Markdown. */
export function describeLocals(locals: readonly LocalsOfObject[], name: string): string {
  return listLocals(locals, name, (text) => `\`${text}\``).join("  \n");
}

/** The same for a terminal: one line for each link and each object, indented. */
export function listObjects(report: ObjectsReport): string[] {
  return report.links.flatMap((link) => [
    `  ${link.unit}, as it was built: ${describeOutcome(link, report)}`,
    ...report.objects.filter(({ unit }) => unit === link.unit).map((object) => `    ${describeObject(object)}`),
    ...(link.difference === undefined ? [] : [`    ${link.difference}`]),
  ]);
}

function describeOutcome(link: ReportedLink, report: ObjectsReport): string {
  const { assigned, takenFor } = link;
  const parts = [describeWinner(link, report)];
  if (assigned?.isProvide) {
    parts.push(
      assigned.tookEffect
        ? `The script's PROVIDE took effect: ${assigned.value}.`
        : "The script's PROVIDE had no effect.",
    );
  } else if (assigned !== undefined && link.winner !== undefined)
    parts.push(`The script assigns it: ${assigned.value}.`);
  if (takenFor !== undefined) {
    const who = takenFor.file === undefined ? "" : ` in ${takenFor.file}`;
    parts.push(`Its archive member was taken for ${takenFor.symbol}${who}.`);
  }
  return parts.join(" ");
}

function describeWinner({ winner, lost, references, unit }: ReportedLink, report: ObjectsReport): string {
  if (winner === undefined) {
    const image = report.objects.find((object) => object.unit === unit && object.part === "image");
    if (image !== undefined && image.section !== "UND") return "the linker script defines it.";
    return references.weak > 0 && references.weak === references.objects
      ? "nothing defines it: its address is NULL."
      : "no object defines it.";
  }
  const overridden = lost.length === 0 ? "" : `, and overrides ${count(lost.length, "weak definition")}`;
  return `${winner} defines it${overridden}.`;
}

function describeRest(link: ReportedLink, rest: readonly ReportedObject[]): string {
  const total = rest.reduce((sum, { relocations }) => sum + relocations.total, 0);
  const got = rest.reduce((sum, { relocations }) => sum + relocations.got, 0);
  const through = got === 0 ? "none through the GOT" : `${got.toLocaleString("en")} through the GOT`;
  return `${count(rest.length, "more object")} in ${link.unit}, ${count(total, "relocation")}, ${through}`;
}

/** "1 byte", "8 bytes". */
function bytes(size: number): string {
  return count(size, "byte");
}

/** "1 relocation", "1,200 relocations". */
export function count(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}
