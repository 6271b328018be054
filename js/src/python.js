// Python: what loadPython() gives; runs code, stops it, shows its threads and files, ends it.
// SPDX-License-Identifier: MIT
// @ts-check

import { ClosedError, PythonError, UnresponsiveError } from "./errors.js";
import { PythonFiles } from "./files/python-files.js";
import { Signal } from "./module/host-layout.js";
import { checkInterrupt, checkRun } from "./options.js";
import { DEFAULT_GRACE_MS } from "./session/grace.js";
import { RunQueue } from "./session/run-queue.js";
import { Stopper } from "./session/stopper.js";
import { untilAborted } from "./session/until-aborted.js";
import { ValueEncoder } from "./session/value-codec.js";

/** The file of the frames between Python's start and the user's code. */
const SESSION_FILE = /(^|\/)heddle_(session|streams)\.py$/;

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
 *   kind: "lock", "rlock", "condition" (also events, queues and barriers, which are made of conditions),
 *   "thread", "sleep", "io", "signal", "semaphore", "event", "interpreter"
 * @property {number | null} heldBy
 *   ident of the thread that holds what this one waits for. The thread that acquired a lock holds it,
 *   but any thread may release it
 * @property {number} since milliseconds that it has waited
 * @property {number | null} left milliseconds after which it gives up waiting; null: it never does
 * @property {number} stackSize bytes
 */

/**
 * Where a thread of Python's is.
 * @typedef {object} ThreadStack
 * @property {number} ident
 * @property {string} name
 * @property {import("./session/protocol.js").Frame[]} frames the 64 innermost calls, outermost first
 */

/**
 * @typedef {object} RunOptions
 * @property {string} [filename] how tracebacks call the code; "<run 1>" and so on by default
 * @property {number} [timeout]
 *   milliseconds; then the code is interrupted, and run() rejects with its KeyboardInterrupt, whose
 *   cause is a TimeoutError
 * @property {AbortSignal} [signal]
 *   interrupts the code; once it has ended, run() rejects with the signal's reason
 * @property {number} [grace]
 *   milliseconds that interrupted code has to end (3000): if it goes on all the same, run() rejects
 *   with an UnresponsiveError and this Python is closed
 * @property {Record<string, any>} [globals] variables to set first, by copy
 */

