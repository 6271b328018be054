// The host interface in a page: what it must have, and how it takes turns, prints and stays.
// SPDX-License-Identifier: MIT
// @ts-check

import { LoadError, UnsupportedHostError } from "../errors.js";
import { openDistribution } from "./browser-files.js";
import { createWorker, terminateWorker } from "./browser-workers.js";

const HEADERS = "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp";

/** A module with one function, which calls itself in tail position. */
const TAIL_CALL = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 6, 1, 4, 0, 0x12, 0, 0x0b,
]);

/** @type {["", "", ""]} what has no line end yet, by stream */
const unfinishedLines = ["", "", ""];

/** @type {import("./host.js").Host} */
export const browserHost = {
  openDistribution,
  createWorker,
  terminateWorker,

  checkSupport() {
    if (typeof WebAssembly !== "object" || typeof Worker !== "function") {
      throw unsupported("this browser has no WebAssembly or no workers. Use a current one.");
    }
    if (globalThis.isSecureContext === false) {
      throw unsupported(
        "this page came over http, where browsers share no memory, which threads need. " +
          `Serve it over https (or from localhost), with the headers ${HEADERS}.`,
      );
    }
    if (!globalThis.crossOriginIsolated) {
      throw unsupported(
        "this page is not cross-origin isolated, so it has no shared memory, which threads need. " +
          `Serve it with the headers ${HEADERS}; in a frame, the page around it too, and with ` +
          'allow="cross-origin-isolated". A server that cannot send them: isolation-worker.js, see docs/browser.md.',
      );
    }
    if (typeof SharedArrayBuffer !== "function" || !sharesMemory()) {
      throw unsupported(
        "this browser has no SharedArrayBuffer, or WebAssembly cannot use it, and threads need it. " +
          "Use a current browser, and look whether a setting or an extension takes it away.",
      );
    }
    if (!WebAssembly.validate(TAIL_CALL)) {
      throw unsupported(
        "this browser's WebAssembly has no tail calls, which Python's interpreter is made of. " +
          "Use a current one (Chrome 112, Firefox 121, or later).",
      );
    }
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

  print(stream, text) {
    const lines = (unfinishedLines[stream] + text).split("\n");
    unfinishedLines[stream] = /** @type {""} */ (lines.pop() ?? "");
    for (const line of lines) (stream === 1 ? console.log : console.error)(line);
  },

  resolveFolders([path]) {
    if (path === undefined) return [];
    throw new LoadError(
      `heddle: loadPython(): hostFolders names ${path}, but a page has no folders. Use files or py.fs.`,
    );
  },

  grantFolders: () => undefined, // resolveFolders() has let none through
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
