/**
 * How the work of each reader grows: twice as much of one piece, or of the seed, takes less than two and a half times the work. Work is
 * counted, not timed: how often each block of our code ran, as V8 counts it. What the engine does in one step (cutting strings, copying
 * arrays) is in no block of ours, so that the time is looked at too, with a wide margin.
 */

import { Session } from "node:inspector";
import { binaryReaders } from "./binary-readers.ts";
import { readers } from "./readers.ts";

export interface Growth {
  readonly reader: string;
  readonly piece: string;
  readonly ratio: number;
  readonly unit: "work" | "time";
  readonly milliseconds: number;
}

/** A text of this many characters, and one of twice as many. */
const LENGTH = 64_000;
/** So many symbols, sections or members, and twice as many. */
const COUNT = 4_000;

const MOST_WORK = 2.5;
/** Squares take four times as long; a busy machine takes two and a half times as long now and then. */
const MOST_TIME = 3.2;

/** What takes so long is long enough to tell; longer texts are not tried. */
const ENOUGH_MILLISECONDS = 400;
/** What takes less is not told from what the machine does besides. */
const LEAST_MILLISECONDS = 80;
/** Fewer blocks than this are those that run once. */
const LEAST_WORK = 2_000;

const TRIES = 7;

/** Something that can be had in any size. */
interface Scaled {
  readonly reader: string;
  readonly piece: string;
  readonly size: number;
  /** What reads so much of it. */
  prepare(size: number): () => unknown;
}

interface Effort {
  readonly work: number;
  readonly milliseconds: number;
}

/** What grows faster than its text. */
export async function findGrowth(): Promise<readonly Growth[]> {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const found: Growth[] = [];
  try {
    for (const scaled of allScaled()) found.push(...(await growthOf(session, scaled)));
  } finally {
    session.disconnect();
  }
  return found;
}

function* allScaled(): Generator<Scaled> {
  for (const { name, pieces, seed, read } of readers) {
    for (const piece of [...pieces, seed]) {
      const prepare = (size: number) => {
        const text = piece.repeat(Math.ceil(size / piece.length));
        return () => read(text);
      };
      yield { reader: name, piece, size: LENGTH, prepare };
    }
  }
  for (const { name, prepare } of binaryReaders) yield { reader: name, piece: "", size: COUNT, prepare };
}

async function growthOf(session: Session, { reader, piece, size: last, prepare }: Scaled): Promise<Growth[]> {
  // What grows faster is long before twice the length; a long text of it would take for ever.
  for (let size = last / 8; size <= last; size *= 2) {
    const [small, large] = [prepare(size), prepare(2 * size)];
    const first = await effortOf(session, small);
    const second = await effortOf(session, large);
    const { milliseconds } = second;
    const ratio = second.work / Math.max(first.work, 1);
    if (second.work > LEAST_WORK && ratio > MOST_WORK) {
      // An odd number of pieces may be another text than an even one, and V8 loses counts of code that it throws away: what grows goes
      // on growing, and does so again.
      const again = (await effortOf(session, large)).work / (await effortOf(session, small)).work;
      const further = (await effortOf(session, prepare(4 * size))).work / (await effortOf(session, large)).work;
      if (Math.min(again, further) > MOST_WORK) return [{ reader, piece, ratio: again, unit: "work", milliseconds }];
    }
    if (milliseconds > LEAST_MILLISECONDS && milliseconds / first.milliseconds > MOST_TIME) {
      // Code that V8 has not compiled yet takes longer: here too, what grows goes on growing.
      const middle = await bestOf(session, large);
      const further = (await bestOf(session, prepare(4 * size))) / middle;
      const times = Math.min(middle / (await bestOf(session, small)), further);
      if (times > MOST_TIME) return [{ reader, piece, ratio: times, unit: "time", milliseconds }];
    }
    if (milliseconds > ENOUGH_MILLISECONDS) break;
  }
  return [];
}

async function bestOf(session: Session, run: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) best = Math.min(best, (await effortOf(session, run)).milliseconds);
  return best;
}

async function effortOf(session: Session, run: () => unknown): Promise<Effort> {
  takeWork(session);
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return { work: takeWork(session), milliseconds: (user + system) / 1000 };
}

/** How many blocks have run since this was asked last. */
function takeWork(session: Session): number {
  let work = 0;
  session.post("Profiler.takePreciseCoverage", (error, taken) => {
    if (error !== null) throw error;
    for (const { functions } of taken.result)
      for (const { ranges } of functions) for (const { count } of ranges) work += count;
  });
  return work;
}
