// The workers that carry Python's threads: made, loaded ahead, handed to Emscripten, ended.
// SPDX-License-Identifier: MIT
// @ts-check
//
// Overview
//   Emscripten's glue keeps its workers in an object, PThread, and calls its methods through it. The
//   pool puts its own methods there (attach()), because the glue's own throw in the host thread when a
//   worker fails, never give memory back, and cannot say how big a worker's stack is to be.
//   Emscripten knows a thread by the address of its struct pthread, which is the carrier's token here.
//
// Life of a worker
//   made       -> loading    the compiled module was posted to it
//   loading    -> idle       in PThread.unusedWorkers; it may get a thread before it says "loaded"
//   idle       -> running    getNewWorker(); it has a pthread_ptr, the carrier's token
//   running    -> idle       its thread ended
//   idle       -> ended      there are more than may stay idle
//   loading    -> failed     it cannot load, or says nothing for too long (loading-watch.js)
//   idle, running -> failed  it was ended by an error or from outside
//
// How many stay idle
//   As many as were asked for (keepSpares()), and after a busy moment as many more as ran then: a
//   program that starts twenty threads mostly does so again, and a new worker takes twenty times longer
//   than an old one. A worker that has not been needed for a while ends (recent-peak.js).
//
// Three stages ahead of a thread
//   prepare() makes workers beside Python's start, before there is a module. The runtime asks for warm
//   carriers (loadPython()'s threads.warm) and keeps carriers of ended threads: for the glue, and here,
//   those are running, because the glue knows a thread on them. Idle workers here have none; keepSpares()
//   and AHEAD are about these.
//
// A thread's start
//   runtime/platform/emscripten/platform.cpp calls pthread_create(). Emscripten passes that to the host
//   thread, whose glue calls getNewWorker() here and posts the worker its thread.

import { LoadingWatch } from "./loading-watch.js";
import { RecentPeak } from "./recent-peak.js";

// How many are made ahead of a thread that has to wait for its worker.
const AHEAD = 2;

/** @typedef {import("../host/host.js").CarrierWorker} CarrierWorker */

/**
 * The part of Emscripten's PThread object that this file uses.
 * @typedef {object} PThread
 * @property {CarrierWorker[]} unusedWorkers
 * @property {CarrierWorker[]} runningWorkers
 * @property {Record<number, CarrierWorker>} pthreads
 * @property {() => void} allocateUnusedWorker
 * @property {() => CarrierWorker | undefined} getNewWorker
 * @property {(worker: CarrierWorker) => Promise<CarrierWorker>} loadWasmModuleToWorker
 * @property {(worker: CarrierWorker) => void} returnWorkerToPool
 * @property {() => void} terminateAllThreads
 */

/**
 * @typedef {object} PoolEvents
 * @property {(carrierToken: number, error: Error, loaded: boolean) => void} onCarrierFailed
 *   The worker of this carrier is gone; `loaded`: it may have run its thread, and locks that this held stay held.
 * @property {(error: Error) => void} onHostThreadFailed
 *   What a worker asked this thread for has thrown.
 */

/**
 * @example
 * const pool = new WorkerPool(host, { onCarrierFailed });
 * pool.prepare(url, 2); // starts the first workers while the module is still compiled
 * pool.attach(module.PThread);
 */
export class WorkerPool {
  #host;
  #url = "";
  #events;
  #grant;
  /** @type {PThread | undefined} */
  #pthread;
  /** @type {Set<CarrierWorker>} */
  #alive = new Set();
  /** @type {Set<Promise<void>>} */
  #ending = new Set();
  /** @type {CarrierWorker[]} made before attach() */
  #prepared = [];
  #loading;
  #peak;
  #spares = 0;
  #toppingUp = false;
  #disposed = false;

