/** The one way out of the command: lines for people with what steers a terminal escaped, and texts that a format has made safe. */

import { printableLine } from "../text/printable.ts";
import { type Style, styleFor } from "./style.ts";

/** Prints lines for people. */
export function printLines(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${printableLine(line)}\n`).join(""));
}

/** Prints what machines read and a format has made safe, such as JSON, or what is asked for as it is, such as an expanded script. */
export function printReady(text: string | Uint8Array): void {
  process.stdout.write(text);
}

/** How words are marked in what is printed. */
export function outputStyle(): Style {
  return styleFor(process.stdout.isTTY === true, process.env);
}

/** Says something on standard error. */
export function tell(message: string): void {
  process.stderr.write(`${printableLine(`weakspot: ${message}`)}\n`);
}
