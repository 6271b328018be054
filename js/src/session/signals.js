// Signals to Python as a whole, whatever it runs.
// SPDX-License-Identifier: MIT
// @ts-check

/** @typedef {import("../module/python-module.js").PythonModule} PythonModule */

/** SIGINT, which Python turns into KeyboardInterrupt. python.wasm numbers signals as Linux does. */
export const SIGINT = 2;

/**
 * @param {PythonModule} module
 * @param {number} signum
 * @returns {boolean} false: no such signal, or Python has ended
 * @example
 * postSignal(module, SIGINT);
 */
export function postSignal(module, signum) {
  return module.alive?.call("heddle_signal_post", signum) === 0;
}

/**
 * What Python does about a signal at this moment.
 * @param {PythonModule} module
 * @param {number} signum
 * @returns {"default" | "ignored" | "handled"}
 * @example
 * if (signalAction(module, SIGINT) === "default") process.exit(130);
 */
export function signalAction(module, signum) {
  const action = module.alive?.call("heddle_session_signal_action", signum) ?? 0;
  return action === 0 ? "default" : action === 1 ? "ignored" : "handled";
}
