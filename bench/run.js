// Benchmarks Heddle, under Node and wasmtime, against native CPython 3.13, in turns; prints one Markdown table.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   npm run bench -- [--only NAME] [--rounds N] [--json FILE] [NAME ...]
//   npm run bench -- page ...      in a browser, see page/run.js
//   npm run bench -- interrupt [--tries N] [--seed N]     the table of interrupts.js instead
//
// A NAME is a part of a row's name. README.md tells the method. The samples go to build/bench.json.

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { heddle, oracle, projectRoot, run, tail } from "../tests/python/interpreters.js";
import { machineLine } from "./machine.js";
import { cell, summary } from "./statistics.js";

const PROGRAM_DEADLINE_S = 180;

/**
 * @typedef {object} Row
 * @property {string} name      also the name of the program below bench/programs, but for `program`
 * @property {string} title     what the table says
 * @property {number} [repeats] processes in each round, for programs that give a single sample
 * @property {string} [program]
 * @property {boolean} [cold]   without wasmtime's cache of compiled code
 * @property {boolean} [whole]  the sample is the time from making the process to its first output
 *
 * @typedef {import("../tests/python/interpreters.js").Interpreter} Interpreter
 */

/** @type {Row[]} */
const ROWS = [
  { name: "start_up", title: "start-up to first print", repeats: 3, whole: true },
  {
    name: "start_up_cold",
    title: "the same, nothing compiled before",
    program: "start_up",
    whole: true,
    cold: true,
  },
  { name: "start_join", title: "thread start + join, warm" },
  { name: "cold_starts", title: "first 8 threads until all run", repeats: 3 },
  { name: "lock_acquire_release", title: "lock: acquire + release" },
  { name: "lock_with", title: "lock: with" },
  { name: "rlock_nested", title: "RLock: acquire + release, held" },
  { name: "hand_over", title: "hand-over between two threads" },
  { name: "queue_round_trip", title: "queue round trip" },
  { name: "interrupt_latency", title: "interrupt of a sleeping main thread" },
  { name: "parallel_hash", title: "SHA-256 of 256 MB in 4 threads" },
  { name: "fib", title: "fib(27)" },
  { name: "top_level_loop", title: "top-level loop, 2,000,000 steps", repeats: 2 },
];

/**
 * The native python3.13 to compare with: HEDDLE_NATIVE_PYTHON, pyenv's, the one on PATH, the toolchain's.
 * @returns {Interpreter | undefined}
 */
function nativePython() {
  const candidates = [process.env.HEDDLE_NATIVE_PYTHON ?? ""];
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  if (existsSync(versions)) {
    for (const name of readdirSync(versions)) candidates.push(join(versions, name, "bin/python3.13"));
  }
  candidates.push("python3.13");
  for (const candidate of candidates.filter(Boolean)) {
    if (spawnSync(candidate, ["-c", ""], { stdio: "ignore" }).status === 0)
      return { name: "native", command: [candidate] };
  }
  try {
    return { ...oracle(), name: "native" };
  } catch {
    return undefined;
  }
}

/**
 * One process's samples, in seconds.
 * @param {Interpreter} interpreter
 * @param {Row} row
 * @returns {Promise<number[]>}
 */
async function samplesOf(interpreter, row) {
  const outcome = await withCache(row, () =>
    run(interpreter, [`bench/programs/${row.program ?? row.name}.py`], { deadlineS: PROGRAM_DEADLINE_S }),
  );
  const problem = outcome.timedOut
    ? `no end within ${PROGRAM_DEADLINE_S} s`
    : outcome.code
      ? `exit code ${outcome.code}`
      : "";
  if (problem)
    throw new Error(
      `${row.name} under ${interpreter.name}: ${problem}\n${tail(outcome.stderr + outcome.stdout, 12)}`,
    );
  if (row.whole) return [/** @type {number} */ (outcome.firstOutputSeconds)];
  const last = outcome.stdout.trimEnd().split("\n").at(-1) ?? "";
  return JSON.parse(last).samples;
}

/**
 * Runs `use`, for a cold row with an empty cache folder.
 * @template T
 * @param {Row} row
 * @param {() => Promise<T>} use
 */
