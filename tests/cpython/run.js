// Runs CPython's own tests through Heddle and holds each outcome against a list of expectations.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   node tests/cpython/run.js [--host=HOST] [--all] [--oracle] [--update] [--jobs N] [--tests LIB_FOLDER]
//                             [pattern ...]
//
//   --host     node (default); wasmtime; or chromium: in its pages. The modules that modules.json names for it
//   --all      all of CPython's test modules as its own runner takes them, with whole-suite.json beside
//              expectations.json. Goes on where a run of the same python.wasm was cut short; --again begins anew
//   --oracle   run the native python3.13 instead: its failures are shown, and with --update each
//              expectation that the native run shares gets "native": true
//   --update   rewrite the outcomes in the list and keep the reasons; what is new gets
//              "reason": "TODO", and the run fails for as long as there is one
//   --tests    the folder that holds CPython's `test` package (or HEDDLE_CPYTHON_TESTS)
//   pattern    a part of a module's name: threading, asyncio
//
// expectations.js tells what a list says. A run fails for: an outcome that is not the listed one, an unlisted
// skip or failure, a listed one that now passes, an entry without a test, a module that died or ran into its
// deadline.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cpythonTests, heddle, oracle, projectRoot, tail } from "../python/interpreters.js";
import {
  belongs,
  entriesFor,
  faultsOfList,
  GOOD,
  markNative,
  readList,
  surprises,
  update,
  updateHost,
  writeList,
} from "./expectations.js";
import { pageRunner, processRunner, runModule } from "./runners.js";
import { allModules, modulesThatPass, SavedRuns } from "./whole-suite.js";

const here = join(projectRoot, "tests/cpython");

/** How each of all modules is run, where whole-suite.json says nothing else of it. */
const WHOLE = { asIs: true, children: true, pretend: ["has_socket_support"], deadlineS: 300 };

// Some tests look at what an interpreter does that is asked for nothing.
for (const name of Object.keys(process.env)) if (name.startsWith("PYTHON")) delete process.env[name];

const HOSTS = ["node", "wasmtime", "chromium"];

/**
 * @typedef {import("./runners.js").ModuleOptions} ModuleOptions
 * @typedef {import("./runners.js").ModuleRun} ModuleRun
 */

/** @param {string[]} argv */
function parseArguments(argv) {
  const options = {
    host: "node",
    all: false,
    again: false,
    oracle: false,
    update: false,
    jobs: 2,
    tests: "",
    patterns: /** @type {string[]} */ ([]),
  };
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i];
    if (arg === "--all") options.all = true;
    else if (arg === "--again") options.again = true;
    else if (arg === "--oracle") options.oracle = true;
    else if (arg.startsWith("--host=")) options.host = arg.slice("--host=".length);
    else if (arg === "--update") options.update = true;
    else if (arg === "--jobs") options.jobs = Math.max(1, Number(argv[++i]) || 1);
    else if (arg === "--tests") options.tests = argv[++i] ?? "";
    else if (arg.startsWith("-")) throw new Error(`unknown option ${arg}; the head of run.js lists them`);
    else options.patterns.push(arg);
  }
  if (!HOSTS.includes(options.host))
    throw new Error(`there is no host ${options.host}; the hosts are ${HOSTS.join(", ")}`);
  return options;
}

/** @template T @param {T[]} items @param {number} jobs @param {(item: T) => Promise<void>} work */
async function inParallel(items, jobs, work) {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
    }),
  );
}

/**
 * All modules are run as an installed Python would run them: with `test` in its library.
 * @param {{ all: boolean, oracle: boolean }} options @param {"node" | "wasmtime"} host @param {string} libFolder
 */
function interpreterFor(options, host, libFolder) {
  if (options.oracle) return oracle(libFolder);
  const { name, command } = heddle(host);
  const mounts = options.all ? [`--mount=${join(libFolder, "test")}:/usr/local/lib/python3.13/test`] : [];
  return { name, command: [...command, ...mounts] };
}

