// The options of loadPython(), run() and interrupt(), and what each of them takes.
// SPDX-License-Identifier: MIT
// @ts-check

import * as checks from "./checks.js";
import { OptionError } from "./errors.js";
import { MAX_SIGNAL } from "./module/host-layout.js";

/** @typedef {import("./checks.js").Check} Check */

/** @type {Check} */
function checkEnv(value, name) {
  const variables = checks.checkRecord(value, name);
  for (const [variable, text] of Object.entries(variables)) {
    checks.checkText(variable, `${name}'s name`);
    if (variable === "" || variable.includes("=")) {
      const seen = JSON.stringify(variable);
      throw new OptionError(
        `heddle: ${name}'s name is ${seen}. Give a name without "=", and not an empty one.`,
      );
    }
    if (text !== undefined) checks.checkText(text, `${name}.${variable}`); // undefined: without this default
  }
  return variables;
}

/** @type {Check} Gives copies of bytes: they are placed when the caller has gone on. */
function checkFiles(value, name) {
  const files = checks.checkRecord(value, name);
  for (const [path, content] of Object.entries(files)) {
    checks.checkAbsolutePath(path, `${name}: the path`);
    files[path] = checks.checkContent(content, `${name}[${JSON.stringify(path)}]`).slice();
  }
  return files;
}

/** @type {Check} As Node's own functions take paths: a relative one begins at the process's current folder. */
function checkHostPath(value, name) {
  checks.checkText(value, name);
  if (value === "") throw new OptionError(`heddle: ${name} is empty. Give a folder of the disk.`);
  return value;
}

const HOST_FOLDER = { path: checks.checkAbsolutePath, hostPath: checkHostPath };

/** @type {Check} */
function checkHostFolder(value, name) {
  const folder = checks.checkOptions(name, value, HOST_FOLDER);
  for (const [key, check] of Object.entries(HOST_FOLDER)) check(folder[key], `${name}.${key}`); // none is left out
  if (!/^\/+$/.test(folder.path)) return folder;
  throw new OptionError(
    `heddle: ${name}.path is "${folder.path}", which cannot be a mount. Give a folder in it.`,
  );
}

/** @type {Check} */
function checkHostFolders(value, name) {
  const folders = checks.checkList(checkHostFolder)(value, name);
  /** @type {string[]} */
  const paths = folders.map((/** @type {{path: string}} */ { path }) => `${path.replace(/\/+$/, "")}/`);
  for (const [i, inner] of paths.entries()) {
    const j = paths.findIndex((outer, j) => j !== i && inner.startsWith(outer));
    if (j < 0) continue;
    throw new OptionError(
      `heddle: ${name}[${i}].path is ${folders[i].path}, which lies in ${name}[${j}].path, ${folders[j].path}. ` +
        "Give each folder a place of its own.",
    );
  }
  return folders;
}

/** @type {Check} */
function checkURL(value, name) {
  // A URL may come from another frame.
  return checks.checkText(
    value instanceof URL || typeof value?.href === "string" ? String(value) : value,
    name,
  );
}

/** @type {Check} */
function checkSignal(value, name) {
  const methods = [value?.addEventListener, value?.throwIfAborted]; // it may come from another frame
  if (methods.every((method) => typeof method === "function")) return value;
  throw checks.refusal(name, value, "Give an AbortSignal, such as a controller's signal.");
}

/** @type {Record<keyof import("./load-python.js").LoadOptions, Check>} */
const LOAD = {
  stdout: checks.checkFunction,
  stderr: checks.checkFunction,
  stdin: checks.checkFunction,
  args: checks.checkList(checks.checkText),
  env: checkEnv,
  files: checkFiles,
  hostFolders: checkHostFolders,
  threads: (value, name) =>
    checks.checkOptions(name, value, { warm: checks.checkCount, max: checks.checkCount }),
  timeout: checks.checkDelay,
  grace: checks.checkDelay,
  loadTimeout: checks.checkDelay,
  indexURL: checkURL,
};

/** @type {Record<keyof import("./python.js").RunOptions, Check>} */
const RUN = {
  filename: checks.checkString, // Python itself refuses a NUL
  timeout: checks.checkDelay,
  signal: checkSignal,
  grace: checks.checkDelay,
  globals: checks.checkRecord,
};

/**
 * @param {unknown} options
 * @returns {import("./load-python.js").LoadOptions} a copy
 * @example
 * checkLoadOptions({ stdOut() {} }); // OptionError: heddle: loadPython(): stdOut is no option. …
 */
export function checkLoadOptions(options) {
  return checks.checkOptions("loadPython(): options", options, LOAD, "loadPython(): ");
}

/**
 * @param {unknown} code
 * @param {unknown} options
 * @returns {import("./python.js").RunOptions} a copy
 * @example
 * checkRun("1 + 1", { timeout: -1 }); // OptionError: heddle: run(): timeout is -1. …
 */
export function checkRun(code, options) {
  if (typeof code !== "string") throw checks.refusal("run(): code", code, "Pass the program as a string.");
  return checks.checkOptions("run(): options", options, RUN, "run(): ");
}

/**
 * @param {unknown} signum
 * @param {unknown} options
 * @returns {{grace?: number}} a copy
 * @example
 * checkInterrupt(65, {}); // OptionError: heddle: interrupt(65): no such signal. …
 */
export function checkInterrupt(signum, options) {
  if (typeof signum !== "number") {
    throw checks.refusal("interrupt(): signum", signum, `Give a number from 1 to ${MAX_SIGNAL}.`);
  }
  if (!Number.isInteger(signum) || signum < 1 || signum > MAX_SIGNAL) {
    throw new OptionError(`heddle: interrupt(${signum}): no such signal. Signals are 1 to ${MAX_SIGNAL}.`);
  }
  return checks.checkOptions("interrupt(): options", options, { grace: checks.checkDelay }, "interrupt(): ");
}