async function withCache(row, use) {
  if (!row.cold) return use();
  const former = process.env.XDG_CACHE_HOME;
  const folder = mkdtempSync(join(tmpdir(), "heddle-bench-"));
  process.env.XDG_CACHE_HOME = folder;
  try {
    return await use();
  } finally {
    if (former === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = former;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Heddle under wasmtime, where its host has been built. @returns {Interpreter[]} */
function underWasmtime() {
  const host = process.env.HEDDLE_WASMTIME ?? join(projectRoot, "build/wasmtime/dist/heddle-wasmtime");
  return existsSync(host) ? [{ ...heddle("wasmtime"), name: "wasmtime" }] : [];
}

/** @param {string[]} argv */
function parseArguments(argv) {
  const options = {
    names: /** @type {string[]} */ ([]),
    rounds: 3,
    json: join(projectRoot, "build/bench.json"),
  };
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === "--only") options.names.push(argv[++i] ?? "");
    else if (argv[i] === "--rounds") options.rounds = Math.max(1, Number(argv[++i]) || 1);
    else if (argv[i] === "--json") options.json = argv[++i] ?? options.json;
    else if (argv[i].startsWith("-"))
      throw new Error(`unknown option ${argv[i]}; known are --only, --rounds, --json`);
    else options.names.push(argv[i]);
  }
  return options;
}

/** @param {string[]} argv */
async function main(argv) {
  const { names, rounds, json } = parseArguments(argv);
  const rows = ROWS.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
  if (rows.length === 0)
    throw new Error(`no row has such a name; there are ${ROWS.map(({ name }) => name).join(", ")}`);
  const native = nativePython();
  const interpreters = [heddle(), ...underWasmtime(), ...(native ? [native] : [])];
  const version =
    native &&
    spawnSync(native.command[0], [...native.command.slice(1), "-V"], { encoding: "utf8" }).stdout.trim();
  const machine = machineLine(`native: ${version || "none"}`);
  /** @type {Map<string, number[]>} */
  const samples = new Map();
  const problems = new Set();
  for (let round = 0; round < rounds; round++) {
    // In turns, and in the other order every second time, so that neither always has the warmer machine.
    const order = round % 2 ? [...interpreters].reverse() : interpreters;
    for (const row of rows) {
      if (process.stderr.isTTY)
        process.stderr.write(`\rround ${round + 1} of ${rounds}: ${row.name.padEnd(24)}`);
      for (let repeat = 0; repeat < (row.repeats ?? 1); repeat++) {
        for (const interpreter of order) {
          const key = `${row.name} ${interpreter.name}`;
          try {
            samples.set(key, [...(samples.get(key) ?? []), ...(await samplesOf(interpreter, row))]);
          } catch (error) {
            problems.add(error instanceof Error ? error.message : String(error));
          }
        }
      }
    }
  }
  if (process.stderr.isTTY) process.stderr.write("\r".padEnd(60) + "\r");

  const table = rows.map(({ name, title }) => {
    const ours = samples.get(`${name} heddle`) ?? [];
    const wasmtime = samples.get(`${name} wasmtime`) ?? [];
    const theirs = samples.get(`${name} native`) ?? [];
    const ratio = ours.length && theirs.length ? summary(ours).median / summary(theirs).median : undefined;
    return { name, title, ours, wasmtime, theirs, ratio };
  });
  console.log(
    "| what | Heddle | under wasmtime | native Python 3.13 | ratio |\n| --- | --- | --- | --- | --- |",
  );
  for (const { title, ours, wasmtime, theirs, ratio } of table) {
    console.log(
      `| ${title} | ${cell(ours)} | ${cell(wasmtime)} | ${cell(theirs)} | ${ratio ? `${Number(ratio.toPrecision(2))}×` : "—"} |`,
    );
  }
  console.log(
    `\nMedian ± half the interquartile range (number of samples), ${rounds} rounds in turns. ${machine}.`,
  );
  for (const problem of problems) console.error(`\nbench: ${problem}`);

  const describe = (/** @type {number[]} */ all) => (all.length ? { ...summary(all), samples: all } : null);
  const result = {
    machine,
    rounds,
    unit: "s",
    rows: table.map(({ name, title, ours, wasmtime, theirs, ratio }) => ({
      name,
      title,
      heddle: describe(ours),
      wasmtime: describe(wasmtime),
      native: describe(theirs),
      ratio,
    })),
  };
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(json, `${JSON.stringify(withRowsKept(json, result), null, 1)}\n`);
  return problems.size ? 1 : 0;
}

/**
 * With a selection of rows, the others in the file stay as they are.
 * @param {string} file
 * @param {{ rows: { name: string }[] }} result
 */
function withRowsKept(file, result) {
  if (result.rows.length === ROWS.length || !existsSync(file)) return result;
  const fresh = new Set(result.rows.map(({ name }) => name));
  const former = JSON.parse(readFileSync(file, "utf8")).rows.filter(
    (/** @type {{ name: string }} */ { name }) => !fresh.has(name),
  );
  return { ...result, rows: [...former, ...result.rows] };
}

/** What is not a selection of rows, by its first argument. @type {Record<string, (args: string[]) => Promise<number>>} */
const OTHERS = {
  interrupt: async (args) => (await import("./interrupts.js")).main(args),
  page: async (args) => (await import("./page/run.js")).main(args),
};

try {
  const [first, ...rest] = process.argv.slice(2);
  process.exitCode = await (first in OTHERS ? OTHERS[first](rest) : main(process.argv.slice(2)));
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
