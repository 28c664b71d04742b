/** Choosing at random, the same for the same seed. */

import { createRandom } from "../support/random.ts";

export interface Choice {
  /** A number from 0, below the limit. */
  below(limit: number): number;
  one<T>(list: readonly T[]): T;
  /** True in so many of a hundred cases. */
  percent(share: number): boolean;
  /** Some of the list, in its order. */
  some<T>(list: readonly T[], count: number): T[];
}

export function openChoice(seed: number): Choice {
  const below = createRandom(seed);
  return {
    below,
    one: (list) => list[below(list.length)]!,
    percent: (share) => below(100) < share,
    some(list, count) {
      const left = list.map((_, index) => index);
      const taken: number[] = [];
      while (taken.length < count && left.length > 0) taken.push(...left.splice(below(left.length), 1));
      return taken.sort((a, b) => a - b).map((index) => list[index]!);
    },
  };
}
