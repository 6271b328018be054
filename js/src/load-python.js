// loadPython(): starts a Python that waits for code to run.
// SPDX-License-Identifier: MIT
// @ts-check

import { Console } from "./console/console.js";
import { StreamDecoder } from "./console/stream-decoder.js";
import { LoadError, OptionError, PythonExitError } from "./errors.js";
import { mountRefusal } from "./files/errno.js";
import { FilesExports } from "./files/files-exports.js";
import { makeFolders, placeFile } from "./files/placing.js";
import { currentHost } from "./host/host.js";
import { HostEvent, Signal, Threads } from "./module/host-layout.js";
import { createModule } from "./module/python-module.js";
import { checkLoadOptions } from "./options.js";
import { Python } from "./python.js";
import { Session } from "./session/session.js";
import { MAX_TIMER_MS } from "./session/stopper.js";
import { untilAborted } from "./session/until-aborted.js";

/**
 * @typedef {object} LoadOptions
 * @property {(text: string, thread: number) => unknown} [stdout]
 *   gets what is printed, in whole lines or when it is flushed, with the ident of the thread that did that.
 *   By default it goes to standard output in Node and to the console in a page. When stdout() returns a
 *   promise, later output waits for it, and print() waits once there is much. A question or the end of a
 *   run() waits for no promise
 * @property {(text: string, thread: number) => unknown} [stderr]
 * @property {() => string | null | Promise<string | null>} [stdin]
 *   asked for a line whenever a thread waits for input. null, also the default, is an end of file for
 *   that one read. Stop (an interrupt) ends the wait and not the promise: the line goes to the next
 *   reader, and a null to nobody if there is none
 * @property {string[]} [args] sys.argv[1:]
 * @property {Record<string, string>} [env] environment variables
 * @property {Record<string, string | Uint8Array>} [files] files to be there from the start, by absolute path
 * @property {{path: string, hostPath: string}[]} [hostFolders] folders of the disk that Python may
 *   read and write (Node only). A relative hostPath begins at the current folder of the process
 * @property {{warm?: number, max?: number}} [threads]
 *   warm: workers kept ready for threads (8); max: threads alive at once (256)
 * @property {number} [timeout] milliseconds that a run() may take, unless it says otherwise; no limit by default
 * @property {number} [grace] milliseconds that an interrupted run() has to end, unless it says otherwise (3000)
 * @property {number} [loadTimeout] milliseconds that loading may take (60000); Infinity: no limit
 * @property {string | URL} [indexURL] the folder with python.mjs, python.wasm, stdlib.zip, stdlib-rest.zip and
 *   stdlib-sources.zip
 */

const DEFAULT_LOAD_TIMEOUT_MS = 60_000;

/** Python's environment, apart from `env`. */
const DEFAULT_ENV = {
  HOME: "/home/user",
  USER: "user",
  LOGNAME: "user",
  PWD: undefined,
  _: undefined,
  PATH: "/usr/local/bin",
  LANG: "C.UTF-8",
  HEDDLE_CWD: "/home/user",
};

/**
 * Loads Python and starts it.
 * @param {LoadOptions} [options]
 * @returns {Promise<Python>}
 * @example
 * const py = await loadPython({ stdout: (text) => console.log(text) });
 * await py.run("import threading; t = threading.Thread(target=print, args=['hello']); t.start(); t.join()");
 * await py.close();
 */
export async function loadPython(options = {}) {
  const taken = checkLoadOptions(options);
  const host = await currentHost();
  host.checkSupport();
  const { hostFolders = [], loadTimeout = DEFAULT_LOAD_TIMEOUT_MS } = taken;
  const resolved = host.resolveFolders(hostFolders.map(({ hostPath }) => hostPath));
  const letEnd = host.stayAlive();
  const giveUp = new AbortController();
  const distribution = host.openDistribution(taken.indexURL);
  const missing = missingFiles(distribution);
  const late = () => {
    const [seen, cure] = missing.size
      ? [`${[...missing].join(", ")} did not arrive`, "slow connections"]
      : ["Python is still starting", "slow machines"];
    const text = `not ready after ${loadTimeout} ms: ${seen}. Raise loadTimeout for ${cure}.`;
    giveUp.abort(new LoadError(`heddle: loadPython(): ${text}`));
  };
  const timer = loadTimeout <= MAX_TIMER_MS ? setTimeout(late, loadTimeout) : undefined;
  try {
    const grant = host.grantFolders(resolved);
    return await untilAborted(giveUp.signal, start(host, distribution, taken, grant, giveUp.signal));
  } finally {
    clearTimeout(timer);
    letEnd();
  }
}

/**
 * @param {import("./host/host.js").Host} host
 * @param {import("./host/host.js").Distribution} distribution
 * @param {LoadOptions} options
 * @param {import("./host/host.js").FolderGrant | undefined} grant of options.hostFolders, in their order
 * @param {AbortSignal} signal
 */
