// The host interface in a page: web workers, files by fetch().
// SPDX-License-Identifier: MIT
// @ts-check

import { LoadError, UnsupportedHostError } from "./errors.js";

/** @type {Map<string, Promise<WebAssembly.Module>>} */
const modules = new Map();

/** @type {["", "", ""]} what has no line end yet, by stream */
const unfinishedLines = ["", "", ""];

/** @type {import("./host.js").Host} */
export const browserHost = {
  checkSupport() {
    if (typeof WebAssembly !== "object" || typeof Worker !== "function") {
      throw new UnsupportedHostError(
        "heddle: loadPython(): this browser has no WebAssembly or no workers. Use a current one.",
      );
    }
    if (!globalThis.crossOriginIsolated || typeof SharedArrayBuffer !== "function") {
      throw new UnsupportedHostError(
        "heddle: loadPython(): this page is not cross-origin isolated, so it has no shared memory, which threads need. " +
          "Serve it over https (or from localhost) with these two headers: " +
          "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.",
      );
    }
  },

  openDistribution(location) {
    const base = new URL(
      location ?? new URL("../../build/wasm-release/dist/", import.meta.url),
      document.baseURI,
    );
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    const workerURL = new URL("python.mjs", base).href;
    return {
      workerURL,
      wasmModule: compiled(new URL("python.wasm", base)),
      stdlib: fetched(new URL("stdlib.zip", base)).then(async (it) => new Uint8Array(await it.arrayBuffer())),
      createPython: import(/* webpackIgnore: true */ /* @vite-ignore */ workerURL).then(
        (glue) => glue.default,
        (error) => Promise.reject(unreadable(workerURL, error)),
      ),
    };
  },

  createWorker(url, onFailure) {
    // The name is how Emscripten's glue knows that it runs in a worker of its own.
    const worker = new Worker(url, { type: "module", name: "em-pthread-heddle" });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      onFailure(new Error(event.message || `cannot load ${url}`, { cause: event.error }));
    });
    return /** @type {any} */ (worker);
  },

  async terminateWorker(worker) {
    /** @type {Worker} */ (/** @type {unknown} */ (worker)).terminate();
  },

  stayAlive() {
    return () => {}; // a page stays
  },

  rememberExitCode() {
    return () => {}; // a page has none
  },

  print(stream, text) {
    const lines = (unfinishedLines[stream] + text).split("\n");
    unfinishedLines[stream] = /** @type {""} */ (lines.pop() ?? "");
    for (const line of lines) (stream === 1 ? console.log : console.error)(line);
  },

  resolveFolder(path) {
    throw new LoadError(
      `heddle: loadPython(): hostFolders names ${path}, but a page has no folders. Use files or py.fs.`,
    );
  },
};

/** @param {URL} url */
function compiled(url) {
  let module = modules.get(url.href);
  if (!module) {
    module = compile(url);
    modules.set(url.href, module);
    module.catch(() => modules.delete(url.href));
  }
  return module;
}

/** @param {URL} url */
async function compile(url) {
  const response = await fetched(url);
  try {
    // Servers that send another type than application/wasm are met by compiling the bytes.
    const streams = response.headers.get("Content-Type") === "application/wasm";
    return await (streams
      ? WebAssembly.compileStreaming(response)
      : WebAssembly.compile(await response.arrayBuffer()));
  } catch (cause) {
    throw new LoadError(`heddle: loadPython(): ${url} is no whole WebAssembly module.`, { cause });
  }
}

/** @param {URL} url */
async function fetched(url) {
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw unreadable(url.href, error);
  }
  if (!response.ok) throw unreadable(url.href, new Error(`HTTP ${response.status}`));
  return response;
}

/**
 * @param {string} url
 * @param {any} cause
 */
function unreadable(url, cause) {
  return new LoadError(
    `heddle: loadPython(): cannot load ${url}: ${cause?.message}. ` +
      "indexURL must name the folder with python.mjs, python.wasm and stdlib.zip.",
    { cause },
  );
}
