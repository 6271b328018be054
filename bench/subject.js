// What is compared: an interpreter on a host, which runs a row's program.
// SPDX-License-Identifier: MIT
// @ts-check

/** No run takes longer; one that would is a failure. */
export const RUN_DEADLINE_S = 180;

/** After a program's "@memory" line, which it follows by a longer sleep. */
export const READ_MEMORY_AFTER_MS = 700;

/**
 * @typedef {object} Subject
 * @property {string} name
 * @property {string} title what the table calls it
 * @property {(row: import("./rows.js").Row) => Promise<import("./rows.js").Outcome>} run
 *   rejects when the program fails, or has not ended after RUN_DEADLINE_S
 * @property {() => Promise<void>} close
 */
