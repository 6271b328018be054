// The host interface in Node: worker_threads, and the build's own files from the disk.
// SPDX-License-Identifier: MIT
// @ts-check

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { setEnvironmentData, Worker } from "node:worker_threads";

import { filesIn, packagedFiles } from "../distribution.js";
import { brokenModule, LoadError, OptionError, unreadableFile } from "../errors.js";
import { grantFolders } from "./folder-grant.js";
import { kept } from "./kept.js";

/** @typedef {import("./host.js").CarrierWorker} CarrierWorker */

// C recursion in Python needs native stack: V8's 4 MB default ends at a few thousand wasm frames.
// Only the part that is touched takes memory.
const STACK_MB = 64;

/**
 * Compiled modules by URL, so that a second loadPython() compiles nothing.
 * @type {Map<string, Promise<WebAssembly.Module>>}
 */
const modules = new Map();

/** Workers that were told to end: their "exit" is no failure. @type {WeakSet<object>} */
const told = new WeakSet();

// Where a worker finds its files (wasm/host/imports.js).
const FILES_KEY = "heddle files";

/** @type {import("./host.js").Host} */
export const nodeHost = {
  checkSupport() {
    // Every Node that meets "engines" has shared memory and workers.
  },

  openDistribution(location) {
    const { glue, wasm, stdlib, stdlibRest, stdlibSources } = distributionURLs(location);
    const workerURL = glue.href;
    return {
      workerURL: Promise.resolve(workerURL),
      wasmModule: kept(modules, wasm, compile),
      stdlib: read(stdlib),
      fetchStdlibRest: () => read(stdlibRest),
      fetchStdlibSources: () => read(stdlibSources),
      createPython: import(workerURL).then(
        (glue) => glue.default,
        (error) => Promise.reject(unreadableFile(workerURL, error.message, error)),
      ),
    };
  },

  createWorker(url, onFailure, files) {
    setEnvironmentData(FILES_KEY, files?.lent);
    const worker = new Worker(new URL(url), {
      name: "heddle",
      // How Emscripten's glue knows that it runs in a worker of its own.
      workerData: "em-pthread",
      resourceLimits: { stackSizeMb: STACK_MB },
      // Descriptors that a thread opens are the whole program's.
      trackUnmanagedFds: false,
      execArgv: [],
      env: {},
    });
    setEnvironmentData(FILES_KEY, undefined); // for no worker of the embedder's
    // A worker's first listener for messages makes it keep the program alive again, and the glue adds
    // its own later: so there is one before unref().
    worker.on("message", () => {});
    worker.unref();
    // stayAlive() says whether the program goes on, not Emscripten.
    worker.ref = () => {};
    /** @type {Error | undefined} */
    let failure;
    worker.on("error", (error) => {
      failure = error?.message ? error : new Error("it threw what is no error"); // or one that cannot be copied
    });
    worker.on("exit", (code) => {
      if (told.has(worker)) return;
      onFailure(failure ?? new Error(`the worker ended with code ${code}`));
    });
    return /** @type {any} */ (worker);
  },

  async terminateWorker(worker) {
    told.add(worker);
    const letEnd = nodeHost.stayAlive(); // the caller waits for this, and must get to know it
    await /** @type {Worker} */ (/** @type {unknown} */ (worker)).terminate();
    letEnd();
  },

  nextTask() {
    return new Promise((resolve) => void setImmediate(resolve));
  },

  every(ms, act) {
    const timer = setInterval(act, ms);
    timer.unref();
    return () => clearInterval(timer);
  },

  stayAlive() {
    const timer = setInterval(() => {}, 2 ** 30);
    return () => clearInterval(timer);
  },

  print(stream, text) {
    (stream === 1 ? process.stdout : process.stderr).write(text);
  },

  resolveFolders(paths) {
    const folders = paths.map(resolveFolder);
    for (const [i, inner] of folders.entries()) {
      const j = folders.findIndex(
        (outer, j) => j !== i && (inner + sep).startsWith(outer.endsWith(sep) ? outer : outer + sep),
      );
      if (j < 0) continue;
      const where = folders[j] === inner ? "the same folder as" : "a folder in";
      throw new OptionError(
        `heddle: loadPython(): hostFolders[${i}].hostPath is ${paths[i]}, ${where} hostFolders[${j}].hostPath, ` +
          `${paths[j]}. Give only one of them.`,
      );
    }
    return folders;
  },

  grantFolders,
};

/** @param {string} path */
function resolveFolder(path) {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path); // the mount will say what it lacks
  }
}

/** The folder of python.mjs, python.wasm and the rest. Throws a LoadError if there is none. */
export function distributionFolder() {
  return dirname(fileURLToPath(distributionURLs().wasm));
}

/**
 * Where the files of a build are.
 * @param {string | URL} [location] a folder's path or file: URL
 */
function distributionURLs(location = process.env.HEDDLE_DIST) {
  if (location) return filesIn(folderURL(location));
  const files = packagedFiles();
  if (existsSync(files.glue)) return files;
  throw new LoadError(
    `heddle: loadPython(): there is no ${fileURLToPath(files.glue)}. ` +
      "In a clone of the project `npm start` builds it; elsewhere install the package again.",
  );
}

/** @param {string | URL} location */
function folderURL(location) {
  const text = String(location);
  return text.startsWith("file:") ? new URL(text) : pathToFileURL(resolve(text));
}

/** @param {URL} url */
async function compile(url) {
  const bytes = await read(url);
  try {
    return await WebAssembly.compile(/** @type {BufferSource} */ (bytes));
  } catch (cause) {
    throw brokenModule(url, cause);
  }
}

/**
 * Reads at once: in pieces, between the making of workers, eight megabytes take 50 ms instead of 3.
 * @param {URL} url
 */
async function read(url) {
  try {
    return new Uint8Array(readFileSync(url));
  } catch (error) {
    throw unreadableFile(url, /** @type {Error} */ (error).message, error);
  }
}
