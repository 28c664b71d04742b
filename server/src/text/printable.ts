/**
 * Text of a tree on its way out: to a terminal, a log, JSON. File names and sources may hold anything: what steers a terminal, or what a
 * machine that reads along would take for its own, is shown as an escape.
 */

/** C0 but the tab, DEL, C1, Unicode's line ends and direction marks; and what GitHub's runner reads as a command anywhere in a line. */
const UNPRINTABLE = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]|##\[/g;

/** The text with control characters, line ends and direction marks as escapes: `\x1b`, `\n`, `\u202e`. Tabs stay. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (found) => (found === "##[" ? "#\\x23[" : escaped(found)));
}

/** The same for a whole line: none begins as a command of GitHub's runner does. */
export function printableLine(line: string): string {
  return printable(line).replace(/^(\s*)::/, "$1\\x3a:");
}

function escaped(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** A message that an editor shows: some, such as VS Code, make links of what looks like Markdown's, even of commands. */
export function messageText(text: string): string {
  return printable(text).replaceAll("](", "] (");
}

/** A value as JSON, in which the same is escaped as JSON escapes it: who reads it gets what was there. */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  return text.replace(/[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]|##\[/g, (found) =>
    found === "##[" ? "#\\u0023[" : `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