async function start(host, distribution, options, grant, signal) {
  const { stdout, stderr, stdin, args = [], env = {}, hostFolders = [], threads = {} } = options;
  const max = Math.min(threads.max ?? Threads.limit, Threads.mostLimit);
  const warm = Math.min(threads.warm ?? Threads.warm, max); // no more than can be used
  const decoder = new StreamDecoder();
  const print = [
    stdout ?? ((/** @type {string} */ text) => host.print(1, text)),
    stderr ?? ((/** @type {string} */ text) => host.print(2, text)),
  ];
  /** @type {string[]} the last writes to stderr before Python was ready: the reason if it never is */
  const lastWords = [];

  /** @type {import("./module/python-module.js").ModuleSettings} */
  const settings = {
    host,
    distribution,
    grant,
    env: { ...DEFAULT_ENV, ...env },
    program: "python3.13",
    workers: 1 + warm, // one for the main thread
    onEvent(event) {
      streams.handle(event);
      if (event === HostEvent.reply) session.receive();
    },
    onExit(exitCode) {
      streams.drain();
      end(new PythonExitError(exitCode, `it exited with code ${exitCode}`));
    },
    onCrash(what, cause) {
      streams.drain();
      end(new PythonExitError(128 + Signal.SIGABRT, `${what}: ${cause.message}`, { cause }));
    },
    onMessage: (text) => void callSafely(() => print[1](`${text}\n`, 0)),
  };
  /** @type {import("./console/console.js").ConsoleUser} */
  const user = {
    write({ stream, thread, bytes }) {
      const text = decoder.decode(stream, thread, bytes);
      if (text === "") return;
      if (stream === 2 && lastWords.push(text) > 20) lastWords.shift();
      return callSafely(() => print[stream - 1](text, thread));
    },
    read: () => readLine(stdin), // no prompt: stdin is no terminal here, so Python prints it
  };
  const { module, session, files, streams } = await createModule(settings, (module) => ({
    module,
    session: new Session(module),
    files: new FilesExports(module),
    streams: new Console(host, module, user),
  }));

  /** @param {Error} error */
  function end(error) {
    session.end(error);
    void module.dispose();
  }

  try {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => end(signal.reason));
    makeFolders(files, "/home/user");
    for (const [path, content] of Object.entries(options.files ?? {})) placeFile(files, path, content);
    for (const [i, folder] of (grant?.folders ?? []).entries()) {
      const { path } = hostFolders[i];
      const result = files.mountHost(path, folder);
      if (result === 0) continue;
      throw new OptionError(`heddle: loadPython(): ${mountRefusal(folder.path, path, result)}`);
    }
    module.setThreads({ warm, max }); // worker-pool.js tells the stages of warming
    // -u: until heddle_streams.py takes the streams over, which show whole lines at once. -c "": everything
    // after it is the program's.
    module.start(["--heddle-session", "-u", "-c", "", ...args]);
    const version = await session.ready;
    module.keepSpareWorkers(1);
    const { timeout, grace } = options;
    return new Python({ host, module, session, files, console: streams, version, timeout, grace });
  } catch (error) {
    await module.dispose();
    if (!(error instanceof PythonExitError)) throw error;
    const said = lastWords.join("").trim();
    throw new LoadError(
      `heddle: loadPython(): Python ended before it was ready: ${error.reason}.${said && ` It said: ${said}`}`,
      { cause: error },
    );
  }
}

/**
 * The names of the files that have not arrived; they leave the set as they come.
 * @param {import("./host/host.js").Distribution} distribution
 */
function missingFiles({ createPython, wasmModule, stdlib }) {
  const files = { "python.mjs": createPython, "python.wasm": wasmModule, "stdlib.zip": stdlib };
  const missing = new Set(Object.keys(files));
  for (const [name, file] of Object.entries(files)) {
    const arrived = () => missing.delete(name);
    file.then(arrived, arrived);
  }
  return missing;
}

/** @param {LoadOptions["stdin"]} stdin */
async function readLine(stdin) {
  if (!stdin) return null;
  try {
    const line = await stdin();
    if (line === null || line === undefined) return null;
    if (typeof line === "string") return new TextEncoder().encode(line.endsWith("\n") ? line : `${line}\n`);
    throw new TypeError(
      `heddle: loadPython(): stdin gave a value of type ${typeof line}. ` +
        "Give the line as a string, or null at the end of the input.",
    );
  } catch (error) {
    rethrowLater(error);
    return null;
  }
}

/**
 * @param {() => any} callback the user's
 * @returns {void | Promise<void>} a promise, which never rejects, only if the callback gave one
 */
function callSafely(callback) {
  try {
    const result = callback();
    if (typeof result?.then === "function") return Promise.resolve(result).catch(rethrowLater);
  } catch (error) {
    rethrowLater(error);
  }
}

/**
 * An error in the embedder's own callback is the embedder's to see, as an uncaught one; the console
 * goes on.
 * @param {unknown} error
 */
function rethrowLater(error) {
  setTimeout(() => {
    throw error;
  });
}
