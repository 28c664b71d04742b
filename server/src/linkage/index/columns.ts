/** Growing typed arrays, and stretches of them that are taken and given back. It knows nothing of what they hold. */

/** How much longer than asked for an array is made when it grows, where nobody knows how long it will be. */
const USUAL_GROWTH = 1.5;

/**
 * The array itself where it holds at least `length` entries, else a copy that is `growth` times as long. Entries that nobody
 * writes to take no memory, so a good guess at the final length spares copies and costs nothing.
 */
export function grownWords(array: Uint32Array, length: number, growth = USUAL_GROWTH): Uint32Array {
  if (array.length >= length) return array;
  const longer = new Uint32Array(Math.ceil(length * growth));
  longer.set(array);
  return longer;
}

/** The same for bytes. */
export function grownBytes(array: Uint8Array, length: number, growth = USUAL_GROWTH): Uint8Array {
  if (array.length >= length) return array;
  const longer = new Uint8Array(Math.ceil(length * growth));
  longer.set(array);
  return longer;
}

/** A stretch of an array: where it starts and how many entries belong to it. */
export interface Stretch {
  readonly start: number;
  readonly capacity: number;
}

/**
 * Hands out stretches of an array from `end` onwards and takes them back, so that a tree whose files are replaced for days
 * does not grow. Capacities are rounded up by at most an eighth, and a free stretch is used again for its own capacity only:
 * splitting would leave ever more pieces that nothing fits into.
 */
export interface Stretches {
  /** Where the part of the array that was ever handed out ends. */
  end: number;
  /** Where free stretches start, by their capacity. */
  readonly free: Map<number, number[]>;
}

export function createStretches(end = 0): Stretches {
  return { end, free: new Map() };
}

/** Takes a stretch of at least `count` entries. */
export function takeStretch(stretches: Stretches, count: number): Stretch {
  const capacity = roundedCapacity(count);
  const start = stretches.free.get(capacity)?.pop();
  if (start !== undefined) return { start, capacity };
  stretches.end += capacity;
  return { start: stretches.end - capacity, capacity };
}

/** Gives a stretch back. */
export function freeStretch(stretches: Stretches, { start, capacity }: Stretch): void {
  if (capacity === 0) return;
  const starts = stretches.free.get(capacity);
  if (starts === undefined) stretches.free.set(capacity, [start]);
  else starts.push(start);
}

/** The next number whose binary digits behind the first four are 0. */
function roundedCapacity(count: number): number {
  const shift = Math.max(0, 28 - Math.clz32(count));
  return Math.ceil(count / 2 ** shift) * 2 ** shift;
}
