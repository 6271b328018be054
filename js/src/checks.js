// Checks of what users give: each throws an OptionError that names the option and says what to give.
// SPDX-License-Identifier: MIT
// @ts-check
//
// `name` is how messages call the value, with the call before it: "run(): timeout".
//
// A check gives what it has checked, and the caller uses that alone: a getter or a Proxy may answer otherwise the next
// time. So what is made of several values is read once, into a copy.

import { bytesOf, isBuffer } from "./bytes.js";
import { OptionError } from "./errors.js";

/** @typedef {(value: any, name: string) => any} Check */

/**
 * Checks an object of options, or one like it, and that it has no others. undefined is like leaving one out.
 * @param {string} name
 * @param {any} options
 * @param {Record<string, Check>} checks by option
 * @param {string} [prefix] what messages put before an option's own name
 * @returns {any} a copy, with the options that are not undefined
 * @example
 * const { timeout } = checkOptions("run(): options", options, { timeout: checkDelay }, "run(): ");
 */
export function checkOptions(name, options, checks, prefix = `${name}.`) {
  mustBeRecord(options, name);
  for (const option of reading(name, () => Object.keys(options))) {
    if (Object.hasOwn(checks, option)) continue;
    const known = Object.keys(checks).join(", ");
    throw new OptionError(`heddle: ${prefix}${option} is no option. The options are: ${known}.`);
  }
  /** @type {Record<string, any>} */
  const taken = {};
  for (const [option, check] of Object.entries(checks)) {
    const value = reading(prefix + option, () => options[option]);
    if (value !== undefined) taken[option] = reading(prefix + option, () => check(value, prefix + option));
  }
  return taken;
}

/**
 * What `read` gives. What a getter throws, or a Proxy, becomes the `cause` of an OptionError.
 * @template T
 * @param {string} name of what is read
 * @param {() => T} read
 * @returns {T}
 * @example
 * const path = reading("loadPython(): hostFolders[0].path", () => folder.path);
 */
export function reading(name, read) {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof OptionError) throw cause;
    const reason = cause instanceof Error ? cause.message : "it threw what is no error";
    throw new OptionError(`heddle: ${name} cannot be read: ${reason}. Give a plain value.`, { cause });
  }
}

/** @type {Check} An object that things are looked up in by name: gives a copy. */
export function checkRecord(value, name) {
  mustBeRecord(value, name);
  const keys = reading(name, () => Object.keys(value));
  return Object.fromEntries(keys.map((key) => [key, reading(`${name}.${key}`, () => value[key])]));
}

/**
 * @param {any} value of which nothing is read
 * @param {string} name
 */
function mustBeRecord(value, name) {
  const fits = typeof value === "object" && value !== null;
  if (!fits || reading(name, () => Symbol.iterator in value || value instanceof Promise))
    throw refusal(name, value, "Give an object.");
}

/** @type {Check} */
export function checkFunction(value, name) {
  if (typeof value !== "function") throw refusal(name, value, "Give a function.");
  return value;
}

/** @type {Check} */
export function checkBoolean(value, name) {
  if (typeof value !== "boolean") throw refusal(name, value, "Give true or false.");
  return value;
}

/** @type {Check} */
export function checkString(value, name) {
  if (typeof value !== "string") throw refusal(name, value, "Give a string.");
  return value;
}

/** Half of a character, which UTF-8 cannot write: it would become another one. */
export const HALF_CHARACTER = /\p{Surrogate}/u;

/** @type {Check} Text that C code takes: it would end at a NUL. */
export function checkText(value, name) {
  checkString(value, name);
  if (value.includes("\0")) {
    throw new OptionError(`heddle: ${name} is ${JSON.stringify(value)}. Give text without NUL characters.`);
  }
  if (HALF_CHARACTER.test(value)) {
    throw new OptionError(`heddle: ${name} is ${JSON.stringify(value)}. Give text without half characters.`);
  }
  return value;
}

/** @type {Check} */
export function checkAbsolutePath(value, name) {
  checkText(value, name);
  if (value.startsWith("/")) return value;
  const cure = 'Give an absolute path, such as "/home/user/data.csv".';
  throw new OptionError(`heddle: ${name} is ${JSON.stringify(value)}. ${cure}`);
}

/** @type {Check} What a file can be made of: gives text, or the bytes, which are still the caller's. */
export function checkContent(value, name) {
  if (typeof value === "string") return value;
  if (!ArrayBuffer.isView(value) && !isBuffer(value))
    throw refusal(name, value, "Give text, a Uint8Array or an ArrayBuffer.");
  return reading(name, () => bytesOf(value)); // a buffer that was transferred has none
}

/** @type {Check} A number of milliseconds; Infinity is no limit. */
export function checkDelay(value, name) {
  if (typeof value !== "number") throw refusal(name, value, "Give a number of milliseconds.");
  if (!(value >= 0)) throw new OptionError(`heddle: ${name} is ${value}. Give milliseconds, 0 or more.`);
  return value;
}

/** @type {Check} */
export function checkCount(value, name) {
  if (typeof value !== "number") throw refusal(name, value, "Give a whole number.");
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new OptionError(`heddle: ${name} is ${value}. Give a whole number, 0 or more.`);
  }
  return value;
}

/**
 * A list whose items all pass: gives a copy.
 * @param {Check} checkItem
 * @returns {Check}
 * @example
 * checkList(checkText)(["-b", 5], "loadPython(): args"); // OptionError: … args[1] is a number …
 */
export const checkList = (checkItem) => (value, name) => {
  if (!Array.isArray(value)) throw refusal(name, value, "Give an array.");
  const taken = [];
  for (let i = 0; i < value.length; i++) {
    const item = reading(`${name}[${i}]`, () => value[i]); // a hole is undefined
    taken.push(checkItem(item, `${name}[${i}]`));
  }
  return taken;
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

/**
 * @param {unknown} value
 * @example
 * kindOf([]); // "an array"
 */
export function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
