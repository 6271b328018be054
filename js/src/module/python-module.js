// One python.wasm: how it is made, started and ended, and the workers that carry its threads.
// SPDX-License-Identifier: MIT
// @ts-check
//
// Bytes that its exports take and give mean nothing here: console/, session/ and files/ each know their own.

import { HeddleError, LoadError, OutOfMemoryError } from "../errors.js";
import { WorkerPool } from "../workers/worker-pool.js";
import { buildOfArchive, buildOfModule, checkSameBuild } from "./build-id.js";
import { Exports } from "./exports.js";
import { HostEvent, SignalAction } from "./host-layout.js";
import { createSharedMemory } from "./shared-memory.js";
import { giveLibraryRest, giveLibrarySources, layOutLibrary, oneAtATime } from "./standard-library.js";

// Programs own their memory. What the host thread finds there is not always what it must be.
const DAMAGED = "its memory is damaged";

/**
 * @typedef {object} ModuleSettings
 * @property {import("../host/host.js").Host} host
 * @property {import("../host/host.js").Distribution} distribution
 * @property {import("../host/host.js").FolderGrant} [grant] released when the module is disposed of
 * @property {Record<string, string | undefined>} env undefined removes a default
 * @property {string} program argv[0]
 * @property {number} workers how many start up at once, while python.wasm is still on its way
 * @property {(event: number) => void} onEvent a HostEvent: something is there for an export to take
 * @property {(exitCode: number) => void} onExit Python's main() ended, or os._exit() was called
 * @property {(what: string, error: Error) => void} onCrash the worker of a thread is gone, so Python cannot go on
 * @property {(text: string) => void} [onMessage] a line that the glue or the runtime wants to be seen
 */

/**
 * Compiles, instantiates, and prepares everything up to main().
 * @template T
 * @param {ModuleSettings} settings
 * @param {(module: PythonModule) => T} connect makes what calls the module's exports. That takes memory: if
 *   there is none, the load has failed, and no worker is left
 * @returns {Promise<T>}
 * @example
 * const what = { env: {}, program: "python", workers: 1 };
 * const settings = { host, distribution, ...what, onEvent, onExit, onCrash };
 * const { module, files } = await createModule(settings, (module) => ({ module, files: new FilesExports(module) }));
 * module.start(["-c", "print(1)"]);
 */
