// The page's side of the browser tests: what a case gets as its first argument.
// SPDX-License-Identifier: MIT
// @ts-check

import * as heddle from "../../js/src/index.js";

/** @typedef {import("../../js/src/index.js").Python} Python */

/** What the cases of this page have started. @type {Set<Python>} */
const started = new Set();

export { heddle };

/**
 * loadPython(), remembered so that threads() can tell what it does.
 * @param {import("../../js/src/load-python.js").LoadOptions} [options]
 */
export async function loadPython(options) {
  const py = await heddle.loadPython(options);
  started.add(py);
  return py;
}

/** @type {Promise<Python> | undefined} */
let kept;

/**
 * The same Python in each case of this page.
 * @param {import("../../js/src/load-python.js").LoadOptions} [options] for the first time
 */
export function keptPython(options) {
  return (kept ??= loadPython(options));
}

/** Closes what loadPython() has loaded. It stays remembered: a closed Python holds no memory. */
export async function closeAll() {
  await Promise.all([...started].map((py) => py.close()));
}

/** Resolves after a second, in which a browser that can be told to collects its garbage. */
export async function collectGarbage() {
  for (let i = 0; i < 2; i++) {
    /** @type {any} */ (globalThis).gc?.(); // Chromium with --expose-gc
    await sleep(500);
  }
}

/** What each Python of this page is doing, for a test that takes too long. */
export function threads() {
  return [...started].map((py) => (py.closed ? "closed" : py.threads()));
}

/**
 * What the promise rejects with, in a form that reaches the test.
 * @param {Promise<any>} promise
 */
export async function rejection(promise) {
  const began = performance.now();
  try {
    await promise;
  } catch (error) {
    const { name, message, cause } = /** @type {Error} */ (error);
    return { name, message, cause: cause && String(cause), ms: performance.now() - began };
  }
  throw new Error("it should have been rejected");
}

/** @param {number} ms */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Waits until the condition holds; the test's deadline ends it otherwise.
 * @param {() => boolean} condition
 */
export async function until(condition) {
  while (!condition()) await sleep(5);
}

/** All workers that the page makes from now on, in order. */
export function catchWorkers() {
  /** @type {(Worker & {name: string})[]} */
  const caught = [];
  globalThis.Worker = class extends Worker {
    /** @param {ConstructorParameters<typeof Worker>} args */
    constructor(...args) {
      super(...args);
      this.name = args[1]?.name ?? "";
      caught.push(this);
    }
  };
  return caught;
}

/**
 * Waits until Heddle would notice the end of each of these workers, or has noticed that all have ended.
 * It stands in line for a lock that the worker holds.
 * @param {{name: string}[]} workers more of them may be added meanwhile
 * @param {boolean} watched
 */
export async function untilWatched(workers, watched) {
  for (;;) {
    const { held = [], pending = [] } = await navigator.locks.query();
    const names = new Set([...(watched ? [] : held), ...pending].map(({ name }) => name));
    if (workers.every(({ name }) => names.has(name) === watched)) return;
    await sleep(20);
  }
}

/** How many frames the page has in the next second. */
export async function framesPerSecond() {
  let frames = 0;
  let on = true;
  const count = () => {
    if (!on) return;
    frames++;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  const began = performance.now();
  await sleep(1000);
  on = false;
  return (frames * 1000) / (performance.now() - began);
}

/** @param {number[]} numbers */
export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** Watches for how long the page does not come to its events; end() says it in milliseconds. */
export function longestTask() {
  let longest = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 4);
  return {
    end() {
      clearInterval(timer);
      look();
      return longest;
    },
  };
}

/**
 * Makes all further workers run this script, whatever they were to run.
 * @param {string} url
 */
export function replaceWorkerScript(url) {
  globalThis.Worker = class extends Worker {
    /**
     * @param {string | URL} _
     * @param {WorkerOptions} [options]
     */
    constructor(_, options) {
      super(url, options);
    }
  };
}

/** How many workers of this origin are alive: each holds a lock. */
export async function liveWorkers() {
  const { held = [] } = await navigator.locks.query();
  return held.filter(({ name }) => name?.startsWith("em-pthread-heddle")).length;
}
