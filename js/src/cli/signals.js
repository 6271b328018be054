// Signals of this process, passed on to Python.
// SPDX-License-Identifier: MIT
// @ts-check

import { Signal, SignalAction } from "../module/host-layout.js";

/** @typedef {import("../module/python-module.js").PythonModule} PythonModule */

const { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 } = Signal;

/** Those that Python may get. @type {Record<string, number>} */
export const FORWARDED = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 };

const HARD_COUNT = 3;
const HARD_WITHIN_MS = 2000;

/**
 * Posts signals to Python. One that Python leaves to its default action ends this process as it would
 * end python. Three SIGINTs within two seconds do so too, however Python handles them.
 * @param {Pick<PythonModule, "postSignal" | "signalAction">} module
 * @param {() => void} onSignal called after each
 * @returns {{interrupt: () => void}} interrupt() acts as a Ctrl-C that was read as a key
 * @example
 * forwardSignals(module, () => {});
 */
export function forwardSignals(module, onSignal) {
  /** @type {number[]} times of the last SIGINTs */
  let interrupts = [];

  /** @param {number} signum */
  function forward(signum) {
    if (signum === SIGINT) {
      const now = performance.now();
      interrupts = [...interrupts.filter((time) => now - time < HARD_WITHIN_MS), now];
      if (interrupts.length >= HARD_COUNT) process.exit(128 + SIGINT);
    }
    if (module.signalAction(signum) === SignalAction.default) process.exit(128 + signum);
    module.postSignal(signum);
    onSignal();
  }

  for (const [name, signum] of Object.entries(FORWARDED)) process.on(name, () => forward(signum));
  return { interrupt: () => forward(SIGINT) };
}
