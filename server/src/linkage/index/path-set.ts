/**
 * Sets of paths of one tree, a bit for each path: thousands of sets of tens of thousands of paths, as the includers of headers are, in a
 * few kilobytes each, and joined word by word.
 */

/** Numbers for paths, given out as they come. */
export interface PathNumbers {
  readonly numbers: Map<string, number>;
  readonly paths: string[];
}

export function createPathNumbers(): PathNumbers {
  return { numbers: new Map(), paths: [] };
}

/** The number of a path, a new one where it has none. */
export function pathNumber({ numbers, paths }: PathNumbers, path: string): number {
  let number = numbers.get(path);
  if (number === undefined) {
    numbers.set(path, (number = paths.length));
    paths.push(path);
  }
  return number;
}

/** What is asked of a set that is made. */
export interface PathSet extends Iterable<string> {
  readonly size: number;
  has(path: string): boolean;
}

/** A set that grows. */
export interface GrowingPathSet extends PathSet {
  /**
   * @param number of the path, by {@link pathNumber}
   * @returns false where it was there
   */
  add(number: number): boolean;
  remove(number: number): void;
  /** Adds all of another set that was made with the same numbers. */
  addAll(other: GrowingPathSet): void;
  readonly bits: Uint32Array;
}

export function createPathSet(names: PathNumbers): GrowingPathSet {
  let bits = new Uint32Array(4);

  function reserve(words: number): void {
    if (words <= bits.length) return;
    const longer = new Uint32Array(Math.max(words, bits.length * 2));
    longer.set(bits);
    bits = longer;
  }

  return {
    get bits() {
      return bits;
    },
    get size() {
      let size = 0;
      for (const word of bits) size += countBits(word);
      return size;
    },
    has(path) {
      const number = names.numbers.get(path);
      return number !== undefined && ((bits[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
    },
    add(number) {
      const word = number >>> 5;
      if (word >= bits.length) reserve(word + 1);
      const bit = 1 << (number & 31);
      if ((bits[word]! & bit) !== 0) return false;
      bits[word]! |= bit;
      return true;
    },
    remove(number) {
      if (number >>> 5 < bits.length) bits[number >>> 5]! &= ~(1 << (number & 31));
    },
    addAll(other) {
      reserve(other.bits.length);
      for (let i = 0; i < other.bits.length; i++) bits[i]! |= other.bits[i]!;
    },
    *[Symbol.iterator]() {
      for (let i = 0; i < bits.length; i++) {
        for (let word = bits[i]!; word !== 0; word &= word - 1)
          yield names.paths[i * 32 + 31 - Math.clz32(word & -word)]!;
      }
    },
  };
}

/** The bits that are set (Warren, "Hacker's Delight", 5-1). */
function countBits(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
