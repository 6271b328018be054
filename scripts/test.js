// npm test: sets up, builds and runs every test, the quick ones first.
// SPDX-License-Identifier: MIT
//
// usage: node scripts/test.js [SUITE...]      (default: all, in the order of SUITES)
// The first suite that fails ends the run; `--keep-going` runs the rest all the same.

import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { installBrowsers } from "../tests/browser/install.js";
import { PROJECT, runInside } from "../wasm/toolchain/sandbox.js";
import { build, buildWasmtimeHost } from "./build.js";
import { fuzz } from "./fuzz.js";
import { check, installDevelopmentTools } from "./check.js";
import { cpythonTests } from "./cpython.js";
import { main, run, step, StepFailed, stepTimes } from "./steps.js";

/** @param {string} preset */
const native = (preset) => async () => {
  const { toolchain } = await build(preset);
  await step(`Core, ${preset}`, () => runInside(toolchain, ["ctest", "--preset", preset]));
};
const node = (/** @type {string[]} */ ...args) => run("node", args);

/** @param {string} folder */
const testFiles = (folder) =>
  readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.js"))
    .sort()
    .map((name) => `${folder}/${name}`);
/**
 * One file at a time: each starts interpreters, and there may be only two cores.
 * @param {string[]} files
 * @param {NodeJS.ProcessEnv} [env]
 */
const nodeTests = (files, env) =>
  run("node", ["--test", "--test-concurrency=1", "--test-timeout=300000", ...files], {
    env: { ...process.env, ...env },
  });

/** The files of tests/js/cli that run programs, so that they hold for each host of the command. */
const COMMAND_LINE = ["command-line", "streams", "signals", "crashes", "files", "terminal"];

/**
 * The quick ones first, so that a mistake shows soon.
 * @type {Record<string, () => Promise<void>>}
 */
const SUITES = {
  check: () => check(),
  core: native("native"),
  libc: async () => {
    const { toolchain } = await build("wasm-release");
    await step("libc on the core", () => runInside(toolchain, ["ctest", "--preset", "wasm-release"]));
  },
  wasi: () => build("wasi").then(() => {}),
  "core-asan": native("native-asan"),
  "core-tsan": native("native-tsan"),
  files: async () => {
    const { toolchain, deps } = await build("wasm-release");
    const out = "build/files-test";
    await step("Building the console and file tests", () =>
      runInside(toolchain, ["sh", "tests/files/build.sh", out, deps]),
    );
    await step("Console and files", () => node("tests/files/run.mjs", `${out}/files_test.mjs`));
  },
  package: async () => {
    await installBrowsers();
    const folder = "build/package";
    mkdirSync(join(PROJECT, folder), { recursive: true });
    await step("Packing", () => run("npm", ["pack", "--pack-destination", folder]));
    const paths = ["install", "examples"].map((name) => `tests/package/${name}.test.js`);
    await step("The package, installed", () => nodeTests(paths));
  },
  js: async () => {
    await build("wasm-release");
    await step("JavaScript", () => nodeTests(testFiles("tests/js")));
  },
  python: async () => {
    await build("wasm-release");
    await step("Python, under Heddle", () => node("tests/python/run.js"));
    await step("Python, under native python3.13", () => node("tests/python/run.js", "--oracle"));
  },
  wasmtime: async () => {
    await build("wasm-release");
    await build("wasi");
    await buildWasmtimeHost();
    await step("The wasmtime host", () => nodeTests(testFiles("tests/wasmtime")));
    await step("The command line, under wasmtime", () =>
      nodeTests(
        COMMAND_LINE.map((name) => `tests/js/cli/${name}.test.js`),
        { HEDDLE_TEST_HOST: "wasmtime" },
      ),
    );
    await step("Python, under wasmtime", () => node("tests/python/run.js", "--host=wasmtime"));
    await step("CPython's own tests of threads, under wasmtime", () => cpythonTests("--host=wasmtime"));
  },
  slots: async () => {
    await build("wasm-release", ["python_for_tests"]);
    await step("Functions that CPython calls by pointer", () => node("tests/slots/check.js"));
  },
  fuzz: () => fuzz(100_000, 8),
  "cpython-page": async () => {
    await installBrowsers();
    await build("wasm-release");
    await step("CPython's own tests of threads, in a page", () => cpythonTests("--host=chromium"));
  },
  cpython: async () => {
    await build("wasm-release");
    await step("CPython's own tests", () => cpythonTests());
  },
  browser: async () => {
    await installBrowsers();
    await installDevelopmentTools();
    await build("wasm-release");
    await step("In browsers", () => nodeTests(testFiles("tests/browser")));
  },
};

await main(import.meta.url, async (args) => {
  const chosen = args.filter((arg) => !arg.startsWith("--"));
  const unknown = chosen.find((name) => !(name in SUITES));
  if (unknown)
    throw new StepFailed(`there is no suite '${unknown}'; the suites are ${Object.keys(SUITES).join(", ")}`);
  const started = Date.now();
  /** @type {string[]} */
  const failures = [];
  let passed = 0;
  for (const name of chosen.length ? chosen : Object.keys(SUITES)) {
    try {
      await SUITES[name]();
      passed += 1;
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      failures.push(error.message);
      if (!args.includes("--keep-going")) break;
    }
  }
  const slowestFirst = stepTimes.toSorted((a, b) => b.seconds - a.seconds);
  for (const { title, seconds } of slowestFirst) console.log(`${seconds.toFixed(1).padStart(7)} s  ${title}`);
  for (const failure of failures) console.log(`failed: ${failure}`);
  console.log(`all suites in ${((Date.now() - started) / 60_000).toFixed(1)} min`);
  console.log(`suites: ${passed} passed, ${failures.length} failed`);
  if (failures.length) process.exitCode = 1;
});
