// Runs forged.py in one case, and says how the run ended and what became of this process.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   node forged-embedder.js CASE

import { readFileSync } from "node:fs";
import { loadPython } from "../../js/src/index.js";

const program = readFileSync(new URL("forged.py", import.meta.url), "utf8");
/** @type {string[]} */
const uncaught = [];
process.on("uncaughtException", (error) => uncaught.push(String(error.stack)));
process.on("unhandledRejection", (error) => uncaught.push(String(error)));

const py = await loadPython({ args: [process.argv[2]], stdout() {}, stderr() {} });
const end = await py.run(program, { timeout: 5000, grace: 1000 }).then(
  () => "ended",
  (error) => error.name,
);
const { exitCode } = process;
await py.close();
await new Promise((resolve) => setTimeout(resolve, 50));
const polluted = Object.keys(Object.prototype).length > 0;
console.log(JSON.stringify({ end, exitCode, later: process.exitCode, uncaught, polluted }));
