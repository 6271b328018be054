// Python's threads at one moment: their waits, and where each is in its code.
// SPDX-License-Identifier: MIT
// @ts-check

/** @typedef {import("../module/python-module.js").PythonModule} PythonModule */

// Holds the snapshot of some hundred threads.
const FIRST_BYTES = 64 * 1024;

/**
 * Nothing is stopped for a snapshot, and it does not wait for the GIL. Once Python has ended there are no
 * threads.
 * @example
 * const snapshots = new Snapshots(module);
 * snapshots.threads().length; // 1
 */
export class Snapshots {
  #module;
  /** Kept: snapshots are taken many times a second. */
  #space;
  #capacity = FIRST_BYTES;

  /** @param {PythonModule} module */
  constructor(module) {
    this.#module = module;
    this.#space = module.exports.allocate(FIRST_BYTES);
  }

  /** The threads as heddle_threads_snapshot() writes them. @returns {any[]} */
  threads() {
    return this.#take("heddle_threads_snapshot");
  }

  /**
   * Where each Python thread is, outermost call first.
   * @returns {{ident: number, frames: import("./protocol.js").Frame[]}[]}
   */
  stacks() {
    return this.#take("heddle_python_stacks");
  }

  /**
   * Calls an export that writes JSON into a buffer and returns the size that it needed.
   * @param {string} name
   * @returns {any[]}
   */
  #take(name) {
    const { alive } = this.#module;
    if (!alive) return [];
    for (;;) {
      const needed = alive.call(name, this.#space, this.#capacity);
      if (needed < this.#capacity)
        return JSON.parse(new TextDecoder().decode(alive.copyOut(this.#space, needed)));
      const larger = 2 * needed; // threads may be added meanwhile
      const space = alive.allocate(larger);
      alive.free(this.#space);
      this.#space = space;
      this.#capacity = larger;
    }
  }
}
