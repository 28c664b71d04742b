/** The text of hover: the words of symbol-words.ts, with what the objects of a build say, as Markdown or as plain text. */

import type { Program } from "../linkage/symbols/program.ts";
import { codeSpan, plainText } from "../text/markdown.ts";
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
  const { fact, isInternal } = place;
  const report = reportSymbol(place.text, program, { near: path, limit: LISTED, mostUsers: SEARCHED, isInternal });
  const here = fact === undefined ? undefined : reportMention({ path, fact }, program);
  const words = wordSymbol(report, { here, most: LISTED });
  if (words === undefined || fact === undefined || program.isActive(path, fact)) return words;
  const leftOut: Phrase = ["Left out by ", { code: report.narrowedTo ?? "" }, "."];
  return { ...words, details: [leftOut, ...words.details] };
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
