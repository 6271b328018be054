// The benchmarks' table: medians, ratios, means, and what stands where there are no samples.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { test } from "node:test";

import { ROWS } from "../../bench/rows.js";
import { cell } from "../../bench/statistics.js";
import { Results } from "../../bench/table.js";

const SUBJECTS = [
  { name: "heddle", title: "Heddle" },
  { name: "other", title: "Other" },
];

/** @param {string[]} names */
const rowsNamed = (...names) => ROWS.filter(({ name }) => names.includes(name));

test("a cell has the median, the spread and the number of samples, in a fitting unit", () => {
  assert.equal(cell([0.001, 0.002, 0.003], "s"), "2 ms ± 500 µs (3)");
  assert.equal(cell([3e-8], "s"), "30 ns (1)");
  assert.equal(cell([1.9], "×"), "1.9× (1)");
});

test("a ratio is Heddle's median over the other's", () => {
  const results = new Results(rowsNamed("fib"), SUBJECTS);
  results.of("fib", "heddle").samples.push(1, 2, 9);
  results.of("fib", "other").samples.push(4);
  assert.equal(results.ratio("fib", "other"), 0.5);
  assert.match(results.markdown(), /\| fib\(27\) \| 2 s ± 2 s \(3\) \| 4 s \(1\) \| 0\.5× \|/);
});

test("a row without samples says why", () => {
  const results = new Results(rowsNamed("start_join", "hand_over"), SUBJECTS);
  results.of("start_join", "heddle").samples.push(1);
  results.of("start_join", "other").instead = "cannot";
  const [, , join, handOver] = results.markdown().split("\n");
  assert.match(join, /\| 1 s \(1\) \| cannot \| — \|$/);
  assert.match(handOver, /\| — \| — \| — \|$/);
});

test("the geometric mean is that of the programs which every column has", () => {
  const names = ["pyperformance_chaos", "pyperformance_float", "pyperformance_go"];
  const results = new Results(rowsNamed(...names), SUBJECTS);
  for (const [i, name] of names.entries()) results.of(name, "heddle").samples.push([2, 8, 1000][i]);
  for (const [i, name] of names.slice(0, 2).entries()) results.of(name, "other").samples.push([1, 1][i]);
  const mean = results.meanRow();
  assert.equal(mean?.count, 2);
  assert.ok(Math.abs(mean.means[0] - 4) < 1e-9, `${mean.means}`);
  assert.ok(Math.abs(mean.ratios[0] - 4) < 1e-9, `${mean.ratios}`);
  assert.match(results.markdown(), /geometric mean of 2 \| 4 s \| 1 s \| 4× \|$/);
});
