// Stops one run: interrupts it when its time is over or its signal says so, and gives it up if it goes on.
// SPDX-License-Identifier: MIT
// @ts-check

import { PythonError, TimeoutError } from "../errors.js";
import { Signal } from "../module/host-layout.js";

// One KeyboardInterrupt can get lost: a bare `except:`, a __del__ method, a callback of C code.
const INTERRUPT_AGAIN_MS = 500;

/** Timers of JavaScript cannot wait longer; as a limit that is none. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * @typedef {object} StopActions
 * @property {(signum: number) => void} interrupt sends the run a signal
 * @property {(graceMs: number, cause: unknown) => void} giveUp ends Python; the run's promise rejects
 */

/**
 * @example
 * const stopper = new Stopper({ interrupt, giveUp });
 * const value = await stopper.watch(session.run(request), { timeout: 1000, grace: 3000 });
 */
export class Stopper {
  #actions;
  #ended = false;
  /** @type {unknown} why the run is being stopped */
  #reason;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #again;
  /** @type {Set<ReturnType<typeof setTimeout>>} */
  #timers = new Set();

  /** @param {StopActions} actions */
  constructor(actions) {
    this.#actions = actions;
  }

  /**
   * The run's result. Rejects with the signal's reason if that stopped it; after a timeout with
   * Python's KeyboardInterrupt, whose cause is a TimeoutError, or, if the code ended all the same,
   * with the TimeoutError.
   * @template T
   * @param {Promise<T>} result
   * @param {{timeout?: number, signal?: AbortSignal, grace: number}} limits
   */
  async watch(result, { timeout, signal, grace }) {
    const abort = () => this.#stop(signal?.reason, grace);
    signal?.addEventListener("abort", abort);
    if (timeout !== undefined) {
      this.#after(timeout, () => {
        const message = `heddle: run(): interrupted after its timeout of ${timeout} ms.`;
        this.#stop(new TimeoutError(message), grace);
      });
    }
    try {
      const value = await result;
      if (this.#reason === undefined) return value;
    } catch (error) {
      // An error that ended Python itself says more than the reason of the stop.
      if (this.#reason === undefined || !(error instanceof PythonError)) throw error;
      if (this.#reason instanceof TimeoutError) {
        error.cause = this.#reason;
        throw error;
      }
    } finally {
      this.#ended = true;
      clearInterval(this.#again);
      for (const timer of this.#timers) clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
    throw this.#reason;
  }

  /**
   * For a run that has been interrupted: interrupts it every half second until it ends, and gives it
   * up if it has not ended by then.
   * @param {number} grace milliseconds
   * @param {{signum?: number, cause?: unknown}} [options] the signal, SIGINT by default; why it is stopped
   */
  insist(grace, { signum = Signal.SIGINT, cause } = {}) {
    if (this.#ended) return;
    clearInterval(this.#again);
    this.#again = setInterval(() => this.#actions.interrupt(signum), INTERRUPT_AGAIN_MS);
    this.#after(grace, () => this.#actions.giveUp(grace, cause));
  }

  /**
   * @param {unknown} reason
   * @param {number} grace
   */
  #stop(reason, grace) {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#actions.interrupt(Signal.SIGINT);
    this.insist(grace, { cause: reason });
  }

  /**
   * @param {number} delay
   * @param {() => void} act
   */
  #after(delay, act) {
    if (delay <= MAX_TIMER_MS) this.#timers.add(setTimeout(act, delay));
  }
}