export async function createModule(settings, connect) {
  const { host, distribution } = settings;
  /** @type {PythonModule | undefined} */
  let module;
  /** @param {string} what @param {Error} error */
  function crash(what, error) {
    if (!module?.alive) return;
    module.noteEnd();
    // Not from within the call that failed: onCrash() may call exports.
    queueMicrotask(() => settings.onCrash(what, error));
  }
  const events = {
    onCarrierFailed(
      /** @type {number} */ carrierToken,
      /** @type {Error} */ error,
      /** @type {boolean} */ loaded,
    ) {
      if (!module?.carrierFailed(carrierToken)) return;
      const gotNone = !loaded && module.isMain(carrierToken);
      crash(gotNone ? "the main thread got no worker" : "a thread crashed", error);
    },
    onHostThreadFailed: (/** @type {Error} */ error) => crash(DAMAGED, error),
  };
  const pool = new WorkerPool(host, events, settings.grant);
  try {
    const [{ glue, build }, archive] = await Promise.all([
      instantiate(settings, () => module, events.onHostThreadFailed),
      distribution.stdlib,
      distribution.workerURL.then((url) => pool.prepare(url, settings.workers)),
    ]);
    module = new PythonModule(glue, pool, (error) => crash(DAMAGED, error));
    pool.attach(glue.PThread);
    layOutLibrary(module.exports, archive);
    checkSameBuild({ "python.mjs and python.wasm": build, "stdlib.zip": buildOfArchive(archive) });
    return connect(module);
  } catch (cause) {
    await pool.dispose();
    if (cause instanceof HeddleError && !(cause instanceof OutOfMemoryError)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LoadError(`heddle: loadPython(): python.wasm could not be started: ${reason}`, { cause });
  }
}

/**
 * @param {ModuleSettings} settings
 * @param {() => PythonModule | undefined} current the module, once there is one
 * @param {(error: Error) => void} onFailure what an event asks for has thrown
 * @returns {Promise<{ glue: any, build: string | undefined }>} Emscripten's object for it, and its build
 */
async function instantiate(settings, current, onFailure) {
  const { distribution } = settings;
  const [createPython, wasmModule] = await Promise.all([distribution.createPython, distribution.wasmModule]);
  const build = buildOfModule(wasmModule);
  checkSameBuild({ "python.mjs": createPython.buildId, "python.wasm": build });
  const wasmMemory = createSharedMemory();
  const say = settings.onMessage ?? (() => {});
  const alive = () => current()?.alive;
  const giveRest = oneAtATime(() => giveLibraryRest(alive, distribution.fetchStdlibRest, say));
  const giveSources = oneAtATime(() => giveLibrarySources(alive, distribution.fetchStdlibSources));
  /** @param {number} exitCode */
  function ended(exitCode) {
    current()?.noteEnd();
    settings.onExit(exitCode);
  }
  const glue = await new Promise((resolve, reject) => {
    const emscripten = {
      wasmMemory,
      heddleFiles: settings.grant?.lent,
      thisProgram: settings.program,
      preRun: [(/** @type {any} */ glue) => Object.assign(glue.ENV, settings.env)],
      instantiateWasm(
        /** @type {WebAssembly.Imports} */ imports,
        /** @type {(instance: WebAssembly.Instance, module: WebAssembly.Module) => void} */ receive,
      ) {
        WebAssembly.instantiate(wasmModule, imports).then((it) => receive(it, wasmModule), reject);
        return {};
      },
      print: say,
      printErr: say,
      onHeddleEvent(/** @type {number} */ event) {
        try {
          if (event === HostEvent.exit) ended(current()?.exitCode() ?? 0);
          else if (event === HostEvent.archive) giveRest();
          else if (event === HostEvent.sources) giveSources();
          else settings.onEvent(event);
        } catch (error) {
          onFailure(/** @type {Error} */ (error));
        }
      },
      onHeddleFailure: onFailure,
      onExit: ended,
    };
    createPython(emscripten).then(resolve, reject);
  });
  return { glue, build };
}

/**
 * Rooms that call exports ask for `alive` each time and say what they answer without it, or call `exports`,
 * which throws a ClosedError then. So a Python that has ended, by itself or by dispose(), takes and tells
 * nothing any more.
 * @example see createModule()
 */
export class PythonModule {
  #glue;
  #pool;
  /** @type {Exports | undefined} */
  #alive;
  #disposed = false;
  #mainCarrierToken = 0;

  /** For what is good after the end, and for what may throw a ClosedError then. @type {Exports} @readonly */
  exports;

  /**
   * @param {any} glue Emscripten's object
   * @param {WorkerPool} pool
   * @param {(error: Error) => void} onDamage see Exports
   */
  constructor(glue, pool, onDamage) {
    this.#glue = glue;
    this.#pool = pool;
    this.exports = this.#alive = new Exports(glue, onDamage);
  }

  /** The exports while Python lives, undefined afterwards. */
  get alive() {
    return this.#alive;
  }

  /** Whether its threads have been told to end, too: what they have printed is for nobody. */
  get disposed() {
    return this.#disposed;
  }

  /**
   * How many threads may be alive at once, and how many carriers are to be ready. Before start() only.
   * @param {{warm?: number, max?: number}} threads
   */
  setThreads({ warm, max }) {
    if (max !== undefined) this.exports.call("heddle_thread_set_limit", max);
    if (warm !== undefined) this.exports.call("heddle_carriers_set_warm", warm);
  }

  /**
   * Runs main() with these arguments, on a worker.
   * @param {string[]} args
   */
  start(args) {
    this.#glue.callMain([...args]);
    const carrierToken = this.#pool.firstCarrierToken();
    if (carrierToken === undefined) {
      const cause = this.#pool.refusal;
      throw new LoadError(`heddle: no worker can be made: ${/** @type {Error} */ (cause)?.message}`, {
        cause,
      });
    }
    this.#mainCarrierToken = carrierToken;
  }

  /**
   * Keeps workers loaded beyond those in use.
   * @param {number} count
   */
  keepSpareWorkers(count) {
    this.#pool.keepSpares(count);
  }

  /**
   * Posts a signal, whatever Python is at.
   * @param {number} signum
   * @returns {boolean} false: no such signal, or Python has ended
   */
  postSignal(signum) {
    return this.#alive?.call("heddle_signal_post", signum) === 0;
  }

  /**
   * Python's way with a signal at this moment.
   * @param {number} signum
   * @returns {number} a SignalAction
   */
  signalAction(signum) {
    return this.#alive?.call("heddle_program_signal_action", signum) ?? SignalAction.default;
  }

  /** The code that os._exit() was called with. */
  exitCode() {
    return this.exports.call("heddle_program_exit_code");
  }

  /** Python has ended by itself. Its other threads may go on until dispose(). */
  noteEnd() {
    this.#alive = undefined;
    this.exports.end();
  }

  /** Ends all threads. Resolves when their workers are gone. */
  async dispose() {
    this.noteEnd();
    this.#disposed = true;
    await this.#pool.dispose();
  }

  /** @param {number} carrierToken */
  isMain(carrierToken) {
    return carrierToken === this.#mainCarrierToken;
  }

  /**
   * The worker of this carrier is gone.
   * @param {number} carrierToken
   * @returns {boolean} whether it was running a thread of Python's, which has not ended
   */
  carrierFailed(carrierToken) {
    if (!this.#alive) return false;
    return this.isMain(carrierToken) || this.#alive.call("heddle_carrier_failed", carrierToken) !== 0;
  }
}
