// The host interface in a page: web workers, files by fetch().
// SPDX-License-Identifier: MIT
// @ts-check
//
// Workers from a blob
//   A worker runs the text of python.mjs from a blob: URL, after a few lines of its own. So it needs
//   no request (the network may be slow, or gone by then) and no headers, python.mjs may lie on
//   another origin, and a worker can show that it is alive.
//
// Signs of life
//   A browser tells nobody that a worker was ended from outside. But a lock of the Web Locks API is
//   free when its holder is gone, however it went: each worker holds one under its own name, and the
//   page stands in line for it.

import { filesIn, packagedFiles } from "../distribution.js";
import { brokenModule, LoadError, unreadableFile, UnsupportedHostError } from "../errors.js";

const HEADERS = "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp";

// What comes before the lock is held has to wait: a thread may not give the worker's event loop another
// turn for as long as it runs.
const WORKER_PRELUDE = `
if (navigator.locks) {
  const early = [];
  const keep = (event) => {
    event.stopImmediatePropagation();
    early.push(event.data);
  };
  const goOn = () => {
    removeEventListener("message", keep);
    for (const data of early) dispatchEvent(new MessageEvent("message", { data }));
  };
  addEventListener("message", keep);
  navigator.locks.request(self.name, () => {
    postMessage({ heddle: "alive" });
    queueMicrotask(goOn);
    return new Promise(() => {});
  }).catch(goOn);
}
`;

/** @type {Map<string, Promise<WebAssembly.Module>>} */
const modules = new Map();

/** @type {Map<string, Promise<string>>} the worker's blob: URL, by that of python.mjs */
const workerScripts = new Map();

/** A module with one function, which calls itself in tail position. */
const TAIL_CALL = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 6, 1, 4, 0, 0x12, 0, 0x0b,
]);

let failedImports = 0;

/** Workers that were told to end: that they are gone is no failure. @type {WeakSet<object>} */
const told = new WeakSet();

/** @type {["", "", ""]} what has no line end yet, by stream */
const unfinishedLines = ["", "", ""];

