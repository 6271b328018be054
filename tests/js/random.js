// Random numbers that a printed seed gives again.
// SPDX-License-Identifier: MIT
// @ts-check

/**
 * Numbers from 0 (included) to 1 (excluded), the same ones for the same seed (xorshift).
 * @param {number} seed any integer but 0
 * @returns {() => number}
 * @example
 * const random = randomFrom(42);
 */
export function randomFrom(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** The seed for this run: HEDDLE_SEED, else a new one. */
export function chosenSeed() {
  return Number(process.env.HEDDLE_SEED) || Math.floor(Math.random() * (2 ** 31 - 1)) + 1;
}
