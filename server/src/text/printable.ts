/**
 * Text of a tree on its way to a terminal or a log. File names and sources may hold anything: what steers a terminal, or begins a line
 * that a machine would read as its own, is shown as an escape.
 */

/** The text with C0 and C1 control characters, line ends and direction marks as escapes: `\x1b`, `\n`, `\u202e`. Tabs stay. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escaped);
}

function escaped(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