/** @param {string[]} argv */
async function main(argv) {
  const options = parseArguments(argv);
  const libFolder = options.tests || cpythonTests();
  if (!libFolder) {
    throw new Error(
      "CPython's tests were not found: pass --tests or set HEDDLE_CPYTHON_TESTS to the Lib folder of its sources",
    );
  }
  /** @type {{ modules: Record<string, ModuleOptions>, hosts: Record<string, string[]> }} */
  const { modules, hosts } = JSON.parse(readFileSync(join(here, "modules.json"), "utf8"));
  const ofModules = readList(join(here, "expectations.json"));
  const listFile = join(here, options.all ? "whole-suite.json" : "expectations.json");
  const list = options.all ? readList(listFile) : ofModules;
  const host = options.host === "wasmtime" ? "wasmtime" : "node";
  const known = options.all ? allModules(libFolder) : Object.keys(modules);
  const names = (options.all ? known : (hosts[options.host] ?? known)).filter(
    (name) => options.patterns.length === 0 || options.patterns.some((pattern) => name.includes(pattern)),
  );
  if (names.length === 0) throw new Error(`no module fits ${options.patterns.join(", ")}`);
  /** @param {string} name @returns {ModuleOptions} */
  const optionsOf = (name) => (options.all ? { ...WHOLE, ...list.modules?.[name] } : modules[name]);

  const runner =
    options.host === "chromium"
      ? await pageRunner("chromium", libFolder)
      : processRunner(interpreterFor(options, host, libFolder), libFolder, host);
  const saved = options.all ? new SavedRuns(options.oracle ? "native" : options.host) : undefined;
  const title = options.oracle ? "oracle" : `heddle, ${options.host}`;
  console.log(`# ${title}: ${names.length} modules of CPython's tests from ${libFolder}`);
  const expected = entriesFor(list.expectations, options.host);
  if (options.all) {
    for (const [key, entry] of Object.entries(entriesFor(ofModules.expectations, options.host)))
      expected[key] ??= entry;
  }
  /** @type {ModuleRun[]} */
  const runs = [];
  const used = new Set();
  const total = { pass: 0, listed: 0, surprising: 0 };
  await inParallel(names, options.jobs, async (name) => {
    const before = options.again ? undefined : saved?.read(name, optionsOf(name));
    const moduleRun = before ?? (await runModule(runner, name, optionsOf(name)));
    if (!before) saved?.write(moduleRun, optionsOf(name));
    runs.push(moduleRun);
    const { results, trouble, seconds } = moduleRun;
    const lines = options.oracle
      ? results
          .filter(({ outcome }) => !GOOD.has(outcome) && outcome !== "skip")
          .map(({ id, outcome, detail }) => `${outcome} ${id}\n${tail(detail, 30)}`)
      : surprises(moduleRun, expected, list.skips ?? {}, used);
    if (trouble) lines.push(trouble);
    const passed = results.filter(({ outcome }) => GOOD.has(outcome)).length;
    total.pass += passed;
    total.surprising += lines.length;
    total.listed += results.length - passed;
    const others = ["skip", "fail", "error"].map((outcome) => [
      outcome,
      results.filter((r) => r.outcome === outcome).length,
    ]);
    const counts = [
      `${passed} passed`,
      ...others.filter(([, count]) => count).map(([outcome, count]) => `${count} ${outcome}`),
    ];
    const when = before ? "as before" : `${seconds.toFixed(1)} s`;
    console.log(`${lines.length ? "not ok" : "ok"} ${name} # ${counts.join(", ")}, ${when}`);
    for (const line of lines) console.log(`  # ${line.replaceAll("\n", "\n  ")}`);
  }).finally(() => runner.close());

  let problems = total.surprising;
  if (options.update) {
    if (options.oracle) markNative(list, runs);
    else if (options.host !== "node") updateHost(list, options.host, runs);
    else update(list, runs);
    writeList(listFile, list);
    console.log(`# wrote ${listFile}`);
    problems = runs.filter(({ trouble }) => trouble).length;
  } else if (!options.oracle) {
    const ran = runs.filter(({ trouble }) => !trouble);
    for (const key of Object.keys(entriesFor(list.expectations, options.host))) {
      if (used.has(key) || !ran.some(({ module }) => belongs(key, module))) continue;
      if (key.includes("*") && options.patterns.length > 0) continue; // its test may be in a module left out
      console.log(`  # listed, but there is no such test: ${key}`);
      problems++;
    }
  }
  for (const line of faultsOfList(listFile, entriesFor(list.expectations, options.host), known, names)) {
    console.log(`  # ${line}`);
    if (!options.oracle) problems++;
  }
  if (options.all) console.log(`# ${modulesThatPass(runs)}`);
  console.log(`# ${total.pass} passed, ${total.listed} skipped or failed, ${problems} problems`);
  return problems ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`tests/cpython/run.js: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
