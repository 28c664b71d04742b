/** Numbers that look random and are the same for the same seed. */

/** Numbers from 0 to 1 that follow from the seed (a linear congruential generator, its upper bits). */
export function randomNumbers(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
