// Runs CPython's own tests through Heddle and holds each outcome against expectations.json.
// SPDX-License-Identifier: MIT
// @ts-check
//
//   node tests/cpython/run.js [--host=HOST] [--oracle] [--update] [--jobs N] [--tests LIB_FOLDER] [pattern ...]
//
//   --host     node (default); wasmtime; or chromium: in its pages. The modules that modules.json names for it
//   --oracle   run the native python3.13 instead: its failures are shown, and with --update each
//              expectation that the native run shares gets "native": true
//   --update   rewrite the outcomes in expectations.json and keep the reasons; what is new gets
//              "reason": "TODO", and the run fails for as long as there is one
//   --tests    the folder that holds CPython's `test` package (or HEDDLE_CPYTHON_TESTS)
//   pattern    a part of a module's name: threading, asyncio
//
// expectations.json maps a test's id, or a pattern with *, to { outcome, reason, native?, says? }.
// The exact id wins over patterns, and earlier patterns win over later ones. What is not listed has
// to pass. A run fails for: an outcome that is not the listed one, an unlisted skip or failure, a
// listed one that now passes, an entry without a test, a module that died or ran into its deadline.
// "hosts": { "chromium": { outcome, reason } } in an entry is what holds on that host instead; there
// the outcome may be "pass". An entry of nothing but hosts says nothing about the others.

import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cpythonTests,
  heddle,
  oracle,
  projectRoot,
  reportEvents,
  run,
  tail,
} from "../python/interpreters.js";
import { serveChildren } from "./child-processes.js";
import { openPageInterpreter, PAGE_LIB } from "./page-interpreter.js";

const here = join(projectRoot, "tests/cpython");
const expectationsFile = join(here, "expectations.json");
const DEFAULT_DEADLINE_S = 600;

const HOSTS = ["node", "wasmtime", "chromium"];

/**
 * @typedef {{ outcome: string, reason: string, native?: boolean, says?: string }} Expectation
 * @typedef {Partial<Expectation> & { hosts?: Record<string, Expectation> }} Entry
 * @typedef {{ match?: string[], pretend?: string[], stub?: string[], children?: boolean,
 *   deadlineS?: number }} ModuleOptions
 * @typedef {import("../python/interpreters.js").Outcome} Outcome
 * @typedef {{ id: string, outcome: string, detail: string, seconds: number }} Result
 * @typedef {{ module: string, results: Result[], trouble?: string, seconds: number }} ModuleRun
 */

/** Outcomes that need no entry. CPython's own expected failures are its own business. */
const GOOD = new Set(["pass", "expected_failure"]);

/** @param {string[]} argv */
function parseArguments(argv) {
  const options = {
    host: "node",
    oracle: false,
    update: false,
    jobs: 2,
    tests: "",
    patterns: /** @type {string[]} */ ([]),
  };
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i];
    if (arg === "--oracle") options.oracle = true;
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

