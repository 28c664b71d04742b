/** Sources that count how often somebody begins to look at their text, so that a test can say how work grows without a clock. */

import { type Source, sourceOfText } from "../../server/src/text/source.ts";

export interface CountedSource {
  readonly source: Source;
  /** How often the text, or a part of it, was taken to be read. */
  looks(): number;
}

export function countedSource(text: string): CountedSource {
  const plain = sourceOfText(text);
  let looks = 0;
  const source: Source = {
    get codes() {
      looks++;
      return plain.codes;
    },
    length: plain.length,
    slice(start, end) {
      looks++;
      return plain.slice(start, end);
    },
  };
  return { source, looks: () => looks };
}

export interface ByteCountedSource {
  readonly source: Source;
  /** How often a byte was looked at. What takes a view of its own of the bytes, as the reader of C does, is not seen. */
  looks(): number;
  /** How many texts were cut out of it. */
  cuts(): number;
}

/** A source of which each look at a byte counts; what is searched for by Node itself is no look. */
export function byteCountedSource(text: string): ByteCountedSource {
  const plain = sourceOfText(text);
  let looks = 0;
  let cuts = 0;
  const codes = new Proxy(plain.codes, {
    get(target, key) {
      // What begins with a digit is the number of a byte.
      if (typeof key === "string" && key >= "0" && key < ":") looks++;
      const value = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const slice = (start: number, end: number) => {
    cuts++;
    return plain.slice(start, end);
  };
  return { source: { codes, length: plain.length, slice }, looks: () => looks, cuts: () => cuts };
}
