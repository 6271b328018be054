// Python: what loadPython() gives; runs code, stops it, shows its threads and files, ends it.
// SPDX-License-Identifier: MIT
// @ts-check

import { ClosedError, PythonError, PythonExitError, TimeoutError } from "./errors.js";
import { PageFiles } from "./page-files.js";
import { RunQueue } from "./run-queue.js";
import { ValueEncoder } from "./value-codec.js";

/** SIGINT, which Python turns into KeyboardInterrupt. */
const SIGINT = 2;

// Code that catches KeyboardInterrupt and goes on is interrupted again, until it ends.
const INTERRUPT_AGAIN_MS = 1000;

/**
 * A thread of Python's.
 * @typedef {object} ThreadInfo
 * @property {number} ident as threading.get_ident() says
 * @property {number} nativeId
 * @property {string} name
 * @property {boolean} main
 * @property {boolean} daemon
 * @property {"starting" | "running" | "waiting" | "ended"} state
 * @property {{kind: string, address: number} | null} waitingOn
 * @property {number | null} heldBy ident of the thread that holds what this one waits for
 * @property {number} since milliseconds that it has waited
 * @property {number} stackSize bytes
 */

/**
 * @typedef {object} RunOptions
 * @property {string} [filename] how tracebacks call the code; "<run 1>" and so on by default
 * @property {number} [timeout] milliseconds; then the code is interrupted, and run() rejects with a TimeoutError
 * @property {AbortSignal} [signal] interrupts the code; run() rejects with the signal's reason
 * @property {Record<string, any>} [globals] variables to set first, by copy
 */

/**
 * What a Python object is made of; loadPython() puts it together.
 * @typedef {object} PythonParts
 * @property {import("./host.js").Host} host
 * @property {import("./runtime.js").Runtime} runtime
 * @property {import("./session.js").Session} session
 * @property {import("./console-pump.js").OutputPump} output
 * @property {string} version
 * @property {number | undefined} timeout
 */

/**
 * One Python with its threads and files. Made by loadPython().
 * @example
 * const py = await loadPython();
 * console.log(await py.run("sum(range(10))")); // 45
 * await py.close();
 */
export class Python {
  /** @type {PythonParts | undefined} undefined once closed */
  #parts;
  #queue = new RunQueue();
  /** Runs that have been asked for and have not ended. */
  #unfinished = 0;
  #letEnd = () => {};
  /** @type {Promise<void> | undefined} */
  #closing;

  /** sys.version. @type {string} @readonly */
  version;

  /**
   * Python's files.
   * @type {PageFiles}
   * @readonly
   * @example
   * await py.fs.writeFile("/home/user/a.txt", "hello");
   */
  fs = new PageFiles((method) => this.#use(method).runtime);

  /** @param {PythonParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.version = parts.version;
  }

  /** Whether close() was called. @type {boolean} */
  get closed() {
    return this.#parts === undefined;
  }

  /**
   * Runs code in Python's main thread, in __main__, whose variables stay from run to run. Calls that
   * come while code runs wait for their turn. Rejects with a PythonError when the code raises.
   * @param {string} code
   * @param {RunOptions} [options]
   * @returns {Promise<any>} the value of the last statement if it is an expression, by copy
   * @example
   * await py.run("import math");
   * await py.run("math.sqrt(x)", { globals: { x: 16 }, filename: "cell-2.py" }); // 4
   */
  async run(code, options = {}) {
    const { timeout = this.#use("run()").timeout, signal, filename, globals } = options;
    if (typeof code !== "string") {
      throw new TypeError(`heddle: run(): code is a ${typeof code}. Pass the program as a string.`);
    }
    this.#use("run()");
    signal?.throwIfAborted();
    const encoder = new ValueEncoder();
    const request = {
      code,
      filename,
      globals: globals && encoder.encode(new Map(Object.entries(globals)), "globals"),
    };
    const caller = new Error();
    this.#begin();
    try {
      return await untilAborted(
        signal,
        this.#queue.add(async () => {
          if (signal?.aborted) return undefined; // rejected already
          const { session, runtime } = this.#use("run()");
          const stopper = new Stopper(() => runtime.interruptSession(SIGINT));
          return await stopper.watch(session.run(request, encoder.blobs), { timeout, signal });
        }),
      );
    } catch (error) {
      if (error instanceof PythonError) error.showCaller(caller);
      throw error;
    } finally {
      this.#end();
    }
  }

