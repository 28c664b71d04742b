/** Growing typed arrays, and stretches of them that are taken and given back. It knows nothing of what they hold. */

/** The array itself where it holds at least `length` entries, else a longer copy. */
export function grownWords(array: Uint32Array, length: number): Uint32Array {
  if (array.length >= length) return array;
  const longer = new Uint32Array(Math.max(length, Math.ceil(array.length * 1.5)));
  longer.set(array);
  return longer;
}

/** The array itself where it holds at least `length` entries, else a longer copy. */
export function grownBytes(array: Uint8Array, length: number): Uint8Array {
  if (array.length >= length) return array;
  const longer = new Uint8Array(Math.max(length, Math.ceil(array.length * 1.5)));
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
 * does not grow. Free stretches are kept by the power of two that they hold at least.
 */
export interface Stretches {
  /** Where the part of the array that was ever handed out ends. */
  end: number;
  readonly free: Stretch[][];
}

export function createStretches(end = 0): Stretches {
  return { end, free: [] };
}

/** Takes a stretch of exactly `count` entries. */
export function takeStretch(stretches: Stretches, count: number): Stretch {
  if (count > 0) {
    // Everything in this list and those after it is long enough.
    for (let size = powerAbove(count); size < stretches.free.length; size++) {
      const found = stretches.free[size]?.pop();
      if (found === undefined) continue;
      freeStretch(stretches, { start: found.start + count, capacity: found.capacity - count });
      return { start: found.start, capacity: count };
    }
  }
  const start = stretches.end;
  stretches.end += count;
  return { start, capacity: count };
}

/** Gives a stretch back. */
export function freeStretch(stretches: Stretches, stretch: Stretch): void {
  if (stretch.capacity === 0) return;
  const size = 31 - Math.clz32(stretch.capacity);
  while (stretches.free.length <= size) stretches.free.push([]);
  stretches.free[size]!.push(stretch);
}

/** The exponent of the smallest power of two that is at least `count`. */
function powerAbove(count: number): number {
  return count <= 1 ? 0 : 32 - Math.clz32(count - 1);
}
