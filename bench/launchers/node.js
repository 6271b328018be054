// Runs a program in a session under Node: node node.js heddle|pyodide [FILE...] -- PROGRAM [ARG...]
// SPDX-License-Identifier: MIT
// @ts-check

import { writeSync } from "node:fs";
import { bundle } from "./bundle.js";
import { runProgram } from "./run-program.js";

const [interpreter, ...rest] = process.argv.slice(2);
const { open } = await import(`./${interpreter}.js`);
// Synchronous, because pyodide lets no event be handled while Python runs.
const printer = {
  stdout: (/** @type {string} */ text) => void writeSync(1, text),
  stderr: (/** @type {string} */ text) => void writeSync(2, text),
};
process.exit(await runProgram(open, bundle(rest), printer));
