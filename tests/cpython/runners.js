// What runs one of CPython's test modules: a process for each, or a page for each.
// SPDX-License-Identifier: MIT
// @ts-check

import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportEvents, run, tail } from "../python/interpreters.js";
import { serveChildren } from "./child-processes.js";
import { openPageInterpreter, PAGE_LIB } from "./page-interpreter.js";

const DEFAULT_DEADLINE_S = 600;
// So long before the deadline a run that is not done says where its threads are.
const TELL_BEFORE_S = 10;

/**
 * @typedef {{ match?: string[], pretend?: string[], stub?: string[], children?: boolean,
 *   asIs?: boolean, deadlineS?: number }} ModuleOptions
 * @typedef {import("../python/interpreters.js").Outcome} Outcome
 * @typedef {{ id: string, outcome: string, detail: string, seconds: number }} Result
 * @typedef {{ module: string, results: Result[], trouble?: string, seconds: number }} ModuleRun
 */

/**
 * report.py's arguments.
 * @param {string} libFolder @param {string} module @param {ModuleOptions} options @param {number} deadlineS
 */
function reportArguments(
  libFolder,
  module,
  { match = [], pretend = [], stub = [], asIs = false },
  deadlineS,
) {
  return [
    asIs ? "-" : libFolder,
    module,
    "--tell-after",
    String(Math.max(deadlineS - TELL_BEFORE_S, deadlineS / 2)),
    ...(asIs ? ["--as-is"] : []),
    ...match.flatMap((pattern) => ["--match", pattern]),
    ...pretend.flatMap((name) => ["--pretend", name]),
    ...stub.flatMap((name) => ["--stub", name]),
  ];
}

/**
 * @typedef {object} Runner what runs report.py for a module
 * @property {(module: string, options: ModuleOptions, deadlineS: number) => Promise<Outcome>} run
 * @property {() => Promise<void>} close
 */

/**
 * Each module in a process of its own.
 * @param {import("../python/interpreters.js").Interpreter} interpreter @param {string} libFolder
 * @param {"node" | "wasmtime"} host of child interpreters
 * @returns {Runner}
 */
export function processRunner(interpreter, libFolder, host) {
  return {
    async run(module, options, deadlineS) {
      const sharedFolder =
        options.children && interpreter.name === "heddle"
          ? realpathSync(mkdtempSync(join(tmpdir(), "heddle-test-")))
          : undefined;
      const args = [
        "tests/cpython/report.py",
        ...reportArguments(libFolder, module, options, deadlineS),
        ...(sharedFolder ? ["--children", sharedFolder] : []),
      ];
      const outcome = await run(interpreter, args, {
        deadlineS,
        converse: sharedFolder
          ? (child) => serveChildren(child, { libFolder, sharedFolder, host })
          : undefined,
      });
      if (sharedFolder) rmSync(sharedFolder, { recursive: true, force: true });
      return outcome;
    },
    async close() {},
  };
}

/**
 * Each module in a page of its own, where no child interpreters can be had.
 * @param {import("../browser/support.js").BrowserName} browser @param {string} libFolder
 * @returns {Promise<Runner>}
 */
export async function pageRunner(browser, libFolder) {
  const pages = await openPageInterpreter(browser, libFolder);
  return {
    run: (module, options, deadlineS) =>
      pages.run(module, reportArguments(PAGE_LIB, module, options, deadlineS), deadlineS),
    close: () => pages.close(),
  };
}

/** A test's id below its module: some modules take tests from other ones. @param {string} module @param {string} id */
function ofModule(module, id) {
  return id === module || id.startsWith(`${module}.`) ? id : `${module}.${id}`;
}

/**
 * @param {Runner} runner @param {string} module @param {ModuleOptions} options
 * @returns {Promise<ModuleRun>}
 */
export async function runModule(runner, module, options) {
  const deadlineS = options.deadlineS ?? DEFAULT_DEADLINE_S;
  const outcome = await runner.run(module, options, deadlineS);
  const events = reportEvents(outcome.stdout);
  const reported = events.filter(({ event }) => event === "result");
  const results = reported.map((result) => ({ ...result, id: ofModule(module, result.id) }));
  /** @type {ModuleRun} */
  const moduleRun = { module, results, seconds: outcome.seconds };
  if (!events.some(({ event }) => event === "done")) {
    const ended = new Set(reported.map(({ id }) => id));
    const running = events.filter(({ event, id }) => event === "start" && !ended.has(id)).map(({ id }) => id);
    const failedBefore = events.filter(({ event, id }) => event === "subtest" && running.includes(id));
    const what = outcome.timedOut ? `no end within ${deadlineS} s` : `died with exit code ${outcome.code}`;
    const output = outcome.stdout
      .split("\n")
      .filter((line) => line && !line.startsWith("@heddle-test "))
      .join("\n");
    moduleRun.trouble =
      `${what}, ${results.length} tests done, running: ${running.join(", ") || "none"}\n` +
      failedBefore
        .map(({ outcome, detail }) => `  ${outcome} before that in ${tail(detail).trimStart()}\n`)
        .join("") +
      `  stderr:\n${tail(outcome.stderr)}\n  stdout:\n${tail(output)}`;
  }
  return moduleRun;
}
