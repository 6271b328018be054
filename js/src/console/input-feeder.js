// Gives standard input to the console, when a thread waits for it.
// SPDX-License-Identifier: MIT
// @ts-check

/** @typedef {import("./console-exports.js").ConsoleExports} ConsoleExports */

/**
 * Asks a source for input when a thread waits for it, and never before.
 * @example
 * const feeder = new InputFeeder(calls, async (prompt) => encoder.encode("a line\n"));
 * feeder.wake(); // at each HostEvent.input
 */
export class InputFeeder {
  #calls;
  #read;
  #reading = false;
  /** A thread asked since the last answer began. */
  #asked = false;
  /** Bytes that the console had no room for. */
  #leftover = new Uint8Array();

  /**
   * @param {ConsoleExports} calls
   * @param {(prompt: string | undefined) => Promise<Uint8Array | null | undefined>} read
   *   null is the end of the input; undefined, or no bytes: nothing now. The next wait that
   *   begins asks again
   */
  constructor(calls, read) {
    this.#calls = calls;
    this.#read = read;
  }

  /** A thread waits for input. */
  async wake() {
    this.#asked = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#asked) {
        this.#asked = false;
        await this.#feedOnce();
      }
    } finally {
      this.#reading = false;
    }
  }

  async #feedOnce() {
    // The event may be late: the thread that asked was given the answer to an older question meanwhile.
    if (this.#leftover.length === 0 && !this.#calls.wantsInput()) return;
    const bytes = this.#leftover.length > 0 ? this.#leftover : await this.#read(this.#calls.prompt());
    if (bytes === null) this.#calls.endInput();
    else if (bytes && bytes.length > 0) this.#leftover = bytes.slice(this.#calls.feed(bytes));
    else return;
    this.#asked = false; // a thread that asked meanwhile has been served by this, or asks again
  }
}
