// Remembers for a while how many workers ran at once.
// SPDX-License-Identifier: MIT
// @ts-check

// For how long workers stay that were needed once: in this stretch of time, or in the one before.
const STRETCH_MS = 10_000;

/**
 * @example
 * const peak = new RecentPeak(host);
 * peak.note(12);
 * peak.most; // 12, until it has been forgotten
 */
export class RecentPeak {
  #host;
  #now = 0;
  #before = 0;
  /** @type {(() => void) | undefined} while it forgets */
  #stopTimer;

  /** @param {import("../host/host.js").Host} host */
  constructor(host) {
    this.#host = host;
  }

  /** The most that ran at once lately. */
  get most() {
    return Math.max(this.#now, this.#before);
  }

  /** @param {number} running how many run at this moment */
  note(running) {
    this.#now = Math.max(this.#now, running);
  }

  /**
   * Begins to forget, stretch by stretch.
   * @param {() => number} running how many run
   * @param {() => void} onLess called after each stretch: there may be more than are needed
   */
  forget(running, onLess) {
    this.#stopTimer ??= this.#host.every(STRETCH_MS, () => {
      this.#before = this.#now;
      this.#now = running();
      onLess();
    });
  }

  /** Keeps what it knows. */
  keep() {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }
}
