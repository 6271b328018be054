// The standard library's archives: one is laid out before main(), one comes when an import asks for it, and one with
// the sources when a traceback does.
// SPDX-License-Identifier: MIT
// @ts-check

import { LoadError } from "../errors.js";
import { STDLIB_FOLDER } from "./host-layout.js";

/** @typedef {import("./exports.js").Exports} Exports */

/**
 * @param {Exports} exports
 * @param {Uint8Array} archive what stdlib.zip holds
 * @example
 * layOutLibrary(exports, await distribution.stdlib);
 */
export function layOutLibrary(exports, archive) {
  const data = exports.copyIn(archive);
  const result = exports.callWithStrings("heddle_files_add_archive", [STDLIB_FOLDER], data, archive.length);
  if (result === 0) return;
  throw new LoadError(
    `heddle: loadPython(): stdlib.zip is no whole archive (${archive.length} bytes, errno ${-result}). ` +
      "It may be cut short: build or upload it again.",
  );
}

/**
 * Answers one request at a time, and those that come meanwhile with one more. Python has one on its way at most; a
 * program that makes up thousands must not have as many archives fetched at once.
 * @param {() => Promise<void>} answer never rejects
 * @returns {() => void} to be called at each request
 * @example
 * const ask = oneAtATime(() => giveLibraryRest(alive, fetchRest, say));
 */
export function oneAtATime(answer) {
  let isAsked = false;
  let isAnswering = false;
  async function go() {
    isAnswering = true;
    for (; isAsked; await answer()) isAsked = false;
    isAnswering = false;
  }
  return () => {
    isAsked = true;
    if (!isAnswering) void go();
  };
}

/**
 * Answers a thread that imports something of the rest. If that cannot be had, a message says why, and the
 * import takes the sources or fails with an OSError.
 * @param {() => Exports | undefined} alive gives the exports; undefined when Python has ended meanwhile
 * @param {() => Promise<Uint8Array>} fetchRest
 * @param {(text: string) => void} say
 * @example
 * await giveLibraryRest(() => module.alive, distribution.fetchStdlibRest, console.error);
 */
export async function giveLibraryRest(alive, fetchRest, say) {
  let data = 0;
  let size = 0;
  try {
    const archive = await fetchRest();
    data = alive()?.copyIn(archive) ?? 0;
    size = archive.length;
  } catch (error) {
    say(`${/** @type {Error} */ (error).message} So an import takes the sources, or fails.`);
  }
  const exports = alive();
  if (!exports || exports.call("heddle_files_give_archive", data, size) === 0) return;
  exports.free(data);
  say(
    `heddle: an import needs stdlib-rest.zip, but the one found (${size} bytes) is damaged or of ` +
      "another build than stdlib.zip. Build or upload both again.",
  );
}

/**
 * Answers a thread that wants a line of the library's sources. If these cannot be had, tracebacks go without.
 * @param {() => Exports | undefined} alive gives the exports; undefined when Python has ended meanwhile
 * @param {() => Promise<Uint8Array>} fetchSources
 * @example
 * await giveLibrarySources(() => module.alive, distribution.fetchStdlibSources);
 */
export async function giveLibrarySources(alive, fetchSources) {
  let data = 0;
  let size = 0;
  try {
    const archive = await fetchSources();
    data = alive()?.copyIn(archive) ?? 0;
    size = archive.length;
  } catch {
    // Offline, not uploaded, or no memory: nothing that the program asked for is missing.
  }
  const exports = alive();
  if (exports && exports.call("heddle_files_give_sources", data, size) !== 0) exports.free(data);
}
