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
