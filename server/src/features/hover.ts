/** The text of hover: the words of symbol-words.ts, with what the objects of a build say, as Markdown or as plain text. */

import type { Program } from "../linkage/symbols/program.ts";
import { codeSpan, plainText } from "../text/markdown.ts";
import type { NamesAt } from "./names-at.ts";
import { markdownPhrase, type Phrase, plainPhrase, type Spot } from "./phrase.ts";
import type { LinkedName } from "./symbol-at.ts";
import { reportMention, reportSymbol } from "./symbol-report.ts";
import { type SymbolWords, wordSymbol } from "./symbol-words.ts";

/** How many places of each list are written out. */
const LISTED = 6;

/** Files with the word beyond which tests against NULL are not looked for: people wait for hover. */
const SEARCHED = 150;

/** Finds the words for the name at a place; undefined where no file declares it with a linkage. */
export function wordsAt(place: LinkedName, path: string, program: Program): SymbolWords | undefined {
  const { fact, isInternal, architecture } = place;
  const report = reportSymbol(place.text, program, { near: path, limit: LISTED, mostUsers: SEARCHED, isInternal });
  const here =
    fact === undefined
      ? undefined
      : reportMention({ path, fact, ...(architecture === undefined ? {} : { architecture }) }, program);
  const words = wordSymbol(report, { here, most: LISTED });
  if (words === undefined || fact === undefined || program.isActive(path, fact)) return words;
  const leftOut: Phrase = ["Left out by ", { code: report.narrowedTo ?? "" }, "."];
  return { ...words, details: [leftOut, ...words.details] };
}

/** One name at a place, with what is said of it and by the objects of a build. */
export interface DescribedName {
  readonly name: string;
  readonly words: SymbolWords;
  /** As Markdown; "" where there is nothing to say. */
  readonly objects: string;
}

/** Of more names than these the title alone is written. */
const IN_FULL = 4;

/** How many titles are written. */
const TITLES = 12;

/**
 * The words for all names at a place; none where nothing is known of them.
 * @param objectsOf what the objects of a build say of a name
 */
export function describedNames(
  { names }: NamesAt,
  path: string,
  program: Program,
  objectsOf: (name: string) => string,
): readonly DescribedName[] {
  return names.flatMap((place) => {
    const words = wordsAt(place, path, program);
    return words === undefined ? [] : [{ name: place.text, words, objects: objectsOf(place.text) }];
  });
}

/** All names at a place as Markdown: which macro makes them, then each with what is known of it. */
export function writeNamesMarkdown(
  at: Pick<NamesAt, "text" | "macro" | "renamedIn">,
  described: readonly DescribedName[],
  linkTo?: (spot: Spot) => string,
): string {
  const bodies = described.slice(0, IN_FULL).map(({ name, words, objects }) => {
    return writeMarkdown(name, words, { linkTo, objects });
  });
  const titles = described
    .slice(IN_FULL, TITLES)
    .map(({ name, words }) => `- **${codeSpan(name)}** — ${markdownPhrase(words.title, linkTo)}`);
  const rest = described.length - Math.min(described.length, TITLES);
  if (rest > 0) titles.push(`- ${rest} more`);
  const head = headOf(at, described).map((phrase) => markdownPhrase(phrase, linkTo));
  return [...head, bodies.join("\n\n---\n\n"), ...(titles.length === 0 ? [] : [titles.join("\n")])].join("\n\n");
}

/** The same for a terminal. */
export function writeNamesPlain(
  at: Pick<NamesAt, "text" | "macro" | "renamedIn">,
  described: readonly DescribedName[],
): string {
  const bodies = described
    .slice(0, IN_FULL)
    .map(({ name, words, objects }) =>
      [writePlain(name, words), objects.replace(/[`*]/g, "")].filter((part) => part !== "").join("\n\n"),
    );
  const titles = described.slice(IN_FULL, TITLES).map(({ name, words }) => `${name}: ${plainPhrase(words.title)}`);
  const rest = described.length - Math.min(described.length, TITLES);
  if (rest > 0) titles.push(`${rest} more`);
  const head = headOf(at, described).map(plainPhrase);
  return [...head, ...bodies, ...(titles.length === 0 ? [] : [titles.join("\n")])].join("\n\n");
}

/** What the word under the cursor has to do with the names, where it is none of them itself. */
function headOf(
  { text, macro, renamedIn }: Pick<NamesAt, "text" | "macro" | "renamedIn">,
  [first]: readonly DescribedName[],
): readonly Phrase[] {
  if (macro !== undefined) return [[{ code: text }, " is given to ", { code: macro }, ", which makes of it:"]];
  if (renamedIn === undefined || first === undefined) return [];
  return [[{ code: text }, " is ", { code: first.name }, " to the linker, by its declaration in ", renamedIn, "."]];
}

/** The words as Markdown: what a person asks first, then what the objects say; the rest below a rule. */
export function writeMarkdown(
  name: string,
  words: SymbolWords,
  options: { readonly linkTo?: ((spot: Spot) => string) | undefined; readonly objects?: string } = {},
): string {
  const write = (phrase: Phrase) => markdownPhrase(phrase, options.linkTo);
  const parts = [`**${codeSpan(name)}** — ${write(words.title)}`];
  for (const { unit, sentence, places } of words.verdicts) {
    const lines = [`${unit === "" ? "" : `*${plainText(unit)}*: `}${write(sentence)}`];
    parts.push([...lines, ...places.map((place) => `- ${write(place)}`)].join("\n"));
  }
  if (options.objects !== undefined && options.objects !== "") parts.push(options.objects);
  if (words.details.length > 0) parts.push("---", words.details.map(write).join("  \n"));
  return parts.join("\n\n");
}

/** The same for a terminal, without the objects: a name with its title, then indented lines. */
export function writePlain(name: string, words: SymbolWords): string {
  const lines = [`${name}: ${plainPhrase(words.title)}`];
  for (const { unit, sentence, places } of words.verdicts) {
    lines.push(`  ${unit === "" ? "" : `${unit}: `}${plainPhrase(sentence)}`);
    lines.push(...places.map((place) => `    ${plainPhrase(place)}`));
  }
  lines.push(...words.details.map((detail) => `  ${plainPhrase(detail)}`));
  return lines.join("\n");
}