  /**
   * Sends Python a signal, by default SIGINT, which raises KeyboardInterrupt in the code that runs,
   * also when it sleeps or waits for a lock. It does not need Python's cooperation.
   * @param {number} [signum]
   * @example
   * const stopped = py.run("while True: pass").catch((error) => error.type);
   * py.interrupt();
   * console.log(await stopped); // "KeyboardInterrupt"
   */
  interrupt(signum = SIGINT) {
    const { runtime } = this.#use("interrupt()");
    if (!runtime.interruptSession(signum)) {
      throw new RangeError(`heddle: interrupt(${signum}): no such signal. Signals are 1 to 64.`);
    }
  }

  /**
   * The threads alive at this moment; nothing is stopped for it.
   * @returns {ThreadInfo[]}
   * @example
   * for (const { name, state, waitingOn } of py.threads()) console.log(name, state, waitingOn?.kind);
   */
  threads() {
    return this.#use("threads()")
      .runtime.threads()
      .map(({ sinceMs, stackBytes, ...thread }) => ({ ...thread, since: sinceMs, stackSize: stackBytes }));
  }

  /**
   * Ends every thread and frees the memory. What was printed before is delivered first; code that
   * still runs is cut off, and its run() rejects. Later calls reject with a ClosedError.
   * @returns {Promise<void>} when all workers are gone
   * @example
   * await py.close(); // or: await using py = await loadPython();
   */
  close() {
    const parts = this.#parts;
    if (parts && !this.#closing) {
      parts.output.drain();
      this.#parts = undefined;
      parts.session.end(new ClosedError("run()"));
      this.#closing = parts.runtime.dispose();
    }
    return this.#closing ?? Promise.resolve();
  }

  async [/** @type {typeof Symbol.asyncDispose} */ (
    Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")
  )]() {
    await this.close();
  }

  [/** @type {typeof Symbol.dispose} */ (Symbol.dispose ?? Symbol.for("Symbol.dispose"))]() {
    void this.close();
  }

  /** @param {string} method */
  #use(method) {
    if (!this.#parts) throw new ClosedError(method);
    return this.#parts;
  }

  #begin() {
    if (this.#unfinished++ === 0) this.#letEnd = this.#use("run()").host.stayAlive();
  }

  #end() {
    if (--this.#unfinished === 0) this.#letEnd();
  }
}

/** Interrupts one run when its time is over or its signal says so, until it ends. */
class Stopper {
  #interrupt;
  /** @type {unknown} */
  #reason;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #again;

  /** @param {() => void} interrupt */
  constructor(interrupt) {
    this.#interrupt = interrupt;
  }

  /**
   * @template T
   * @param {Promise<T>} result
   * @param {{timeout?: number, signal?: AbortSignal}} limits
   */
  async watch(result, { timeout, signal }) {
    const abort = () => this.#stop(signal?.reason);
    signal?.addEventListener("abort", abort);
    const timer =
      timeout === undefined || timeout === Infinity
        ? undefined
        : setTimeout(
            () =>
              this.#stop(new TimeoutError(`heddle: run(): interrupted after its timeout of ${timeout} ms.`)),
            timeout,
          );
    try {
      const value = await result;
      if (this.#reason === undefined) return value;
    } catch (error) {
      if (this.#reason === undefined || error instanceof ClosedError || error instanceof PythonExitError)
        throw error;
      if (this.#reason instanceof TimeoutError) this.#reason.cause = error;
    } finally {
      clearTimeout(timer);
      clearInterval(this.#again);
      signal?.removeEventListener("abort", abort);
    }
    throw this.#reason;
  }

  /** @param {unknown} reason */
  #stop(reason) {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#interrupt();
    this.#again = setInterval(this.#interrupt, INTERRUPT_AGAIN_MS);
  }
}

/**
 * The result, or the signal's reason as soon as it is aborted.
 * @template T
 * @param {AbortSignal | undefined} signal
 * @param {Promise<T>} result
 * @returns {Promise<T>}
 */
async function untilAborted(signal, result) {
  if (!signal) return result;
  /** @type {() => void} */
  let abort = () => {};
  const aborted = new Promise((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
  });
  try {
    return /** @type {T} */ (await Promise.race([result, aborted]));
  } finally {
    signal.removeEventListener("abort", abort);
    result.catch(() => {}); // the reason has been given already
  }
}
