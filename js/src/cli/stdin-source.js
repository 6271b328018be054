// Standard input that is no terminal: read in chunks, only when Python asks.
// SPDX-License-Identifier: MIT
// @ts-check

/**
 * @example
 * const source = new StdinSource();
 * const bytes = await source.read(); // null at the end
 */
export class StdinSource {
  /** @type {NodeJS.ReadStream | undefined} opened at the first read: most programs never read */
  #stdin;
  #ended = false;

  /** @returns {Promise<Uint8Array | null>} */
  async read() {
    const stdin = (this.#stdin ??= this.#open());
    for (;;) {
      const chunk = stdin.read();
      if (chunk) return chunk;
      if (this.#ended) return null;
      await change(stdin);
    }
  }

  #open() {
    const { stdin } = process;
    const end = () => (this.#ended = true);
    stdin.on("end", end).on("error", end).on("close", end);
    return stdin;
  }
}

/**
 * Waits until there is something to read, or nothing more will come; leaves no listener behind.
 * @param {NodeJS.ReadStream} stdin
 * @returns {Promise<void>}
 */
function change(stdin) {
  const events = ["readable", "end", "error", "close"];
  return new Promise((resolve) => {
    const done = () => {
      for (const event of events) stdin.off(event, done);
      resolve();
    };
    for (const event of events) stdin.on(event, done);
  });
}
