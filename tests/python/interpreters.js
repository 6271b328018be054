// Which interpreters the tests and benchmarks run, and how one is run with a deadline.
// SPDX-License-Identifier: MIT
// @ts-check
//
// Everything about paths is here. To adapt: heddle(), oracle(), cpythonTests().

import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { constants } from "node:os";
import { join, resolve } from "node:path";
import { CACHE, PROJECT, USES_HOST_TOOLS, insideToolchain } from "../../wasm/toolchain/sandbox.js";

/** The project's root folder; everything runs in it. */
export const projectRoot = PROJECT;

/** What every run finds in its environment. */
const PYTHON_ENV = { PYTHONDONTWRITEBYTECODE: "1", PYTHON_COLORS: "0" };

/**
 * @typedef {object} Interpreter
 * @property {string} name       "heddle" or "oracle"
 * @property {string[]} command  program and first arguments; Python's own arguments follow
 *
 * @typedef {object} Outcome
 * @property {string} stdout
 * @property {string} stderr
 * @property {number} code        exit code as a shell sees it: 128 + n for signal n
 * @property {boolean} timedOut   the deadline came first and the process was killed
 * @property {number} seconds
 * @property {number | undefined} firstOutputSeconds  when the first piece of stdout arrived
 */

/** @param {string} text a JSON array of strings, or words between blanks */
function words(text) {
  return text.trim().startsWith("[") ? JSON.parse(text) : text.trim().split(/\s+/);
}

/**
 * The newest folder of the cache with this prefix that holds the file; undefined where there is none.
 * @param {string} prefix
 * @param {string} file
 */
function cached(prefix, file) {
  if (!existsSync(CACHE)) return undefined;
  const folders = readdirSync(CACHE)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(CACHE, name))
    .filter((folder) => existsSync(join(folder, file)));
  return folders.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

/**
 * Heddle's command line under this Node; HEDDLE_COMMAND replaces it.
 * @param {"node" | "wasmtime"} [host]
 * @returns {Interpreter}
 */
export function heddle(host = "node") {
  const own = process.env.HEDDLE_COMMAND;
  const command = own ? words(own) : [process.execPath, join(projectRoot, "js/bin/heddle.js")];
  return { name: "heddle", command: host === "node" ? command : [...command, `--host=${host}`] };
}

/**
 * The native CPython 3.13 that the same tests run under: HEDDLE_ORACLE (a JSON array or words), else the
 * toolchain's. Throws when there is none. It does not set the toolchain up.
 * @param {string} [libFolder] shows the `test` package of this folder as the interpreter's own, so that
 *   child processes of CPython's tests find it too
 * @returns {Interpreter}
 */
export function oracle(libFolder) {
  if (process.env.HEDDLE_ORACLE) return { name: "oracle", command: words(process.env.HEDDLE_ORACLE) };
  const root = USES_HOST_TOOLS ? "" : cached("toolchain-", "usr/bin/python3.13");
  if (root === undefined) {
    throw new Error(
      `no oracle: ${CACHE} holds no toolchain with a python3.13. ` +
        "Run npm start, or set HEDDLE_ORACLE to the command of a native python3.13.",
    );
  }
  const mountTests = 'mount --bind "$1" /usr/lib/python3.13/test && shift && exec python3.13 "$@"';
  const command =
    libFolder && root ? ["sh", "-c", mountTests, "sh", join(libFolder, "test")] : ["python3.13"];
  const { file, args } = insideToolchain(root, command, { env: PYTHON_ENV });
  return { name: "oracle", command: [file, ...args] };
}

/**
 * The folder that holds CPython's `test` package (its Lib folder): HEDDLE_CPYTHON_TESTS, else the sources
 * in the cache; undefined where there is none.
 */
export function cpythonTests() {
  const named = process.env.HEDDLE_CPYTHON_TESTS;
  if (named) return resolve(named);
  const sources = cached("sources-", "python3.13/Lib/test/test_thread.py");
  return sources && join(sources, "python3.13/Lib");
}

/**
 * Runs an interpreter; kills its whole process group at the deadline.
 * @param {Interpreter} interpreter
 * @param {string[]} args
 * @param {object} options
 * @param {number} options.deadlineS
 * @param {string} [options.stdin] what it finds on its standard input
 * @param {(child: import("node:child_process").ChildProcessWithoutNullStreams) => void} [options.converse]
 *   instead: is given the process and may write to its standard input until it ends
 * @returns {Promise<Outcome>}
 */
export function run(interpreter, args, { deadlineS, stdin = "", converse }) {
  return new Promise((done, failed) => {
    const [program, ...first] = interpreter.command;
    const started = performance.now();
    const child = spawn(program, [...first, ...args], {
      cwd: projectRoot,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...PYTHON_ENV },
    });
    const sinceStart = () => (performance.now() - started) / 1000;
    let stdout = "",
      stderr = "",
      timedOut = false;
    /** @type {number | undefined} */
    let firstOutputSeconds;
    child.stdout.setEncoding("utf8").on("data", (text) => {
      firstOutputSeconds ??= sinceStart();
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.stdin.on("error", () => {}); // a program that ends without reading its input is no error
    if (converse) converse(child);
    else child.stdin.end(stdin);
    const killGroup = () => {
      try {
        process.kill(-(/** @type {number} */ (child.pid)), "SIGKILL");
      } catch {
        // already gone
      }
    };
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup();
    }, deadlineS * 1000);
    const stop = () => {
      killGroup();
      process.exit(130);
    };
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
    child.on("error", (cause) => {
      clearTimeout(timer);
      for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, stop);
      failed(new Error(`cannot run ${program}: ${cause.message}`, { cause }));
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, stop);
      const shellCode = signal ? 128 + constants.signals[signal] : (code ?? 0);
      done({ stdout, stderr, code: shellCode, timedOut, seconds: sinceStart(), firstOutputSeconds });
    });
  });
}

/** The events that json_report.py printed. @param {string} stdout */
export function reportEvents(stdout) {
  const mark = "@heddle-test ";
  const events = [];
  for (const line of stdout.split("\n")) {
    if (!line.startsWith(mark)) continue;
    try {
      events.push(JSON.parse(line.slice(mark.length)));
    } catch {
      // a line that was cut off by the end of the process
    }
  }
  return events;
}

/** The last lines of a text, indented. @param {string} text @param {number} [lines] */
export function tail(text, lines = 40) {
  const all = text.trimEnd().split("\n");
  const shown = all.length > lines ? [`… ${all.length - lines} lines before`, ...all.slice(-lines)] : all;
  return shown.map((line) => `    ${line}`).join("\n");
}
