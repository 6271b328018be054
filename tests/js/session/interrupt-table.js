// The table of interrupts: tries each blocking call of tests/python/interrupts, and signals from the host.
// SPDX-License-Identifier: MIT
// @ts-check
//
// Shared by interrupt-table.test.js (few tries, no limit of time) and bench/interrupts.js.

import { readdirSync, readFileSync } from "node:fs";

import { loadPython } from "../../../js/src/index.js";
import { randomFrom } from "../random.js";
import { until, within } from "../support.js";

const ROWS_FOLDER = new URL("../../python/interrupts/", import.meta.url);

/** What happens when the signal comes: the table's columns. */
export const COLUMNS = Object.freeze([
  { name: "raises", title: "handler raises", signum: 10 },
  { name: "returns", title: "handler returns", signum: 10 },
  { name: "none", title: "KeyboardInterrupt from the host", signum: 2 },
]);

/** @typedef {typeof COLUMNS[number]} Column */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {string} title
 * @property {boolean} sleeps
 * @property {"input" | "output" | null} console
 */

// How long output stays held after a signal whose handler returns, so that print() has to go on.
const HELD_MS = 5;
// How often a call with a limit may be over before a busy machine lets us see that it waits.
const MISSES = 20;
// At most so long after the call began to wait the signal comes.
const RANDOM_MS = 2;

// A line of its own for the host; it may come in one piece with what was printed before and after it.
const REQUEST = /(\ue000[^\n]*\n)/;

const SET_UP = `
import json, sys
import interrupts

class HostStage:
    """The session's own console; the host understands lines that begin with \\ue000."""

    def feed(self, line):
        sys.stdout.write(f"\\ue000feed {line}")

    def release(self):
        pass  # the host does it by itself: it could not hear of it

    def text(self):
        sys.stdout.write("\\ue000text\\n")
        input()
        with open("/tmp/printed", encoding="utf-8", newline="") as printed:
            return printed.read()

    def close(self):
        pass

interrupts.stage.stage_type = HostStage
interrupts.attempt.SHORT_S = 0.06  # the host needs a moment to see that the call waits
json.dumps([dict(name=name, title=row.title, sleeps=row.sleeps, console=row.console)
            for name, row in interrupts.ROWS.items()])
`;

/** One Python in which the rows are tried. */
export class InterruptTable {
  #py;
  #console;
  #random;
  /** Python's perf_counter() minus our clock, in milliseconds. */
  #clockOffset = 0;

  /** @type {Row[]} */
  rows = [];

  /**
   * @param {import("../../../js/src/index.js").Python} py
   * @param {HostConsole} console
   * @param {number} seed
   */
  constructor(py, console, seed) {
    this.#py = py;
    this.#console = console;
    this.#random = randomFrom(seed);
  }

  /**
   * @param {number} seed of the moments at which signals come
   * @param {string} [indexURL]
   */
  static async open(seed, indexURL) {
    const console = new HostConsole();
    const py = await loadPython({
      indexURL,
      files: rowFiles(),
      stdout: (text) => console.print(text),
      stdin: () => console.readLine(),
    });
    console.writeFile = (path, text) => py.fs.writeFile(path, text);
    const table = new InterruptTable(py, console, seed);
    table.rows = JSON.parse(await py.run(SET_UP));
    await table.#compareClocks();
    return table;
  }

  /**
   * One try: makes the call, sends the signal once it waits, and checks everything.
   * @param {Row} row
   * @param {Column} column
   * @returns {Promise<number>} milliseconds from interrupt() until the handler ran ("returns"), its
   *   exception came out of the call ("raises"), or run() had rejected ("none")
   */
  async attempt(row, column) {
    for (let i = 0; i < MISSES; i++) {
      const latency = await this.#attempt(row, column);
      if (latency !== undefined) return latency;
    }
    throw new Error(`${row.title} had ended, ${MISSES} times, before it was seen to wait`);
  }

