// How a program ended, and what it raised, in the playground's words.
// SPDX-License-Identifier: MIT
// @ts-check

import { MAIN } from "./files.js";

/**
 * @param {import("./engine.js").Ending} ending
 * @returns {{status: string, note?: string}} a line for everybody, and one that goes below the output
 * @example
 * describeEnding({ how: "finished", seconds: 2 }); // { status: "Finished in 2.00 s" }
 */
export function describeEnding({ how, seconds, error, threadsLeft = 0 }) {
  const time = formatSeconds(seconds);
  const left = threadsLeft === 1 ? "1 thread was" : `${threadsLeft} threads were`;
  const frame = error && ownFrame(error);
  switch (how) {
    case "finished": {
      const status = `Finished in ${time}`;
      return threadsLeft ? { status, note: `(${left} ended with the program)` } : { status };
    }
    case "raised":
      return { status: frame ? `${error.type} in line ${frame.line}` : error.type };
    case "stopped": {
      const place = frame ? ` at ${frame.filename}:${frame.line}` : "";
      const rest = threadsLeft ? `; ${left} ended` : "";
      return { status: `Stopped after ${time}`, note: `Stopped${place}${rest}.` };
    }
    case "died": {
      const reason = error.message.replace(/ Call loadPython.*$/, "");
      return {
        status: "Python ended; a fresh one is there",
        note: `${reason} A fresh Python is there; files were kept.`,
      };
    }
    case "closed":
      return {
        status: `Python was closed after ${time}; a fresh one is there`,
        note: "Python was closed while the program ran; a fresh one is there. Files were kept.",
      };
  }
}

/**
 * An error in one line, without the place that the messages of syntax errors end with.
 * @param {any} error
 */
export function describeError({ type, message }) {
  const text = message.split("\n")[0].replace(/ \([^()]*, line \d+\)$/, "");
  return text ? `${type}: ${text}` : type;
}

/**
 * Where the program's own code was when it raised.
 * @param {any} error
 * @returns {{filename: string, line: number} | undefined}
 */
export function ownFrame(error) {
  return error.frames?.findLast((/** @type {any} */ frame) => frame.filename === MAIN);
}

/**
 * @param {number} seconds
 * @example
 * formatSeconds(75); // "1 min 15 s"
 */
export function formatSeconds(seconds) {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