/**
 * The parts of a Python object; loadPython() puts them together.
 * @typedef {object} PythonParts
 * @property {import("./host/host.js").Host} host
 * @property {import("./module/python-module.js").PythonModule} module
 * @property {import("./session/session.js").Session} session
 * @property {import("./files/files-exports.js").FilesExports} files
 * @property {import("./console/console.js").Console} console
 * @property {string} version
 * @property {number | undefined} timeout
 * @property {number | undefined} grace
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
  /** @type {Stopper | undefined} of the run that Python is at */
  #stopper;
  /** @type {Promise<void> | undefined} */
  #closing;
  /** @type {Error | undefined} why it was closed, if not by close() */
  #cause;

  /** sys.version. @type {string} @readonly */
  version;

  /**
   * Python's files.
   * @type {PythonFiles}
   * @readonly
   * @example
   * await py.fs.writeFile("/home/user/a.txt", "hello");
   */
  fs = new PythonFiles((method) => this.#use(method).files);

  /** @param {PythonParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.version = parts.version;
    parts.session.whenEnded((error) => {
      this.#parts = this.#stopper = undefined; // a user who keeps this object keeps no memory of Python's
      if (!(error instanceof ClosedError)) this.#cause = error;
      this.#closing = parts.module.dispose();
    });
  }

  /** Whether close() was called, a run was given up, or Python ended by itself. @type {boolean} */
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
    const parts = this.#use("run()");
    const taken = checkRun(code, options);
    const { timeout = parts.timeout, grace = parts.grace ?? DEFAULT_GRACE_MS } = taken;
    const { signal, filename, globals } = taken;
    const limits = { timeout, grace, signal };
    signal?.throwIfAborted();
    const encoder = new ValueEncoder();
    const request = {
      code,
      filename,
      globals: globals && encoder.encode(new Map(Object.entries(globals)), "globals"),
    };
    const caller = new Error();
    let begun = false;
    this.#enter();
    try {
      const result = this.#queue.add(async () => {
        if (signal?.aborted) return undefined; // rejected already
        begun = true;
        const { session } = this.#use("run()");
        this.#stopper = new Stopper({
          interrupt: (signum) => void session.interrupt(signum),
          giveUp: (graceMs, cause) => this.#giveUp(graceMs, cause),
        });
        return await this.#stopper.watch(session.run(request, encoder.blobs), limits);
      });
      if (!begun) encoder.keepBytes(); // it waits for its turn, and the caller goes on
      return await untilAborted(signal, result, () => !begun);
    } catch (error) {
      if (error instanceof PythonError) error.showCaller(caller);
      throw error;
    } finally {
      this.#leave();
    }
  }

  /**
   * Sends Python a signal, by default SIGINT, which raises KeyboardInterrupt in the code that runs,
   * also when it sleeps or waits for a lock. It does not need Python's cooperation. A signal that
   * Python has no handler for has no effect. Throws a ClosedError when this Python has ended.
   * @param {number} [signum] 1 to 64
   * @param {{grace?: number}} [options] grace: milliseconds that the run has to end, as in RunOptions:
   *   the signal comes again every half second, and a run that still goes on then is given up.
   *   Without it the code may do with the signal what it likes
   * @example
   * const stopped = py.run("while True: pass").catch((error) => error.type);
   * py.interrupt();
   * console.log(await stopped); // "KeyboardInterrupt"
   */
  interrupt(signum = Signal.SIGINT, options = {}) {
    const { session } = this.#use("interrupt()");
    const { grace } = checkInterrupt(signum, options);
    session.interrupt(signum);
    if (grace !== undefined) this.#stopper?.insist(grace, { signum });
  }

  /**
   * The threads alive at this moment; nothing is stopped for it.
   * @returns {ThreadInfo[]}
   * @example
   * for (const { name, state, waitingOn } of py.threads()) console.log(name, state, waitingOn?.kind);
   */
  threads() {
    return this.#use("threads()")
      .session.threads()
      .map(({ sinceMs, leftMs, stackBytes, ...thread }) => ({
        ...thread,
        since: sinceMs,
        left: leftMs,
        stackSize: stackBytes,
      }));
  }

  /**
   * Where each thread is in its Python code, at this moment; nothing is stopped for it, and it does
   * not wait for the GIL, so it answers in a deadlock and in a long call of C code too. A thread that
   * runs goes on meanwhile: its calls are those of about this moment.
   * @returns {ThreadStack[]} in the order of threads()
   * @example
   * for (const { name, frames } of py.stacks()) console.log(name, frames.at(-1)?.line);
   */
  stacks() {
    const { session } = this.#use("stacks()");
    const frames = new Map(session.stacks().map((stack) => [stack.ident, stack.frames]));
    return session.threads().map(({ ident, name }) => ({
      ident,
      name,
      frames: (frames.get(ident) ?? []).filter(({ filename }) => !SESSION_FILE.test(filename)),
    }));
  }

  /**
   * Ends every thread and frees the memory. Output of before is delivered first. Code that still runs
   * is cut off, and its run() rejects. Later calls reject with a ClosedError.
   * @returns {Promise<void>} when all workers are gone
   * @example
   * await py.close(); // or: await using py = await loadPython();
   */
  close() {
    this.#end(new ClosedError("run()"));
    return this.#closing ?? Promise.resolve();
  }

  /**
   * @param {number} graceMs
   * @param {unknown} cause
   */
  #giveUp(graceMs, cause) {
    if (!this.#parts) return;
    const frames = this.#framesOfMain();
    this.#end(new UnresponsiveError(graceMs, frames, cause === undefined ? {} : { cause }));
  }

  /** None where memory is out or damaged: what needs them goes on all the same. */
  #framesOfMain() {
    try {
      return this.stacks()[0]?.frames ?? [];
    } catch {
      return [];
    }
  }

  /** @param {Error} error for the run that Python is at, which rejects with it */
  #end(error) {
    this.#parts?.console.drain();
    this.#parts?.session.end(error);
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
    if (!this.#parts) throw new ClosedError(method, this.#cause);
    return this.#parts;
  }

  #enter() {
    if (this.#unfinished++ === 0) this.#letEnd = this.#use("run()").host.stayAlive();
  }

  #leave() {
    if (--this.#unfinished === 0) this.#letEnd();
  }
}
