// Who a thread is, by name and colour; names outlive their threads, whose output may come later.
// SPDX-License-Identifier: MIT
// @ts-check

/** @typedef {import("./output.js").Writer} Writer */

/** How many colours styles/theme.css has; 0 is the main thread's. */
const COLOURS = 8;
const LOOK_AGAIN_MS = 50;

/**
 * @example
 * const names = new ThreadNames(() => engine.python?.threads() ?? []);
 * const { name, colour } = names.of(ident);
 */
export class ThreadNames {
  #threads;
  /** @type {Map<number, Writer>} by ident; idents may be used again */
  #byIdent = new Map();
  /** @type {Map<string, Writer>} */
  #byName = new Map();
  #looked = 0;

  /** @param {() => import("./deadlock.js").Thread[]} threads */
  constructor(threads) {
    this.#threads = threads;
  }

  /** A new program begins with the first colour. */
  reset() {
    this.#byIdent.clear();
    this.#byName.clear();
  }

  /**
   * @param {number} ident
   * @returns {Writer}
   */
  of(ident) {
    const known = this.#byIdent.get(ident);
    const now = performance.now();
    if (!known || now - this.#looked > LOOK_AGAIN_MS) {
      this.#looked = now;
      for (const thread of this.#threads()) this.writer(thread);
    }
    // One that ended before anybody looked has taken its name with it.
    return this.#byIdent.get(ident) ?? this.#named(`thread ${ident}`, false);
  }

  /**
   * Of a thread that is there; remembered for output that comes later.
   * @param {import("./deadlock.js").Thread} thread
   * @returns {Writer}
   */
  writer(thread) {
    const writer = this.#named(thread.name || `thread ${thread.ident}`, thread.main);
    this.#byIdent.set(thread.ident, writer);
    return writer;
  }

  /**
   * @param {string} name
   * @param {boolean} main
   */
  #named(name, main) {
    let writer = this.#byName.get(name);
    if (!writer) {
      const others = [...this.#byName.values()].filter(({ colour }) => colour > 0).length;
      writer = { name, colour: main ? 0 : 1 + (others % (COLOURS - 1)) };
      this.#byName.set(name, writer);
    }
    return writer;
  }
}
