// The table of interrupts: how soon each blocking call ends, or its handler runs, after a signal.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   npm run bench -- interrupt [--tries N] [--seed N] [--strict]
//
// The calls and all checks are those of tests/js/session/interrupt-table.js; README.md tells the method.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COLUMNS, InterruptTable } from "../tests/js/session/interrupt-table.js";
import { chosenSeed } from "../tests/js/random.js";
import { projectRoot } from "../tests/python/interpreters.js";
import { machineLine } from "./machine.js";
import { humanTime, quantile } from "./statistics.js";

const TRIES = 200;
/** Thrown away: they load code, and give compilers their chance. */
const WARM_UP_TRIES = 3;

const GOAL = { medianS: 0.005, worstS: 0.1 };

/**
 * Measures and prints the table; the samples go to build/interrupts.json.
 * @param {string[]} argv
 * @returns {Promise<number>} the exit code: 1 when a call did something wrong or, with --strict, missed the goal
 */
export async function main(argv) {
  const { tries, seed, strict } = parseArguments(argv);
  const machine = machineLine();
  /** @type {string[]} */
  const missed = [];
  /** @type {Record<string, Record<string, number[]>>} seconds, by title of row and column */
  const samples = {};
  let problems = 0;
  let table = await InterruptTable.open(seed, process.env.HEDDLE_DIST);
  console.log(`| call | ${COLUMNS.map(({ title }) => title).join(" | ")} |\n| --- | --- | --- | --- |`);
  for (const row of table.rows) {
    const cells = [];
    samples[row.title] = {};
    for (const column of COLUMNS) {
      const where = `${row.title}, ${column.title}`;
      if (process.stderr.isTTY) process.stderr.write(`\r${where.padEnd(78)}\r`);
      try {
        const seconds = await samplesOf(table, row, column, tries);
        samples[row.title][column.title] = seconds;
        const [median, worst] = [quantile(seconds, 0.5), Math.max(...seconds)];
        // In this form a NaN misses it too.
        if (!(median < GOAL.medianS && worst < GOAL.worstS)) missed.push(where);
        cells.push(`${humanTime(median)}, ${humanTime(worst)}`);
      } catch (error) {
        problems += 1;
        cells.push("failed");
        console.error(`\nbench: ${where}: ${error instanceof Error ? error.message : error}`);
        await table.close();
        table = await InterruptTable.open(seed, process.env.HEDDLE_DIST);
      }
    }
    console.log(`| ${row.title} | ${cells.join(" | ")} |`);
  }
  await table.close();
  console.log(`\nMedian, worst of ${tries} tries. ${machine}, seed ${seed}.`);
  const goal = `median below ${humanTime(GOAL.medianS)}, worst below ${humanTime(GOAL.worstS)}`;
  console.log(
    `Goal, ${goal}: ${missed.length ? `missed by ${missed.join("; ")}` : "met"}${problems ? `; ${problems} failed` : ""}.`,
  );
  mkdirSync(join(projectRoot, "build"), { recursive: true });
  writeFileSync(
    join(projectRoot, "build/interrupts.json"),
    `${JSON.stringify({ machine, seed, unit: "s", samples }, null, 1)}\n`,
  );
  return problems || (strict && missed.length) ? 1 : 0;
}

/**
 * @param {InterruptTable} table
 * @param {import("../tests/js/session/interrupt-table.js").Row} row
 * @param {import("../tests/js/session/interrupt-table.js").Column} column
 * @param {number} tries
 */
async function samplesOf(table, row, column, tries) {
  const seconds = [];
  for (let i = 0; i < WARM_UP_TRIES + tries; i++) {
    const ms = await table.attempt(row, column);
    // The two clocks agree to some microseconds, so that a sample of none may seem to end before it began.
    if (i >= WARM_UP_TRIES) seconds.push(Math.max(0, ms / 1000));
  }
  return seconds;
}

/** @param {string[]} argv */
function parseArguments(argv) {
  const options = { tries: TRIES, seed: chosenSeed(), strict: false };
  for (let i = 0; i < argv.length; i++) {
    const option = argv[i];
    if (option === "--strict") options.strict = true;
    else if (option === "--tries" || option === "--seed") {
      const value = Number(argv[++i]);
      if (!Number.isInteger(value) || value < 1)
        throw new Error(`${option} ${argv[i] ?? ""}: give a number above 0`);
      options[option === "--tries" ? "tries" : "seed"] = value;
    } else {
      throw new Error(`unknown option ${option}; the table of interrupts knows --tries, --seed, --strict`);
    }
  }
  return options;
}
