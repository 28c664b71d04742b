/**
 * Spans: where something stands in a text. A span knows nothing of lines, files or languages.
 *
 * All offsets of the project count UTF-16 code units from 0, and all spans are half-open: [start, end).
 */

/** A stretch of a text, [start, end) in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** True when the offset lies inside the span or touches its end, as a cursor behind a word still means the word. */
export function touches(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** The smallest span that covers both. */
export function cover(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
