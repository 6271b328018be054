// One running python.wasm: its exports in JavaScript terms, its workers, its beginning and end.
// SPDX-License-Identifier: MIT
// @ts-check
//
// The C side of everything here is described in wasm/host/host.h.

import { ClosedError, HeddleError, LoadError } from "../errors.js";
import { createSharedMemory } from "./shared-memory.js";
import { WorkerPool } from "../workers/worker-pool.js";

/** What happened, as heddle_host_notify() numbers it. */
export const RuntimeEvent = Object.freeze({ output: 1, input: 2, reply: 3, exit: 4, archive: 5 });

/** Where the interpreter looks for its standard library. */
const STDLIB_FOLDER = "/usr/local/lib/python3.13";

/**
 * @typedef {object} RuntimeSettings
 * @property {import("../host/host.js").Host} host
 * @property {import("../host/host.js").Distribution} distribution
 * @property {Record<string, string | undefined>} env undefined removes a default
 * @property {string} program argv[0]
 * @property {number} workers how many start up at once, while python.wasm is still on its way
 * @property {(event: number) => void} onEvent
 * @property {(exitCode: number) => void} onExit Python's main() ended, or os._exit() was called
 * @property {(what: string, error: Error) => void} onCrash the worker of a thread is gone, so Python cannot go on
 * @property {(text: string) => void} [onMessage] a line that the glue or the runtime wants to be seen
 */

/**
 * @typedef {object} Chunk
 * @property {1 | 2} stream
 * @property {number} thread ident of its writer
 * @property {Uint8Array} bytes a copy
 */

/**
 * Compiles, instantiates, and prepares everything up to main().
 * @param {RuntimeSettings} settings
 * @returns {Promise<Runtime>}
 * @example
 * const runtime = await createRuntime({ host, distribution, env: {}, program: "python", workers: 1, onEvent, onExit, onCrash });
 * runtime.start(["-c", "print(1)"]);
 */
