// Whether each function that CPython calls by pointer has the type that it is called by.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   node tests/slots/check.js
//
// Needs the build for tests (python_for_tests). It sees what can be imported there: a type that a function makes only
// when it is called, and a pointer in no table of slots (a capsule's destructor, say), it does not.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { tableTypes } from "./wasm-types.js";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const DIST = join(PROJECT, "build/wasm-release/dist-for-tests");

const types = tableTypes(readFileSync(join(DIST, "python.wasm")));
const slots = list();
const wrong = mismatches(slots);
const known = mismatches(list("wrong")).filter((text) => text.includes("_heddle_slots.Wrong"));
assert.equal(known.length, 1, "the check does not see a slot that is wrong");
for (const text of wrong) console.log(text);
console.log(`# ${slots.length} functions of types and modules, ${wrong.length} of a wrong type`);
assert.equal(
  wrong.length,
  0,
  "these would trap when they are called. Mend each in wasm/cpython/mended/, which says how",
);

/**
 * @param {...string} args
 * @returns {[owner: string, slot: string, index: number, type: string][]}
 */
function list(...args) {
  const program = fileURLToPath(new URL("list.py", import.meta.url));
  const text = execFileSync(process.execPath, [join(PROJECT, "js/bin/heddle.js"), program, ...args], {
    env: { ...process.env, HEDDLE_DIST: DIST },
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 120_000,
  });
  return JSON.parse(/** @type {string} */ (text.trim().split("\n").pop()));
}

/** @param {[owner: string, slot: string, index: number, type: string][]} slots */
function mismatches(slots) {
  const texts = slots
    .filter(([, , index, type]) => types.get(index) !== type)
    .map(([owner, slot, index, type]) => `${owner}: ${slot} is ${types.get(index)}, and called as ${type}`);
  return [...new Set(texts)].sort();
}
