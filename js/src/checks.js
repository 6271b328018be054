// Checks of what users give: each throws an OptionError that names the option and says what to give.
// SPDX-License-Identifier: MIT
// @ts-check
//
// `name` is how messages call the value, with the call before it: "run(): timeout".

import { OptionError } from "./errors.js";

/** @typedef {(value: any, name: string) => void} Check */

/**
 * Checks an object of options, or one like it, and that it has no others. undefined is like leaving one out.
 * @param {string} name
 * @param {any} options
 * @param {Record<string, Check>} checks by option
 * @param {string} [prefix] what messages put before an option's own name
 * @example
 * checkOptions("run(): options", options, { timeout: checkDelay }, "run(): ");
 */
export function checkOptions(name, options, checks, prefix = `${name}.`) {
  checkRecord(options, name);
  for (const option of Object.keys(options)) {
    if (Object.hasOwn(checks, option)) continue;
    const known = Object.keys(checks).join(", ");
    throw new OptionError(`heddle: ${prefix}${option} is no option. The options are: ${known}.`);
  }
  for (const [option, check] of Object.entries(checks)) {
    if (options[option] !== undefined) check(options[option], prefix + option);
  }
}

/** @type {Check} An object that things are looked up in by name. */
export function checkRecord(value, name) {
  const fits = typeof value === "object" && value !== null;
  if (!fits || Symbol.iterator in value || value instanceof Promise)
    throw refusal(name, value, "Give an object.");
}

/** @type {Check} */
export function checkFunction(value, name) {
  if (typeof value !== "function") throw refusal(name, value, "Give a function.");
}

/** @type {Check} */
export function checkBoolean(value, name) {
  if (typeof value !== "boolean") throw refusal(name, value, "Give true or false.");
}

/** @type {Check} */
export function checkString(value, name) {
  if (typeof value !== "string") throw refusal(name, value, "Give a string.");
}

/** @type {Check} Text that C code takes: it would end at a NUL. */
export function checkText(value, name) {
  checkString(value, name);
  if (value.includes("\0")) {
    throw new OptionError(`heddle: ${name} is ${JSON.stringify(value)}. Give text without NUL characters.`);
  }
}

/** @type {Check} */
export function checkAbsolutePath(value, name) {
  checkText(value, name);
  if (value.startsWith("/")) return;
  const cure = 'Give an absolute path, such as "/home/user/data.csv".';
  throw new OptionError(`heddle: ${name} is ${JSON.stringify(value)}. ${cure}`);
}

/** @type {Check} What a file can be made of: see toBytes(). */
export function checkContent(value, name) {
  if (typeof value === "string" || ArrayBuffer.isView(value) || isBuffer(value)) return;
  throw refusal(name, value, "Give text, a Uint8Array or an ArrayBuffer.");
}

/** @type {Check} A number of milliseconds; Infinity is no limit. */
export function checkDelay(value, name) {
  if (typeof value !== "number") throw refusal(name, value, "Give a number of milliseconds.");
  if (!(value >= 0)) throw new OptionError(`heddle: ${name} is ${value}. Give milliseconds, 0 or more.`);
}

/** @type {Check} */
export function checkCount(value, name) {
  if (typeof value !== "number") throw refusal(name, value, "Give a whole number.");
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new OptionError(`heddle: ${name} is ${value}. Give a whole number, 0 or more.`);
  }
}

/**
 * A list whose items all pass.
 * @param {Check} checkItem
 * @returns {Check}
 * @example
 * checkList(checkText)(["-b", 5], "loadPython(): args"); // OptionError: … args[1] is a number …
 */
export const checkList = (checkItem) => (value, name) => {
  if (!Array.isArray(value)) throw refusal(name, value, "Give an array.");
  for (const [index, item] of value.entries()) checkItem(item, `${name}[${index}]`);
};

/**
 * @param {string} name
 * @param {unknown} value
 * @param {string} cure a sentence
 * @example
 * throw refusal("run(): code", 5, "Pass the program as a string."); // … run(): code is a number. Pass …
 */
export function refusal(name, value, cure) {
  return new OptionError(`heddle: ${name} is ${kindOf(value)}. ${cure}`);
}

/** @param {unknown} value */
function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** By its tag: it may come from another frame. @param {unknown} value */
const isBuffer = (value) => /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
