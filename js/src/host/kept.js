// Things that are made once for each URL.
// SPDX-License-Identifier: MIT
// @ts-check

/**
 * Calls make() the first time, and again after a failure.
 * @template T
 * @param {Map<string, Promise<T>>} all made so far, by URL
 * @param {URL} url
 * @param {(url: URL) => Promise<T>} make
 * @returns {Promise<T>}
 * @example
 * const module = await kept(modules, new URL("python.wasm", base), compile);
 */
export function kept(all, url, make) {
  let made = all.get(url.href);
  if (!made) {
    made = make(url);
    all.set(url.href, made);
    made.catch(() => all.delete(url.href));
  }
  return made;
}