  /**
   * @param {Row} row
   * @param {Column} column
   * @returns {Promise<number | undefined>} undefined: its time was over before we saw that it waits
   */
  async #attempt(row, column) {
    const py = this.#py;
    this.#console.begin();
    const holds = row.console === "output" && row.sleeps;
    await this.#run(`attempt = interrupts.Attempt("${row.name}", "${column.name}")`);
    if (holds) this.#console.hold();
    let ended = false;
    const call = py
      .run("attempt.go()")
      .then(
        () => undefined,
        (error) => ({ error, at: performance.now() }),
      )
      .finally(() => (ended = true));
    await until(py, () => ended || this.#isInTheCall(row.sleeps));
    await pause(this.#random() * RANDOM_MS);
    if (ended) {
      await this.#run("attempt.close()");
      return undefined;
    }
    const posted = performance.now();
    py.interrupt(column.signum);
    if (holds && column.name === "returns") setTimeout(() => this.#console.release(), HELD_MS);
    const rejected = await within(py, call);
    this.#console.release();
    if (rejected && !(column.name === "none" && rejected.error.type === "KeyboardInterrupt"))
      throw rejected.error;
    if (!rejected && column.name === "none")
      throw new Error(`${row.title}: run() gave a value after the interrupt; it should have rejected`);
    const moment = await this.#run("attempt.check()");
    if (rejected) return rejected.at - posted;
    return moment * 1000 - this.#clockOffset - posted;
  }

  close() {
    return this.#py.close();
  }

  /**
   * Whether the main thread is inside the row's call, and has slept in it for a moment.
   * @param {boolean} sleeps
   */
  #isInTheCall(sleeps) {
    if (!this.#py.stacks()[0].frames.some(({ name }) => name.endsWith(".block"))) return false;
    const { waitingOn, since } = this.#py.threads()[0];
    // "interpreter" is what SimpleQueue sleeps in, and, for a short time, every wait for the GIL.
    return !sleeps || (waitingOn !== null && since >= (waitingOn.kind === "interpreter" ? 10 : 1));
  }

  async #compareClocks() {
    await this.#run("import time");
    // Python's clock counts from the epoch too, so the difference is timeOrigin, to a microsecond or
    // so; unless the system's clock was set after this process began. Messages give bounds.
    let [least, most] = [-Infinity, Infinity];
    for (let i = 0; i < 30; i++) {
      const before = performance.now();
      const theirs = 1000 * (await this.#run("time.perf_counter()"));
      least = Math.max(least, theirs - performance.now());
      most = Math.min(most, theirs - before);
    }
    this.#clockOffset = Math.min(Math.max(performance.timeOrigin, least), most);
  }

  /** @param {string} code */
  #run(code) {
    return within(this.#py, this.#py.run(code));
  }
}

/** The package of rows, where Python's own folder is. */
function rowFiles() {
  const names = readdirSync(ROWS_FOLDER).filter((name) => name.endsWith(".py"));
  return Object.fromEntries(
    names.map((name) => [`/home/user/interrupts/${name}`, readFileSync(new URL(name, ROWS_FOLDER), "utf8")]),
  );
}

/** The session's console: keeps what is printed, and answers what HostStage asks for. */
class HostConsole {
  #text = "";
  /** @type {string[]} */
  #lines = [];
  /** @type {((line: string) => void) | undefined} */
  #reader;
  /** @type {Promise<void> | undefined} */
  #held;
  #release = () => {};

  /** @type {(path: string, text: string) => Promise<void>} */
  writeFile = async () => {};

  begin() {
    this.#text = "";
  }

  /** From now on nothing is taken from Python, until release(). */
  hold() {
    this.#held = new Promise((resolve) => (this.#release = resolve));
  }

  release() {
    this.#held = undefined;
    this.#release();
  }

  /** @param {string} piece what was printed, with requests of HostStage's in it */
  print(piece) {
    for (const part of piece.split(REQUEST)) {
      if (!part.startsWith("\ue000")) this.#text += part;
      else if (part === "\ue000text\n") {
        void this.writeFile("/tmp/printed", this.#text).then(() => this.#feed("written\n"));
      } else this.#feed(part.slice("\ue000feed ".length));
    }
    return this.#held;
  }

  /** @returns {Promise<string>} */
  readLine() {
    const line = this.#lines.shift();
    return line === undefined ? new Promise((resolve) => (this.#reader = resolve)) : Promise.resolve(line);
  }

  /** @param {string} line */
  #feed(line) {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader) reader(line);
    else this.#lines.push(line);
  }
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
