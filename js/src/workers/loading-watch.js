// Notices workers that have been given python.wasm and never say that they are ready.
// SPDX-License-Identifier: MIT
// @ts-check

/** @typedef {import("../host/host.js").CarrierWorker} CarrierWorker */

// How many seconds may pass without any worker becoming ready, while some are loading. Turns of a timer are
// counted, not time: a host thread that was busy, or a machine that slept, does not count. A thread that waits
// for its worker gives up later, after HEDDLE_CARRIER_START_LIMIT_NS (heddle.h): this limit tells why.
const START_LIMIT_S = 8;

/**
 * @example
 * const watch = new LoadingWatch(host, (worker, error) => end(worker, error));
 * watch.begin(worker); // then watch.hasLoaded(worker), or watch.forget(worker)
 */
export class LoadingWatch {
  #host;
  #onLate;
  /** @type {Set<CarrierWorker>} those that have the module and have not said that they are ready */
  #loading = new Set();
  #secondsWithoutLoad = 0;
  /** @type {(() => void) | undefined} while any is loading */
  #stopTimer;

  /**
   * @param {import("../host/host.js").Host} host
   * @param {(worker: CarrierWorker, error: Error) => void} onLate called for each; it calls forget()
   */
  constructor(host, onLate) {
    this.#host = host;
    this.#onLate = onLate;
  }

  /** @param {CarrierWorker} worker */
  begin(worker) {
    this.#loading.add(worker);
    if (this.#stopTimer) return;
    this.#secondsWithoutLoad = 0;
    this.#stopTimer = this.#host.every(1000, () => this.#look());
  }

  /** @param {CarrierWorker} worker */
  hasLoaded(worker) {
    this.#secondsWithoutLoad = 0;
    this.forget(worker);
  }

  /** @param {CarrierWorker} worker */
  forget(worker) {
    this.#loading.delete(worker);
    if (this.#loading.size > 0) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #look() {
    if (++this.#secondsWithoutLoad < START_LIMIT_S) return;
    const error = new Error(`the worker did not start within ${START_LIMIT_S} seconds`);
    for (const worker of [...this.#loading]) this.#onLate(worker, error);
  }
}
