/** Reads the files in which compilers leave what an object was made of (gcc(1), -MD): one rule of make. It reads no files. */

/** The prerequisites of the first rule, in their order: the source, then what it includes. Total: none of a text without a rule. */
export function parseDependencyFile(text: string): string[] {
  const joined = text.replace(/\\\r?\n/g, " ");
  const end = joined.indexOf("\n");
  const rule = end < 0 ? joined : joined.slice(0, end);
  // A colon within a path, as of a drive, has no blank behind it.
  const colon = /:(?:\s|$)/.exec(rule);
  if (colon === null) return [];
  const words = rule.slice(colon.index + 1).match(/(?:\\ |[^\s\\]|\\(?! ))+/g) ?? [];
  return words.map((word) => word.replaceAll("\\ ", " ").replaceAll("\\#", "#").replaceAll("$$", "$"));
}
