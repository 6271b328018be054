// Workers in a browser: made from a blob, and seen to be alive.
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
//   document stands in line for it.

import { UnsupportedHostError } from "../errors.js";

/**
 * What each worker runs first. Messages that come before it holds the lock have to wait: a thread may not
 * give the worker's event loop another turn for as long as it runs.
 */
export const WORKER_PRELUDE = `
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

/** Workers that were told to end: that they are gone is no failure. @type {WeakSet<object>} */
const told = new WeakSet();

/**
 * Makes a worker that runs a blob's script, which browser-files.js has made: see Host.
 * @type {import("./host.js").Host["createWorker"]}
 */
export function createWorker(url, onFailure) {
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
    throw new UnsupportedHostError(
      "heddle: loadPython(): this browser has no module workers. Use a current one.",
    );
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
}

/**
 * Tells the browser to end it: see Host.
 * @type {import("./host.js").Host["terminateWorker"]}
 */
export async function terminateWorker(worker) {
  told.add(worker);
  /** @type {Worker} */ (/** @type {unknown} */ (worker)).terminate();
}
