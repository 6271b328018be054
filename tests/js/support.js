// For tests that need a real build: its place, a Python to test, a command to run.
// SPDX-License-Identifier: MIT
// @ts-check

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

import { loadPython } from "../../js/src/index.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Where python.wasm is. */
export const DIST = process.env.HEDDLE_DIST ?? join(ROOT, "dist");

/** The command line's program. */
export const HEDDLE = join(ROOT, "js/bin/heddle.js");

/** Where the command runs python.wasm: HEDDLE_TEST_HOST, node by default. @type {string[]} */
export const HOST = process.env.HEDDLE_TEST_HOST ? [`--host=${process.env.HEDDLE_TEST_HOST}`] : [];

// Generous: other work may have the processors.
const DEADLINE_MS = 60_000;

/** Why tests that need python.wasm are skipped, or false. */
export const noBuild = existsSync(join(DIST, "python.mjs"))
  ? false
  : `no python.mjs in ${DIST}: run \`npm run build\`, or set HEDDLE_DIST`;

/**
 * The state of every thread, and its place in the code.
 * @param {import("../../js/src/index.js").Python} py
 */
const allThreads = (py) =>
  py.closed ? "none, it has ended" : JSON.stringify({ threads: py.threads(), stacks: py.stacks() });

/**
 * Starts a Python for one test, closed at its end. When the test takes too long, it says what the
 * threads do and closes Python at once, so that the test's promises reject.
 * @param {import("node:test").TestContext} t
 * @param {import("../../js/src/load-python.js").LoadOptions} [options]
 */
export async function testPython(t, options) {
  const py = await loadPython({ indexURL: DIST, ...options });
  const watchdog = setTimeout(() => {
    console.error(`${t.name}: not done after ${DEADLINE_MS} ms; threads: ${allThreads(py)}`);
    void py.close();
  }, DEADLINE_MS);
  t.after(() => {
    clearTimeout(watchdog);
    return py.close();
  });
  return py;
}

/**
 * The promise's result; when it takes too long, an error that shows what Python's threads do.
 * @template T
 * @param {import("../../js/src/index.js").Python} py
 * @param {Promise<T>} promise
 * @param {number} [ms]
 * @returns {Promise<T>}
 */
export async function within(py, promise, ms = DEADLINE_MS) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms} ms; threads: ${allThreads(py)}`)), ms);
  });
  try {
    return /** @type {T} */ (await Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits until the condition holds.
 * @param {import("../../js/src/index.js").Python} py
 * @param {() => boolean} condition
 */
export async function until(py, condition) {
  const poll = async () => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await within(py, poll());
}

/** A folder that is gone after the tests of the file. */
export function temporaryFolder() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "heddle-test-")));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Writes a file in a folder.
 * @param {string} folder
 * @param {string} name
 * @param {string} text
 * @returns {string} its path
 */
export function writeIn(folder, name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/**
 * @typedef {object} Finished
 * @property {number | null} code
 * @property {string} stdout
 * @property {string} stderr
 */

/** A `heddle` command in a process of its own. */
export class HeddleProcess {
  stdout = "";
  stderr = "";
  /** It has ended, and everything that it printed is here. */
  #isOver = false;

  /**
   * @param {string[]} args
   * @param {{cwd?: string, env?: Record<string, string>, input?: string | Uint8Array}} [options] without
   *   input, stdin stays open until it is ended by the test
   */
  constructor(args, { cwd, env, input } = {}) {
    this.child = spawn(process.execPath, [HEDDLE, ...HOST, ...args], {
      cwd,
      env: { ...process.env, HEDDLE_DIST: DIST, HOME: tmpdir(), ...env },
      stdio: "pipe",
    });
    this.child.stdout.setEncoding("utf8").on("data", (text) => (this.stdout += text));
    this.child.stderr.setEncoding("utf8").on("data", (text) => (this.stderr += text));
    this.child.stdin.on("error", () => {}); // it may end before it has read everything
    if (input !== undefined) this.child.stdin.end(input);
    // From the start: it may end before somebody waits for that.
    this.exited = once(this.child, "exit");
    this.closed = once(this.child, "close");
    this.child.on("close", () => (this.#isOver = true));
  }

  /** The exit code, as soon as there is one: output may not be read to its end. */
  async exitCode() {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), DEADLINE_MS);
    const [code] = await this.exited;
    clearTimeout(timer);
    this.child.stdout.destroy();
    return code;
  }

  /** @returns {Promise<Finished>} */
  async finish() {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), DEADLINE_MS);
    const [code, signal] = await this.closed;
    clearTimeout(timer);
    if (signal === "SIGKILL")
      throw new Error(`not done after ${DEADLINE_MS} ms; stdout: ${this.stdout}; stderr: ${this.stderr}`);
    return { code, stdout: this.stdout, stderr: this.stderr };
  }

  /**
   * Waits until it has printed this.
   * @param {string} text
   * @param {"stdout" | "stderr"} [stream]
   */
  async prints(text, stream = "stdout") {
    const limit = performance.now() + DEADLINE_MS;
    while (!this[stream].includes(text)) {
      if (performance.now() > limit || this.#isOver) {
        this.child.kill("SIGKILL");
        throw new Error(
          `never printed ${JSON.stringify(text)}; stdout: ${this.stdout}; stderr: ${this.stderr}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/**
 * Runs `heddle` to its end, by default with an empty stdin.
 * @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string>, input?: string | Uint8Array}} [options]
 */
export function heddle(args, options) {
  return new HeddleProcess(args, { input: "", ...options }).finish();
}