export async function createRuntime(settings) {
  const { host, distribution } = settings;
  /** @type {Runtime | undefined} */
  let runtime;
  const pool = new WorkerPool(host, {
    onCarrierFailed(thread, error, loaded) {
      if (!runtime) return;
      if (!runtime.carrierFailed(thread)) return;
      runtime.noteEnd();
      const gotNone = !loaded && runtime.isMain(thread);
      settings.onCrash(gotNone ? "the main thread got no worker" : "a thread crashed", error);
    },
  });
  try {
    const [module, archive] = await Promise.all([
      instantiate(settings, () => runtime),
      distribution.stdlib,
      distribution.workerURL.then((url) => pool.prepare(url, settings.workers)),
    ]);
    runtime = new Runtime(module, pool, host);
    pool.attach(module.PThread);
    runtime.addStandardLibrary(archive);
    return runtime;
  } catch (cause) {
    await pool.dispose();
    if (cause instanceof HeddleError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LoadError(`heddle: loadPython(): python.wasm could not be started: ${reason}`, { cause });
  }
}

/**
 * @param {RuntimeSettings} settings
 * @param {() => Runtime | undefined} current the runtime, once there is one
 */
async function instantiate(settings, current) {
  const { distribution } = settings;
  const [createPython, wasmModule] = await Promise.all([distribution.createPython, distribution.wasmModule]);
  const wasmMemory = createSharedMemory();
  /** @param {number} exitCode */
  function ended(exitCode) {
    current()?.noteEnd();
    settings.onExit(exitCode);
  }
  return await new Promise((resolve, reject) => {
    const emscripten = {
      wasmMemory,
      thisProgram: settings.program,
      preRun: [(/** @type {any} */ module) => Object.assign(module.ENV, settings.env)],
      instantiateWasm(
        /** @type {WebAssembly.Imports} */ imports,
        /** @type {(instance: WebAssembly.Instance, module: WebAssembly.Module) => void} */ receive,
      ) {
        WebAssembly.instantiate(wasmModule, imports).then((it) => receive(it, wasmModule), reject);
        return {};
      },
      print: settings.onMessage ?? (() => {}),
      printErr: settings.onMessage ?? (() => {}),
      onHeddleEvent(/** @type {number} */ event) {
        if (event === RuntimeEvent.exit) ended(current()?.exitCode() ?? 0);
        else if (event === RuntimeEvent.archive) void giveStdlibRest(settings, current);
        else settings.onEvent(event);
      },
      onExit(/** @type {number} */ exitCode) {
        setTimeout(settings.host.rememberExitCode());
        ended(exitCode);
      },
    };
    createPython(emscripten).then(resolve, reject);
  });
}

/**
 * A thread imports something of the rest of the standard library. If that cannot be had, the import
 * fails with an OSError, and a message says why.
 * @param {RuntimeSettings} settings
 * @param {() => Runtime | undefined} current
 */
async function giveStdlibRest({ distribution, onMessage }, current) {
  /** @type {Uint8Array | undefined} */
  let archive;
  try {
    archive = await distribution.fetchStdlibRest();
  } catch (error) {
    onMessage?.(`${/** @type {Error} */ (error).message} So an import failed.`);
  }
  if (current()?.giveArchive(archive) === false) {
    onMessage?.(
      `heddle: an import needs stdlib-rest.zip, but the one found (${archive?.length} bytes) is damaged or of another build than stdlib.zip. Build or upload both again.`,
    );
  }
}

/** What can be called when Python has ended: these take no lock and no memory. */
const GOOD_AFTER_THE_END = new Set([
  "heddle_console_peek",
  "heddle_console_consume",
  "heddle_session_exit_code",
]);

// Holds the snapshot of some hundred threads.
const SNAPSHOT_BYTES = 64 * 1024;

/**
 * Once Python has ended, by itself or by dispose(), it takes and tells nothing any more: there are no
 * threads, signals and input go nowhere, everything else throws a ClosedError. Only the output that is
 * left can be taken.
 * @example see createRuntime()
 */
export class Runtime {
  #module;
  #pool;
  #host;
  #mainThread = 0;
  /** From then on malloc() may wait for ever, with the page: who held its lock may be gone. */
  #ended = false;
  #disposed = false;
  /** 16 bytes for results, kept: output is taken many times a second, and after the end too. */
  #scratch;
  /** What snapshots are written into, kept: they are taken many times a second. */
  #snapshots;

  /**
   * @param {any} module Emscripten's
   * @param {WorkerPool} pool
   * @param {import("../host/host.js").Host} host
   */
  constructor(module, pool, host) {
    this.#module = module;
    this.#pool = pool;
    this.#host = host;
    this.#scratch = this.#allocate(16);
    this.#snapshots = { space: this.#allocate(SNAPSHOT_BYTES), capacity: SNAPSHOT_BYTES };
  }

  // ---- Beginning and end ------------------------------------------------------------------------

  /** @param {Uint8Array} archive */
  addStandardLibrary(archive) {
    const data = this.#copyIn(archive);
    const result = this.callWithStrings("heddle_files_add_archive", [STDLIB_FOLDER], data, archive.length);
    if (result === 0) return;
    throw new LoadError(
      `heddle: loadPython(): stdlib.zip is no whole archive (${archive.length} bytes, errno ${-result}). It may be cut short: build or upload it again.`,
    );
  }

  /**
   * The rest of the standard library, for who waits for it; undefined: it cannot be had.
   * @param {Uint8Array | undefined} archive
   * @returns {boolean} false: this is another archive
   */
  giveArchive(archive) {
    if (this.#ended) return true;
    const size = archive?.length ?? 0;
    const data = archive ? this.#copyIn(archive) : 0;
    if (this.#call("heddle_files_give_archive", data, size) === 0) return true;
    this.#call("free", data);
    return false;
  }

  /**
   * Mounts a folder of the host. Before start() only. 0 or a negative errno value.
   * @param {string} path
   * @param {string} hostPath
   * @returns {number}
   */
  mountHost(path, hostPath) {
    return this.callWithStrings("heddle_files_mount_host", [path, hostPath]);
  }

  /**
   * @param {{stdin?: boolean, stdout?: boolean, stderr?: boolean, columns?: number, rows?: number}} terminal
   */
  setTerminal({ stdin, stdout, stderr, columns = 80, rows = 24 }) {
    const streams = (stdin ? 1 : 0) | (stdout ? 2 : 0) | (stderr ? 4 : 0);
    this.#call("heddle_console_set_terminal", streams, columns, rows);
  }

  /**
   * How many threads may be alive at once, and how many carriers are to be ready. Before start() only.
   * @param {{warm?: number, max?: number}} threads
   */
  setThreads({ warm, max }) {
    if (max !== undefined) this.#call("heddle_thread_set_limit", max);
    if (warm !== undefined) this.#call("heddle_carriers_set_warm", warm);
  }

  /**
   * Runs main() with these arguments, on a worker.
   * @param {string[]} args
   */
  start(args) {
    const restore = this.#host.rememberExitCode();
    this.#module.callMain([...args]);
    restore();
    const [worker] = this.#module.PThread.runningWorkers;
    if (!worker) {
      const cause = this.#pool.refusal;
      throw new LoadError(`heddle: no worker can be made: ${/** @type {Error} */ (cause)?.message}`, {
        cause,
      });
    }
    this.#mainThread = worker.pthread_ptr;
  }

  /** What os._exit() was called with. */
  exitCode() {
    return this.#call("heddle_session_exit_code");
  }

  /**
   * Keeps workers loaded beyond those in use.
   * @param {number} count
   */
  keepSpareWorkers(count) {
    this.#pool.keepSpares(count);
  }

  /** Python has ended by itself. Its other threads may go on until dispose(). */
  noteEnd() {
    this.#ended = true;
  }

  /** Ends all threads. Resolves when their workers are gone. */
  async dispose() {
    this.#ended = this.#disposed = true;
    await this.#pool.dispose();
  }

  // ---- Console ------------------------------------------------------------------------------------

  /**
   * The oldest output, taken from the console; nothing once disposed of.
   * @returns {Chunk | undefined}
   */
  takeOutput() {
    if (this.#disposed) return undefined;
    if (!this.#call("heddle_console_peek", this.#scratch)) return undefined;
    const fields = new DataView(this.#buffer, this.#scratch, 16);
    const data = fields.getUint32(8, true);
    /** @type {Chunk} */
    const chunk = {
      stream: fields.getUint32(0, true) === 2 ? 2 : 1,
      thread: fields.getUint32(4, true),
      bytes: this.#copyOut(data, fields.getUint32(12, true)),
    };
    this.#call("heddle_console_consume");
    return chunk;
  }

  /** The prompt of the thread that waits for a line; undefined: it only reads. */
  prompt() {
    const text = this.#call("heddle_console_prompt");
    return text === 0 ? undefined : /** @type {string} */ (this.#module.UTF8ToString(text));
  }

  /** Whether some thread waits for input that it has not been given. @returns {boolean} */
  wantsInput() {
    return !this.#ended && this.#call("heddle_console_wants_input") === 1;
  }

  /**
   * Gives bytes to standard input.
   * @param {Uint8Array} bytes
   * @returns {number} how many were taken
   */
  feed(bytes) {
    if (this.#ended) return bytes.length;
    return this.#withCopy(bytes, (data) => this.#call("heddle_console_feed", data, bytes.length));
  }

  endInput() {
    if (this.#ended) return;
    this.#call("heddle_console_end_of_file");
  }

  // ---- Session ------------------------------------------------------------------------------------

  /**
   * @param {Uint8Array} message
   * @returns {boolean} false: the session has ended, or memory is out
   */
  submit(message) {
    if (this.#ended) return false;
    return this.#withCopy(message, (data) => this.#call("heddle_session_submit", data, message.length)) === 0;
  }

  /**
   * The oldest reply.
   * @returns {Uint8Array | undefined}
   */
  takeReply() {
    if (this.#ended) return undefined;
    const data = this.#call("heddle_session_reply", this.#scratch);
    if (data === 0) return undefined;
    const bytes = this.#copyOut(data, new DataView(this.#buffer).getUint32(this.#scratch, true));
    this.#call("heddle_session_reply_done");
    return bytes;
  }

  /**
   * Posts a signal meant for what has been submitted so far.
   * @param {number} signum
   * @returns {boolean} false: no such signal, or Python has ended
   */
  interruptSession(signum) {
    return !this.#ended && this.#call("heddle_session_interrupt", signum) === 0;
  }

  // ---- Threads and signals --------------------------------------------------------------------------

  /**
   * @param {number} signum
   * @returns {boolean} false: no such signal, or Python has ended
   */
  postSignal(signum) {
    return !this.#ended && this.#call("heddle_signal_post", signum) === 0;
  }

  /**
   * What Python does about a signal at this moment.
   * @param {number} signum
   * @returns {"default" | "ignored" | "handled"}
   */
  signalAction(signum) {
    const action = this.#ended ? 0 : this.#call("heddle_session_signal_action", signum);
    return action === 0 ? "default" : action === 1 ? "ignored" : "handled";
  }

  /** The threads as heddle_threads_snapshot() writes them. @returns {any[]} */
  threads() {
    return this.#snapshot("heddle_threads_snapshot");
  }

  /**
   * Where each Python thread is, outermost call first.
   * @returns {{ident: number, frames: import("../session/protocol.js").Frame[]}[]}
   */
  stacks() {
    return this.#snapshot("heddle_python_stacks");
  }

  /**
   * Calls an export that writes JSON into a buffer and returns the size that it needed.
   * @param {string} name
   * @returns {any[]}
   */
  #snapshot(name) {
    if (this.#ended) return [];
    for (;;) {
      const { space, capacity } = this.#snapshots;
      const needed = this.#call(name, space, capacity);
      if (needed < capacity) return JSON.parse(new TextDecoder().decode(this.#copyOut(space, needed)));
      this.#call("free", space);
      const larger = 2 * needed; // threads may be added meanwhile
      this.#snapshots = { space: this.#allocate(larger), capacity: larger };
    }
  }

  /** @param {number} thread a pthread */
  isMain(thread) {
    return thread === this.#mainThread;
  }

  /**
   * The worker of this pthread is gone.
   * @param {number} thread
   * @returns {boolean} whether it was running a thread of Python's, which has not ended
   */
  carrierFailed(thread) {
    if (this.#ended) return false;
    return this.isMain(thread) || this.#call("heddle_carrier_failed", thread) !== 0;
  }

  // ---- Memory ---------------------------------------------------------------------------------------

  /**
   * Calls an export whose first arguments are strings.
   * @param {string} name
   * @param {string[]} strings
   * @param {...number} rest
   * @returns {number}
   */
  callWithStrings(name, strings, ...rest) {
    const encoder = new TextEncoder();
    const pointers = strings.map((text) => this.#copyIn(encoder.encode(`${text}\0`)));
    try {
      return this.#call(name, ...pointers, ...rest);
    } finally {
      for (const pointer of pointers) this.#call("free", pointer);
    }
  }

  /**
   * Calls an export that gives malloc()ed bytes through two last arguments.
   * @param {string} name
   * @param {string} path
   * @returns {{result: number, bytes: Uint8Array}}
   */
  callForBytes(name, path) {
    const result = this.callWithStrings(name, [path], this.#scratch, this.#scratch + 4);
    if (result < 0) return { result, bytes: new Uint8Array() };
    const fields = new DataView(this.#buffer, this.#scratch, 8);
    const data = fields.getUint32(0, true);
    const bytes = this.#copyOut(data, fields.getUint32(4, true));
    this.#call("free", data);
    return { result, bytes };
  }

  /**
   * Calls an export that takes a path and bytes.
   * @param {string} name
   * @param {string} path
   * @param {Uint8Array} bytes
   */
  callWithBytes(name, path, bytes) {
    return this.#withCopy(bytes, (data) => this.callWithStrings(name, [path], data, bytes.length));
  }

  /**
   * Calls an export that takes a path and fills a struct.
   * @param {string} name
   * @param {string} path
   * @param {number} size of the struct
   * @returns {{result: number, fields: DataView}}
   */
  callForStruct(name, path, size) {
    return this.#withSpace(size, (space) => {
      const result = this.callWithStrings(name, [path], space);
      return { result, fields: new DataView(this.#copyOut(space, size).buffer) };
    });
  }

  /** Fresh each time: another thread may have grown the memory. */
  get #buffer() {
    return this.#module.wasmMemory.buffer;
  }

  /**
   * @param {string} name
   * @param {...number} args
   * @returns {number}
   */
  #call(name, ...args) {
    const exported = this.#module[`_${name}`];
    if (!exported) {
      throw new LoadError(
        `heddle: python.wasm does not export ${name}(). It belongs to another version of this package.`,
      );
    }
    if (this.#ended && !GOOD_AFTER_THE_END.has(name)) throw new ClosedError(`${name}()`);
    try {
      return exported(...args);
    } catch (error) {
      // A signal's handler ended the program; settings.onExit() has been told.
      if (/** @type {any} */ (error)?.name !== "ExitStatus") throw error;
      return 0;
    }
  }

  /** @param {number} size */
  #allocate(size) {
    const space = this.#call("malloc", Math.max(size, 1));
    if (space === 0) throw new RangeError(`heddle: no memory for ${size} bytes`);
    return space;
  }

  /** @param {Uint8Array} bytes */
  #copyIn(bytes) {
    const data = this.#allocate(bytes.length);
    new Uint8Array(this.#buffer).set(bytes, data);
    return data;
  }

  /**
   * @param {number} data
   * @param {number} size
   */
  #copyOut(data, size) {
    return new Uint8Array(this.#buffer, data, size).slice();
  }

  /**
   * @template T
   * @param {Uint8Array} bytes
   * @param {(data: number) => T} use
   */
  #withCopy(bytes, use) {
    const data = this.#copyIn(bytes);
    try {
      return use(data);
    } finally {
      this.#call("free", data);
    }
  }

  /**
   * @template T
   * @param {number} size
   * @param {(space: number) => T} use
   */
  #withSpace(size, use) {
    const space = this.#allocate(size);
    try {
      return use(space);
    } finally {
      this.#call("free", space);
    }
  }
}