  /**
   * @param {import("../host/host.js").Host} host
   * @param {PoolEvents} events
   * @param {import("../host/host.js").FolderGrant} [grant] the folders that the workers' program may reach
   */
  constructor(host, events, grant) {
    this.#host = host;
    this.#events = events;
    this.#grant = grant;
    this.#loading = new LoadingWatch(host, (worker, error) => this.#fail(worker, error));
    this.#peak = new RecentPeak(host);
  }

  /** Why the last worker could not be made. @type {unknown} */
  refusal;

  /** The token of the carrier that was started first; undefined: none runs. */
  firstCarrierToken() {
    return this.#pthread?.runningWorkers[0]?.pthread_ptr;
  }

  /**
   * Makes workers that can begin to start up before there is a module for them. Throws if it cannot.
   * @param {string} url what workers run
   * @param {number} count
   */
  prepare(url, count) {
    this.#url = url;
    while (!this.#disposed && this.#prepared.length < count) this.#prepared.push(this.#make());
  }

  /**
   * Takes over from the glue.
   * @param {PThread} pthread
   */
  attach(pthread) {
    this.#pthread = pthread;
    const returnWorkerToPool = pthread.returnWorkerToPool;
    const load = pthread.loadWasmModuleToWorker;
    pthread.loadWasmModuleToWorker = (worker) => {
      const loaded = load(worker);
      worker.onerror = () => {}; // instead of the glue's, which throws; the host tells us
      this.#guard(worker);
      this.#loading.begin(worker);
      void loaded.then(() => this.#loading.hasLoaded(worker));
      return loaded;
    };
    pthread.allocateUnusedWorker = () => {
      pthread.unusedWorkers.push(this.#make());
    };
    pthread.getNewWorker = () => this.#get(pthread);
    pthread.returnWorkerToPool = (worker) => {
      returnWorkerToPool(worker);
      this.#endSurplus(pthread);
    };
    pthread.terminateAllThreads = () => {
      void this.dispose();
    };
    for (const worker of this.#prepared.splice(0)) void this.#load(pthread, worker);
  }

  /**
   * Keeps this many idle workers loaded, made one after another in the background.
   * @param {number} count
   */
  keepSpares(count) {
    this.#spares = count;
    void this.#topUp();
  }

  /** Ends all workers; resolves when they are gone. */
  async dispose() {
    this.#disposed = true;
    this.#peak.keep();
    for (const worker of [...this.#alive]) this.#end(worker);
    if (this.#pthread) {
      this.#pthread.unusedWorkers = [];
      this.#pthread.runningWorkers = [];
      this.#pthread.pthreads = {};
    }
    await Promise.all(this.#ending);
    this.#grant?.release();
  }

  /**
   * A worker for a new thread, or undefined: the glue makes EAGAIN of that, and Python "can't start
   * new thread".
   * @param {PThread} pthread
   */
  #get(pthread) {
    const { unusedWorkers } = pthread;
    if (unusedWorkers.length === 0 && !this.#disposed) {
      try {
        void this.#load(pthread, this.#make());
      } catch (error) {
        this.refusal = error;
        return undefined;
      }
    }
    const ready = unusedWorkers.findIndex((worker) => worker.loaded);
    const [worker] = unusedWorkers.splice(Math.max(0, ready), 1);
    // Not while Python starts (#spares is still 0): prepare() has made all the workers that it needs.
    if (worker && !worker.loaded && this.#spares > 0) this.#makeAhead(pthread);
    this.#peak.note(pthread.runningWorkers.length + 1);
    void this.#topUp();
    return worker;
  }

  /**
   * A program that starts more threads than there are workers mostly goes on. So the next ones start up
   * beside the one that is waited for.
   * @param {PThread} pthread
   */
  #makeAhead(pthread) {
    try {
      while (!this.#disposed && pthread.unusedWorkers.length < AHEAD) void this.#load(pthread, this.#make());
    } catch {
      // The host makes no more workers: a thread that needs one will be told.
    }
  }

  #make() {
    /** @type {CarrierWorker} */
    const worker = this.#host.createWorker(this.#url, (error) => this.#fail(worker, error), this.#grant);
    this.#alive.add(worker);
    return worker;
  }

  /**
   * @param {PThread} pthread
   * @param {CarrierWorker} worker
   */
  #load(pthread, worker) {
    pthread.unusedWorkers.push(worker);
    return pthread.loadWasmModuleToWorker(worker);
  }

  /**
   * The glue does on this thread what the program's threads ask for, with what they have written into the memory. An
   * error in that is the program's, and must not end the embedder.
   * @param {CarrierWorker} worker
   */
  #guard(worker) {
    const handle = worker.onmessage;
    worker.onmessage = (event) => {
      try {
        handle?.(event);
      } catch (error) {
        this.#events.onHostThreadFailed(/** @type {Error} */ (error));
      }
    };
  }

  async #topUp() {
    const pthread = this.#pthread;
    if (!pthread || this.#toppingUp) return;
    this.#toppingUp = true;
    try {
      while (!this.#disposed && pthread.unusedWorkers.length < this.#spares) {
        // Threads that are waited for come first: some milliseconds for the events that ask for them.
        await new Promise((resolve) => setTimeout(resolve, 10));
        if (this.#disposed || pthread.unusedWorkers.length >= this.#spares) break;
        const worker = this.#make();
        // A worker that fails never says that it is loaded.
        await Promise.race([this.#load(pthread, worker), this.#gone(worker)]);
        if (!this.#alive.has(worker)) break;
      }
    } catch {
      // The host makes no more workers: a thread that needs one will be told.
    } finally {
      this.#toppingUp = false;
    }
  }

  /** @type {Map<CarrierWorker, () => void>} */
  #whenGone = new Map();

  /** @param {CarrierWorker} worker @returns {Promise<void>} */
  #gone(worker) {
    return new Promise((resolve) => this.#whenGone.set(worker, resolve));
  }

  /**
   * Ends those that are idle beyond what may stay, and comes back later if some stay only for a while.
   * @param {PThread} pthread
   */
  #endSurplus(pthread) {
    const { unusedWorkers } = pthread;
    const wanted = this.#peak.most - pthread.runningWorkers.length;
    while (unusedWorkers.length > Math.max(this.#spares, wanted)) {
      this.#end(/** @type {CarrierWorker} */ (unusedWorkers.shift()));
    }
    if (unusedWorkers.length <= this.#spares) return this.#peak.keep();
    const running = () => pthread.runningWorkers.length;
    this.#peak.forget(running, () => this.#endSurplus(pthread));
  }

  /** @param {CarrierWorker} worker */
  #forget(worker) {
    this.#alive.delete(worker);
    this.#loading.forget(worker);
    this.#whenGone.get(worker)?.();
    this.#whenGone.delete(worker);
  }

  /** @param {CarrierWorker} worker */
  #end(worker) {
    this.#forget(worker);
    worker.onmessage = () => {}; // what it still has to say is for nobody
    const gone = this.#host.terminateWorker(worker).finally(() => this.#ending.delete(gone));
    this.#ending.add(gone);
  }

  /**
   * @param {CarrierWorker} worker
   * @param {Error} error
   */
  #fail(worker, error) {
    if (this.#disposed || !this.#alive.has(worker)) return;
    this.#end(worker); // in a browser it lives on after an error
    const pthread = this.#pthread;
    if (!pthread) {
      remove(this.#prepared, worker);
      return;
    }
    remove(pthread.unusedWorkers, worker);
    remove(pthread.runningWorkers, worker);
    const carrierToken = worker.pthread_ptr;
    if (!carrierToken) return;
    delete pthread.pthreads[carrierToken];
    this.#events.onCarrierFailed(carrierToken, error, worker.loaded === true);
  }
}

/**
 * @template T
 * @param {T[]} list
 * @param {T} item
 */
function remove(list, item) {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}
