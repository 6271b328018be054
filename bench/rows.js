// The rows of the table: which program each one runs, and what of it is the sample.
// SPDX-License-Identifier: MIT
// @ts-check

import { compressedBytes } from "./download.js";
import { PYPERFORMANCE } from "./peers.js";

/**
 * What one run of a program gave.
 * @typedef {object} Outcome
 * @property {string} stdout
 * @property {number | undefined} firstOutputSeconds since the process, or the navigation, began
 * @property {number[]} memory MiB, read at each "@memory" line
 * @property {string[]} [requested] paths that a page with empty caches asked the server for
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} title       what the table says
 * @property {string} program     a file of bench/programs, without .py
 * @property {string[]} args
 * @property {string[]} needs     files and folders that the program opens or imports
 * @property {"s" | "MiB" | "MB" | "×"} unit
 * @property {number} repeats     runs in each round, for programs that give a single sample
 * @property {boolean} once       the same in every round
 * @property {boolean} cold       with empty caches
 * @property {boolean} load       loading is what is measured: pages stay until the browser has kept what it wants
 * @property {boolean} memory     memory is read
 * @property {boolean} inPages    only pages have it
 * @property {boolean} onFiles    works on files of the machine, which pages do not have
 * @property {(outcome: Outcome) => number[] | Promise<number[]>} samples
 */

const THREADS_FOR_MEMORY = 16;

/** Of pyperformance's programs, those in pure Python that need no other package. */
const PYPERFORMANCE_PROGRAMS = [
  "chaos",
  "deltablue",
  "fannkuch",
  "float",
  "go",
  "hexiom",
  "json_dumps",
  "nbody",
  "nqueens",
  "pidigits",
  "pyflate",
  "raytrace",
  "richards",
  "scimark",
  "spectral_norm",
  "unpack_sequence",
];

/** What a program hands to report(). @param {Outcome} outcome */
function reported({ stdout }) {
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  try {
    return /** @type {number[]} */ (JSON.parse(last).samples);
  } catch (cause) {
    const text = `the last line that it printed is not report()'s: ${last.slice(0, 200) || "nothing"}`;
    throw new Error(text, { cause });
  }
}

/** @param {Outcome} outcome */
const firstOutput = ({ firstOutputSeconds }) =>
  firstOutputSeconds === undefined ? [] : [firstOutputSeconds];

/** @param {Outcome} outcome */
const idleMemory = ({ memory: [idle] }) => [idle];

/** @param {Outcome} outcome */
const memoryPerThread = ({ memory: [idle, withThreads] }) => [(withThreads - idle) / THREADS_FOR_MEMORY];

/**
 * @param {string} name also the program's, unless `rest` names another
 * @param {string} title
 * @param {Partial<Row>} [rest]
 * @returns {Row}
 */
function row(name, title, rest = {}) {
  return {
    name,
    title,
    program: name,
    args: [],
    needs: ["bench/programs/samples.py"],
    unit: "s",
    repeats: 1,
    once: false,
    cold: false,
    load: false,
    memory: false,
    inPages: false,
    onFiles: false,
    samples: reported,
    ...rest,
  };
}

const loading = { program: "start_up", needs: [], load: true, samples: firstOutput };

/** @param {"brotli" | "gzip"} coding @returns {Partial<Row>} */
const download = (coding) => ({
  ...loading,
  cold: true,
  once: true,
  inPages: true,
  unit: "MB",
  samples: async ({ requested = [] }) => {
    const bytes = await compressedBytes(requested, coding);
    return bytes ? [bytes / 1e6] : [];
  },
});

/** @type {Row[]} */
export const ROWS = [
  row("start_up", "load to first print", { ...loading, repeats: 3 }),
  row("start_up_cold", "load to first print, caches empty", { ...loading, cold: true }),
  row("download_brotli", "download, brotli (quality 11)", download("brotli")),
  row("download_gzip", "download, gzip (level 9)", download("gzip")),
  row("top_level_loop", "top-level loop, first run, 2,000,000 steps", { repeats: 2 }),
  row("fib", "fib(27)"),
  ...PYPERFORMANCE_PROGRAMS.map((name) => {
    const folder = `${PYPERFORMANCE}/bm_${name}`;
    return row(`pyperformance_${name}`, `pyperformance: ${name}`, {
      program: "pyperformance",
      args: [`${folder}/run_benchmark.py`],
      needs: ["bench/programs/samples.py", "bench/programs/pyperf.py", folder],
    });
  }),
  row("lock_acquire_release", "lock: acquire + release"),
  row("lock_with", "lock: with"),
  row("rlock_nested", "RLock: acquire + release, held"),
  row("start_join", "thread start + join, warm"),
  ...["8", "64"].map((count) =>
    row(`cold_starts_${count}`, `first ${count} threads, right after load, until all run`, {
      program: "cold_starts",
      args: [count],
      repeats: 3,
    }),
  ),
  row("hand_over", "hand-over between two threads"),
  ...["2", "4", "8"].map((count) =>
    row(`contended_lock_${count}`, `lock that ${count} threads want: one with`, {
      program: "contended_lock",
      args: [count],
    }),
  ),
  row("queue_round_trip", "queue: round trip"),
  row("queue_throughput", "queue: one item of many"),
  row("executor_map", "ThreadPoolExecutor.map: one small task"),
  ...["hashlib", "zlib"].map((name) =>
    row(`parallel_${name}`, `${name}: speed-up of 8 threads`, {
      program: "parallel",
      args: [name],
      unit: "×",
    }),
  ),
  ...Object.entries({ open: "one file opened", read: "one of 4 KiB read", list: "100 names listed" }).map(
    ([what, title]) =>
      row(`files_${what}`, `a mounted folder: ${title}`, { program: "files", args: [what], onFiles: true }),
  ),
  row("interrupt_asleep", "interrupt of a sleeping main thread", {
    program: "interrupt_latency",
    args: ["asleep"],
  }),
  row("interrupt_busy", "interrupt of a busy main thread", { program: "interrupt_latency", args: ["busy"] }),
  row("memory_idle", "memory, idle", {
    program: "memory",
    args: ["0"],
    memory: true,
    unit: "MiB",
    samples: idleMemory,
  }),
  row("memory_thread", "memory for each further thread", {
    program: "memory",
    args: [`${THREADS_FOR_MEMORY}`],
    memory: true,
    unit: "MiB",
    samples: memoryPerThread,
  }),
];

/** Rows whose geometric mean is a row too, after the last of them. */
export const MEAN = {
  name: "pyperformance_mean",
  title: "pyperformance: geometric mean",
  of: /^pyperformance_/,
};
