// Runs asynchronous jobs one after another, in the order in which they were asked for.
// SPDX-License-Identifier: MIT
// @ts-check

/**
 * @example
 * const queue = new RunQueue();
 * const first = queue.add(() => slow()); // begins at once
 * const second = queue.add(() => quick()); // begins when the first has ended
 */
export class RunQueue {
  /** @type {Promise<unknown> | undefined} the end of the last job, while there is any */
  #last;

  /**
   * @template T
   * @param {() => Promise<T>} job
   * @returns {Promise<T>}
   */
  add(job) {
    // At once, not in a microtask: an interrupt() right after run() must find it running.
    const result = this.#last ? this.#last.then(job) : job();
    // The next job begins however this one ended.
    /** @type {Promise<void>} */
    const ended = result.then(
      () => this.#end(ended),
      () => this.#end(ended),
    );
    this.#last = ended;
    return result;
  }

  /** @param {Promise<unknown>} job */
  #end(job) {
    if (this.#last === job) this.#last = undefined;
  }
}