/** @param {string} pattern @param {string} id */
function fits(pattern, id) {
  const escaped = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`).test(id);
}

/** The key of the entry that speaks about a test. @param {Record<string, Expectation>} entries @param {string} id */
function keyFor(entries, id) {
  if (Object.hasOwn(entries, id)) return id;
  return Object.keys(entries).find((key) => key.includes("*") && fits(key, id));
}

/** report.py's arguments. @param {string} libFolder @param {string} module @param {ModuleOptions} options */
function reportArguments(libFolder, module, { match = [], pretend = [], stub = [] }) {
  return [
    libFolder,
    module,
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
function processRunner(interpreter, libFolder, host) {
  return {
    async run(module, options, deadlineS) {
      const sharedFolder =
        options.children && interpreter.name === "heddle"
          ? realpathSync(mkdtempSync(join(tmpdir(), "heddle-test-")))
          : undefined;
      const args = [
        "tests/cpython/report.py",
        ...reportArguments(libFolder, module, options),
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
async function pageRunner(browser, libFolder) {
  const pages = await openPageInterpreter(browser, libFolder);
  return {
    run: (module, options, deadlineS) =>
      pages.run(module, reportArguments(PAGE_LIB, module, options), deadlineS),
    close: () => pages.close(),
  };
}

/**
 * @param {Runner} runner @param {string} module @param {ModuleOptions} options
 * @returns {Promise<ModuleRun>}
 */
async function runModule(runner, module, options) {
  const deadlineS = options.deadlineS ?? DEFAULT_DEADLINE_S;
  const outcome = await runner.run(module, options, deadlineS);
  const events = reportEvents(outcome.stdout);
  const results = events.filter(({ event }) => event === "result");
  /** @type {ModuleRun} */
  const moduleRun = { module, results, seconds: outcome.seconds };
  if (!events.some(({ event }) => event === "done")) {
    const ended = new Set(results.map(({ id }) => id));
    const running = events.filter(({ event, id }) => event === "start" && !ended.has(id)).map(({ id }) => id);
    const what = outcome.timedOut ? `no end within ${deadlineS} s` : `died with exit code ${outcome.code}`;
    const output = outcome.stdout
      .split("\n")
      .filter((line) => line && !line.startsWith("@heddle-test "))
      .join("\n");
    moduleRun.trouble =
      `${what}, ${results.length} tests done, running: ${running.join(", ") || "none"}\n` +
      `  stderr:\n${tail(outcome.stderr)}\n  stdout:\n${tail(output)}`;
  }
  return moduleRun;
}

/**
 * What in a module's run is not as listed, as lines.
 * @param {ModuleRun} moduleRun @param {Record<string, Expectation>} entries @param {Set<string>} used
 */
function surprises({ results }, entries, used) {
  const lines = [];
  for (const { id, outcome, detail } of results) {
    const key = keyFor(entries, id);
    if (key) used.add(key);
    const listed = key ? entries[key] : undefined;
    if (GOOD.has(outcome)) {
      if (listed && listed.outcome !== "pass")
        lines.push(`unexpected success: ${id} is listed as ${listed.outcome} (by "${key}"); update the list`);
    } else if (!listed) {
      lines.push(`not listed: ${outcome} ${id}\n${tail(detail, 30)}`);
    } else if (listed.outcome !== outcome) {
      lines.push(`listed as ${listed.outcome}, but: ${outcome} ${id}\n${tail(detail, 30)}`);
    }
  }
  return lines;
}

/**
 * The entries that speak about a host, as they hold there.
 * @param {Record<string, Entry>} entries @param {string} host
 * @returns {Record<string, Expectation>}
 */
function entriesFor(entries, host) {
  /** @type {Record<string, Expectation>} */
  const resolved = {};
  for (const [key, { hosts, ...entry }] of Object.entries(entries)) {
    const { outcome, reason = "", ...more } = { ...entry, ...hosts?.[host] };
    if (outcome) resolved[key] = { outcome, reason, ...more };
  }
  return resolved;
}

/**
 * @param {Record<string, Expectation>} entries as they hold on the host
 * @param {Record<string, ModuleOptions>} modules
 * @param {string[]} chosen names of the modules that this run is about
 */
function faultsOfList(entries, modules, chosen) {
  const lines = [];
  for (const [key, { outcome, reason }] of Object.entries(entries)) {
    const owner = Object.keys(modules).find((module) => belongs(key, module));
    if (owner && !chosen.includes(owner)) continue;
    if (!["skip", "fail", "error", "pass"].includes(outcome))
      lines.push(`"${key}": outcome ${JSON.stringify(outcome)} is none of skip, fail, error, pass`);
    if (!reason || reason === "TODO") lines.push(`"${key}": has no reason yet`);
    if (!owner) lines.push(`"${key}": belongs to no module of modules.json`);
  }
  return lines;
}

/** @param {string} key @param {string} module */
function belongs(key, module) {
  return (
    key === module ||
    key.startsWith(`${module}.`) ||
    (key.includes("*") && fits(key.slice(0, key.indexOf("*") + 1), `${module}.`))
  );
}

/**
 * The list that describes these runs: reasons and what holds on other hosts are kept, new entries say TODO.
 * @param {Record<string, Entry>} list @param {ModuleRun[]} runs
 */
function updated(list, runs) {
  const entries = entriesFor(list, "node");
  const ran = runs.filter(({ trouble }) => !trouble);
  const all = ran.flatMap(({ results }) => results);
  /** @type {Record<string, Expectation>} */
  const kept = {};
  /** Patterns that no longer hold for all their tests; their reason goes to the single tests. */
  for (const [key, entry] of Object.entries(entries)) {
    const ofOtherModules = !ran.some(({ module }) => belongs(key, module));
    const mine = all.filter(({ id }) => keyFor(entries, id) === key);
    if (ofOtherModules || (mine.length > 0 && mine.every(({ outcome }) => outcome === entry.outcome)))
      kept[key] = entry;
  }
  for (const { id, outcome, detail } of all) {
    if (GOOD.has(outcome) || keyFor(kept, id)) continue;
    const former = entries[keyFor(entries, id) ?? ""];
    const says = (outcome === "skip" ? detail : detail.trim().split("\n").at(-1)) ?? "";
    kept[id] = former?.outcome === outcome ? former : { outcome, reason: "TODO", says };
  }
  /** @type {Record<string, Entry>} */
  const described = { ...kept };
  for (const [key, { hosts }] of Object.entries(list)) if (hosts) described[key] = { ...kept[key], hosts };
  return described;
}

/**
 * Writes down what a host gives where its entries say something else; new reasons say TODO.
 * @param {Record<string, Entry>} entries @param {string} host @param {ModuleRun[]} runs
 */
function updateHost(entries, host, runs) {
  const resolved = entriesFor(entries, host);
  for (const { id, outcome, detail } of runs.flatMap(({ results }) => results)) {
    const seen = GOOD.has(outcome) ? "pass" : outcome;
    if ((resolved[keyFor(resolved, id) ?? ""]?.outcome ?? "pass") === seen) continue;
    const says = (outcome === "skip" ? detail : detail.trim().split("\n").at(-1)) ?? "";
    const entry = (entries[id] ??= {});
    entry.hosts = { ...entry.hosts, [host]: { outcome: seen, reason: "TODO", ...(says && { says }) } };
  }
}

/** @param {Record<string, Entry>} list @param {ModuleRun[]} runs */
function markNative(list, runs) {
  const entries = entriesFor(list, "node");
  const all = runs.flatMap(({ results }) => results);
  for (const key of Object.keys(entries)) {
    const entry = list[key];
    if (!runs.some(({ module }) => belongs(key, module))) continue;
    const mine = all.filter(({ id }) => keyFor(entries, id) === key);
    delete entry.native;
    if (mine.length > 0 && mine.every(({ outcome }) => outcome === entry.outcome)) entry.native = true;
  }
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
  /** @type {{ about: string, expectations: Record<string, Entry> }} */
  const list = JSON.parse(readFileSync(expectationsFile, "utf8"));
  const host = options.host === "wasmtime" ? "wasmtime" : "node";
  const names = (hosts[options.host] ?? Object.keys(modules)).filter(
    (name) => options.patterns.length === 0 || options.patterns.some((pattern) => name.includes(pattern)),
  );
  if (names.length === 0) throw new Error(`no module fits ${options.patterns.join(", ")}`);

  const runner =
    options.host === "chromium"
      ? await pageRunner("chromium", libFolder)
      : processRunner(options.oracle ? oracle(libFolder) : heddle(host), libFolder, host);
  const title = options.oracle ? "oracle" : `heddle, ${options.host}`;
  console.log(`# ${title}: ${names.length} modules of CPython's tests from ${libFolder}`);
  const expected = entriesFor(list.expectations, options.host);
  /** @type {ModuleRun[]} */
  const runs = [];
  const used = new Set();
  const total = { pass: 0, listed: 0, surprising: 0 };
  await inParallel(names, options.jobs, async (name) => {
    const moduleRun = await runModule(runner, name, modules[name]);
    runs.push(moduleRun);
    const { results, trouble, seconds } = moduleRun;
    const lines = options.oracle
      ? results
          .filter(({ outcome }) => !GOOD.has(outcome) && outcome !== "skip")
          .map(({ id, outcome, detail }) => `${outcome} ${id}\n${tail(detail, 30)}`)
      : surprises(moduleRun, expected, used);
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
    console.log(`${lines.length ? "not ok" : "ok"} ${name} # ${counts.join(", ")}, ${seconds.toFixed(1)} s`);
    for (const line of lines) console.log(`  # ${line.replaceAll("\n", "\n  ")}`);
  }).finally(() => runner.close());

  let problems = total.surprising;
  if (options.update) {
    if (options.oracle) markNative(list.expectations, runs);
    else if (options.host !== "node") updateHost(list.expectations, options.host, runs);
    else list.expectations = updated(list.expectations, runs);
    const sorted = Object.entries(list.expectations).sort(([a], [b]) => (a < b ? -1 : 1));
    list.expectations = Object.fromEntries(sorted);
    writeFileSync(expectationsFile, `${JSON.stringify(list, null, 2)}\n`);
    console.log(`# wrote ${expectationsFile}`);
    problems = runs.filter(({ trouble }) => trouble).length;
  } else if (!options.oracle) {
    const ran = runs.filter(({ trouble }) => !trouble);
    for (const key of Object.keys(expected)) {
      if (used.has(key) || !ran.some(({ module }) => belongs(key, module))) continue;
      if (key.includes("*") && options.patterns.length > 0) continue; // its test may be in a module left out
      console.log(`  # listed, but there is no such test: ${key}`);
      problems++;
    }
  }
  for (const line of faultsOfList(entriesFor(list.expectations, options.host), modules, names)) {
    console.log(`  # expectations.json: ${line}`);
    if (!options.oracle) problems++;
  }
  console.log(`# ${total.pass} passed, ${total.listed} skipped or failed, ${problems} problems`);
  return problems ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`tests/cpython/run.js: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
