// What the page remembers between visits, in this browser only.
// SPDX-License-Identifier: MIT
// @ts-check

const KEY = "heddle-playground";

/**
 * @typedef {object} Settings
 * @property {string} [code] main.py
 * @property {"light" | "dark"} [theme] undefined: as the system says
 * @property {boolean} [colours] of threads, in the output
 * @property {Record<string, number>} [splits] the panes' shares, in per cent
 */

/** @type {Settings} */
const settings = read();

/** @returns {Settings} */
function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {}; // storage is off, or somebody else's
  }
}

/**
 * @template {keyof Settings} K
 * @param {K} name
 * @returns {Settings[K]}
 * @example
 * const code = recall("code");
 */
export function recall(name) {
  return settings[name];
}

/**
 * @template {keyof Settings} K
 * @param {K} name
 * @param {Settings[K]} value
 * @example
 * remember("theme", "dark");
 */
export function remember(name, value) {
  settings[name] = value;
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Storage is off or full: the page works without.
  }
}
