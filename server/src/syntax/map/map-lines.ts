/** What all readers of link maps share: which linker wrote a map, and its lines. */

export type MapFormat = "gnu" | "lld";

const LLD_HEADER = /^ *VMA +LMA +Size +Align +Out +In +Symbol *$/;

/** The headings of GNU ld's map, each at the start of a line. */
export const GNU_MARKS =
  /^(?:Archive member included|As-needed library included|Allocating common symbols|Discarded input sections|There are no discarded input sections|Memory Configuration|Linker script and memory map|Memory map$)/;

/** Lines longer than this, in code units, hold nothing that is looked for. */
const MAX_LINE = 4096;

/** Which linker wrote the map; undefined for a text that is none. */
export function mapFormatOf(text: string): MapFormat | undefined {
  const start = text.slice(0, 4000).split("\n");
  if (LLD_HEADER.test((start[0] ?? "").replace("\r", ""))) return "lld";
  return start.some((line) => GNU_MARKS.test(line)) ? "gnu" : undefined;
}

/** The lines without their ends; those that are too long are left out. */
export function* linesOfMap(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    const stop = end < 0 ? text.length : end;
    if (stop - at <= MAX_LINE) yield text.slice(at, text[stop - 1] === "\r" ? stop - 1 : stop);
    at = stop + 1;
  }
}
