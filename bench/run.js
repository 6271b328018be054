// Measures Heddle and its peers in turns, and prints one Markdown table for each host.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   npm run bench -- [--host node|chromium|firefox|wasmtime] [--only NAME] [--rounds N] [--json FILE] [NAME ...]
//   npm run bench -- --against CLONE [...]      in Node: this clone's Heddle and that one's, before and after a change
//   npm run bench -- interrupt [--tries N] [--seed N] [--strict]     the table of interrupts.js instead
//
// A NAME is a part of a row's name. README.md tells the method. The samples go to build/bench.json.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../tests/python/interpreters.js";
import { clones, HOSTS, subjectsOf } from "./hosts.js";
import { machineLine } from "./machine.js";
import { installPyperformance } from "./peers.js";
import { ROWS } from "./rows.js";
import { Results } from "./table.js";

/** What an interpreter without threads says. */
const NO_THREADS = "can't start new thread";

/** @param {string[]} args */
function parseArguments(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      host: { type: "string", multiple: true, default: ["node"] },
      only: { type: "string", multiple: true, default: [] },
      against: { type: "string" },
      rounds: { type: "string", default: "3" },
      json: { type: "string", default: join(projectRoot, "build/bench.json") },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds ${values.rounds}: give a number above 0`);
  const unknown = values.host.find((host) => !HOSTS.includes(host));
  if (unknown !== undefined) throw new Error(`--host ${unknown}: there are ${HOSTS.join(", ")}`);
  const names = [...values.only, ...positionals];
  const rows = ROWS.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
  if (rows.length === 0)
    throw new Error(`no row has such a name; there are ${ROWS.map(({ name }) => name).join(", ")}`);
  if (values.against && values.host.some((host) => host !== "node"))
    throw new Error("--against compares in Node only: leave --host out");
  return { hosts: values.host, rows, rounds, json: values.json, against: values.against };
}

/**
 * @param {string} host
 * @param {import("./rows.js").Row[]} rows
 * @param {number} rounds
 * @param {string | undefined} against another clone, instead of the peers
 * @param {(problem: string) => void} complain
 */
async function measure(host, rows, rounds, against, complain) {
  const subjects = against ? clones(against) : await subjectsOf(host, complain);
  const results = new Results(rows, subjects);
  try {
    for (let round = 0; round < rounds; round++) {
      // In turns, and in the other order every second time, so that none always has the warmer machine.
      const order = round % 2 ? [...subjects].reverse() : subjects;
      for (const row of rows.filter(({ once }) => round === 0 || !once)) {
        progress(`${host}, round ${round + 1} of ${rounds}: ${row.name}`);
        for (let repeat = 0; repeat < row.repeats; repeat++) {
          for (const subject of order) {
            const result = results.of(row.name, subject.name);
            if (result.instead) continue;
            try {
              result.samples.push(...(await row.samples(await subject.run(row))));
            } catch (error) {
              const text = error instanceof Error ? error.message : String(error);
              result.instead = text.includes(NO_THREADS) ? "cannot" : "failed";
              if (result.instead === "failed") complain(`${row.name}, ${host}, ${subject.name}: ${text}`);
            }
          }
        }
      }
    }
  } finally {
    progress("");
    await Promise.all(subjects.map((subject) => subject.close()));
  }
  return results;
}

/** @param {string} text */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(72)}\r`);
}

/** @param {string[]} argv */
async function main(argv) {
  const { hosts, rows: selected, rounds, json, against } = parseArguments(argv);
  let problems = 0;
  const complain = (/** @type {string} */ problem) => {
    problems += 1;
    console.error(`bench: ${problem}`);
  };
  let rows = selected;
  try {
    if (rows.some(({ program }) => program === "pyperformance")) installPyperformance();
  } catch (error) {
    complain(`no pyperformance, its rows are left out: ${error instanceof Error ? error.message : error}`);
    rows = rows.filter(({ program }) => program !== "pyperformance");
  }
  const machine = machineLine();
  /** @type {Record<string, object>} */
  const measured = {};
  for (const host of hosts) {
    const inPages = host === "chromium" || host === "firefox";
    const results = await measure(
      host,
      rows.filter((row) => (inPages ? !row.onFiles : !row.inPages)),
      rounds,
      against,
      complain,
    );
    measured[host] = results.json();
    console.log(`Heddle's host: ${host}\n\n${results.markdown()}\n`);
  }
  console.log(`Median ± half the interquartile range (samples), ${rounds} rounds in turns. ${machine}.`);
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(json, `${JSON.stringify({ machine, rounds, hosts: measured }, null, 1)}\n`);
  return problems ? 1 : 0;
}

try {
  const [first, ...rest] = process.argv.slice(2);
  const interrupts = first === "interrupt";
  process.exitCode = interrupts
    ? await (await import("./interrupts.js")).main(rest)
    : await main(process.argv.slice(2));
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
