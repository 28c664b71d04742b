/**
 * How the time of each reader grows: of texts of one piece again and again, and of the seed again and again, the double takes less than
 * two and a half times as long, the best of some runs each. It measures, so it is no unit test.
 */

import { type Reader, readers } from "./readers.ts";

export interface Growth {
  readonly reader: string;
  readonly piece: string;
  readonly ratio: number;
  readonly milliseconds: number;
}

/** A text of this many characters, and one of twice as many. */
const LENGTH = 64_000;
const RUNS = 3;
const MOST = 2.5;

/** What takes so long is long enough to tell; longer texts are not tried. */
const ENOUGH_MILLISECONDS = 400;

/** What takes less is not told from what the machine does besides. */
const LEAST_MILLISECONDS = 40;

/** The texts whose time grows faster than they do. */
export function findGrowth(): readonly Growth[] {
  return readers.flatMap((reader) => [...reader.pieces, reader.seed].flatMap((piece) => growthOf(reader, piece) ?? []));
}

function growthOf(reader: Reader, piece: string): Growth | undefined {
  // What grows faster is long before twice the length; a long text of it would take for ever.
  for (let length = LENGTH / 8; length <= LENGTH; length *= 2) {
    const first = bestOf(reader, piece.repeat(Math.ceil(length / piece.length)));
    const second = bestOf(reader, piece.repeat(Math.ceil((2 * length) / piece.length)));
    if (second < LEAST_MILLISECONDS) continue;
    if (second > ENOUGH_MILLISECONDS) length = LENGTH;
    const ratio = second / first;
    if (ratio <= MOST) continue;
    // Once more, with more tries: a busy machine is no growth.
    const again = bestOf(reader, piece.repeat(Math.ceil((2 * length) / piece.length)), 3 * RUNS);
    const before = bestOf(reader, piece.repeat(Math.ceil(length / piece.length)), 3 * RUNS);
    if (again / before > MOST && again >= LEAST_MILLISECONDS)
      return { reader: reader.name, piece, ratio: again / before, milliseconds: again };
  }
  return undefined;
}

function bestOf(reader: Reader, text: string, runs = RUNS): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const before = process.cpuUsage();
    reader.read(text);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
    if (best < LEAST_MILLISECONDS / 8) break;
  }
  return best;
}