/** @type {import("./host.js").Host} */
export const browserHost = {
  checkSupport() {
    if (typeof WebAssembly !== "object" || typeof Worker !== "function") {
      throw unsupported("this browser has no WebAssembly or no workers. Use a current one.");
    }
    if (globalThis.isSecureContext === false) {
      throw unsupported(
        `this page came over http, where browsers share no memory, which threads need. Serve it over https (or from localhost), with the headers ${HEADERS}.`,
      );
    }
    if (!globalThis.crossOriginIsolated) {
      throw unsupported(
        `this page is not cross-origin isolated, so it has no shared memory, which threads need. Serve it with the headers ${HEADERS}; in a frame, the page around it too, and with allow="cross-origin-isolated". A server that cannot send them: isolation-worker.js, see docs/browser.md.`,
      );
    }
    if (typeof SharedArrayBuffer !== "function" || !sharesMemory()) {
      throw unsupported(
        "this browser has no SharedArrayBuffer, or WebAssembly cannot use it, and threads need it. Use a current browser, and look whether a setting or an extension takes it away.",
      );
    }
    if (!WebAssembly.validate(TAIL_CALL)) {
      throw unsupported(
        "this browser's WebAssembly has no tail calls, which Python's interpreter is made of. Use a current one (Chrome 112, Firefox 121, or later).",
      );
    }
  },

  openDistribution(location) {
    const files = location ? filesIn(new URL(location, document.baseURI)) : packagedFiles();
    const { glue, wasm, stdlib, stdlibRest } = files;
    const workerURL = kept(workerScripts, glue, workerScript);
    return {
      workerURL,
      wasmModule: kept(modules, wasm, compile),
      stdlib: read(stdlib, bytesOf),
      fetchStdlibRest: () => read(stdlibRest, bytesOf),
      createPython: importGlue(glue, workerURL),
    };
  },

  createWorker(url, onFailure) {
    let readsType = false;
    const options = {
      // The beginning is how Emscripten's glue knows that it runs in a worker of its own.
      name: `em-pthread-heddle-${crypto.randomUUID()}`,
      get type() {
        readsType = true;
        return /** @type {const} */ ("module");
      },
    };
    const worker = new Worker(url, options);
    if (!readsType) {
      worker.terminate();
      throw unsupported("this browser has no module workers. Use a current one.");
    }
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      const reason =
        event.message ||
        "its script was refused. If the page has a Content-Security-Policy, it must allow worker-src blob:";
      onFailure(new Error(reason, { cause: event.error }));
    });
    worker.addEventListener("message", function watch({ data }) {
      if (data?.heddle !== "alive") return;
      worker.removeEventListener("message", watch);
      void navigator.locks.request(options.name, () => {
        if (!told.has(worker)) onFailure(new Error("the worker was ended by something other than Heddle"));
      });
    });
    return /** @type {any} */ (worker);
  },

  async terminateWorker(worker) {
    told.add(worker);
    /** @type {Worker} */ (/** @type {unknown} */ (worker)).terminate();
  },

  nextTask() {
    // Firefox draws no frames while messages keep coming, so a page that is seen uses a timer. One
    // that is not seen has no frames, and its timers come once in a second.
    return new Promise((resolve) => {
      if (!document.hidden) return void setTimeout(resolve);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    });
  },

  every(ms, act) {
    const timer = setInterval(act, ms);
    return () => clearInterval(timer);
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

/** @param {string} what */
const unsupported = (what) => new UnsupportedHostError(`heddle: loadPython(): ${what}`);

function sharesMemory() {
  try {
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    return buffer instanceof SharedArrayBuffer;
  } catch (error) {
    return error instanceof RangeError; // there is just none left
  }
}

/**
 * What make() gives for this URL, made once; what failed is made anew.
 * @template T
 * @param {Map<string, Promise<T>>} all
 * @param {URL} url
 * @param {(url: URL) => Promise<T>} make
 */
function kept(all, url, make) {
  let made = all.get(url.href);
  if (!made) {
    made = make(url);
    all.set(url.href, made);
    made.catch(() => all.delete(url.href));
  }
  return made;
}

/**
 * @param {URL} url of python.mjs
 * @param {Promise<string>} workerURL rejects if its text cannot be had
 */
async function importGlue(url, workerURL) {
  try {
    return (await import(/* webpackIgnore: true */ /* @vite-ignore */ url.href)).default;
  } catch {
    await workerURL; // fetch() says better why it is not there
  }
  // It is there now: a page never imports again what it once failed to import, but by another name it does.
  const again = `${url.href}#${++failedImports}`;
  try {
    return (await import(/* webpackIgnore: true */ /* @vite-ignore */ again)).default;
  } catch (error) {
    throw unreadableFile(url, /** @type {Error} */ (error).message, error);
  }
}

/** @param {Response} response */
const bytesOf = async (response) => new Uint8Array(await response.arrayBuffer());

/** @param {URL} url */
async function workerScript(url) {
  const glue = await read(url, (response) => response.text());
  const parts = [WORKER_PRELUDE, glue, `\n//# sourceURL=${url}\n`];
  return URL.createObjectURL(new Blob(parts, { type: "text/javascript" }));
}

/** @param {URL} url */
function compile(url) {
  return read(url, async (response) => {
    // Servers that send another type than application/wasm are met by compiling the bytes.
    const streams = response.headers.get("Content-Type") === "application/wasm";
    try {
      return await (streams
        ? WebAssembly.compileStreaming(response)
        : WebAssembly.compile(await response.arrayBuffer()));
    } catch (error) {
      const reason = /** @type {Error} */ (error).message;
      if (!/content.security.policy|\bCSP\b/i.test(reason)) throw brokenModule(url, error);
      throw new LoadError(
        `heddle: loadPython(): the page's Content-Security-Policy forbids WebAssembly: ${reason}. Add 'wasm-unsafe-eval' to its script-src.`,
        { cause: error },
      );
    }
  });
}

/**
 * @template T
 * @param {URL} url
 * @param {(response: Response) => Promise<T>} use
 * @returns {Promise<T>}
 */
async function read(url, use) {
  try {
    const response = await fetch(url);
    if (!response.ok)
      throw unreadableFile(url, `the server answers ${response.status} ${response.statusText}`);
    if (response.headers.get("Content-Type")?.startsWith("text/html")) {
      throw unreadableFile(url, "the server answers with a web page");
    }
    return await use(response);
  } catch (error) {
    if (error instanceof LoadError) throw error;
    const text = `${/** @type {Error} */ (error).message} (no connection, or it broke, or another origin that sends no Access-Control-Allow-Origin)`;
    throw unreadableFile(url, text, error);
  }
}
