/** Names and texts of a tree within Markdown: they stay what they are, whatever backticks, links and line ends they hold. */

import { printable } from "./printable.ts";

/** A code span (CommonMark 6.1): its fence is longer than every run of backticks in the text. */
export function codeSpan(text: string): string {
  const line = printable(text.replace(/\s*[\r\n]\s*/g, " "));
  const fence = fenceFor(line, 1);
  // A blank beside each fence goes where both are there; without one a backtick would be part of the fence.
  const space = /^`|`$|^ .* $/.test(line) ? " " : "";
  return line.trim() === "" ? "" : `${fence}${space}${line}${space}${fence}`;
}

/** A fenced block of code, its lines as they are. */
export function codeBlock(text: string, language: string): string {
  const lines = text.split(/\r?\n/).map(printable);
  const fence = fenceFor(text, 3);
  return `${fence}${language}\n${lines.join("\n")}\n${fence}`;
}

/** Text that is no Markdown, on one line. An underscore between letters is only itself (CommonMark 6.2). */
export function plainText(text: string): string {
  return printable(text).replace(/[\\`*[\]<>#!|~&]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&");
}

/** A name in bold: of names in linker scripts, any letters may be part. */
export function bold(name: string): string {
  return `**${plainText(name)}**`;
}

function fenceFor(text: string, least: number): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0);
  return "`".repeat(Math.max(least, longest + 1));
}
