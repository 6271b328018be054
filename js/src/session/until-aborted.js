// Waits for a promise, but not beyond an AbortSignal.
// SPDX-License-Identifier: MIT
// @ts-check

/**
 * The result, or the signal's reason as soon as it is aborted.
 * @template T
 * @param {AbortSignal | undefined} signal
 * @param {Promise<T>} result
 * @param {() => boolean} [applies] whether the signal counts at the moment that it is aborted
 * @returns {Promise<T>}
 * @example
 * await untilAborted(AbortSignal.timeout(1000), fetched); // gives up after a second
 */
export async function untilAborted(signal, result, applies = () => true) {
  if (!signal) return result;
  /** @type {() => void} */
  let abort = () => {};
  const aborted = new Promise((_, reject) => {
    abort = () => {
      if (applies()) reject(signal.reason);
    };
    signal.addEventListener("abort", abort);
  });
  try {
    return /** @type {T} */ (await Promise.race([result, aborted]));
  } finally {
    signal.removeEventListener("abort", abort);
    result.catch(() => {}); // the reason has been given already
  }
}
